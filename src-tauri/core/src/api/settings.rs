//! The journal's settings.

use super::Empty;
use crate::{Journal, Result, settings::Settings};

/// The settings in force.
///
/// # Errors
/// None; the signature is that of all commands.
pub fn show_settings(journal: &Journal, _: Empty) -> Result<Settings> {
    Ok(journal.settings())
}

/// Replaces the settings.
///
/// # Errors
/// A value cannot be, or the store failed.
pub fn change_settings(journal: &Journal, settings: Settings) -> Result<Settings> {
    journal.change_settings(settings)
}
