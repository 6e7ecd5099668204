//! Finds out what is otherwise than it should be. What is new has a number below zero until it is written:
//! -1 for the first place, and so on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    graph::edges::{Changes, Edge},
    mind::builtin,
    store::json_list,
    topics::{
        kept::{Kept, KeptCommunity, RELATED, TopicRow},
        matching::{self, Likeness},
        material::Material,
        shape::{Ontology, Topic},
    },
};

/// Other tags of a topic that are kept beside its name.
const MOST_ALIASES: usize = 20;
/// The most central topics of a community by which it is known again.
const CENTRAL: usize = 8;
/// Of these, those that it is called by without a model.
const NAMED_BY: usize = 3;
/// Topics of a community from which a name of its own is worth a call.
const WORTH_NAMING: u32 = 3;

/// Whether a model names communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// There is one.
    Now,
    /// There is none, although one is wanted.
    Missed,
    /// None is wanted.
    Off,
}

/// An entity that is new or is called otherwise.
#[derive(Debug, PartialEq)]
pub(super) struct Entity {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) aliases: String,
}

/// A tag that is new, or counted or placed otherwise.
#[derive(Debug, PartialEq)]
pub(super) struct TagRow {
    pub(super) id: i64,
    pub(super) tag: String,
    pub(super) topic_id: i64,
    pub(super) n_moments: u32,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) topics_gone: Vec<i64>,
    pub(super) entities: Vec<Entity>,
    pub(super) rows: Vec<(i64, TopicRow)>,
    pub(super) tags_gone: Vec<i64>,
    pub(super) tags: Vec<TagRow>,
    pub(super) links_gone: Vec<(i64, i64)>,
    pub(super) links: Vec<(i64, i64)>,
    pub(super) communities_gone: Vec<i64>,
    /// Those of level 2 first.
    pub(super) communities: Vec<(i64, KeptCommunity)>,
    pub(super) edges: Changes,
    /// Communities that a model is to name, by their moments, with their most central topics.
    pub(super) due: Vec<(u32, i64, Vec<i64>)>,
}

impl Plan {
    pub(super) fn is_nothing(&self) -> bool {
        self.topics_gone.is_empty()
            && self.entities.is_empty()
            && self.rows.is_empty()
            && self.tags_gone.is_empty()
            && self.tags.is_empty()
            && self.links_gone.is_empty()
            && self.links.is_empty()
            && self.communities_gone.is_empty()
            && self.communities.is_empty()
            && self.edges.is_nothing()
    }

    pub(super) fn of(
        material: &Material,
        ontology: &Ontology,
        kept: &Kept,
        asking: Asking,
    ) -> Self {
        let mut planner = Planner {
            material,
            ontology,
            kept,
            ids: Vec::new(),
            names: Vec::new(),
            plan: Self::default(),
        };
        planner.topics();
        planner.tags();
        planner.edges();
        let community_of = planner.communities(asking);
        planner.rows(&community_of);
        planner.plan
    }
}

struct Planner<'a> {
    material: &'a Material,
    ontology: &'a Ontology,
    kept: &'a Kept,
    /// The number of each topic.
    ids: Vec<i64>,
    /// What each topic is called.
    names: Vec<String>,
    plan: Plan,
}

/// The number that stands for a new thing at a place.
fn new(place: usize) -> i64 {
    -1 - i64::try_from(place).unwrap_or(i64::MAX - 1)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Planner<'_> {
    fn text(&self, tag: usize) -> &str {
        &self.material.tags[tag].text
    }

    /// Finds the topics of before again by the tags they share, weighted by the moments of these.
    fn matched(&self) -> Vec<Option<i64>> {
        let mut pairs: BTreeMap<(usize, i64), Likeness> = BTreeMap::new();
        for (place, topic) in self.ontology.topics.iter().enumerate() {
            for tag in &topic.tags {
                let text = self.text(*tag);
                let Some(old) = self.kept.tags.get(text).map(|kept| kept.topic_id) else {
                    continue;
                };
                let Some(kept) = self.kept.topics.get(&old).filter(|kept| !kept.key.is_empty())
                else {
                    continue;
                };
                let likeness = pairs.entry((place, old)).or_default();
                likeness.overlap += u64::from(self.material.tags[*tag].n);
                likeness.is_not_apart = !topic.is_apart;
                likeness.has_name |= kept.key == text;
                likeness.is_said |= topic.hub == Some(*tag) && kept.key == text;
            }
        }
        let mut matched = matching::best(self.ontology.topics.len(), &pairs);
        // An entity that lost its tags with an undone night, or that something else made.
        let taken: BTreeSet<i64> = matched.iter().copied().flatten().collect();
        let bare: HashMap<&str, i64> = self
            .kept
            .topics
            .values()
            .filter(|kept| !taken.contains(&kept.id) && !kept.key.is_empty())
            .map(|kept| (kept.key.as_str(), kept.id))
            .collect();
        for (place, topic) in self.ontology.topics.iter().enumerate() {
            if matched[place].is_none() {
                matched[place] = bare.get(self.text(self.name_tag(topic))).copied();
            }
        }
        matched
    }

    /// The tag that names a new topic: the one that the person merged into, or that most moments have; of
    /// equals the shortest, then the first.
    fn name_tag(&self, topic: &Topic) -> usize {
        let rank = |tag: &&usize| {
            let known = &self.material.tags[**tag];
            (std::cmp::Reverse(known.n), known.text.chars().count(), **tag)
        };
        let most = topic.tags.iter().min_by_key(rank).copied();
        topic.hub.or(most).unwrap_or_default()
    }

    fn topics(&mut self) {
        let matched = self.matched();
        let found: BTreeSet<i64> = matched.iter().copied().flatten().collect();
        self.plan.topics_gone =
            self.kept.topics.keys().copied().filter(|id| !found.contains(id)).collect();
        for (place, topic) in self.ontology.topics.iter().enumerate() {
            let old = matched[place].and_then(|id| self.kept.topics.get(&id));
            let has = |key: &str| topic.tags.iter().any(|tag| self.text(*tag) == key);
            let key = match old {
                Some(old) if has(&old.key) => old.key.clone(),
                _ => self.text(self.name_tag(topic)).to_owned(),
            };
            let name = topic.given_name.clone().unwrap_or_else(|| key.clone());
            let others: Vec<&str> = topic
                .tags
                .iter()
                .map(|tag| self.text(*tag))
                .filter(|text| *text != key)
                .take(MOST_ALIASES)
                .collect();
            let aliases = json_list(&others);
            let id = matched[place].unwrap_or_else(|| new(place));
            let is_same =
                old.is_some_and(|old| old.key == key && old.name == name && old.aliases == aliases);
            if !is_same {
                self.plan.entities.push(Entity { id, key, name: name.clone(), aliases });
            }
            self.ids.push(id);
            self.names.push(name);
        }
    }

    fn tags(&mut self) {
        let mut left: BTreeMap<i64, ()> = self.kept.tags.values().map(|tag| (tag.id, ())).collect();
        let mut tag_ids = vec![0; self.material.tags.len()];
        for (place, topic) in self.ontology.topics.iter().enumerate() {
            for tag in &topic.tags {
                let known = &self.material.tags[*tag];
                let topic_id = self.ids[place];
                let kept = self.kept.tags.get(&known.text);
                let id = kept.map_or(new(*tag), |kept| kept.id);
                tag_ids[*tag] = id;
                left.remove(&id);
                let is_same =
                    kept.is_some_and(|k| k.topic_id == topic_id && k.n_moments == known.n);
                if !is_same {
                    let tag = known.text.clone();
                    self.plan.tags.push(TagRow { id, tag, topic_id, n_moments: known.n });
                }
            }
        }
        // New ones in the order of their letters.
        self.plan.tags.sort_by(|a, b| a.tag.cmp(&b.tag));
        self.plan.tags_gone = left.into_keys().chain(self.kept.doubles.iter().copied()).collect();
        let mut links_left: BTreeSet<(i64, i64)> = self.kept.moment_tags.clone();
        for moment in &self.material.moments {
            for tag in &moment.tags {
                let link = (moment.id, tag_ids[*tag]);
                if !links_left.remove(&link) {
                    self.plan.links.push(link);
                }
            }
        }
        self.plan.links_gone = links_left.into_iter().collect();
    }

    fn edges(&mut self) {
        let mut there: HashMap<(i64, i64), &crate::graph::edges::Kept> = HashMap::new();
        for kept in &self.kept.edges {
            if there.insert((kept.edge.from, kept.edge.to), kept).is_some() {
                self.plan.edges.remove.push(kept.clone());
            }
        }
        for relation in &self.ontology.relations {
            let (a, b) = (self.ids[relation.a], self.ids[relation.b]);
            let ends = (a.min(b), a.max(b));
            let together = if relation.n == 1 { "moment" } else { "moments" };
            let edge = Edge {
                from: ends.0,
                to: ends.1,
                rel_type: RELATED.into(),
                weight: relation.weight,
                confidence: 1.0,
                context: format!("{} {together} together", relation.n),
            };
            match there.remove(&ends) {
                None => self.plan.edges.add.push(edge),
                Some(kept) if kept.edge != edge => {
                    self.plan.edges.change.push((kept.clone(), edge));
                }
                Some(_) => {}
            }
        }
        let mut gone: Vec<_> = there.into_values().cloned().collect();
        gone.sort_by_key(|kept| kept.id);
        self.plan.edges.remove.extend(gone);
    }

    /// Finds the communities of before again by the topics they share, weighted by the moments of these.
    /// Returns the number of the community of each topic.
    fn communities(&mut self, asking: Asking) -> Vec<Option<i64>> {
        let n_topics = self.ontology.topics.len();
        let fine = &self.ontology.fine;
        let broad: Vec<Vec<usize>> = self
            .ontology
            .broad
            .iter()
            .map(|parts| parts.iter().flat_map(|part| fine[*part].iter().copied()).collect())
            .collect();
        let old_of = |place: usize, level: u8| -> Option<i64> {
            let row = self.kept.topics.get(&self.ids[place])?.row.as_ref()?;
            let id = row.community_id?;
            let community = self.kept.communities.get(&id)?;
            if level == 1 { Some(id) } else { community.parent_id }
        };
        let ids_of = |members: &[Vec<usize>], level: u8, offset: usize| -> Vec<i64> {
            let mut pairs: BTreeMap<(usize, i64), Likeness> = BTreeMap::new();
            for (n, topics) in members.iter().enumerate() {
                for place in topics {
                    let Some(old) = old_of(*place, level) else { continue };
                    if self.kept.communities.get(&old).is_none_or(|c| c.level != level) {
                        continue;
                    }
                    pairs.entry((n, old)).or_default().overlap +=
                        self.ontology.topics[*place].moments.len() as u64;
                }
            }
            let matched = matching::best(members.len(), &pairs);
            matched.iter().enumerate().map(|(n, id)| id.unwrap_or(new(offset + n))).collect()
        };
        let (fine_ids, broad_ids) = (ids_of(fine, 1, 0), ids_of(&broad, 2, fine.len()));
        let mut parent = vec![None; fine.len()];
        for (n, parts) in self.ontology.broad.iter().enumerate() {
            for part in parts {
                parent[*part] = Some(broad_ids[n]);
            }
        }
        let mut community_of = vec![None; n_topics];
        for (n, topics) in fine.iter().enumerate() {
            for place in topics {
                community_of[*place] = Some(fine_ids[n]);
            }
        }
        let mut found: BTreeSet<i64> = BTreeSet::new();
        let levels = [(2, &broad, &broad_ids), (1, fine, &fine_ids)];
        let (mut wanted, mut due) = (Vec::new(), Vec::new());
        for (level, members, ids) in levels {
            let inner = self.shared_inside(members);
            for (n, topics) in members.iter().enumerate() {
                found.insert(ids[n]);
                let parent_id = if level == 1 { parent[n] } else { None };
                let (community, central) =
                    self.community((level, parent_id), ids[n], topics, &inner, asking);
                if community.is_provisional && asking == Asking::Now {
                    due.push((community.n_moments, ids[n], central));
                }
                if self.kept.communities.get(&ids[n]) != Some(&community) {
                    wanted.push((ids[n], community));
                }
            }
        }
        self.plan.communities = wanted;
        // The largest first, should the time run out.
        due.sort_by_key(|(n_moments, ..)| std::cmp::Reverse(*n_moments));
        self.plan.due = due;
        self.plan.communities_gone =
            self.kept.communities.keys().copied().filter(|id| !found.contains(id)).collect();
        community_of
    }

    /// How many moments each topic shares with others of its own community: what stands in its middle.
    fn shared_inside(&self, members: &[Vec<usize>]) -> Vec<u32> {
        let mut of = vec![usize::MAX; self.ontology.topics.len()];
        for (n, topics) in members.iter().enumerate() {
            for place in topics {
                of[*place] = n;
            }
        }
        let mut inner = vec![0; of.len()];
        for relation in &self.ontology.relations {
            if of[relation.a] == of[relation.b] && of[relation.a] != usize::MAX {
                inner[relation.a] += relation.n;
                inner[relation.b] += relation.n;
            }
        }
        inner
    }

    fn community(
        &self,
        (level, parent_id): (u8, Option<i64>),
        id: i64,
        topics: &[usize],
        inner: &[u32],
        asking: Asking,
    ) -> (KeptCommunity, Vec<i64>) {
        let mut central = topics.to_vec();
        central.sort_by(|a, b| {
            let n = |place: &usize| self.ontology.topics[*place].moments.len();
            inner[*b].cmp(&inner[*a]).then(n(b).cmp(&n(a))).then(a.cmp(b))
        });
        central.truncate(CENTRAL);
        let by: Vec<&str> =
            central.iter().take(NAMED_BY).map(|place| self.names[*place].as_str()).collect();
        let now: Vec<i64> = central.iter().map(|place| self.ids[*place]).collect();
        let moments: BTreeSet<usize> =
            topics.iter().flat_map(|place| self.ontology.topics[*place].moments.clone()).collect();
        let n_topics = count(topics.len());
        let kept = self.kept.communities.get(&id);
        let by_model = kept.filter(|kept| kept.mind != builtin::NAME);
        // A name holds while at least half of what it was made from is still in the middle.
        let named_from = kept.map_or(&[][..], |kept| &kept.named_from);
        let n_left = named_from.iter().filter(|topic| now.contains(topic)).count();
        let holds = !named_from.is_empty() && 2 * n_left >= named_from.len();
        let is_due = n_topics >= WORTH_NAMING && !holds;
        let mut community = KeptCommunity {
            level,
            parent_id,
            name: by_model.map_or_else(|| by.join(", "), |kept| kept.name.clone()),
            mind: by_model.map_or_else(|| builtin::NAME.to_owned(), |kept| kept.mind.clone()),
            is_provisional: is_due && asking != Asking::Off,
            named_from: named_from.to_vec(),
            n_topics,
            n_moments: count(moments.len()),
        };
        // That a model is missed by now, where it was not before, is no news of the community.
        if let Some(kept) = kept.filter(|_| asking != Asking::Now) {
            let as_kept =
                KeptCommunity { is_provisional: kept.is_provisional, ..community.clone() };
            if as_kept == *kept {
                community = as_kept;
            }
        }
        (community, now)
    }

    fn rows(&mut self, community_of: &[Option<i64>]) {
        for (place, topic) in self.ontology.topics.iter().enumerate() {
            let row = TopicRow {
                n_moments: count(topic.moments.len()),
                first_day: topic.first_day.clone(),
                last_day: topic.last_day.clone(),
                last_moment_id: topic.last_moment_id,
                importance: topic.importance,
                mood: topic.mood,
                degree: topic.degree,
                weight: topic.weight,
                community_id: community_of[place],
                broader_id: topic.broader.map(|broader| self.ids[broader]),
            };
            let id = self.ids[place];
            let kept = self.kept.topics.get(&id).and_then(|kept| kept.row.as_ref());
            if kept != Some(&row) {
                self.plan.rows.push((id, row));
            }
        }
    }
}
