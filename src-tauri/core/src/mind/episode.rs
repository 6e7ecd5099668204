//! What every mind gets, and what it gives.

use std::ops::Range;

use chrono::NaiveTime;

use crate::text::language::Language;

/// The kind of stream an episode was cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Notes by the person.
    Notes,
    /// A conversation between people.
    Chat,
    /// A conversation with an assistant program.
    Assistant,
}

/// A stretch of writing that belongs together.
#[derive(Debug, Clone)]
pub struct Episode<'a> {
    /// Where it comes from.
    pub stream: Stream,
    /// The heading it stands under, or the conversation's title.
    pub heading: &'a str,
    /// In the order they were written.
    pub passages: Vec<Passage<'a>>,
}

/// One paragraph or message of an episode.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    /// The words.
    pub text: &'a str,
    /// Who wrote them, where that is known.
    pub author: &'a str,
    /// Whether the journal's owner wrote them; `None` if nobody can say.
    pub is_own: Option<bool>,
}

/// Words in a passage that name somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPerson {
    /// The name as it is shown.
    pub name: String,
    /// Passage and byte range of each mention; empty for authors of messages.
    pub mentions: Vec<(usize, Range<usize>)>,
    /// 0 to 1.
    pub confidence: f32,
}

/// An emotion with how strongly it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Felt {
    /// For example "worried".
    pub label: String,
    /// 0 to 1.
    pub weight: f32,
}

/// Something that people decided or learnt together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// It, in a sentence.
    pub text: String,
    /// Passage and byte range of the words that say so.
    pub places: Vec<(usize, Range<usize>)>,
}

/// What a mind makes of an episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// A short name.
    pub title: String,
    /// What happened.
    pub summary: String,
    /// How it ended; empty where that is not said.
    pub outcome: String,
    /// One of [`MOMENT_TYPES`](super::MOMENT_TYPES), or a type of the person's own.
    pub moment_type: String,
    /// What was decided or learnt together, where several people meet the person.
    pub insights: Vec<Joint>,
    /// The language of most of it.
    pub language: Option<Language>,
    /// Topics in kebab-case.
    pub tags: Vec<String>,
    /// Who was there or is spoken of.
    pub people: Vec<NamedPerson>,
    /// What was felt, strongest first.
    pub emotions: Vec<Felt>,
    /// -1 to 1.
    pub valence: f32,
    /// 0 to 1.
    pub arousal: f32,
    /// 0 to 1.
    pub confidence: f32,
    /// For each passage, the byte ranges of the words that carry it.
    pub marks: Vec<Vec<Range<usize>>>,
    /// The clock time at which it began, where the words tell it.
    pub starts: Option<NaiveTime>,
    /// The clock time at which it ended, where the words tell it.
    pub ends: Option<NaiveTime>,
}
