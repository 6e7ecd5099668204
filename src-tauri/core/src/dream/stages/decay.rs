//! Decay: writes how strong everything still is, today.
//!
//! Each strength is a pure function of the thing's life and of the first instant of the day
//! (`fading/formula.rs`), so a second run on the same day finds nothing to write, and days on which the
//! stage did not run are not missed. What is written is one update of a narrow table for moments and one
//! for records; a revision is begun for it, but no row of history per thing.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, functions::FunctionFlags};

use crate::{
    Journal, Result,
    api::decay::DecayReport,
    fading::{
        self, LIFE, Thing,
        formula::{self, FLOOR, Life, Pace, Rates},
    },
    journal::Cancel,
};

/// The formula, as SQL knows it while the stage writes.
const FUNCTION: &str = "fading_strength";
/// The columns of [`LIFE`], and the strength so far.
const N_ARGUMENTS: i32 = 6;

/// What a look found.
pub(in crate::dream) struct Look {
    rates: Rates,
    /// Whether a strength is not what it should be.
    pub(in crate::dream) is_due: bool,
    /// Counts and means, as if it were written; of only a part, if the look went no further.
    pub(in crate::dream) report: DecayReport,
    at: i64,
}

/// How far a look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dream) enum Far {
    /// Over everything.
    Whole,
    /// To the first strength that is not what it should be, which is near if there is any.
    First,
}

/// Looks whether there is anything to write, and writes nothing.
pub(in crate::dream) fn look(
    journal: &Journal,
    far: Far,
    rates: Rates,
    cancel: &Cancel,
) -> Result<Look> {
    let calendar = journal.calendar()?;
    let (today, _) = calendar.day_bounds(calendar.day_of(journal.clock().now_ms()));
    journal.store().read(|reader| {
        let at = fading::not_before_faded(reader, today)?;
        let mut tally = Tally::new(at, rates);
        'all: for thing in Thing::ALL {
            let table = thing.table();
            let mut find =
                reader.prepare_cached(&format!("SELECT {LIFE}, strength FROM {table}"))?;
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                cancel.check()?;
                tally.count(&fading::life(row)?, row.get(5)?);
                if far == Far::First && tally.n_changed() > 0 {
                    break 'all;
                }
            }
        }
        let day = calendar.day_of(at).to_string();
        Ok(Look { is_due: tally.n_changed() > 0, report: tally.report(day), at, rates })
    })
}

/// Writes what `look` found to be due, and says what it came to. Asked to stop, it fails, and with the
/// transaction goes all of it.
pub(in crate::dream) fn write(
    tx: &Transaction<'_>,
    look: &Look,
    cancel: &Cancel,
) -> Result<DecayReport> {
    let tally = Arc::new(Mutex::new(Tally::new(look.at, look.rates)));
    teach(tx, &tally, cancel.clone())?;
    let written = update(tx);
    tx.remove_function(FUNCTION, N_ARGUMENTS)?;
    // Why SQLite says that the function failed.
    cancel.check()?;
    written?;
    fading::set_faded(tx, look.at)?;
    let tally = *tally.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(tally.report(look.report.day.clone()))
}

/// Every row is asked once. SQLite leaves a page alone on which nothing has changed.
fn update(tx: &Transaction<'_>) -> Result<()> {
    for thing in Thing::ALL {
        let table = thing.table();
        tx.execute(&format!("UPDATE {table} SET strength = {FUNCTION}({LIFE}, strength)"), [])?;
    }
    Ok(())
}

/// Lets SQLite call the formula: so it stands in one place, and one sentence updates and counts a whole
/// table in one pass.
fn teach(connection: &Connection, tally: &Arc<Mutex<Tally>>, cancel: Cancel) -> Result<()> {
    let tally = Arc::clone(tally);
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(FUNCTION, N_ARGUMENTS, flags, move |row| {
        if cancel.is_cancelled() {
            return Err(rusqlite::Error::UserFunctionError("asked to stop".into()));
        }
        let life = Life {
            importance: row.get(0)?,
            since_at: row.get(1)?,
            visited_at: row.get(2)?,
            n_visits: row.get(3)?,
            is_pinned: row.get(4)?,
        };
        let was = row.get(5)?;
        Ok(tally.lock().unwrap_or_else(PoisonError::into_inner).count(&life, was))
    })?;
    Ok(())
}

/// Counts and sums over all things.
#[derive(Debug, Clone, Copy)]
struct Tally {
    at: i64,
    rates: Rates,
    n: u32,
    n_faded: u32,
    n_rekindled: u32,
    n_at_floor: u32,
    n_pinned: u32,
    n_protected: u32,
    n_neglected: u32,
    before: f64,
    after: f64,
}

impl Tally {
    fn new(at: i64, rates: Rates) -> Self {
        Self {
            at,
            rates,
            n: 0,
            n_faded: 0,
            n_rekindled: 0,
            n_at_floor: 0,
            n_pinned: 0,
            n_protected: 0,
            n_neglected: 0,
            before: 0.0,
            after: 0.0,
        }
    }

    /// Counts a thing in, and returns how strong it is.
    fn count(&mut self, life: &Life, was: f64) -> f64 {
        let is = formula::strength(life, self.at, &self.rates);
        self.n += 1;
        self.n_faded += u32::from(is < was);
        self.n_rekindled += u32::from(is > was);
        self.n_at_floor += u32::from(is <= FLOOR);
        match formula::pace(life, self.at) {
            Pace::Pinned => self.n_pinned += 1,
            Pace::Protected => self.n_protected += 1,
            Pace::Usual => {}
            Pace::Neglected => self.n_neglected += 1,
        }
        self.before += was;
        self.after += is;
        is
    }

    fn n_changed(&self) -> u32 {
        self.n_faded + self.n_rekindled
    }

    fn report(&self, day: String) -> DecayReport {
        let n = f64::from(self.n.max(1));
        DecayReport {
            day,
            n_processed: self.n,
            n_faded: self.n_faded,
            n_rekindled: self.n_rekindled,
            n_protected: self.n_protected,
            n_accelerated: self.n_neglected,
            n_pinned: self.n_pinned,
            n_at_floor: self.n_at_floor,
            mean_before: self.before / n,
            mean_after: self.after / n,
            ..DecayReport::default()
        }
    }
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
        let look = look(&journal, Far::Whole, Rates::default(), &cancel).unwrap();
        assert_eq!(look.report.n_faded, 2);
        cancel.cancel();
        let ended = journal.store().write(|tx| write(tx, &look, &cancel));
        assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
        assert_eq!(sum(&journal), 2.0);
        journal.store().write(|tx| write(tx, &look, &Cancel::default())).unwrap();
        assert!((sum(&journal) / 2.0 - look.report.mean_after).abs() < 1e-9);
    }
}
