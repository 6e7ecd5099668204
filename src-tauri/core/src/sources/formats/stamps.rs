//! Times as programs write them: ISO 8601 with or without a zone, Unix seconds or milliseconds.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

use crate::{
    clock::{Precision, Stamp, Stamped},
    records::draft::MessageDraft,
};

/// 2286-11-20 in seconds: larger numbers are milliseconds. Milliseconds below it are of 1970.
const SECONDS_END: f64 = 1e10;

/// A time out of JSON: a number of seconds or milliseconds, or a text.
pub(super) fn from_json(value: &Value) -> Option<Stamped> {
    match value {
        Value::Number(number) => from_unix(number.as_f64()?),
        Value::String(text) => {
            let text = text.trim();
            from_iso(text).or_else(|| from_unix(text.parse().ok()?))
        }
        _ => None,
    }
}

/// Unix seconds, or milliseconds if the number is too large for seconds. Zero is how programs say
/// “unknown”, so it is not a time.
pub(super) fn from_unix(number: f64) -> Option<Stamped> {
    let ms = if number.abs() < SECONDS_END { number * 1000.0 } else { number };
    // 1 January 1970 to the end of 9999.
    if !(1.0..253_402_300_800_000.0).contains(&ms) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    let ms = ms.round() as i64;
    Some(Stamped::exact(Stamp::Instant(ms)))
}

/// `2025-03-06`, `2025-03-06T09:30`, `2025-03-06 09:30:00.123+01:00`, `…Z`.
///
/// A time that is given in UTC is an instant, to be shown in the journal's zone: `Z` says nothing
/// about where the person was. Another offset is where the person was, and is kept.
pub(super) fn from_iso(text: &str) -> Option<Stamped> {
    let text = text.trim();
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    if date.format("%Y-%m-%d").to_string() != text.get(..10)? {
        return None;
    }
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(Stamped::date(date));
    }
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?.trim_start();
    let zone_at = rest.find(['Z', 'z', '+', '-', '−']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let local = date.and_time(clock_of(clock.trim())?);
    let at = match zone.trim() {
        "" => Stamp::Local(local),
        "Z" | "z" => Stamp::Instant(local.and_utc().timestamp_millis()),
        offset => {
            let minutes = offset_of(offset)?;
            Stamp::Offset(local.and_utc().timestamp_millis() - i64::from(minutes) * 60_000, minutes)
        }
    };
    Some(Stamped::exact(at))
}

/// The same time, known less precisely.
fn vaguer(stamped: Stamped, precision: Precision) -> Stamped {
    Stamped { precision: stamped.precision.min(precision), until: None, ..stamped }
}

/// A message without a time takes its neighbour's, which tells the hour, or the conversation's,
/// which tells the day.
pub(super) fn date_the_undated(messages: &mut [MessageDraft], began: Option<Stamped>) {
    let hour = |stamped: Stamped| vaguer(stamped, Precision::Hour);
    let mut before = None;
    for message in messages.iter_mut() {
        message.stamped = message.stamped.or(before);
        before = message.stamped.map(hour);
    }
    let first = messages.iter().find_map(|message| message.stamped).map(hour);
    let fallback = first.or_else(|| began.map(|s| vaguer(s, Precision::Day)));
    for message in messages.iter_mut() {
        message.stamped = message.stamped.or(fallback);
    }
}

/// The wall-clock time of a stamp, where it has one; of an instant, that of UTC.
pub(super) fn wall_clock(stamp: Stamp) -> NaiveDateTime {
    match stamp {
        Stamp::Instant(at) => DateTime::from_timestamp_millis(at).unwrap_or_default().naive_utc(),
        Stamp::Offset(at, minutes) => {
            let local = at.saturating_add(i64::from(minutes) * 60_000);
            DateTime::from_timestamp_millis(local).unwrap_or_default().naive_utc()
        }
        Stamp::Local(local) => local,
        Stamp::Date(day) => day.and_time(NaiveTime::MIN),
    }
}

fn clock_of(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let mut number = |digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let part = parts.next()?;
        let is_number = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    let hour = number(1..=2)?;
    let minute = number(2..=2)?;
    let second = number(2..=2).unwrap_or(0);
    if parts.next().is_some() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let milli: u32 = format!("{fraction:0<3}")[..3].parse().ok()?;
    NaiveTime::from_hms_milli_opt(hour, minute, second.min(59), milli)
}

fn offset_of(text: &str) -> Option<i32> {
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        2 if is_number => (digits.parse::<i32>().ok()?, 0),
        4 if is_number => (digits[..2].parse().ok()?, digits[2..].parse::<i32>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> Stamp {
        Stamp::Local(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap())
    }

    #[test]
    fn iso_times_keep_what_they_say_about_the_zone() {
        let at = |text: &str| from_iso(text).map(|s| s.at);
        assert_eq!(at("2025-03-06T09:30"), Some(local("2025-03-06 09:30:00")));
        assert_eq!(at("2025-03-06 09:30:15.5"), Some(local("2025-03-06 09:30:15.5")));
        assert_eq!(at("2025-03-06T09:30:00Z"), Some(Stamp::Instant(1_741_253_400_000)));
        assert_eq!(at("2025-03-06T09:30:00+01:00"), Some(Stamp::Offset(1_741_249_800_000, 60)));
        assert_eq!(at("2025-03-06T09:30:00-0330"), Some(Stamp::Offset(1_741_266_000_000, -210)));
        assert_eq!(
            at("1660-01-03").map(wall_clock).map(|t| t.date()),
            NaiveDate::from_ymd_opt(1660, 1, 3)
        );
    }

    #[test]
    fn impossible_times_are_no_times() {
        for text in [
            "0000-00-00",
            "2025-02-30",
            "{{date}}",
            "2025-03-06T25:00",
            "tomorrow",
            "",
            "2025-03-06Tx",
            "2025-3-6",
        ] {
            assert_eq!(from_iso(text), None, "{text}");
        }
        assert_eq!(from_unix(0.0), None);
        assert_eq!(from_unix(f64::NAN), None);
        assert_eq!(from_unix(1e300), None);
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_size() {
        let expected = Some(Stamped::exact(Stamp::Instant(1_712_178_309_120)));
        assert_eq!(from_unix(1_712_178_309.12), expected);
        assert_eq!(from_unix(1_712_178_309_120.0), expected);
        assert_eq!(from_json(&Value::from("1712178309.12")), expected);
    }
}
