//! The functions that a question's connection has beside SQLite's own. Their names begin with `rem_`; no
//! question names them, they stand in what a question is translated to.

pub(super) mod times;
mod words;

use std::time::Instant;

use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
    types::ValueRef,
};

use self::{
    times::{Time, Wall, stamp},
    words::TimeIsOver,
};
use crate::Result;

/// Bytes that a text may grow to by replacing in it.
const LONGEST: usize = 32 << 20;

/// All functions that a question's connection may run: SQLite's that are known to be harmless, and ours.
pub(super) const ALLOWED: &[&str] = &[
    // Of SQLite.
    "abs",
    "avg",
    "coalesce",
    "count",
    "cume_dist",
    "datetime",
    "dense_rank",
    "first_value",
    "iif",
    "ifnull",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_tree",
    "json_type",
    "json_valid",
    "lag",
    "last_value",
    "lead",
    "length",
    "max",
    "min",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "random",
    "rank",
    "round",
    "row_number",
    "group_concat",
    "string_agg",
    "substr",
    "sum",
    "total",
    "->",
    "->>",
    // Of ours.
    "rem_at",
    "rem_between",
    "rem_clock",
    "rem_date",
    "rem_days",
    "rem_format",
    "rem_length",
    "rem_like",
    "rem_local",
    "rem_lower",
    "rem_math",
    "rem_part",
    "rem_position",
    "rem_power",
    "rem_replace",
    "rem_shift",
    "rem_trim",
    "rem_truncated",
    "rem_upper",
];

/// Says with SQLite's means that the time of a question is over.
#[derive(Debug, thiserror::Error)]
#[error("time is over")]
struct Over;

type Outcome<T> = rusqlite::Result<Option<T>>;

/// Gives a connection the functions; what takes long stops at `until`.
pub(super) fn add(connection: &Connection, wall: Wall, until: Instant) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let time = move |context: &Context<'_>, n: usize| read(wall, context.get_raw(n));

    connection.create_scalar_function(
        "rem_local",
        1,
        flags,
        move |context| -> Outcome<String> {
            Ok(context.get::<Option<i64>>(0)?.and_then(|at| wall.local(at)).map(stamp))
        },
    )?;
    connection.create_scalar_function("rem_date", 1, flags, move |context| -> Outcome<String> {
        Ok(time(context, 0).map(|time| wall.day(time).to_string()))
    })?;
    connection.create_scalar_function("rem_at", 1, flags, move |context| -> Outcome<String> {
        Ok(time(context, 0).map(|time| stamp(wall.at(time))))
    })?;
    connection.create_scalar_function(
        "rem_clock",
        1,
        flags,
        move |context| -> Outcome<String> {
            Ok(time(context, 0).map(|time| wall.at(time).format("%H:%M:%S").to_string()))
        },
    )?;
    connection.create_scalar_function("rem_part", 2, flags, move |context| -> Outcome<f64> {
        let field = word(context, 0);
        Ok(time(context, 1).and_then(|time| wall.part(field, time)))
    })?;
    connection.create_scalar_function(
        "rem_truncated",
        2,
        flags,
        move |context| -> Outcome<String> {
            let unit = word(context, 0);
            Ok(time(context, 1).and_then(|time| wall.truncated(unit, time)).map(stamp))
        },
    )?;
    connection.create_scalar_function(
        "rem_shift",
        3,
        flags,
        move |context| -> Outcome<String> {
            let months: Option<i64> = context.get(1)?;
            let (Some(months), Some(seconds)) = (months, number(context.get_raw(2))) else {
                return Ok(None);
            };
            Ok(time(context, 0).and_then(|time| wall.shifted(time, months, seconds)).map(stamp))
        },
    )?;
    connection.create_scalar_function("rem_days", 2, flags, move |context| -> Outcome<String> {
        let days = number(context.get_raw(1)).map(|days| days.round() as i64);
        Ok(time(context, 0)
            .zip(days)
            .and_then(|(time, days)| wall.days_later(time, days))
            .map(|day| day.to_string()))
    })?;
    connection.create_scalar_function("rem_between", 2, flags, move |context| -> Outcome<f64> {
        Ok(time(context, 0).zip(time(context, 1)).map(|(a, b)| wall.between(a, b)))
    })?;
    connection.create_scalar_function(
        "rem_format",
        2,
        flags,
        move |context| -> Outcome<String> {
            let pattern = word(context, 1);
            Ok(time(context, 0).map(|time| wall.formatted(time, pattern)))
        },
    )?;
    add_words(connection, flags, until)?;
    add_numbers(connection, flags)
}

fn add_words(connection: &Connection, flags: FunctionFlags, until: Instant) -> Result<()> {
    let is_over = move || Instant::now() >= until;
    connection.create_scalar_function("rem_lower", 1, flags, |context| -> Outcome<String> {
        Ok(text(context.get_raw(0)).map(|text| text.to_lowercase()))
    })?;
    connection.create_scalar_function("rem_upper", 1, flags, |context| -> Outcome<String> {
        Ok(text(context.get_raw(0)).map(|text| text.to_uppercase()))
    })?;
    // text, pattern, the letter that escapes, whether capitals count for nothing
    connection.create_scalar_function("rem_like", 4, flags, move |context| -> Outcome<bool> {
        let (Some(written), Some(pattern)) = (text(context.get_raw(0)), text(context.get_raw(1)))
        else {
            return Ok(None);
        };
        let escape = word(context, 2).chars().next();
        let found = if context.get(3)? {
            words::like(&written.to_lowercase(), &pattern.to_lowercase(), escape, &is_over)
        } else {
            words::like(&written, &pattern, escape, &is_over)
        };
        found.map_err(|TimeIsOver| rusqlite::Error::UserFunctionError(Box::new(Over)))
    })?;
    connection.create_scalar_function("rem_position", 2, flags, |context| -> Outcome<i64> {
        let both = text(context.get_raw(0)).zip(text(context.get_raw(1)));
        Ok(both.map(|(text, part)| words::position(&text, &part)))
    })?;
    connection.create_scalar_function("rem_replace", 3, flags, |context| -> Outcome<String> {
        let (Some(written), Some(from), Some(to)) =
            (text(context.get_raw(0)), text(context.get_raw(1)), text(context.get_raw(2)))
        else {
            return Ok(None);
        };
        if from.is_empty() {
            return Ok(Some(written));
        }
        let grown = written.matches(from.as_str()).count().saturating_mul(to.len());
        if grown.saturating_add(written.len()) > LONGEST {
            return Err(rusqlite::Error::UserFunctionError("a text would grow too long".into()));
        }
        Ok(Some(written.replace(from.as_str(), &to)))
    })?;
    // text, unwanted letters, from which end: 1 the start, 2 the end, 3 both
    connection.create_scalar_function("rem_trim", 3, flags, |context| -> Outcome<String> {
        let ends: i64 = context.get(2)?;
        let both = text(context.get_raw(0)).zip(text(context.get_raw(1)));
        Ok(both.map(|(text, unwanted)| {
            words::trimmed(&text, &unwanted, ends & 1 != 0, ends & 2 != 0).to_owned()
        }))
    })?;
    Ok(())
}

fn add_numbers(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_scalar_function("rem_math", 2, flags, |context| -> Outcome<f64> {
        let Some(number) = number(context.get_raw(1)) else { return Ok(None) };
        Ok(Some(match word(context, 0) {
            "ceil" => number.ceil(),
            "floor" => number.floor(),
            "trunc" => number.trunc(),
            "sqrt" => number.sqrt(),
            "exp" => number.exp(),
            "ln" => number.ln(),
            "log" => number.log10(),
            _ => number.signum() * f64::from(number != 0.0),
        })
        .filter(|number| number.is_finite()))
    })?;
    connection.create_scalar_function("rem_power", 2, flags, |context| -> Outcome<f64> {
        let both = number(context.get_raw(0)).zip(number(context.get_raw(1)));
        Ok(both.map(|(base, exponent)| base.powf(exponent)).filter(|number| number.is_finite()))
    })?;
    // A length of time as hours, minutes and seconds.
    connection.create_scalar_function("rem_length", 1, flags, |context| -> Outcome<String> {
        Ok(number(context.get_raw(0)).map(|seconds| {
            let sign = if seconds < 0.0 { "-" } else { "" };
            let whole = seconds.abs().round() as u64;
            format!("{sign}{:02}:{:02}:{:02}", whole / 3_600, whole / 60 % 60, whole % 60)
        }))
    })?;
    Ok(())
}

fn read(wall: Wall, value: ValueRef<'_>) -> Option<Time> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().and_then(|text| wall.read(text)),
        _ => None,
    }
}

fn number(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// Any value as text, as SQL has it.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// An argument that the translation put there.
fn word<'c>(context: &'c Context<'_>, n: usize) -> &'c str {
    context.get_raw(n).as_str().unwrap_or_default()
}
