//! How things look in a terminal: one file per thing.

pub(crate) mod ask;
pub(crate) mod compare;
pub(crate) mod day;
pub(crate) mod dream;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod insights;
pub(crate) mod ledger;
pub(crate) mod looking_back;
pub(crate) mod markdown;
pub(crate) mod mind;
pub(crate) mod moment;
pub(crate) mod moods;
pub(crate) mod person;
pub(crate) mod profile;
pub(crate) mod proposals;
pub(crate) mod query;
pub(crate) mod record;
pub(crate) mod review;
pub(crate) mod scan;
pub(crate) mod spoken;
pub(crate) mod table;
pub(crate) mod topic;

use rem_core::api::moments::{EmotionWeight, MomentCard, SourceCount};

use crate::{
    line::Line,
    palette::{Ink, Mood},
    times,
};

/// A mood as glyph and word.
pub(crate) fn mood(valence: Option<f32>) -> Line {
    let mood = Mood::of(valence);
    let ink = Ink::Mood(mood);
    let line = Line::of(ink, mood.glyph());
    if mood.word().is_empty() { line } else { line.and(ink, " ").and(ink, mood.word()) }
}

/// A mood as its glyph alone, for where the word stands elsewhere.
pub(crate) fn glyph(valence: Option<f32>) -> Line {
    let mood = Mood::of(valence);
    Line::of(Ink::Mood(mood), mood.glyph())
}

/// What a moment is about: feelings, people, topics.
pub(crate) fn chips(card: &MomentCard) -> String {
    let feelings = card.emotions.iter().map(feeling);
    let people = card.people.iter().cloned();
    let topics = card.tags.iter().map(|tag| format!("#{tag}"));
    feelings.chain(people).chain(topics).collect::<Vec<_>>().join(" · ")
}

/// A feeling, softened where it is faint.
pub(crate) fn feeling(emotion: &EmotionWeight) -> String {
    if emotion.weight < 0.35 {
        format!("a little {}", emotion.label)
    } else {
        emotion.label.clone()
    }
}

/// What a moment rests on: "2 notes, 1 quick note, 3 from whatsapp".
pub(crate) fn rests_on(sources: &[SourceCount]) -> String {
    let say = |source: &SourceCount| match source.format.as_str() {
        "notes" => times::count(source.n, "note"),
        "capture" => times::count(source.n, "quick note"),
        format => format!("{} from {format}", times::thousands(source.n)),
    };
    sources.iter().map(say).collect::<Vec<_>>().join(", ")
}

/// Several parts with a dot between those that are there.
pub(crate) fn dotted<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A heading over a part of a page.
pub(crate) fn heading(text: &str) -> Line {
    Line::of(Ink::Quiet, text)
}
