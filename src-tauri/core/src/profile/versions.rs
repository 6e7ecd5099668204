//! The versions of the profile: laid down by dreams, one beside the other, and never changed.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    content::{Content, Interest, Metadata, Person},
    lines,
    material::Material,
    rhythms::Rhythm,
};
use crate::{
    Error, Result,
    moments::{
        history::{self, Change},
        write::Writing,
    },
    store::json_list,
};

/// A version as it was laid down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Version {
    pub(crate) version: i64,
    pub(crate) content: Content,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
    pub(crate) generated_at: i64,
}

/// Who tells a version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Telling<'a> {
    /// A model, or the built-in analyser.
    pub(crate) mind: &'a str,
    /// Whether a model was missed.
    pub(crate) is_provisional: bool,
}

/// Lays down a version, and returns its number.
pub(crate) fn add(
    writing: &Writing<'_>,
    content: &Content,
    material: &Material,
    telling: Telling<'_>,
) -> Result<i64> {
    let tx = writing.tx;
    tx.prepare_cached(
        "INSERT INTO profiles (summary, lines, language, metadata, first_day, last_day, mind,
           is_provisional, revision_id, generated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        lines::joined(&content.lines),
        json_list(&content.lines),
        content.language,
        serde_json::to_string(&content.metadata).unwrap_or_else(|_| "{}".into()),
        content.first_day,
        content.last_day,
        telling.mind,
        telling.is_provisional,
        writing.revision_id,
        writing.now,
    ])?;
    let version = tx.last_insert_rowid();
    let mut insert = tx.prepare_cached(
        "INSERT INTO profile_interests (version, key, ordinal, name, weight, lift, n_days, n_things,
           first_day, last_day, moments, records)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (ordinal, one) in (0_i64..).zip(&content.interests) {
        insert.execute(params![
            version,
            one.key,
            ordinal,
            one.name,
            one.weight,
            one.lift,
            one.n_days,
            one.n_things,
            one.first_day,
            one.last_day,
            json_list(&one.moments),
            json_list(&one.records),
        ])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO profile_people (version, key, ordinal, name, n_days, n_moments, n_felt, valence,
           first_day, last_day, moments)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (ordinal, one) in (0_i64..).zip(&content.people) {
        insert.execute(params![
            version,
            one.key,
            ordinal,
            one.name,
            one.n_days,
            one.n_moments,
            one.n_felt,
            one.valence,
            one.first_day,
            one.last_day,
            json_list(&one.moments),
        ])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO profile_rhythms (version, activity_type, ordinal, n_moments, n_timed, hours,
           weekdays)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (ordinal, one) in (0_i64..).zip(&content.rhythms) {
        insert.execute(params![
            version,
            one.activity_type,
            ordinal,
            one.n_moments,
            one.n_timed,
            json_list(&one.hours),
            json_list(&one.weekdays),
        ])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO profile_sources (version, source_id, n_things) VALUES (?1, ?2, ?3)",
    )?;
    for (source_id, n_things) in &material.sources {
        insert.execute(params![version, source_id, n_things])?;
    }
    let change =
        Change { revision_id: writing.revision_id, op: "added", thing: "profile", id: version };
    history::mark(tx, &change)?;
    Ok(version)
}

/// The newest version.
pub(crate) fn latest(reader: &Connection) -> Result<Option<Version>> {
    let newest: Option<i64> =
        reader.query_row("SELECT max(version) FROM profiles", [], |row| row.get(0))?;
    newest.map(|version| read(reader, version)).transpose()
}

/// A version.
///
/// # Errors
/// There is no such version.
pub(super) fn read(reader: &Connection, version: i64) -> Result<Version> {
    let found = reader
        .prepare_cached(
            "SELECT lines, language, metadata, first_day, last_day, mind, is_provisional, generated_at
             FROM profiles WHERE version = ?1",
        )?
        .query_row([version], |row| {
            let texts: (String, String) = (row.get(0)?, row.get(2)?);
            let kept: (String, bool, i64) = (row.get(5)?, row.get(6)?, row.get(7)?);
            Ok((texts, row.get(1)?, row.get(3)?, row.get(4)?, kept))
        })
        .optional()?
        .ok_or_else(|| Error::NotFound(format!("version {version} of the profile")))?;
    let ((lines, metadata), language, first_day, last_day, kept) = found;
    let damaged = |_| Error::invalid(format!("version {version} of the profile is damaged"));
    let content = Content {
        first_day,
        last_day,
        language,
        lines: serde_json::from_str(&lines).map_err(damaged)?,
        interests: interests(reader, version)?,
        people: people(reader, version)?,
        rhythms: rhythms(reader, version)?,
        metadata: serde_json::from_str::<Metadata>(&metadata).map_err(damaged)?,
    };
    let (mind, is_provisional, generated_at) = kept;
    Ok(Version { version, content, mind, is_provisional, generated_at })
}

fn interests(reader: &Connection, version: i64) -> Result<Vec<Interest>> {
    all(
        reader,
        "SELECT key, name, weight, lift, n_days, n_things, first_day, last_day, moments, records
         FROM profile_interests WHERE version = ?1 ORDER BY ordinal",
        version,
        |row| {
            Ok(Interest {
                key: row.get(0)?,
                name: row.get(1)?,
                weight: row.get(2)?,
                lift: row.get(3)?,
                n_days: row.get(4)?,
                n_things: row.get(5)?,
                first_day: row.get(6)?,
                last_day: row.get(7)?,
                moments: ids(row, 8)?,
                records: ids(row, 9)?,
            })
        },
    )
}

fn people(reader: &Connection, version: i64) -> Result<Vec<Person>> {
    all(
        reader,
        "SELECT key, name, n_days, n_moments, n_felt, valence, first_day, last_day, moments
         FROM profile_people WHERE version = ?1 ORDER BY ordinal",
        version,
        |row| {
            Ok(Person {
                key: row.get(0)?,
                name: row.get(1)?,
                n_days: row.get(2)?,
                n_moments: row.get(3)?,
                n_felt: row.get(4)?,
                valence: row.get(5)?,
                first_day: row.get(6)?,
                last_day: row.get(7)?,
                moments: ids(row, 8)?,
            })
        },
    )
}

fn rhythms(reader: &Connection, version: i64) -> Result<Vec<Rhythm>> {
    all(
        reader,
        "SELECT activity_type, n_moments, n_timed, hours, weekdays
         FROM profile_rhythms WHERE version = ?1 ORDER BY ordinal",
        version,
        |row| {
            let (hours, weekdays): (String, String) = (row.get(3)?, row.get(4)?);
            Ok(Rhythm {
                activity_type: row.get(0)?,
                n_moments: row.get(1)?,
                n_timed: row.get(2)?,
                hours: serde_json::from_str(&hours).unwrap_or_default(),
                weekdays: serde_json::from_str(&weekdays).unwrap_or_default(),
            })
        },
    )
}

fn all<T>(
    reader: &Connection,
    sql: &str,
    version: i64,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut find = reader.prepare_cached(sql)?;
    Ok(find.query_map([version], read)?.collect::<rusqlite::Result<_>>()?)
}

fn ids(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<i64>> {
    Ok(serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or_default())
}
