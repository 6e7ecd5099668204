//! The moments of a topic, or of somebody, page by page: by their place, so that a page is as quick at the end
//! as at the beginning and nothing comes twice when something is added.

use rusqlite::{Connection, params};

use super::cards_of;
use crate::{
    Error, Journal, Result,
    api::looking_back::{ListMomentsOf, MomentPage, MomentPlace, MomentsOf},
};

const USUAL: u32 = 50;
const MOST: u32 = 500;

pub(crate) fn page_of(journal: &Journal, request: &ListMomentsOf) -> Result<MomentPage> {
    if request.limit > MOST {
        return Err(Error::invalid(format!("a page has at most {MOST} moments")));
    }
    let limit = if request.limit == 0 { USUAL } else { request.limit };
    journal
        .store()
        .read(|reader| page(reader, request.of, request.id, request.before.as_ref(), limit))
}

/// A page of at most so many moments that are not hidden.
pub(crate) fn page(
    reader: &Connection,
    of: MomentsOf,
    id: i64,
    before: Option<&MomentPlace>,
    limit: u32,
) -> Result<MomentPage> {
    let which = match of {
        MomentsOf::Topic => {
            "m.id IN (SELECT l.moment_id FROM topic_tags t JOIN moment_tags l ON l.tag_id = t.id
               WHERE t.topic_id = ?1)"
        }
        MomentsOf::Person => {
            "m.id IN (SELECT from_id FROM edges WHERE to_kind = 'entity' AND to_id = ?1
               AND from_kind = 'moment' AND rel_type = 'involves')"
        }
    };
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.day, m.starts_at, m.id FROM moments m
         WHERE {which} AND m.is_hidden = 0 AND (?2 IS NULL OR (m.day, m.starts_at, m.id) < (?2, ?3, ?4))
         ORDER BY m.day DESC, m.starts_at DESC, m.id DESC LIMIT ?5"
    ))?;
    let mut places: Vec<MomentPlace> = find
        .query_map(
            params![
                id,
                before.map(|place| &place.day),
                before.map(|place| place.starts_at),
                before.map(|place| place.id),
                limit + 1
            ],
            |row| Ok(MomentPlace { day: row.get(0)?, starts_at: row.get(1)?, id: row.get(2)? }),
        )?
        .collect::<rusqlite::Result<_>>()?;
    let has_more = places.len() > limit as usize;
    places.truncate(limit as usize);
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let next = places.pop().filter(|_| has_more);
    Ok(MomentPage { moments: cards_of(reader, &ids)?, next })
}

/// Of the moments that a query gives for `?1`, those that say most: the weightiest, the first and the last, and
/// the last that ended somehow; in order of time.
pub(crate) fn to_tell_of(
    reader: &Connection,
    which: &str,
    id: i64,
    weightiest: u32,
) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(&format!(
        "WITH own AS MATERIALIZED (SELECT m.id, m.day, m.starts_at, m.outcome,
             m.is_pinned + coalesce(f.importance, 1.0) AS weight
           FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
           WHERE m.is_hidden = 0 AND m.id IN ({which}))
         SELECT id FROM own WHERE id IN (SELECT id FROM own ORDER BY weight DESC, id LIMIT ?2)
           OR id = (SELECT id FROM own ORDER BY day, starts_at, id LIMIT 1)
           OR id = (SELECT id FROM own ORDER BY day DESC, starts_at DESC, id DESC LIMIT 1)
           OR id = (SELECT id FROM own WHERE outcome <> ''
                    ORDER BY day DESC, starts_at DESC, id DESC LIMIT 1)
         ORDER BY day, starts_at, id"
    ))?;
    Ok(find
        .query_map(params![id, weightiest], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}
