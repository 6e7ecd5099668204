//! The sentences of composed answers, in English and German.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::gather::{Range, Seen};
use crate::{insights::say::Voice, text::clean};

/// Moments about a subject beyond which nobody counts.
pub(super) const MOST_COUNTED: usize = 500;
/// Characters of an outcome inside a sentence.
const MOST_OUTCOME: usize = 240;

/// Feelings in German, as the journal names them in English.
const FEELINGS: &[(&str, &str)] = &[
    ("joyful", "froh"),
    ("content", "zufrieden"),
    ("grateful", "dankbar"),
    ("proud", "stolz"),
    ("loving", "liebevoll"),
    ("excited", "aufgeregt"),
    ("hopeful", "hoffnungsvoll"),
    ("calm", "ruhig"),
    ("focused", "konzentriert"),
    ("energetic", "voller Kraft"),
    ("curious", "neugierig"),
    ("amused", "belustigt"),
    ("relieved", "erleichtert"),
    ("surprised", "überrascht"),
    ("tired", "müde"),
    ("bored", "gelangweilt"),
    ("sad", "traurig"),
    ("lonely", "einsam"),
    ("anxious", "ängstlich"),
    ("worried", "besorgt"),
    ("frustrated", "frustriert"),
    ("angry", "wütend"),
    ("guilty", "schuldig"),
    ("ashamed", "beschämt"),
    ("disgusted", "angewidert"),
    ("confused", "verwirrt"),
    ("hurt", "verletzt"),
    ("overwhelmed", "überfordert"),
    ("determined", "entschlossen"),
    ("nostalgic", "nostalgisch"),
];

/// Speaks one of the two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Speaker {
    pub(super) is_german: bool,
}

impl Speaker {
    pub(super) fn voice(self) -> Voice {
        if self.is_german { Voice::German } else { Voice::English }
    }

    pub(super) fn code(self) -> &'static str {
        if self.is_german { "de" } else { "en" }
    }

    fn pick<'t>(self, english: &'t str, german: &'t str) -> &'t str {
        if self.is_german { german } else { english }
    }

    pub(super) fn quote(self, words: &str) -> String {
        self.voice().quote(words)
    }

    pub(super) fn list(self, parts: &[String]) -> String {
        self.voice().list(parts)
    }

    pub(super) fn feeling(self, label: &str) -> String {
        let german = FEELINGS.iter().find(|(known, _)| *known == label).map(|(_, german)| *german);
        german.filter(|_| self.is_german).unwrap_or(label).to_owned()
    }

    /// "work session".
    pub(super) fn kind(self, moment_type: &str) -> String {
        self.voice().moment_type(moment_type).replace('_', " ")
    }

    /// "1 moment", "3 Momente".
    pub(super) fn moments(self, n: usize) -> String {
        match (self.is_german, n) {
            (false, 1) => "1 moment".into(),
            (false, n) => format!("{n} moments"),
            (true, 1) => "1 Moment".into(),
            (true, n) => format!("{n} Momente"),
        }
    }

    /// "Tuesday, 13 October 2026".
    pub(super) fn day(self, day: NaiveDate) -> String {
        format!("{} {}", self.voice().day(day), day.year())
    }

    /// "on Tuesday, 13 October 2026, 12:00 to 18:00".
    pub(super) fn range(self, range: &Range) -> String {
        let days = match range.from {
            Some(from) if from == range.until => {
                format!("{} {}", self.pick("on", "am"), self.day(from))
            }
            Some(from) => format!(
                "{} {} {} {}",
                self.pick("from", "vom"),
                self.short(from),
                self.pick("to", "bis"),
                self.short(range.until)
            ),
            None => format!("{} {}", self.pick("until", "bis zum"), self.short(range.until)),
        };
        match range.hours {
            Some(hours) => {
                let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
                let end = if hours.until == 24 * 60 { "24:00".into() } else { clock(hours.until) };
                format!("{days}, {} {} {end}", clock(hours.from), self.pick("to", "bis"))
            }
            None => days,
        }
    }

    /// "13 October 2026".
    fn short(self, day: NaiveDate) -> String {
        let whole = self.day(day);
        whole.split_once(", ").map_or(whole.clone(), |(_, rest)| rest.to_owned())
    }

    /// "Tuesday, 13 October 2026, 08:40–12:50", as precisely as it is known.
    pub(super) fn when(self, moment: &Seen) -> String {
        let day = moment.day.parse::<NaiveDate>().ok();
        let day = day.map_or_else(|| moment.day.clone(), |day| self.day(day));
        let clock = |time: NaiveDateTime| time.format("%H:%M").to_string();
        match moment.local().filter(|_| moment.is_timed()) {
            Some((from, until)) if until > from && from.date() == until.date() => {
                format!("{day}, {}–{}", clock(from), clock(until))
            }
            Some((from, _)) => format!("{day}, {}", clock(from)),
            None => day,
        }
    }

    /// "4 h 20 min".
    pub(super) fn length(self, minutes: u32) -> String {
        match (minutes / 60, minutes % 60) {
            (0, minutes) => format!("{minutes} min"),
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        }
    }

    /// A mean valence in words, in the steps in which the journal colours it.
    pub(super) fn valence(self, valence: f32) -> &'static str {
        let words = match valence {
            v if v <= -0.5 => ("very unpleasant", "sehr unangenehm"),
            v if v <= -0.15 => ("rather unpleasant", "eher unangenehm"),
            v if v < 0.15 => ("neither pleasant nor unpleasant", "weder angenehm noch unangenehm"),
            v if v < 0.5 => ("rather pleasant", "eher angenehm"),
            _ => ("very pleasant", "sehr angenehm"),
        };
        self.pick(words.0, words.1)
    }

    pub(super) fn not_found(self) -> String {
        self.pick("That is not in your journal.", "Das steht nicht in deinem Journal.").into()
    }

    pub(super) fn nothing_in(self, range: &Range) -> String {
        let range = self.range(range);
        match self.is_german {
            false => format!("Your journal has no moment {range}."),
            true => format!("Dein Journal hat keinen Moment {range}."),
        }
    }

    pub(super) fn nothing_about(self, subject: &str, range: Option<&Range>) -> String {
        let subject = self.quote(subject);
        let range = range.map_or_else(String::new, |range| format!(" {}", self.range(range)));
        match self.is_german {
            false => format!("Your journal has no moment about {subject}{range}."),
            true => format!("Dein Journal hat keinen Moment über {subject}{range}."),
        }
    }

    /// "There are 3 moments on …", with how many of them are shown.
    pub(super) fn there_are(
        self,
        n: usize,
        n_shown: usize,
        is_latest: bool,
        subject: &str,
        range: Option<&Range>,
    ) -> String {
        let about = if subject.is_empty() {
            String::new()
        } else {
            format!(" {} {}", self.pick("about", "über"), self.quote(subject))
        };
        let range = range.map_or_else(String::new, |range| format!(" {}", self.range(range)));
        let which = match is_latest {
            true => self.pick("latest", "neuesten"),
            false => self.pick("weightiest", "wichtigsten"),
        };
        let shown = match (self.is_german, n_shown < n) {
            (_, false) => String::new(),
            (false, true) => format!("; the {which} {n_shown} are shown"),
            (true, true) => format!("; die {which} {n_shown} sind zu sehen"),
        };
        let moments = match is_latest && n >= MOST_COUNTED {
            true => format!("{} {}", self.pick("at least", "mindestens"), self.moments(n)),
            false => self.moments(n),
        };
        match (self.is_german, n) {
            (false, 1) => format!("There is {moments}{about}{range}."),
            (false, _) => format!("There are {moments}{about}{range}{shown}."),
            (true, _) => format!("Es gibt {moments}{about}{range}{shown}."),
        }
    }

    pub(super) fn learnt(self, n: usize, range: &Range) -> String {
        let (moments, range) = (self.moments(n), self.range(range));
        match (self.is_german, n) {
            (false, 0) => format!("No moment {range} says that you learnt something."),
            (false, 1) => format!("{moments} {range} tells of something learnt."),
            (false, _) => format!("{moments} {range} tell of something learnt."),
            (true, 0) => format!("Kein Moment {range} sagt, dass du etwas gelernt hast."),
            (true, 1) => format!("{moments} {range} erzählt von etwas Gelerntem."),
            (true, _) => format!("{moments} {range} erzählen von etwas Gelerntem."),
        }
    }

    pub(super) fn last(self, subject: &str, moment: &Seen) -> String {
        let (subject, when) = (self.quote(subject), self.when(moment));
        let title = self.quote(&moment.title);
        match self.is_german {
            false => format!("The last moment about {subject} was on {when}: {title}."),
            true => format!("Der letzte Moment über {subject} war am {when}: {title}."),
        }
    }

    pub(super) fn ended(self, outcome: &str) -> String {
        let outcome = clean::cut(outcome.trim(), MOST_OUTCOME);
        let outcome = outcome.trim_end_matches(['.', '。']);
        match self.is_german {
            false => format!("How it ended: {outcome}."),
            true => format!("Wie es ausging: {outcome}."),
        }
    }

    pub(super) fn ended_before(self, moment: &Seen, outcome: &str) -> String {
        let when = self.when(moment);
        let outcome = clean::cut(outcome.trim(), MOST_OUTCOME);
        let outcome = outcome.trim_end_matches(['.', '。']);
        match self.is_german {
            false => format!(
                "It does not say how it ended; the last that is known is from {when}: {outcome}."
            ),
            true => format!(
                "Wie es ausging, sagt er nicht; das Letzte, was bekannt ist, ist vom {when}: {outcome}."
            ),
        }
    }

    pub(super) fn no_ending(self) -> String {
        self.pick(
            "None of its moments says how it ended.",
            "Keiner seiner Momente sagt, wie es ausging.",
        )
        .into()
    }

    /// "Of 9 moments about “rent”, 4 say what was felt: worried (2) and angry (1)."
    pub(super) fn felt(
        self,
        n: usize,
        n_felt: usize,
        subject: &str,
        range: Option<&Range>,
        feelings: &[(String, u32)],
    ) -> String {
        let named: Vec<String> =
            feelings.iter().map(|(label, n)| format!("{} ({n})", self.feeling(label))).collect();
        let named = self.list(&named);
        let about = if subject.is_empty() {
            String::new()
        } else {
            format!(" {} {}", self.pick("about", "über"), self.quote(subject))
        };
        let range = range.map_or_else(String::new, |range| format!(" {}", self.range(range)));
        match (self.is_german, n_felt) {
            (false, 0) => format!("None of the {n} moments{about}{range} says what was felt."),
            (true, 0) => format!("Keiner der {n} Momente{about}{range} sagt, was gefühlt wurde."),
            (false, 1) => format!("Of {n} moments{about}{range}, 1 says what was felt: {named}."),
            (true, 1) => {
                format!("Von {n} Momenten{about}{range} sagt 1, was gefühlt wurde: {named}.")
            }
            (false, _) => {
                format!("Of {n} moments{about}{range}, {n_felt} say what was felt: {named}.")
            }
            (true, _) => {
                format!(
                    "Von {n} Momenten{about}{range} sagen {n_felt}, was gefühlt wurde: {named}."
                )
            }
        }
    }

    pub(super) fn on_the_whole(self, valence: f32) -> String {
        let how = self.valence(valence);
        match self.is_german {
            false => format!("On the whole it was {how}."),
            true => format!("Im Ganzen war es {how}."),
        }
    }

    /// That so few cases say nothing in general.
    pub(super) fn too_few(self, n: usize) -> String {
        let moments = self.moments(n);
        match (self.is_german, n) {
            (false, 0) => "That is too little to tell anything from.".into(),
            (false, 1) => format!("{moments} is too little to tell anything in general from."),
            (false, _) => format!("{moments} are too little to tell anything in general from."),
            (true, 0) => "Daraus lässt sich nichts ablesen.".into(),
            (true, 1) => format!("{moments} ist zu wenig, um etwas Allgemeines daraus abzulesen."),
            (true, _) => format!("{moments} sind zu wenig, um etwas Allgemeines daraus abzulesen."),
        }
    }

    /// "Most often in the mornings: 6 of 9 work moments came to something."
    pub(super) fn productive(
        self,
        is_least: bool,
        what: &str,
        n: u32,
        n_of: u32,
        minutes: u32,
    ) -> String {
        let length =
            if minutes > 0 { format!(", {}", self.length(minutes)) } else { String::new() };
        match (self.is_german, is_least) {
            (false, false) => {
                format!(
                    "Most productive: {what}, with {n} of {n_of} working moments productive{length}."
                )
            }
            (false, true) => {
                format!(
                    "Least productive: {what}, with {n} of {n_of} working moments productive{length}."
                )
            }
            (true, false) => format!(
                "Am produktivsten: {what}, mit {n} von {n_of} Arbeitsmomenten, die produktiv waren{length}."
            ),
            (true, true) => format!(
                "Am wenigsten produktiv: {what}, mit {n} von {n_of} Arbeitsmomenten, die produktiv waren{length}."
            ),
        }
    }

    pub(super) fn productive_basis(self, range: &Range) -> String {
        let range = self.range(range);
        match self.is_german {
            false => format!(
                "Counted are moments of work {range}: work sessions, debugging, planning, learning, \
                 writing, creative work, meetings and collaboration. One is productive if something \
                 came of it and the mood was not low, or if you felt focused, determined, energetic or \
                 proud, or tagged it so. Lengths are known for some only."
            ),
            true => format!(
                "Gezählt sind Momente der Arbeit {range}: Arbeit, Fehlersuche, Planen, Lernen, \
                 Schreiben, Schaffen, Treffen und Zusammenarbeit. Produktiv ist einer, wenn etwas dabei \
                 herauskam und die Stimmung nicht schlecht war, oder wenn du konzentriert, entschlossen, \
                 voller Kraft oder stolz warst oder ihn so getaggt hast. Nur von manchen ist bekannt, wie \
                 lange sie dauerten."
            ),
        }
    }

    /// "Most often frustrated: #harmonium, 4 of 9 moments in which something was felt."
    pub(super) fn mood(self, is_least: bool, label: &str, what: &str, n: u32, n_of: u32) -> String {
        let label = self.feeling(label);
        match (self.is_german, is_least) {
            (false, false) => format!("Most often {label}: {what}, in {n} of {n_of} moments."),
            (false, true) => format!("Least often {label}: {what}, in {n} of {n_of} moments."),
            (true, false) => format!("Am häufigsten {label}: {what}, in {n} von {n_of} Momenten."),
            (true, true) => format!("Am seltensten {label}: {what}, in {n} von {n_of} Momenten."),
        }
    }

    pub(super) fn mood_basis(self, label: &str, n: u32, n_felt: u32, range: &Range) -> String {
        let (label, range) = (self.feeling(label), self.range(range));
        match self.is_german {
            false => format!(
                "Counted are the {n_felt} moments {range} in which something was felt; in {n} of them \
                 you felt {label}."
            ),
            true => format!(
                "Gezählt sind die {n_felt} Momente {range}, in denen etwas gefühlt wurde; in {n} davon \
                 warst du {label}."
            ),
        }
    }

    pub(super) fn never_felt(self, label: &str, range: &Range) -> String {
        let (label, range) = (self.feeling(label), self.range(range));
        match self.is_german {
            false => format!("No moment {range} says that you felt {label}."),
            true => format!("Kein Moment {range} sagt, dass du {label} warst."),
        }
    }

    pub(super) fn goes_with(self, subject: &str, others: &[String]) -> String {
        let (subject, others) = (self.quote(subject), self.list(others));
        match self.is_german {
            false => format!("{subject} goes with {others}."),
            true => format!("{subject} gehört zusammen mit {others}."),
        }
    }

    pub(super) fn people(self, people: &[String]) -> String {
        let people = self.list(people);
        match self.is_german {
            false => format!("Together with {people}."),
            true => format!("Gemeinsam mit {people}."),
        }
    }

    pub(super) fn found(self, n: usize) -> String {
        match (self.is_german, n) {
            (false, 1) => "This was found.".into(),
            (false, n) => format!("{n} things were found, the best first."),
            (true, 1) => "Das wurde gefunden.".into(),
            (true, n) => format!("{n} Dinge wurden gefunden, das Beste zuerst."),
        }
    }

    pub(super) fn nearest(self) -> String {
        self.pick(
            "No moment has all of these words; these have some of them.",
            "Kein Moment hat alle diese Wörter; diese haben einige davon.",
        )
        .into()
    }

    pub(super) fn not_told(self) -> String {
        self.pick("No dream has told this yet.", "Das hat noch kein Traum erzählt.").into()
    }

    pub(super) fn hours(self, hours: &[String]) -> String {
        let hours = self.list(hours);
        match self.is_german {
            false => format!("It went into {hours}."),
            true => format!("Die Zeit ging in {hours}."),
        }
    }

    /// Titles of tables.
    pub(super) fn title(self, which: Title) -> String {
        let (english, german) = match which {
            Title::Longest => {
                ("Productive moments, the longest first", "Produktive Momente, die längsten zuerst")
            }
            Title::Parts => ("By part of the day", "Nach Tageszeit"),
            Title::Weekdays => ("By weekday", "Nach Wochentag"),
            Title::Activities => {
                ("By part of the day and activity", "Nach Tageszeit und Tätigkeit")
            }
            Title::Tags => ("By topic", "Nach Thema"),
            Title::Kinds => ("By activity", "Nach Tätigkeit"),
            Title::Hours => ("Hours", "Stunden"),
            Title::Outcomes => ("Outcomes", "Ergebnisse"),
            Title::Related => ("Goes with", "Gehört zusammen mit"),
        };
        self.pick(english, german).into()
    }
}

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    Longest,
    Parts,
    Weekdays,
    Activities,
    Tags,
    Kinds,
    Hours,
    Outcomes,
    Related,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::feelings::FEELINGS as ALL;

    #[test]
    fn every_feeling_has_a_german_word() {
        let german = Speaker { is_german: true };
        for feeling in ALL {
            assert_ne!(german.feeling(feeling.label), feeling.label);
        }
    }

    #[test]
    fn days_and_hours_are_said_in_both_languages() {
        let day: NaiveDate = "2026-10-13".parse().expect("a day");
        let hours = Some(crate::text::when::Hours { from: 720, until: 1080 });
        let range = Range { from: Some(day), until: day, hours };
        let say = |is_german| Speaker { is_german }.range(&range);
        assert_eq!(say(false), "on Tuesday, 13 October 2026, 12:00 to 18:00");
        assert_eq!(say(true), "am Dienstag, 13. Oktober 2026, 12:00 bis 18:00");
        let stretch = Range { until: day.succ_opt().expect("a day"), hours: None, ..range };
        assert_eq!(
            Speaker { is_german: false }.range(&stretch),
            "from 13 October 2026 to 14 October 2026"
        );
    }
}
