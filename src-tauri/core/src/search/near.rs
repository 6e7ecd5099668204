//! The signs of all vectors, held in memory: what is nearest is found among them in a few milliseconds, and
//! measured again by the numbers in the journal's file (decision 12).
//!
//! They are read when somebody first searches, a block of a thousand at a time, and kept fresh by the count
//! of changes that `store/vectors.rs` writes with every vector: what was added in order is added here, and
//! after any other change all are read again. 300,000 vectors of 384 numbers take 17 MB.

use std::{
    collections::BinaryHeap,
    sync::{PoisonError, RwLock},
};

use rusqlite::Connection;

use crate::{
    Result,
    store::vectors::{self, EmbedderRow, Thing},
};

/// How many of the nearest by signs are measured again, at least, and for each one asked for: as decision
/// 12 found, with some more, because here they cost less.
const AGAIN: usize = 256;
const AGAIN_EACH: usize = 8;
/// No question needs more.
const MOST_AGAIN: usize = 2_048;

/// What a journal's process knows of its vectors.
#[derive(Debug, Default)]
pub(crate) struct Near {
    chunks: RwLock<Signs>,
    moments: RwLock<Signs>,
}

#[derive(Debug, Default)]
struct Signs {
    /// The embedder, and how its table had changed when these were read.
    state: Option<(i64, i64, i64)>,
    /// Words of 64 signs for each vector.
    width: usize,
    ids: Vec<i64>,
    signs: Vec<u64>,
}

impl Near {
    /// The `k` things whose vectors are nearest to this one, the nearest first, with the number of the
    /// vector and the cosine; of equal ones that with the smaller number comes first.
    pub(crate) fn nearest(
        &self,
        reader: &Connection,
        thing: Thing,
        embedder: &EmbedderRow,
        vector: &[f32],
        k: usize,
    ) -> Result<Vec<(i64, f32)>> {
        let has_direction = vector.iter().any(|number| *number != 0.0);
        if k == 0 || vector.len() != embedder.dimensions as usize || !has_direction {
            return Ok(Vec::new());
        }
        let held = match thing {
            Thing::Chunk => &self.chunks,
            Thing::Moment => &self.moments,
        };
        refresh(held, reader, thing, embedder)?;
        let again = (k * AGAIN_EACH).clamp(AGAIN, MOST_AGAIN);
        let mut near = {
            let signs = held.read().unwrap_or_else(PoisonError::into_inner);
            signs.nearest(&packed(&vectors::signs(vector), signs.width), again)
        };
        // In the order of the file.
        near.sort_unstable();
        let asked = vectors::from_bytes(&vectors::to_bytes(vector));
        let mut found = Vec::with_capacity(near.len());
        for id in near {
            if let Some(bytes) = vectors::bytes(reader, id)? {
                found.push((id, cosine(&asked, &bytes)));
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(k);
        Ok(found)
    }

    /// Bytes that the signs take.
    pub(crate) fn n_bytes(&self) -> usize {
        let of = |held: &RwLock<Signs>| {
            let signs = held.read().unwrap_or_else(PoisonError::into_inner);
            (signs.ids.capacity() + signs.signs.capacity()) * size_of::<u64>()
        };
        of(&self.chunks) + of(&self.moments)
    }
}

fn refresh(
    held: &RwLock<Signs>,
    reader: &Connection,
    thing: Thing,
    embedder: &EmbedderRow,
) -> Result<()> {
    let changes = vectors::changes(reader, thing, embedder)?;
    let (n_changes, last_id) = changes.unwrap_or_default();
    let state = (embedder.id, n_changes, last_id);
    if held.read().unwrap_or_else(PoisonError::into_inner).state == Some(state) {
        return Ok(());
    }
    let mut signs = held.write().unwrap_or_else(PoisonError::into_inner);
    match signs.state {
        Some(known) if known == state => return Ok(()),
        Some((id, n, last)) if (id, n) == (embedder.id, n_changes) && last < last_id => {
            let width = signs.width;
            vectors::added(reader, thing, embedder, (last, last_id), |id, bits| {
                signs.ids.push(id);
                pack(&mut signs.signs, bits, width);
            })?;
        }
        // Another thread reads a newer state of the file than this one: its answer will do.
        Some((id, n, last))
            if id == embedder.id && n >= n_changes && last >= last_id && changes.is_some() =>
        {
            return Ok(());
        }
        _ => *signs = Signs::read(reader, thing, embedder)?,
    }
    signs.state = Some(state);
    Ok(())
}

impl Signs {
    fn read(reader: &Connection, thing: Thing, embedder: &EmbedderRow) -> Result<Self> {
        let n_bytes = (embedder.dimensions as usize).div_ceil(8);
        let mut signs = Self { width: n_bytes.div_ceil(8), ..Self::default() };
        vectors::blocks(reader, thing, embedder, |ids, taken, bits| {
            let (ids, _) = ids.as_chunks::<8>();
            for (place, (id, bits)) in ids.iter().zip(bits.chunks_exact(n_bytes)).enumerate() {
                let is_taken =
                    taken.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 == 1);
                if is_taken {
                    signs.ids.push(i64::from_le_bytes(*id));
                    pack(&mut signs.signs, bits, signs.width);
                }
            }
        })?;
        Ok(signs)
    }

    /// The vectors that differ from this one in the fewest signs.
    fn nearest(&self, asked: &[u64], n: usize) -> Vec<i64> {
        if self.width == 0 || asked.len() != self.width {
            return Vec::new();
        }
        let mut best: BinaryHeap<(u32, usize)> = BinaryHeap::with_capacity(n + 1);
        let mut worst = u32::MAX;
        differences(&self.signs, asked, |place, difference| {
            if difference < worst {
                best.push((difference, place));
                if best.len() > n {
                    best.pop();
                    worst = best.peek().map_or(u32::MAX, |(difference, _)| *difference);
                }
            }
        });
        best.into_iter().filter_map(|(_, place)| self.ids.get(place).copied()).collect()
    }
}

/// Tells of each vector in how many signs it differs.
fn differences(signs: &[u64], asked: &[u64], tell: impl FnMut(usize, u32)) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("popcnt") {
        #[expect(unsafe_code, reason = "an instruction that not every processor has")]
        // SAFETY: the processor was just seen to have the instruction that the function is built with.
        unsafe {
            counted_by_processor(signs, asked, tell);
        }
        return;
    }
    counted(signs, asked, tell);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn counted_by_processor(signs: &[u64], asked: &[u64], tell: impl FnMut(usize, u32)) {
    counted(signs, asked, tell);
}

#[inline(always)]
fn counted(signs: &[u64], asked: &[u64], mut tell: impl FnMut(usize, u32)) {
    for (place, signs) in signs.chunks_exact(asked.len()).enumerate() {
        let pairs = signs.iter().zip(asked);
        tell(place, pairs.map(|(a, b)| (a ^ b).count_ones()).sum());
    }
}

/// Adds signs as words of 64, filled up with zeros.
fn pack(into: &mut Vec<u64>, signs: &[u8], width: usize) {
    for word in 0..width {
        let bytes = signs.get(word * 8..).unwrap_or_default();
        let mut eight = [0; 8];
        let n = bytes.len().min(8);
        eight[..n].copy_from_slice(&bytes[..n]);
        into.push(u64::from_le_bytes(eight));
    }
}

fn packed(signs: &[u8], width: usize) -> Vec<u64> {
    let mut words = Vec::with_capacity(width);
    pack(&mut words, signs, width);
    words
}

fn cosine(asked: &[f32], bytes: &[u8]) -> f32 {
    let (mut product, mut square) = (0.0_f32, 0.0_f32);
    for (a, byte) in asked.iter().zip(bytes) {
        let b = f32::from(*byte as i8);
        product += a * b;
        square += b * b;
    }
    product / square.sqrt().max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(vectors: &[[u64; 2]]) -> Signs {
        Signs {
            state: None,
            width: 2,
            ids: (0..vectors.len() as i64).map(|n| n * 10).collect(),
            signs: vectors.concat(),
        }
    }

    #[test]
    fn the_nearest_differ_in_the_fewest_signs() {
        let signs = signs(&[[0, 0], [0b111, 0], [0b1, 0b1], [u64::MAX, u64::MAX]]);
        let mut near = signs.nearest(&[0, 0], 2);
        near.sort_unstable();
        assert_eq!(near, [0, 20]);
    }

    #[test]
    fn with_or_without_the_processors_help_the_count_is_the_same() {
        let all: Vec<u64> = (0..999_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let asked = [7, u64::MAX, 1 << 63];
        let (mut a, mut b) = (Vec::new(), Vec::new());
        differences(&all, &asked, |place, n| a.push((place, n)));
        counted(&all, &asked, |place, n| b.push((place, n)));
        assert_eq!(a.len(), 333);
        assert_eq!(a, b);
    }

    #[test]
    fn signs_are_packed_in_the_order_they_stand_in() {
        assert_eq!(packed(&[1, 0, 0, 0, 0, 0, 0, 128, 3], 2), [1 | 1 << 63, 3]);
    }
}
