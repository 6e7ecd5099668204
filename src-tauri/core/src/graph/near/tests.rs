use proptest::prelude::*;

use super::*;

fn matrix(dimensions: usize, vectors: &[Vec<i8>]) -> Matrix {
    let mut matrix = Matrix::new(dimensions);
    for (n, vector) in vectors.iter().enumerate() {
        let bytes: Vec<u8> = vector.iter().map(|number| *number as u8).collect();
        matrix.push(n as i64 + 1, &bytes);
    }
    matrix
}

/// Every pair by a plain loop in 64-bit floats.
fn plain(matrix: &Matrix, least: f32) -> Vec<(usize, usize, f64)> {
    let cosine = |a: usize, b: usize| -> f64 {
        let (mut product, mut a2, mut b2) = (0.0, 0.0, 0.0);
        for (x, y) in matrix.numbers(a).iter().zip(matrix.numbers(b)) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            product += x * y;
            a2 += x * x;
            b2 += y * y;
        }
        product / (a2.sqrt() * b2.sqrt())
    };
    let n = matrix.len();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    pairs
        .map(|(a, b)| (a, b, cosine(a, b)))
        .filter(|(_, _, cosine)| *cosine >= f64::from(least))
        .collect()
}

/// The nearest of each row by that loop.
fn plain_lists(matrix: &Matrix, least: f32, most: usize) -> Vec<Vec<Near>> {
    let mut lists = vec![Vec::new(); matrix.len()];
    for (a, b, cosine) in plain(matrix, least) {
        lists[a].push(Near { row: b as u32, cosine: thousandths(cosine) });
        lists[b].push(Near { row: a as u32, cosine: thousandths(cosine) });
    }
    for list in &mut lists {
        list.sort_by(|x, y| y.cosine.cmp(&x.cosine).then(x.row.cmp(&y.row)));
        list.truncate(most);
    }
    lists
}

/// Groups of like rows, by a generator of repeatable numbers (xorshift64*, Vigna 2016).
fn groups(n: usize, dimensions: usize) -> Matrix {
    let mut state = 9_u64;
    let mut next = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as i64 - 128
    };
    let centres: Vec<Vec<i64>> =
        (0..n / 8 + 1).map(|_| (0..dimensions).map(|_| next()).collect()).collect();
    let vectors: Vec<Vec<i8>> = (0..n)
        .map(|row| {
            let centre = &centres[row * 7 % centres.len()];
            centre.iter().map(|x| ((x + next() / 2) * 2 / 3).clamp(-127, 127) as i8).collect()
        })
        .collect();
    matrix(dimensions, &vectors)
}

fn same(matrix: &Matrix, least: f32) {
    let (found, n_pairs) = matrix.all(least, 10, &Cancel::default()).expect("nobody cancels");
    assert_eq!(n_pairs as usize, plain(matrix, least).len());
    assert!(n_pairs > matrix.len() as u64, "the sample has near ones: {n_pairs}");
    let wanted = plain_lists(matrix, least, 10);
    for (row, list) in wanted.iter().enumerate() {
        assert_eq!(found.of(row), list, "row {row}");
    }
}

#[test]
fn a_plain_loop_in_64_bits_finds_the_same_neighbours() {
    same(&groups(1_100, 384), 0.7);
}

#[test]
fn vectors_that_are_too_long_for_exact_floats_are_found_the_same() {
    same(&groups(300, 1_536), 0.7);
}

#[test]
fn some_rows_find_what_they_find_among_all() {
    let matrix = groups(600, 48);
    let rows = [3, 17, 300, 599];
    let mut some = Lists::new(matrix.len(), 10);
    let tell = |row, other, cosine| some.add(row, Near { row: other as u32, cosine });
    matrix.each(&rows, 0.7, &Cancel::default(), tell).expect("nobody cancels");
    let (all, _) = matrix.all(0.7, 10, &Cancel::default()).expect("nobody cancels");
    for row in rows {
        assert_eq!(some.of(row), all.of(row));
    }
}

#[test]
fn of_many_that_are_equal_the_first_are_kept() {
    let matrix = matrix(2, &vec![vec![127, 1]; 700]);
    let (found, n_pairs) = matrix.all(0.5, 3, &Cancel::default()).expect("nobody cancels");
    assert_eq!(n_pairs, 700 * 699 / 2);
    let rows: Vec<u32> = found.of(500).iter().map(|near| near.row).collect();
    assert_eq!(rows, [0, 1, 2]);
}

#[test]
fn what_has_no_vector_is_near_nothing() {
    let mut matrix = Matrix::new(3);
    assert!(!matrix.push(1, &[0, 0, 0]));
    assert!(!matrix.push(2, &[1, 0]));
    assert!(matrix.push(3, &[0, 255, 0]));
    assert_eq!((matrix.len(), matrix.row(3), matrix.row(1)), (1, Some(0), None));
    assert_eq!(matrix.bytes(0), [0, 255, 0]);
}

#[test]
fn who_cancels_is_heard() {
    let cancel = Cancel::default();
    cancel.cancel();
    assert!(groups(20, 8).all(0.5, 3, &cancel).is_err());
}

proptest! {
    #[test]
    fn any_vectors_have_the_neighbours_of_the_plain_loop(
        vectors in prop::collection::vec(prop::collection::vec(any::<i8>(), 5), 0..40),
        least in 0.0_f32..1.0,
    ) {
        let matrix = matrix(5, &vectors);
        let (found, _) = matrix.all(least, 4, &Cancel::default()).expect("nobody cancels");
        let wanted = plain_lists(&matrix, least, 4);
        for (row, list) in wanted.iter().enumerate() {
            prop_assert_eq!(found.of(row), &list[..]);
        }
    }
}
