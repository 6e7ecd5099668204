//! Moments as plans are found in them and predictions settled by them: with the exact words they rest on.

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use crate::{
    Result,
    clock::parse_day,
    text::{
        language::{self, Language},
        secrets, sentences,
        tags::tag_key,
    },
};

/// Bytes of a moment's words that are looked at.
const MOST_BYTES: usize = 20_000;

/// A moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: i64,
    /// The day it is shown on.
    pub(crate) day: NaiveDate,
    /// The day on whose writing it rests: from it "tomorrow" counts.
    pub(crate) written: NaiveDate,
    pub(crate) language: Option<Language>,
    pub(crate) tags: Vec<String>,
    pub(crate) people: Vec<String>,
    /// What is said of it: title, summary, outcome.
    pub(crate) said: String,
    /// What people wrote, one text for each record; what an assistant program wrote is left out.
    pub(crate) texts: Vec<String>,
}

impl Told {
    /// Its words, sentence by sentence.
    pub(crate) fn sentences(&self) -> Vec<&str> {
        let split = |text: &'_ str| sentences::split(text, self.language);
        let mut all = Vec::new();
        for text in &self.texts {
            for span in split(text) {
                if !is_done(text, span.start) {
                    all.push(&text[span]);
                }
            }
        }
        all
    }
}

/// Whether a sentence is a task that is ticked off: "- [x] Call Hester".
fn is_done(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let marker = text[line..at].to_lowercase();
    marker.contains("[x]") || marker.contains("[-]")
}

/// The moments that are shown on these days, first and last included, in order of time.
pub(crate) fn between(reader: &Connection, from: NaiveDate, until: NaiveDate) -> Result<Vec<Told>> {
    let mut find = reader.prepare_cached(
        "SELECT id, day, dreamt_day, tags, people, title, summary, outcome, language FROM moments
         WHERE day BETWEEN ?1 AND ?2 AND is_hidden = 0 ORDER BY day, starts_at, id",
    )?;
    let mut words = reader.prepare_cached(
        "SELECT substr(CAST(coalesce(v.body, r.body) AS BLOB), e.starts + 1, e.ends - e.starts)
         FROM evidence e JOIN records r ON r.id = e.record_id
              LEFT JOIN record_versions v ON v.record_id = e.record_id AND v.hash = e.record_hash
                AND r.hash <> e.record_hash
         WHERE e.moment_id = ?1 AND r.role NOT IN ('assistant', 'system') ORDER BY e.ordinal",
    )?;
    let mut rows = find.query(params![from.to_string(), until.to_string()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let mut texts: Vec<String> = Vec::new();
        let mut n_bytes = 0;
        let mut found = words.query([id])?;
        while let Some(row) = found.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            n_bytes += bytes.len();
            if n_bytes > MOST_BYTES && !texts.is_empty() {
                break;
            }
            texts.push(secrets::scrub(&String::from_utf8_lossy(&bytes)).text);
        }
        let (day, written): (String, String) = (row.get(1)?, row.get(2)?);
        let list = |n: usize| -> rusqlite::Result<Vec<String>> {
            Ok(serde_json::from_str(&row.get::<_, String>(n)?).unwrap_or_default())
        };
        let said: [String; 3] = [row.get(5)?, row.get(6)?, row.get(7)?];
        let code: String = row.get(8)?;
        let said = said.join("\n");
        all.push(Told {
            id,
            day: parse_day(&day)?,
            written: parse_day(&written)?,
            language: Language::from_code(&code).or_else(|| language::detect(&said, None)),
            tags: list(3)?.iter().map(|tag| tag_key(tag)).collect(),
            people: list(4)?,
            said,
            texts,
        });
    }
    Ok(all)
}

/// The numbers that are those of moments that are shown.
pub(crate) fn that_are_there(reader: &Connection, ids: &[i64]) -> Result<Vec<i64>> {
    let mut find =
        reader.prepare_cached("SELECT 1 FROM moments WHERE id = ?1 AND is_hidden = 0")?;
    let mut there = Vec::new();
    for id in ids {
        if find.exists([id])? {
            there.push(*id);
        }
    }
    Ok(there)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A moment of a day that rests on these words.
    pub(crate) fn told(id: i64, day: &str, text: &str) -> Told {
        let day: NaiveDate = day.parse().expect("a day");
        Told {
            id,
            day,
            written: day,
            language: language::detect(text, Some(Language::English)),
            tags: Vec::new(),
            people: Vec::new(),
            said: String::new(),
            texts: vec![text.into()],
        }
    }

    #[test]
    fn a_task_that_is_ticked_off_is_no_sentence_any_more() {
        let told = told(1, "2026-10-01", "- [x] Call Hester on Friday\n- [ ] Buy glue on Friday\n");
        assert_eq!(told.sentences(), ["Buy glue on Friday"]);
    }
}
