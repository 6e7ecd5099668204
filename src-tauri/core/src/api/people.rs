//! People: who the moments speak of, since when, how often, and how the person felt with them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    graph::Neighbour,
    looking_back::{MomentPlace, StoryLine},
    moments::MomentCard,
    periods::KindHours,
};
use crate::{Journal, Result, people};

/// In which order people are listed; equals by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PeopleOrder {
    /// Who was met last comes first.
    #[default]
    Recent,
    /// Who has the most moments comes first.
    Moments,
    /// By name.
    Name,
}

/// Which people to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListPeople {
    /// Only those who have this in their names, however it is spelt.
    pub query: String,
    /// In which order.
    pub order: PeopleOrder,
    /// At most so many; 0: a hundred.
    pub limit: u32,
    /// Leaves out so many of the first.
    pub skip: u32,
}

/// Somebody in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonCard {
    /// Their number.
    #[ts(type = "number")]
    pub id: i64,
    /// How they are named in the graph: `person:7`.
    pub key: String,
    /// What they are called.
    pub name: String,
    /// Moments that they took part in.
    pub n_moments: u32,
    /// Days with these.
    pub n_days: u32,
    /// The day they were met first, `YYYY-MM-DD`.
    pub first_day: String,
    /// The day they were met last.
    pub last_day: String,
    /// Moments with them in which something was felt.
    pub n_felt: u32,
    /// Mean valence of these, -1 to 1.
    pub valence: Option<f32>,
}

/// People.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PeopleList {
    /// As many as were asked for.
    pub people: Vec<PersonCard>,
    /// How many there are in all.
    pub n_total: u32,
}

/// Asks for one person's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowPerson {
    /// Their name, or `person:7`.
    pub name: String,
}

/// A month with somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Moments.
    pub n_moments: u32,
    /// Of these, such in which something was felt.
    pub n_felt: u32,
    /// Mean valence of those.
    pub valence: Option<f32>,
}

/// Somebody with all that is known of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonDetail {
    /// Who it is.
    pub person: PersonCard,
    /// Other names that mean them.
    pub aliases: Vec<String>,
    /// Moments a month, from the first to the last.
    pub per_month: f32,
    /// The months with them.
    pub months: Vec<PersonMonth>,
    /// Mean valence of all moments of the journal in which something was felt, to compare with.
    pub valence_usual: Option<f32>,
    /// How many these are.
    pub n_felt_usual: u32,
    /// Minutes with them known by the clock; where moments overlap, a minute counts once.
    pub minutes: u32,
    /// Minutes beside them whose beginning or end is only known about.
    pub approximate_minutes: u32,
    /// By type of moment, the longest first.
    pub hours: Vec<KindHours>,
    /// A few sentences, by rule and in the moments' own words.
    pub story: Vec<StoryLine>,
    /// Topics they share moments with, the strongest first, each with its edge.
    pub topics: Vec<Neighbour>,
    /// People they share moments with.
    pub people: Vec<Neighbour>,
    /// The last moments with them, the last first; at most 50.
    pub moments: Vec<MomentCard>,
    /// Where the earlier ones begin, for `list_moments_of`.
    pub next: Option<MomentPlace>,
}

/// Lists people whom moments name.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_people(journal: &Journal, request: ListPeople) -> Result<PeopleList> {
    people::list(journal, &request)
}

/// One person's page.
///
/// # Errors
/// The name means nobody or several people, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn show_person(journal: &Journal, request: ShowPerson) -> Result<PersonDetail> {
    people::show(journal, &request.name)
}
