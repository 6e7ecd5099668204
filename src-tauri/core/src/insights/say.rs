//! Sentences of the built-in analyser about insights: in English and German; in other languages signs and
//! the person's own words, because a sentence in a language that nobody here speaks would be wrong.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};

use super::{lived::Lived, patterns::Feature};
use crate::{
    api::insights::{SampleSizes, SentimentLabel},
    text::{clean, language::Language},
};

/// Characters of a title or an outcome inside a sentence.
const MOST: usize = 90;

/// The language in which to speak of these moments: that of most of them.
pub(crate) fn language<'a>(moments: impl IntoIterator<Item = &'a Lived>) -> String {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for moment in moments {
        *counted.entry(&moment.language).or_default() += u32::from(!moment.language.is_empty());
    }
    let most = counted.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
    most.map_or_else(String::new, |(code, _)| (*code).to_owned())
}

/// Which sentences fit a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    English,
    German,
    Signs,
}

impl Voice {
    pub(crate) fn of(code: &str) -> Self {
        match Language::from_code(code) {
            Some(Language::English) | None => Self::English,
            Some(Language::German) => Self::German,
            Some(_) => Self::Signs,
        }
    }

    /// In quotation marks.
    pub(crate) fn quote(self, words: &str) -> String {
        let words = clean::cut(words.trim(), MOST);
        let words = words.trim_end_matches(['.', '。']);
        match self {
            Self::German => format!("„{words}“"),
            Self::English | Self::Signs => format!("“{words}”"),
        }
    }

    /// "a, b and c".
    pub(crate) fn list(self, parts: &[String]) -> String {
        let and = match self {
            Self::English => " and ",
            Self::German => " und ",
            Self::Signs => ", ",
        };
        match parts {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{}{and}{last}", first.join(", ")),
        }
    }

    pub(crate) fn pattern(self, feature: &Feature, is_good: bool, n: &SampleSizes) -> String {
        let what = self.feature(feature);
        let (k, n, k0, n0) = (n.n_with_mood, n.n_with, n.n_without_mood, n.n_without);
        match (self, is_good) {
            (Self::English, true) => format!(
                "{what} and a good mood go together: {k} of {n} moments, otherwise {k0} of {n0}."
            ),
            (Self::English, false) => format!(
                "{what} and a low mood go together: {k} of {n} moments, otherwise {k0} of {n0}."
            ),
            (Self::German, true) => format!(
                "{what} und gute Stimmung gehören zusammen: {k} von {n} Momenten, sonst {k0} von {n0}."
            ),
            (Self::German, false) => format!(
                "{what} und gedrückte Stimmung gehören zusammen: {k} von {n} Momenten, sonst {k0} von {n0}."
            ),
            (Self::Signs, is_good) => {
                let arrow = if is_good { '↗' } else { '↘' };
                format!("{what} {arrow} {k}/{n} ({k0}/{n0})")
            }
        }
    }

    fn feature(self, feature: &Feature) -> String {
        match feature {
            Feature::Tag(tag) => self.quote(tag),
            Feature::Person(name) => name.clone(),
            Feature::Type(kind) => self.quote(self.moment_type(kind)),
            Feature::Hour(hour) => self.hour(*hour).to_owned(),
            Feature::Weekday(day) => self.weekday(*day).to_owned(),
        }
    }

    /// A type of moment as people say it.
    pub(crate) fn moment_type(self, kind: &str) -> &str {
        if self != Self::German {
            return kind;
        }
        let words = [
            ("conversation", "Gespräch"),
            ("assistant", "Assistent"),
            ("meeting", "Treffen"),
            ("work", "Arbeit"),
            ("creative", "Schaffen"),
            ("travel", "Unterwegs"),
            ("meal", "Essen"),
            ("exercise", "Bewegung"),
            ("reading", "Lesen"),
            ("rest", "Ruhe"),
            ("health", "Gesundheit"),
            ("errand", "Besorgung"),
            ("family", "Familie"),
            ("celebration", "Fest"),
            ("idea", "Idee"),
            ("note", "Notiz"),
        ];
        words.iter().find(|(word, _)| *word == kind).map_or(kind, |(_, german)| german)
    }

    /// A quarter of the day, from midnight on.
    pub(crate) fn hour(self, band: u8) -> &'static str {
        let words = match self {
            Self::English => ["Night hours", "Mornings", "Afternoons", "Evenings"],
            Self::German => ["Nachtstunden", "Vormittage", "Nachmittage", "Abende"],
            Self::Signs => ["00–06", "06–12", "12–18", "18–24"],
        };
        words[usize::from(band.min(3))]
    }

    pub(crate) fn weekday(self, day: Weekday) -> &'static str {
        let words = match self {
            Self::English => [
                "Mondays",
                "Tuesdays",
                "Wednesdays",
                "Thursdays",
                "Fridays",
                "Saturdays",
                "Sundays",
            ],
            Self::German => [
                "Montage",
                "Dienstage",
                "Mittwoche",
                "Donnerstage",
                "Freitage",
                "Samstage",
                "Sonntage",
            ],
            Self::Signs => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        words[day.num_days_from_monday() as usize]
    }

    pub(crate) fn theme(self, tag: &str, n_moments: usize, n_days: usize) -> String {
        let tag = self.quote(tag);
        match self {
            Self::English => {
                format!(
                    "{tag} keeps coming back: {n_moments} moments on {n_days} days of the last two weeks."
                )
            }
            Self::German => format!(
                "{tag} kehrt immer wieder: {n_moments} Momente an {n_days} Tagen der letzten zwei Wochen."
            ),
            Self::Signs => format!("{tag} ×{n_moments}"),
        }
    }

    pub(crate) fn helped(self, feature: &Feature, n: &SampleSizes) -> String {
        let what = self.feature(feature);
        let (k, n, k0, n0) = (n.n_with_mood, n.n_with, n.n_without_mood, n.n_without);
        match self {
            Self::English => format!(
                "After a low moment, {what} helped: a good one followed {k} of {n} times, without it {k0} of {n0}."
            ),
            Self::German => format!(
                "Nach einem gedrückten Moment half {what}: {k} von {n} Mal folgte ein guter, ohne das {k0} von {n0}."
            ),
            Self::Signs => format!("↘ {what} ↗ {k}/{n} ({k0}/{n0})"),
        }
    }

    pub(crate) fn solved(self, tag: &str, trouble: &str, outcome: &str) -> String {
        let (tag, trouble) = (self.quote(tag), self.quote(trouble));
        let outcome = self.quote(outcome);
        match self {
            Self::English => {
                format!("When {tag} was hard ({trouble}), this got it further: {outcome}.")
            }
            Self::German => {
                format!("Als {tag} schwer war ({trouble}), half das weiter: {outcome}.")
            }
            Self::Signs => format!("{tag}: {trouble} → {outcome}"),
        }
    }

    pub(crate) fn stood_out(self, titles: &[String], n: usize, is_week: bool) -> String {
        let quoted: Vec<String> = titles.iter().map(|title| self.quote(title)).collect();
        let list = self.list(&quoted);
        match (self, is_week) {
            (Self::English, false) => format!("{n} moments stood out, first of all {list}."),
            (Self::English, true) => {
                format!("{n} moments of the week stood out, first of all {list}.")
            }
            (Self::German, false) => format!("{n} Momente ragten heraus, vor allem {list}."),
            (Self::German, true) => {
                format!("{n} Momente der Woche ragten heraus, vor allem {list}.")
            }
            (Self::Signs, _) => list,
        }
    }

    pub(crate) fn turned_on(self, tags: &[String]) -> String {
        let quoted: Vec<String> = tags.iter().map(|tag| self.quote(tag)).collect();
        let list = self.list(&quoted);
        match self {
            Self::English => format!("Several of them turned on {list}."),
            Self::German => format!("Mehrere drehten sich um {list}."),
            Self::Signs => list,
        }
    }

    pub(crate) fn mood(self, label: SentimentLabel) -> &'static str {
        use SentimentLabel::{Mixed, Negative, Neutral, Positive};
        match (self, label) {
            (Self::English, Positive) => "On the whole it felt good.",
            (Self::English, Negative) => "On the whole it was hard.",
            (Self::English, Mixed) => "It was good and hard by turns.",
            (Self::English, Neutral) => "The mood was even.",
            (Self::German, Positive) => "Im Ganzen tat es gut.",
            (Self::German, Negative) => "Im Ganzen war es schwer.",
            (Self::German, Mixed) => "Es war bald gut und bald schwer.",
            (Self::German, Neutral) => "Die Stimmung war ausgeglichen.",
            (Self::Signs, Positive) => "↗",
            (Self::Signs, Negative) => "↘",
            (Self::Signs, Mixed) => "↗↘",
            (Self::Signs, Neutral) => "→",
        }
    }

    pub(crate) fn weekly(self, tag: &str, due: NaiveDate, hits: u32, weeks: u32) -> String {
        let (tag, day) = (self.quote(tag), self.day(due));
        match self {
            Self::English => format!("{tag} again on {day}: {hits} of the last {weeks} weeks."),
            Self::German => format!("Wieder {tag} am {day}: {hits} der letzten {weeks} Wochen."),
            Self::Signs => format!("{tag} → {due} ({hits}/{weeks})"),
        }
    }

    pub(crate) fn monthly(self, tag: &str, due: NaiveDate, hits: u32, months: u32) -> String {
        let (tag, day) = (self.quote(tag), self.day(due));
        match self {
            Self::English => format!("{tag} again on {day}: {hits} of the last {months} months."),
            Self::German => format!("Wieder {tag} am {day}: {hits} der letzten {months} Monate."),
            Self::Signs => format!("{tag} → {due} ({hits}/{months})"),
        }
    }

    /// "Thursday, 22 October", "Donnerstag, 22. Oktober".
    pub(crate) fn day(self, day: NaiveDate) -> String {
        use chrono::Datelike;
        if self != Self::German {
            return day.format("%A, %-d %B").to_string();
        }
        let months = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        let days =
            ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
        format!(
            "{}, {}. {}",
            days[day.weekday().num_days_from_monday() as usize],
            day.day(),
            months[day.month0() as usize]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::moment;

    #[test]
    fn the_language_is_that_of_most_moments() {
        let of = |code: &str| Lived { language: code.into(), ..moment(1, "2026-10-01") };
        assert_eq!(language(&[of("de"), of("de"), of("en")]), "de");
        assert_eq!(language(&[of(""), of("")]), "");
        assert_eq!(language(&[of("de"), of("en")]), "de", "of equals the first by its code");
    }

    #[test]
    fn a_language_without_sentences_gets_signs() {
        let n = SampleSizes {
            n_with: 8,
            n_with_mood: 6,
            n_without: 40,
            n_without_mood: 9,
            p_value: 0.0,
        };
        let feature = Feature::Tag("lago".into());
        assert_eq!(Voice::of("es").pattern(&feature, true, &n), "“lago” ↗ 6/8 (9/40)");
        assert_eq!(
            Voice::of("de").pattern(&feature, false, &n),
            "„lago“ und gedrückte Stimmung gehören zusammen: 6 von 8 Momenten, sonst 9 von 40."
        );
        let day = NaiveDate::from_ymd_opt(2026, 10, 22).expect("a day");
        assert_eq!(
            Voice::German.weekly("chor", day, 7, 8),
            "Wieder „chor“ am Donnerstag, 22. Oktober: 7 der letzten 8 Wochen."
        );
        assert_eq!(
            Voice::English.weekly("choir", day, 7, 8),
            "“choir” again on Thursday, 22 October: 7 of the last 8 weeks."
        );
    }
}
