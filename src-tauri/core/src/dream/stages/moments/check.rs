//! Holds a reply against the passages it speaks of. What does not stand in them is left out and counted;
//! a reply of which too little is left is complained about.

use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, NaiveTime};

use super::{
    clock_words, people,
    reply::{self, Feeling, Insight, Reply},
};
use crate::{
    clock::Precision,
    dream::stages::{
        parts::{self, Slice},
        told::{Asked, Given, is_other_language},
    },
    mind::{
        Description, Episode, Felt, Joint, NamedPerson, OTHER, Stream,
        answer::{Complaint, Remark, Remarks},
        builtin::Builtin,
        instructions::{self, Against},
    },
    text::{clean, feelings::placement, language::Language, tags, verbatim::Folded},
};

const MOST_TAGS: usize = 5;
const MOST_FEELINGS: usize = 4;

/// When an episode was written, by its records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    /// Unix milliseconds.
    pub(super) starts_at: i64,
    /// Unix milliseconds.
    pub(super) ends_at: i64,
    pub(super) offset_minutes: i32,
    pub(super) precision: Precision,
}

impl Written {
    /// ", Monday 12 October 2026, 08:00 to 08:40", as precisely as it is known: with the day "tomorrow"
    /// has a meaning.
    pub(super) fn when(&self) -> String {
        let Some(start) = self.at_home(self.starts_at) else { return String::new() };
        let day = start.format(", %A %-d %B %Y");
        let clock = |time: NaiveDateTime| time.format("%H:%M").to_string();
        match (self.precision, self.at_home(self.ends_at)) {
            (Precision::Unknown, _) => String::new(),
            (Precision::Day, _) => day.to_string(),
            (_, Some(end)) if end.date() == start.date() && clock(end) != clock(start) => {
                format!("{day}, {} to {}", clock(start), clock(end))
            }
            _ => format!("{day}, {}", clock(start)),
        }
    }

    fn at_home(&self, at: i64) -> Option<NaiveDateTime> {
        let local = at + i64::from(self.offset_minutes) * 60_000;
        DateTime::from_timestamp_millis(local).map(|time| time.naive_utc())
    }

    fn local(&self, at: i64) -> Option<NaiveTime> {
        self.at_home(at).map(|time| time.time())
    }

    /// Whether a clock time lies between the first and the last record, to the minute.
    fn holds(&self, time: NaiveTime) -> bool {
        let minute = |time: NaiveTime| chrono::Timelike::num_seconds_from_midnight(&time) / 60;
        match (self.local(self.starts_at), self.local(self.ends_at)) {
            (Some(start), Some(end)) => {
                let (start, end, time) = (minute(start), minute(end), minute(time));
                if start <= end {
                    (start..=end).contains(&time)
                } else {
                    time >= start || time <= end
                }
            }
            _ => false,
        }
    }
}

/// The passages that a model was shown, and what it was told.
pub(super) struct Shown<'a> {
    pub(super) episode: &'a Episode<'a>,
    pub(super) slices: &'a [Slice],
    pub(super) written: Written,
    /// The language of the whole episode.
    pub(super) language: Option<Language>,
    pub(super) builtin: &'a Builtin,
    texts: Vec<&'a str>,
    folded: Vec<Folded>,
    all: Folded,
    rules: &'a str,
    code: &'a str,
    commands: Vec<String>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(
        episode: &'a Episode<'a>,
        slices: &'a [Slice],
        written: Written,
        language: Option<Language>,
        builtin: &'a Builtin,
        (rules, code): (&'a str, &'a str),
    ) -> Self {
        let texts: Vec<&str> = slices.iter().map(|slice| parts::text(episode, slice)).collect();
        let mut all = texts.join("\n");
        for name in episode.passages.iter().map(|passage| passage.author).chain([episode.heading]) {
            all.push('\n');
            all.push_str(name);
        }
        let to_machine = episode.stream == Stream::Assistant;
        let mut spoken = texts.clone();
        spoken.push(episode.heading);
        spoken.extend(builtin.own_types().iter().map(|own| own.description.as_str()));
        Self {
            folded: texts.iter().map(|text| Folded::of(text)).collect(),
            all: Folded::of(&all),
            commands: instructions::spoken_to_machines(&spoken, to_machine),
            texts,
            episode,
            slices,
            written,
            language,
            builtin,
            rules,
            code,
        }
    }

    pub(super) fn folded(&self) -> &[Folded] {
        &self.folded
    }

    pub(super) fn texts(&self) -> &[&'a str] {
        &self.texts
    }

    fn against(&self) -> Against<'_> {
        Against { rules: self.rules, code: self.code, commands: &self.commands, given: &self.all }
    }

    /// The description of these passages, or what is wrong with the reply. Places are those of the whole
    /// episode.
    pub(super) fn check(
        &self,
        said: &Reply,
        remarks: &mut Remarks,
    ) -> Result<Description, Complaint> {
        let mut line = |text: &str, most: usize| -> String {
            let cleaned = clean::reply(text, &self.all, most);
            if cleaned.was_unsafe {
                remarks.add(Remark::Unsafe);
            }
            if cleaned.was_long {
                remarks.add(Remark::TooLong);
            }
            cleaned.text
        };
        let mut title = line(&said.title, reply::TITLE).trim_end_matches('.').to_owned();
        let mut summary = line(&said.summary, reply::SUMMARY);
        let outcome = line(said.outcome.as_deref().unwrap_or_default(), reply::OUTCOME);
        // As it came and as it is shown: taking out markup may lay a sentence bare, or hide one.
        let raw = [Some(&said.title), Some(&said.summary), said.outcome.as_ref()];
        let shown = [Some(&title), Some(&summary), Some(&outcome)];
        let against = self.against();
        if raw.into_iter().chain(shown).flatten().any(|said| against.repeats(said)) {
            remarks.add(Remark::Instruction);
            return Err(Complaint(
                "title, summary and outcome must tell what happened and repeat no instruction"
                    .into(),
            ));
        }
        if summary.is_empty() && title.is_empty() {
            remarks.add(Remark::MissingField);
            return Err(Complaint("the fields title and summary must not be empty".into()));
        }
        if summary.is_empty() || title.is_empty() {
            // One of the two is no reason to ask again: the text's own words stand in for it.
            remarks.add(Remark::MissingField);
            let own = self.builtin.describe(&parts::episode_of(self.episode, self.slices));
            if title.is_empty() {
                title = own.title;
            } else {
                summary = own.summary;
            }
        }
        let voice = format!("{title}. {summary} {outcome}");
        if is_other_language(&voice, self.language, &self.texts) {
            remarks.add(Remark::OtherLanguage);
            let wanted = self.language.map_or_else(String::new, |l| format!(" ({})", l.code()));
            return Err(Complaint(format!(
                "title, summary and outcome must be in the language of the passages{wanted}"
            )));
        }
        let found = self.evidence(said, remarks)?;
        let people = people::check(self, &said.people, remarks);
        let emotions = emotions(&said.feelings);
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let tags = self.tags(&said.tags, &names, &emotions);
        let moment_type = self.kind(&said.moment_type);
        let insights = self.insights(
            said.insights.as_deref().unwrap_or_default(),
            &people,
            &moment_type,
            remarks,
        );
        let moment_type = match (self.episode.stream, moment_type.as_str()) {
            (Stream::Chat, "conversation") if !insights.is_empty() => "collaboration".into(),
            _ => moment_type,
        };
        let n_quotes = found.marks.iter().map(Vec::len).sum::<usize>().min(3);
        Ok(Description {
            title,
            summary,
            outcome,
            moment_type,
            insights,
            language: self.language,
            tags,
            people,
            arousal: arousal(&emotions),
            emotions,
            valence: f32::from(said.valence.clamp(-2, 2)) / 2.0,
            confidence: 0.55 + 0.1 * n_quotes as f32,
            marks: found.marks,
            starts: found.times.iter().min().copied(),
            ends: found.times.iter().max().copied().filter(|_| found.times.len() > 1),
        })
    }

    fn evidence(&self, said: &Reply, remarks: &mut Remarks) -> Result<Evidence, Complaint> {
        let mut found =
            Evidence { marks: vec![Vec::new(); self.episode.passages.len()], times: Vec::new() };
        let mut has_any = false;
        for quote in &said.evidence {
            let place = self.place_of(quote.passage.as_deref(), &quote.quote, remarks);
            let Some((n, passage, range)) = place else { continue };
            has_any = true;
            if !found.marks[passage].contains(&range) {
                found.marks[passage].push(range);
            }
            if let Some(time) = quote.time.as_deref() {
                match self.time(time, self.texts[n]) {
                    Some(time) => found.times.push(time),
                    None => remarks.add(Remark::OutsideTime),
                }
            }
        }
        let is_wordless = !self.all.as_str().chars().any(char::is_alphanumeric);
        if !has_any && !is_wordless {
            if said.evidence.is_empty() {
                remarks.add(Remark::MissingEvidence);
            }
            return Err(Complaint(
                "no quote of the field evidence stands in the passages word for word".into(),
            ));
        }
        found.marks.iter_mut().for_each(|marks| marks.sort_by_key(|mark| (mark.start, mark.end)));
        Ok(found)
    }

    /// The slice in which a quote stands, with passage and range in the whole episode.
    fn place_of(
        &self,
        passage: Option<&str>,
        quote: &str,
        remarks: &mut Remarks,
    ) -> Option<(usize, usize, Range<usize>)> {
        let words = self.without_markers(quote);
        let handle = passage.and_then(number);
        if passage.is_some() && handle.is_none_or(|n| n >= self.slices.len()) {
            remarks.add(Remark::UnknownValue);
        }
        // The passage that was named first; a wrong name is no wrong quote.
        let order = handle.into_iter().chain(0..self.slices.len());
        let place = order
            .filter_map(|n| Some((n, self.folded.get(n)?.find(words)?)))
            .next()
            .or_else(|| self.find_without_author(words));
        let Some((n, range)) = place else {
            remarks.add(Remark::MissingEvidence);
            return None;
        };
        let slice = &self.slices[n];
        Some((n, slice.passage, slice.range.start + range.start..slice.range.start + range.end))
    }

    /// What people came to together; each is told in words that hold against the passages, with a quote
    /// that stands in them, or it is left out.
    fn insights(
        &self,
        said: &[Insight],
        people: &[NamedPerson],
        moment_type: &str,
        remarks: &mut Remarks,
    ) -> Vec<Joint> {
        let is_talk = self.episode.stream == Stream::Chat
            || matches!(moment_type, "meeting" | "conversation" | "collaboration");
        let authors = self.episode.passages.iter().map(|passage| passage.author);
        let may_be_named = authors.chain(people.iter().map(|person| person.name.as_str()));
        let given = Given::new(
            self.texts.clone(),
            may_be_named.filter(|name| !name.is_empty()).collect(),
            Asked {
                what: "passages",
                language: self.language,
                to_machine: false,
                rules: self.rules,
                code: self.code,
            },
        );
        let mut found: Vec<Joint> = Vec::new();
        for insight in said.iter().filter(|_| is_talk) {
            let place = self.place_of(insight.passage.as_deref(), &insight.quote, remarks);
            let Some((_, passage, range)) = place.filter(|(.., range)| !range.is_empty()) else {
                continue;
            };
            let told = given.check(&insight.told, reply::INSIGHT, remarks);
            let repeats = self.against().repeats(&insight.told);
            if let Ok(text) = told
                && !repeats
                && !found.iter().any(|known| known.text == text)
            {
                found.push(Joint { text, places: vec![(passage, range)] });
            }
        }
        found
    }

    /// What people say to each other is a conversation, whatever it is about, unless it is of a type that
    /// the person has added.
    fn kind(&self, said: &str) -> String {
        let is_own = self.builtin.own_types().has(said);
        match (self.episode.stream, said) {
            (_, own) if is_own => own,
            (Stream::Chat, _) => "conversation",
            (Stream::Assistant, _) => "assistant",
            (Stream::Notes, "assistant") => OTHER,
            (Stream::Notes, said) => said,
        }
        .to_owned()
    }

    /// "Tomas: See you there": the name is ours.
    fn find_without_author(&self, words: &str) -> Option<(usize, std::ops::Range<usize>)> {
        let (_, words) = words.split_once(": ")?;
        self.folded.iter().enumerate().find_map(|(n, text)| Some((n, text.find(words)?)))
    }

    /// Small models copy the marker with the words.
    fn without_markers<'q>(&self, quote: &'q str) -> &'q str {
        let mut quote = quote.trim();
        while let Some(at) = quote.find(self.code) {
            let (before, after) = (&quote[..at], &quote[at + self.code.len()..]);
            let inside = after.split_once('>').map_or("", |(_, rest)| rest).trim();
            let outside = before.rfind('<').map_or("", |at| &before[..at]).trim();
            quote = if inside.len() >= outside.len() { inside } else { outside };
        }
        quote
    }

    /// A time that the records or the words themselves bear out.
    fn time(&self, said: &str, text: &str) -> Option<NaiveTime> {
        let time = clock_words::of_reply(said)?;
        let is_borne_out = if self.written.precision >= Precision::Hour {
            self.written.holds(time)
        } else {
            clock_words::tells(text, time)
        };
        is_borne_out.then_some(time)
    }

    fn tags(&self, said: &[String], people: &[&str], felt: &[Felt]) -> Vec<String> {
        let mut chosen: Vec<String> = Vec::new();
        for tag in said {
            let key = tags::tag_key(&clean::reply(tag, &self.all, 40).text);
            let names_person = people.iter().any(|name| {
                let name = tags::tag_key(name);
                key.split('-').all(|word| name.split('-').any(|part| part == word))
            });
            let says = key.starts_with(char::is_alphabetic);
            let is_felt = felt.iter().any(|felt| felt.label == key);
            let repeats = self.against().repeats(tag);
            if says && !names_person && !is_felt && !repeats && !chosen.contains(&key) {
                chosen.push(key);
            }
        }
        chosen.truncate(MOST_TAGS);
        chosen
    }
}

struct Evidence {
    marks: Vec<Vec<std::ops::Range<usize>>>,
    times: Vec<NaiveTime>,
}

/// "p3", "P3" and "<p3-…>" are the third.
fn number(handle: &str) -> Option<usize> {
    let digits = handle.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = digits.strip_prefix(['p', 'P'])?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<usize>().ok()?.checked_sub(1)
}

fn emotions(said: &[Feeling]) -> Vec<Felt> {
    let mut emotions: Vec<Felt> = Vec::new();
    for feeling in said {
        let weight = feeling.strength.weight();
        match emotions.iter_mut().find(|known| known.label == feeling.label) {
            Some(known) => known.weight = known.weight.max(weight),
            None => emotions.push(Felt { label: feeling.label.clone(), weight }),
        }
    }
    emotions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.label.cmp(&b.label)));
    emotions.truncate(MOST_FEELINGS);
    emotions
}

/// Where the feelings lie between still and stirred, the strong ones weighing more. Models place a label
/// better than they give a number.
fn arousal(emotions: &[Felt]) -> f32 {
    let sum: f32 = emotions.iter().map(|felt| felt.weight).sum();
    if sum == 0.0 {
        return 0.0;
    }
    let placed =
        emotions.iter().filter_map(|felt| Some(placement(&felt.label)?.arousal * felt.weight));
    placed.sum::<f32>() / sum
}
