//! Search: full text over records and moments, and the vectors that say which are alike.

pub(crate) mod ask;
pub(crate) mod embed;
mod full_text;
mod query;
pub(crate) mod tags;

pub(crate) use embed::view as embedding_view;
pub(crate) use full_text::search;
