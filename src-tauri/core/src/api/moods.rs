//! What was felt with what: by topic, by hour and kind of activity; and the stretches in which most was done.
//! Counts with the sizes of what they were counted from. What is more than chance would have it is said by
//! patterns (`list_insights`), not here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{moments::MomentCard, topics::TopicRef};
use crate::{Journal, Result, moods};

/// Which moments are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MoodRequest {
    /// First day, `YYYY-MM-DD`; absent: the journal's.
    pub since: Option<String>,
    /// Last day, included; absent: the journal's.
    pub until: Option<String>,
    /// The feeling that matters: rows with most of it come first; absent: those with most that was felt.
    pub emotion: Option<String>,
    /// Rows at most, 500 at most; 0: twelve. Of productive stretches: ten.
    pub limit: u32,
}

/// In how many moments something was felt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmotionCount {
    /// For example "frustrated".
    pub label: String,
    /// Moments.
    pub n: u32,
}

/// What was felt with a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicMoods {
    /// The topic.
    pub topic: TopicRef,
    /// Moments of it in these days.
    pub n_moments: u32,
    /// Of these, such in which something was felt.
    pub n_felt: u32,
    /// Mean valence of those, -1 to 1.
    pub valence: Option<f32>,
    /// Each feeling, the most frequent first.
    pub emotions: Vec<EmotionCount>,
}

/// Feelings by topics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MoodByTopic {
    /// Moments in these days.
    pub n_moments: u32,
    /// Of these, such in which something was felt.
    pub n_felt: u32,
    /// Each feeling in all of them, the most frequent first.
    pub emotions: Vec<EmotionCount>,
    /// The topics with most of what matters first.
    pub topics: Vec<TopicMoods>,
    /// Topics with something felt that are not listed.
    pub n_left_out: u32,
}

/// What was felt in an hour with one kind of activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HourMoods {
    /// The hour in which the moments began, 0 to 23, on the wall then.
    pub hour: u8,
    /// The type of the moments.
    pub moment_type: String,
    /// How many there are.
    pub n_moments: u32,
    /// Of these, such in which something was felt.
    pub n_felt: u32,
    /// Mean valence of those.
    pub valence: Option<f32>,
    /// Each feeling, the most frequent first.
    pub emotions: Vec<EmotionCount>,
}

/// A quarter of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DayPart {
    /// 0 to 6.
    Night,
    /// 6 to 12.
    Morning,
    /// 12 to 18.
    Afternoon,
    /// 18 to 24.
    Evening,
}

/// When a feeling is most frequent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MoodPeak {
    /// The feeling.
    pub emotion: String,
    /// The type of moment.
    pub moment_type: String,
    /// The part of the day.
    pub part: DayPart,
    /// Moments of this type, in this part of the day, that have it.
    pub n: u32,
    /// Of so many in which something was felt; never fewer than five.
    pub of: u32,
    /// Moments with it by all in which something was felt, anywhere: to compare with.
    pub usual: f32,
}

/// Feelings by hour and kind of activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MoodByHour {
    /// Moments in these days.
    pub n_moments: u32,
    /// Of these, without a known hour: they are in no cell.
    pub n_without_hour: u32,
    /// Of the others, such in which something was felt.
    pub n_felt: u32,
    /// The cells that have moments, by hour, then by type.
    pub cells: Vec<HourMoods>,
    /// Where each feeling of at least five moments has its greatest share, of types in a quarter of a day with
    /// at least five felt moments; the most frequent feeling first.
    pub peaks: Vec<MoodPeak>,
    /// The same for the smallest share.
    pub lows: Vec<MoodPeak>,
}

/// A stretch in which something was done well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProductiveStretch {
    /// The moment.
    pub moment: MomentCard,
    /// How long it took.
    pub minutes: u32,
    /// Whether that is only known about.
    pub is_approximate: bool,
}

/// The longest productive stretches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProductiveStretches {
    /// The longest first.
    pub stretches: Vec<ProductiveStretch>,
    /// Moments of these days with such a feeling and a known length.
    pub n_productive: u32,
    /// Those with such a feeling whose length nobody knows.
    pub n_without_length: u32,
    /// The feelings that count as productive.
    pub feelings: Vec<String>,
}

/// What was felt with which topic.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, the feeling is none, the limit is too great, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn mood_by_topic(journal: &Journal, request: MoodRequest) -> Result<MoodByTopic> {
    moods::by_topic(journal, &request)
}

/// What was felt at which hour with which kind of activity.
///
/// # Errors
/// As [`mood_by_topic`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn mood_by_hour(journal: &Journal, request: MoodRequest) -> Result<MoodByHour> {
    moods::by_hour(journal, &request)
}

/// The longest moments in which somebody felt focused, energetic, determined or proud.
///
/// # Errors
/// As [`mood_by_topic`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn productive_stretches(
    journal: &Journal,
    request: MoodRequest,
) -> Result<ProductiveStretches> {
    moods::productive(journal, &request)
}
