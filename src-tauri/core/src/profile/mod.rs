//! The profile: who the journal believes the person is lately, line by line, with evidence, for them to
//! read and correct.
//!
//! Dreams lay down versions that are never changed (`versions`); what is counted is counted by rule from
//! `material` (`content`, `rhythms`), and told without a model in `lines`. What the person says of
//! themselves stands beside it (`edits`) and is laid over whatever is shown (`shown`).

mod activity;
mod content;
mod edits;
mod forget;
mod lines;
mod material;
mod own;
mod phrases;
mod rhythms;
mod shown;
mod versions;

pub(crate) use content::{Content, by_weight, engaged};
pub(crate) use edits::{Edits, edit};
pub(crate) use forget::forget;
pub(crate) use lines::{Line, names_any, told};
pub(crate) use material::{Material, Seen};
pub(crate) use shown::{FEWEST_DAYS, FEWEST_MOMENTS, list, show};
pub(crate) use versions::{Telling, add, latest};
