//! Moments: what happened, with the exact words it rests on and the person's corrections.

mod cards;
mod correct;
pub(crate) mod derive;
pub(crate) mod forget;
pub(crate) mod history;
pub(crate) mod index;
mod page;
mod related;
mod show;
pub(crate) mod types;
pub(crate) mod undo;
mod witnesses;
pub(crate) mod words;
pub(crate) mod write;

pub(crate) use cards::{
    IS_FOLDED, cards_between, cards_of, cards_of_day, n_hidden, records_between, records_of_day,
};
pub(crate) use correct::{correct, withdraw};
pub(crate) use page::{page, page_of, to_tell_of};
pub(crate) use show::show;
