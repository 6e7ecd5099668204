//! A search from the question to the hits.

use std::cmp::Ordering;

use super::{
    filter::Filter,
    found::{Asking, Found, Key, Kind},
    marks::Marker,
    meaning, query,
    show::Showing,
    words::{self, Among, Index},
};
use crate::{
    Error, Journal, Result,
    api::search::{Scope, SearchReply, SearchRequest},
    store::vectors::Thing,
};

const USUAL: u32 = 20;
const MOST: u32 = 200;

/// Finds what has the words of a question or means much the same.
///
/// # Errors
/// A day, a source or a place in an earlier reply is not one, or the store failed.
pub(crate) fn search(journal: &Journal, request: &SearchRequest) -> Result<SearchReply> {
    let after = request.after.as_deref().map(Place::parse).transpose()?;
    let Some(query) = query::parse(&request.query) else {
        // What cannot be is said even where there is nothing to look for.
        journal.store().read(|reader| Filter::of(reader, request))?;
        return Ok(SearchReply { hits: Vec::new(), next: None, by_meaning: false });
    };
    let meant = meaning::ask(journal, &request.query, &query)?;
    journal.store().read(|reader| {
        let filter = Filter::of(reader, request)?;
        let languages = words::languages(reader)?;
        let few = filter.few(reader)?;
        let of_records = filter.among(few.as_deref());
        let of_moments = if filter.is_empty() { Among::All } else { Among::Filtered };
        let (indices, kinds, things) = asked(request.scope, of_records, of_moments);
        let scored = words::find(reader, &indices, &query, &languages)?;
        let is_filtered = !filter.is_empty();
        let meant = meaning::find(journal, reader, meant.as_ref(), &things, is_filtered)?;
        let now = journal.clock().now_ms();
        let asking = Asking { reader, query: &query, filter: &filter, kinds: &kinds, now };
        let all = asking.fuse(scored, &meant)?;
        let marker = Marker::new(&query, &languages);
        let showing = Showing {
            reader,
            query: &query,
            marker: &marker,
            explains: request.explain.unwrap_or_default(),
            meaning_weight: meant.weight,
        };
        let limit = request.limit.unwrap_or(USUAL).clamp(1, MOST) as usize;
        let (hits, next) = page(&all, after.as_ref(), limit, |found| showing.show(found))?;
        Ok(SearchReply { hits, next, by_meaning: meant.is_asked })
    })
}

type Indices<'a> = Vec<(Index, Among<'a>)>;

fn asked<'a>(
    scope: Scope,
    records: Among<'a>,
    moments: Among<'a>,
) -> (Indices<'a>, Vec<Kind>, Vec<Thing>) {
    match scope {
        Scope::Moments => {
            (vec![(Index::Moments, moments)], vec![Kind::Moment], vec![Thing::Moment])
        }
        Scope::Notes => (vec![(Index::Records, records)], vec![Kind::Note], vec![Thing::Chunk]),
        Scope::Messages => {
            (vec![(Index::Messages, records)], vec![Kind::Message], vec![Thing::Chunk])
        }
        Scope::All => (
            vec![(Index::Moments, moments), (Index::Records, records), (Index::Messages, records)],
            vec![Kind::Moment, Kind::Note, Kind::Session, Kind::Message],
            vec![Thing::Moment, Thing::Chunk],
        ),
    }
}

/// A page of what was found, and where the next one begins.
fn page<T>(
    all: &[Found],
    after: Option<&Place>,
    limit: usize,
    mut show: impl FnMut(&Found) -> Result<Option<T>>,
) -> Result<(Vec<T>, Option<String>)> {
    let mut hits = Vec::new();
    let mut last = None;
    // Whatever came in meanwhile has moved all ranks: the thing itself says where the last page ended.
    let at = after.and_then(|after| all.iter().position(|found| found.key == after.key));
    let rest = all.iter().enumerate().filter(|(n, found)| match (at, after) {
        (Some(at), _) => *n > at,
        (None, Some(after)) => after.is_before(found),
        (None, None) => true,
    });
    for (_, found) in rest {
        if hits.len() == limit {
            return Ok((hits, last.map(|place: Place| place.to_string())));
        }
        if let Some(hit) = show(found)? {
            hits.push(hit);
            last = Some(Place::of(found));
        }
    }
    Ok((hits, None))
}

/// A place in the order of what was found: a score and, among equal ones, a thing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    score: f64,
    key: Key,
}

impl Place {
    fn of(found: &Found) -> Self {
        Self { score: found.score, key: found.key }
    }

    /// Whether something comes after this place.
    fn is_before(&self, found: &Found) -> bool {
        match found.score.total_cmp(&self.score) {
            Ordering::Less => true,
            Ordering::Equal => found.key > self.key,
            Ordering::Greater => false,
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let parts = || {
            let (score, thing) = text.split_once(':')?;
            let score = f64::from_bits(u64::from_str_radix(score, 16).ok()?);
            let (kind, id) = (thing.get(..1)?, thing.get(1..)?.parse().ok()?);
            let key = match kind {
                "m" => Key::Moment(id),
                "r" => Key::Record(id),
                _ => return None,
            };
            Some(Self { score, key })
        };
        parts().ok_or_else(|| {
            Error::invalid("this is no place in an earlier reply: take its “next” as it is")
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, id) = match self.key {
            Key::Moment(id) => ('m', id),
            Key::Record(id) => ('r', id),
        };
        write!(f, "{:016x}:{kind}{id}", self.score.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_being_written_down() {
        for place in [
            Place { score: 1.0 / 61.0, key: Key::Moment(7) },
            Place { score: 0.0, key: Key::Record(i64::MAX) },
        ] {
            assert_eq!(Place::parse(&place.to_string()).expect("a place"), place);
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", ":", "x:m1", "0:q1", "0:m", "0:m1x", "0", "0:ä"] {
            assert!(Place::parse(text).is_err(), "{text:?}");
        }
    }
}
