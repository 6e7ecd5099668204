//! The profile: who the journal believes the person is lately, for them to read and correct.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result};

/// How active somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Wrote on many of the last days.
    Active,
    /// Wrote on some of them.
    Moderate,
    /// Wrote on few or none.
    Inactive,
}

/// How active the person is lately, counted whenever it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Activity {
    /// By the person's own word, or else as counted.
    pub level: Level,
    /// As counted.
    pub counted: Level,
    /// Days on which they wrote.
    pub n_days: u32,
    /// Of so many calendar days, back from the newest with writing.
    pub of_days: u32,
    /// What they wrote on these days: notes and messages.
    pub n_records: u32,
    /// The first of the calendar days, `YYYY-MM-DD`; absent where nothing was written.
    pub first_day: Option<String>,
    /// The last of them.
    pub last_day: Option<String>,
    /// From so many days on they count as active; a setting.
    pub active_days: u8,
    /// From so many days on they count as moderately active; a setting.
    pub moderate_days: u8,
}

/// A moment or record that speaks for something the profile says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileEvidence {
    /// "moment" or "record".
    pub kind: String,
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its day, `YYYY-MM-DD`, where it has one.
    pub day: Option<String>,
}

/// One thing that the profile says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileLine {
    /// A sentence or two.
    pub text: String,
    /// How many things it was told or counted from.
    pub n_things: u32,
    /// Some that speak for it; none where it was counted from all.
    pub evidence: Vec<ProfileEvidence>,
}

/// Something the person is busy with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileInterest {
    /// Its name, as the person has it where they renamed or added it.
    pub name: String,
    /// Its tag, under which it was found.
    pub key: String,
    /// Whether the person added or renamed it.
    pub is_by_hand: bool,
    /// The share of the days that had it, 0 to 1; 0 where only the person says so.
    pub weight: f32,
    /// How many times that share is its share of the whole journal's days; 0 where only the person says
    /// so.
    pub lift: f32,
    /// Days that had it.
    pub n_days: u32,
    /// Moments, notes and conversations that had it.
    pub n_things: u32,
    /// The first day that ever had it; empty where only the person says so.
    pub first_day: String,
    /// The last day that had it.
    pub last_day: String,
    /// Some that speak for it.
    pub evidence: Vec<ProfileEvidence>,
}

/// Somebody around the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfilePerson {
    /// The name.
    pub name: String,
    /// Days on which they occur.
    pub n_days: u32,
    /// Moments in which they occur.
    pub n_moments: u32,
    /// Moments with them in which something was felt.
    pub n_felt: u32,
    /// How these were, -1 to 1; absent where nothing was felt.
    pub valence: Option<f32>,
    /// The first day on which they ever occurred.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// Some of the moments.
    pub evidence: Vec<ProfileEvidence>,
}

/// When moments of a type happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileRhythm {
    /// The type; empty for all.
    pub activity_type: String,
    /// Moments.
    pub n_moments: u32,
    /// Moments whose hour is known.
    pub n_timed: u32,
    /// How many began in each hour of the local day, 24 counts from midnight on.
    pub hours: Vec<u32>,
    /// How many lie on each weekday, 7 counts from Monday on.
    pub weekdays: Vec<u32>,
}

/// The profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileView {
    /// The version's number; absent while there is none.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
    /// Whether it is the newest.
    pub is_newest: bool,
    /// Why there is none yet, in a sentence; empty where there is one.
    pub why_none: String,
    /// What kind of memory it is: "semantic".
    pub layer: String,
    /// Who the person is lately, in a few sentences to them.
    pub summary: String,
    /// Whether these are the person's own words.
    pub is_summary_by_hand: bool,
    /// The summary line by line, with evidence; as it was told, where the person wrote their own.
    pub lines: Vec<ProfileLine>,
    /// Interests, those that count most first.
    pub interests: Vec<ProfileInterest>,
    /// People, those who are there most first.
    pub people: Vec<ProfilePerson>,
    /// Rhythms, that of all moments first.
    pub rhythms: Vec<ProfileRhythm>,
    /// Dreamt days by weekday, from Monday on: what counts of weekdays are to be measured by.
    pub weekday_days: Vec<u32>,
    /// Moments in which something was felt.
    pub n_felt: u32,
    /// How these were, -1 to 1.
    pub valence: Option<f32>,
    /// The same of the whole journal.
    pub valence_ever: Option<f32>,
    /// How active the person is lately; for an older version, was then.
    pub activity: Activity,
    /// What the person is called in the settings and in chats.
    pub own_names: Vec<String>,
    /// The language of most of the material, for example "en"; empty where nobody can say.
    pub language: String,
    /// The first of its days, `YYYY-MM-DD`; empty where there is no version.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// Dreamt days that it was told from.
    pub n_days: u32,
    /// Moments that it was told from.
    pub n_moments: u32,
    /// Conversations with a summary that it was told from.
    pub n_sessions: u32,
    /// Notes and documents that it was told from.
    pub n_resources: u32,
    /// Who told the summary, for example "built-in analyser"; empty where there is no version.
    pub mind: String,
    /// Whether that was a model.
    pub is_by_model: bool,
    /// Whether it is told again when there is a model.
    pub is_provisional: bool,
    /// When it was made, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub generated_at: Option<i64>,
    /// People whom the person hid from it.
    pub hidden_people: Vec<String>,
    /// Interests that the person removed.
    pub removed_interests: Vec<String>,
}

/// Asks for the profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ShowProfile {
    /// An older version, as it was told then; the newest if absent.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
}

/// One version in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileVersion {
    /// Its number.
    #[ts(type = "number")]
    pub version: i64,
    /// When it was made, in Unix milliseconds.
    #[ts(type = "number")]
    pub generated_at: i64,
    /// Who told its summary.
    pub mind: String,
    /// Whether a model was missed.
    pub is_provisional: bool,
    /// The first of its days, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// As it was told, without those whom the person hid.
    pub summary: String,
}

/// A part of the profile that the person can take back their word on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ProfileField {
    /// The summary.
    Summary,
    /// How active they are.
    Activity,
    /// An interest, or all of them.
    Interest,
    /// A person, or all of them.
    Person,
}

/// What the person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum ProfileEdit {
    /// Tells the summary in their own words.
    Summary {
        /// The words.
        text: String,
    },
    /// Says how active they are.
    Activity {
        /// How active.
        level: Level,
    },
    /// Adds an interest.
    AddInterest {
        /// Its name.
        name: String,
    },
    /// Removes an interest.
    RemoveInterest {
        /// Its name.
        name: String,
    },
    /// Gives an interest another name.
    RenameInterest {
        /// As it is called.
        from: String,
        /// As it is to be called.
        to: String,
    },
    /// Hides a person.
    HidePerson {
        /// The name.
        name: String,
    },
    /// Takes a word of theirs back.
    Reset {
        /// Of what.
        field: ProfileField,
        /// Of which interest or person; of all of them, if absent.
        name: Option<String>,
    },
}

/// Edits the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditProfile {
    /// What is to be otherwise.
    pub edit: ProfileEdit,
}

/// The profile, with the person's edits laid over it.
///
/// # Errors
/// There is no such version, or the store failed.
pub fn show_profile(journal: &Journal, request: ShowProfile) -> Result<ProfileView> {
    crate::profile::show(journal, request.version)
}

/// The versions of the profile, the newest first.
///
/// # Errors
/// The store failed.
pub fn list_profile_versions(journal: &Journal, _: Empty) -> Result<Vec<ProfileVersion>> {
    crate::profile::list(journal)
}

/// Edits the profile; the edit is laid over every later version.
///
/// # Errors
/// A text or name cannot be, there is no such interest, person or edit, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn edit_profile(journal: &Journal, request: EditProfile) -> Result<ProfileView> {
    crate::profile::edit(journal, &request.edit)?;
    crate::profile::show(journal, None)
}
