//! What has the words of a question, found in the indices of full text and scored.
//!
//! The indices can hold a word in hundreds of thousands of rows. So the rows that are looked at are bounded:
//! first those that have all words, then those that have one of the rarer ones, whose number is known
//! beforehand; where even the rarest word is common, the newest rows that have it. In the rows that are
//! looked at, all words count.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::query::{Query, Term};
use crate::{
    Result,
    store::rank::{self, Weights},
    text::{language::Language, stems, words},
};

/// Rows of a table that are scored for each of the two questions asked of it; those that came in last.
const BUDGET: usize = 2_000;
/// With a filter more rows are looked at, because most may not pass it.
const BUDGET_FILTERED: usize = 20_000;
/// A word is counted so far; beyond, how common it is follows from how closely its rows lie.
const COUNTED: u32 = 1_000;
/// The beginning of a word stands for all words with it, if these are no more.
const MOST_BEGINNINGS: usize = 128;
/// A word that stands in so many rows is taken to be finished.
const KNOWN: u64 = 20;
/// Languages whose stems are looked for.
const MOST_LANGUAGES: u32 = 6;
/// The share of the score that only rows with all words get in full. Chosen on chat logs with questions
/// (`cargo xtask bench recall`), where values from 0.3 to 0.7 make no difference.
const FOR_ALL: f32 = 0.5;
/// A moment says more than the lines it was made of.
const MOMENT: f64 = 1.25;

/// An index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Index {
    /// Notes and titles of conversations.
    Records,
    /// Messages.
    Messages,
    /// Moments.
    Moments,
}

impl Index {
    fn table(self) -> &'static str {
        match self {
            Self::Records => "records_fts",
            Self::Messages => "messages_fts",
            Self::Moments => "moments_fts",
        }
    }

    /// What a word counts in each column; below zero: stems.
    fn columns(self) -> &'static [f32] {
        match self {
            Self::Records => &[3.0, 1.0, -1.0],
            Self::Messages => &[1.0, -1.0],
            Self::Moments => &[4.0, 2.0, 2.0, 2.0, -2.0],
        }
    }

    fn factor(self) -> f64 {
        if self == Self::Moments { MOMENT } else { 1.0 }
    }
}

/// A row that has words of the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub(super) index: Index,
    pub(super) id: i64,
    pub(super) score: f64,
}

/// Which rows are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Among<'a> {
    All,
    /// Those with these numbers: ascending, eight bytes each.
    These(&'a [u8]),
    /// All, but most of them may be thrown away afterwards.
    Filtered,
}

/// The languages of the journal whose stems are indexed.
pub(super) fn languages(reader: &Connection) -> Result<Vec<Language>> {
    let mut find = reader.prepare_cached(
        "WITH RECURSIVE found (code) AS (
           SELECT min(language) FROM records WHERE language > ''
           UNION ALL
           SELECT (SELECT min(language) FROM records WHERE language > found.code AND language > '')
           FROM found WHERE found.code IS NOT NULL)
         SELECT code FROM found WHERE code IS NOT NULL LIMIT ?1",
    )?;
    let codes: Vec<String> =
        find.query_map([MOST_LANGUAGES], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(codes.iter().filter_map(|code| Language::from_code(code)).collect())
}

/// Finds and scores rows of these indices. Their scores can be compared with each other.
pub(super) fn find(
    reader: &Connection,
    indices: &[(Index, Among<'_>)],
    query: &Query,
    languages: &[Language],
) -> Result<Vec<Scored>> {
    let mut asked = Vec::new();
    let mut n_rows = 0;
    let mut frequencies = vec![0; query.terms.len()];
    for (index, among) in indices {
        let ask = Asked::new(reader, *index, *among, query, languages)?;
        n_rows += ask.n_rows;
        for (all, term) in frequencies.iter_mut().zip(&ask.terms) {
            *all += term.frequency;
        }
        asked.push(ask);
    }
    let weights = weigh(&frequencies, n_rows);
    let mut found = Vec::new();
    for ask in asked {
        found.extend(ask.find(reader, &weights)?);
    }
    Ok(found)
}

/// Inverse document frequencies as FTS5's bm25 has them, above zero. A word that is nowhere counts as a rare
/// one among few words, so that half of what was asked for is not taken for all of it; in a longer question
/// it counts nothing.
fn weigh(frequencies: &[u64], n_rows: u64) -> Vec<f32> {
    let n_rows = n_rows as f64;
    let weigh = |frequency: &u64| {
        if *frequency == 0 && frequencies.len() > FEW {
            return 0.0;
        }
        let frequency = (*frequency as f64).min(n_rows);
        ((n_rows - frequency + 0.5) / (frequency + 0.5)).ln_1p() as f32
    };
    frequencies.iter().map(weigh).collect()
}

/// So many words are looked up; more are a question.
const FEW: usize = 3;

/// The share of the words' weight that a row must have: of a few words about half, so that what has the
/// lesser of two words is not found; of a question any.
fn least(query: &Query) -> f32 {
    match query.terms.len() {
        _ if query.is_question => 0.0,
        0..=FEW => 0.45,
        _ => 0.25,
    }
}

/// A term in the language of FTS5.
struct Form {
    phrases: Vec<String>,
    frequency: u64,
    is_must: bool,
}

struct Asked<'a> {
    index: Index,
    among: Among<'a>,
    terms: Vec<Form>,
    unwanted: Vec<String>,
    n_rows: u64,
    mean_length: f32,
    least: f32,
}

impl<'a> Asked<'a> {
    fn new(
        reader: &Connection,
        index: Index,
        among: Among<'a>,
        query: &Query,
        languages: &[Language],
    ) -> Result<Self> {
        let (n_rows, sizes) = rank::sizes(reader, index.table())?;
        let plain = sizes.iter().zip(index.columns()).filter(|(_, weight)| **weight > 0.0);
        let n_words: u64 = plain.map(|(n, _)| n).sum();
        let mut terms = Vec::new();
        for term in &query.terms {
            let mut phrases = forms(term, languages);
            let mut frequency = frequency(reader, index, &any(&phrases), n_rows)?;
            if term.is_open && frequency < KNOWN && has_few_beginnings(reader, index, &term.text)? {
                phrases.push(format!("{} *", quoted(&term.text)));
                frequency = self::frequency(reader, index, &any(&phrases), n_rows)?;
            }
            terms.push(Form { phrases, frequency, is_must: term.is_phrase });
        }
        let unwanted = query.unwanted.iter().flat_map(|term| forms(term, languages)).collect();
        let mean_length = n_words as f32 / n_rows.max(1) as f32;
        Ok(Self { index, among, terms, unwanted, n_rows, mean_length, least: least(query) })
    }

    fn find(&self, reader: &Connection, weights: &[f32]) -> Result<Vec<Scored>> {
        let mut scores: HashMap<i64, f64> = HashMap::new();
        let all: Vec<usize> = (0..self.terms.len()).collect();
        if self.terms.iter().all(|term| term.frequency > 0) {
            let mut expression = Expression::default();
            expression.all(self, &all);
            self.score(reader, expression, weights, &mut scores)?;
        }
        let has_all = self.terms.len() == 1 || self.terms.iter().all(|term| term.is_must);
        if !has_all {
            let (steering, rest) = self.steering();
            let mut expression = Expression::default();
            let (must, any): (Vec<usize>, Vec<usize>) =
                steering.iter().partition(|term| self.terms[**term].is_must);
            let steer = |expression: &mut Expression| {
                if must.is_empty() {
                    expression.any(self, &any)
                } else {
                    expression.all(self, &must)
                }
            };
            if !steering.is_empty() {
                expression.grouped(steer);
                if !rest.is_empty() {
                    expression.text.push_str(" OR (");
                    expression.is_steering = true;
                    expression.grouped(steer);
                    expression.is_steering = false;
                    expression.text.push_str(" AND ");
                    expression.grouped(|expression| expression.any(self, &rest));
                    expression.text.push(')');
                }
                self.score(reader, expression, weights, &mut scores)?;
            }
        }
        let (index, factor) = (self.index, self.index.factor());
        Ok(scores
            .into_iter()
            .map(|(id, score)| Scored { index, id, score: score * factor })
            .collect())
    }

    /// The terms that say which rows are looked at, and the rest: what must be there, or as many of the
    /// rarer terms as have no more rows than are looked at, or the rarest.
    fn steering(&self) -> (Vec<usize>, Vec<usize>) {
        let mut known: Vec<usize> =
            (0..self.terms.len()).filter(|term| self.terms[*term].frequency > 0).collect();
        if self.terms.iter().any(|term| term.is_must) {
            // One that is nowhere leaves nothing to be found.
            if self.terms.iter().any(|term| term.is_must && term.frequency == 0) {
                return (Vec::new(), Vec::new());
            }
            return known.into_iter().partition(|term| self.terms[*term].is_must);
        }
        known.sort_by_key(|term| self.terms[*term].frequency);
        let mut n = 0;
        let n_steering = known
            .iter()
            .take_while(|term| {
                n += self.terms[**term].frequency;
                n <= BUDGET as u64
            })
            .count();
        let rest = known.split_off(n_steering.max(1).min(known.len()));
        (known, rest)
    }

    fn score(
        &self,
        reader: &Connection,
        expression: Expression,
        weights: &[f32],
        scores: &mut HashMap<i64, f64>,
    ) -> Result<()> {
        let Expression { mut text, mut phrases, .. } = expression;
        if !self.unwanted.is_empty() {
            text = format!("({text}) NOT {}", any(&self.unwanted));
            phrases.extend(self.unwanted.iter().map(|_| None));
        }
        let weights = Weights {
            columns: self.index.columns().to_vec(),
            mean_length: self.mean_length,
            phrases,
            terms: weights.to_vec(),
            for_all: FOR_ALL,
            least: self.least,
        };
        let table = self.index.table();
        let (ids, rank) = match self.among {
            Among::These(ids) => (Some(ids), format!("word_rank({table}, ?2, ?3)")),
            Among::All | Among::Filtered => (None, format!("word_rank({table}, ?2)")),
        };
        let mut find = reader.prepare_cached(&format!(
            "SELECT rowid, {rank} FROM {table} WHERE {table} MATCH ?1 ORDER BY rowid DESC"
        ))?;
        let mut left = match self.among {
            Among::All => BUDGET,
            Among::These(_) | Among::Filtered => BUDGET_FILTERED,
        };
        let weights = weights.to_bytes();
        let mut rows = match ids {
            Some(ids) => find.query(params![text, weights, ids])?,
            None => find.query(params![text, weights])?,
        };
        while left > 0
            && let Some(row) = rows.next()?
        {
            if let Some(score) = row.get::<_, Option<f64>>(1)? {
                let kept = scores.entry(row.get(0)?).or_default();
                *kept = kept.max(score);
                left -= 1;
            }
        }
        Ok(())
    }
}

/// A question to FTS5 and the terms its phrases belong to, in order.
#[derive(Default)]
struct Expression {
    text: String,
    phrases: Vec<Option<usize>>,
    /// Whether what is added says only which rows are looked at.
    is_steering: bool,
}

impl Expression {
    fn grouped(&mut self, add: impl FnOnce(&mut Self)) {
        self.text.push('(');
        add(self);
        self.text.push(')');
    }

    fn any(&mut self, asked: &Asked<'_>, terms: &[usize]) {
        self.join(asked, terms, " OR ");
    }

    fn all(&mut self, asked: &Asked<'_>, terms: &[usize]) {
        self.join(asked, terms, " AND ");
    }

    fn join(&mut self, asked: &Asked<'_>, terms: &[usize], between: &str) {
        for (n, term) in terms.iter().enumerate() {
            if n > 0 {
                self.text.push_str(between);
            }
            let phrases = &asked.terms[*term].phrases;
            self.text.push_str(&any(phrases));
            let of = (!self.is_steering).then_some(*term);
            self.phrases.extend(phrases.iter().map(|_| of));
        }
    }
}

fn any(phrases: &[String]) -> String {
    format!("({})", phrases.join(" OR "))
}

/// What is never an operator of FTS5.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\0'], " "))
}

/// The forms in which a term stands in an index.
fn forms(term: &Term, languages: &[Language]) -> Vec<String> {
    let text = term.text.trim();
    let is_paired = text.chars().all(|c| stems::is_paired(c) || !c.is_alphanumeric());
    if is_paired {
        let runs: Vec<&str> =
            text.split(|c| !stems::is_paired(c)).filter(|run| !run.is_empty()).collect();
        let pairs: Vec<String> = runs.iter().map(|run| stems::pairs_of(run)).collect();
        let is_single = runs.iter().all(|run| run.chars().nth(1).is_none());
        let beginning = if is_single { " *" } else { "" };
        let mut forms = vec![format!("stems : {}{beginning}", quoted(&pairs.join(" ")))];
        // Korean has spaces, and a whole sentence may stand between two marks.
        forms.push(quoted(text));
        return forms;
    }
    let mut forms = vec![quoted(text)];
    if !term.is_phrase {
        let found: BTreeSet<String> = languages
            .iter()
            .map(|language| words::stem(text, Some(*language)))
            .filter(|stem| stem.chars().count() > 2)
            .collect();
        forms.extend(found.iter().map(|stem| format!("stems : {}", quoted(stem))));
    }
    forms
}

/// In about how many rows of an index an expression is found.
fn frequency(reader: &Connection, index: Index, expression: &str, n_rows: u64) -> Result<u64> {
    let table = index.table();
    let (n, first): (u64, Option<i64>) = reader
        .prepare_cached(&format!(
            "SELECT count(*), min(rowid) FROM
               (SELECT rowid FROM {table} WHERE {table} MATCH ?1 ORDER BY rowid DESC LIMIT ?2)"
        ))?
        .query_row(params![expression, COUNTED], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if n < u64::from(COUNTED) {
        return Ok(n);
    }
    let last: Option<i64> = reader
        .prepare_cached(&format!("SELECT id FROM {table}_docsize ORDER BY id DESC LIMIT 1"))?
        .query_row([], |row| row.get(0))
        .optional()?;
    let (Some(first), Some(last)) = (first, last) else { return Ok(n) };
    let share = last as f64 / (last - first + 1).max(1) as f64;
    Ok(((n as f64 * share) as u64).clamp(n, n_rows.max(n)))
}

/// Whether few enough words of an index begin like this one.
fn has_few_beginnings(reader: &Connection, index: Index, word: &str) -> Result<bool> {
    let beginning = words::fold(word).into_owned();
    let mut next = reader.prepare_cached(&format!(
        "SELECT term FROM {}_vocab WHERE term >= ?1 LIMIT 1",
        index.table()
    ))?;
    let mut from = beginning.clone();
    for _ in 0..MOST_BEGINNINGS {
        let term: Option<String> = next.query_row([&from], |row| row.get(0)).optional()?;
        match term {
            Some(term) if term.starts_with(&beginning) => {
                // No word has this character, so what comes next is another word.
                from = format!("{term}\u{1}");
            }
            _ => return Ok(true),
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> Term {
        Term { text: text.into(), is_phrase: false, is_open: false }
    }

    #[test]
    fn a_rare_word_weighs_more_and_none_weighs_less_than_nothing() {
        let weights = weigh(&[1, 90, 100], 100);
        assert!(
            weights[0] > weights[1] && weights[1] > weights[2] && weights[2] > 0.0,
            "{weights:?}"
        );
    }

    #[test]
    fn a_word_that_is_nowhere_counts_among_few_and_not_in_a_long_question() {
        assert!(weigh(&[0, 5], 100)[0] > weigh(&[0, 5], 100)[1]);
        assert_eq!(weigh(&[0, 5, 5, 5], 100)[0], 0.0);
    }

    #[test]
    fn a_word_is_looked_for_as_it_is_and_by_its_stems() {
        assert_eq!(forms(&term("Häuser"), &[Language::German]), ["\"Häuser\"", "stems : \"haus\""]);
    }

    #[test]
    fn a_word_without_spaces_is_looked_for_by_its_pairs() {
        assert_eq!(forms(&term("公园里"), &[])[0], "stems : \"公园 园里\"");
        assert_eq!(forms(&term("园"), &[])[0], "stems : \"园\" *");
    }

    #[test]
    fn quotes_and_zeros_are_no_syntax() {
        assert_eq!(quoted("a\"b\0c"), "\"a b c\"");
    }
}
