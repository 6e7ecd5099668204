//! Writes what is otherwise than it should be, and nothing else.

mod plan;

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};

use self::plan::Plan;
use super::{
    kept::{Kept, KeptCommunity, TopicRow},
    material::Material,
    shape::Ontology,
};
use crate::{Result, graph::edges, moments::write::Writing, store::json_list};

pub(crate) use self::plan::Asking;

/// What gathering came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) n_tags: u32,
    pub(crate) n_topics: u32,
    pub(crate) n_communities: u32,
    pub(crate) n_added: u32,
    pub(crate) n_changed: u32,
    pub(crate) n_removed: u32,
    pub(crate) n_edges_added: u32,
    pub(crate) n_edges_changed: u32,
    pub(crate) n_edges_removed: u32,
}

/// The difference between what is there and what should be.
#[derive(Debug)]
pub(crate) struct Difference {
    plan: Plan,
    /// What it comes to.
    pub(crate) counts: Written,
}

impl Difference {
    /// Compares.
    pub(crate) fn of(
        material: &Material,
        ontology: &Ontology,
        kept: &Kept,
        asking: Asking,
    ) -> Self {
        let plan = Plan::of(material, ontology, kept, asking);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let n_new = plan.entities.iter().filter(|entity| entity.id < 0).count();
        let counts = Written {
            n_tags: count(material.tags.len()),
            n_topics: count(ontology.topics.len()),
            n_communities: count(ontology.fine.len() + ontology.broad.len()),
            n_added: count(n_new),
            n_changed: count(plan.rows.iter().filter(|(id, _)| *id >= 0).count()),
            n_removed: count(plan.topics_gone.len()),
            n_edges_added: count(plan.edges.add.len()),
            n_edges_changed: count(plan.edges.change.len()),
            n_edges_removed: count(plan.edges.remove.len()),
        };
        Self { plan, counts }
    }

    /// Whether all is as it should be.
    pub(crate) fn is_nothing(&self) -> bool {
        self.plan.is_nothing()
    }

    /// The communities that a model is to name, where nothing had to be written.
    pub(crate) fn due(&self) -> Vec<Due> {
        let due = self.plan.due.iter();
        due.map(|(_, id, topics)| Due { community_id: *id, topics: topics.clone() }).collect()
    }
}

/// A community that a model is to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) community_id: i64,
    /// Its most central topics.
    pub(crate) topics: Vec<i64>,
}

/// Writes a difference under a revision. Returns the communities that a model is to name, the largest first.
pub(crate) fn write(writing: &Writing<'_>, difference: &Difference) -> Result<Vec<Due>> {
    let plan = &difference.plan;
    let tx = writing.tx;
    remove(tx, plan)?;
    // A key may pass from one topic to another.
    for entity in plan.entities.iter().filter(|entity| entity.id >= 0) {
        tx.prepare_cached("UPDATE entities SET key = '~' || id WHERE id = ?1 AND key <> ?2")?
            .execute(params![entity.id, entity.key])?;
    }
    let mut numbers = Numbers::default();
    for entity in &plan.entities {
        if entity.id >= 0 {
            tx.prepare_cached(
                "UPDATE entities SET key = ?2, name = ?3, aliases = ?4 WHERE id = ?1",
            )?
            .execute(params![entity.id, entity.key, entity.name, entity.aliases])?;
        } else {
            tx.prepare_cached(
                "INSERT INTO entities (kind, name, key, aliases, created_at)
                 VALUES ('topic', ?1, ?2, ?3, ?4)",
            )?
            .execute(params![entity.name, entity.key, entity.aliases, writing.now])?;
            numbers.topics.insert(entity.id, tx.last_insert_rowid());
        }
    }
    for (id, community) in &plan.communities {
        let number = save_community(writing, *id, community, &numbers)?;
        numbers.communities.insert(*id, number);
    }
    for (id, row) in &plan.rows {
        save_row(writing, numbers.topic(*id), row, &numbers)?;
    }
    for tag in &plan.tags {
        if tag.id >= 0 {
            tx.prepare_cached("UPDATE topic_tags SET topic_id = ?2, n_moments = ?3 WHERE id = ?1")?
                .execute(params![tag.id, numbers.topic(tag.topic_id), tag.n_moments])?;
        } else {
            tx.prepare_cached(
                "INSERT INTO topic_tags (tag, topic_id, n_moments) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![tag.tag, numbers.topic(tag.topic_id), tag.n_moments])?;
            numbers.tags.insert(tag.id, tx.last_insert_rowid());
        }
    }
    for (moment_id, tag_id) in &plan.links {
        tx.prepare_cached("INSERT INTO moment_tags (moment_id, tag_id) VALUES (?1, ?2)")?
            .execute([*moment_id, *numbers.tags.get(tag_id).unwrap_or(tag_id)])?;
    }
    let mut changes = edges::Changes::default();
    changes.remove.clone_from(&plan.edges.remove);
    changes.change.clone_from(&plan.edges.change);
    for edge in &plan.edges.add {
        let (a, b) = (numbers.topic(edge.from), numbers.topic(edge.to));
        changes.add.push(edges::Edge { from: a.min(b), to: a.max(b), ..edge.clone() });
    }
    edges::write_between_entities(tx, &changes, writing.revision_id, writing.now)?;
    Ok(plan
        .due
        .iter()
        .map(|(_, community, topics)| Due {
            community_id: numbers.community(*community),
            topics: topics.iter().map(|topic| numbers.topic(*topic)).collect(),
        })
        .collect())
}

/// The numbers that new things got, by those that stood for them.
#[derive(Debug, Default)]
struct Numbers {
    topics: BTreeMap<i64, i64>,
    tags: BTreeMap<i64, i64>,
    communities: BTreeMap<i64, i64>,
}

impl Numbers {
    fn topic(&self, id: i64) -> i64 {
        *self.topics.get(&id).unwrap_or(&id)
    }

    fn community(&self, id: i64) -> i64 {
        *self.communities.get(&id).unwrap_or(&id)
    }
}

fn remove(tx: &Transaction<'_>, plan: &Plan) -> Result<()> {
    for (moment_id, tag_id) in &plan.links_gone {
        tx.prepare_cached("DELETE FROM moment_tags WHERE moment_id = ?1 AND tag_id = ?2")?
            .execute([moment_id, tag_id])?;
    }
    for id in &plan.tags_gone {
        tx.prepare_cached("DELETE FROM topic_tags WHERE id = ?1")?.execute([id])?;
    }
    for id in &plan.communities_gone {
        tx.prepare_cached("DELETE FROM communities WHERE id = ?1")?.execute([id])?;
    }
    for id in &plan.topics_gone {
        tx.prepare_cached("DELETE FROM topics WHERE id = ?1")?.execute([id])?;
        tx.prepare_cached(
            "DELETE FROM edges WHERE (from_kind = 'entity' AND from_id = ?1)
               OR (to_kind = 'entity' AND to_id = ?1)",
        )?
        .execute([id])?;
        // What something else names is not this room's to take away.
        tx.prepare_cached(
            "DELETE FROM entities WHERE id = ?1 AND kind = 'topic'
               AND NOT EXISTS (SELECT 1 FROM mentions WHERE entity_id = ?1)",
        )?
        .execute([id])?;
    }
    Ok(())
}

fn save_row(writing: &Writing<'_>, id: i64, row: &TopicRow, numbers: &Numbers) -> Result<()> {
    writing
        .tx
        .prepare_cached(
            "INSERT INTO topics (id, n_moments, first_day, last_day, last_moment_id, importance,
               valence, arousal, degree, weight, community_id, broader_id, revision_id, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO UPDATE SET n_moments = excluded.n_moments,
               first_day = excluded.first_day, last_day = excluded.last_day,
               last_moment_id = excluded.last_moment_id, importance = excluded.importance,
               valence = excluded.valence, arousal = excluded.arousal, degree = excluded.degree,
               weight = excluded.weight, community_id = excluded.community_id,
               broader_id = excluded.broader_id, revision_id = excluded.revision_id,
               updated_at = excluded.updated_at",
        )?
        .execute(params![
            id,
            row.n_moments,
            row.first_day,
            row.last_day,
            row.last_moment_id,
            row.importance,
            row.mood.map(|mood| mood.0),
            row.mood.map(|mood| mood.1),
            row.degree,
            row.weight,
            row.community_id.map(|id| numbers.community(id)),
            row.broader_id.map(|id| numbers.topic(id)),
            writing.revision_id,
            writing.now,
        ])?;
    Ok(())
}

fn save_community(
    writing: &Writing<'_>,
    id: i64,
    community: &KeptCommunity,
    numbers: &Numbers,
) -> Result<i64> {
    let named_from: Vec<i64> =
        community.named_from.iter().map(|topic| numbers.topic(*topic)).collect();
    writing
        .tx
        .prepare_cached(
            "INSERT INTO communities (id, level, parent_id, name, mind, is_provisional, named_from,
               n_topics, n_moments, revision_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
             ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name,
               mind = excluded.mind, is_provisional = excluded.is_provisional,
               named_from = excluded.named_from, n_topics = excluded.n_topics,
               n_moments = excluded.n_moments, revision_id = excluded.revision_id,
               updated_at = excluded.updated_at",
        )?
        .execute(params![
            (id >= 0).then_some(id),
            community.level,
            community.parent_id.map(|id| numbers.community(id)),
            community.name,
            community.mind,
            community.is_provisional,
            json_list(&named_from),
            community.n_topics,
            community.n_moments,
            writing.revision_id,
            writing.now,
        ])?;
    Ok(if id >= 0 { id } else { writing.tx.last_insert_rowid() })
}
