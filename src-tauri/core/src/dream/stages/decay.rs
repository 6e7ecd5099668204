//! Decay: writes how strong everything still is, today.
//!
//! Each strength is a pure function of the thing's life and of the first instant of the day
//! (`fading/formula.rs`), so a second run on the same day finds nothing to write, and days on which the
//! stage did not run are not missed. What is written is one update of a narrow table for moments and one
//! for records; a revision is begun for it, but no row of history per thing.

use rusqlite::{Connection, Transaction, functions::FunctionFlags};

use crate::{
    Journal, Result,
    api::decay::DecayReport,
    fading::{
        self, LIFE, Thing,
        formula::{self, FLOOR, Pace},
    },
    journal::Cancel,
};

/// The formula, as SQL knows it while the stage writes.
const FUNCTION: &str = "fading_strength";

/// What would be written, and the day it would be written for.
pub(in crate::dream) struct Look {
    at: i64,
    /// Counts and means, as if it were written.
    pub(in crate::dream) report: DecayReport,
}

impl Look {
    /// Whether every strength is already what it should be.
    pub(in crate::dream) fn is_nothing(&self) -> bool {
        self.report.n_faded + self.report.n_rekindled == 0
    }
}

/// Says what would be written, and writes nothing.
pub(in crate::dream) fn look(journal: &Journal, cancel: &Cancel) -> Result<Look> {
    let calendar = journal.calendar()?;
    let (today, _) = calendar.day_bounds(calendar.day_of(journal.clock().now_ms()));
    journal.store().read(|reader| {
        let at = fading::not_before_faded(reader, today)?;
        let day = calendar.day_of(at).to_string();
        let mut report = DecayReport { day, ..DecayReport::default() };
        let (mut before, mut after) = (0.0, 0.0);
        for thing in Thing::ALL {
            let table = thing.table();
            let mut find =
                reader.prepare_cached(&format!("SELECT {LIFE}, strength FROM {table}"))?;
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                cancel.check()?;
                let (life, was) = (fading::life(row)?, row.get(5)?);
                let is = formula::strength(&life, at);
                count(&mut report, formula::pace(&life, at), was, is);
                before += was;
                after += is;
            }
        }
        let n = f64::from(report.n_processed.max(1));
        (report.mean_before, report.mean_after) = (before / n, after / n);
        Ok(Look { at, report })
    })
}

fn count(report: &mut DecayReport, pace: Pace, was: f64, is: f64) {
    report.n_processed += 1;
    report.n_faded += u32::from(is < was);
    report.n_rekindled += u32::from(is > was);
    report.n_at_floor += u32::from(is <= FLOOR);
    match pace {
        Pace::Pinned => report.n_pinned += 1,
        Pace::Protected => report.n_protected += 1,
        Pace::Usual => {}
        Pace::Neglected => report.n_accelerated += 1,
    }
}

/// Writes what `look` saw, under `tx`. Asked to stop, it fails, and with the transaction goes all of it.
pub(in crate::dream) fn write(tx: &Transaction<'_>, look: &Look, cancel: &Cancel) -> Result<()> {
    teach(tx, look.at, cancel.clone())?;
    let written = update(tx, look);
    tx.remove_function(FUNCTION, 5)?;
    // Why SQLite says that the function failed.
    cancel.check()?;
    written
}

fn update(tx: &Transaction<'_>, look: &Look) -> Result<()> {
    let n_changed = look.report.n_faded + look.report.n_rekindled;
    // Where most rows change, asking each first whether it does costs more than writing it.
    let only = if n_changed > look.report.n_processed / 2 {
        String::new()
    } else {
        format!("WHERE strength <> {FUNCTION}({LIFE})")
    };
    for thing in Thing::ALL {
        let table = thing.table();
        tx.execute(&format!("UPDATE {table} SET strength = {FUNCTION}({LIFE}) {only}"), [])?;
    }
    fading::set_faded(tx, look.at)
}

/// Lets SQLite call the formula: so it stands in one place, and one sentence updates a whole table.
fn teach(connection: &Connection, at: i64, cancel: Cancel) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(FUNCTION, 5, flags, move |row| {
        if cancel.is_cancelled() {
            return Err(rusqlite::Error::UserFunctionError("asked to stop".into()));
        }
        let life = formula::Life {
            importance: row.get(0)?,
            since_at: row.get(1)?,
            visited_at: row.get(2)?,
            n_visits: row.get(3)?,
            is_pinned: row.get(4)?,
        };
        Ok(formula::strength(&life, at))
    })?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use chrono::DateTime;

    use super::*;
    use crate::{
        Error,
        clock::Clock,
        journal::{Opening, journal_path},
        mind::around::Around,
    };

    const DAY: i64 = 86_400_000;

    fn sum(journal: &Journal) -> f64 {
        let find = "SELECT sum(strength) FROM record_fading";
        journal.store().read(|r| Ok(r.query_row(find, [], |row| row.get(0))?)).unwrap()
    }

    #[test]
    fn stopped_within_its_update_it_takes_back_what_it_wrote() {
        let home = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(20_000 * DAY));
        let moves = Arc::clone(&now);
        let journal = Journal::open(Opening {
            path: journal_path(home.path(), "personal").unwrap(),
            name: "personal".into(),
            clock: Clock::from_fn(move || {
                DateTime::from_timestamp_millis(moves.load(Ordering::SeqCst)).unwrap()
            }),
            zone: "UTC".into(),
            data_dir: home.path().to_owned(),
            around: Around::default(),
        })
        .unwrap();
        for text in ["Mended the bellows.", "Swept the yard."] {
            let note = crate::api::notes::AddNote { text: text.into(), at: None };
            crate::api::notes::add_note(&journal, note).unwrap();
        }
        now.fetch_add(50 * DAY, Ordering::SeqCst);
        let cancel = Cancel::default();
        let look = look(&journal, &cancel).unwrap();
        assert_eq!(look.report.n_faded, 2);
        cancel.cancel();
        let ended = journal.store().write(|tx| write(tx, &look, &cancel));
        assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
        assert_eq!(sum(&journal), 2.0);
        journal.store().write(|tx| write(tx, &look, &Cancel::default())).unwrap();
        assert!((sum(&journal) / 2.0 - look.report.mean_after).abs() < 1e-9);
    }
}
