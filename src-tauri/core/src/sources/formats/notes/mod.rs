//! Notes: Markdown and plain text. The file is the note; its text is kept as it stands.
//!
//! The text is read line by line and never by a full Markdown parser, so that a vault of ten
//! thousand notes is read in half a second.

mod calendar_words;
mod clocks;
mod dates;
mod front_matter;
mod inline;
mod names;
mod outline;
mod parts;
mod properties;
#[cfg(test)]
mod tests;

use std::io::Read;

use chrono::NaiveDate;

use super::{Format, Head, Input, Notice};
use crate::{
    Error, Result,
    clock::Stamped,
    error::Attempt,
    records::draft::{Draft, ResourceDraft},
    sources::decode::decode,
};

use front_matter::FrontMatter;

/// A longer text is read up to here, and that is said.
const LONGEST: usize = 20 * 1024 * 1024;

/// Markdown and plain text notes.
pub struct Notes;

impl Format for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn sniff(&self, head: &Head<'_>) -> bool {
        // Text has no signature: here the name decides.
        let Some((_, extension)) = head.path.rsplit_once('.') else { return false };
        ["md", "markdown", "mdown", "mkd", "txt", "text"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    }

    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>> {
        let mut bytes = Vec::new();
        let mut limited = input.reader.take(LONGEST as u64 + 1);
        limited.read_to_end(&mut bytes).attempt(|| format!("reading note {}", input.path))?;
        let mut notices = Vec::new();
        if bytes.len() > LONGEST {
            bytes.truncate(whole_characters(&bytes, LONGEST));
            notices.push(Notice("longer than 20 MB: only the first 20 MB were read".into()));
        }
        let decoded = decode(&bytes)
            .map_err(|why| Error::invalid(format!("{}: {why}; it was left out", input.path)))?;
        notices.extend(decoded.notice.map(Notice));
        let (draft, said) = read(input.path, decoded.text.into_owned());
        notices.extend(said);
        sink(Draft::Resource(draft))?;
        Ok(notices)
    }
}

/// The longest prefix of at most `limit` bytes that does not cut a UTF-8 character in two.
fn whole_characters(bytes: &[u8], limit: usize) -> usize {
    (limit.saturating_sub(3)..=limit)
        .rev()
        .find(|at| bytes.get(*at).is_none_or(|b| b & 0xC0 != 0x80))
        .unwrap_or(limit)
}

fn read(path: &str, body: String) -> (ResourceDraft, Vec<Notice>) {
    let mut notices = Vec::new();
    let front = front_matter::read(&body);
    notices.extend(front.notice.clone().map(Notice));
    let named = names::read(path);
    let top = Top::read(&body, front.end);

    let stamped = happened(&front, &named).or_else(|| top.day.map(Stamped::date));
    if stamped.is_none()
        && let Some(unclear) = named.unclear
    {
        notices.push(Notice(format!(
            "“{unclear}” in the file's name may mean two days and was not read as a date; \
             a name like 2025-04-03 is clear"
        )));
    }

    let mut tags = front.tags;
    let mut links = inline::Once::default();
    for line in body[..front.end].lines() {
        inline::collect(line, &mut inline::Once::default(), &mut links);
    }
    for line in outline::lines(&body, front.end) {
        if line.kind != outline::Kind::Code {
            inline::collect(line.raw.trim_end(), &mut tags, &mut links);
        }
    }

    let parts = parts::cut(&body, front.end, stamped.map(front_matter::day_of));
    let title = front.title.or(top.title).unwrap_or_else(|| {
        let stem = names::stem(path).trim();
        if stem.is_empty() { "Untitled".to_owned() } else { stem.to_owned() }
    });
    let (tags, links) = (tags.into_list(), links.into_list());
    (ResourceDraft { key: String::new(), title, body, stamped, tags, links, parts }, notices)
}

/// When it happened, by front matter and file name.
///
/// A diary page that is named for its day belongs to that day, even if it was created on the day
/// after; on the day itself, the time of its creation says nothing about what is written in it.
fn happened(front: &FrontMatter, named: &names::Named) -> Option<Stamped> {
    if front.happened.is_some() {
        return front.happened;
    }
    match (front.created, named.stamped) {
        (Some(created), Some(day)) => {
            let is_same_day = front_matter::day_of(created) == front_matter::day_of(day);
            let name_wins = if is_same_day { named.is_whole } else { named.is_leading };
            Some(if name_wins { day } else { created })
        }
        (created, day) => created.or(day),
    }
}

/// What the first headings of a note say.
#[derive(Default)]
struct Top {
    title: Option<String>,
    day: Option<NaiveDate>,
}

impl Top {
    fn read(body: &str, from: usize) -> Self {
        let mut top = Self::default();
        let mut is_first = true;
        for line in outline::lines(body, from) {
            match line.kind {
                outline::Kind::Heading(level, text) => {
                    if is_first {
                        top.day = dates::leading(text, None).map(|found| found.day);
                    }
                    is_first = false;
                    if level == 1 {
                        let title = outline::plain(text);
                        top.title = (!title.is_empty()).then_some(title);
                        break;
                    }
                }
                outline::Kind::Item(text) | outline::Kind::Text(text) if top.title.is_none() => {
                    // Logseq names its pages in a property.
                    if let Some(title) = inline::property(text, "title").filter(|t| !t.is_empty()) {
                        top.title = Some(title.to_owned());
                        break;
                    }
                }
                _ => {}
            }
        }
        top
    }
}
