//! The words that two texts share and few others have: why they are alike, in the person's own words.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use rusqlite::Connection;

use crate::{
    Result,
    text::{corpus::Corpus, language, markdown, words},
};

/// Bytes of a text that are looked at.
const MOST_BYTES: usize = 20_000;
/// Texts whose words are remembered for the next pair.
const REMEMBERED: usize = 4_000;
/// Words that are named.
const MOST_WORDS: usize = 3;

/// Stems, each with the word as it is first written.
type Stems = BTreeMap<String, String>;

/// Finds shared words; a resource that is in many pairs is read once.
pub(crate) struct Shared {
    corpus: Corpus,
    remembered: RefCell<HashMap<i64, Rc<Stems>>>,
}

impl Shared {
    pub(crate) fn new(corpus: Corpus) -> Self {
        Self { corpus, remembered: RefCell::default() }
    }

    /// Why two resources are alike, in a few words.
    pub(crate) fn why(&self, reader: &Connection, a: i64, b: i64) -> Result<String> {
        let shared = self.words(reader, a, b)?;
        Ok(if shared.is_empty() {
            "alike by their vectors".into()
        } else {
            format!("both speak of {}", shared.join(", "))
        })
    }

    /// At most three words that both resources have, the rarest of this journal first, as the first one
    /// writes them.
    fn words(&self, reader: &Connection, a: i64, b: i64) -> Result<Vec<String>> {
        Ok(rarest(&*self.stems(reader, a)?, &*self.stems(reader, b)?, &self.corpus))
    }

    fn stems(&self, reader: &Connection, id: i64) -> Result<Rc<Stems>> {
        if let Some(known) = self.remembered.borrow().get(&id) {
            return Ok(Rc::clone(known));
        }
        let stems = Rc::new(stems(&words_of(reader, id)?));
        let mut remembered = self.remembered.borrow_mut();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(id, Rc::clone(&stems));
        Ok(stems)
    }
}

/// All words of a resource, up to so many bytes.
fn words_of(reader: &Connection, id: i64) -> Result<String> {
    let mut find = reader.prepare_cached(
        "SELECT body FROM records WHERE (id = ?1 OR session_id = ?1) AND deleted_at IS NULL
         ORDER BY ordinal, id",
    )?;
    let mut text = String::new();
    let mut rows = find.query([id])?;
    while let Some(row) = rows.next()? {
        text.push_str(&row.get::<_, String>(0)?);
        text.push_str("\n\n");
        if text.len() > MOST_BYTES {
            break;
        }
    }
    let end = (0..=MOST_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
    Ok(text)
}

fn rarest(a: &Stems, b: &Stems, corpus: &Corpus) -> Vec<String> {
    let mut shared: Vec<(&String, &String)> =
        a.iter().filter(|(stem, _)| b.contains_key(*stem)).collect();
    shared.sort_by(|x, y| corpus.idf(y.0).total_cmp(&corpus.idf(x.0)).then(x.0.cmp(y.0)));
    shared.into_iter().take(MOST_WORDS).map(|(_, word)| word.clone()).collect()
}

/// The stems of the words that carry topic.
fn stems(text: &str) -> Stems {
    let language = language::detect(text, None);
    let prose = markdown::prose(text);
    let mut stems = BTreeMap::new();
    for word in words::iter(&prose) {
        let folded = words::fold(word.text);
        if folded.chars().count() > 2
            && !word.is_number()
            && !words::is_stop_word(&folded, language)
        {
            stems.entry(words::stem(word.text, language)).or_insert_with(|| word.text.to_owned());
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_words_that_both_have_are_named() {
        let mut corpus = Corpus::new();
        for _ in 0..5 {
            corpus.add("Rowed on the lake.", Some(language::Language::English));
        }
        let shared = rarest(
            &stems("Rowed on the lake to the heron with Ilse."),
            &stems("On the lake again: herons, and Ilse rowed."),
            &corpus,
        );
        assert!(shared.contains(&"heron".into()) && shared.contains(&"Ilse".into()), "{shared:?}");
    }
}
