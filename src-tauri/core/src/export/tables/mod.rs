//! What is exported, in the order of the lines.

mod kept;
mod made;
mod nights;
mod written;

use super::table::Table;

/// Every kind of thing, in the order in which their lines stand.
pub(super) fn all() -> impl Iterator<Item = &'static Table> {
    [written::TABLES, nights::TABLES, made::TABLES, kept::TABLES].into_iter().flatten()
}

/// The kind of thing with this name.
pub(super) fn named(thing: &str) -> Option<&'static Table> {
    all().find(|table| table.thing == thing)
}

/// Tables that stay out of an export: what is counted again, what belongs to this machine, what was kept
/// to undo nights, and what was asked.
const LEFT_OUT: &[&str] = &[
    // Made again from the texts.
    "records_fts",
    "messages_fts",
    "moments_fts",
    "embedders",
    "vectors",
    "vector_changes",
    "chunk_vectors",
    "moment_vectors",
    "whole_vectors",
    "whole_changes",
    "compared",
    "record_tags",
    "tagged_records",
    "text_signatures",
    // Of this machine and its work.
    "job_parts",
    "locks",
    "schedule_runs",
    // What models replied and cost.
    "mind_cache",
    "mind_cache_records",
    "mind_calls",
    "mind_models",
    // What nights can be undone with.
    "revision_rows",
    "revision_edges",
    "revision_touches",
    // What assistant programs asked.
    "assistant_calls",
];

/// Whether a table of the schema is exported, or known to stay out; `None`: nobody has decided.
#[must_use]
pub(crate) fn is_exported(table: &str) -> Option<bool> {
    let is_in = table == "settings"
        || all().any(|known| {
            known.table == table || known.children.iter().any(|child| child.table == table)
        });
    match (is_in, LEFT_OUT.contains(&table)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}
