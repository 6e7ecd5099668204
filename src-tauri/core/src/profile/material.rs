//! What a profile is made from: the moments, conversations and notes of the days that were dreamt last, and
//! how often the whole journal speaks of the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::own;
use crate::{
    Result,
    api::moments::EmotionWeight,
    clock::Precision,
    journal::Cancel,
    text::{tags::tag_key, words},
};

/// All of it, as one snapshot has it. Two that are equal give the same profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Material {
    /// The dreamt days, in order.
    pub(crate) days: Vec<String>,
    /// Dreamt days of the whole journal.
    pub(crate) n_days_ever: u32,
    /// Moments that are not hidden, in order of time.
    pub(crate) moments: Vec<Seen>,
    /// Conversations with a summary, by id.
    pub(crate) talks: Vec<Talk>,
    /// Notes and documents, by id.
    pub(crate) papers: Vec<Paper>,
    /// How often the journal ever spoke of the tags, and of the people, of these days.
    pub(super) tags_ever: BTreeMap<String, Ever>,
    pub(super) people_ever: BTreeMap<String, Ever>,
    /// Moments ever in which something was felt, and the sum of their valences.
    pub(super) felt_ever: (u32, f64),
    /// What the owner is called.
    pub(crate) own_names: Vec<String>,
    /// Whose records these are, and how many of them.
    pub(super) sources: BTreeMap<i64, u32>,
}

/// A moment, as far as a profile speaks of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Seen {
    pub(crate) id: i64,
    pub(crate) day: String,
    pub(super) starts_at: i64,
    pub(super) offset_minutes: i32,
    pub(super) precision: Precision,
    pub(super) moment_type: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) outcome: String,
    pub(crate) language: String,
    pub(super) tags: Vec<String>,
    pub(crate) people: Vec<String>,
    pub(crate) emotions: Vec<EmotionWeight>,
    pub(super) valence: f32,
    pub(super) is_pinned: bool,
    pub(super) is_corrected: bool,
    /// The records it rests on.
    pub(crate) records: BTreeSet<i64>,
    /// The notes and conversations these are or belong to.
    pub(super) wholes: BTreeSet<i64>,
}

/// A conversation and what is told of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Talk {
    pub(crate) id: i64,
    pub(crate) summary: String,
    pub(super) key_topics: Vec<String>,
    pub(super) language: String,
    /// Its last day among these.
    pub(crate) day: String,
}

/// A note and what its writer tagged it with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Paper {
    pub(super) id: i64,
    pub(super) tags: Vec<String>,
    /// Its last day among these.
    pub(super) day: String,
}

/// How often the whole journal speaks of something, up to today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Ever {
    pub(super) n_days: u32,
    pub(super) first_day: String,
    pub(super) last_day: String,
}

impl Ever {
    /// Days are told in order.
    fn see(&mut self, day: &str) {
        if self.last_day != day {
            self.n_days += 1;
            day.clone_into(&mut self.last_day);
        }
        if self.first_day.is_empty() {
            day.clone_into(&mut self.first_day);
        }
    }
}

impl Material {
    /// Reads the last `most` days that were dreamt, back from the newest that is not in the future.
    pub(crate) fn read(
        reader: &Connection,
        most: u16,
        today: NaiveDate,
        own_names: &[String],
        cancel: &Cancel,
    ) -> Result<Self> {
        let today = today.to_string();
        let mut days: Vec<String> = {
            let mut find = reader.prepare_cached(
                "SELECT starts_on FROM periods WHERE kind = 'day' AND starts_on <= ?1
                 ORDER BY starts_on DESC LIMIT ?2",
            )?;
            find.query_map(params![today, most], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?
        };
        days.reverse();
        let mut material = Self { own_names: own::names(reader, own_names)?, ..Self::default() };
        let (Some(first), Some(last)) = (days.first().cloned(), days.last().cloned()) else {
            return Ok(material);
        };
        let within: BTreeSet<&str> = days.iter().map(String::as_str).collect();
        material.n_days_ever = reader.query_row(
            "SELECT count(*) FROM periods WHERE kind = 'day' AND starts_on <= ?1",
            [&today],
            |row| row.get(0),
        )?;
        material.moments(reader, (&first, &last), &within, cancel)?;
        material.records(reader, (&first, &last), cancel)?;
        material.papers(reader, (&first, &last), &within)?;
        material.talks(reader, (&first, &last), &within)?;
        material.ever(reader, &today, cancel)?;
        material.days = days;
        Ok(material)
    }

    /// Its first and last day.
    pub(crate) fn bounds(&self) -> Option<(&str, &str)> {
        Some((self.days.first()?, self.days.last()?))
    }

    /// Days with a moment.
    pub(crate) fn n_days_with_moments(&self) -> usize {
        self.moments.iter().map(|moment| moment.day.as_str()).collect::<BTreeSet<_>>().len()
    }

    fn moments(
        &mut self,
        reader: &Connection,
        (first, last): (&str, &str),
        within: &BTreeSet<&str>,
        cancel: &Cancel,
    ) -> Result<()> {
        let mut find = reader.prepare_cached(
            "SELECT m.id, m.day, m.starts_at, m.offset_minutes, m.precision, m.moment_type, m.title,
               m.summary, m.outcome, m.language, m.tags, m.people, m.emotions, m.valence, m.is_pinned,
               EXISTS (SELECT 1 FROM corrections k WHERE k.moment_id = m.id)
             FROM moments m WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0
             ORDER BY m.day, m.starts_at, m.id",
        )?;
        let mut rows = find.query([first, last])?;
        while let Some(row) = rows.next()? {
            cancel.check()?;
            let day: String = row.get(1)?;
            if !within.contains(day.as_str()) {
                continue;
            }
            self.moments.push(Seen {
                id: row.get(0)?,
                day,
                starts_at: row.get(2)?,
                offset_minutes: row.get(3)?,
                precision: row.get::<_, String>(4)?.parse().unwrap_or(Precision::Unknown),
                moment_type: row.get(5)?,
                title: row.get(6)?,
                summary: row.get(7)?,
                outcome: row.get(8)?,
                language: row.get(9)?,
                tags: list(&row.get::<_, String>(10)?),
                people: list(&row.get::<_, String>(11)?),
                emotions: serde_json::from_str(&row.get::<_, String>(12)?).unwrap_or_default(),
                valence: row.get(13)?,
                is_pinned: row.get(14)?,
                is_corrected: row.get(15)?,
                records: BTreeSet::new(),
                wholes: BTreeSet::new(),
            });
        }
        Ok(())
    }

    /// The records that the moments rest on.
    fn records(
        &mut self,
        reader: &Connection,
        (first, last): (&str, &str),
        cancel: &Cancel,
    ) -> Result<()> {
        let places: BTreeMap<i64, usize> =
            self.moments.iter().enumerate().map(|(n, moment)| (moment.id, n)).collect();
        let mut find = reader.prepare_cached(
            "SELECT e.moment_id, r.id, coalesce(r.session_id, r.id), r.source_id
             FROM moments m JOIN evidence e ON e.moment_id = m.id JOIN records r ON r.id = e.record_id
             WHERE m.day BETWEEN ?1 AND ?2",
        )?;
        let mut rows = find.query([first, last])?;
        while let Some(row) = rows.next()? {
            cancel.check()?;
            let Some(place) = places.get(&row.get(0)?) else { continue };
            let moment = &mut self.moments[*place];
            moment.records.insert(row.get(1)?);
            moment.wholes.insert(row.get(2)?);
            *self.sources.entry(row.get(3)?).or_default() += 1;
        }
        Ok(())
    }

    fn papers(
        &mut self,
        reader: &Connection,
        (first, last): (&str, &str),
        within: &BTreeSet<&str>,
    ) -> Result<()> {
        let mut find = reader.prepare_cached(
            "SELECT r.id, r.tags, max(c.day), r.source_id
             FROM chunks c JOIN records r ON r.id = c.record_id
             WHERE c.day BETWEEN ?1 AND ?2 AND r.kind = 'resource' AND r.deleted_at IS NULL
             GROUP BY r.id ORDER BY r.id",
        )?;
        let mut rows = find.query([first, last])?;
        while let Some(row) = rows.next()? {
            let day: String = row.get(2)?;
            if within.contains(day.as_str()) {
                let tags = list(&row.get::<_, String>(1)?);
                self.papers.push(Paper { id: row.get(0)?, tags, day });
                *self.sources.entry(row.get(3)?).or_default() += 1;
            }
        }
        Ok(())
    }

    fn talks(
        &mut self,
        reader: &Connection,
        (first, last): (&str, &str),
        within: &BTreeSet<&str>,
    ) -> Result<()> {
        let mut find = reader.prepare_cached(
            "SELECT s.session_id, s.summary, s.key_topics, s.language, t.last_day, r.source_id
             FROM (SELECT m.session_id AS id, max(c.day) AS last_day
                   FROM chunks c JOIN records m ON m.id = c.record_id
                   WHERE c.day BETWEEN ?1 AND ?2 AND m.kind = 'message' AND m.deleted_at IS NULL
                   GROUP BY m.session_id) t
               JOIN session_summaries s ON s.session_id = t.id
               JOIN records r ON r.id = t.id AND r.deleted_at IS NULL
             ORDER BY s.session_id",
        )?;
        let mut rows = find.query([first, last])?;
        while let Some(row) = rows.next()? {
            let day: String = row.get(4)?;
            if within.contains(day.as_str()) {
                self.talks.push(Talk {
                    id: row.get(0)?,
                    summary: row.get(1)?,
                    key_topics: list(&row.get::<_, String>(2)?),
                    language: row.get(3)?,
                    day,
                });
                *self.sources.entry(row.get(5)?).or_default() += 1;
            }
        }
        Ok(())
    }

    /// One pass over all moments: how often there ever was what there is in these days.
    fn ever(&mut self, reader: &Connection, today: &str, cancel: &Cancel) -> Result<()> {
        for moment in &self.moments {
            for tag in &moment.tags {
                self.tags_ever.entry(tag_key(tag)).or_default();
            }
            for name in &moment.people {
                self.people_ever.entry(words::fold(name).into_owned()).or_default();
            }
        }
        for topics in self.talks.iter().map(|talk| &talk.key_topics) {
            for topic in topics {
                self.tags_ever.entry(tag_key(topic)).or_default();
            }
        }
        for tag in self.papers.iter().flat_map(|paper| &paper.tags) {
            self.tags_ever.entry(tag_key(tag)).or_default();
        }
        let mut find = reader.prepare_cached(
            "SELECT day, tags, people, emotions <> '[]', valence FROM moments
             WHERE is_hidden = 0 AND day <= ?1 ORDER BY day, starts_at",
        )?;
        let mut rows = find.query([today])?;
        while let Some(row) = rows.next()? {
            cancel.check()?;
            let day: String = row.get(0)?;
            for tag in list(&row.get::<_, String>(1)?) {
                if let Some(ever) = self.tags_ever.get_mut(&tag_key(&tag)) {
                    ever.see(&day);
                }
            }
            for name in list(&row.get::<_, String>(2)?) {
                if let Some(ever) = self.people_ever.get_mut(&*words::fold(&name)) {
                    ever.see(&day);
                }
            }
            if row.get(3)? {
                self.felt_ever.0 += 1;
                self.felt_ever.1 += row.get::<_, f64>(4)?;
            }
        }
        Ok(())
    }
}

fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}
