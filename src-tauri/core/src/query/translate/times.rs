//! Days, times and lengths of time: what they become, and reckoning with them.

use sqlparser::ast::BinaryOperator;

use super::{Span, Sql, Translator};
use crate::{
    Error, Result,
    api::query::ColumnKind::{Any, Date, Interval, List, Number, Object, Text, Time, Truth},
    query::functions::times::{self, stamp},
};

/// Parts of a time that can be asked for, as `EXTRACT` and `date_part` name them.
const PARTS: &[&str] = &[
    "century", "decade", "year", "isoyear", "quarter", "month", "week", "day", "dow", "isodow",
    "doy", "hour", "minute", "second", "epoch",
];

impl Translator<'_> {
    /// A value as a time on the wall; a day becomes when it begins.
    pub(super) fn time(&mut self, value: Sql, at: &str) -> Result<Sql> {
        match (&value.literal, value.kind) {
            (Some(text), _) => {
                let time = self.written(text, at)?;
                let text = stamp(self.present.wall.at(time));
                Ok(Sql::of(Time, self.bind(&text)))
            }
            (None, Time) => Ok(value),
            (None, Date | Text | Any) => Ok(Sql::of(Time, format!("rem_at({})", value.text))),
            _ => Err(Error::invalid(format!("this is not a time{at}"))),
        }
    }

    /// A value as a day: the journal's day of a time.
    pub(super) fn day(&mut self, value: Sql, at: &str) -> Result<Sql> {
        match (&value.literal, value.kind) {
            (Some(text), _) => {
                let time = self.written(text, at)?;
                let text = self.present.wall.day(time).to_string();
                Ok(Sql::of(Date, self.bind(&text)))
            }
            (None, Date) => Ok(value),
            // Times are written in one form only, which begins with the day.
            (None, Time) if self.present.wall.begins_at_midnight() => {
                Ok(Sql::of(Date, format!("substr({}, 1, 10)", value.text)))
            }
            (None, Time | Text | Any) => Ok(Sql::of(Date, format!("rem_date({})", value.text))),
            _ => Err(Error::invalid(format!("this is not a day{at}"))),
        }
    }

    /// A day or time that the person wrote.
    fn written(&self, text: &str, at: &str) -> Result<times::Time> {
        let today = self.present.today;
        let found = match text.trim().to_lowercase().as_str() {
            "now" => Some(times::Time::At(self.present.now)),
            "today" => Some(times::Time::Day(today)),
            "yesterday" => today.pred_opt().map(times::Time::Day),
            "tomorrow" => today.succ_opt().map(times::Time::Day),
            text => self.present.wall.read(text),
        };
        found.ok_or_else(|| {
            Error::invalid(super::clipped(&format!(
                "“{text}” is not a day or time{at}: write it like '2026-10-14' or '2026-10-14 09:30'"
            )))
        })
    }

    pub(super) fn now(&mut self) -> Sql {
        let now = stamp(self.present.now);
        Sql::of(Time, self.bind(&now))
    }

    pub(super) fn today(&mut self) -> Sql {
        let today = self.present.today.to_string();
        Sql::of(Date, self.bind(&today))
    }

    /// `EXTRACT(part FROM …)` of a time, a day or a length of time.
    pub(super) fn part(&mut self, part: &str, value: Sql, at: &str) -> Result<Sql> {
        let part = part.trim_matches('\'').to_lowercase();
        let part = part.strip_suffix('s').filter(|_| part != "dows").unwrap_or(&part);
        if !PARTS.contains(&part) {
            return Err(Error::invalid(super::clipped(&format!(
                "“{part}” is not a part of a time{at}: there are {}",
                PARTS.join(", ")
            ))));
        }
        if value.is(Interval) {
            let seconds = &value.text;
            let text = match part {
                "epoch" => seconds.clone(),
                "day" => format!("CAST({seconds} / 86400 AS INTEGER)"),
                "hour" => format!("(CAST({seconds} / 3600 AS INTEGER) % 24)"),
                "minute" => format!("(CAST({seconds} / 60 AS INTEGER) % 60)"),
                "second" => format!("(CAST({seconds} AS INTEGER) % 60)"),
                _ => {
                    return Err(Error::invalid(format!(
                        "a length of time has no “{part}”{at}: there are epoch, day, hour, minute, second"
                    )));
                }
            };
            return Ok(Sql::of(Number, text));
        }
        let value = self.day_or_time(value, at)?;
        let name = self.bind(part);
        let sql = format!("rem_part({name}, {})", value.text);
        Ok(Sql::of(Number, if part == "epoch" { sql } else { format!("CAST({sql} AS INTEGER)") }))
    }

    /// `date_trunc('week', …)`
    pub(super) fn truncated(&mut self, unit: &Sql, value: Sql, at: &str) -> Result<Sql> {
        let known = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
        let unit = unit.literal.as_deref().map(str::to_lowercase).unwrap_or_default();
        if !known.contains(&unit.as_str()) {
            return Err(Error::invalid(format!("date_trunc knows {}{at}", known.join(", "))));
        }
        let value = self.day_or_time(value, at)?;
        let unit = self.bind(&unit);
        Ok(Sql::of(Time, format!("rem_truncated({unit}, {})", value.text)))
    }

    pub(super) fn day_or_time(&mut self, value: Sql, at: &str) -> Result<Sql> {
        if value.is_time() { Ok(value) } else { self.time(value, at) }
    }

    /// Sums, differences, products, quotients.
    pub(super) fn reckoned(
        &mut self,
        left: Sql,
        op: &BinaryOperator,
        right: Sql,
        at: &str,
    ) -> Result<Sql> {
        use BinaryOperator::{Divide, Minus, Modulo, Multiply, Plus};
        for value in [&left, &right] {
            if matches!(value.kind, List | Object) {
                return Err(Error::invalid(format!(
                    "lists and objects cannot be reckoned with{at}: array_length(tags, 1) counts a list"
                )));
            }
        }
        // A text beside a day or a length of time is one of these.
        let (left, right) = match (left.kind, op, right.kind) {
            (Text, Minus, Date | Time) => (self.day_or_time(left, at)?, right),
            (Date | Time, Minus, Text) if left.literal.is_none() && right.literal.is_some() => {
                let as_length = self.length(right.clone(), at);
                let right = match as_length {
                    Ok(length) => length,
                    Err(_) => self.day_or_time(right, at)?,
                };
                (left, right)
            }
            (Date | Time | Interval, Plus | Minus, Text) => (left, self.length(right, at)?),
            (Text, Plus, Date | Time | Interval) => (self.length(left, at)?, right),
            _ => (left, right),
        };
        let sign = match op {
            Plus => "+",
            Minus => "-",
            Multiply => "*",
            Divide => "/",
            Modulo => "%",
            _ => return Err(super::refused("this operator", at)),
        };
        let plain = |kind| Ok(Sql::of(kind, format!("({} {sign} {})", left.text, right.text)));
        match (left.kind, op, right.kind) {
            (Date | Time, Plus, Interval) => Ok(shifted(&left, &right, 1)),
            (Interval, Plus, Date | Time) => Ok(shifted(&right, &left, 1)),
            (Date | Time, Minus, Interval) => Ok(shifted(&left, &right, -1)),
            (Date, Minus, Date) => Ok(Sql::of(
                Number,
                format!(
                    "CAST(round(rem_between({}, {}) / 86400) AS INTEGER)",
                    left.text, right.text
                ),
            )),
            (Date | Time, Minus, Date | Time | Any) | (Any, Minus, Date | Time) => {
                Ok(Sql::of(Interval, format!("rem_between({}, {})", left.text, right.text)))
            }
            (Date, Plus, Number | Any) => {
                Ok(Sql::of(Date, format!("rem_days({}, {})", left.text, right.text)))
            }
            (Number | Any, Plus, Date) => {
                Ok(Sql::of(Date, format!("rem_days({}, {})", right.text, left.text)))
            }
            (Date, Minus, Number) => {
                Ok(Sql::of(Date, format!("rem_days({}, - {})", left.text, right.text)))
            }
            (Date | Time, ..) | (.., Date | Time) => Err(Error::invalid(format!(
                "a day or time cannot be reckoned with like this{at}: write start_time - INTERVAL '2 hours', or CURRENT_DATE - 7"
            ))),
            (Interval, Plus | Minus, Interval | Any) | (Any, Plus | Minus, Interval) => {
                plain(Interval)
            }
            (Interval, Multiply, Number | Any) | (Number | Any, Multiply, Interval) => {
                plain(Interval)
            }
            (Interval, Divide, Interval) => plain(Number),
            (Interval, Divide, Number | Any) => {
                Ok(Sql::of(Interval, format!("({} * 1.0 / {})", left.text, right.text)))
            }
            (Interval, ..) | (.., Interval) => Err(Error::invalid(format!(
                "a length of time cannot be reckoned with like this{at}: EXTRACT(EPOCH FROM …) gives its seconds"
            ))),
            (Number | Any | Text | Truth, _, Number | Any | Text | Truth) => plain(Number),
            _ => plain(Any),
        }
    }
}

/// A day or time moved by a length of time; months by the calendar, where the person wrote them.
fn shifted(time: &Sql, by: &Sql, sign: i64) -> Sql {
    let (months, seconds) = match by.span {
        Some(Span { months, seconds }) => (sign * months, format!("{:?}", sign as f64 * seconds)),
        None if sign < 0 => (0, format!("- {}", by.text)),
        None => (0, by.text.clone()),
    };
    Sql::of(Time, format!("rem_shift({}, {months}, {seconds})", time.text))
}
