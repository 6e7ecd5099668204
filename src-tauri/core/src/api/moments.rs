//! Moments: seeing one with its evidence, and correcting it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::pieces::Piece;
use crate::{Error, Journal, Result, clock::Precision, event::Event, fading::Thing};

/// An emotion with how strongly it shows, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EmotionWeight {
    /// For example "worried".
    pub label: String,
    /// 0 to 1.
    pub weight: f32,
}

/// How many things of one kind a moment rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceCount {
    /// The kind of source: a format's name such as "notes" or "whatsapp", or "capture".
    pub format: String,
    /// Notes, or messages of conversations.
    pub n: u32,
}

/// A moment as it stands on the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MomentCard {
    /// Its id in this journal.
    #[ts(type = "number")]
    pub id: i64,
    /// The journal's day, `YYYY-MM-DD`.
    pub day: String,
    /// Unix milliseconds. Where the precision is "day" or "unknown" it only orders moments of a day.
    #[ts(type = "number")]
    pub starts_at: i64,
    /// Unix milliseconds; equal to `starts_at` where no end is known.
    #[ts(type = "number")]
    pub ends_at: i64,
    /// Minutes east of UTC in force then.
    pub offset_minutes: i32,
    /// How precisely its time is known.
    pub precision: Precision,
    /// For example "conversation", "work_session", or a type of the person's own.
    pub moment_type: String,
    /// A short name.
    pub title: String,
    /// What happened, in a sentence or three.
    pub summary: String,
    /// How it ended; empty where that is not said.
    pub outcome: String,
    /// Topics, in kebab-case.
    pub tags: Vec<String>,
    /// Names of people.
    pub people: Vec<String>,
    /// What was felt, strongest first.
    pub emotions: Vec<EmotionWeight>,
    /// -1 (unpleasant) to 1 (pleasant).
    pub valence: f32,
    /// 0 (calm) to 1 (stirred).
    pub arousal: f32,
    /// Whether the person pinned it.
    pub is_pinned: bool,
    /// Whether the person hid it.
    pub is_hidden: bool,
    /// Whether the person corrected anything in it.
    pub is_corrected: bool,
    /// What it rests on.
    pub sources: Vec<SourceCount>,
}

/// The exact words a moment rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// The record they stand in.
    #[ts(type = "number")]
    pub record_id: i64,
    /// The kind of source, as in [`SourceCount::format`].
    pub format: String,
    /// The note's or conversation's title.
    pub title: String,
    /// Who wrote them, where that is known.
    pub author: String,
    /// The file they stand in, below its source; empty for quick notes.
    pub file: String,
    /// The line in that note on which they begin, counted from 1; absent for messages.
    pub line: Option<u32>,
    /// When they were written, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub occurred_at: Option<i64>,
    /// Minutes east of UTC then.
    pub offset_minutes: i32,
    /// How precisely that is known.
    pub precision: Precision,
    /// The words, with those marked that say what was felt or done.
    pub pieces: Vec<Piece>,
    /// Whether the source still says this; if not, the text is kept from an earlier version.
    pub is_current: bool,
}

/// What people decided or learnt together in a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JointInsight {
    /// It, in a sentence.
    pub text: String,
    /// The words that say so.
    pub evidence: Vec<Evidence>,
}

/// One source's account of a moment: a note, or a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Witness {
    /// The kind of source, as in [`SourceCount::format`].
    pub format: String,
    /// The note's or conversation's title.
    pub title: String,
    /// The file it stands in, below its source; empty for quick notes.
    pub file: String,
    /// How many of its notes or messages tell of it.
    pub n_records: u32,
    /// When it says that it began, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub starts_at: Option<i64>,
    /// When it says that it ended; equal to `starts_at` where no end is told.
    #[ts(type = "number | null")]
    pub ends_at: Option<i64>,
    /// Minutes east of UTC then.
    pub offset_minutes: i32,
    /// How precisely that is known.
    pub precision: Precision,
    /// Whether it tells another time than the one that is kept, which is the most precise one told.
    pub tells_another_time: bool,
}

/// Another moment that goes with this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RelatedMoment {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its day.
    pub day: String,
    /// Why it is here, for people: "same day", "about grant-letter", "similar words".
    pub reason: String,
    /// Its valence, for its colour.
    pub valence: f32,
}

/// A part of a moment that the person can correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// Its name.
    Title,
    /// What happened.
    Summary,
    /// What kind of thing it is.
    Type,
    /// Start, end.
    Time,
    /// Its topics.
    Tags,
    /// What was felt.
    Emotions,
    /// Whether it is out of sight.
    Hidden,
    /// Whether it is pinned.
    Pinned,
}

/// One correction by the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "field", rename_all = "lowercase")]
pub enum Correction {
    /// Gives it another name.
    Title {
        /// Not empty, at most 200 characters.
        title: String,
    },
    /// Tells it otherwise.
    Summary {
        /// At most 4,000 characters.
        summary: String,
    },
    /// Says what kind of thing it is.
    Type {
        /// One of the types that `list_moment_types` gives.
        moment_type: String,
    },
    /// Puts it at another time. From then on its precision is "exact".
    Time {
        /// Unix milliseconds.
        #[ts(type = "number")]
        starts_at: i64,
        /// Unix milliseconds, not before `starts_at`.
        #[ts(type = "number")]
        ends_at: i64,
    },
    /// Gives it other topics.
    Tags {
        /// As people write them; stored in kebab-case.
        tags: Vec<String>,
    },
    /// Says what was felt.
    Emotions {
        /// Labels with weights; an unknown label keeps the moment's valence.
        emotions: Vec<EmotionWeight>,
    },
    /// Hides it, or shows it again.
    Hidden {
        /// Whether it is out of sight.
        hidden: bool,
    },
    /// Pins it, or unpins it.
    Pinned {
        /// Whether it is pinned.
        pinned: bool,
    },
}

/// A change in the life of a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
    /// Unix milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// "dream" or "person".
    pub author: String,
    /// What was done, for people.
    pub what: String,
}

/// A moment with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MomentDetail {
    /// The moment.
    pub moment: MomentCard,
    /// How sure the mind is, 0 to 1.
    pub confidence: f32,
    /// What dreamt it.
    pub mind: String,
    /// How much of its weight is left, 0 to 1: it fades while nobody returns to it.
    pub strength: f32,
    /// Whether its type is one of the journal's list; not, if the person removed it since.
    pub is_type_registered: bool,
    /// What people decided or learnt together in it.
    pub insights: Vec<JointInsight>,
    /// Who tells of it: each note and conversation.
    pub witnesses: Vec<Witness>,
    /// The exact words it rests on.
    pub evidence: Vec<Evidence>,
    /// Moments that go with it.
    pub related: Vec<RelatedMoment>,
    /// The fields the person corrected.
    pub corrected: Vec<Field>,
    /// Its changes, newest first.
    pub history: Vec<HistoryEntry>,
}

/// Asks for one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowMoment {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
}

/// Corrects one field of a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CorrectMoment {
    /// The moment's id.
    #[ts(type = "number")]
    pub id: i64,
    /// What is to be otherwise.
    pub correction: Correction,
}

/// Takes a correction back: the field says again what the dream said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WithdrawCorrection {
    /// The moment's id.
    #[ts(type = "number")]
    pub id: i64,
    /// The field.
    pub field: Field,
}

/// One moment with its evidence. That the person opened it is counted, once a day, in the background.
///
/// # Errors
/// There is no such moment, or the store failed.
pub fn show_moment(journal: &Journal, request: ShowMoment) -> Result<MomentDetail> {
    let detail = crate::moments::show(journal, request.id)?;
    journal.visited(Thing::Moment, request.id);
    Ok(detail)
}

/// As [`show_moment`], for programs: that they look at it is no visit of the person's; what the person hid
/// is not there for them, nor are words that are gone from their source.
///
/// # Errors
/// There is no such moment, or the store failed.
pub fn look_at_moment(journal: &Journal, request: ShowMoment) -> Result<MomentDetail> {
    let mut detail = crate::moments::show(journal, request.id)?;
    if detail.moment.is_hidden {
        return Err(Error::NotFound(format!("moment {}", request.id)));
    }
    for evidence in
        detail.insights.iter_mut().map(|one| &mut one.evidence).chain([&mut detail.evidence])
    {
        let mut there = Vec::new();
        for one in evidence.drain(..) {
            if crate::records::is_there(journal, one.record_id)? {
                there.push(one);
            }
        }
        *evidence = there;
    }
    Ok(detail)
}

/// Corrects a moment; it survives every later dream.
///
/// # Errors
/// There is no such moment, the value cannot be, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn correct_moment(journal: &Journal, request: CorrectMoment) -> Result<MomentDetail> {
    let days = crate::moments::correct(journal, request.id, &request.correction)?;
    tell_again(journal, days)?;
    crate::moments::show(journal, request.id)
}

/// Takes a correction back.
///
/// # Errors
/// There is no such moment or no such correction, or the store failed.
pub fn withdraw_correction(journal: &Journal, request: WithdrawCorrection) -> Result<MomentDetail> {
    let days = crate::moments::withdraw(journal, request.id, request.field)?;
    tell_again(journal, days)?;
    crate::moments::show(journal, request.id)
}

/// A story must not go on telling what was just hidden, renamed or moved away.
fn tell_again(journal: &Journal, days: Vec<String>) -> Result<()> {
    for day in &days {
        crate::periods::tell_again(journal, day)?;
    }
    journal.tell(&Event::JournalChanged { days });
    Ok(())
}
