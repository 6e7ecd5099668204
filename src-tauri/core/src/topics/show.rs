//! Topics as they are shown: what dreams gathered, with what the person said since laid over it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{corrections::Corrections, kept::RELATED, material::topic_tag};
use crate::{
    Error, Journal, Result,
    api::{
        looking_back::{MomentsOf, StoryLine},
        topics::{
            CommunityRef, CommunityView, LastOutcome, ListTopics, PersonCount, RelatedTopic,
            TagCount, TopicCard, TopicDetail, TopicList, TopicMonth, TopicOrder, TopicRef,
        },
    },
    clock::Precision,
    mind::builtin,
    moments,
    periods::{self, hours::Took},
    text::words::fold,
};

/// Topics of a list where nobody says how many.
const LISTED: u32 = 100;
/// Moments, people and related topics that are shown of a topic.
const MOST_MOMENTS: u32 = 100;
const MOST_PEOPLE: u32 = 20;
/// Moments that a story is chosen from, the weightiest, beside the first and the last.
const TOLD: u32 = 40;
/// Topics that are shown of a community.
const MOST_OF_COMMUNITY: usize = 12;

const COLUMNS: &str = "t.id, e.name, e.key, t.n_moments, t.first_day, t.last_day, t.importance,
    t.valence, t.arousal, t.degree, t.weight, t.community_id, t.broader_id";

/// The moments of a topic, the last first.
const MOMENTS: &str = "FROM moments m WHERE m.is_hidden = 0 AND m.id IN
    (SELECT l.moment_id FROM topic_tags t JOIN moment_tags l ON l.tag_id = t.id WHERE t.topic_id = ?1)";
const LAST_FIRST: &str = "ORDER BY m.day DESC, m.starts_at DESC, m.id DESC";

fn card(row: &Row<'_>) -> rusqlite::Result<TopicCard> {
    Ok(TopicCard {
        id: row.get(0)?,
        name: row.get(1)?,
        tag: row.get(2)?,
        n_moments: row.get(3)?,
        first_day: row.get(4)?,
        last_day: row.get(5)?,
        importance: row.get(6)?,
        valence: row.get(7)?,
        arousal: row.get(8)?,
        degree: row.get(9)?,
        weight: row.get(10)?,
        community_id: row.get(11)?,
        broader_id: row.get(12)?,
        is_named: false,
        is_hidden: false,
    })
}

/// What the person said, by topic.
struct Overlay {
    /// The name, and when it was given.
    names: BTreeMap<i64, (i64, String)>,
    hidden: BTreeSet<i64>,
}

impl Overlay {
    fn read(reader: &Connection) -> Result<Self> {
        let corrections = Corrections::read(reader)?;
        let mut find = reader.prepare_cached("SELECT topic_id FROM topic_tags WHERE tag = ?1")?;
        let mut overlay = Self { names: BTreeMap::new(), hidden: BTreeSet::new() };
        let mut topic = |tag: &str| -> Result<Option<i64>> {
            Ok(find.query_row([tag], |row| row.get(0)).optional()?)
        };
        for (tag, (name, at)) in &corrections.names {
            if let Some(id) = topic(tag)? {
                let given = overlay.names.entry(id).or_insert((*at, name.clone()));
                if given.0 <= *at {
                    *given = (*at, name.clone());
                }
            }
        }
        for tag in &corrections.hidden {
            overlay.hidden.extend(topic(tag)?);
        }
        Ok(overlay)
    }

    fn lay_over(&self, card: &mut TopicCard) {
        card.is_named = self.names.contains_key(&card.id);
        card.is_hidden = self.hidden.contains(&card.id);
        card.name = self.name(card.id, &card.tag, &card.name);
    }

    /// A name that the person took back is no name any more, although the last dream still wrote it.
    fn name(&self, id: i64, tag: &str, dreamt: &str) -> String {
        match self.names.get(&id) {
            Some((_, name)) => name.clone(),
            // An undone night may have left it without a key until the next dream.
            None if tag.is_empty() || tag.starts_with('~') => dreamt.to_owned(),
            None => tag.to_owned(),
        }
    }
}

/// Lists topics.
pub(crate) fn list(journal: &Journal, request: &ListTopics) -> Result<TopicList> {
    journal.store().read(|reader| {
        let overlay = Overlay::read(reader)?;
        let within = with_parts(reader, request.community_id)?;
        let wanted = Spelling::of(&request.query);
        let by_tag = wanted.topics(reader)?;
        let mut find = reader.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM topics t JOIN entities e ON e.id = t.id"
        ))?;
        let mut rows = find.query([])?;
        let mut topics = Vec::new();
        while let Some(row) = rows.next()? {
            let mut topic = card(row)?;
            overlay.lay_over(&mut topic);
            let is_in = within
                .as_ref()
                .is_none_or(|within| topic.community_id.is_some_and(|id| within.contains(&id)));
            let is_shown = !topic.is_hidden || request.with_hidden;
            if is_in && is_shown && (by_tag.contains(&topic.id) || wanted.is_in(&topic.name)) {
                topics.push(topic);
            }
        }
        topics.sort_by(|a, b| {
            let by = match request.order {
                TopicOrder::Recent => {
                    b.last_day.cmp(&a.last_day).then(b.n_moments.cmp(&a.n_moments))
                }
                TopicOrder::Moments => b.n_moments.cmp(&a.n_moments),
                TopicOrder::Importance => b.importance.total_cmp(&a.importance),
                TopicOrder::Name => std::cmp::Ordering::Equal,
            };
            by.then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id))
        });
        let n_total = u32::try_from(topics.len()).unwrap_or(u32::MAX);
        let limit = if request.limit == 0 { LISTED } else { request.limit };
        topics.truncate(limit as usize);
        Ok(TopicList { topics, n_total })
    })
}

/// What is looked for, as it may be spelt.
struct Spelling {
    folded: String,
    tag: Option<String>,
}

impl Spelling {
    fn of(query: &str) -> Self {
        let query = query.trim();
        Self { folded: fold(query).into_owned(), tag: topic_tag(query) }
    }

    fn is_in(&self, name: &str) -> bool {
        fold(name).contains(&self.folded)
    }

    /// The topics of which a tag has it.
    fn topics(&self, reader: &Connection) -> Result<BTreeSet<i64>> {
        let Some(tag) = &self.tag else { return Ok(BTreeSet::new()) };
        let wanted = fold(tag);
        let mut find = reader.prepare_cached("SELECT tag, topic_id FROM topic_tags")?;
        let mut rows = find.query([])?;
        let mut found = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let tag: String = row.get(0)?;
            if fold(&tag).contains(&*wanted) {
                found.insert(row.get(1)?);
            }
        }
        Ok(found)
    }
}

/// A community, and those that are a part of it.
fn with_parts(reader: &Connection, id: Option<i64>) -> Result<Option<BTreeSet<i64>>> {
    let Some(id) = id else { return Ok(None) };
    let mut find =
        reader.prepare_cached("SELECT id FROM communities WHERE id = ?1 OR parent_id = ?1")?;
    Ok(Some(find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?))
}

/// The topic that a tag is in.
pub(crate) fn holder(journal: &Journal, tag: &str) -> Result<Option<i64>> {
    journal.store().read(|reader| {
        Ok(reader
            .prepare_cached("SELECT topic_id FROM topic_tags WHERE tag = ?1")?
            .query_row([tag], |row| row.get(0))
            .optional()?)
    })
}

/// One topic with all that is known of it.
pub(crate) fn show(journal: &Journal, id: i64) -> Result<TopicDetail> {
    journal.store().read(|reader| {
        let overlay = Overlay::read(reader)?;
        let found = reader
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM topics t JOIN entities e ON e.id = t.id WHERE t.id = ?1"
            ))?
            .query_row([id], card)
            .optional()?;
        let mut topic = found.ok_or_else(|| Error::NotFound(format!("topic {id}")))?;
        overlay.lay_over(&mut topic);
        let refs = |sql: &str, id: i64| refs(reader, &overlay, sql, id);
        let took = took(reader, id)?;
        let hours = periods::hours::of(
            took.iter().map(|(kind, stretch)| Took { moment_type: kind, ..*stretch }),
        );
        let page = moments::page(reader, MomentsOf::Topic, id, None, MOST_MOMENTS)?;
        let broader = match topic.broader_id {
            Some(id) => refs("t.id = ?1", id)?.pop(),
            None => None,
        };
        Ok(TopicDetail {
            tags: tags(reader, id)?,
            people: people(reader, id)?,
            narrower: refs("t.broader_id = ?1", id)?,
            related: related(reader, &overlay, id)?,
            communities: communities_of(reader, topic.community_id)?,
            months: months(reader, id)?,
            story: story(reader, id)?,
            minutes: hours.minutes,
            approximate_minutes: hours.approximate_minutes,
            hours: hours.by_kind,
            moments: page.moments,
            next: page.next,
            last_outcome: last_outcome(reader, id, topic.n_moments)?,
            is_waiting: Corrections::read(reader)?.waits(reader, id)?,
            broader,
            topic,
        })
    })
}

/// Topics in short, those with the most moments first; hidden ones are left out.
fn refs(reader: &Connection, overlay: &Overlay, which: &str, id: i64) -> Result<Vec<TopicRef>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT t.id, e.name, t.n_moments, e.key FROM topics t JOIN entities e ON e.id = t.id
         WHERE {which} ORDER BY t.n_moments DESC, e.name, t.id"
    ))?;
    let mut rows = find.query([id])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, name, tag): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        if !overlay.hidden.contains(&id) {
            let name = overlay.name(id, &tag, &name);
            all.push(TopicRef { id, name, n_moments: row.get(2)? });
        }
    }
    Ok(all)
}

fn tags(reader: &Connection, id: i64) -> Result<Vec<TagCount>> {
    let mut find = reader.prepare_cached(
        "SELECT tag, n_moments FROM topic_tags WHERE topic_id = ?1 ORDER BY n_moments DESC, tag",
    )?;
    let tags =
        find.query_map([id], |row| Ok(TagCount { tag: row.get(0)?, n_moments: row.get(1)? }))?;
    Ok(tags.collect::<rusqlite::Result<_>>()?)
}

fn people(reader: &Connection, id: i64) -> Result<Vec<PersonCount>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT p.value, count(DISTINCT m.id) FROM
           (SELECT m.id AS id, m.people AS people {MOMENTS}) m, json_each(m.people) p
         GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?2"
    ))?;
    let people = find.query_map(params![id, MOST_PEOPLE], |row| {
        Ok(PersonCount { name: row.get(0)?, n_moments: row.get(1)? })
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

fn related(reader: &Connection, overlay: &Overlay, id: i64) -> Result<Vec<RelatedTopic>> {
    let mut find = reader.prepare_cached(
        "SELECT t.id, e.name, t.n_moments, x.weight, x.context, e.key FROM
           (SELECT to_id AS other, weight, context FROM edges
            WHERE from_kind = 'entity' AND from_id = ?1 AND to_kind = 'entity' AND rel_type = ?2
            UNION ALL
            SELECT from_id, weight, context FROM edges
            WHERE to_kind = 'entity' AND to_id = ?1 AND from_kind = 'entity' AND rel_type = ?2) x
         JOIN topics t ON t.id = x.other JOIN entities e ON e.id = t.id
         ORDER BY x.weight DESC, t.n_moments DESC, e.name",
    )?;
    let mut rows = find.query(params![id, RELATED])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, name, tag): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(5)?);
        if !overlay.hidden.contains(&id) {
            let name = overlay.name(id, &tag, &name);
            let topic = TopicRef { id, name, n_moments: row.get(2)? };
            all.push(RelatedTopic { topic, weight: row.get(3)?, reason: row.get(4)? });
        }
    }
    Ok(all)
}

fn communities_of(reader: &Connection, id: Option<i64>) -> Result<Vec<CommunityRef>> {
    let mut find = reader.prepare_cached(
        "SELECT c.id, c.name FROM communities own
              JOIN communities c ON c.id IN (own.id, own.parent_id)
         WHERE own.id = ?1 ORDER BY c.level",
    )?;
    let all =
        find.query_map([id], |row| Ok(CommunityRef { id: row.get(0)?, name: row.get(1)? }))?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}

fn months(reader: &Connection, id: i64) -> Result<Vec<TopicMonth>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT substr(m.day, 1, 7), count(*), avg(CASE WHEN m.emotions <> '[]' THEN m.valence END),
           count(CASE WHEN m.emotions <> '[]' THEN 1 END)
         {MOMENTS} GROUP BY 1 ORDER BY 1"
    ))?;
    let months = find.query_map([id], |row| {
        Ok(TopicMonth {
            month: row.get(0)?,
            n_moments: row.get(1)?,
            valence: row.get(2)?,
            n_felt: row.get(3)?,
        })
    })?;
    Ok(months.collect::<rusqlite::Result<_>>()?)
}

/// A few sentences of it, in its moments' own words.
fn story(reader: &Connection, id: i64) -> Result<Vec<StoryLine>> {
    let ids = moments::to_tell_of(reader, &format!("SELECT m.id {MOMENTS}"), id, TOLD)?;
    Ok(periods::told_of(&moments::cards_of(reader, &ids)?))
}

fn took(reader: &Connection, id: i64) -> Result<Vec<(String, Took<'static>)>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.moment_type, m.starts_at, m.ends_at, m.precision {MOMENTS}"
    ))?;
    let rows = find.query_map([id], |row| {
        let precision: String = row.get(3)?;
        let stretch = Took {
            moment_type: "",
            starts_at: row.get(1)?,
            ends_at: row.get(2)?,
            precision: precision.parse().unwrap_or(Precision::Unknown),
        };
        Ok((row.get(0)?, stretch))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The names of all topics that are not hidden.
pub(crate) fn names(reader: &Connection) -> Result<BTreeMap<i64, String>> {
    let overlay = Overlay::read(reader)?;
    let mut find = reader.prepare_cached(
        "SELECT t.id, e.name, e.key FROM topics t JOIN entities e ON e.id = t.id",
    )?;
    let mut rows = find.query([])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (id, name, tag): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if !overlay.hidden.contains(&id) {
            all.insert(id, overlay.name(id, &tag, &name));
        }
    }
    Ok(all)
}

fn last_outcome(reader: &Connection, id: i64, n_moments: u32) -> Result<Option<LastOutcome>> {
    if n_moments == 0 {
        return Ok(None);
    }
    let last: Option<i64> = reader
        .prepare_cached(&format!("SELECT m.id {MOMENTS} {LAST_FIRST} LIMIT 1"))?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(reader
        .prepare_cached(&format!(
            "SELECT m.id, m.day, m.outcome {MOMENTS} AND m.outcome <> '' {LAST_FIRST} LIMIT 1"
        ))?
        .query_row([id], |row| {
            let moment_id: i64 = row.get(0)?;
            Ok(LastOutcome {
                moment_id,
                day: row.get(1)?,
                outcome: row.get(2)?,
                is_older: Some(moment_id) != last,
            })
        })
        .optional()?)
}

/// All communities, those of level 2 first, each level by its moments.
pub(crate) fn communities(journal: &Journal) -> Result<Vec<CommunityView>> {
    journal.store().read(|reader| {
        let overlay = Overlay::read(reader)?;
        let mut find = reader.prepare_cached(
            "SELECT id, level, parent_id, name, mind, is_provisional, n_topics, n_moments
             FROM communities ORDER BY level DESC, n_moments DESC, name, id",
        )?;
        let rows = find.query_map([], |row| {
            Ok(CommunityView {
                id: row.get(0)?,
                level: row.get(1)?,
                parent_id: row.get(2)?,
                name: row.get(3)?,
                is_by_model: row.get::<_, String>(4)? != builtin::NAME,
                is_provisional: row.get(5)?,
                n_topics: row.get(6)?,
                n_moments: row.get(7)?,
                topics: Vec::new(),
            })
        })?;
        let mut all: Vec<CommunityView> = rows.collect::<rusqlite::Result<_>>()?;
        for community in &mut all {
            let which = "t.community_id = ?1
                OR t.community_id IN (SELECT id FROM communities WHERE parent_id = ?1)";
            community.topics = refs(reader, &overlay, which, community.id)?;
            community.topics.truncate(MOST_OF_COMMUNITY);
        }
        Ok(all)
    })
}
