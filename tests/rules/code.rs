//! What a Rust file says to the compiler: its text without comments, strings and tests.

/// Blanks out comments and strings; lines stay where they are.
pub(crate) fn without_words(text: &str) -> String {
    blank_out(text, true)
}

/// Blanks out strings alone.
pub(crate) fn without_strings(text: &str) -> String {
    blank_out(text, false)
}

fn blank_out(text: &str, with_comments: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => find(&chars, at, |rest| rest.starts_with(&['\n'])),
            ('/', Some('*')) => end_of_block_comment(&chars, at),
            ('"', _) => end_of_string(&chars, at),
            ('r', Some('"' | '#')) if !follows_word(&chars, at) => end_of_raw_string(&chars, at),
            ('\'', _) => end_of_char(&chars, at),
            _ => at,
        };
        let is_comment = chars[at] == '/';
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else if is_comment && !with_comments {
            out.extend(&chars[at..end]);
            at = end;
        } else {
            // A space keeps two words apart that only a comment separated.
            out.push(' ');
            out.extend(chars[at..end].iter().filter(|c| **c == '\n'));
            at = end;
        }
    }
    out
}

/// [`without_words`], and without the items that are built for tests only.
pub(crate) fn product(text: &str) -> String {
    let code = without_words(text);
    let mut out = String::with_capacity(code.len());
    let mut rest = code.as_str();
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = end_of_item(item);
        out.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

fn end_of_item(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in item.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

fn find(chars: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| is_end(&chars[*at..])).unwrap_or(chars.len())
}

fn follows_word(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw string too.
    let before = at.checked_sub(1).map(|before| chars[before]);
    before.is_some_and(|c| (c.is_alphanumeric() || c == '_') && c != 'b')
}

fn end_of_block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn end_of_raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return from;
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let begin = from + 2 + hashes;
    (find(chars, begin, |rest| rest.starts_with(&close)) + close.len()).min(chars.len())
}

/// A quote begins a character or a lifetime; only the first is skipped.
fn end_of_char(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => find(chars, from + 3, |rest| rest.starts_with(&['\''])) + 1,
        (Some(_), Some('\'')) => from + 3,
        _ => from,
    }
}

/// The paths below the crate's root that a file names, as `room` or `room::rest`; `super` is followed.
///
/// `module` is the file's own place, for example `["api", "days"]`.
pub(crate) fn crate_paths(code: &str, module: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` of a macro is the same root; `my_crate::` is not.
        let follows_word =
            code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if !follows_word {
            expand(&code[at + "crate::".len()..], "", &mut found);
        }
    }
    let mut rest = code;
    while let Some(at) = rest.find("super::") {
        let mut tail = &rest[at..];
        let mut n_up = 0;
        while let Some(after) = tail.strip_prefix("super::") {
            n_up += 1;
            tail = after;
        }
        if n_up <= module.len() {
            let place = module[..module.len() - n_up].join("::");
            expand(tail, &place, &mut found);
        }
        rest = tail;
    }
    found.sort();
    found.dedup();
    found
}

/// Reads one path or a group of them: `a::b`, `{a, b::{c, d}}`.
fn expand(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let join = |name: &str| match (prefix, name) {
        (prefix, "self" | "*") => prefix.to_owned(),
        ("", name) => name.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    let skipped = text.len() - text.trim_start().len();
    let body = &text[skipped..];
    if let Some(group) = body.strip_prefix('{') {
        let mut at = skipped + 1;
        let mut rest = group;
        loop {
            let n = expand(rest, prefix, found);
            at += n;
            rest = &rest[n..];
            let blank = rest.len() - rest.trim_start().len();
            at += blank;
            rest = &rest[blank..];
            match rest.chars().next() {
                Some(',') => {
                    at += 1;
                    rest = &rest[1..];
                }
                Some('}') => return at + 1,
                // Not a list of imports after all.
                _ => return at,
            }
        }
    }
    let length =
        body.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*')).unwrap_or(body.len());
    if length == 0 {
        return skipped;
    }
    let name = join(&body[..length]);
    let after = &body[length..];
    let is_path = after
        .strip_prefix("::")
        .is_some_and(|next| next.starts_with(|c: char| c.is_alphabetic() || "_{*".contains(c)));
    if is_path {
        skipped + length + 2 + expand(&after[2..], &name, found)
    } else {
        found.push(name);
        skipped + length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let text =
            "a /* b /* c */ d */ e // f\ng \"h \\\" i\" 'j' '\\'' r#\"k \" l\"# fn m<'n>() {}";
        let code = without_words(text);
        let words: Vec<&str> = code.split_whitespace().collect();
        assert_eq!(words, ["a", "e", "g", "fn", "m<'n>()", "{}"]);
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn tests_are_no_part_of_the_product() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { if x {} }\n}\nfn c() {}\n\
                    #[cfg(test)]\nuse d::e;\nfn f() {}";
        let code = product(text);
        assert!(code.contains("fn a") && code.contains("fn c") && code.contains("fn f"), "{code}");
        assert!(!code.contains("fn b") && !code.contains("d::e"), "{code}");
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn grouped_and_relative_paths_are_followed_to_the_root() {
        let code = "use crate::{Error, Result, api::{moments::{self, Card}, pieces}, store::Hash};\n\
                    use super::cards::card;\nfn f() { crate::periods::tell(x); super::super::text::cut() }\n\
                    use self::own::thing; use other_crate::moods;";
        assert_eq!(
            crate_paths(code, &["moments", "show"]),
            [
                "Error",
                "Result",
                "api::moments",
                "api::moments::Card",
                "api::pieces",
                "moments::cards::card",
                "periods::tell",
                "store::Hash",
                "text::cut",
            ]
        );
    }
}
