//! Takes back what a dream told of days, weeks, months and years.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::span::{self, Span};
use crate::{
    Result,
    store::rows::{self, Changed, Row},
};

/// What of a dream that is undone was about periods.
#[derive(Debug, Default)]
pub(crate) struct Undone {
    /// All days that it told.
    pub(crate) days: BTreeSet<String>,
    /// Those whose story was told again since, or forgotten: it is to be told anew from what is there.
    pub(crate) retold: BTreeSet<String>,
    /// The longer periods that are to the letter what they were.
    pub(crate) restored: BTreeSet<Span>,
}

/// Puts back what was told before a dream. Of a week, a month or a year later dreams have told as well: it
/// is put back where none did, and is left to [`super::mend`] otherwise.
pub(crate) fn undo(tx: &Transaction<'_>, changed: &[Changed]) -> Result<Undone> {
    let mut undone = Undone::default();
    for one in changed.iter().filter(|one| one.row.table == "periods") {
        let (Some(kind), Some(starts_on)) = (one.text("kind"), one.text("starts_on")) else {
            continue;
        };
        let id: Option<i64> = tx
            .query_row(
                "SELECT id FROM periods WHERE kind = ?1 AND starts_on = ?2",
                params![kind, starts_on],
                |row| row.get(0),
            )
            .optional()?;
        let present = id.map_or(Ok(None), |id| rows::present(tx, "periods", id))?;
        let is_as_left = is_same(present.as_ref(), one.row.after.as_ref()) && !one.is_forgotten;
        if kind == "day" {
            undone.days.insert(starts_on.to_owned());
            if !is_as_left {
                undone.retold.insert(starts_on.to_owned());
            }
        } else if is_as_left {
            undone.restored.extend(span_of(one, kind));
        } else {
            continue;
        }
        if let Some(id) = id {
            rows::take_out(tx, "periods", id)?;
        }
        if let Some(before) = one.row.before.as_ref().filter(|_| !one.is_forgotten) {
            rows::put_back(tx, "periods", before)?;
        }
    }
    Ok(undone)
}

/// Whether a row is as it was kept. Columns that the table got since are not kept of older rows.
fn is_same(present: Option<&Row>, kept: Option<&Row>) -> bool {
    match (present, kept) {
        (Some(present), Some(kept)) => {
            kept.iter().all(|(column, value)| present.get(column) == Some(value))
        }
        (present, kept) => present.is_none() && kept.is_none(),
    }
}

fn span_of(one: &Changed, kind: &str) -> Option<Span> {
    Some(Span {
        kind: span::kind_of(kind)?,
        from: one.text("starts_on")?.parse().ok()?,
        until: one.text("ends_on")?.parse().ok()?,
    })
}
