//! What was felt in the moments of some days.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::{
    Error, Result,
    api::{
        moments::EmotionWeight,
        moods::{EmotionCount, MoodRequest},
    },
    clock::{Precision, parse_day},
    text::feelings::placement,
};

const MOST: u32 = 500;

/// Which moments are looked at.
pub(super) struct Window {
    pub(super) since: String,
    pub(super) until: String,
    pub(super) emotion: Option<String>,
    pub(super) limit: usize,
}

impl Window {
    /// # Errors
    /// A day or the feeling is none, or the limit is too great.
    pub(super) fn read(request: &MoodRequest, usual: u32) -> Result<Self> {
        let day = |day: &Option<String>, default: &str| -> Result<String> {
            day.as_deref().map_or(Ok(default.to_owned()), |day| Ok(parse_day(day)?.to_string()))
        };
        let emotion = request.emotion.as_ref().map(|word| word.trim().to_lowercase());
        if let Some(word) = emotion.as_deref().filter(|word| placement(word).is_none()) {
            return Err(Error::invalid(format!("“{word}” is no feeling that the journal knows")));
        }
        if request.limit > MOST {
            return Err(Error::invalid(format!("at most {MOST} are listed")));
        }
        Ok(Self {
            since: day(&request.since, "")?,
            until: day(&request.until, "9999-12-31")?,
            emotion,
            limit: if request.limit == 0 { usual } else { request.limit } as usize,
        })
    }
}

/// A moment, as far as feelings go.
pub(super) struct Felt {
    pub(super) id: i64,
    pub(super) moment_type: String,
    /// On the wall; absent where only the day is known.
    pub(super) hour: Option<u8>,
    /// Each once.
    pub(super) emotions: Vec<String>,
    pub(super) valence: f64,
}

/// The moments of some days that are not hidden.
pub(super) fn of_days(reader: &Connection, window: &Window) -> Result<Vec<Felt>> {
    let mut find = reader.prepare_cached(
        "SELECT id, moment_type, starts_at, offset_minutes, precision, emotions, valence FROM moments
         WHERE day BETWEEN ?1 AND ?2 AND is_hidden = 0",
    )?;
    let rows = find.query_map(params![window.since, window.until], |row| {
        let precision: String = row.get(4)?;
        let local = row.get::<_, i64>(2)? + row.get::<_, i64>(3)? * 60_000;
        let is_timed = precision.parse().is_ok_and(|known: Precision| known >= Precision::Hour);
        let hour = is_timed.then(|| local.rem_euclid(86_400_000) / 3_600_000);
        let felt: Vec<EmotionWeight> =
            serde_json::from_str(&row.get::<_, String>(5)?).unwrap_or_default();
        let mut emotions: Vec<String> = felt.into_iter().map(|felt| felt.label).collect();
        emotions.sort();
        emotions.dedup();
        Ok(Felt {
            id: row.get(0)?,
            moment_type: row.get(1)?,
            hour: hour.and_then(|hour| u8::try_from(hour).ok()),
            emotions,
            valence: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Feelings that are counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) n_moments: u32,
    pub(super) n_felt: u32,
    valence: f64,
    emotions: BTreeMap<String, u32>,
}

impl Tally {
    pub(super) fn add(&mut self, moment: &Felt) {
        self.n_moments += 1;
        if moment.emotions.is_empty() {
            return;
        }
        self.n_felt += 1;
        self.valence += moment.valence;
        for label in &moment.emotions {
            *self.emotions.entry(label.clone()).or_default() += 1;
        }
    }

    /// Moments with a feeling.
    pub(super) fn of(&self, emotion: &str) -> u32 {
        self.emotions.get(emotion).copied().unwrap_or_default()
    }

    pub(super) fn valence(&self) -> Option<f32> {
        (self.n_felt > 0).then(|| (self.valence / f64::from(self.n_felt)) as f32)
    }

    /// The most frequent first; of equals by name.
    pub(super) fn emotions(&self) -> Vec<EmotionCount> {
        let mut all: Vec<EmotionCount> = self
            .emotions
            .iter()
            .map(|(label, n)| EmotionCount { label: label.clone(), n: *n })
            .collect();
        all.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
        all
    }
}
