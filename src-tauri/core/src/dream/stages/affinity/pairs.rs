//! Which vectors are near each other: every one against every other, exactly.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Result, journal::Cancel};

/// Neighbours that one resource can have of its own; it can be the neighbour of more.
pub(super) const MOST_NEIGHBOURS: usize = 10;
/// Rows that are compared before somebody looks whether to stop.
const ROWS: usize = 16;

/// Vectors of one length, one after the other.
pub(super) struct Matrix {
    dimensions: usize,
    numbers: Vec<f32>,
}

impl Matrix {
    pub(super) fn new(dimensions: usize) -> Self {
        Self { dimensions: dimensions.max(1), numbers: Vec::new() }
    }

    pub(super) fn push(&mut self, vector: &[f32]) {
        debug_assert_eq!(vector.len(), self.dimensions);
        self.numbers.extend_from_slice(vector);
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len() / self.dimensions
    }

    pub(super) fn row(&self, n: usize) -> &[f32] {
        &self.numbers[n * self.dimensions..(n + 1) * self.dimensions]
    }
}

/// Two rows, the smaller first.
pub(super) type Pair = (usize, usize);

/// The pairs of which one row is among `rows`, whose cosine is at least `threshold`, and of which one is
/// among the nearest of the other as far as `rows` and `asked` know; with their cosines in thousandths,
/// so that noise changes nothing. `asked` are rows beside `rows` whose own neighbours are needed too.
pub(super) fn find(
    matrix: &Matrix,
    rows: &BTreeSet<usize>,
    asked: &BTreeSet<usize>,
    threshold: f32,
    cancel: &Cancel,
) -> Result<BTreeMap<Pair, u32>> {
    let compared: Vec<usize> = rows.union(asked).copied().collect();
    let mut found = BTreeMap::new();
    for some in compared.chunks(ROWS) {
        cancel.check()?;
        let mut near: Vec<Vec<(u32, usize)>> = vec![Vec::new(); some.len()];
        // Block by block: the other row is read once for all rows of the block.
        for other in 0..matrix.len() {
            let vector = matrix.row(other);
            for (n, row) in some.iter().enumerate().filter(|(_, row)| **row != other) {
                let cosine = dot(matrix.row(*row), vector);
                if cosine >= threshold {
                    near[n].push((thousandths(cosine), other));
                    if near[n].len() >= 8 * MOST_NEIGHBOURS {
                        keep_nearest(&mut near[n]);
                    }
                }
            }
        }
        for (row, mut near) in some.iter().zip(near) {
            keep_nearest(&mut near);
            for (cosine, other) in near {
                if rows.contains(row) || rows.contains(&other) {
                    found.insert((*row.min(&other), *row.max(&other)), cosine);
                }
            }
        }
    }
    Ok(found)
}

/// The rows that are at least so alike to one of `rows`.
pub(super) fn alike(
    matrix: &Matrix,
    rows: &BTreeSet<usize>,
    threshold: f32,
    cancel: &Cancel,
) -> Result<BTreeSet<usize>> {
    let mut near = BTreeSet::new();
    for row in rows {
        cancel.check()?;
        let vector = matrix.row(*row);
        near.extend((0..matrix.len()).filter(|other| dot(vector, matrix.row(*other)) >= threshold));
    }
    Ok(near)
}

/// The cosine of two rows, in thousandths.
pub(super) fn cosine(matrix: &Matrix, a: usize, b: usize) -> u32 {
    thousandths(dot(matrix.row(a), matrix.row(b)))
}

pub(super) fn thousandths(cosine: f32) -> u32 {
    (cosine.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

fn keep_nearest(near: &mut Vec<(u32, usize)>) {
    near.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    near.truncate(MOST_NEIGHBOURS);
}

/// In eight sums, so that the compiler can add eight numbers at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a_eights, b_eights) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a_eights.remainder().iter().zip(b_eights.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_eights.zip(b_eights) {
        for n in 0..8 {
            sums[n] += a[n] * b[n];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors on a circle, at these degrees.
    fn circle(degrees: &[f32]) -> Matrix {
        let mut matrix = Matrix::new(2);
        for degrees in degrees {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            matrix.push(&[cosine, sine]);
        }
        matrix
    }

    fn all(matrix: &Matrix) -> BTreeSet<usize> {
        (0..matrix.len()).collect()
    }

    #[test]
    fn pairs_from_the_threshold_on_are_found_once() {
        let matrix = circle(&[0.0, 10.0, 60.0]);
        let found = find(&matrix, &all(&matrix), &BTreeSet::new(), 0.6, &Cancel::default());
        let found = found.expect("nobody cancels");
        assert_eq!(found, BTreeMap::from([((0, 1), 985), ((1, 2), 643)]));
    }

    #[test]
    fn a_pair_stays_while_it_is_near_for_one_of_the_two() {
        // The last is far from a crowd, and nearest to the first of it.
        let mut degrees: Vec<f32> = (0..12).map(|n| n as f32 * 0.1).collect();
        degrees.push(-30.0);
        let matrix = circle(&degrees);
        let found = find(&matrix, &all(&matrix), &BTreeSet::new(), 0.5, &Cancel::default())
            .expect("nobody cancels");
        assert!(found.contains_key(&(0, 12)));
        let only_first = BTreeSet::from([0]);
        let none = BTreeSet::new();
        let seen = |asked| find(&matrix, &only_first, asked, 0.5, &Cancel::default());
        assert!(!seen(&none).expect("nobody cancels").contains_key(&(0, 12)));
        assert!(seen(&BTreeSet::from([12])).expect("nobody cancels").contains_key(&(0, 12)));
    }

    #[test]
    fn eight_sums_give_the_same_as_one() {
        let a: Vec<f32> = (0..19).map(|n| n as f32 / 7.0).collect();
        let b: Vec<f32> = (0..19).map(|n| (n as f32).sin()).collect();
        let plain: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!((dot(&a, &b) - plain).abs() < 1e-4);
    }
}
