//! When a failed job is tried again. Pure.

use crate::{Error, settings::JobSettings, store::Hash};

/// No gap between two tries is longer, in milliseconds: an hour.
const LONGEST_MS: u64 = 3_600_000;
/// Share of the gap by which it is shortened or lengthened, in thousandths: what failed together shall
/// not come back together.
const JITTER: u64 = 250;

/// What becomes of a job that could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It waits so many milliseconds; this was no try of its own.
    Wait(u64),
    /// It is tried again after so many milliseconds.
    Again(u64),
    /// Nothing gets better by trying.
    Dead,
}

/// Decides it. `n_attempts` counts this one.
pub(super) fn next(error: &Error, job_id: i64, n_attempts: u32, settings: &JobSettings) -> Next {
    match error {
        // Somebody else works just now, or the program ends: nothing was wrong with the job.
        Error::Busy(_) => Next::Wait(u64::from(settings.retry_delay_seconds) * 1_000),
        Error::Cancelled => Next::Wait(0),
        Error::InvalidInput(_) | Error::NotFound(_) | Error::NewerJournal { .. } => Next::Dead,
        Error::Io { .. } | Error::Store { .. } if n_attempts > settings.max_retries => Next::Dead,
        Error::Io { .. } | Error::Store { .. } => Next::Again(gap(job_id, n_attempts, settings)),
    }
}

/// The gap after the given try: the base, doubled with each, jittered by the job's number so that it is
/// the same in every run, and capped. Milliseconds.
pub(super) fn gap(job_id: i64, n_attempts: u32, settings: &JobSettings) -> u64 {
    let base = u64::from(settings.retry_delay_seconds) * 1_000;
    let doubled = base.saturating_mul(1 << n_attempts.saturating_sub(1).min(20)).min(LONGEST_MS);
    let seed =
        Hash::of_fields([b"retry".as_slice(), &job_id.to_le_bytes(), &n_attempts.to_le_bytes()]);
    let thousandth = u64::from(u16::from_le_bytes([seed.0[0], seed.0[1]])) % (2 * JITTER + 1);
    (doubled / 1_000 * (1_000 - JITTER + thousandth)).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store_error() -> Error {
        Error::from(rusqlite::Error::InvalidQuery)
    }

    #[test]
    fn gaps_double_from_half_a_minute_and_differ_a_quarter_at_most() {
        let settings = JobSettings::default();
        for (n, base) in [(1, 30_000), (2, 60_000), (3, 120_000)] {
            for job in 0..200 {
                let gap = gap(job, n, &settings);
                assert!((base * 3 / 4..=base * 5 / 4).contains(&gap), "{n}: {gap}");
            }
        }
        assert_eq!(gap(7, 2, &settings), gap(7, 2, &settings));
        assert_ne!(gap(7, 2, &settings), gap(8, 2, &settings));
        assert!(gap(1, 40, &settings) <= LONGEST_MS);
    }

    #[test]
    fn a_job_is_tried_again_three_times_and_then_dead() {
        let settings = JobSettings::default();
        for n in 1..=3 {
            assert!(matches!(next(&store_error(), 1, n, &settings), Next::Again(_)), "try {n}");
        }
        assert_eq!(next(&store_error(), 1, 4, &settings), Next::Dead);
    }

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        let settings = JobSettings::default();
        assert_eq!(next(&Error::invalid("no day"), 1, 1, &settings), Next::Dead);
        assert_eq!(next(&Error::NotFound("record 1".into()), 1, 1, &settings), Next::Dead);
    }

    #[test]
    fn who_has_to_wait_has_not_tried() {
        let settings = JobSettings::default();
        let busy = Error::Busy("another one dreams".into());
        assert_eq!(next(&busy, 1, 9, &settings), Next::Wait(30_000));
        assert_eq!(next(&Error::Cancelled, 1, 9, &settings), Next::Wait(0));
    }
}
