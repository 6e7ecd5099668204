//! Which things a question is asked of: those of some days, of a person, with a tag, in which something was
//! felt, from a source.

use rusqlite::{Connection, named_params};

use super::words::Among;
use crate::{Error, Result, api::search::SearchRequest, clock::parse_day, text::words::fold};

/// Where so few records pass, they are gathered before the words are looked for; otherwise what was found
/// is asked whether it passes.
const FEW: i64 = 20_000;

/// What a thing must be to be found.
#[derive(Debug, Default)]
pub(super) struct Filter {
    since: Option<String>,
    until: Option<String>,
    /// The entities and the names a person is known by, as JSON lists; absent: any.
    person: Option<(String, String)>,
    tag: Option<String>,
    emotion: Option<String>,
    /// The sources, a JSON list; absent: any.
    sources: Option<String>,
}

impl Filter {
    pub(super) fn of(reader: &Connection, request: &SearchRequest) -> Result<Self> {
        let day = |text: &Option<String>| -> Result<Option<String>> {
            Ok(text.as_deref().map(parse_day).transpose()?.map(|day| day.to_string()))
        };
        let word = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Ok(Self {
            since: day(&request.since)?,
            until: day(&request.until)?,
            person: word(&request.person).map(|name| person(reader, &name)).transpose()?,
            tag: word(&request.tag).map(|tag| fold(tag.trim_start_matches('#')).replace(' ', "-")),
            emotion: word(&request.emotion).map(|emotion| emotion.to_lowercase()),
            sources: word(&request.source).map(|name| sources(reader, &name)).transpose()?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.since.is_none()
            && self.until.is_none()
            && self.person.is_none()
            && self.tag.is_none()
            && self.emotion.is_none()
            && self.sources.is_none()
    }

    /// The records that may pass, as the index takes them, if they are few.
    pub(super) fn few(&self, reader: &Connection) -> Result<Option<Vec<u8>>> {
        let gathered = if let Some((entities, names)) = &self.person {
            let mut find = reader.prepare_cached(
                "SELECT id FROM records
                 WHERE author > '' AND author IN (SELECT value FROM json_each(?2))
                 UNION SELECT record_id FROM mentions
                 WHERE entity_id IN (SELECT value FROM json_each(?1)) LIMIT ?3",
            )?;
            let ids = find.query_map((entities, names, FEW + 1), |row| row.get(0))?;
            ids.collect::<rusqlite::Result<Vec<i64>>>()?
        } else if let (Some(since), Some(until)) = (&self.since, &self.until) {
            let mut find = reader.prepare_cached(
                "SELECT record_id FROM chunks WHERE day BETWEEN ?1 AND ?2 LIMIT ?3",
            )?;
            let ids = find.query_map((since, until, FEW + 1), |row| row.get(0))?;
            let mut ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
            let mut whole =
                reader.prepare_cached("SELECT DISTINCT session_id FROM records WHERE id = ?1")?;
            // Conversations have no writing of their own.
            for n in 0..ids.len().min(FEW as usize) {
                ids.extend(whole.query_row([ids[n]], |row| row.get::<_, Option<i64>>(0))?);
            }
            ids
        } else {
            return Ok(None);
        };
        let mut ids = gathered;
        if ids.len() > 2 * FEW as usize || ids.len() as i64 > FEW && self.person.is_some() {
            return Ok(None);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(Some(ids.iter().flat_map(|id| id.to_le_bytes()).collect()))
    }

    /// How the index of records is to be asked.
    pub(super) fn among<'a>(&self, few: Option<&'a [u8]>) -> Among<'a> {
        match few {
            Some(ids) => Among::These(ids),
            None if self.is_empty() => Among::All,
            None => Among::Filtered,
        }
    }

    /// Whether a record passes.
    pub(super) fn takes_record(&self, reader: &Connection, id: i64) -> Result<bool> {
        if self.is_empty() {
            return Ok(true);
        }
        let mut find = reader.prepare_cached(
            "SELECT 1 FROM records r WHERE r.id = :id
               AND (:since IS NULL OR coalesce(r.day, '') >= :since)
               AND (:until IS NULL OR coalesce(r.day, '9999-99-99') <= :until)
               AND (:sources IS NULL OR r.source_id IN (SELECT value FROM json_each(:sources)))
               AND (:entities IS NULL OR r.author IN (SELECT value FROM json_each(:names))
                    OR EXISTS (SELECT 1 FROM mentions n WHERE n.record_id = r.id
                         AND n.entity_id IN (SELECT value FROM json_each(:entities))))
               AND (:tag IS NULL
                    OR EXISTS (SELECT 1 FROM json_each(r.tags) WHERE lower(value) = :tag)
                    OR EXISTS (SELECT 1 FROM record_tags t
                         WHERE t.record_id = coalesce(r.session_id, r.id) AND t.tag = :tag)
                    OR EXISTS (SELECT 1 FROM evidence e JOIN moments m ON m.id = e.moment_id
                         WHERE e.record_id = r.id AND m.is_hidden = 0
                           AND EXISTS (SELECT 1 FROM json_each(m.tags) WHERE value = :tag)))
               AND (:emotion IS NULL
                    OR EXISTS (SELECT 1 FROM evidence e JOIN moments m ON m.id = e.moment_id
                         WHERE e.record_id = r.id AND m.is_hidden = 0
                           AND EXISTS (SELECT 1 FROM json_each(m.emotions)
                                WHERE json_extract(value, '$.label') = :emotion)))",
        )?;
        let (entities, names) = self.person();
        Ok(find.exists(named_params! {
            ":id": id, ":since": self.since, ":until": self.until, ":sources": self.sources,
            ":entities": entities, ":names": names, ":tag": self.tag, ":emotion": self.emotion,
        })?)
    }

    /// Whether a moment passes; a hidden one never does.
    pub(super) fn takes_moment(&self, reader: &Connection, id: i64) -> Result<bool> {
        let mut find = reader.prepare_cached(
            "SELECT 1 FROM moments m WHERE m.id = :id AND m.is_hidden = 0
               AND (:since IS NULL OR m.day >= :since) AND (:until IS NULL OR m.day <= :until)
               AND (:sources IS NULL
                    OR EXISTS (SELECT 1 FROM evidence e JOIN records r ON r.id = e.record_id
                         WHERE e.moment_id = m.id
                           AND r.source_id IN (SELECT value FROM json_each(:sources))))
               AND (:entities IS NULL
                    OR EXISTS (SELECT 1 FROM json_each(m.people)
                         WHERE value IN (SELECT value FROM json_each(:names)))
                    OR EXISTS (SELECT 1 FROM mentions n WHERE n.moment_id = m.id
                         AND n.entity_id IN (SELECT value FROM json_each(:entities))))
               AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(m.tags) WHERE value = :tag))
               AND (:emotion IS NULL
                    OR EXISTS (SELECT 1 FROM json_each(m.emotions)
                         WHERE json_extract(value, '$.label') = :emotion))",
        )?;
        let (entities, names) = self.person();
        Ok(find.exists(named_params! {
            ":id": id, ":since": self.since, ":until": self.until, ":sources": self.sources,
            ":entities": entities, ":names": names, ":tag": self.tag, ":emotion": self.emotion,
        })?)
    }

    fn person(&self) -> (Option<&str>, Option<&str>) {
        let person = self.person.as_ref();
        (person.map(|person| person.0.as_str()), person.map(|person| person.1.as_str()))
    }
}

/// The entities that are called so, and all names they and authors of messages have that are the same but for
/// spelling.
fn person(reader: &Connection, name: &str) -> Result<(String, String)> {
    let wanted = fold(name).into_owned();
    let mut entities: Vec<i64> = Vec::new();
    let mut names = vec![name.to_owned()];
    let mut find =
        reader.prepare_cached("SELECT id, name, aliases FROM entities WHERE kind = 'person'")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (called, aliases): (String, String) = (row.get(1)?, row.get(2)?);
        let aliases: Vec<String> = serde_json::from_str(&aliases).unwrap_or_default();
        let mut known = aliases;
        known.push(called);
        if known.iter().any(|known| is_called(known, &wanted)) {
            entities.push(row.get(0)?);
            names.append(&mut known);
        }
    }
    // From author to author, not from message to message.
    let mut next = reader
        .prepare_cached("SELECT min(author) FROM records WHERE author > ?1 AND author > ''")?;
    let mut last = String::new();
    while let Some(author) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
        if is_called(&author, &wanted) {
            names.push(author.clone());
        }
        last = author;
    }
    names.sort();
    names.dedup();
    let json = |error: serde_json::Error| Error::invalid(format!("a list of names: {error}"));
    Ok((
        serde_json::to_string(&entities).map_err(json)?,
        serde_json::to_string(&names).map_err(json)?,
    ))
}

/// Whether a name is the one that was asked for, or begins with it ("Ilse" for "Ilse Maren").
fn is_called(name: &str, wanted: &str) -> bool {
    let name = fold(name);
    name.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn sources(reader: &Connection, name: &str) -> Result<String> {
    let wanted = name.to_lowercase();
    let mut find = reader.prepare_cached("SELECT id, label, path FROM sources ORDER BY id")?;
    let all: Vec<(i64, String, String)> = find
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let number: Option<i64> = name.parse().ok();
    let is_it = |(id, label, path): &&(i64, String, String)| {
        number == Some(*id)
            || number.is_none()
                && (label.to_lowercase().contains(&wanted) || path.to_lowercase().contains(&wanted))
    };
    let found: Vec<String> = all.iter().filter(is_it).map(|(id, ..)| id.to_string()).collect();
    if found.is_empty() {
        return Err(Error::NotFound(format!("source “{name}”")));
    }
    Ok(format!("[{}]", found.join(",")))
}
