//! The profile as it is shown: a version, with the person's edits laid over it and its evidence looked up.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::{
    activity,
    content::{Content, Metadata},
    edits::{Edit, Edits},
    lines::{self, Line},
    own, versions,
};
use crate::{
    Journal, Result,
    api::profile::{
        ProfileEvidence, ProfileInterest, ProfileLine, ProfilePerson, ProfileRhythm,
        ProfileVersion, ProfileView,
    },
    clock::parse_day,
    mind::builtin,
    settings::Settings,
};

/// Days with moments, and moments, below which there is too little to say who somebody is.
pub(crate) const FEWEST_DAYS: usize = 3;
pub(crate) const FEWEST_MOMENTS: usize = 5;

/// A profile that says nothing.
pub(super) fn nothing() -> Content {
    Content {
        first_day: String::new(),
        last_day: String::new(),
        language: String::new(),
        lines: Vec::new(),
        interests: Vec::new(),
        people: Vec::new(),
        rhythms: Vec::new(),
        metadata: Metadata {
            n_days: 0,
            n_moments: 0,
            n_talks: 0,
            n_papers: 0,
            weekdays: [0; 7],
            n_felt: 0,
            valence: None,
            n_felt_ever: 0,
            valence_ever: None,
        },
    }
}

/// A version, or the newest. That there is none yet is told in it.
pub(crate) fn show(journal: &Journal, version: Option<i64>) -> Result<ProfileView> {
    let settings = journal.settings();
    let today = settings.calendar()?.day_of(journal.clock().now_ms());
    journal.store().read(|reader| {
        let newest: Option<i64> =
            reader.query_row("SELECT max(version) FROM profiles", [], |row| row.get(0))?;
        match version.or(newest) {
            None => empty(reader, &settings, today),
            Some(version) => view(reader, &settings, today, (version, newest == Some(version))),
        }
    })
}

fn empty(reader: &Connection, settings: &Settings, today: NaiveDate) -> Result<ProfileView> {
    let (n_days, n_moments): (u32, u32) = reader.query_row(
        "SELECT count(DISTINCT day), count(*) FROM moments WHERE is_hidden = 0 AND day <= ?1",
        [today.to_string()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let is_enough = n_days as usize >= FEWEST_DAYS && n_moments as usize >= FEWEST_MOMENTS;
    let why_none = if is_enough {
        "it is told with the next dream".to_owned()
    } else {
        format!(
            "there is too little yet: a profile needs {FEWEST_MOMENTS} moments on {FEWEST_DAYS} days, and \
             there are {n_moments} on {n_days}"
        )
    };
    let edits = Edits::read(reader)?;
    let mut content = nothing();
    edits.lay_over(&mut content);
    let view = lay_out(reader, settings, content, &edits)?;
    let mut activity = activity::look(reader, &settings.profile, today)?;
    activity.level = edits.level().unwrap_or(activity.level);
    let summary = edits.summary.clone().unwrap_or_default();
    Ok(ProfileView { why_none, summary, activity, ..view })
}

fn view(
    reader: &Connection,
    settings: &Settings,
    today: NaiveDate,
    (version, is_newest): (i64, bool),
) -> Result<ProfileView> {
    let told = versions::read(reader, version)?;
    let edits = Edits::read(reader)?;
    let mut content = told.content;
    relay(&mut content, &told.mind, &edits);
    let until = if is_newest { today } else { parse_day(&content.last_day)?.min(today) };
    let mut activity = activity::look(reader, &settings.profile, until)?;
    let mut summary = lines::joined(&content.lines);
    let by_hand = edits.summary.as_ref().filter(|_| is_newest);
    if is_newest {
        activity.level = edits.level().unwrap_or(activity.level);
    }
    if let Some(own) = by_hand {
        summary.clone_from(own);
    }
    let is_summary_by_hand = by_hand.is_some();
    let view = lay_out(reader, settings, content, &edits)?;
    Ok(ProfileView {
        version: Some(version),
        is_newest,
        summary,
        is_summary_by_hand,
        activity,
        is_by_model: told.mind != builtin::NAME,
        mind: told.mind,
        is_provisional: told.is_provisional,
        generated_at: Some(told.generated_at),
        ..view
    })
}

/// Lays the person's edits over what was told. What the built-in analyser told is told again from what they
/// left standing; of what a model told, a line goes that speaks of what they do not want to be told.
fn relay(content: &mut Content, mind: &str, edits: &Edits) {
    let before = (content.interests.clone(), content.people.clone());
    edits.lay_over(content);
    if mind == builtin::NAME {
        if before != (content.interests.clone(), content.people.clone()) {
            content.lines = lines::told(content);
        }
        return;
    }
    let unwanted = edits.unwanted();
    content.lines.retain(|line| !lines::names_any(&line.text, unwanted.iter().copied()));
}

/// Everything but what belongs to a version as such.
fn lay_out(
    reader: &Connection,
    settings: &Settings,
    content: Content,
    edits: &Edits,
) -> Result<ProfileView> {
    let mut found = Found { reader, moments: BTreeMap::new(), records: BTreeMap::new() };
    let mut told = Vec::new();
    for line in content.lines {
        let evidence = found.all(&line.moments, &line.records)?;
        told.push(ProfileLine { text: line.text, n_things: line.n_things, evidence });
    }
    let mut interests = Vec::new();
    for one in content.interests {
        let evidence = found.all(&one.moments, &one.records)?;
        interests.push(ProfileInterest {
            is_by_hand: edits.interests.contains_key(&one.key),
            name: one.name,
            key: one.key,
            weight: one.weight,
            lift: one.lift,
            n_days: one.n_days,
            n_things: one.n_things,
            first_day: one.first_day,
            last_day: one.last_day,
            evidence,
        });
    }
    let mut people = Vec::new();
    for one in content.people {
        let evidence = found.all(&one.moments, &[])?;
        people.push(ProfilePerson {
            name: one.name,
            n_days: one.n_days,
            n_moments: one.n_moments,
            n_felt: one.n_felt,
            valence: one.valence,
            first_day: one.first_day,
            last_day: one.last_day,
            evidence,
        });
    }
    let rhythms = content.rhythms.into_iter().map(|one| ProfileRhythm {
        activity_type: one.activity_type,
        n_moments: one.n_moments,
        n_timed: one.n_timed,
        hours: one.hours.to_vec(),
        weekdays: one.weekdays.to_vec(),
    });
    let unwanted = |all: &BTreeMap<String, Edit>| {
        let hidden = all.values().filter(|edit| edit.op == "hide");
        let mut names: Vec<String> = hidden.map(|edit| edit.value.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    let counted = content.metadata;
    Ok(ProfileView {
        version: None,
        is_newest: true,
        why_none: String::new(),
        layer: "semantic".into(),
        summary: String::new(),
        is_summary_by_hand: edits.summary.is_some(),
        lines: told,
        interests,
        people,
        rhythms: rhythms.collect(),
        weekday_days: counted.weekdays.to_vec(),
        n_felt: counted.n_felt,
        valence: counted.valence,
        valence_ever: counted.valence_ever,
        activity: activity::unknown(&settings.profile),
        own_names: own::names(reader, &settings.own_names)?,
        language: content.language,
        first_day: content.first_day,
        last_day: content.last_day,
        n_days: counted.n_days,
        n_moments: counted.n_moments,
        n_sessions: counted.n_talks,
        n_resources: counted.n_papers,
        mind: String::new(),
        is_by_model: false,
        is_provisional: false,
        generated_at: None,
        hidden_people: unwanted(&edits.people),
        removed_interests: unwanted(&edits.interests),
    })
}

/// Moments and records that were looked up, each once.
struct Found<'r> {
    reader: &'r Connection,
    moments: BTreeMap<i64, Option<ProfileEvidence>>,
    records: BTreeMap<i64, Option<ProfileEvidence>>,
}

impl Found<'_> {
    /// Those that are still there and not hidden.
    fn all(&mut self, moments: &[i64], records: &[i64]) -> Result<Vec<ProfileEvidence>> {
        let mut all = Vec::new();
        for id in moments {
            if !self.moments.contains_key(id) {
                let sql = "SELECT title, day FROM moments WHERE id = ?1 AND is_hidden = 0";
                self.moments.insert(*id, one(self.reader, sql, "moment", *id)?);
            }
            all.extend(self.moments.get(id).cloned().flatten());
        }
        for id in records {
            if !self.records.contains_key(id) {
                let sql = "SELECT title, day FROM records WHERE id = ?1 AND deleted_at IS NULL";
                self.records.insert(*id, one(self.reader, sql, "record", *id)?);
            }
            all.extend(self.records.get(id).cloned().flatten());
        }
        Ok(all)
    }
}

fn one(reader: &Connection, sql: &str, kind: &str, id: i64) -> Result<Option<ProfileEvidence>> {
    let found = reader
        .prepare_cached(sql)?
        .query_row([id], |row| {
            Ok(ProfileEvidence { kind: kind.into(), id, title: row.get(0)?, day: row.get(1)? })
        })
        .optional()?;
    Ok(found)
}

/// The versions, the newest first.
pub(crate) fn list(journal: &Journal) -> Result<Vec<ProfileVersion>> {
    journal.store().read(|reader| {
        let edits = Edits::read(reader)?;
        let unwanted = edits.unwanted();
        let mut find = reader.prepare_cached(
            "SELECT version, generated_at, mind, is_provisional, first_day, last_day, lines
             FROM profiles ORDER BY version DESC",
        )?;
        let versions = find.query_map([], |row| {
            let lines: String = row.get(6)?;
            let mut lines: Vec<Line> = serde_json::from_str(&lines).unwrap_or_default();
            lines.retain(|line| !lines::names_any(&line.text, unwanted.iter().copied()));
            Ok(ProfileVersion {
                version: row.get(0)?,
                generated_at: row.get(1)?,
                mind: row.get(2)?,
                is_provisional: row.get(3)?,
                first_day: row.get(4)?,
                last_day: row.get(5)?,
                summary: lines::joined(&lines),
            })
        })?;
        Ok(versions.collect::<rusqlite::Result<_>>()?)
    })
}
