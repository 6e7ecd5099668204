//! Types of moments: the common list, and what the person adds to it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result, event::Event, moments::types};

/// A type of moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MomentType {
    /// Small letters, words joined by `_`: "work_session".
    pub name: String,
    /// What it is for, in the person's words; empty where they said nothing.
    pub description: String,
    /// Whether it is one of the common list, which every journal has.
    pub is_common: bool,
    /// Whether moments are still found of it; not, if the person removed it and moments of it are left.
    pub is_registered: bool,
    /// How many moments are of it.
    pub n_moments: u32,
}

/// Registers a type, or describes one that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddMomentType {
    /// As people write it; kept in small letters, words joined by `_`, at most 40 characters.
    pub name: String,
    /// What it is for: words that tell it, parted by commas, or a sentence. At most 300 characters.
    pub description: String,
}

/// Names a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MomentTypeName {
    /// Its name.
    pub name: String,
}

/// All types: the common list, the person's own, and those that were removed and still have moments.
///
/// # Errors
/// The store failed.
pub fn list_moment_types(journal: &Journal, _: Empty) -> Result<Vec<MomentType>> {
    journal.store().read(types::list)
}

/// Registers a type of the person's own, or says of one that is there what it is for. Days that are dreamt
/// from then on have it; what was dreamt stays as it is.
///
/// # Errors
/// The name or description cannot be, there are too many types, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn add_moment_type(journal: &Journal, request: AddMomentType) -> Result<MomentType> {
    let added = types::add(journal, &request.name, &request.description)?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(added)
}

/// Removes a type of the person's own, or their words about a common one. Its moments keep their type.
/// Returns what is left.
///
/// # Errors
/// There is no such type, it is a common one that the person said nothing about, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn remove_moment_type(journal: &Journal, request: MomentTypeName) -> Result<Vec<MomentType>> {
    types::remove(journal, &request.name)?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    journal.store().read(types::list)
}
