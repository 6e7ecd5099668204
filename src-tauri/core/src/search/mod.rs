//! Search: by words and by meaning, over moments and records.

pub(crate) mod ask;
pub(crate) mod embed;
mod filter;
mod found;
mod marks;
mod meaning;
pub(crate) mod near;
mod query;
mod run;
mod show;
pub(crate) mod tags;
mod words;

pub(crate) use embed::view as embedding_view;
pub(crate) use run::search;

use crate::{Result, moments, records, store::Store};

/// Fills an index that a step of the schema emptied.
pub(crate) fn make_ready(store: &Store) -> Result<()> {
    if store.read(moments::index::is_missing)? {
        store.write(moments::index::fill)?;
    }
    Ok(())
}

/// Gives records from before the index had stems theirs, some at a time.
pub(crate) fn catch_up(store: &Store, cancel: &crate::journal::Cancel) -> Result<()> {
    while store.read(records::index::lacks_stems)? {
        cancel.check()?;
        store.write(records::index::add_some_stems)?;
    }
    Ok(())
}
