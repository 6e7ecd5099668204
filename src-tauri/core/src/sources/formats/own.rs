//! What the journal itself exported. Read as a source it would make evidence of what was derived, so it is
//! named and passed over.

use super::Head;
use crate::sources::decode::decode;

/// The property in the front matter of every exported page.
pub(crate) const FRONT_MATTER: &str = "rem_export";
/// How an exported journal in JSON begins.
pub(crate) const JSON: &str = r#"{"thing":"journal","format":"rem-journal-export""#;
/// The list of files in an exported folder, and what each page of Markdown begins with, lie within so many
/// bytes.
const SEEN: usize = 4_096;

/// Why a file that begins like this is not read, if the journal exported it.
#[must_use]
pub(crate) fn exported(head: &Head<'_>) -> Option<String> {
    let seen = &head.bytes[..head.bytes.len().min(SEEN)];
    // A cut may split the last character; what matters stands before it.
    let text = match decode(seen) {
        Ok(decoded) => decoded.text.into_owned(),
        Err(_) => String::from_utf8_lossy(seen).into_owned(),
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with(JSON) {
        return Some(
            "is a journal that was exported: `rem restore` makes a journal of it again".into(),
        );
    }
    if head.path.rsplit('/').next() == Some(".rem-export.json") {
        return Some("is the list of an exported folder's files".into());
    }
    is_page(text).then(|| {
        format!(
            "was exported by a journal, which must not read its own words as yours: if you made it \
             your own, take the line “{FRONT_MATTER}” out of its front matter"
        )
    })
}

fn is_page(text: &str) -> bool {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some("---") {
        return false;
    }
    lines
        .take_while(|line| !matches!(line.trim_end(), "---" | "..."))
        .any(|line| line.split_once(':').is_some_and(|(name, _)| name.trim() == FRONT_MATTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str, text: &str) -> bool {
        exported(&Head { path, bytes: text.as_bytes(), is_whole: true }).is_some()
    }

    #[test]
    fn an_exported_page_is_known_by_its_front_matter() {
        assert!(says("a.md", "---\nrem_export: 1\ntitle: \"x\"\n---\n\nA day"));
        assert!(says("a.md", "\u{feff}---\r\ntitle: x\r\nrem_export: 1\r\n---\r\nA day"));
    }

    #[test]
    fn an_exported_journal_is_known_by_its_first_line() {
        assert!(says("a.jsonl", &format!("{JSON},\"version\":1}}\n")));
    }

    #[test]
    fn a_note_about_exports_stays_a_note() {
        assert!(!says("a.md", "---\ntitle: x\n---\n\nrem_export: 1"));
        assert!(!says("a.md", "rem_export: 1"));
        assert!(!says("a.md", "---\nmy_rem_export: 1\n---\n"));
    }
}
