//! How well a row of a full-text index matches a query: a function that FTS5 calls for each row.
//!
//! FTS5's own `bm25` counts, for every query, all rows that have each of its words, which takes longer than
//! all else where a word is common. Here the weights of the words are handed in, so that a row costs what
//! it costs and no word is gone through to the end. The formula is that of FTS5 (Robertson & Zaragoza
//! 2009, with the same k1 and b).

use std::{
    ffi::{c_int, c_void},
    ptr, slice,
};

use rusqlite::{Connection, ffi};

use crate::{Error, Result};

/// How fast further occurrences of a word count less, and how much the length of a text matters: the
/// values that FTS5 has.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Terms that a query may have.
pub(crate) const MOST_TERMS: usize = 32;
/// Stands for a phrase of the query that belongs to no term.
const NO_TERM: u8 = u8::MAX;
/// The layout of [`Weights::to_bytes`]; both ends of it are this file.
const HEAD: usize = 4;

/// What the words of a query weigh.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    /// For each column what a word in it counts. Below zero: the column holds other forms of the words of
    /// the rest (stems), which count by the absolute value, and not twice.
    pub(crate) columns: Vec<f32>,
    /// The mean length of a row, in words, without the columns of other forms.
    pub(crate) mean_length: f32,
    /// For each phrase of the query, in its order, the term that it is a form of; `None` for those that
    /// only steer the search.
    pub(crate) phrases: Vec<Option<usize>>,
    /// What each term weighs (its inverse document frequency).
    pub(crate) terms: Vec<f32>,
    /// The share of the score that is only given to rows that have all terms, 0 to 1.
    pub(crate) for_all: f32,
    /// The least share of all the terms' weight that a row must have to have a score at all.
    pub(crate) least: f32,
}

impl Weights {
    /// The form in which the function takes them.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let short = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let mut bytes =
            vec![short(self.columns.len()), short(self.terms.len()), short(self.phrases.len()), 0];
        let numbers = [self.mean_length, self.for_all, self.least];
        for number in numbers.iter().chain(&self.columns).chain(&self.terms) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend(self.phrases.iter().map(|term| term.map_or(NO_TERM, short)));
        bytes
    }
}

/// Reads what [`Weights::to_bytes`] wrote, in place.
#[derive(Clone, Copy)]
struct View<'a> {
    numbers: &'a [u8],
    phrases: &'a [u8],
    n_columns: usize,
    n_terms: usize,
}

impl<'a> View<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let head = bytes.get(..HEAD)?;
        let (n_columns, n_terms) = (usize::from(head[0]), usize::from(head[1]));
        let n_bytes = (3 + n_columns + n_terms) * 4;
        let numbers = bytes.get(HEAD..HEAD + n_bytes)?;
        let phrases = bytes.get(HEAD + n_bytes..)?;
        let is_whole = phrases.len() == usize::from(head[2]) && n_terms <= MOST_TERMS;
        is_whole.then_some(Self { numbers, phrases, n_columns, n_terms })
    }

    fn number(&self, at: usize) -> f64 {
        let bytes = self.numbers.get(at * 4..at * 4 + 4).and_then(|four| four.try_into().ok());
        bytes.map_or(0.0, |four| f64::from(f32::from_le_bytes(four)))
    }

    fn column(&self, column: usize) -> f64 {
        if column < self.n_columns { self.number(3 + column) } else { 0.0 }
    }

    fn term(&self, term: usize) -> f64 {
        self.number(3 + self.n_columns + term)
    }

    /// The score of a row with these frequencies of its terms; `None` if it has too few of them.
    fn score(&self, frequencies: &[f64], length: f64) -> Option<f64> {
        let (mean, for_all, least) = (self.number(0), self.number(1), self.number(2));
        let (mut score, mut found, mut all) = (0.0, 0.0, 0.0);
        let norm = K1 * (1.0 - B + B * length / mean.max(1.0));
        for (term, frequency) in frequencies.iter().enumerate() {
            let weight = self.term(term);
            all += weight;
            if *frequency > 0.0 {
                found += weight;
                score += weight * frequency * (K1 + 1.0) / (frequency + norm);
            }
        }
        let share = if all > 0.0 { found / all } else { 0.0 };
        (share > 0.0 && share >= least).then_some(score * (1.0 - for_all + for_all * share))
    }
}

/// Makes `word_rank(table, weights [, ids])` known to a connection. It gives a score, the greater the
/// better, or NULL for a row that has too few of the terms or whose number is not among `ids` (ascending,
/// eight bytes each).
#[expect(unsafe_code, reason = "functions of FTS5 can only be added through its C interface")]
pub(super) fn register(connection: &Connection) -> Result<()> {
    let failed = || Error::invalid("this build of SQLite has no full-text search");
    let mut api: *mut ffi::fts5_api = ptr::null_mut();
    // SAFETY: the way that SQLite documents to get FTS5's interface: the statement writes its address to
    // `api`, which outlives it. The handle is that of an open connection; `rank` has the signature that is
    // asked for, keeps nothing, and takes no user data.
    unsafe {
        let handle = connection.handle();
        let mut find: *mut ffi::sqlite3_stmt = ptr::null_mut();
        let sql = c"SELECT fts5(?1)";
        if ffi::sqlite3_prepare_v2(handle, sql.as_ptr(), -1, &mut find, ptr::null_mut())
            != ffi::SQLITE_OK
        {
            return Err(failed());
        }
        let place = ptr::from_mut(&mut api).cast::<c_void>();
        ffi::sqlite3_bind_pointer(find, 1, place, c"fts5_api_ptr".as_ptr(), None);
        ffi::sqlite3_step(find);
        ffi::sqlite3_finalize(find);
        let create = api.as_ref().and_then(|api| api.xCreateFunction).ok_or_else(failed)?;
        let name = c"word_rank";
        if create(api, name.as_ptr(), ptr::null_mut(), Some(rank), None) != ffi::SQLITE_OK {
            return Err(failed());
        }
    }
    Ok(())
}

#[expect(unsafe_code, reason = "FTS5 calls it through its C interface")]
unsafe extern "C" fn rank(
    api: *const ffi::Fts5ExtensionApi,
    row: *mut ffi::Fts5Context,
    answer: *mut ffi::sqlite3_context,
    n_values: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: FTS5 hands in its interface, the row it stands on, and `n_values` values; all live until this
    // function returns, and no value is asked for twice in another form.
    unsafe {
        let values = match usize::try_from(n_values) {
            Ok(n @ 1..) if !values.is_null() => slice::from_raw_parts(values, n),
            _ => return ffi::sqlite3_result_null(answer),
        };
        let score = api.as_ref().and_then(|api| {
            let weights = View::of(blob(*values.first()?))?;
            if let Some(ids) = values.get(1) {
                let id = api.xRowid?(row);
                if !is_among(blob(*ids), id) {
                    return None;
                }
            }
            row_score(api, row, weights)
        });
        match score {
            Some(score) => ffi::sqlite3_result_double(answer, score),
            None => ffi::sqlite3_result_null(answer),
        }
    }
}

/// # Safety
/// The value is one that SQLite handed in; the bytes are gone when the function it was handed to returns.
#[expect(unsafe_code, reason = "FTS5 calls it through its C interface")]
unsafe fn blob<'a>(value: *mut ffi::sqlite3_value) -> &'a [u8] {
    // SAFETY: asked for in the order that SQLite documents: the bytes first, then how many they are.
    unsafe {
        let bytes = ffi::sqlite3_value_blob(value).cast::<u8>();
        match usize::try_from(ffi::sqlite3_value_bytes(value)) {
            Ok(n) if !bytes.is_null() => slice::from_raw_parts(bytes, n),
            _ => &[],
        }
    }
}

/// # Safety
/// Interface and row are those that FTS5 handed in.
#[expect(unsafe_code, reason = "FTS5 calls it through its C interface")]
unsafe fn row_score(
    api: &ffi::Fts5ExtensionApi,
    row: *mut ffi::Fts5Context,
    weights: View<'_>,
) -> Option<f64> {
    let mut plain = [0.0; MOST_TERMS];
    let mut stems = [0.0; MOST_TERMS];
    // SAFETY: every call gets the row that FTS5 handed in and places of the types that it fills.
    unsafe {
        let mut n = 0;
        if api.xInstCount?(row, &mut n) != ffi::SQLITE_OK {
            return None;
        }
        for instance in 0..n {
            let (mut phrase, mut column, mut offset) = (0, 0, 0);
            if api.xInst?(row, instance, &mut phrase, &mut column, &mut offset) != ffi::SQLITE_OK {
                return None;
            }
            let (Ok(phrase), Ok(column)) = (usize::try_from(phrase), usize::try_from(column))
            else {
                continue;
            };
            let Some(term) = weights.phrases.get(phrase).filter(|term| **term != NO_TERM) else {
                continue;
            };
            let weight = weights.column(column);
            let counts = if weight < 0.0 { &mut stems } else { &mut plain };
            if let Some(count) = counts.get_mut(usize::from(*term)) {
                *count += weight.abs();
            }
        }
        let mut length = 0.0;
        for column in 0..weights.n_columns {
            let mut n = 0;
            if weights.column(column) >= 0.0
                && api.xColumnSize?(row, column as c_int, &mut n) == ffi::SQLITE_OK
            {
                length += f64::from(n);
            }
        }
        // A word and its stem are one word.
        for (plain, stems) in plain.iter_mut().zip(stems) {
            *plain = f64::max(*plain, stems);
        }
        weights.score(plain.get(..weights.n_terms)?, length)
    }
}

/// Whether a number is in an ascending list of numbers of eight bytes.
fn is_among(ids: &[u8], id: i64) -> bool {
    let (chunks, _) = ids.as_chunks::<8>();
    chunks.binary_search_by_key(&id, |bytes| i64::from_le_bytes(*bytes)).is_ok()
}

/// How many rows an index has, and how many words each column has in all: what FTS5 keeps in its first
/// row of data ("averages" in the comments of its source), as variable-length numbers.
pub(crate) fn sizes(reader: &Connection, table: &str) -> Result<(u64, Vec<u64>)> {
    let find = format!("SELECT block FROM {table}_data WHERE id = 1");
    let bytes: Vec<u8> = reader.prepare_cached(&find)?.query_row([], |row| row.get(0))?;
    let mut rest = bytes.as_slice();
    let n_rows = take(&mut rest).unwrap_or_default();
    let mut columns = Vec::new();
    while let Some(n) = take(&mut rest) {
        columns.push(n);
    }
    Ok((n_rows, columns))
}

/// A number of SQLite: seven bits a byte, the highest first; a ninth byte has eight.
fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for n in 1..=9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if n == 9 {
            return Some(number << 8 | u64::from(*byte));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        Weights {
            columns: vec![1.0, -1.0],
            mean_length: 4.0,
            phrases: vec![Some(0), Some(1), None],
            terms: vec![2.0, 1.0],
            for_all: 0.5,
            least: 0.0,
        }
    }

    fn score(weights: &Weights, frequencies: &[f64], length: f64) -> Option<f64> {
        let bytes = weights.to_bytes();
        View::of(&bytes).expect("weights").score(frequencies, length)
    }

    #[test]
    fn the_rarer_word_counts_more() {
        let weights = weights();
        assert!(score(&weights, &[1.0, 0.0], 4.0) > score(&weights, &[0.0, 1.0], 4.0));
    }

    #[test]
    fn a_shorter_text_with_the_word_counts_more() {
        let weights = weights();
        assert!(score(&weights, &[1.0, 0.0], 2.0) > score(&weights, &[1.0, 0.0], 8.0));
    }

    #[test]
    fn a_text_with_all_words_gets_the_share_that_is_kept_for_it() {
        let kept = Weights { for_all: 0.9, ..weights() };
        let none = Weights { for_all: 0.0, ..weights() };
        assert_eq!(score(&kept, &[1.0, 1.0], 4.0), score(&none, &[1.0, 1.0], 4.0));
        assert!(score(&kept, &[1.0, 0.0], 4.0) < score(&none, &[1.0, 0.0], 4.0));
    }

    #[test]
    fn a_text_with_too_few_of_the_words_has_no_score() {
        let weights = Weights { least: 0.5, ..weights() };
        assert!(score(&weights, &[1.0, 0.0], 4.0).is_some());
        assert!(score(&weights, &[0.0, 1.0], 4.0).is_none());
    }

    #[test]
    fn bytes_that_are_no_weights_are_no_weights() {
        assert!(View::of(&[]).is_none());
        assert!(View::of(&[200, 200, 200, 0]).is_none());
        let mut bytes = weights().to_bytes();
        bytes.pop();
        assert!(View::of(&bytes).is_none());
    }

    #[test]
    fn numbers_are_found_in_their_list() {
        let ids: Vec<u8> = [-3_i64, 7, 9].iter().flat_map(|id| id.to_le_bytes()).collect();
        assert!(is_among(&ids, 7) && is_among(&ids, -3) && !is_among(&ids, 8));
        assert!(!is_among(&[], 0));
    }

    #[test]
    fn numbers_of_sqlite_are_read_as_it_writes_them() {
        let mut bytes: &[u8] = &[0x05, 0x81, 0x00, 0xff];
        assert_eq!(
            (take(&mut bytes), take(&mut bytes), take(&mut bytes)),
            (Some(5), Some(128), None)
        );
    }
}
