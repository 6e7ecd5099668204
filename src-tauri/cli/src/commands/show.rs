//! `rem show` and `rem today`: a day, a moment with the words it rests on, or a record.

use std::str::FromStr;

use clap::Args;
use rem_core::{
    Journal,
    api::{
        days::{ShowDay, show_day},
        moments::{ShowMoment, show_moment},
        records::{ShowRecord, show_record},
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    times::DayWord,
};

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A day (2026-10-14, today, yesterday), a moment's number, or record:NUMBER.
    #[arg(value_name = "WHAT")]
    what: What,
    /// Show hidden moments of a day too.
    #[arg(long)]
    with_hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Day(DayWord),
    Moment(i64),
    Record(i64),
}

impl FromStr for What {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0);
        let moment = word.strip_prefix("moment:").or(word.strip_prefix('#')).unwrap_or(word);
        if let Some(record) = word.strip_prefix("record:") {
            return number(record)
                .map(Self::Record)
                .ok_or_else(|| "a record looks like record:12".into());
        }
        if let Some(id) = number(moment) {
            return Ok(Self::Moment(id));
        }
        word.parse().map(Self::Day).map_err(|_| {
            "a day looks like 2026-10-14, today or yesterday; a moment like 12; a record like record:12"
                .into()
        })
    }
}

pub(crate) fn today(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    day(desk, &journal, DayWord::Today, false)
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Show) -> Result<Exit> {
    let journal = desk.open()?;
    match args.what {
        What::Day(word) => day(desk, &journal, word, args.with_hidden),
        What::Moment(id) => moment(desk, &journal, id),
        What::Record(id) => record(desk, &journal, id),
    }
}

fn day(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    word: DayWord,
    with_hidden: bool,
) -> Result<Exit> {
    let present = Present::of(journal)?;
    let view = show_day(journal, ShowDay { day: present.day(word), with_hidden })?;
    if desk.is_json() {
        return desk.json(&view);
    }
    page::day::write(desk, &view, present)?;
    if let Some(card) = view.moments.first() {
        desk.hint(&format!("A moment with the words it rests on: rem show {}", card.id))?;
    }
    Ok(Exit::Done)
}

fn moment(desk: &mut Desk<'_, '_>, journal: &Journal, id: i64) -> Result<Exit> {
    let detail = show_moment(journal, ShowMoment { id })?;
    if desk.is_json() {
        desk.json(&detail)?;
        return seen(desk, journal);
    }
    page::moment::write(desk, &detail, Present::of(journal)?)?;
    seen(desk, journal)
}

fn record(desk: &mut Desk<'_, '_>, journal: &Journal, id: i64) -> Result<Exit> {
    let view = show_record(journal, ShowRecord { id, moment_id: None })?;
    if desk.is_json() {
        desk.json(&view)?;
        return seen(desk, journal);
    }
    page::record::write(desk, &view, Present::of(journal)?)?;
    seen(desk, journal)
}

/// This program ends before a thread behind it would have counted that something was opened; the person
/// reads meanwhile.
fn seen(desk: &mut Desk<'_, '_>, journal: &Journal) -> Result<Exit> {
    desk.flush()?;
    journal.count_visits();
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_moment_and_a_date_is_a_day() {
        assert_eq!("12".parse(), Ok(What::Moment(12)));
        assert_eq!("#12".parse(), Ok(What::Moment(12)));
        assert_eq!("record:7".parse(), Ok(What::Record(7)));
        assert_eq!("today".parse(), Ok(What::Day(DayWord::Today)));
        assert!(matches!("2026-10-14".parse(), Ok(What::Day(DayWord::Date(_)))));
        for wrong in ["", "0", "-3", "record:", "record:x", "tomorrowish"] {
            assert!(wrong.parse::<What>().is_err(), "{wrong}");
        }
    }
}
