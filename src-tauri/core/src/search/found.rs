//! What was found, brought into one order: by words and by meaning, each measured on its own and then fused
//! by rank, with what fading and age leave of a thing as gentle weights; and what belongs together stands
//! together.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::{
    filter::Filter,
    meaning::Meant,
    query::Query,
    words::{Index, Scored},
};
use crate::{Result, clock::Precision, fading, text::words::fold};

/// Ranks are counted from here on: with it the first places do not outweigh all else (Cormack, Clarke &
/// Büttcher 2009, "Reciprocal rank fusion").
const FUSED_FROM: f64 = 60.0;
/// So many of each index are looked at closely; whoever comes after is too far behind for gentle weights to
/// bring them forward.
const LOOKED_AT: usize = 150;
/// Messages on each side of a message that are shown with it, and whose words speak for it.
pub(super) const BESIDE: i64 = 2;
/// What the words of the next message count for a message; those of the one after, half of it. Somebody
/// asks and somebody answers: the answer need not repeat the question's words.
const NEXT: f64 = 0.3;
/// What a message counts more if its author is named in the question.
const BY_AUTHOR: f64 = 0.3;
/// What age takes of a score at most, and after how many days half of that: a year.
const AGED: f64 = 0.1;
const HALF_AGED: f64 = 365.0;
const DAY_MS: f64 = 86_400_000.0;

/// A moment or a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Moment(i64),
    Record(i64),
}

/// What is known of a thing that was found.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) author: String,
    pub(super) day: Option<String>,
    pub(super) at: Option<i64>,
    pub(super) offset_minutes: i32,
    pub(super) precision: Precision,
    pub(super) session: Option<i64>,
    pub(super) ordinal: i64,
    /// What fading leaves of a score.
    pub(super) fading: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Moment,
    Note,
    Session,
    Message,
}

/// Something found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) key: Key,
    pub(super) facts: Facts,
    pub(super) recency: f64,
    /// How well its words match; 0 without.
    pub(super) words: f64,
    /// The cosine with the question; 0 where none was measured.
    pub(super) cosine: f64,
    /// The passage that is nearest to the question, in bytes of its text.
    pub(super) passage: Option<(usize, usize)>,
    pub(super) words_rank: Option<u32>,
    pub(super) meaning_rank: Option<u32>,
    pub(super) score: f64,
    pub(super) n_more: u32,
}

/// What is asked, all in all.
pub(super) struct Asking<'a> {
    pub(super) reader: &'a Connection,
    pub(super) query: &'a Query,
    pub(super) filter: &'a Filter,
    pub(super) kinds: &'a [Kind],
    pub(super) now: i64,
}

impl Asking<'_> {
    /// Brings together what has the words and what means the same, best first.
    pub(super) fn fuse(&self, scored: Vec<Scored>, meant: &Meant) -> Result<Vec<Found>> {
        let mut all: HashMap<Key, Found> = HashMap::new();
        self.by_words(scored, &mut all)?;
        for near in &meant.near {
            if all.contains_key(&near.key) {
                continue;
            }
            // What has none of the words must mean much the same, and nothing may have been demanded.
            if near.cosine >= meant.least
                && !self.query.is_strict()
                && let Some(found) = self.look_at(near.key)?
            {
                all.insert(near.key, found);
            }
        }
        for near in &meant.near {
            if let Some(found) = all.get_mut(&near.key)
                && near.cosine > found.cosine
            {
                found.cosine = near.cosine;
                found.passage = near.passage;
            }
        }
        let mut all: Vec<Found> = all.into_values().collect();
        all.sort_by_key(|found| found.key);
        rank(&mut all, |found| found.words, |found, rank| found.words_rank = Some(rank));
        rank(&mut all, |found| found.cosine, |found, rank| found.meaning_rank = Some(rank));
        if self.kinds.contains(&Kind::Moment) && self.kinds.len() > 1 {
            all = self.under_moments(all)?;
        }
        for found in &mut all {
            let part =
                |rank: Option<u32>| rank.map_or(0.0, |rank| 1.0 / (FUSED_FROM + f64::from(rank)));
            found.score = part(found.words_rank) + meant.weight * part(found.meaning_rank);
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
        Ok(beside_each_other(all))
    }

    fn by_words(&self, mut scored: Vec<Scored>, all: &mut HashMap<Key, Found>) -> Result<()> {
        scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
        let mut places: HashMap<(i64, i64), (Key, f64)> = HashMap::new();
        for index in [Index::Moments, Index::Records, Index::Messages] {
            let of_index = scored.iter().filter(|one| one.index == index);
            let mut n = 0;
            for one in of_index {
                if n == LOOKED_AT {
                    break;
                }
                let key = match index {
                    Index::Moments => Key::Moment(one.id),
                    Index::Records | Index::Messages => Key::Record(one.id),
                };
                let Some(mut found) = self.look_at(key)? else { continue };
                n += 1;
                found.words = one.score;
                if let Some(session) = found.facts.session {
                    places.insert((session, found.facts.ordinal), (key, one.score));
                }
                all.insert(key, found);
            }
        }
        for (key, found) in all.iter_mut() {
            let Some(session) = found.facts.session else { continue };
            for distance in 1..=BESIDE {
                for place in [found.facts.ordinal - distance, found.facts.ordinal + distance] {
                    if let Some((other, score)) = places.get(&(session, place))
                        && other != key
                    {
                        found.words += score * NEXT / distance as f64;
                    }
                }
            }
            if self.is_by_one_named(&found.facts.author) {
                found.words *= 1.0 + BY_AUTHOR;
            }
        }
        Ok(())
    }

    fn is_by_one_named(&self, author: &str) -> bool {
        let author = fold(author);
        let mut names = author.split_whitespace();
        names.any(|name| self.query.terms.iter().any(|term| fold(&term.text) == name))
    }

    /// What is known of a thing; `None` if it is gone, hidden, or not asked for.
    fn look_at(&self, key: Key) -> Result<Option<Found>> {
        let (facts, passes) = match key {
            Key::Moment(id) => {
                (moment(self.reader, id)?, self.filter.takes_moment(self.reader, id)?)
            }
            Key::Record(id) => {
                (record(self.reader, id)?, self.filter.takes_record(self.reader, id)?)
            }
        };
        let Some(facts) = facts.filter(|facts| passes && self.kinds.contains(&facts.kind)) else {
            return Ok(None);
        };
        let age = facts.at.map_or(0.0, |at| ((self.now - at) as f64 / DAY_MS).max(0.0));
        let recency = 1.0 - AGED + AGED * 0.5_f64.powf(age / HALF_AGED);
        Ok(Some(Found {
            key,
            facts,
            recency,
            words: 0.0,
            cosine: 0.0,
            passage: None,
            words_rank: None,
            meaning_rank: None,
            score: 0.0,
            n_more: 0,
        }))
    }

    /// Lets a moment that was found stand for what it rests on: its places are the best that it and those
    /// have.
    fn under_moments(&self, all: Vec<Found>) -> Result<Vec<Found>> {
        let mut moments: HashMap<i64, Found> = HashMap::new();
        let mut records = Vec::new();
        for found in all {
            match found.key {
                Key::Moment(id) => {
                    moments.insert(id, found);
                }
                Key::Record(_) => records.push(found),
            }
        }
        // Those that stand further in front say more of which moment is meant.
        records.sort_by_key(|found| {
            (
                found.words_rank.unwrap_or(u32::MAX),
                found.meaning_rank.unwrap_or(u32::MAX),
                found.key,
            )
        });
        let mut kept = Vec::new();
        for found in records {
            let moment = self
                .moments_on(&found)?
                .into_iter()
                .filter(|id| moments.contains_key(id))
                .min_by_key(|id| {
                    let rank = moments.get(id).and_then(|moment| moment.words_rank);
                    (rank.unwrap_or(u32::MAX), *id)
                });
            let Some(moment) = moment.and_then(|id| moments.get_mut(&id)) else {
                kept.push(found);
                continue;
            };
            let best = |a: Option<u32>, b: Option<u32>| match (a, b) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            moment.words_rank = best(moment.words_rank, found.words_rank);
            moment.meaning_rank = best(moment.meaning_rank, found.meaning_rank);
            moment.n_more += 1;
        }
        kept.extend(moments.into_values());
        Ok(kept)
    }

    fn moments_on(&self, found: &Found) -> Result<Vec<i64>> {
        let Key::Record(id) = found.key else { return Ok(Vec::new()) };
        let mut find = self.reader.prepare_cached(match found.facts.kind {
            Kind::Session => {
                "SELECT DISTINCT e.moment_id FROM records r JOIN evidence e ON e.record_id = r.id
                 WHERE r.session_id = ?1"
            }
            _ => "SELECT DISTINCT moment_id FROM evidence WHERE record_id = ?1",
        })?;
        Ok(find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Gives places to those of which something was measured, by what fading and age leave of it.
fn rank(all: &mut [Found], measured: impl Fn(&Found) -> f64, mut set: impl FnMut(&mut Found, u32)) {
    let weighed = |found: &Found| measured(found) * found.facts.fading * found.recency;
    all.sort_by(|a, b| weighed(b).total_cmp(&weighed(a)).then(a.key.cmp(&b.key)));
    let ranked = all.iter_mut().filter(|found| measured(found) > 0.0);
    for (rank, found) in (1..).zip(ranked) {
        set(found, rank);
    }
}

/// Lets a message stand for those beside it that are shown with it.
fn beside_each_other(all: Vec<Found>) -> Vec<Found> {
    let mut shown: HashMap<(i64, i64), usize> = HashMap::new();
    let mut kept: Vec<Found> = Vec::with_capacity(all.len());
    for found in all {
        let Some(session) = found.facts.session else {
            kept.push(found);
            continue;
        };
        let place = found.facts.ordinal;
        if let Some(other) = shown.get(&(session, place)).and_then(|at| kept.get_mut(*at)) {
            other.n_more += 1;
            continue;
        }
        for beside in place - BESIDE..=place + BESIDE {
            shown.entry((session, beside)).or_insert(kept.len());
        }
        kept.push(found);
    }
    kept
}

fn record(reader: &Connection, id: i64) -> Result<Option<Facts>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT r.kind, coalesce(s.title, r.title), r.author, r.day, r.occurred_at, r.offset_minutes,
                r.precision, r.session_id, r.ordinal, {}
         FROM records r LEFT JOIN records s ON s.id = r.session_id
              LEFT JOIN record_fading d ON d.record_id = coalesce(r.session_id, r.id)
         WHERE r.id = ?1 AND r.deleted_at IS NULL",
        fading::gently("d.strength")
    ))?;
    let facts = find.query_row([id], |row| {
        Ok(Facts {
            kind: match row.get_ref(0)?.as_str()? {
                "message" => Kind::Message,
                "session" => Kind::Session,
                _ => Kind::Note,
            },
            title: row.get(1)?,
            author: row.get(2)?,
            day: row.get(3)?,
            at: row.get(4)?,
            offset_minutes: row.get(5)?,
            precision: precision(row.get_ref(6)?.as_str()?),
            session: row.get(7)?,
            ordinal: row.get(8)?,
            fading: row.get(9)?,
        })
    });
    Ok(facts.optional()?)
}

fn moment(reader: &Connection, id: i64) -> Result<Option<Facts>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.title, m.day, m.starts_at, m.offset_minutes, m.precision, {}
         FROM moments m LEFT JOIN moment_fading d ON d.moment_id = m.id
         WHERE m.id = ?1 AND m.is_hidden = 0",
        fading::gently("d.strength")
    ))?;
    let facts = find.query_row([id], |row| {
        Ok(Facts {
            kind: Kind::Moment,
            title: row.get(0)?,
            author: String::new(),
            day: row.get(1)?,
            at: row.get(2)?,
            offset_minutes: row.get(3)?,
            precision: precision(row.get_ref(4)?.as_str()?),
            session: None,
            ordinal: 0,
            fading: row.get(5)?,
        })
    });
    Ok(facts.optional()?)
}

fn precision(word: &str) -> Precision {
    word.parse().unwrap_or(Precision::Unknown)
}
