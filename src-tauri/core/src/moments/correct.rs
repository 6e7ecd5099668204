//! The person's corrections: made, taken back, and laid over what a dream derived.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{
    derive::Derived,
    history::{self, Change},
    types,
    write::{Writing, relay},
};
use crate::{
    Error, Journal, Result,
    api::moments::{Correction, EmotionWeight, Field},
    clock::{Calendar, Precision, can_be_told},
    text::{feelings, tags},
};

/// What is shown of a moment: derived, with corrections laid over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Shown {
    pub(super) day: String,
    pub(super) starts_at: i64,
    pub(super) ends_at: i64,
    pub(super) offset_minutes: i32,
    pub(super) precision: Precision,
    pub(super) moment_type: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) tags: Vec<String>,
    pub(super) emotions: Vec<EmotionWeight>,
    pub(super) valence: f32,
    pub(super) arousal: f32,
    pub(super) is_hidden: bool,
    pub(super) is_pinned: bool,
}

/// Lays corrections over what a dream derived.
pub(super) fn lay_over(
    derived: &Derived,
    corrections: &[Correction],
    calendar: &Calendar,
) -> Shown {
    let mut shown = Shown {
        day: derived.day.clone(),
        starts_at: derived.starts_at,
        ends_at: derived.ends_at,
        offset_minutes: derived.offset_minutes,
        precision: derived.precision,
        moment_type: derived.moment_type.clone(),
        title: derived.title.clone(),
        summary: derived.summary.clone(),
        tags: derived.tags.clone(),
        emotions: derived.emotions.clone(),
        valence: derived.valence,
        arousal: derived.arousal,
        is_hidden: false,
        is_pinned: false,
    };
    for correction in corrections {
        match correction {
            Correction::Title { title } => title.clone_into(&mut shown.title),
            Correction::Summary { summary } => summary.clone_into(&mut shown.summary),
            Correction::Type { moment_type } => moment_type.clone_into(&mut shown.moment_type),
            Correction::Time { starts_at, ends_at } => {
                shown.starts_at = *starts_at;
                shown.ends_at = *ends_at;
                shown.offset_minutes = calendar.offset_at(*starts_at);
                shown.day = calendar.day_of(*starts_at).to_string();
                shown.precision = Precision::Exact;
            }
            Correction::Tags { tags } => shown.tags.clone_from(tags),
            Correction::Emotions { emotions } => {
                (shown.valence, shown.arousal) =
                    place(emotions).unwrap_or((derived.valence, derived.arousal));
                shown.emotions.clone_from(emotions);
            }
            Correction::Hidden { hidden } => shown.is_hidden = *hidden,
            Correction::Pinned { pinned } => shown.is_pinned = *pinned,
        }
    }
    shown
}

/// Where weighted emotions lie between unpleasant and pleasant, calm and stirred.
fn place(emotions: &[EmotionWeight]) -> Option<(f32, f32)> {
    let mut sum = (0.0, 0.0, 0.0);
    for felt in emotions {
        if let Some(place) = feelings::placement(&felt.label) {
            sum = (
                sum.0 + place.valence * felt.weight,
                sum.1 + place.arousal * felt.weight,
                sum.2 + felt.weight,
            );
        }
    }
    // Nothing felt is an answer too: neither pleasant nor stirred.
    if emotions.is_empty() {
        return Some((0.0, 0.0));
    }
    (sum.2 > 0.0).then(|| (sum.0 / sum.2, sum.1 / sum.2))
}

/// The corrections of a moment.
pub(super) fn corrections(reader: &Connection, id: i64) -> Result<Vec<Correction>> {
    let mut find =
        reader.prepare_cached("SELECT value FROM corrections WHERE moment_id = ?1 ORDER BY id")?;
    let values: Vec<String> =
        find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    values
        .iter()
        .map(|value| {
            serde_json::from_str(value).map_err(|error| {
                Error::invalid(format!("a correction of moment {id} is damaged: {error}"))
            })
        })
        .collect()
}

/// Which fields of a moment the person corrected.
pub(super) fn corrected_fields(reader: &Connection, id: i64) -> Result<Vec<Field>> {
    Ok(corrections(reader, id)?.iter().map(field_of).collect())
}

fn field_of(correction: &Correction) -> Field {
    match correction {
        Correction::Title { .. } => Field::Title,
        Correction::Summary { .. } => Field::Summary,
        Correction::Type { .. } => Field::Type,
        Correction::Time { .. } => Field::Time,
        Correction::Tags { .. } => Field::Tags,
        Correction::Emotions { .. } => Field::Emotions,
        Correction::Hidden { .. } => Field::Hidden,
        Correction::Pinned { .. } => Field::Pinned,
    }
}

fn word(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Summary => "summary",
        Field::Type => "type",
        Field::Time => "time",
        Field::Tags => "tags",
        Field::Emotions => "emotions",
        Field::Hidden => "hidden",
        Field::Pinned => "pinned",
    }
}

/// Corrects a moment. Returns the days that are touched: their stories are to be told again.
pub(crate) fn correct(journal: &Journal, id: i64, correction: &Correction) -> Result<Vec<String>> {
    let correction = check(correction)?;
    if let Correction::Type { moment_type } = &correction {
        journal.store().read(|reader| types::check(reader, moment_type))?;
    }
    let field = field_of(&correction);
    let value = serde_json::to_string(&correction)
        .map_err(|error| Error::invalid(format!("this correction cannot be kept: {error}")))?;
    edit(journal, id, &label_of(&correction), |writing| {
        writing.tx.execute(
            "INSERT INTO corrections (moment_id, field, value, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (moment_id, field)
             DO UPDATE SET value = excluded.value, created_at = excluded.created_at",
            params![id, word(field), value, writing.now],
        )?;
        Ok(())
    })
}

/// Takes a correction back. Returns the days that are touched.
pub(crate) fn withdraw(journal: &Journal, id: i64, field: Field) -> Result<Vec<String>> {
    let label = format!("you went back to the dream's {}", word(field));
    edit(journal, id, &label, |writing| {
        let n = writing.tx.execute(
            "DELETE FROM corrections WHERE moment_id = ?1 AND field = ?2",
            params![id, word(field)],
        )?;
        if n == 0 {
            return Err(Error::NotFound(format!("correction of the {}", word(field))));
        }
        Ok(())
    })
}

fn edit(
    journal: &Journal,
    id: i64,
    label: &str,
    make: impl FnOnce(&Writing<'_>) -> Result<()>,
) -> Result<Vec<String>> {
    let calendar = journal.calendar()?;
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let Some(day_before) = day_of(tx, id)? else {
            return Err(Error::NotFound(format!("moment {id}")));
        };
        let before = corrections(tx, id)?;
        let revision_id = history::begin(tx, None, label, now)?;
        let writing = Writing { tx, revision_id, calendar: &calendar, now };
        make(&writing)?;
        relay(&writing, id)?;
        let after = corrections(tx, id)?;
        let change = Change { revision_id, op: "changed", thing: "moment", id };
        history::note(tx, &change, Some(&before), Some(&after))?;
        let day_after = day_of(tx, id)?.unwrap_or_else(|| day_before.clone());
        let mut days = vec![day_before, day_after];
        days.dedup();
        Ok(days)
    })
}

fn day_of(reader: &Connection, id: i64) -> Result<Option<String>> {
    Ok(reader
        .query_row("SELECT day FROM moments WHERE id = ?1", [id], |row| row.get(0))
        .optional()?)
}

fn label_of(correction: &Correction) -> String {
    match correction {
        Correction::Title { .. } => "you renamed it".into(),
        Correction::Summary { .. } => "you told it otherwise".into(),
        Correction::Type { .. } => "you said what kind of thing it is".into(),
        Correction::Time { .. } => "you put it at another time".into(),
        Correction::Tags { .. } => "you gave it other topics".into(),
        Correction::Emotions { .. } => "you said what was felt".into(),
        Correction::Hidden { hidden: true } => "you hid it".into(),
        Correction::Hidden { hidden: false } => "you showed it again".into(),
        Correction::Pinned { pinned: true } => "you pinned it".into(),
        Correction::Pinned { pinned: false } => "you unpinned it".into(),
    }
}

/// Refuses what cannot be and brings the rest into the journal's form.
fn check(correction: &Correction) -> Result<Correction> {
    Ok(match correction {
        Correction::Title { title } => {
            let title = title.trim();
            if title.is_empty() {
                return Err(Error::invalid("a moment needs a name"));
            }
            if title.chars().count() > 200 {
                return Err(Error::invalid("a name has at most 200 characters"));
            }
            Correction::Title { title: title.to_owned() }
        }
        Correction::Summary { summary } => {
            if summary.chars().count() > 4_000 {
                return Err(Error::invalid("a summary has at most 4,000 characters"));
            }
            Correction::Summary { summary: summary.trim().to_owned() }
        }
        Correction::Type { moment_type } => {
            Correction::Type { moment_type: types::name_of(moment_type)? }
        }
        Correction::Time { starts_at, ends_at } => {
            if ends_at < starts_at {
                return Err(Error::invalid("the end lies before the beginning"));
            }
            if !can_be_told(*starts_at) || !can_be_told(*ends_at) {
                return Err(Error::invalid("this is no time that can be told"));
            }
            if ends_at - starts_at > 7 * 86_400_000 {
                return Err(Error::invalid("a moment lasts at most a week"));
            }
            correction.clone()
        }
        Correction::Tags { tags } => {
            let mut clean: Vec<String> = Vec::new();
            for tag in tags {
                let key = tags::tag_key(tag);
                if !key.is_empty() && !clean.contains(&key) {
                    clean.push(key);
                }
            }
            if clean.len() > 20 {
                return Err(Error::invalid("a moment has at most 20 topics"));
            }
            Correction::Tags { tags: clean }
        }
        Correction::Emotions { emotions } => {
            if emotions.len() > 12 {
                return Err(Error::invalid("a moment has at most 12 emotions"));
            }
            let mut clean = Vec::new();
            for felt in emotions {
                let label = felt.label.trim();
                if label.is_empty() || label.chars().count() > 40 {
                    return Err(Error::invalid("an emotion's name has 1 to 40 characters"));
                }
                if !(0.0..=1.0).contains(&felt.weight) {
                    return Err(Error::invalid(format!(
                        "how strongly “{label}” was felt lies between 0 and 1"
                    )));
                }
                clean.push(EmotionWeight { label: label.to_lowercase(), weight: felt.weight });
            }
            clean.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            Correction::Emotions { emotions: clean }
        }
        Correction::Hidden { .. } | Correction::Pinned { .. } => correction.clone(),
    })
}
