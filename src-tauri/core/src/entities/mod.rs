//! People, places, topics and other things that records and moments name.

use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

use crate::{
    Result,
    store::rows::{self, Changed},
    text::words,
};

/// The key of the journal's owner among the persons. [`words::fold`] gives no capitals: nobody who is named
/// in the records can have it, a namesake neither.
const OWN_KEY: &str = "SELF";

/// The entity that stands for the journal's owner, if there is one yet.
pub(crate) fn own(reader: &Connection) -> Result<Option<i64>> {
    let found = reader
        .prepare_cached("SELECT id FROM entities WHERE kind = 'person' AND key = ?1")?
        .query_row([OWN_KEY], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// The entity that stands for the journal's owner, added where there is none. It bears no name of the
/// records: what the owner is called there is looked up when it is shown.
pub(crate) fn own_or_add(tx: &Transaction<'_>, now: i64) -> Result<i64> {
    if let Some(id) = own(tx)? {
        return Ok(id);
    }
    tx.prepare_cached(
        "INSERT INTO entities (kind, name, key, created_at) VALUES ('person', 'me', ?1, ?2)",
    )?
    .execute(params![OWN_KEY, now])?;
    Ok(tx.last_insert_rowid())
}

/// The entity of this kind and name, added where there is none.
pub(crate) fn find_or_add(tx: &Transaction<'_>, kind: &str, name: &str, now: i64) -> Result<i64> {
    let key = words::fold(name);
    let known = tx
        .prepare_cached("SELECT id FROM entities WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind, key], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    tx.prepare_cached(
        "INSERT INTO entities (kind, name, key, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![kind, name, key, now])?;
    Ok(tx.last_insert_rowid())
}

/// Puts back the entities that a dream took away or changed, but not those the person changed since, and
/// those that its earlier rows name and that went with another dream that was undone. What the dream added
/// is for [`drop_unnamed`].
pub(crate) fn undo(tx: &Transaction<'_>, changed: &mut [Changed]) -> Result<()> {
    let mut back = Vec::new();
    for one in changed.iter().filter(|one| one.row.table == "entities" && !one.is_forgotten) {
        let id = one.number("id").unwrap_or_default();
        let Some(before) = &one.row.before else { continue };
        if rows::present(tx, "entities", id)? == one.row.after {
            back.push((id, before));
        }
    }
    // A key may have passed from one topic to another, which goes, or gets one in the next dream.
    for (id, before) in &back {
        tx.prepare_cached(
            "UPDATE entities SET key = '~' || id WHERE kind = 'topic' AND (id = ?1 OR key = ?2)",
        )?
        .execute(params![id, rows::text(before, "key")])?;
    }
    for (_, before) in back {
        rows::put_back(tx, "entities", before)?;
    }
    for one in changed {
        let Some(before) = &mut one.row.before else { continue };
        let is_entity = |end: &str| rows::text(before, end) == Some("entity");
        let named: &[&str] = match one.row.table.as_str() {
            "mentions" => &["entity_id"],
            "edges" => match (is_entity("from_kind"), is_entity("to_kind")) {
                (true, true) => &["from_id", "to_id"],
                (true, false) => &["from_id"],
                (false, true) => &["to_id"],
                (false, false) => &[],
            },
            _ => &[],
        };
        for named in named {
            if let Some(id) = rows::number(before, named) {
                before.insert((*named).to_owned(), Value::Integer(again(tx, id)?));
            }
        }
    }
    Ok(())
}

/// The entity that had this number: itself, put back where it went with the dream that found it first, or
/// the one that was found again since.
fn again(tx: &Transaction<'_>, id: i64) -> Result<i64> {
    if rows::present(tx, "entities", id)?.is_some() {
        return Ok(id);
    }
    let Some(row) = rows::as_added(tx, "entities", id)? else { return Ok(id) };
    // Of what was forgotten only that it was there is known.
    if rows::text(&row, "key").is_none() {
        return Ok(id);
    }
    let found: Option<i64> = tx
        .prepare_cached("SELECT id FROM entities WHERE kind = ?1 AND key = ?2")?
        .query_row(params![rows::text(&row, "kind"), rows::text(&row, "key")], |row| row.get(0))
        .optional()?;
    if found.is_none() {
        rows::put_back(tx, "entities", &row)?;
    }
    Ok(found.unwrap_or(id))
}

/// Takes away the entities of undone dreams that nothing names any more. While a dream that stands names
/// somebody, they stay, whoever found them first.
pub(crate) fn drop_unnamed(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "DELETE FROM entities WHERE id IN
           (SELECT json_extract(c.row_key, '$[0]')
            FROM dreams d JOIN revisions r ON r.dream_id = d.id JOIN revision_rows c ON c.revision_id = r.id
            WHERE d.undone_by IS NOT NULL AND c.of_table = 'entities' AND c.before IS NULL)
         AND NOT EXISTS (SELECT 1 FROM topics t WHERE t.id = entities.id)
         AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.entity_id = entities.id)
         AND NOT EXISTS (SELECT 1 FROM edges e WHERE e.from_kind = 'entity' AND e.from_id = entities.id)
         AND NOT EXISTS (SELECT 1 FROM edges e WHERE e.to_kind = 'entity' AND e.to_id = entities.id)",
        [],
    )?;
    Ok(())
}

/// The names of all people the journal knows: from moments, and from those who write messages.
pub(crate) fn known_people(reader: &Connection) -> Result<Vec<String>> {
    let mut find = reader.prepare(
        "SELECT name FROM entities WHERE kind = 'person' AND key <> ?1
         UNION SELECT DISTINCT author FROM records WHERE role = 'person' AND author <> ''
         ORDER BY 1",
    )?;
    Ok(find.query_map([OWN_KEY], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
