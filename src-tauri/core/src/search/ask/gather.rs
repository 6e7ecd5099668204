//! Finds the moments that a question is about: by days and hours, by words, by topics. Each search goes
//! through an index and reads no more than it may show or has to count.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::intent;
use crate::{
    Result,
    api::{ask::KindCount, moments::EmotionWeight},
    clock::Precision,
    moments::IS_FOLDED,
    text::{
        language::{self, Language},
        tags::tag_key,
        when::{Hours, When},
        words,
    },
};

const MINUTES_OF_DAY: i64 = 24 * 60;
const MINUTE: i64 = 60_000;
/// Letters from which on a word also stands for those that begin with its stem.
const LONG_WORD: usize = 5;

/// The days, and hours of them, that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: Option<NaiveDate>,
    pub(super) until: NaiveDate,
    pub(super) hours: Option<Hours>,
}

impl Range {
    pub(super) fn of(when: &When) -> Self {
        Self { from: when.from, until: when.until, hours: when.hours }
    }

    /// First and last day as they stand in the journal. Hours after midnight lie in the next day of the
    /// calendar, whatever day it is to the person.
    fn days(&self) -> (String, String) {
        let reaches_on = self.hours.is_some_and(|hours| i64::from(hours.until) > MINUTES_OF_DAY);
        let until = self.until.checked_add_days(Days::new(u64::from(reaches_on)));
        (
            self.from.map_or_else(String::new, |day| day.to_string()),
            until.unwrap_or(self.until).to_string(),
        )
    }

    /// Whether a moment lies in its hours. One whose time of day is not known lies in none.
    fn holds(&self, moment: &Seen) -> bool {
        let Some(hours) = self.hours else { return true };
        let Some((start, end)) = moment.local().filter(|_| moment.is_timed()) else { return false };
        // The hours of the day before may reach into this one.
        [0, 1].into_iter().any(|back| {
            let Some(day) = start.date().checked_sub_days(Days::new(back)) else { return false };
            let midnight = day.and_hms_opt(0, 0, 0).unwrap_or(start);
            let minute = |time: NaiveDateTime| (time - midnight).num_minutes();
            let is_in_days = self.from.is_none_or(|from| from <= day) && day <= self.until;
            is_in_days
                && minute(start) < i64::from(hours.until)
                && minute(end).max(minute(start) + 1) > i64::from(hours.from)
        })
    }
}

/// A moment as it is counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) id: i64,
    pub(super) day: String,
    pub(super) starts_at: i64,
    pub(super) ends_at: i64,
    pub(super) offset_minutes: i32,
    pub(super) precision: Precision,
    pub(super) moment_type: String,
    pub(super) title: String,
    pub(super) tags: Vec<String>,
    pub(super) emotions: Vec<EmotionWeight>,
    pub(super) valence: f32,
    pub(super) has_outcome: bool,
}

const COLUMNS: &str =
    "m.id, m.day, m.starts_at, m.ends_at, m.offset_minutes, m.precision, m.moment_type,
    m.title, m.tags, m.emotions, m.valence, m.outcome <> ''";

impl Seen {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let json = |n| row.get::<_, String>(n);
        Ok(Self {
            id: row.get(0)?,
            day: row.get(1)?,
            starts_at: row.get(2)?,
            ends_at: row.get(3)?,
            offset_minutes: row.get(4)?,
            precision: json(5)?.parse().unwrap_or(Precision::Unknown),
            moment_type: row.get(6)?,
            title: row.get(7)?,
            tags: serde_json::from_str(&json(8)?).unwrap_or_default(),
            emotions: serde_json::from_str(&json(9)?).unwrap_or_default(),
            valence: row.get(10)?,
            has_outcome: row.get(11)?,
        })
    }

    /// Whether its time of day is known.
    pub(super) fn is_timed(&self) -> bool {
        self.precision >= Precision::Hour
    }

    /// Whether anything was felt in it.
    pub(super) fn is_felt(&self) -> bool {
        !self.emotions.is_empty()
    }

    pub(super) fn feels(&self, label: &str) -> bool {
        self.emotions.iter().any(|felt| felt.label == label)
    }

    /// Minutes, where its beginning and its end are known.
    pub(super) fn minutes(&self) -> Option<u32> {
        let length = (self.ends_at - self.starts_at) / MINUTE;
        u32::try_from(length).ok().filter(|n| *n > 0 && self.is_timed())
    }

    /// From when to when on the wall.
    pub(super) fn local(&self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let at = |at: i64| {
            let local = at.checked_add(i64::from(self.offset_minutes) * MINUTE)?;
            Some(DateTime::from_timestamp_millis(local)?.naive_utc())
        };
        Some((at(self.starts_at)?, at(self.ends_at)?))
    }
}

/// Tells `each` of the moments of a range, in order of time.
pub(super) fn each_of(
    reader: &Connection,
    range: &Range,
    each: &mut dyn FnMut(Seen),
) -> Result<()> {
    let (from, until) = range.days();
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m
         WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0 AND NOT {IS_FOLDED}
         ORDER BY m.day, m.precision IN ('hour', 'exact'), m.starts_at, m.ends_at, m.id"
    ))?;
    let mut rows = find.query([from, until])?;
    while let Some(row) = rows.next()? {
        let moment = Seen::read(row)?;
        if range.holds(&moment) {
            each(moment);
        }
    }
    Ok(())
}

/// The moments with these ids, in this order, as far as they are shown and lie in the range.
pub(super) fn seen(reader: &Connection, ids: &[i64], range: Option<&Range>) -> Result<Vec<Seen>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m WHERE m.id = ?1 AND m.is_hidden = 0 AND NOT {IS_FOLDED}"
    ))?;
    let mut all = Vec::new();
    for id in ids {
        let Some(moment) = find.query_row([id], Seen::read).optional()? else { continue };
        let is_in_days = range.is_none_or(|range| {
            let (from, until) = range.days();
            (from..=until).contains(&moment.day)
        });
        if is_in_days && range.is_none_or(|range| range.holds(&moment)) {
            all.push(moment);
        }
    }
    Ok(all)
}

/// What was found about a subject.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct About {
    /// The moments, the latest first.
    pub(super) moments: Vec<Seen>,
    /// The topic that has this name or tag.
    pub(super) topic_id: Option<i64>,
    /// Whether only some of the words of the subject were found.
    pub(super) is_loose: bool,
}

/// The moments about a subject, at most so many, the latest first: those of its topic, and those that have
/// its words; where none has all of them, those that have the most.
pub(super) fn about(
    reader: &Connection,
    subject: &str,
    range: Option<&Range>,
    most: usize,
) -> Result<About> {
    let topic_id = topic_of(reader, subject)?;
    let mut ids: BTreeSet<i64> = BTreeSet::new();
    if let Some(topic) = topic_id {
        ids.extend(of_topic(reader, topic, range, most)?);
    }
    let terms = terms(subject);
    if let Some(query) = joined(&terms, " AND ") {
        ids.extend(having(reader, &query, range, most, "m.day DESC, m.starts_at DESC")?);
    }
    let is_loose = ids.is_empty() && terms.len() > 1;
    if is_loose && let Some(query) = joined(&terms, " OR ") {
        ids.extend(having(reader, &query, range, LOOSE.min(most), "rank")?);
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut moments = seen(reader, &ids, range)?;
    // Of two accounts of one time the one that says how it ended comes first.
    moments.sort_by(|a, b| {
        (&b.day, b.starts_at, b.has_outcome, b.id).cmp(&(&a.day, a.starts_at, a.has_outcome, a.id))
    });
    moments.truncate(most);
    Ok(About { is_loose: is_loose && !moments.is_empty(), moments, topic_id })
}

/// Moments that have only some of the words.
const LOOSE: usize = 8;

/// The topic that a subject names by one of its tags.
fn topic_of(reader: &Connection, subject: &str) -> Result<Option<i64>> {
    let key = tag_key(subject);
    if key.is_empty() {
        return Ok(None);
    }
    Ok(reader
        .prepare_cached("SELECT topic_id FROM topic_tags WHERE tag = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

fn of_topic(
    reader: &Connection,
    topic: i64,
    range: Option<&Range>,
    most: usize,
) -> Result<Vec<i64>> {
    let (from, until) = bounds(range);
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT m.id, m.day, m.starts_at FROM topic_tags t
           JOIN moment_tags l ON l.tag_id = t.id JOIN moments m ON m.id = l.moment_id
         WHERE t.topic_id = ?1 AND m.is_hidden = 0 AND m.day BETWEEN ?2 AND ?3
         ORDER BY m.day DESC, m.starts_at DESC LIMIT ?4",
    )?;
    let ids = find.query_map(params![topic, from, until, most], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn having(
    reader: &Connection,
    query: &str,
    range: Option<&Range>,
    most: usize,
    order: &str,
) -> Result<Vec<i64>> {
    let (from, until) = bounds(range);
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.id FROM moments_fts f JOIN moments m ON m.id = f.rowid
         WHERE moments_fts MATCH ?1 AND m.is_hidden = 0 AND m.day BETWEEN ?2 AND ?3
         ORDER BY {order} LIMIT ?4"
    ))?;
    let ids = find.query_map(params![query, from, until, most], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn bounds(range: Option<&Range>) -> (String, String) {
    range.map_or_else(|| (String::new(), "9999-12-31".into()), Range::days)
}

/// Each word of a subject as a term of the index's language, which knows no other sign in it.
fn terms(subject: &str) -> Vec<String> {
    let german = Some(Language::German);
    words::iter(subject)
        .filter(|word| intent::has_topic(word.text))
        .map(|word| {
            let folded = words::fold(word.text);
            let quoted = |text: &str| format!("\"{}\"", text.replace(['"', '\0'], " "));
            // The index knows the endings of English words alone.
            let stem = words::stem(word.text, german);
            if stem.chars().count() >= LONG_WORD && stem != folded {
                format!("({} OR {}*)", quoted(&folded), quoted(&stem))
            } else {
                quoted(&folded)
            }
        })
        .collect()
}

fn joined(terms: &[String], by: &str) -> Option<String> {
    (!terms.is_empty()).then(|| terms.join(by))
}

/// Moments of a range in which something was learnt: by their type, by a tag, by a word of learning, or by
/// what people came to together. The latest last.
pub(super) fn learnt(reader: &Connection, range: &Range, most: usize) -> Result<Vec<Seen>> {
    let (from, until) = range.days();
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m
         WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0 AND NOT {IS_FOLDED}
           AND (m.moment_type = 'learning' OR m.insights <> '[]'
             OR m.id IN (SELECT rowid FROM moments_fts WHERE moments_fts MATCH ?3))
         ORDER BY m.day, m.starts_at, m.id"
    ))?;
    let mut rows = find.query(params![from, until, LEARNING])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let moment = Seen::read(row)?;
        if range.holds(&moment) && all.len() < most {
            all.push(moment);
        }
    }
    Ok(all)
}

/// Words of learning; the index knows the endings of the English ones.
const LEARNING: &str = "\"learned\" OR \"learnt\" OR \"realised\" OR \"realized\" OR \"lesson\" OR \
    \"discovered\" OR \"understood\" OR \"gelernt\" OR \"begriffen\" OR \"erkannt\" OR \"herausgefunden\"";

/// What moments rest on, and what is tied to that, counted by kind: notes and whole conversations.
pub(super) fn related_counts(reader: &Connection, moment_id: i64) -> Result<Vec<KindCount>> {
    let mut wholes: BTreeSet<i64> = BTreeSet::new();
    let mut own = reader.prepare_cached(
        "SELECT coalesce(r.session_id, r.id) FROM evidence e JOIN records r ON r.id = e.record_id
         WHERE e.moment_id = ?1 AND r.deleted_at IS NULL
         UNION
         SELECT coalesce(r.session_id, r.id) FROM edges x JOIN records r ON r.id = x.to_id
         WHERE x.from_kind = 'moment' AND x.from_id = ?1 AND x.to_kind = 'record'
           AND r.deleted_at IS NULL",
    )?;
    for id in own.query_map([moment_id], |row| row.get(0))? {
        wholes.insert(id?);
    }
    let mut tied = reader.prepare_cached(
        "SELECT to_id FROM edges WHERE from_kind = 'record' AND from_id = ?1 AND to_kind = 'record'
         UNION
         SELECT from_id FROM edges WHERE to_kind = 'record' AND to_id = ?1 AND from_kind = 'record'",
    )?;
    for id in wholes.clone() {
        for other in tied.query_map([id], |row| row.get(0))? {
            wholes.insert(other?);
        }
    }
    let mut kind_of = reader.prepare_cached(
        "SELECT CASE WHEN r.kind <> 'resource' THEN 'conversation'
                     WHEN r.file_id IS NULL THEN 'quick note' ELSE 'document' END
         FROM records r WHERE r.id = ?1 AND r.deleted_at IS NULL",
    )?;
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for id in wholes {
        if let Some(kind) = kind_of.query_row([id], |row| row.get(0)).optional()? {
            *counts.entry(kind).or_default() += 1;
        }
    }
    let mut counts: Vec<KindCount> =
        counts.into_iter().map(|(kind, n)| KindCount { kind, n }).collect();
    counts.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.kind.cmp(&b.kind)));
    Ok(counts)
}

/// The records on which a moment rests.
pub(super) fn records_of(reader: &Connection, moment_id: i64) -> Result<Vec<i64>> {
    let mut find =
        reader.prepare_cached("SELECT DISTINCT record_id FROM evidence WHERE moment_id = ?1")?;
    Ok(find.query_map([moment_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The words of a record that fit a question best: a message, or the stretch of a note that has the most of its
/// words. Bytes of its body.
pub(super) fn passage(
    reader: &Connection,
    record_id: i64,
    question: &str,
) -> Result<Option<(String, usize, usize)>> {
    let found: Option<(String, String)> = reader
        .prepare_cached("SELECT kind, body FROM records WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([record_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((kind, body)) = found.filter(|(kind, _)| kind != "session") else { return Ok(None) };
    let cut = |starts: usize, ends: usize| {
        let text = body.get(starts..ends)?;
        (!text.trim().is_empty()).then(|| (text.to_owned(), starts, ends))
    };
    if kind == "message" {
        return Ok(cut(0, floor(&body, MOST_BYTES)));
    }
    let language = language::detect(&body[..floor(&body, MOST_BYTES)], None);
    let wanted: BTreeSet<String> = words::content_stems(question, language).collect();
    let mut find = reader.prepare_cached(
        "SELECT starts, ends FROM chunks WHERE record_id = ?1 ORDER BY ordinal LIMIT 500",
    )?;
    let mut best: Option<(usize, (String, usize, usize))> = None;
    let mut rows = find.query([record_id])?;
    while let Some(row) = rows.next()? {
        let (starts, ends): (usize, usize) = (row.get(0)?, row.get(1)?);
        let ends = floor(&body, ends.min(starts.saturating_add(MOST_BYTES)));
        let Some(passage) = cut(starts, ends) else { continue };
        let has: BTreeSet<String> = words::content_stems(&passage.0, language).collect();
        let n = wanted.intersection(&has).count();
        if best.as_ref().is_none_or(|(most, _)| n > *most) {
            best = Some((n, passage));
        }
    }
    Ok(best.map(|(_, passage)| passage).or_else(|| cut(0, floor(&body, MOST_BYTES))))
}

/// Bytes of a record that are shown to a model.
const MOST_BYTES: usize = 900;

fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 14 October 2026 in Berlin.
    fn at(hour: i64, minute: i64, minutes: i64, day: &str) -> Seen {
        let midnight = 1_791_928_800_000;
        let starts_at = midnight + (hour * 60 + minute) * MINUTE;
        Seen {
            id: 1,
            day: day.into(),
            starts_at,
            ends_at: starts_at + minutes * MINUTE,
            offset_minutes: 120,
            precision: Precision::Exact,
            moment_type: "other".into(),
            title: String::new(),
            tags: Vec::new(),
            emotions: Vec::new(),
            valence: 0.0,
            has_outcome: false,
        }
    }

    fn range(from: u16, until: u16) -> Range {
        let day: NaiveDate = "2026-10-14".parse().expect("a day");
        let hours = Hours { from: from * 60, until: until * 60 };
        Range { from: Some(day), until: day, hours: Some(hours) }
    }

    #[test]
    fn a_moment_lies_in_hours_that_it_touches() {
        let afternoon = range(12, 18);
        assert!(afternoon.holds(&at(14, 0, 30, "2026-10-14")));
        assert!(afternoon.holds(&at(11, 0, 90, "2026-10-14")), "it goes on into them");
        assert!(!afternoon.holds(&at(11, 0, 60, "2026-10-14")), "it ends as they begin");
        assert!(!afternoon.holds(&at(18, 0, 30, "2026-10-14")));
        assert!(afternoon.holds(&at(12, 0, 0, "2026-10-14")), "an instant");
    }

    #[test]
    fn hours_after_midnight_are_those_of_the_evening_before() {
        let night = range(21, 29);
        assert!(night.holds(&at(25, 30, 10, "2026-10-15")), "half past one in the next day");
        assert!(!night.holds(&at(1, 30, 10, "2026-10-14")), "the night before");
        assert_eq!(night.days().1, "2026-10-15");
    }

    #[test]
    fn a_moment_without_a_time_of_day_lies_in_no_hours() {
        let vague = Seen { precision: Precision::Day, ..at(14, 0, 30, "2026-10-14") };
        assert!(!range(12, 18).holds(&vague));
        assert!(Range { hours: None, ..range(12, 18) }.holds(&vague));
    }

    #[test]
    fn nothing_in_a_subject_is_a_sign_of_the_indexs_language() {
        assert_eq!(terms("the \"bellows\" NEAR(*"), ["\"bellows\""]);
        assert_eq!(terms("glue-pot"), ["\"glue\"", "\"pot\""]);
        assert!(terms("to the of").is_empty());
    }
}
