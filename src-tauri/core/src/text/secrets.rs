//! Takes secrets out of a text before anything derived from it is kept: keys, passwords, tokens, dumps of
//! an environment. What the person wrote keeps them; what the journal makes of it does not.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use super::tags::tag_key;

/// What stands in the place of a secret.
pub const REMOVED: &str = "[secret]";
/// Lines in a row that look like variables, from which on they are a dump.
const DUMP_LINES: usize = 3;
/// Bytes of a secret that is taken out wherever it comes again.
const LEAST_REPEAT: usize = 6;
/// Bytes of a part of a secret that nothing is tagged with.
const LEAST_PART: usize = 8;

/// A text without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrubbed {
    /// The text.
    pub text: String,
    /// How many secrets were taken out.
    pub n_removed: usize,
    /// What was taken out, as it stood there; of the lines of a dump each.
    removed: Vec<String>,
}

impl Scrubbed {
    /// The same of words that were made from this text: what was taken out of it is taken out of them,
    /// too, also where nothing around it says that it is a secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        self.without_repeats(scrub(text).text)
    }

    fn without_repeats(&self, mut text: String) -> String {
        for secret in &self.removed {
            let secret = secret.trim_matches(|c: char| !c.is_alphanumeric());
            // "The password is kiln" does not make a secret of every kiln.
            let is_word = !secret.chars().any(|c| c.is_numeric());
            if secret.len() >= LEAST_REPEAT && !is_word && text.contains(secret) {
                text = text.replace(secret, REMOVED);
            }
        }
        text
    }

    /// Whether a tag or a name was made of something that was taken out.
    #[must_use]
    pub fn tells(&self, tag: &str) -> bool {
        let key = tag_key(tag);
        !key.is_empty()
            && self.removed.iter().any(|secret| {
                let secret = tag_key(secret);
                secret == key || key.len() >= LEAST_PART && secret.contains(&key)
            })
    }
}

/// Shapes that nothing but a secret has; what is in the group `keep` stays before it.
const SHAPES: &[&str] = &[
    // Blocks of private keys, also one that was cut off.
    r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
    // Keys that name their maker: AWS, GitHub, GitLab, Slack, Google, OpenAI and those like it, Stripe.
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})",
    r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    r"\bAIza[0-9A-Za-z_-]{30,}",
    r"\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}",
    // JSON web tokens.
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
    r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/-]{12,}=*",
    // The password in an address.
    r"(?P<keep>\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]+:)[^\s/@]+(?:@)",
    // "password=…", "API_KEY: …", "Passwort ist …".
    r#"(?i)(?P<keep>\b[a-z0-9_.-]*(?:passw(?:or)?d|passwort|kennwort|passphrase|\bpwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)[a-z0-9_]*["']?\s*(?:=|:=|:|=>)\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s,;]+)"#,
    r"(?i)(?P<keep>\b(?:password|passphrase|passwort|kennwort|pin) (?:is|ist|lautet) )\S+",
];

static FOUND: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "constant patterns, compiled by every test")]
    SHAPES.iter().map(|shape| Regex::new(shape).unwrap()).collect()
});

static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    Regex::new(r"^\s*(?:export\s+|set\s+)?[A-Z][A-Z0-9_]+=\S").unwrap()
});

static LONG: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    Regex::new(r"[A-Za-z0-9+/_-]{32,}={0,2}").unwrap()
});

/// `text` without secrets. It rather takes out a word too many than leaves a key in.
#[must_use]
pub fn scrub(text: &str) -> Scrubbed {
    let mut n_removed = 0;
    let mut removed = Vec::new();
    let mut text: Cow<'_, str> = without_dumps(text, &mut n_removed, &mut removed);
    for shape in FOUND.iter() {
        let replaced = shape.replace_all(&text, |found: &Captures<'_>| {
            let keep = found.name("keep").map_or("", |keep| keep.as_str());
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            // A shape may find what an earlier one left.
            if whole[keep.len()..].trim_matches(['"', '\'', '@']) == REMOVED {
                return whole.to_owned();
            }
            n_removed += 1;
            removed.push(whole[keep.len()..].to_owned());
            let at = if whole.ends_with('@') { "@" } else { "" };
            format!("{keep}{REMOVED}{at}")
        });
        if let Cow::Owned(replaced) = replaced {
            text = Cow::Owned(replaced);
        }
    }
    let replaced = LONG.replace_all(&text, |found: &Captures<'_>| {
        let word = &found[0];
        if !is_random(word) {
            return word.to_owned();
        }
        n_removed += 1;
        removed.push(word.to_owned());
        REMOVED.to_owned()
    });
    let mut scrubbed = Scrubbed { text: String::new(), n_removed, removed };
    scrubbed.text = scrubbed.without_repeats(replaced.into_owned());
    scrubbed
}

/// Whether there is a secret in a text.
#[must_use]
pub fn has_secret(text: &str) -> bool {
    scrub(text).n_removed > 0
}

/// Words, paths and hashes of commits are long, too; keys mix capitals, small letters and digits.
fn is_random(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().filter(|byte| is(byte)).count();
    let (capitals, small, digits) =
        (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase), has(u8::is_ascii_digit));
    let n_slashes = word.matches('/').count();
    capitals >= 3 && small >= 3 && digits >= 3 && n_slashes <= word.len() / 16
}

/// Variables in a row go together: each says something about a machine, and one of them is a password.
fn without_dumps<'t>(
    text: &'t str,
    n_removed: &mut usize,
    removed: &mut Vec<String>,
) -> Cow<'t, str> {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut n = 0;
    let mut has_dump = false;
    while n < lines.len() {
        let length = lines[n..].iter().take_while(|line| VARIABLE.is_match(line)).count();
        if length >= DUMP_LINES {
            kept.push(REMOVED);
            let values = lines[n..n + length].iter().filter_map(|line| line.split_once('='));
            removed.extend(values.map(|(_, value)| value.to_owned()));
            *n_removed += 1;
            has_dump = true;
            n += length;
        } else {
            kept.extend(&lines[n..n + length.max(1)]);
            n += length.max(1);
        }
    }
    if has_dump { Cow::Owned(kept.join("\n")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that no scanner takes this file for a leak.
    fn secrets() -> Vec<String> {
        let long = "aB3".repeat(12);
        vec![
            format!("AK{}", "IAABCDEFGHIJKLMNOP"),
            format!("gh{}{}", "p_", &long),
            format!("s{}{}", "k-proj-", &long),
            format!("xo{}", "xb-12345678901-abcdef"),
            format!("ey{}.eyJzdWIiOiIxIn0.{}", "JhbGciOiJIUzI1NiJ9", &long),
            long,
        ]
    }

    #[test]
    fn keys_go_and_the_sentence_around_them_stays() {
        for secret in secrets() {
            let found = scrub(&format!("Hester sent me {secret} yesterday."));
            assert_eq!(found.text, format!("Hester sent me {REMOVED} yesterday."), "{secret}");
            assert_eq!(found.n_removed, 1);
        }
    }

    #[test]
    fn what_follows_a_word_for_a_password_goes() {
        for (text, left) in [
            ("password=hunter2 for the lock", "password=[secret] for the lock"),
            ("API_KEY: 'tulip'", "API_KEY: [secret]"),
            ("Authorization: Bearer abcdef1234567890", "Authorization: Bearer [secret]"),
            ("Das Passwort ist Harmonium7", "Das Passwort ist [secret]"),
            ("see https://ilse:tulip@example.org/x", "see https://ilse:[secret]@example.org/x"),
        ] {
            assert_eq!(scrub(text).text, left);
        }
    }

    #[test]
    fn blocks_and_dumps_go_as_a_whole() {
        let block = concat!("a\n-----BEGIN RSA PRIV", "ATE KEY-----\nMIIE\nxyz\n");
        assert_eq!(scrub(block).text, "a\n[secret]");
        let dump = "before\nHOME=/x\nexport LANG=de\nDB_PASS=tulip\nafter";
        assert_eq!(scrub(dump).text, "before\n[secret]\nafter");
    }

    #[test]
    fn plain_writing_stays_as_it_is() {
        for text in [
            "We talked about the password of the choir and laughed.",
            "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it",
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "https://example.org/notes/2026/10/harmonium-reeds-and-bellows-repair",
            "Ilse, 14:30, three reeds = one chord",
            "",
        ] {
            let scrubbed = scrub(text);
            assert_eq!((scrubbed.text.as_str(), scrubbed.n_removed), (text, 0));
        }
    }

    #[test]
    fn scrubbing_twice_is_as_scrubbing_once() {
        for text in ["password=hunter2", "token: abc, secret=\"x y\"", "https://a:b@example.org"] {
            let once = scrub(text);
            let again = scrub(&once.text);
            assert_eq!((again.text, again.n_removed), (once.text.clone(), 0));
        }
    }
}
