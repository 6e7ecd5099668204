//! Topics: what the moments are about. Tags that are one subject are gathered to a topic, topics that
//! share moments are related, related topics make communities; all of it grows from what was written, not
//! from a list made beforehand.
//!
//! [`Material`] is what is read, [`gather`] makes of it what there should be (pure), [`Kept`] is what is
//! there, and [`Difference`] is what has to be written: so what has not changed is not written, and a
//! topic keeps its number and its name while its tags come and go.

mod corrections;
mod forget;
mod gather;
mod kept;
mod matching;
mod material;
mod naming;
mod shape;
mod show;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use corrections::{hide, merge, rename, split};
pub(crate) use forget::{after_undo, forget, resting_on};
pub(crate) use gather::gather;
pub(crate) use kept::Kept;
pub(crate) use material::Material;
pub(crate) use naming::{Wanted, keep_name, wanted};
pub(crate) use show::{communities, holder, list, names, show};
pub(crate) use write::{Asking, Difference, Due, Written, write};
