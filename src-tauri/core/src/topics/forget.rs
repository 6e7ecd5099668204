//! What becomes of topics when the person forgets a source, and when a night is undone of which a part was
//! forgotten.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};

use super::{
    gather::gather,
    kept::Kept,
    material::{Material, topic_tag},
    write::{Asking, Difference, write},
};
use crate::{
    Result,
    journal::Cancel,
    mind::builtin,
    moments::{forget, write::Writing},
    store::rows::Changed,
};

/// Tables of this room whose rows revisions keep.
const TABLES: [&str; 4] = ["topics", "topic_tags", "moment_tags", "communities"];

/// The tags of all moments that rest, or once rested, on a source; to be read before it goes.
#[derive(Debug, Default)]
pub(crate) struct Resting(BTreeSet<String>);

/// Finds them.
pub(crate) fn resting_on(reader: &Connection, resting: &forget::Resting) -> Result<Resting> {
    let mut find = reader.prepare(
        "SELECT tags FROM moments WHERE id = ?1
         UNION SELECT json_extract(before, '$.tags') FROM revision_rows
               WHERE of_table = 'moments' AND row_key = ?2
         UNION SELECT json_extract(after, '$.tags') FROM revision_rows
               WHERE of_table = 'moments' AND row_key = ?2",
    )?;
    let mut tags = BTreeSet::new();
    for id in resting.moments_ever() {
        let found = find.query_map(params![id, format!("[{id}]")], |row| row.get(0))?;
        for list in found {
            tags.extend(topic_tags(list?));
        }
    }
    Ok(Resting(tags))
}

fn topic_tags(list: Option<String>) -> impl Iterator<Item = String> {
    let list: Vec<String> = serde_json::from_str(&list.unwrap_or_default()).unwrap_or_default();
    list.into_iter().filter_map(|tag| topic_tag(&tag))
}

/// Takes away what topics had of a source whose moments are gone by now: tags that no other moment has, with
/// what the person said of them; names of communities, which may speak of its moments; and the images of
/// all this that are kept to undo nights. What is left is gathered anew.
pub(crate) fn forget(writing: &Writing<'_>, resting: &Resting) -> Result<()> {
    let tx = writing.tx;
    let has_topics: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM topics) OR EXISTS (SELECT 1 FROM topic_corrections)
           OR EXISTS (SELECT 1 FROM revision_rows WHERE of_table IN ('topics', 'topic_tags'))",
        [],
        |row| row.get(0),
    )?;
    if !has_topics {
        return Ok(());
    }
    let mut gone = resting.0.clone();
    let mut find = tx.prepare("SELECT tags FROM moments WHERE tags <> '[]'")?;
    for list in find.query_map([], |row| row.get(0))? {
        for tag in topic_tags(list?) {
            gone.remove(&tag);
        }
    }
    for tag in &gone {
        tx.prepare_cached(
            "DELETE FROM topic_corrections WHERE tag = ?1 OR (kind = 'with' AND value = ?1)",
        )?
        .execute([tag])?;
    }
    tx.execute(
        "UPDATE communities SET name = '', mind = ?1, named_from = '[]', is_provisional = 0",
        [builtin::NAME],
    )?;
    blank_images(tx)?;
    again(writing)
}

/// A name or a tag may stand in any night's images: of all of them only that they were there remains.
fn blank_images(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "UPDATE revision_rows SET is_forgotten = 1,
           before = CASE WHEN before IS NOT NULL THEN '{}' END,
           after = CASE WHEN after IS NOT NULL THEN '{}' END
         WHERE of_table IN ('topics', 'topic_tags', 'moment_tags', 'communities')
            OR (of_table = 'entities' AND 'topic' = json_extract(coalesce(after, before), '$.kind'))
            OR (of_table = 'edges'
                AND 'entity' = json_extract(coalesce(after, before), '$.from_kind')
                AND 'entity' = json_extract(coalesce(after, before), '$.to_kind'))
            OR (of_table = 'stage_inputs' AND row_key = '[\"topics\"]')",
        [],
    )?;
    Ok(())
}

/// Takes away what was left of topics without moments when a night was undone: by another order than the
/// nights were dreamt in, or of which a part was forgotten. Nothing is added, so that every other night can
/// still be undone; what is left is counted anew by the next dream.
pub(crate) fn after_undo(tx: &Transaction<'_>, changed: &[Changed]) -> Result<()> {
    let is_ours = |one: &Changed| one.is_forgotten && TABLES.contains(&one.row.table.as_str());
    let mut n = usize::from(changed.iter().any(is_ours));
    for sql in [
        "DELETE FROM moment_tags WHERE moment_id NOT IN (SELECT id FROM moments)",
        "DELETE FROM topic_tags WHERE id NOT IN (SELECT tag_id FROM moment_tags)",
        "DELETE FROM moment_tags WHERE tag_id NOT IN (SELECT id FROM topic_tags)",
        "DELETE FROM topics WHERE id NOT IN (SELECT topic_id FROM topic_tags)",
        "DELETE FROM edges WHERE from_kind = 'entity' AND to_kind = 'entity' AND rel_type = 'related_to'
           AND (from_id NOT IN (SELECT id FROM topics) OR to_id NOT IN (SELECT id FROM topics))",
        "DELETE FROM entities WHERE kind = 'topic' AND id NOT IN (SELECT id FROM topics)
           AND NOT EXISTS (SELECT 1 FROM mentions WHERE entity_id = entities.id)",
        "UPDATE topics SET broader_id = NULL
         WHERE broader_id IS NOT NULL AND broader_id NOT IN (SELECT id FROM topics)",
        "DELETE FROM communities WHERE level = 1
           AND id NOT IN (SELECT community_id FROM topics WHERE community_id IS NOT NULL)",
        "DELETE FROM communities WHERE level = 2
           AND id NOT IN (SELECT parent_id FROM communities WHERE parent_id IS NOT NULL)",
    ] {
        n += tx.prepare_cached(sql)?.execute([])?;
    }
    if n > 0 {
        tx.execute("DELETE FROM stage_inputs WHERE stage = 'topics'", [])?;
    }
    Ok(())
}

/// Gathers what is left, in the transaction that took something away; the next dream looks at it again.
fn again(writing: &Writing<'_>) -> Result<()> {
    let cancel = Cancel::default();
    let material = Material::read(writing.tx, &cancel)?;
    let ontology = gather(&material, &cancel)?;
    let kept = Kept::read(writing.tx)?;
    let difference = Difference::of(&material, &ontology, &kept, Asking::Off);
    if !difference.is_nothing() {
        write(writing, &difference)?;
    }
    writing.tx.execute("DELETE FROM stage_inputs WHERE stage = 'topics'", [])?;
    Ok(())
}
