//! `rem demo`: opens the sample journal, dreams once and shows what came of it.

use clap::Args;
use rem_core::{
    Journal,
    api::{
        days::{DayView, ListDays, ShowDay, list_days, show_day},
        dreams::DreamRequest,
        moments::{MomentCard, MomentDetail, ShowMoment, show_moment},
    },
    error::Attempt as _,
    sources::sample,
};
use serde::Serialize;

use super::{dream, timeline};
use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    page,
    palette::Ink,
};

const NAME: &str = "sample";

/// Whether to keep the sample.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep it as the journal “sample”, to look around in with every other command.
    #[arg(long)]
    keep: bool,
}

#[derive(Serialize)]
struct Reply {
    days: Vec<DayView>,
    moment: Option<MomentDetail>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Demo) -> Result<Exit> {
    if args.keep {
        let journal = desk.open_named(NAME, desk.data_dir()?)?;
        return look_around(desk, &journal, true);
    }
    let folder = tempfile::tempdir().attempt(|| "making room for the sample journal".into())?;
    let journal = desk.open_named(NAME, folder.path().to_path_buf())?;
    look_around(desk, &journal, false)
}

fn look_around(desk: &mut Desk<'_, '_>, journal: &Journal, is_kept: bool) -> Result<Exit> {
    sample::open(journal)?;
    let request = DreamRequest { cause: "sample".into(), ..DreamRequest::default() };
    let report = dream::dream(desk, journal, &request)?;
    if report.is_cancelled {
        return Ok(Exit::Cancelled);
    }
    let days = list_days(journal, ListDays::default())?
        .into_iter()
        .map(|mark| show_day(journal, ShowDay { day: mark.day, with_hidden: false }))
        .collect::<rem_core::Result<Vec<_>>>()?;
    let moment = most_telling(&days)
        .map(|card| show_moment(journal, ShowMoment { id: card.id }))
        .transpose()?;
    if desk.is_json() {
        return desk.json(&Reply { days, moment });
    }
    let present = Present::of(journal)?;
    let intro = "A sample journal of an invented person, read and dreamt just now on this machine:";
    desk.text(&Line::of(Ink::Quiet, intro))?;
    for day in &days {
        timeline::write(desk, day, false, present)?;
    }
    if let Some(moment) = &moment {
        desk.blank()?;
        desk.text(&Line::of(Ink::Quiet, "One of its moments, with the words it rests on:"))?;
        desk.blank()?;
        page::moment::write(desk, moment, present)?;
    }
    desk.hint(if is_kept {
        "It is kept: rem --journal sample timeline"
    } else {
        "Nothing of this was kept; `rem demo --keep` keeps it, `rem init FOLDER` begins your own."
    })?;
    Ok(Exit::Done)
}

/// The moment that shows best what a moment is: something felt, resting on more than one source.
fn most_telling(days: &[DayView]) -> Option<&MomentCard> {
    let telling = |card: &MomentCard| {
        let kinds = card.sources.len() as f32;
        let evidence: f32 = card.sources.iter().map(|source| source.n.min(6) as f32).sum();
        kinds * 2.0 + evidence / 3.0 + card.valence.abs() * 2.0 + card.people.len().min(2) as f32
    };
    days.iter()
        .flat_map(|day| &day.moments)
        .max_by(|one, other| telling(one).total_cmp(&telling(other)))
}
