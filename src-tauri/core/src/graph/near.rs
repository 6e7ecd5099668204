//! Which of many vectors are near each other: exactly, and as fast as the machine multiplies matrices.
//!
//! Vectors are kept as bytes (decision 12). The product of two is a whole number, and as a sum of 32-bit
//! floats it is exact as long as it stays below 2²⁴, which 127² · 1,040 numbers cannot leave: so what the
//! library that multiplies matrices gives is right to the last bit, in whichever order it adds and on
//! whichever processor. Longer vectors are multiplied again in whole numbers where they come near.

use std::{
    num::NonZero,
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{Result, journal::Cancel};

/// Rows that are multiplied with as many others at once: both and their products stay in a core's cache.
const TILE: usize = 256;
/// Products that are looked at together.
const LANES: usize = 16;
/// So many numbers a vector may have for its products to be exact as floats: 2²⁴ / 127².
const EXACT: usize = 1_040;

/// Vectors of one length, as bytes, each with the number of what it belongs to.
#[derive(Debug, Default)]
pub(crate) struct Matrix {
    dimensions: usize,
    ids: Vec<i64>,
    numbers: Vec<i8>,
    lengths: Vec<f64>,
}

/// A row that is near another one, and their cosine in thousandths. The nearer comes first; of equal
/// ones, the smaller row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) row: u32,
    pub(crate) cosine: u16,
}

impl Near {
    /// Whether this comes before the other.
    pub(crate) fn is_before(self, other: Self) -> bool {
        (other.cosine, self.row) < (self.cosine, other.row)
    }
}

impl Matrix {
    pub(crate) fn new(dimensions: usize) -> Self {
        Self { dimensions: dimensions.max(1), ..Self::default() }
    }

    /// Adds a row; its thing's number must be greater than those before. A vector of another length, or
    /// of nothing but zeros, is near nothing and left out.
    pub(crate) fn push(&mut self, id: i64, vector: &[u8]) -> bool {
        let square: i64 = vector.iter().map(|byte| i64::from(*byte as i8).pow(2)).sum();
        if vector.len() != self.dimensions || square == 0 {
            return false;
        }
        debug_assert!(self.ids.last().is_none_or(|last| *last < id));
        self.ids.push(id);
        self.numbers.extend(vector.iter().map(|byte| *byte as i8));
        self.lengths.push((square as f64).sqrt());
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The number of a row's thing.
    pub(crate) fn id(&self, row: usize) -> i64 {
        self.ids[row]
    }

    /// The row of a thing.
    pub(crate) fn row(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The bytes of a row, as they were pushed.
    pub(crate) fn bytes(&self, row: usize) -> Vec<u8> {
        self.numbers(row).iter().map(|number| *number as u8).collect()
    }

    fn numbers(&self, row: usize) -> &[i8] {
        &self.numbers[row * self.dimensions..(row + 1) * self.dimensions]
    }

    /// The cosine of two rows, in thousandths.
    pub(crate) fn cosine(&self, a: usize, b: usize) -> u16 {
        thousandths(self.exact(a, b, self.product(a, b)))
    }

    /// Whether two rows are at least so near.
    pub(crate) fn is_alike(&self, a: usize, b: usize, least: f32) -> bool {
        self.exact(a, b, self.product(a, b)) >= f64::from(least)
    }

    fn product(&self, a: usize, b: usize) -> f64 {
        let pairs = self.numbers(a).iter().zip(self.numbers(b));
        pairs.map(|(a, b)| i64::from(i32::from(*a) * i32::from(*b))).sum::<i64>() as f64
    }

    fn exact(&self, a: usize, b: usize, product: f64) -> f64 {
        product / (self.lengths[a] * self.lengths[b])
    }

    /// The nearest of each row, and how many pairs are at least so near. On all cores but one.
    pub(crate) fn all(&self, least: f32, most: usize, cancel: &Cancel) -> Result<(Lists, u64)> {
        let n_tiles = self.len().div_ceil(TILE);
        let n_cores = thread::available_parallelism().map_or(1, NonZero::get);
        let n_workers = (n_cores - 1).clamp(1, n_tiles.max(1));
        let next = AtomicUsize::new(0);
        let work = || -> Result<(Lists, u64)> {
            let mut found = Lists::new(self.len(), most);
            let mut n_pairs = 0;
            let mut desk = Desk::new(self.dimensions);
            loop {
                // The first tiles have the most others before them.
                let tile = next.fetch_add(1, Ordering::Relaxed);
                if tile >= n_tiles {
                    return Ok((found, n_pairs));
                }
                let rows: Vec<usize> = self.tile(tile).collect();
                desk.take(self, &rows);
                for other in tile..n_tiles {
                    cancel.check()?;
                    self.meet(&mut desk, &rows, self.tile(other), least, |a, b, cosine| {
                        if a < b {
                            n_pairs += 1;
                            found.add(a, Near { row: b as u32, cosine });
                            found.add(b, Near { row: a as u32, cosine });
                        }
                    });
                }
            }
        };
        if n_workers == 1 {
            return work();
        }
        let parts: Vec<Result<(Lists, u64)>> = thread::scope(|scope| {
            let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .map(|worker| {
                    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        let mut all = Lists::new(self.len(), most);
        let mut n_pairs = 0;
        for part in parts {
            let (found, n) = part?;
            n_pairs += n;
            for row in 0..self.len() {
                found.of(row).iter().for_each(|near| all.add(row, *near));
            }
        }
        Ok((all, n_pairs))
    }

    /// Tells each pair of one of `rows` and any other row that is at least so near.
    pub(crate) fn each(
        &self,
        rows: &[usize],
        least: f32,
        cancel: &Cancel,
        mut tell: impl FnMut(usize, usize, u16),
    ) -> Result<()> {
        let mut desk = Desk::new(self.dimensions);
        for rows in rows.chunks(TILE) {
            desk.take(self, rows);
            for other in 0..self.len().div_ceil(TILE) {
                cancel.check()?;
                self.meet(&mut desk, rows, self.tile(other), least, |a, b, cosine| {
                    if a != b {
                        tell(a, b, cosine);
                    }
                });
            }
        }
        Ok(())
    }

    fn tile(&self, n: usize) -> Range<usize> {
        n * TILE..((n + 1) * TILE).min(self.len())
    }

    /// Compares the rows that lie on the desk with others.
    fn meet(
        &self,
        desk: &mut Desk,
        rows: &[usize],
        others: Range<usize>,
        least: f32,
        mut tell: impl FnMut(usize, usize, u16),
    ) {
        desk.multiply(self, rows.len(), others.clone());
        // What rounding can hide of a cosine; what comes through is looked at exactly.
        let margin = (self.dimensions as f32).max(128.0) * f32::EPSILON;
        for (row, products) in rows.iter().zip(desk.products.chunks_exact(TILE)) {
            let floor = (least - margin) * self.lengths[*row] as f32;
            let lanes = products.chunks_exact(LANES).zip(desk.shares.chunks_exact(LANES));
            for (n, (products, shares)) in lanes.enumerate().take(others.len().div_ceil(LANES)) {
                let mut is_any = false;
                for lane in 0..LANES {
                    is_any |= products[lane] * shares[lane] >= floor;
                }
                if !is_any {
                    continue;
                }
                for (lane, product) in products.iter().enumerate() {
                    let other = others.start + n * LANES + lane;
                    if other >= others.end || product * shares[lane] < floor {
                        continue;
                    }
                    let product = if self.dimensions <= EXACT {
                        f64::from(*product)
                    } else {
                        self.product(*row, other)
                    };
                    let cosine = self.exact(*row, other, product);
                    if cosine >= f64::from(least) {
                        tell(*row, other, thousandths(cosine));
                    }
                }
            }
        }
    }
}

/// A cosine in thousandths, so that what is kept of it is a short number; below 0 counts as 0.
pub(crate) fn thousandths(cosine: f64) -> u16 {
    (cosine.clamp(0.0, 1.0) * 1_000.0).round() as u16
}

/// Two tiles as floats and their products.
struct Desk {
    dimensions: usize,
    rows: Vec<f32>,
    others: Vec<f32>,
    /// One over the lengths of the others; 0 where there is none.
    shares: Vec<f32>,
    /// A row of the desk after the other, each with one product for each of the others.
    products: Vec<f32>,
}

impl Desk {
    fn new(dimensions: usize) -> Self {
        let tile = vec![0.0; TILE * dimensions];
        Self {
            dimensions,
            rows: tile.clone(),
            others: tile,
            shares: vec![0.0; TILE],
            products: vec![0.0; TILE * TILE],
        }
    }

    fn take(&mut self, matrix: &Matrix, rows: &[usize]) {
        for (place, row) in self.rows.chunks_exact_mut(self.dimensions).zip(rows) {
            to_floats(matrix.numbers(*row), place);
        }
    }

    #[expect(unsafe_code, reason = "the library that multiplies matrices takes pointers")]
    fn multiply(&mut self, matrix: &Matrix, n_rows: usize, others: Range<usize>) {
        let (n_others, depth) = (others.len(), self.dimensions);
        assert!(n_rows <= TILE && n_others <= TILE, "a tile holds {TILE} rows");
        to_floats(
            &matrix.numbers[others.start * depth..others.end * depth],
            &mut self.others[..n_others * depth],
        );
        self.shares.fill(0.0);
        for (share, length) in self.shares.iter_mut().zip(&matrix.lengths[others]) {
            *share = (1.0 / length) as f32;
        }
        // SAFETY: `rows` and `others` hold TILE rows of `depth` numbers and `products` TILE rows of TILE,
        // of which at most TILE rows and columns are named by these strides; products are no part of either.
        unsafe {
            matrixmultiply::sgemm(
                n_rows,
                depth,
                n_others,
                1.0,
                self.rows.as_ptr(),
                depth as isize,
                1,
                self.others.as_ptr(),
                1,
                depth as isize,
                0.0,
                self.products.as_mut_ptr(),
                TILE as isize,
                1,
            );
        }
    }
}

fn to_floats(numbers: &[i8], floats: &mut [f32]) {
    for (float, number) in floats.iter_mut().zip(numbers) {
        *float = f32::from(*number);
    }
}

/// The nearest of each row, the nearest first.
#[derive(Debug)]
pub(crate) struct Lists {
    most: usize,
    lengths: Vec<u8>,
    near: Vec<Near>,
}

impl Lists {
    pub(crate) fn new(n_rows: usize, most: usize) -> Self {
        let near = vec![Near { row: u32::MAX, cosine: 0 }; n_rows * most];
        Self { most, lengths: vec![0; n_rows], near }
    }

    /// Adds a near one to a row, if it belongs to its nearest.
    pub(crate) fn add(&mut self, row: usize, near: Near) {
        let list = &mut self.near[row * self.most..(row + 1) * self.most];
        let length = usize::from(self.lengths[row]);
        let at =
            list[..length].iter().rposition(|other| other.is_before(near)).map_or(0, |at| at + 1);
        if at >= self.most {
            return;
        }
        let end = length.min(self.most - 1);
        list.copy_within(at..end, at + 1);
        list[at] = near;
        self.lengths[row] = (end + 1) as u8;
    }

    /// The nearest of a row.
    pub(crate) fn of(&self, row: usize) -> &[Near] {
        &self.near[row * self.most..row * self.most + usize::from(self.lengths[row])]
    }
}

#[cfg(test)]
mod tests;
