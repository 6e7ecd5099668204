//! What was found, as it is shown: the words around those that were looked for, and what was said before
//! and after a message.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    found::{BESIDE, Found, Key, Kind},
    marks::Marker,
    query::Query,
};
use crate::{
    Result,
    api::{
        pieces::Piece,
        search::{ContextLine, Explanation, Hit, HitKind},
    },
};

pub(super) struct Showing<'a> {
    pub(super) reader: &'a Connection,
    pub(super) query: &'a Query,
    pub(super) marker: &'a Marker,
    pub(super) explains: bool,
    pub(super) meaning_weight: f64,
}

impl Showing<'_> {
    /// A hit; `None` where it has what must not be there.
    pub(super) fn show(&self, found: &Found) -> Result<Option<Hit>> {
        let text = self.text(found.key)?;
        let facts = &found.facts;
        if found.words_rank.is_none()
            && self.marker.is_unwanted(&format!("{}\n{text}", facts.title))
        {
            return Ok(None);
        }
        let (kind, id) = match (facts.kind, found.key) {
            (Kind::Moment, Key::Moment(id) | Key::Record(id)) => (HitKind::Moment, id),
            (Kind::Note, Key::Moment(id) | Key::Record(id)) => (HitKind::Note, id),
            (Kind::Session, Key::Moment(id) | Key::Record(id)) => (HitKind::Session, id),
            (Kind::Message, Key::Moment(id) | Key::Record(id)) => (HitKind::Message, id),
        };
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if let Some(session) = facts.session {
            (before, after) = self.beside(session, facts.ordinal)?;
        }
        Ok(Some(Hit {
            kind,
            id,
            title: facts.title.clone(),
            author: facts.author.clone(),
            pieces: self.pieces(found, &text),
            day: facts.day.clone(),
            at: facts.at,
            offset_minutes: facts.offset_minutes,
            precision: facts.precision,
            moment_id: if kind == HitKind::Moment { None } else { self.moment_on(id)? },
            n_more: found.n_more,
            before,
            after,
            explanation: self.explains.then(|| self.explain(found, &text)),
        }))
    }

    fn pieces(&self, found: &Found, text: &str) -> Vec<Piece> {
        if found.facts.kind == Kind::Session {
            return self.marker.snippet(&found.facts.title, None);
        }
        self.marker.snippet(text, found.passage)
    }

    fn text(&self, key: Key) -> Result<String> {
        let (find, id) = match key {
            Key::Moment(id) => ("SELECT summary FROM moments WHERE id = ?1", id),
            Key::Record(id) => ("SELECT body FROM records WHERE id = ?1", id),
        };
        let text =
            self.reader.prepare_cached(find)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(text.unwrap_or_default())
    }

    fn moment_on(&self, id: i64) -> Result<Option<i64>> {
        let mut find = self.reader.prepare_cached(
            "SELECT e.moment_id FROM evidence e JOIN moments m ON m.id = e.moment_id
             WHERE e.record_id = ?1 AND m.is_hidden = 0 ORDER BY e.id LIMIT 1",
        )?;
        Ok(find.query_row([id], |row| row.get(0)).optional()?)
    }

    /// What was said before and after a message.
    fn beside(&self, session: i64, ordinal: i64) -> Result<(Vec<ContextLine>, Vec<ContextLine>)> {
        let mut find = self.reader.prepare_cached(
            "SELECT id, author, body, ordinal < ?2 FROM records
             WHERE session_id = ?1 AND ordinal BETWEEN ?2 - ?3 AND ?2 + ?3 AND ordinal <> ?2
               AND deleted_at IS NULL ORDER BY ordinal, id",
        )?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut rows = find.query(params![session, ordinal, BESIDE])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(2)?;
            let line = ContextLine {
                id: row.get(0)?,
                author: row.get(1)?,
                pieces: self.marker.beginning(&text),
            };
            if row.get(3)? { before.push(line) } else { after.push(line) }
        }
        Ok((before, after))
    }

    fn explain(&self, found: &Found, text: &str) -> Explanation {
        let whole = format!("{}\n{}\n{text}", found.facts.title, found.facts.author);
        let mut matched: Vec<usize> = self.marker.terms_in(&whole).into_iter().collect();
        matched.sort_unstable();
        Explanation {
            score: found.score,
            words_rank: found.words_rank,
            words_score: found.words,
            matched: matched
                .into_iter()
                .filter_map(|term| Some(self.query.terms.get(term)?.text.clone()))
                .collect(),
            meaning_rank: found.meaning_rank,
            cosine: found.cosine,
            meaning_weight: self.meaning_weight,
            fading: found.facts.fading,
            recency: found.recency,
        }
    }
}
