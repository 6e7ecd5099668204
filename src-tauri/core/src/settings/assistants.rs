//! What assistant programs may do that the person lets into the journal.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::work::within;
use crate::Result;

/// What assistant programs may do. They come in by `rem mcp`, which the person names to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssistantSettings {
    /// Whether they may read: search, days, moments, records.
    pub may_read: bool,
    /// Whether they may write: add a note, begin a dream.
    pub may_write: bool,
    /// Days for which it is kept what they asked, 1 to 3,650.
    pub keep_days: u32,
}

impl Default for AssistantSettings {
    fn default() -> Self {
        Self { may_read: true, may_write: false, keep_days: 90 }
    }
}

impl AssistantSettings {
    pub(super) fn check(&self) -> Result<()> {
        within("the days for which it is kept what assistants asked", self.keep_days, 1, 3_650)
    }
}
