//! Reflections as they are kept: one row for each depth and day.

use chrono::{Days as Span, NaiveDate};
use rusqlite::{Connection, Transaction, params};

use super::{
    found::Found,
    lived::{Days, Lived},
};
use crate::{
    Result,
    api::insights::{Depth, Outcome, SentimentLabel},
    clock::Calendar,
    moments::history::{self, Change},
    moments::write::Writing,
    store::{Hash, json_list},
};

/// Changes when the same moments would have to be reflected on anew.
const VERSION: &[u8] = b"reflection-1";
/// Days against which patterns are measured, the last one included.
const BASE_DAYS: u64 = 56;
const HOUR_MS: i64 = 3_600_000;

/// How a reflection looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Terms {
    /// Hours before the end of its last day. Whole days count as days of the calendar: that on which the
    /// clocks change is one, too.
    pub(crate) lookback_hours: u32,
    /// Of the moments it looks at, at least.
    pub(crate) min_importance: f64,
    /// Moments it looks at, at most.
    pub(crate) max_samples: u32,
}

/// The stretch of time that a reflection looks at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) depth: Depth,
    /// The last day, `YYYY-MM-DD`.
    pub(crate) ends_on: String,
    pub(crate) terms: Terms,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    /// The day on which it begins.
    pub(crate) first_day: String,
    /// The first day against which patterns are measured.
    pub(crate) base_from: String,
    is_whole_days: bool,
}

impl Window {
    pub(crate) fn new(depth: Depth, last: NaiveDate, terms: Terms, calendar: &Calendar) -> Self {
        let (_, ends_at) = calendar.day_bounds(last);
        let is_whole_days = terms.lookback_hours.is_multiple_of(24);
        let before = |n: u64| last.checked_sub_days(Span::new(n)).unwrap_or(last);
        let (first, starts_at) = if is_whole_days {
            let first = before(u64::from((terms.lookback_hours / 24).saturating_sub(1)));
            (first, calendar.day_bounds(first).0)
        } else {
            let starts_at = ends_at - i64::from(terms.lookback_hours) * HOUR_MS;
            (calendar.day_of(starts_at), starts_at)
        };
        Self {
            depth,
            ends_on: last.to_string(),
            terms,
            starts_at,
            ends_at,
            first_day: first.to_string(),
            base_from: before(BASE_DAYS - 1).min(first).to_string(),
            is_whole_days,
        }
    }

    /// Whether it looks at a day.
    pub(crate) fn covers(&self, day: &str) -> bool {
        self.first_day.as_str() <= day && day <= self.ends_on.as_str()
    }

    /// Of all that a reflection reads.
    pub(crate) fn input_hash(&self, days: &Days<'_>) -> Hash {
        let terms = format!("{} {:?} {:?}", self.depth.as_str(), self.terms, self.starts_at);
        let read = days.hash(&self.base_from, &self.ends_on);
        Hash::of_fields([VERSION, terms.as_bytes(), self.ends_on.as_bytes(), &read.0])
    }

    /// The moments in it, in order of time.
    pub(crate) fn moments<'a>(&self, days: &Days<'a>) -> Vec<&'a Lived> {
        let is_in = |moment: &&Lived| self.is_whole_days || moment.starts_at >= self.starts_at;
        days.between(&self.first_day, &self.ends_on).iter().filter(is_in).collect()
    }

    /// The sample: moments that weigh enough, the weightiest first; of equals the newest (B054).
    pub(crate) fn samples<'a>(&self, days: &Days<'a>) -> Vec<&'a Lived> {
        let mut samples = self.moments(days);
        samples.retain(|moment| moment.importance >= self.terms.min_importance);
        samples.sort_by(|a, b| {
            let by_weight = b.importance.total_cmp(&a.importance);
            by_weight.then(b.starts_at.cmp(&a.starts_at)).then(b.id.cmp(&a.id))
        });
        samples.truncate(self.terms.max_samples as usize);
        samples
    }
}

/// A reflection that is there, as far as one must know it to see whether it holds.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) depth: Depth,
    pub(crate) ends_on: NaiveDate,
    pub(crate) terms: Terms,
    pub(crate) input_hash: Hash,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
    /// Whether its words were forgotten.
    pub(crate) is_blank: bool,
}

/// All reflections, in order of days.
pub(crate) fn kept(reader: &Connection) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(
        "SELECT id, depth, ends_on, lookback_hours, min_importance, max_samples, input_hash, mind,
                is_provisional, text = ''
         FROM reflections ORDER BY ends_on, depth",
    )?;
    let mut rows = find.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let day: String = row.get(2)?;
        all.push(Kept {
            id: row.get(0)?,
            depth: depth(&row.get::<_, String>(1)?),
            ends_on: crate::clock::parse_day(&day)?,
            terms: Terms {
                lookback_hours: row.get(3)?,
                min_importance: row.get(4)?,
                max_samples: row.get(5)?,
            },
            input_hash: row.get(6)?,
            mind: row.get(7)?,
            is_provisional: row.get(8)?,
            is_blank: row.get(9)?,
        });
    }
    Ok(all)
}

pub(super) fn depth(word: &str) -> Depth {
    match word {
        "surface" => Depth::Surface,
        "meta" => Depth::Meta,
        _ => Depth::Analytical,
    }
}

pub(super) fn outcome(word: &str) -> Outcome {
    match word {
        "success" => Outcome::Success,
        "failure" => Outcome::Failure,
        _ => Outcome::Partial,
    }
}

fn label_word(label: SentimentLabel) -> &'static str {
    match label {
        SentimentLabel::Positive => "positive",
        SentimentLabel::Negative => "negative",
        SentimentLabel::Neutral => "neutral",
        SentimentLabel::Mixed => "mixed",
    }
}

pub(super) fn label(word: &str) -> SentimentLabel {
    match word {
        "positive" => SentimentLabel::Positive,
        "negative" => SentimentLabel::Negative,
        "mixed" => SentimentLabel::Mixed,
        _ => SentimentLabel::Neutral,
    }
}

/// A reflection, ready to be kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reflection {
    pub(crate) window: Window,
    pub(crate) text: String,
    /// -1 to 1.
    pub(crate) sentiment: f64,
    pub(crate) label: SentimentLabel,
    /// A language's code.
    pub(crate) language: String,
    pub(crate) sample_ids: Vec<i64>,
    pub(crate) found: Vec<Found>,
    /// All moments whose words may be in it.
    pub(crate) moment_ids: Vec<i64>,
    pub(crate) input_hash: Hash,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
}

/// Keeps a reflection; one of its depth and day keeps its number.
pub(crate) fn save(writing: &Writing<'_>, reflection: &Reflection) -> Result<i64> {
    let Reflection { window, .. } = reflection;
    let is_there = writing
        .tx
        .prepare_cached("SELECT 1 FROM reflections WHERE depth = ?1 AND ends_on = ?2")?
        .exists(params![window.depth.as_str(), window.ends_on])?;
    let id: i64 = writing
        .tx
        .prepare_cached(
            "INSERT INTO reflections (depth, ends_on, starts_at, ends_at, lookback_hours,
               min_importance, max_samples, text, outcome, sentiment, sentiment_label, language,
               sample_ids, found, moment_ids, input_hash, mind, is_provisional, revision_id, created_at,
               updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'partial', ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
               ?17, ?18, ?19, ?19)
             ON CONFLICT (depth, ends_on) DO UPDATE SET starts_at = excluded.starts_at,
               ends_at = excluded.ends_at, lookback_hours = excluded.lookback_hours,
               min_importance = excluded.min_importance, max_samples = excluded.max_samples,
               text = excluded.text, sentiment = excluded.sentiment,
               sentiment_label = excluded.sentiment_label, language = excluded.language,
               sample_ids = excluded.sample_ids, found = excluded.found,
               moment_ids = excluded.moment_ids, input_hash = excluded.input_hash,
               mind = excluded.mind, is_provisional = excluded.is_provisional,
               revision_id = excluded.revision_id, updated_at = excluded.updated_at
             RETURNING id",
        )?
        .query_row(
            params![
                window.depth.as_str(),
                window.ends_on,
                window.starts_at,
                window.ends_at,
                window.terms.lookback_hours,
                window.terms.min_importance,
                window.terms.max_samples,
                reflection.text,
                reflection.sentiment,
                label_word(reflection.label),
                reflection.language,
                json_list(&reflection.sample_ids),
                json_list(&reflection.found),
                json_list(&reflection.moment_ids),
                reflection.input_hash,
                reflection.mind,
                reflection.is_provisional,
                writing.revision_id,
                writing.now,
            ],
            |row| row.get(0),
        )?;
    mark(writing.tx, writing.revision_id, if is_there { "changed" } else { "added" }, id)?;
    Ok(id)
}

/// Takes a reflection away that has too little to look at any more.
pub(crate) fn remove(writing: &Writing<'_>, id: i64) -> Result<()> {
    writing.tx.execute("DELETE FROM reflections WHERE id = ?1", [id])?;
    mark(writing.tx, writing.revision_id, "removed", id)
}

fn mark(tx: &Transaction<'_>, revision_id: i64, op: &str, id: i64) -> Result<()> {
    history::mark(tx, &Change { revision_id, op, thing: "reflection", id })
}

/// Strategies that reflections of earlier days found, as they are told to a later one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) statement: String,
    pub(crate) moment_ids: Vec<i64>,
}

/// At most `most` strategies of reflections that end before a day and that the person has not hidden, the
/// newest first, each once.
pub(crate) fn strategies_before(reader: &Connection, day: &str, most: usize) -> Result<Vec<Known>> {
    let mut find = reader.prepare_cached(
        "SELECT f.value ->> '$.key', f.value ->> '$.statement', f.value ->> '$.moment_ids'
         FROM reflections r, json_each(r.found) f
         WHERE r.ends_on < ?1 AND f.value ->> '$.kind' = 'strategy'
         ORDER BY r.ends_on DESC, r.depth, f.key",
    )?;
    let mut hidden =
        reader.prepare_cached("SELECT key FROM insight_decisions WHERE decision = 'hidden'")?;
    let mut taken: std::collections::BTreeSet<String> = hidden
        .query_map([], |row| row.get::<_, Hash>(0))?
        .map(|key| key.map(|key| super::found::hex(&key)))
        .collect::<rusqlite::Result<_>>()?;
    let mut known = Vec::new();
    let mut rows = find.query([day])?;
    while let Some(row) = rows.next()? {
        if known.len() == most {
            break;
        }
        if taken.insert(row.get(0)?) {
            let ids: String = row.get(2)?;
            known.push(Known {
                statement: row.get(1)?,
                moment_ids: serde_json::from_str(&ids).unwrap_or_default(),
            });
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::moment;

    fn window(last: &str, lookback_hours: u32) -> Window {
        let calendar = Calendar::new("Europe/Berlin").expect("a zone");
        let terms = Terms { lookback_hours, min_importance: 0.6, max_samples: 2 };
        Window::new(Depth::Analytical, last.parse().expect("a day"), terms, &calendar)
    }

    #[test]
    fn a_day_is_a_day_even_when_the_clocks_change() {
        let hours = |day: &str| {
            let window = window(day, 24);
            ((window.ends_at - window.starts_at) / HOUR_MS, window.first_day)
        };
        assert_eq!(hours("2026-03-29"), (23, "2026-03-29".into()));
        assert_eq!(hours("2026-10-25"), (25, "2026-10-25".into()));
        assert_eq!(hours("2026-10-26"), (24, "2026-10-26".into()));
    }

    #[test]
    fn hours_that_are_no_whole_days_are_hours() {
        let window = window("2026-10-25", 30);
        assert_eq!(window.ends_at - window.starts_at, 30 * HOUR_MS);
        assert_eq!(window.first_day, "2026-10-24");
    }

    #[test]
    fn the_sample_is_what_weighs_most_and_of_equals_the_newest() {
        let weighs = |id, importance| Lived { importance, ..moment(id, "2026-10-25") };
        let all = [weighs(1, 0.9), weighs(2, 0.7), weighs(3, 0.7), weighs(4, 0.5)];
        let days = Days::new(&all);
        let ids: Vec<i64> =
            window("2026-10-25", 24).samples(&days).iter().map(|moment| moment.id).collect();
        assert_eq!(ids, [1, 3]);
    }
}
