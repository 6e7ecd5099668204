//! Undoes a dream, in one transaction and under a revision of the person's.

use std::collections::BTreeSet;

use rusqlite::params;

use super::{lock::DreamLock, revisions};
use crate::{
    Error, Journal, Result,
    api::history::UndoReport,
    entities,
    graph::{edges, engaged},
    moments::{self, history, write::Writing},
    periods::{self, Which},
    records::keep::queue_days,
    store::{edge_rows, rows},
    topics,
};

/// Puts everything that a dream derived back as it was. What the person corrected since is laid over it,
/// and what they worked on stays. What models said and what it cost is not undone.
pub(crate) fn undo(journal: &Journal, id: i64) -> Result<UndoReport> {
    let _lock = DreamLock::take(journal)?;
    let calendar = journal.calendar()?;
    let week_start = journal.settings().week_start()?;
    let now = journal.clock().now_ms();
    let (moments, n_edges, days) = journal.store().write(|tx| {
        let entry = revisions::entry(tx, id)?;
        if !entry.can_undo {
            return Err(Error::invalid(format!("dream {id} cannot be undone: {}", entry.why_not)));
        }
        let mut changed = rows::of_dream(tx, id)?;
        let revision_id = history::begin(tx, None, &format!("you undid dream {id}"), now)?;
        tx.execute("UPDATE dreams SET undone_by = ?2 WHERE id = ?1", params![id, revision_id])?;
        entities::undo(tx, &mut changed)?;
        let writing = Writing { tx, revision_id, calendar: &calendar, now };
        let moments = moments::undo::undo(&writing, &changed)?;
        edges::undo(tx, &changed, &moments.kept)?;
        let n_edges = edge_rows::restore(tx, id)?;
        let told = periods::undo(tx, &changed)?;
        rows::restore_plain(tx, id, &changed)?;
        engaged::drop_dangling(tx)?;
        for day in moments.days.union(&told.retold) {
            periods::tell_anew(tx, day, revision_id, now)?;
        }
        entities::drop_unnamed(tx)?;
        topics::after_undo(tx, &changed)?;
        let days: BTreeSet<String> = told.days.union(&moments.dreamt_days).cloned().collect();
        let which = Which::ChangedBut(&told.restored);
        let touched = days.union(&moments.days).map(String::as_str);
        periods::mend(tx, touched, which, week_start, (revision_id, now))?;
        queue_days(tx, &days, now)?;
        Ok((moments, n_edges, days))
    })?;
    Ok(UndoReport {
        dream: journal.store().read(|reader| revisions::entry(reader, id))?,
        n_removed: moments.n_removed,
        n_changed: moments.n_changed,
        n_returned: moments.n_returned,
        n_kept: u32::try_from(moments.kept.len()).unwrap_or(u32::MAX),
        n_edges,
        days: days.into_iter().collect(),
    })
}
