//! Which days a week, a month or a year has. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::api::periods::PeriodKind;

/// All kinds, the shorter first: a longer one is told from shorter ones.
pub(crate) const KINDS: [PeriodKind; 3] = [PeriodKind::Week, PeriodKind::Month, PeriodKind::Year];

/// A period longer than a day: its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) kind: PeriodKind,
    pub(crate) from: NaiveDate,
    /// Included.
    pub(crate) until: NaiveDate,
}

impl Span {
    /// The one in which a day lies. `week_start` is the day on which a week begins.
    pub(crate) fn of(kind: PeriodKind, day: NaiveDate, week_start: Weekday) -> Self {
        let (from, next) = match kind {
            PeriodKind::Week => {
                let n_past = day.weekday().days_since(week_start);
                let from = day.checked_sub_days(Days::new(u64::from(n_past)));
                (from, from.and_then(|from| from.checked_add_days(Days::new(7))))
            }
            PeriodKind::Month => {
                let from = day.with_day(1);
                (from, from.and_then(|from| from.checked_add_months(Months::new(1))))
            }
            PeriodKind::Year => {
                let from = NaiveDate::from_ymd_opt(day.year(), 1, 1);
                (from, NaiveDate::from_ymd_opt(day.year() + 1, 1, 1))
            }
        };
        Self {
            kind,
            from: from.unwrap_or(day),
            until: next.and_then(|next| next.pred_opt()).unwrap_or(day),
        }
    }

    /// All in which one of these days lies, the shorter first, each in order of time.
    pub(crate) fn covering<'d>(
        days: impl IntoIterator<Item = &'d str>,
        week_start: Weekday,
    ) -> BTreeSet<Self> {
        let days: BTreeSet<NaiveDate> =
            days.into_iter().filter_map(|day| day.parse().ok()).collect();
        KINDS
            .iter()
            .flat_map(|kind| days.iter().map(|day| Self::of(*kind, *day, week_start)))
            .collect()
    }

    /// The one before it.
    pub(crate) fn before(&self, week_start: Weekday) -> Option<Self> {
        Some(Self::of(self.kind, self.from.pred_opt()?, week_start))
    }

    /// The first day and the last, as the database has them.
    pub(crate) fn days(&self) -> (String, String) {
        (self.from.to_string(), self.until.to_string())
    }
}

/// The word in the database.
pub(crate) fn word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Week => "week",
        PeriodKind::Month => "month",
        PeriodKind::Year => "year",
    }
}

/// The kind of a word in the database; `None` for "day".
pub(crate) fn kind_of(word: &str) -> Option<PeriodKind> {
    KINDS.into_iter().find(|kind| self::word(*kind) == word)
}

/// The kind that one of this kind is told from, beside days.
pub(crate) fn shorter(kind: PeriodKind) -> Option<PeriodKind> {
    match kind {
        PeriodKind::Week => None,
        PeriodKind::Month => Some(PeriodKind::Week),
        PeriodKind::Year => Some(PeriodKind::Month),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(kind: PeriodKind, day: &str, week_start: Weekday) -> (String, String) {
        Span::of(kind, day.parse().unwrap(), week_start).days()
    }

    fn words(from: &str, until: &str) -> (String, String) {
        (from.into(), until.into())
    }

    #[test]
    fn a_week_begins_on_the_day_that_was_set() {
        let week = |day, start| days(PeriodKind::Week, day, start);
        assert_eq!(week("2026-10-14", Weekday::Mon), words("2026-10-12", "2026-10-18"));
        assert_eq!(week("2026-10-18", Weekday::Mon), words("2026-10-12", "2026-10-18"));
        assert_eq!(week("2026-10-18", Weekday::Sun), words("2026-10-18", "2026-10-24"));
        assert_eq!(week("2026-10-14", Weekday::Sat), words("2026-10-10", "2026-10-16"));
    }

    #[test]
    fn a_week_may_lie_in_two_years_and_a_month_may_have_29_days() {
        let week = days(PeriodKind::Week, "2027-01-01", Weekday::Mon);
        assert_eq!(week, words("2026-12-28", "2027-01-03"));
        let month = days(PeriodKind::Month, "2028-02-10", Weekday::Mon);
        assert_eq!(month, words("2028-02-01", "2028-02-29"));
        let year = days(PeriodKind::Year, "1660-05-01", Weekday::Mon);
        assert_eq!(year, words("1660-01-01", "1660-12-31"));
    }

    #[test]
    fn the_periods_of_two_days_are_named_once_and_the_shorter_come_first() {
        let spans = Span::covering(["2026-10-31", "2026-11-01"], Weekday::Mon);
        let named: Vec<(PeriodKind, String)> =
            spans.iter().map(|span| (span.kind, span.from.to_string())).collect();
        assert_eq!(
            named,
            [
                (PeriodKind::Week, "2026-10-26".into()),
                (PeriodKind::Month, "2026-10-01".into()),
                (PeriodKind::Month, "2026-11-01".into()),
                (PeriodKind::Year, "2026-01-01".into()),
            ]
        );
    }

    proptest! {
        #[test]
        fn every_day_lies_in_its_period_and_the_next_day_in_it_or_in_the_next(
            n in 0i32..3_000_000, start in 0u8..7, kind in 0usize..3,
        ) {
            let day = NaiveDate::from_num_days_from_ce_opt(n).unwrap();
            let week_start = Weekday::try_from(start).unwrap();
            let span = Span::of(KINDS[kind], day, week_start);
            prop_assert!(span.from <= day && day <= span.until);
            prop_assert_eq!(Span::of(KINDS[kind], span.from, week_start), span);
            prop_assert_eq!(Span::of(KINDS[kind], span.until, week_start), span);
            let next = span.until.succ_opt().unwrap();
            prop_assert_eq!(Span::of(KINDS[kind], next, week_start).before(week_start), Some(span));
        }
    }
}
