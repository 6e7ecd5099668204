//! Topics: what the moments are about, how topics go together, and what the person says of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Empty,
    dreams::{DreamRequest, Stage},
    looking_back::{MomentPlace, StoryLine},
    moments::MomentCard,
    periods::KindHours,
};
use crate::{Error, Journal, Result, event::Event, journal::Cancel, mind::pick, topics};

/// In which order topics are listed; equals by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum TopicOrder {
    /// The one that was met last comes first.
    #[default]
    Recent,
    /// The one with the most moments comes first.
    Moments,
    /// The most important comes first.
    Importance,
    /// By name.
    Name,
}

/// Which topics to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListTopics {
    /// Only those whose name or one of whose tags has this in it, however it is spelt.
    pub query: String,
    /// Only those of this community, of either level.
    #[ts(type = "number | null")]
    pub community_id: Option<i64>,
    /// Hidden ones, too.
    pub with_hidden: bool,
    /// At most so many; 0: a hundred.
    pub limit: u32,
    /// In which order.
    pub order: TopicOrder,
}

/// A topic in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicCard {
    /// Its number; it stays from night to night.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The tag that it has its name from.
    pub tag: String,
    /// Whether the person gave it its name.
    pub is_named: bool,
    /// Whether the person hid it.
    pub is_hidden: bool,
    /// Moments that are about it.
    pub n_moments: u32,
    /// The day of its first moment, `YYYY-MM-DD`.
    pub first_day: String,
    /// The day of its last moment.
    pub last_day: String,
    /// 0 to 1, by how many moments it has and what they weigh.
    pub importance: f32,
    /// Mean valence, -1 to 1, of those in which something was felt.
    pub valence: Option<f32>,
    /// Mean arousal, 0 to 1.
    pub arousal: Option<f32>,
    /// How many topics it is related to.
    pub degree: u32,
    /// The sum of the weights of these relations.
    pub weight: f32,
    /// The community it belongs to.
    #[ts(type = "number | null")]
    pub community_id: Option<i64>,
    /// The broader topic that it is a part of.
    #[ts(type = "number | null")]
    pub broader_id: Option<i64>,
}

/// Topics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicList {
    /// As many as were asked for.
    pub topics: Vec<TopicCard>,
    /// How many there are in all.
    pub n_total: u32,
}

/// Asks for one topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowTopic {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// Another topic by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TopicRef {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Its moments.
    pub n_moments: u32,
}

/// A topic that shares moments with this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RelatedTopic {
    /// Which one.
    pub topic: TopicRef,
    /// 0 to 1.
    pub weight: f32,
    /// Why: "12 moments together".
    pub reason: String,
}

/// A tag of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TagCount {
    /// In kebab-case.
    pub tag: String,
    /// Moments that have it.
    pub n_moments: u32,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonCount {
    /// Their name.
    pub name: String,
    /// Moments of the topic that they took part in.
    pub n_moments: u32,
}

/// A month of a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Moments.
    pub n_moments: u32,
    /// Mean valence of those in which something was felt.
    pub valence: Option<f32>,
    /// How many these are.
    pub n_felt: u32,
}

/// How a topic ended last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastOutcome {
    /// The last moment of the topic that says how it ended.
    #[ts(type = "number")]
    pub moment_id: i64,
    /// Its day.
    pub day: String,
    /// How it ended, in the moment's words.
    pub outcome: String,
    /// Whether moments came after it that do not say how they ended.
    pub is_older: bool,
}

/// A community by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommunityRef {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// A topic with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicDetail {
    /// The topic.
    pub topic: TopicCard,
    /// The tags that it was gathered from.
    pub tags: Vec<TagCount>,
    /// Who took part, the most often first.
    pub people: Vec<PersonCount>,
    /// What it is a part of.
    pub broader: Option<TopicRef>,
    /// Its parts.
    pub narrower: Vec<TopicRef>,
    /// What it shares moments with, the strongest first.
    pub related: Vec<RelatedTopic>,
    /// Its community, then the community of that one.
    pub communities: Vec<CommunityRef>,
    /// When it was written about.
    pub months: Vec<TopicMonth>,
    /// A few sentences, by rule and in the moments' own words: how it began, what mattered most, how it is
    /// now, and how it ended last.
    pub story: Vec<StoryLine>,
    /// Minutes of its moments known by the clock; where they overlap, a minute counts once.
    pub minutes: u32,
    /// Minutes beside them whose beginning or end is only known about.
    pub approximate_minutes: u32,
    /// By type of moment, the longest first.
    pub hours: Vec<KindHours>,
    /// Its latest moments, the last first; at most 100.
    pub moments: Vec<MomentCard>,
    /// Where the earlier ones begin, for `list_moments_of`.
    pub next: Option<MomentPlace>,
    /// How it ended last.
    pub last_outcome: Option<LastOutcome>,
    /// Whether the next dream has still to do what the person said of it.
    pub is_waiting: bool,
}

/// Topics that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CommunityView {
    /// Its number; it stays from night to night.
    #[ts(type = "number")]
    pub id: i64,
    /// 1: of topics; 2: of communities.
    pub level: u8,
    /// The community of level 2 that it belongs to.
    #[ts(type = "number | null")]
    pub parent_id: Option<i64>,
    /// What it is called.
    pub name: String,
    /// Whether a model found the name; otherwise it is called by its most central topics.
    pub is_by_model: bool,
    /// Whether a model is to find one that was missed.
    pub is_provisional: bool,
    /// How many topics it has.
    pub n_topics: u32,
    /// How many moments.
    pub n_moments: u32,
    /// Its topics with the most relations; at most 12.
    pub topics: Vec<TopicRef>,
}

/// Gives a topic another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RenameTopic {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// At most 80 characters; absent: it is called by its tag again.
    pub name: Option<String>,
}

/// Makes one topic of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeTopics {
    /// The one that goes.
    #[ts(type = "number")]
    pub id: i64,
    /// The one that it goes into; its number and name stay.
    #[ts(type = "number")]
    pub into: i64,
}

/// Makes a tag of a topic a topic of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SplitTopic {
    /// The topic's number.
    #[ts(type = "number")]
    pub id: i64,
    /// The tag.
    pub tag: String,
}

/// Puts a topic out of sight, or shows it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HideTopic {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Whether it is out of sight.
    pub hidden: bool,
}

/// Lists topics.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_topics(journal: &Journal, request: ListTopics) -> Result<TopicList> {
    topics::list(journal, &request)
}

/// One topic with its tags, people, moments and how it ended last.
///
/// # Errors
/// There is no such topic, or the store failed.
pub fn show_topic(journal: &Journal, request: ShowTopic) -> Result<TopicDetail> {
    topics::show(journal, request.id)
}

/// Lists communities: those of level 2 first, each level by its moments.
///
/// # Errors
/// The store failed.
pub fn list_communities(journal: &Journal, _: Empty) -> Result<Vec<CommunityView>> {
    topics::communities(journal)
}

/// Renames a topic; it survives every later dream.
///
/// # Errors
/// There is no such topic, the name cannot be, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn rename_topic(journal: &Journal, request: RenameTopic) -> Result<TopicDetail> {
    topics::rename(journal, request.id, request.name.as_deref())?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    topics::show(journal, request.id)
}

/// Makes one topic of two, at once or, while a dream runs, with the next one; it survives every later dream.
/// The reply is the one that stays.
///
/// # Errors
/// There is no such topic, both are one, or the store failed.
pub fn merge_topics(journal: &Journal, request: MergeTopics) -> Result<TopicDetail> {
    topics::merge(journal, request.id, request.into)?;
    gather_now(journal)?;
    topics::show(journal, request.into)
}

/// Makes a tag of a topic a topic of its own, at once or, while a dream runs, with the next one; it survives
/// every later dream. The reply is the topic that the tag is in now.
///
/// # Errors
/// There is no such topic, it has no such tag or no other, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn split_topic(journal: &Journal, request: SplitTopic) -> Result<TopicDetail> {
    let tag = topics::split(journal, request.id, &request.tag)?;
    gather_now(journal)?;
    let id = topics::holder(journal, &tag)?.unwrap_or(request.id);
    topics::show(journal, id)
}

/// Puts a topic out of sight, or shows it again; it survives every later dream.
///
/// # Errors
/// There is no such topic, or the store failed.
pub fn hide_topic(journal: &Journal, request: HideTopic) -> Result<TopicDetail> {
    topics::hide(journal, request.id, request.hidden)?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    topics::show(journal, request.id)
}

/// Lets a dream of this one stage do what the person said; no model is asked for it. Where a dream runs
/// already, the next one does it.
fn gather_now(journal: &Journal) -> Result<()> {
    let request = DreamRequest {
        cause: "topics".into(),
        stages: vec![Stage::Topics],
        model: Some(pick::OFF.into()),
        ..DreamRequest::default()
    };
    match journal.dream(&request, &Cancel::default()) {
        Ok(_) | Err(Error::Busy(_)) => {}
        Err(error) => return Err(error),
    }
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(())
}
