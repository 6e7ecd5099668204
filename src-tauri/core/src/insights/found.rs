//! What a reflection finds, and by what it is known again.

use serde::{Deserialize, Serialize};

use super::lived::Lived;
use crate::{
    api::insights::{InsightKind, SampleSizes},
    store::Hash,
    text::{language::Language, tags::tag_key, words},
};

/// Stems of a statement that make its key where its moments share no tag.
const KEY_STEMS: usize = 6;
/// Tags that make a key.
const KEY_TAGS: usize = 2;

/// Something a reflection found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) kind: InsightKind,
    /// BLAKE3 of what it is about, in hexadecimal: two minds may say the same in other words.
    pub(crate) key: String,
    pub(crate) statement: String,
    /// A language's code.
    pub(crate) language: String,
    pub(crate) tags: Vec<String>,
    /// Its evidence, the newest first.
    pub(crate) moment_ids: Vec<i64>,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// How often, of how many, where that was counted.
    pub(crate) sample: Option<SampleSizes>,
    pub(crate) mind: String,
}

impl Found {
    pub(crate) fn hash(&self) -> Option<Hash> {
        from_hex(&self.key)
    }
}

/// The key of something that is about this.
pub(crate) fn key(kind: InsightKind, about: &str) -> String {
    hex(&Hash::of_fields([kind.as_str().as_bytes(), about.as_bytes()]))
}

/// What a statement in a model's words is about: the tags that its moments share, and for a pattern
/// whether they were good; where they share none, the statement's own stems.
pub(crate) fn about(
    kind: InsightKind,
    statement: &str,
    evidence: &[&Lived],
) -> (String, Vec<String>) {
    let tags = shared_tags(evidence);
    if let Some(first) = tags.first() {
        let about = match kind {
            InsightKind::Theme => first.clone(),
            InsightKind::Strategy => tags.join(" "),
            InsightKind::Pattern => format!("{} {}", tags.join(" "), direction(evidence)),
        };
        return (about, tags);
    }
    let language = evidence.first().and_then(|moment| Language::from_code(&moment.language));
    let mut stems: Vec<String> =
        words::content_stems(statement, language).map(|stem| tag_key(&stem)).collect();
    stems.sort();
    stems.dedup();
    stems.truncate(KEY_STEMS);
    (format!("said {}", stems.join(" ")), tags)
}

/// The tags that most of these moments have, at least two of them (or the only one), the commonest first.
fn shared_tags(evidence: &[&Lived]) -> Vec<String> {
    let mut counted: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for tag in evidence.iter().flat_map(|moment| &moment.tags) {
        *counted.entry(tag).or_default() += 1;
    }
    let fewest = evidence.len().min(2);
    let mut shared: Vec<(&str, usize)> =
        counted.into_iter().filter(|(_, n)| *n >= fewest).collect();
    shared.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    shared.into_iter().take(KEY_TAGS).map(|(tag, _)| tag.to_owned()).collect()
}

fn direction(evidence: &[&Lived]) -> &'static str {
    let sum: f64 = evidence.iter().map(|moment| moment.valence).sum();
    match sum / evidence.len().max(1) as f64 {
        mean if mean >= super::lived::CLEAR => "good",
        mean if mean <= -super::lived::CLEAR => "low",
        _ => "neither",
    }
}

pub(crate) fn hex(hash: &Hash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn from_hex(text: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(Hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::{felt, moment};

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = key(InsightKind::Theme, "reed");
        assert_eq!(from_hex(&key).as_ref().map(hex), Some(key.clone()));
        assert_eq!(from_hex(&key[1..]), None);
        assert_eq!(from_hex(&"é".repeat(32)), None);
    }

    #[test]
    fn the_same_in_other_words_is_about_the_same() {
        let a = felt(1, "2026-10-01", &["lake", "swim"], 0.5);
        let b = felt(2, "2026-10-02", &["lake"], 0.5);
        let one = about(InsightKind::Pattern, "Swimming lifts the mood.", &[&a, &b]);
        let two = about(InsightKind::Pattern, "The lake does good.", &[&b, &a]);
        assert_eq!(one, two);
        assert_eq!(one.0, "lake good");
        let low = felt(3, "2026-10-03", &["lake"], -0.6);
        let low = Lived { id: 4, ..low };
        assert_ne!(one.0, about(InsightKind::Pattern, "x", &[&low, &low]).0);
    }

    #[test]
    fn without_shared_tags_it_is_known_by_its_words() {
        let (a, b) = (moment(1, "2026-10-01"), moment(2, "2026-10-02"));
        let of = |said| about(InsightKind::Strategy, said, &[&a, &b]).0;
        assert_eq!(of("A walk before breakfast helps."), of("Walks before breakfasts helped"));
        assert_ne!(of("A walk helps."), of("A nap helps."));
    }
}
