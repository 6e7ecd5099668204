//! `rem correct`: corrects a moment; the person's word stands in every later dream.

use chrono::NaiveTime;
use clap::{ArgGroup, Args, ValueEnum};
use rem_core::{
    Journal,
    api::moments::{
        CorrectMoment, Correction, EmotionWeight, Field, MomentCard, ShowMoment,
        WithdrawCorrection, correct_moment, show_moment, withdraw_correction,
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page, times,
};

const DAY: i64 = 86_400_000;

/// Which moment, and what is to be otherwise.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct Correct {
    /// The moment's number.
    id: i64,
    /// Give it another name.
    #[arg(long, group = "what")]
    title: Option<String>,
    /// Tell it otherwise.
    #[arg(long, group = "what")]
    summary: Option<String>,
    /// What kind of thing it is; `rem types` lists the types.
    #[arg(long = "type", group = "what", value_name = "TYPE")]
    moment_type: Option<String>,
    /// When it began, on its day; it keeps its length if --end is not given.
    #[arg(long, group = "what", value_name = "HH:MM", value_parser = times::time_of_day)]
    start: Option<NaiveTime>,
    /// When it ended; earlier than the start means after midnight.
    #[arg(long, group = "what", value_name = "HH:MM", value_parser = times::time_of_day)]
    end: Option<NaiveTime>,
    /// Its topics, parted by commas; empty for none.
    #[arg(long, group = "what", value_name = "A,B")]
    tags: Option<String>,
    /// What was felt and how strongly, 0 to 1: worried=0.8. May be given several times.
    #[arg(long, group = "what", value_name = "FEELING=WEIGHT", value_parser = emotion)]
    emotion: Vec<EmotionWeight>,
    /// Put it out of sight.
    #[arg(long, group = "what", conflicts_with = "unhide")]
    hide: bool,
    /// Show it again.
    #[arg(long, group = "what")]
    unhide: bool,
    /// Pin it.
    #[arg(long, group = "what", conflicts_with = "unpin")]
    pin: bool,
    /// Unpin it.
    #[arg(long, group = "what")]
    unpin: bool,
    /// Take a correction back: the field says again what the dream said. May be given several times.
    #[arg(long, group = "what", value_name = "FIELD")]
    withdraw: Vec<FieldName>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FieldName {
    Title,
    Summary,
    Type,
    Time,
    Tags,
    Emotions,
    Hidden,
    Pinned,
}

impl From<FieldName> for Field {
    fn from(name: FieldName) -> Self {
        match name {
            FieldName::Title => Self::Title,
            FieldName::Summary => Self::Summary,
            FieldName::Type => Self::Type,
            FieldName::Time => Self::Time,
            FieldName::Tags => Self::Tags,
            FieldName::Emotions => Self::Emotions,
            FieldName::Hidden => Self::Hidden,
            FieldName::Pinned => Self::Pinned,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Correct) -> Result<Exit> {
    let journal = desk.open()?;
    let id = args.id;
    let mut detail = show_moment(&journal, ShowMoment { id })?;
    journal.count_visits();
    for field in &args.withdraw {
        detail = withdraw_correction(&journal, WithdrawCorrection { id, field: (*field).into() })?;
    }
    for correction in corrections(&journal, args, &detail.moment)? {
        detail = correct_moment(&journal, CorrectMoment { id, correction })?;
    }
    if desk.is_json() {
        return desk.json(&detail);
    }
    if !desk.globals.quiet {
        let present = Present::of(&journal)?;
        page::moment::write(desk, &detail, present)?;
    }
    Ok(Exit::Done)
}

fn corrections(journal: &Journal, args: &Correct, card: &MomentCard) -> Result<Vec<Correction>> {
    let mut list = Vec::new();
    list.extend(args.title.clone().map(|title| Correction::Title { title }));
    list.extend(args.summary.clone().map(|summary| Correction::Summary { summary }));
    let moment_type = args.moment_type.clone();
    list.extend(moment_type.map(|moment_type| Correction::Type { moment_type }));
    if args.start.is_some() || args.end.is_some() {
        list.push(time(journal, args, card)?);
    }
    list.extend(args.tags.as_deref().map(|tags| Correction::Tags { tags: names(tags) }));
    if !args.emotion.is_empty() {
        list.push(Correction::Emotions { emotions: args.emotion.clone() });
    }
    if args.hide || args.unhide {
        list.push(Correction::Hidden { hidden: args.hide });
    }
    if args.pin || args.unpin {
        list.push(Correction::Pinned { pinned: args.pin });
    }
    Ok(list)
}

fn time(journal: &Journal, args: &Correct, card: &MomentCard) -> Result<Correction> {
    let calendar = journal.settings().calendar()?;
    let day = times::day(&card.day)
        .ok_or_else(|| invalid(format!("moment {} has no day to put a time on", card.id)))?;
    let starts_at = args.start.map_or(card.starts_at, |time| times::on_day(calendar, day, time));
    let ends_at = match args.end {
        Some(time) => {
            let ends_at = times::on_day(calendar, day, time);
            if ends_at < starts_at { ends_at + DAY } else { ends_at }
        }
        None => starts_at + (card.ends_at - card.starts_at),
    };
    Ok(Correction::Time { starts_at, ends_at })
}

fn names(text: &str) -> Vec<String> {
    let names = text.split(',').map(|name| name.trim().trim_start_matches('#'));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn emotion(text: &str) -> Result<EmotionWeight, String> {
    let wrong = || "a feeling looks like worried=0.8, its weight from 0 to 1".to_owned();
    let (label, weight) = text.split_once('=').unwrap_or((text, "1"));
    let weight: f32 = weight.trim().parse().map_err(|_| wrong())?;
    let label = label.trim();
    if label.is_empty() || !(0.0..=1.0).contains(&weight) {
        return Err(wrong());
    }
    Ok(EmotionWeight { label: label.to_lowercase(), weight })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feeling_has_a_name_and_a_weight() {
        let worried = EmotionWeight { label: "worried".into(), weight: 0.8 };
        assert_eq!(emotion("Worried=0.8"), Ok(worried));
        assert_eq!(emotion("glad").map(|feeling| feeling.weight), Ok(1.0));
        for wrong in ["=0.5", "sad=2", "sad=-1", "sad=NaN", "sad=much", ""] {
            assert!(emotion(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn topics_are_typed_with_commas_and_with_or_without_the_sign() {
        assert_eq!(names("grant, #money,, old friends"), ["grant", "money", "old friends"]);
        assert!(names("").is_empty());
    }
}
