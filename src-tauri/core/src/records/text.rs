//! The words a span of evidence points at: where they stand now, or else in the version of the record
//! they were taken from.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, store::Hash};

/// Words in a text.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    pub(crate) body: String,
    /// Bytes in the body.
    pub(crate) range: Range<usize>,
    /// Whether the record still says this.
    pub(crate) is_current: bool,
}

/// The words at `range` of the version of a record that has this hash. Where the record has changed
/// around them, they are found at their new place. `None` if that version was never here.
pub(crate) fn passage_at(
    reader: &Connection,
    record_id: i64,
    hash: Hash,
    range: Range<usize>,
) -> Result<Option<Passage>> {
    let present: Option<(Hash, String, bool)> = reader
        .prepare_cached("SELECT hash, body, deleted_at IS NULL FROM records WHERE id = ?1")?
        .query_row([record_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((present_hash, body, is_current)) = present else { return Ok(None) };
    if present_hash == hash {
        let is_there = body.get(range.clone()).is_some();
        return Ok(is_there.then_some(Passage { body, range, is_current }));
    }
    let before: Option<String> = reader
        .prepare_cached("SELECT body FROM record_versions WHERE record_id = ?1 AND hash = ?2")?
        .query_row(params![record_id, hash], |row| row.get(0))
        .optional()?;
    let Some(before) = before else { return Ok(None) };
    let Some(words) = before.get(range.clone()) else { return Ok(None) };
    let moved = if is_current { nearest(&body, words, range.start) } else { None };
    Ok(Some(match moved {
        Some(range) => Passage { body, range, is_current },
        None => Passage { body: before, range, is_current: false },
    }))
}

/// Where the words stand in a text; of several places the one nearest to where they stood.
fn nearest(text: &str, words: &str, stood_at: usize) -> Option<Range<usize>> {
    let places = text.match_indices(words).map(|(at, _)| at);
    places.min_by_key(|at| at.abs_diff(stood_at)).map(|at| at..at + words.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn words_that_stand_twice_are_found_where_they_stood() {
        let text = "Slept badly. Swam. Slept badly.";
        assert_eq!(nearest(text, "Slept badly.", 1), Some(0..12));
        assert_eq!(nearest(text, "Slept badly.", 20), Some(19..31));
        assert_eq!(nearest(text, "Ran.", 0), None);
    }
}
