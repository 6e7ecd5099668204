//! Takes back what a dream told of days.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::{
    Result,
    store::rows::{self, Changed},
};

/// The days of a dream that is undone.
#[derive(Debug, Default)]
pub(crate) struct Undone {
    /// All days that it told.
    pub(crate) days: BTreeSet<String>,
    /// Those whose story was told again since, or forgotten: it is to be told anew from what is there.
    pub(crate) retold: BTreeSet<String>,
}

/// Puts the stories back that stood before a dream.
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
        if kind == "day" {
            undone.days.insert(starts_on.to_owned());
            if present != one.row.after || one.is_forgotten {
                undone.retold.insert(starts_on.to_owned());
            }
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
