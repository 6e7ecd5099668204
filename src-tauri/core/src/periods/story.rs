//! The story of a day: the sentences of its weightiest moments, in order of time.
//!
//! With the built-in analyser a story says nothing that the person did not write.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::keep::{Which, mend};
use crate::{
    Journal, Result,
    api::moments::MomentCard,
    clock::Precision,
    mind::builtin,
    moments::{cards_of_day, history},
    store::Hash,
    text::{secrets, sentences},
};

/// About this many characters are read at a glance.
const LENGTH: usize = 340;
const MOST_SENTENCES: usize = 4;
/// A sentence shorter than this ("Good.", "Third time.") leans on the one before it.
const TELLING: usize = 28;

/// What is told of a day.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) summary: String,
    pub(crate) n_moments: u32,
    pub(crate) valence: Option<f32>,
}

/// What is told of a day at present.
pub(crate) fn told(reader: &Connection, day: &str) -> Result<Told> {
    let told = reader
        .query_row(
            "SELECT summary, n_moments, valence FROM periods WHERE kind = 'day' AND starts_on = ?1",
            [day],
            |row| Ok(Told { summary: row.get(0)?, n_moments: row.get(1)?, valence: row.get(2)? }),
        )
        .optional()?;
    Ok(told.unwrap_or_default())
}

/// The stories of all days from one to another that have one.
pub(crate) fn stories(
    reader: &Connection,
    from: &str,
    until: &str,
) -> Result<BTreeMap<NaiveDate, String>> {
    let mut find = reader.prepare_cached(
        "SELECT starts_on, summary FROM periods
         WHERE kind = 'day' AND starts_on BETWEEN ?1 AND ?2 AND summary <> ''",
    )?;
    let mut rows = find.query([from, until])?;
    let mut stories = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Ok(day) = row.get::<_, String>(0)?.parse() {
            stories.insert(day, row.get(1)?);
        }
    }
    Ok(stories)
}

/// A day's story as a mind told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) text: String,
    /// Who told it: a model, or the built-in analyser.
    pub(crate) mind: String,
    /// Whether the built-in analyser stood in for a model that may be back another night.
    pub(crate) is_provisional: bool,
}

impl Story {
    /// As the built-in analyser tells it.
    pub(crate) fn of(moments: &[MomentCard]) -> Self {
        Self { text: story(moments), mind: builtin::NAME.into(), is_provisional: false }
    }
}

/// How a day is to be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Telling<'a> {
    /// Of what was dreamt; without it (a dream of some kinds of moments only) the day still counts as
    /// waiting.
    pub(crate) input_hash: Option<Hash>,
    /// As a mind told it; otherwise the day's own sentences tell it.
    pub(crate) story: Option<&'a Story>,
    /// Whether a model was missed.
    pub(crate) is_provisional: bool,
    pub(crate) revision_id: i64,
    pub(crate) now: i64,
}

/// Tells a day from its moments, or forgets its story where nothing is written and nothing lies on it
/// any more.
pub(crate) fn tell_day(tx: &Transaction<'_>, day: &str, telling: &Telling<'_>) -> Result<()> {
    let known: Option<Hash> = tx
        .query_row(
            "SELECT input_hash FROM periods WHERE kind = 'day' AND starts_on = ?1",
            [day],
            |row| row.get(0),
        )
        .optional()?;
    let moments = cards_of_day(tx, day, false)?;
    let n_records: i64 = tx.query_row(
        "SELECT count(DISTINCT record_id) FROM chunks WHERE day = ?1",
        [day],
        |row| row.get(0),
    )?;
    if moments.is_empty() && n_records == 0 {
        tx.execute("DELETE FROM periods WHERE kind = 'day' AND starts_on = ?1", [day])?;
        return Ok(());
    }
    let hash = telling.input_hash.or(known).unwrap_or(Hash([0; 32]));
    let story = telling.story.cloned().unwrap_or_else(|| Story::of(&moments));
    let (valence, arousal) = mood_of(&moments).unzip();
    tx.execute(
        "INSERT INTO periods (kind, starts_on, ends_on, summary, valence, arousal, n_moments, n_records,
           input_hash, mind, is_provisional, revision_id, created_at, updated_at)
         VALUES ('day', ?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
         ON CONFLICT (kind, starts_on) DO UPDATE SET summary = excluded.summary,
           valence = excluded.valence, arousal = excluded.arousal, n_moments = excluded.n_moments,
           n_records = excluded.n_records, input_hash = excluded.input_hash, mind = excluded.mind,
           is_provisional = excluded.is_provisional, revision_id = excluded.revision_id, updated_at = excluded.updated_at",
        params![
            day,
            secrets::scrub(&story.text).text,
            valence,
            arousal,
            moments.len(),
            n_records,
            hash,
            story.mind,
            telling.is_provisional,
            telling.revision_id,
            telling.now
        ],
    )?;
    Ok(())
}

/// Tells a day again after the person corrected one of its moments or put one there, and the week, month
/// and year in which it lies.
pub(crate) fn tell_again(journal: &Journal, day: &str) -> Result<()> {
    let now = journal.clock().now_ms();
    let week_start = journal.settings().week_start()?;
    journal.store().write(|tx| {
        if is_told(tx, day)? {
            let revision_id = history::begin(tx, None, "the day was told again", now)?;
            tell_anew(tx, day, revision_id, now)?;
            mend(tx, [day], Which::Changed, week_start, (revision_id, now))?;
        }
        Ok(())
    })
}

/// Whether there is something to tell of a day.
fn is_told(reader: &Connection, day: &str) -> Result<bool> {
    Ok(reader.query_row(
        "SELECT EXISTS (SELECT 1 FROM periods WHERE kind = 'day' AND starts_on = ?1)
           OR EXISTS (SELECT 1 FROM moments WHERE day = ?1 AND is_hidden = 0)",
        [day],
        |row| row.get(0),
    )?)
}

/// Tells a day from the moments that it has now, if there is something to tell. A model's story may name
/// what is no longer so: the day's own sentences stand in for it until the next dream.
pub(crate) fn tell_anew(tx: &Transaction<'_>, day: &str, revision_id: i64, now: i64) -> Result<()> {
    if !is_told(tx, day)? {
        return Ok(());
    }
    let is_provisional: bool = tx
        .query_row(
            "SELECT is_provisional OR mind <> ?2 FROM periods WHERE kind = 'day' AND starts_on = ?1",
            params![day, builtin::NAME],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or_default();
    let telling = Telling { input_hash: None, story: None, is_provisional, revision_id, now };
    tell_day(tx, day, &telling)
}

/// Mean valence and arousal of moments in which something was felt; strong feelings weigh more.
pub(super) fn mood_of(moments: &[MomentCard]) -> Option<(f32, f32)> {
    let mut sum = (0.0, 0.0, 0.0);
    for moment in moments.iter().filter(|moment| !moment.emotions.is_empty()) {
        let weight = 0.25 + moment.emotions.iter().map(|felt| felt.weight).fold(0.0, f32::max);
        sum = (sum.0 + moment.valence * weight, sum.1 + moment.arousal * weight, sum.2 + weight);
    }
    (sum.2 > 0.0).then(|| (sum.0 / sum.2, sum.1 / sum.2))
}

fn story(moments: &[MomentCard]) -> String {
    let mut ranked: Vec<(usize, f32)> =
        moments.iter().enumerate().map(|(index, moment)| (index, weight(moment))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut chosen: Vec<(usize, String)> = Vec::new();
    let mut length = 0;
    for (index, _) in ranked {
        let Some(sentence) = best_sentence(&moments[index]) else { continue };
        let is_told = chosen.iter().any(|(_, other)| other == &sentence);
        let n = sentence.chars().count();
        if is_told || (!chosen.is_empty() && length + n > LENGTH) {
            continue;
        }
        length += n;
        chosen.push((index, sentence));
        if chosen.len() == MOST_SENTENCES {
            break;
        }
    }
    chosen.sort_by_key(|(index, _)| *index);
    let sentences: Vec<String> = chosen.into_iter().map(|(_, sentence)| sentence).collect();
    sentences.join(" ")
}

/// How well a moment tells its day. Notes tell it better than chats do; what was felt, and what was
/// pinned, tells it best.
pub(crate) fn weight(moment: &MomentCard) -> f32 {
    let felt = moment.emotions.first().map_or(0.0, |felt| felt.weight);
    let told = (moment.summary.chars().count() as f32 / 120.0).min(1.5);
    let kind = match moment.moment_type.as_str() {
        "conversation" => 0.3,
        "collaboration" => 0.6,
        "assistant" => 0.0,
        _ => 1.0,
    };
    // What stands at no hour is as often about the day as only filed under it.
    let kind = if moment.precision >= Precision::Hour { kind } else { kind - 0.4 };
    let ended = if moment.outcome.is_empty() { 0.0 } else { 0.4 };
    told + kind + felt + ended + if moment.is_pinned { 3.0 } else { 0.0 }
}

/// The first sentence of a moment's summary that says enough to stand alone, as a sentence: with a full
/// stop where it has none.
pub(super) fn best_sentence(moment: &MomentCard) -> Option<String> {
    let summary = &moment.summary;
    let spans = sentences::split(summary, None);
    let all: Vec<&str> = spans.into_iter().filter_map(|span| summary.get(span)).collect();
    let says = |sentence: &&&str| sentence.chars().count() >= TELLING;
    let sentence = all.iter().find(says).or(all.first())?.trim();
    if sentence.is_empty() {
        return None;
    }
    Some(closed(sentence))
}

/// A sentence with a full stop where it has no end.
pub(super) fn closed(sentence: &str) -> String {
    let is_closed = sentence.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"', '»', '“']);
    if is_closed { sentence.to_owned() } else { format!("{sentence}.") }
}
