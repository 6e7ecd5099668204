//! Keeps drafts as records: new ones are added, changed ones replaced (their old text is kept as a
//! version), unchanged ones left alone.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    draft::{Draft, MessageDraft, Part, ResourceDraft, Role, SessionDraft},
    index::{self, Indexed},
};
use crate::{
    Result,
    clock::{Calendar, Stamped, When},
    store::{Hash, json_list},
};

/// Where drafts come from and how their times are read.
pub(crate) struct Keeping<'a> {
    pub(crate) source_id: i64,
    pub(crate) file_id: Option<i64>,
    /// The file's path below its source, as the file system gives it: a note's identity.
    pub(crate) path: &'a [u8],
    pub(crate) format: &'a str,
    pub(crate) calendar: &'a Calendar,
    /// The time for a note that has none of its own, such as when its file was last saved.
    pub(crate) fallback: Option<Stamped>,
    pub(crate) own_names: &'a [String],
    pub(crate) now: i64,
}

/// What keeping drafts did.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) n_added: u32,
    pub(crate) n_changed: u32,
    /// Days whose writing is new, changed or gone.
    pub(crate) days: BTreeSet<String>,
    /// Notes and conversations that are new, changed or gone.
    pub(crate) wholes: BTreeSet<i64>,
}

/// A note's identity within the journal.
pub(crate) fn note_key(source_id: i64, path: &[u8], key: &str) -> Hash {
    Hash::of_fields([b"resource".as_slice(), &source_id.to_le_bytes(), path, key.as_bytes()])
}

/// Keeps one draft.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    draft: &Draft,
    kept: &mut Kept,
) -> Result<i64> {
    match draft {
        Draft::Resource(resource) => keep_resource(tx, keeping, resource, kept),
        Draft::Session(session) => keep_session(tx, keeping, session, kept),
    }
}

/// Queues a dream for every day that was touched, in the transaction that touched it.
pub(crate) fn queue_days(tx: &Transaction<'_>, days: &BTreeSet<String>, now: i64) -> Result<()> {
    let mut queue = tx.prepare_cached(
        "INSERT INTO jobs (kind, key, created_at, updated_at) VALUES ('dream', ?1, ?2, ?2)
         ON CONFLICT (kind, key) WHERE state = 'queued'
         DO UPDATE SET updated_at = max(excluded.updated_at, jobs.updated_at + 1)",
    )?;
    for day in days {
        queue.execute(params![day, now])?;
    }
    Ok(())
}

/// So many saved notes and conversations have a job each; of more, as an import brings them, one job
/// looks for all that is new.
const MOST_QUEUED: i64 = 1_000;
/// Somebody who saves a note often saves it again: its job waits so long, in milliseconds, but no longer
/// than that after the first time.
const SETTLE_MS: i64 = 5_000;
const LONGEST_SETTLE_MS: i64 = 20_000;

/// Queues work for every note and conversation that was touched, in the transaction that touched it: what
/// can be understood of it at once and without a model.
pub(crate) fn queue_wholes(tx: &Transaction<'_>, wholes: &BTreeSet<i64>, now: i64) -> Result<()> {
    if wholes.is_empty() {
        return Ok(());
    }
    let n_queued: i64 = tx
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'queued' AND kind = 'record'
                                   LIMIT ?1)",
        )?
        .query_row([MOST_QUEUED], |row| row.get(0))?;
    let n_new = i64::try_from(wholes.len()).unwrap_or(i64::MAX);
    let mut queue = tx.prepare_cached(
        "INSERT INTO jobs (kind, key, run_after, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (kind, key) WHERE state = 'queued'
         DO UPDATE SET run_after = min(excluded.run_after, jobs.created_at + ?5), n_attempts = 0,
           updated_at = max(excluded.updated_at, jobs.updated_at + 1)",
    )?;
    if n_queued.saturating_add(n_new) > MOST_QUEUED {
        queue.execute(params!["records", "all", now + SETTLE_MS, now, LONGEST_SETTLE_MS])?;
        return Ok(());
    }
    // A part that was done for the former words is to be done for the new ones.
    let mut anew = tx.prepare_cached(
        "DELETE FROM job_parts WHERE job_id =
           (SELECT id FROM jobs WHERE state = 'queued' AND kind = 'record' AND key = ?1)",
    )?;
    for id in wholes {
        let key = id.to_string();
        queue.execute(params!["record", key, now + SETTLE_MS, now, LONGEST_SETTLE_MS])?;
        anew.execute([key])?;
    }
    Ok(())
}

struct Row<'a> {
    kind: &'a str,
    key: Hash,
    session_id: Option<i64>,
    ordinal: i64,
    title: &'a str,
    body: &'a str,
    role: &'a str,
    author: &'a str,
    tags: &'a [String],
    links: &'a [String],
    when: Option<When>,
}

impl Row<'_> {
    fn indexed<'a>(&'a self, id: i64, language: &'a str) -> Indexed<'a> {
        let is_message = self.kind == "message";
        let (title, body) = (self.title, self.body);
        Indexed { id, is_message, title, body, language: Some(language) }
    }
}

enum Stored {
    Added(i64),
    Changed(i64),
    Unchanged(i64),
}

fn keep_resource(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    draft: &ResourceDraft,
    kept: &mut Kept,
) -> Result<i64> {
    let when = draft.stamped.or(keeping.fallback).map(|s| keeping.calendar.resolve(s));
    let row = Row {
        kind: "resource",
        key: note_key(keeping.source_id, keeping.path, &draft.key),
        session_id: None,
        ordinal: 0,
        title: &draft.title,
        body: &draft.body,
        role: "",
        author: "",
        tags: &draft.tags,
        links: &draft.links,
        when,
    };
    let id = match store(tx, keeping, &row, kept)? {
        Stored::Unchanged(id) => return Ok(id),
        Stored::Added(id) | Stored::Changed(id) => id,
    };
    let mut insert = prepare_chunk(tx)?;
    for (ordinal, part) in (0_i64..).zip(&draft.parts) {
        let own = part.stamped.map(|s| keeping.calendar.resolve(s));
        add_chunk(&mut insert, id, ordinal, part, own.or(when), kept)?;
    }
    Ok(id)
}

fn keep_session(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    draft: &SessionDraft,
    kept: &mut Kept,
) -> Result<i64> {
    let key =
        Hash::of_fields([b"session".as_slice(), keeping.format.as_bytes(), draft.key.as_bytes()]);
    let first = draft.messages.iter().find_map(|message| message.stamped);
    let when = draft.stamped.or(first).map(|s| keeping.calendar.resolve(s));
    let row = Row {
        kind: "session",
        key,
        session_id: None,
        ordinal: 0,
        title: &draft.title,
        body: "",
        role: "",
        author: "",
        tags: &[],
        links: &[],
        when,
    };
    let session_id = match store(tx, keeping, &row, kept)? {
        Stored::Added(id) | Stored::Changed(id) | Stored::Unchanged(id) => id,
    };
    for (ordinal, message) in (0_i64..).zip(&draft.messages) {
        keep_message(tx, keeping, (session_id, key, ordinal), message, kept)?;
    }
    Ok(session_id)
}

fn keep_message(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    (session_id, session_key, ordinal): (i64, Hash, i64),
    message: &MessageDraft,
    kept: &mut Kept,
) -> Result<()> {
    let when = message.stamped.map(|s| keeping.calendar.resolve(s));
    let author = message.author.as_deref().unwrap_or_default();
    let is_own = keeping.own_names.iter().any(|name| name == author);
    let role = if is_own && message.role == Role::Person { Role::User } else { message.role };
    let row = Row {
        kind: "message",
        key: Hash::of_fields([b"message".as_slice(), &session_key.0, message.key.as_bytes()]),
        session_id: Some(session_id),
        ordinal,
        title: "",
        body: &message.body,
        role: role.as_str(),
        author,
        tags: &[],
        links: &[],
        when,
    };
    let id = match store(tx, keeping, &row, kept)? {
        Stored::Unchanged(_) => return Ok(()),
        Stored::Added(id) | Stored::Changed(id) => id,
    };
    let whole = Part { span: 0..message.body.len(), heading: None, stamped: None };
    let mut insert = prepare_chunk(tx)?;
    // What the chat program says about itself is kept but never dreamt about.
    let when = when.filter(|_| message.role != Role::System);
    add_chunk(&mut insert, id, 0, &whole, when, kept)
}

fn store(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    row: &Row<'_>,
    kept: &mut Kept,
) -> Result<Stored> {
    let at = row.when.map_or(i64::MIN, |when| when.at).to_le_bytes();
    let hash = Hash::of(row.body.as_bytes());
    let known = tx
        .prepare_cached(
            "SELECT id, hash, title, body, occurred_at, deleted_at IS NOT NULL, tags, file_id, ordinal,
               language
             FROM records WHERE key = ?1",
        )?
        .query_row([row.key], |known| {
            Ok(Known {
                id: known.get(0)?,
                hash: known.get(1)?,
                title: known.get(2)?,
                body: known.get(3)?,
                at: known.get::<_, Option<i64>>(4)?.unwrap_or(i64::MIN),
                is_deleted: known.get(5)?,
                tags: known.get(6)?,
                file_id: known.get(7)?,
                ordinal: known.get(8)?,
                language: known.get(9)?,
            })
        })
        .optional()?;
    let Some(known) = known else {
        let id = insert(tx, keeping, row, hash)?;
        kept.n_added += 1;
        kept.wholes.insert(row.session_id.unwrap_or(id));
        return Ok(Stored::Added(id));
    };
    let is_same = known.hash == hash
        && known.title == row.title
        && known.at.to_le_bytes() == at
        && known.tags == json_list(row.tags)
        && !known.is_deleted;
    if is_same {
        if known.file_id != keeping.file_id || known.ordinal != row.ordinal {
            tx.prepare_cached("UPDATE records SET file_id = ?2, ordinal = ?3 WHERE id = ?1")?
                .execute(params![known.id, keeping.file_id, row.ordinal])?;
        }
        return Ok(Stored::Unchanged(known.id));
    }
    replace(tx, keeping, row, hash, &known, kept)?;
    kept.n_changed += 1;
    kept.wholes.insert(row.session_id.unwrap_or(known.id));
    Ok(Stored::Changed(known.id))
}

struct Known {
    id: i64,
    hash: Hash,
    title: String,
    body: String,
    at: i64,
    is_deleted: bool,
    tags: String,
    file_id: Option<i64>,
    ordinal: i64,
    language: Option<String>,
}

fn insert(tx: &Transaction<'_>, keeping: &Keeping<'_>, row: &Row<'_>, hash: Hash) -> Result<i64> {
    let when = row.when;
    let language = index::language(row.body);
    tx.prepare_cached(
        "INSERT INTO records (kind, source_id, file_id, session_id, ordinal, key, title, body, role,
           author, tags, links, occurred_at, until_at, offset_minutes, day, precision, hash,
           created_at, updated_at, language)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19, ?19, ?20)",
    )?
    .execute(params![
        row.kind,
        keeping.source_id,
        keeping.file_id,
        row.session_id,
        row.ordinal,
        row.key,
        row.title,
        row.body,
        row.role,
        row.author,
        json_list(row.tags),
        json_list(row.links),
        when.map(|w| w.at),
        when.and_then(|w| w.until),
        when.map_or(0, |w| w.offset_minutes),
        when.map(|w| w.day.to_string()),
        when.map_or("unknown", |w| w.precision.as_str()),
        hash,
        keeping.now,
        language,
    ])?;
    let id = tx.last_insert_rowid();
    index::add(tx, &row.indexed(id, language))?;
    Ok(id)
}

fn replace(
    tx: &Transaction<'_>,
    keeping: &Keeping<'_>,
    row: &Row<'_>,
    hash: Hash,
    known: &Known,
    kept: &mut Kept,
) -> Result<()> {
    if known.hash != hash {
        tx.prepare_cached(
            "INSERT INTO record_versions (record_id, hash, body, replaced_at)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![known.id, known.hash, known.body, keeping.now])?;
    }
    if !known.is_deleted {
        let former = Indexed {
            title: &known.title,
            body: &known.body,
            language: known.language.as_deref(),
            ..row.indexed(known.id, "")
        };
        index::remove(tx, &former)?;
    }
    remove_chunks(tx, known.id, &mut kept.days)?;
    let when = row.when;
    let language = index::language(row.body);
    tx.prepare_cached(
        "UPDATE records SET file_id = ?2, ordinal = ?3, title = ?4, body = ?5, role = ?6, author = ?7,
           tags = ?8, links = ?9, occurred_at = ?10, until_at = ?11, offset_minutes = ?12, day = ?13,
           precision = ?14, hash = ?15, updated_at = ?16, deleted_at = NULL, source_id = ?17,
           language = ?18
         WHERE id = ?1",
    )?
    .execute(params![
        known.id,
        keeping.file_id,
        row.ordinal,
        row.title,
        row.body,
        row.role,
        row.author,
        json_list(row.tags),
        json_list(row.links),
        when.map(|w| w.at),
        when.and_then(|w| w.until),
        when.map_or(0, |w| w.offset_minutes),
        when.map(|w| w.day.to_string()),
        when.map_or("unknown", |w| w.precision.as_str()),
        hash,
        keeping.now,
        keeping.source_id,
        language,
    ])?;
    index::add(tx, &row.indexed(known.id, language))
}

/// Takes away a record's chunks and notes the days they stood on. Their vectors stay until what is new has
/// been embedded: the same texts often come back with the next version.
pub(super) fn remove_chunks(
    tx: &Transaction<'_>,
    record_id: i64,
    days: &mut BTreeSet<String>,
) -> Result<()> {
    let mut chunks = tx.prepare_cached("SELECT DISTINCT day FROM chunks WHERE record_id = ?1")?;
    let chunks: Vec<Option<String>> =
        chunks.query_map([record_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    days.extend(chunks.into_iter().flatten());
    tx.prepare_cached("DELETE FROM chunks WHERE record_id = ?1")?.execute([record_id])?;
    Ok(())
}

fn prepare_chunk<'a>(tx: &'a Transaction<'_>) -> Result<rusqlite::CachedStatement<'a>> {
    Ok(tx.prepare_cached(
        "INSERT INTO chunks (record_id, ordinal, starts, ends, heading, occurred_at, until_at,
           offset_minutes, day, precision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?)
}

fn add_chunk(
    insert: &mut rusqlite::Statement<'_>,
    record_id: i64,
    ordinal: i64,
    part: &Part,
    when: Option<When>,
    kept: &mut Kept,
) -> Result<()> {
    let day = when.map(|w| w.day.to_string());
    insert.execute(params![
        record_id,
        ordinal,
        i64::try_from(part.span.start).unwrap_or(i64::MAX),
        i64::try_from(part.span.end).unwrap_or(i64::MAX),
        part.heading.as_deref().unwrap_or_default(),
        when.map(|w| w.at),
        when.and_then(|w| w.until),
        when.map_or(0, |w| w.offset_minutes),
        day,
        when.map_or("unknown", |w| w.precision.as_str()),
    ])?;
    if let Some(day) = day {
        kept.days.insert(day);
    }
    Ok(())
}
