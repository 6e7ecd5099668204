//! Reckons with days: weeks, months, seasons, always looking back from today.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::Asked;
use crate::text::calendar_words::{Season, Unit};

/// The first day and the last, included.
pub(super) type Stretch = (NaiveDate, NaiveDate);

/// Years that may be meant where a bare number stands for one.
pub(super) const FIRST_YEAR: i32 = 1900;

impl Asked {
    pub(super) fn one(day: NaiveDate) -> Stretch {
        (day, day)
    }

    /// So many days before today.
    pub(super) fn days_ago(&self, n: u32) -> Option<NaiveDate> {
        self.today.checked_sub_days(Days::new(u64::from(n)))
    }

    /// The week in which a day lies.
    pub(super) fn week_of(&self, day: NaiveDate) -> Option<Stretch> {
        let n_past = day.weekday().days_since(self.week_start);
        let from = day.checked_sub_days(Days::new(u64::from(n_past)))?;
        Some((from, from.checked_add_days(Days::new(6))?))
    }

    /// The unit that lies so many of its kind before today's; 0 is today's.
    pub(super) fn unit_ago(&self, unit: Unit, n: u32) -> Option<Stretch> {
        match unit {
            Unit::Hour => Some(Self::one(self.days_ago(n.div_ceil(24))?)),
            Unit::Day => Some(Self::one(self.days_ago(n)?)),
            Unit::Week => self.week_of(self.days_ago(n.checked_mul(7)?)?),
            Unit::Month => {
                let day = self.today.with_day(1)?.checked_sub_months(Months::new(n))?;
                month_of(day.year(), day.month())
            }
            Unit::Quarter => {
                let first = self.today.with_day(1)?.with_month(self.today.month0() / 3 * 3 + 1)?;
                let from = first.checked_sub_months(Months::new(n.checked_mul(3)?))?;
                months_from(from, 3)
            }
            Unit::Year => year_of(self.today.year().checked_sub(i32::try_from(n).ok()?)?),
        }
    }

    /// So many units back from today, which is in it.
    pub(super) fn back(&self, unit: Unit, n: u32) -> Option<Stretch> {
        let from = match unit {
            Unit::Hour => self.days_ago(n.div_ceil(24))?,
            Unit::Day => self.days_ago(n)?,
            Unit::Week => self.days_ago(n.checked_mul(7)?)?,
            Unit::Month => self.today.checked_sub_months(Months::new(n))?,
            Unit::Quarter => self.today.checked_sub_months(Months::new(n.checked_mul(3)?))?,
            Unit::Year => self.today.checked_sub_months(Months::new(n.checked_mul(12)?))?,
        };
        Some((from, self.today))
    }

    /// The same day so many years before.
    pub(super) fn this_day_years_ago(&self, n: u32) -> Option<NaiveDate> {
        self.today.checked_sub_months(Months::new(n.checked_mul(12)?))
    }

    /// The last such weekday before today.
    pub(super) fn last_weekday(&self, weekday: Weekday) -> Option<NaiveDate> {
        let n = self.today.weekday().days_since(weekday);
        self.days_ago(if n == 0 { 7 } else { n })
    }

    /// The latest such weekday, today included.
    pub(super) fn this_weekday(&self, weekday: Weekday) -> Option<NaiveDate> {
        self.days_ago(self.today.weekday().days_since(weekday))
    }

    /// The latest stretch that has begun, or that is over, of those that `of` gives for each year.
    pub(super) fn latest(
        &self,
        is_over: bool,
        of: impl Fn(i32) -> Option<Stretch>,
    ) -> Option<Stretch> {
        // Eight years are enough for a 29 February, also over the end of a century.
        (0..=8)
            .filter_map(|n| of(self.today.year() - n))
            .find(|(from, until)| if is_over { *until < self.today } else { *from <= self.today })
    }

    /// The season that begins in a year.
    pub(super) fn season(&self, season: Season, year: i32) -> Option<Stretch> {
        let north = match season {
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 12,
        };
        let month = if self.is_southern { (north + 5) % 12 + 1 } else { north };
        months_from(NaiveDate::from_ymd_opt(year, month, 1)?, 3)
    }

    /// The latest weekend that has begun, or that is over.
    pub(super) fn weekend(&self, is_over: bool) -> Option<Stretch> {
        let saturday = self.this_weekday(Weekday::Sat)?;
        let sunday = saturday.checked_add_days(Days::new(1))?;
        if is_over && sunday >= self.today {
            let before = saturday.checked_sub_days(Days::new(7))?;
            return Some((before, before.checked_add_days(Days::new(1))?));
        }
        Some((saturday, sunday))
    }

    /// The week of a number by ISO 8601; without a year the latest that has begun.
    pub(super) fn numbered_week(&self, number: u32, year: Option<i32>) -> Option<Stretch> {
        let of = |year: i32| {
            let from = NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)?;
            Some((from, from.checked_add_days(Days::new(6))?))
        };
        match year {
            Some(year) => of(year),
            None => self.latest(false, of),
        }
    }

    /// The latest day of this number in a month.
    pub(super) fn day_of_month(&self, day: u32) -> Option<NaiveDate> {
        let first = self.today.with_day(1)?;
        (0..=2)
            .filter_map(|n| first.checked_sub_months(Months::new(n))?.with_day(day))
            .find(|date| *date <= self.today)
    }

    /// The day of a month, in a year or the latest.
    pub(super) fn date(&self, year: Option<i32>, month: u32, day: u32) -> Option<NaiveDate> {
        match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day),
            None => {
                let of = |year: i32| NaiveDate::from_ymd_opt(year, month, day).map(Self::one);
                self.latest(false, of).map(|(day, _)| day)
            }
        }
    }
}

/// A month of the calendar.
pub(super) fn month_of(year: i32, month: u32) -> Option<Stretch> {
    months_from(NaiveDate::from_ymd_opt(year, month, 1)?, 1)
}

/// A quarter of the calendar, 1 to 4.
pub(super) fn quarter_of(year: i32, number: u32) -> Option<Stretch> {
    let month = number.checked_sub(1)?.checked_mul(3)? + 1;
    months_from(NaiveDate::from_ymd_opt(year, month, 1)?, 3)
}

/// A year of the calendar.
pub(super) fn year_of(year: i32) -> Option<Stretch> {
    months_from(NaiveDate::from_ymd_opt(year, 1, 1)?, 12)
}

fn months_from(from: NaiveDate, n: u32) -> Option<Stretch> {
    Some((from, from.checked_add_months(Months::new(n))?.pred_opt()?))
}

/// Where in a stretch something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Third {
    First,
    Middle,
    Last,
}

/// The beginning, the middle or the end of a stretch: a third of its days, rounded up.
pub(super) fn third((from, until): Stretch, which: Third) -> Option<Stretch> {
    let n_days = u64::try_from((until - from).num_days() + 1).ok()?;
    let length = n_days.div_ceil(3);
    let after = |n: u64| from.checked_add_days(Days::new(n));
    match which {
        Third::First => Some((from, after(length - 1)?)),
        Third::Middle => {
            Some((after((n_days - length) / 2)?, after((n_days - length) / 2 + length - 1)?))
        }
        Third::Last => Some((after(n_days - length)?, until)),
    }
}
