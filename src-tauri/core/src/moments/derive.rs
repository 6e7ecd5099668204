//! A moment as a dream derives it, before the person's corrections are laid over it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{api::moments::EmotionWeight, clock::Precision, store::Hash, text::secrets};

/// What a mind said of a moment. Kept as JSON beside what is shown, so that a correction can be taken
/// back and a second dream can see that nothing is new.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Derived {
    pub(crate) day: String,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) offset_minutes: i32,
    pub(crate) precision: Precision,
    pub(crate) moment_type: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) outcome: String,
    /// What people decided or learnt together in it.
    #[serde(default)]
    pub(crate) insights: Vec<Insight>,
    pub(crate) language: String,
    pub(crate) tags: Vec<String>,
    pub(crate) people: Vec<String>,
    pub(crate) emotions: Vec<EmotionWeight>,
    pub(crate) valence: f32,
    pub(crate) arousal: f32,
    pub(crate) confidence: f32,
    pub(crate) mind: String,
}

impl Derived {
    /// Without the keys and passwords of the words it was made from: those stand in the evidence alone.
    pub(crate) fn without_secrets(mut self, from: &str) -> Self {
        let scrubbed = secrets::scrub(from);
        if scrubbed.n_removed == 0 {
            return self;
        }
        let scrub = |text: &mut String| *text = scrubbed.scrub(text);
        scrub(&mut self.title);
        scrub(&mut self.summary);
        scrub(&mut self.outcome);
        self.insights.iter_mut().for_each(|insight| scrub(&mut insight.text));
        self.tags.retain(|tag| !scrubbed.tells(tag));
        self.people.retain(|name| !scrubbed.tells(name));
        self
    }
}

/// What people decided or learnt together, and the words that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Insight {
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

/// Words in a moment's evidence, wherever that stands by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Which of the moment's spans.
    pub(crate) span: usize,
    /// Bytes in that span's words.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The exact words a moment rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) record_id: i64,
    pub(crate) record_hash: Hash,
    /// Bytes in the record's body.
    pub(crate) range: Range<usize>,
    /// BLAKE3 of the words themselves: they are the same words wherever they stand.
    pub(crate) words: Hash,
    /// Bytes in the record's body that carry the moment.
    pub(crate) marks: Vec<Range<usize>>,
}

/// A person named in the evidence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mention {
    pub(crate) name: String,
    pub(crate) record_id: i64,
    pub(crate) range: Range<usize>,
    pub(crate) confidence: f32,
}

/// A moment with its evidence, ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct Dreamt {
    pub(crate) derived: Derived,
    pub(crate) evidence: Vec<Span>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) embedding: Vec<f32>,
    /// How many other moments rest on the very same words of the same records.
    pub(crate) n_namesakes: u32,
}

impl Dreamt {
    /// A moment's identity is its evidence: which records, which words.
    pub(crate) fn key(&self) -> Hash {
        let mut parts: Vec<Vec<u8>> = self
            .evidence
            .iter()
            .map(|span| [span.record_id.to_le_bytes().as_slice(), &span.words.0].concat())
            .collect();
        parts.sort();
        if self.n_namesakes > 0 {
            parts.push(self.n_namesakes.to_le_bytes().to_vec());
        }
        Hash::of_fields(parts.iter().map(Vec::as_slice))
    }
}
