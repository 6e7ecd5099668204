//! A profile told without a model: sentences about what was counted, in the language of most of the
//! material, each with what speaks for it.

use serde::{Deserialize, Serialize};

use super::{
    content::{Content, Interest, Person},
    phrases::{self, Phrases},
};
use crate::text::{language::Language, verbatim::Folded};

/// Interests and people that are named in a sentence.
const NAMED: usize = 5;
/// An interest is more common than usual from this many times on, in a journal of at least so many days
/// more than those that are looked at.
const LIFT: f32 = 2.0;
/// From how many moments in which something was felt on a mood is told, and from where on it is good or bad.
const FEWEST_FELT: u32 = 3;
const GOOD: f32 = 0.2;
/// By how much a mood differs from the usual one.
const OTHER: f32 = 0.2;

/// One thing that a profile says, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// How many things it was told or counted from.
    pub(crate) n_things: u32,
    /// Ids.
    pub(crate) moments: Vec<i64>,
    /// Ids.
    pub(crate) records: Vec<i64>,
}

/// All lines as one text.
pub(crate) fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a text speaks of one of these names.
pub(crate) fn names_any<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    let text = Folded::of(text);
    names.into_iter().any(|name| !text.find_name(name, 1).is_empty())
}

/// What was counted, in sentences. In a language for which there are none, it is told by names alone.
pub(crate) fn told(content: &Content) -> Vec<Line> {
    let language = match content.language.as_str() {
        "" => Some(Language::English),
        code => Language::from_code(code),
    };
    match language.and_then(phrases::of) {
        Some(phrases) => Teller { content, phrases }.tell(),
        None => by_names(content),
    }
}

fn by_names(content: &Content) -> Vec<Line> {
    let mut lines = Vec::new();
    let interests: Vec<&Interest> = content.interests.iter().take(NAMED).collect();
    let people: Vec<&Person> = content.people.iter().take(NAMED).collect();
    let dotted = |names: Vec<&str>| names.join(" · ");
    if !interests.is_empty() {
        lines.push(about(dotted(interests.iter().map(|i| i.name.as_str()).collect()), &interests));
    }
    if !people.is_empty() {
        lines.push(with(dotted(people.iter().map(|p| p.name.as_str()).collect()), &people));
    }
    lines
}

/// The strongest evidence of each, so that all are spoken for.
const SPEAKING: usize = 2;

fn about(text: String, interests: &[&Interest]) -> Line {
    let n_things = interests.iter().map(|interest| interest.n_things).sum();
    let mut line = Line { text, n_things, moments: Vec::new(), records: Vec::new() };
    for interest in interests {
        line.moments.extend(interest.moments.iter().take(SPEAKING));
        if interest.moments.is_empty() {
            line.records.extend(interest.records.iter().take(SPEAKING));
        }
    }
    once(line)
}

fn with(text: String, people: &[&Person]) -> Line {
    let moments = people.iter().flat_map(|person| person.moments.iter().take(SPEAKING));
    let n_things = people.iter().map(|person| person.n_moments).sum();
    once(Line { text, n_things, moments: moments.copied().collect(), records: Vec::new() })
}

fn once(mut line: Line) -> Line {
    for ids in [&mut line.moments, &mut line.records] {
        ids.sort_unstable();
        ids.dedup();
    }
    line
}

struct Teller<'c> {
    content: &'c Content,
    phrases: &'static Phrases,
}

impl Teller<'_> {
    fn tell(&self) -> Vec<Line> {
        let all = [
            self.busy(),
            self.more(),
            self.people(),
            self.with_whom(self.phrases.good_with, |valence| valence >= GOOD),
            self.with_whom(self.phrases.hard_with, |valence| valence <= -GOOD),
            self.rhythm(),
            self.mood(),
        ];
        all.into_iter().flatten().collect()
    }

    fn busy(&self) -> Option<Line> {
        let all: Vec<&Interest> = self.content.interests.iter().take(NAMED).collect();
        (!all.is_empty()).then(|| {
            let names: Vec<&str> = all.iter().map(|interest| interest.name.as_str()).collect();
            about(fill(self.phrases.busy, &[&self.list(&names)]), &all)
        })
    }

    fn more(&self) -> Option<Line> {
        let is_more = |interest: &&Interest| interest.lift >= LIFT && interest.n_days > 1;
        let all: Vec<&Interest> =
            self.content.interests.iter().filter(is_more).take(NAMED).collect();
        // What all of it is more than usual says nothing.
        let is_telling = !all.is_empty() && all.len() < self.content.interests.len().min(NAMED);
        is_telling.then(|| {
            let names: Vec<&str> = all.iter().map(|interest| interest.name.as_str()).collect();
            about(fill(self.phrases.more, &[&self.list(&names)]), &all)
        })
    }

    fn people(&self) -> Option<Line> {
        let all: Vec<&Person> = self.content.people.iter().take(NAMED).collect();
        (!all.is_empty()).then(|| {
            let names: Vec<&str> = all.iter().map(|person| person.name.as_str()).collect();
            with(fill(self.phrases.people, &[&self.list(&names)]), &all)
        })
    }

    fn with_whom(&self, phrase: &str, is_so: impl Fn(f32) -> bool) -> Option<Line> {
        let is_clear =
            |person: &&Person| person.n_felt >= FEWEST_FELT && person.valence.is_some_and(&is_so);
        let all: Vec<&Person> = self.content.people.iter().filter(is_clear).take(NAMED).collect();
        (!all.is_empty()).then(|| {
            let names: Vec<&str> = all.iter().map(|person| person.name.as_str()).collect();
            with(fill(phrase, &[&self.list(&names)]), &all)
        })
    }

    /// Counted from all moments: no few of them speak for it.
    fn rhythm(&self) -> Option<Line> {
        let all = self.content.rhythms.first()?;
        let hours = all.stretch().map(|(from, until)| {
            fill(self.phrases.hours, &[&from.to_string(), &until.to_string()])
        });
        let weekday = all
            .busiest(self.content.metadata.weekdays)
            .map(|weekday| fill(self.phrases.weekday, &[self.phrases.weekdays[weekday]]));
        let told: Vec<String> = hours.into_iter().chain(weekday).collect();
        (!told.is_empty()).then(|| Line {
            text: told.join(" "),
            n_things: all.n_moments,
            moments: Vec::new(),
            records: Vec::new(),
        })
    }

    fn mood(&self) -> Option<Line> {
        let counted = &self.content.metadata;
        let valence = counted.valence.filter(|_| counted.n_felt >= FEWEST_FELT)?;
        let mood = match valence {
            v if v >= GOOD => 0,
            v if v <= -GOOD => 2,
            _ => 1,
        };
        // The whole journal holds these days, too.
        let has_usual = counted.n_felt_ever >= 2 * counted.n_felt;
        let than_usual = counted.valence_ever.filter(|_| has_usual).and_then(|usual| {
            let by = valence - usual;
            (by.abs() >= OTHER).then(|| self.phrases.than_usual[usize::from(by < 0.0)])
        });
        let text = match than_usual {
            Some(than_usual) => format!("{}, {than_usual}.", self.phrases.moods[mood]),
            None => format!("{}.", self.phrases.moods[mood]),
        };
        Some(Line { text, n_things: counted.n_felt, moments: Vec::new(), records: Vec::new() })
    }

    /// "a, b and c".
    fn list(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., last] => format!("{}{}{last}", first.join(", "), self.phrases.and),
        }
    }
}

/// What is filled in is never looked through for places again.
fn fill(phrase: &str, with: &[&str]) -> String {
    let mut filled = String::new();
    let mut with = with.iter();
    for (n, part) in phrase.split("{}").enumerate() {
        if n > 0 {
            filled.push_str(with.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::content::Metadata;

    fn interest(name: &str, lift: f32) -> Interest {
        Interest {
            key: name.into(),
            name: name.into(),
            weight: 0.5,
            lift,
            n_days: 3,
            n_things: 3,
            first_day: "2026-10-01".into(),
            last_day: "2026-10-12".into(),
            moments: vec![1, 2, 3],
            records: vec![9],
        }
    }

    fn person(name: &str, valence: Option<f32>) -> Person {
        Person {
            key: name.to_lowercase(),
            name: name.into(),
            n_days: 3,
            n_moments: 4,
            n_felt: 3,
            valence,
            first_day: "2026-10-01".into(),
            last_day: "2026-10-12".into(),
            moments: vec![4],
        }
    }

    fn content(language: &str) -> Content {
        Content {
            first_day: "2026-09-12".into(),
            last_day: "2026-10-12".into(),
            language: language.into(),
            lines: Vec::new(),
            interests: vec![interest("harmonium", 1.0), interest("reeds", 2.5)],
            people: vec![person("Ilse", Some(0.6)), person("Tomas", None)],
            rhythms: Vec::new(),
            metadata: Metadata {
                n_days: 12,
                n_moments: 30,
                n_talks: 0,
                n_papers: 12,
                weekdays: [2; 7],
                n_felt: 4,
                valence: Some(0.5),
                n_felt_ever: 40,
                valence_ever: Some(0.1),
            },
        }
    }

    #[test]
    fn what_was_counted_is_told_to_the_person_with_what_speaks_for_it() {
        let lines = told(&content("en"));
        assert_eq!(
            joined(&lines),
            "Lately you have been busy with harmonium and reeds. More than usual you wrote about \
             reeds. The people around you most were Ilse and Tomas. With Ilse it was mostly good. \
             When you wrote how you felt, it was mostly good, better than usual."
        );
        assert_eq!((&lines[0].moments, &lines[2].moments), (&vec![1, 2], &vec![4]));
    }

    #[test]
    fn it_is_told_in_the_language_of_the_material() {
        let text = joined(&told(&content("de")));
        assert!(text.starts_with("Zuletzt ging es bei dir viel um harmonium und reeds."), "{text}");
        assert!(text.contains("Mit Ilse war es meistens gut."), "{text}");
    }

    #[test]
    fn where_there_are_no_sentences_for_a_language_names_alone_tell_it() {
        let text = joined(&told(&content("ja")));
        assert_eq!(text, "harmonium · reeds Ilse · Tomas");
    }

    #[test]
    fn a_name_that_looks_like_a_place_to_fill_is_only_a_name() {
        let mut hostile = content("en");
        hostile.interests = vec![interest("{}", 1.0), interest("{} {}", 1.0)];
        let lines = told(&hostile);
        assert_eq!(lines[0].text, "Lately you have been busy with {} and {} {}.");
    }

    #[test]
    fn nothing_counted_is_nothing_told() {
        let mut nothing = content("en");
        nothing.interests.clear();
        nothing.people.clear();
        nothing.metadata.n_felt = 2;
        assert_eq!(told(&nothing), Vec::new());
    }
}
