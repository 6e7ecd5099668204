//! Which pairs get an edge: those of which one is among the ten nearest of the other. Found for all at
//! once, or for what changed alone; both find the same.
//!
//! A resource's own ten nearest are the ten strongest of its edges, because any other edge it has comes
//! from a nearer list of the other end. So nothing but the edges has to be remembered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use crate::{
    Result,
    graph::{
        alike::{self, Alike, Changes, SIMILAR},
        edges::Kept,
        near::{Lists, Matrix, Near},
    },
    journal::Cancel,
};

/// Neighbours that one resource can have of its own; it can be the neighbour of more.
pub(super) const MOST_NEIGHBOURS: usize = 10;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) changes: Changes,
    /// The edges that are to be there: all, or those of what was compared.
    pub(super) alike: Vec<Alike>,
    /// Pairs that are at least so near, as far as they were compared.
    pub(super) n_alike: u64,
}

/// What is compared, and with which threshold.
pub(super) struct Compare<'a> {
    pub(super) matrix: &'a Matrix,
    pub(super) threshold: f32,
    /// Whether an edge of this type was judged by a model in this stage.
    pub(super) is_judged: fn(&str) -> bool,
    pub(super) cancel: &'a Cancel,
}

impl Compare<'_> {
    /// Everything with everything.
    pub(super) fn all(&self, reader: &Connection) -> Result<Found> {
        let matrix = self.matrix;
        let (lists, n_alike) = matrix.all(self.threshold, MOST_NEIGHBOURS, self.cancel)?;
        let mut alike = Vec::new();
        for row in 0..matrix.len() {
            alike.extend(lists.of(row).iter().map(|near| self.alike(row, *near)));
        }
        drop(lists);
        alike.sort_unstable();
        alike.dedup();
        let mut found = Found { n_alike, ..Found::default() };
        let mut wanted = alike.iter().peekable();
        let changes = &mut found.changes;
        alike::each_alike(reader, |id, there| {
            let ends = (there.from, there.to);
            while let Some(new) = wanted.next_if(|next| (next.from, next.to) < ends) {
                changes.add_alike.push(*new);
            }
            match wanted.next_if(|next| (next.from, next.to) == ends) {
                None => changes.remove.push(id),
                Some(same) if same.cosine == there.cosine => {}
                Some(other) => changes.change_alike.push((id, other.cosine)),
            }
            Ok(())
        })?;
        changes.add_alike.extend(wanted);
        for kept in alike::judged(reader)? {
            self.look_at_judged(&kept, &mut changes.remove);
        }
        found.alike = alike;
        Ok(found)
    }

    /// These rows with everything, and without what is gone.
    pub(super) fn some(
        &self,
        reader: &Connection,
        rows: &BTreeSet<usize>,
        gone: &BTreeSet<i64>,
    ) -> Result<Found> {
        let mut some = Some {
            compare: self,
            reader,
            edges: BTreeMap::new(),
            lists: BTreeMap::new(),
            n_alike: 0,
        };
        let offered = some.compare_rows(rows)?;
        let touched = some.far_ends(rows, gone)?;
        some.meet_again(rows, gone, &offered, &touched)?;
        some.decide(rows, gone)
    }

    fn alike(&self, row: usize, near: Near) -> Alike {
        let (a, b) = (row.min(near.row as usize), row.max(near.row as usize));
        Alike { from: self.matrix.id(a), to: self.matrix.id(b), cosine: near.cosine }
    }

    /// What a model once said of two texts does not hold when they are no longer alike, or gone.
    fn look_at_judged(&self, kept: &Kept, remove: &mut Vec<i64>) {
        if !(self.is_judged)(&kept.edge.rel_type) {
            return;
        }
        let rows = (self.matrix.row(kept.edge.from), self.matrix.row(kept.edge.to));
        let still = match rows {
            (Some(a), Some(b)) => self.matrix.is_alike(a, b, self.threshold),
            _ => false,
        };
        if !still {
            remove.push(kept.id);
        }
    }
}

/// The work on some rows.
struct Some<'a> {
    compare: &'a Compare<'a>,
    reader: &'a Connection,
    /// The edges of records that were looked at.
    edges: BTreeMap<i64, Vec<Kept>>,
    /// The new lists of rows.
    lists: BTreeMap<usize, Vec<Near>>,
    n_alike: u64,
}

impl Some<'_> {
    fn edges_of(&mut self, id: i64) -> Result<&[Kept]> {
        if !self.edges.contains_key(&id) {
            self.edges.insert(id, alike::of_record(self.reader, id)?);
        }
        Ok(self.edges.get(&id).map_or(&[], Vec::as_slice))
    }

    /// The ten nearest of a record by the edges that are there: the ids of the others and the cosines.
    fn before(&mut self, id: i64) -> Result<Vec<(i64, u16)>> {
        let alike = self.edges_of(id)?.iter().filter(|kept| kept.edge.rel_type == SIMILAR);
        let mut near: Vec<(i64, u16)> =
            alike.map(|kept| (kept.other(id), kept.thousandths())).collect();
        near.sort_unstable_by_key(|(other, cosine)| (std::cmp::Reverse(*cosine), *other));
        near.truncate(MOST_NEIGHBOURS);
        Ok(near)
    }

    /// Finds the lists of these rows, and which of them others may want in theirs.
    fn compare_rows(&mut self, rows: &BTreeSet<usize>) -> Result<HashMap<usize, Vec<Near>>> {
        let rows: Vec<usize> = rows.iter().copied().collect();
        let mut offered: HashMap<usize, Vec<Near>> = HashMap::new();
        let mut n_alike = 0;
        self.find(&rows, |row, other, cosine| {
            if rows.binary_search(&other).is_ok() {
                n_alike += u64::from(row < other);
                return;
            }
            n_alike += 1;
            let list = offered.entry(other).or_default();
            list.push(Near { row: row as u32, cosine });
            // None gets more of them than it can have.
            if list.len() >= 8 * MOST_NEIGHBOURS {
                nearest(list);
            }
        })?;
        self.n_alike = n_alike;
        Ok(offered)
    }

    fn find(&mut self, rows: &[usize], mut tell: impl FnMut(usize, usize, u16)) -> Result<()> {
        let mut found = Lists::new(rows.len(), MOST_NEIGHBOURS);
        let Compare { matrix, threshold, cancel, .. } = self.compare;
        matrix.each(rows, *threshold, cancel, |row, other, cosine| {
            if let Ok(place) = rows.binary_search(&row) {
                found.add(place, Near { row: other as u32, cosine });
            }
            tell(row, other, cosine);
        })?;
        for (place, row) in rows.iter().enumerate() {
            self.lists.insert(*row, found.of(place).to_vec());
        }
        Ok(())
    }

    /// The rows that have an edge with one of `rows` or with what is gone.
    fn far_ends(
        &mut self,
        rows: &BTreeSet<usize>,
        gone: &BTreeSet<i64>,
    ) -> Result<BTreeSet<usize>> {
        let matrix = self.compare.matrix;
        let ids: Vec<i64> =
            rows.iter().map(|row| matrix.id(*row)).chain(gone.iter().copied()).collect();
        let mut ends = BTreeSet::new();
        for id in ids {
            let alike = self.edges_of(id)?.iter().filter(|kept| kept.edge.rel_type == SIMILAR);
            ends.extend(alike.filter_map(|kept| matrix.row(kept.other(id))));
        }
        Ok(ends.difference(rows).copied().collect())
    }

    /// Puts the lists of others in order: what changed leaves them, and may come in again.
    fn meet_again(
        &mut self,
        rows: &BTreeSet<usize>,
        gone: &BTreeSet<i64>,
        offered: &HashMap<usize, Vec<Near>>,
        touched: &BTreeSet<usize>,
    ) -> Result<()> {
        let matrix = self.compare.matrix;
        let others: BTreeSet<usize> = offered.keys().chain(touched).copied().collect();
        let mut unsure = Vec::new();
        for row in others {
            self.compare.cancel.check()?;
            let before = self.before(matrix.id(row))?;
            let stays = before.iter().filter_map(|(id, cosine)| {
                let other = matrix.row(*id).filter(|row| !rows.contains(row))?;
                (!gone.contains(id)).then_some(Near { row: other as u32, cosine: *cosine })
            });
            let mut list: Vec<Near> =
                stays.chain(offered.get(&row).into_iter().flatten().copied()).collect();
            nearest(&mut list);
            // Beyond a list that was full there may be some that nobody kept: the new one is right only
            // if it is full again before them.
            let last = before.last().filter(|_| before.len() == MOST_NEIGHBOURS);
            let is_sure = last.is_none_or(|(id, cosine)| {
                list.len() == MOST_NEIGHBOURS
                    && list.last().is_some_and(|near| {
                        (near.cosine, std::cmp::Reverse(matrix.id(near.row as usize)))
                            >= (*cosine, std::cmp::Reverse(*id))
                    })
            });
            if is_sure {
                self.lists.insert(row, list);
            } else {
                unsure.push(row);
            }
        }
        self.find(&unsure, |_, _, _| {})
    }

    /// What is to be done so that the edges are what the lists want.
    fn decide(mut self, rows: &BTreeSet<usize>, gone: &BTreeSet<i64>) -> Result<Found> {
        let matrix = self.compare.matrix;
        let mut wanted: BTreeMap<(i64, i64), u16> = BTreeMap::new();
        for (row, list) in &self.lists {
            for near in list {
                let alike = self.compare.alike(*row, *near);
                wanted.insert((alike.from, alike.to), alike.cosine);
            }
        }
        let mut found = Found { n_alike: self.n_alike, ..Found::default() };
        let looked_at: Vec<i64> =
            self.lists.keys().map(|row| matrix.id(*row)).chain(gone.iter().copied()).collect();
        let mut there: BTreeMap<i64, Kept> = BTreeMap::new();
        for id in looked_at {
            there.extend(self.edges_of(id)?.iter().map(|kept| (kept.id, kept.clone())));
        }
        for kept in there.values() {
            let ends = (kept.edge.from, kept.edge.to);
            let both = matrix.row(ends.0).zip(matrix.row(ends.1));
            if kept.edge.rel_type != SIMILAR {
                let concerns = both.is_none_or(|(a, b)| rows.contains(&a) || rows.contains(&b));
                if concerns {
                    self.compare.look_at_judged(kept, &mut found.changes.remove);
                }
                continue;
            }
            let Some((a, b)) = both else {
                found.changes.remove.push(kept.id);
                continue;
            };
            match wanted.remove(&ends) {
                Some(cosine) if cosine == kept.thousandths() => {}
                Some(cosine) => found.changes.change_alike.push((kept.id, cosine)),
                // One end whose list was not looked at may hold it.
                None if self.still_holds(a, ends.1)? || self.still_holds(b, ends.0)? => {}
                None => {
                    found.changes.remove.push(kept.id);
                    continue;
                }
            }
            if rows.contains(&a) || rows.contains(&b) {
                let cosine = matrix.cosine(a, b);
                found.alike.push(Alike { from: ends.0, to: ends.1, cosine });
            }
        }
        for ((from, to), cosine) in wanted {
            let alike = Alike { from, to, cosine };
            found.changes.add_alike.push(alike);
            let is_of = |id| matrix.row(id).is_some_and(|row| rows.contains(&row));
            if is_of(from) || is_of(to) {
                found.alike.push(alike);
            }
        }
        found.alike.sort_unstable();
        Ok(found)
    }

    /// Whether a row whose list did not change has the other among its nearest.
    fn still_holds(&mut self, row: usize, other: i64) -> Result<bool> {
        if self.lists.contains_key(&row) {
            return Ok(false);
        }
        let before = self.before(self.compare.matrix.id(row))?;
        Ok(before.iter().any(|(id, _)| *id == other))
    }
}

fn nearest(list: &mut Vec<Near>) {
    list.sort_unstable_by_key(|near| (std::cmp::Reverse(near.cosine), near.row));
    list.truncate(MOST_NEIGHBOURS);
}
