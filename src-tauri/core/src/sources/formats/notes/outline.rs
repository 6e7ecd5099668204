//! A Markdown text line by line: just enough structure to tell headings, list items, code and
//! paragraphs apart. A full Markdown parser would read each note several times slower and would
//! tell the journal nothing more.

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Nothing, or only spaces.
    Blank,
    /// Inside a fenced code block, or one of its fences.
    Code,
    /// A heading with its level and its text.
    Heading(u8, &'a str),
    /// A list item with its text, without marker and check box.
    Item(&'a str),
    /// Any other line.
    Text(&'a str),
}

/// A line and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// The line with its end.
    pub(super) raw: &'a str,
    /// What it is.
    pub(super) kind: Kind<'a>,
}

/// The lines of `text` from byte `from` on.
pub(super) fn lines(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = from;
    let mut fence: Option<(u8, usize)> = None;
    text[from..].split_inclusive('\n').map(move |raw| {
        let start = at;
        at += raw.len();
        Line { start, raw, kind: kind(raw, &mut fence) }
    })
}

fn kind<'a>(raw: &'a str, fence: &mut Option<(u8, usize)>) -> Kind<'a> {
    let line = raw.trim_end();
    let text = line.trim_start();
    let Some(first) = text.bytes().next() else {
        return if fence.is_some() { Kind::Code } else { Kind::Blank };
    };
    let run = || text.bytes().take_while(|b| *b == first).count();
    if let Some((sign, long)) = *fence {
        if first == sign && run() >= long && run() == text.len() {
            *fence = None;
        }
        return Kind::Code;
    }
    match first {
        b'`' | b'~' if run() >= 3 && !text[run()..].contains('`') => {
            *fence = Some((first, run()));
            Kind::Code
        }
        b'#' if line.len() - text.len() <= 3 => heading(text, run()).unwrap_or(Kind::Text(text)),
        b'-' | b'*' | b'+' | b'0'..=b'9' | 0xE2 => item(text),
        b'>' => Kind::Text(text.trim_start_matches(['>', ' '])),
        _ => Kind::Text(text),
    }
}

fn heading(text: &str, level: usize) -> Option<Kind<'_>> {
    let rest = &text[level..];
    if level > 6 || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    // A closing run of `#` belongs to the heading's signs, but “C#” does not.
    let inner = rest.trim();
    let open = inner.trim_end_matches('#');
    let inner = if open.is_empty() || open.ends_with(' ') { open.trim_end() } else { inner };
    let level = u8::try_from(level).ok()?;
    Some(Kind::Heading(level, inner))
}

fn item(text: &str) -> Kind<'_> {
    let after_number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = if after_number.len() < text.len() {
        // “2025. …” is a year, “14. …” an item.
        let is_short = text.len() - after_number.len() <= 3;
        after_number.strip_prefix(['.', ')']).filter(|_| is_short)
    } else {
        text.strip_prefix(['-', '*', '+', '•', '–'])
    };
    let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '\t'])) else {
        return Kind::Text(text);
    };
    let rest = rest.trim_start();
    // Only the box itself: Obsidian has many signs for it. Logseq, and Org before it, use words.
    let unboxed = match rest.as_bytes() {
        [b'[', _, b']', b' ', ..] => &rest[4..],
        _ => ["TODO ", "DONE ", "NOW ", "LATER ", "DOING "]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .unwrap_or(rest),
    };
    // A heading inside an item is how Logseq writes headings.
    let level = unboxed.bytes().take_while(|b| *b == b'#').count();
    if level > 0
        && let Some(heading) = heading(unboxed, level)
    {
        return heading;
    }
    Kind::Item(unboxed.trim_start())
}

/// A heading as people read it: without emphasis, link brackets and code signs.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        plain.push_str(before);
        let Some((inner, after)) = after.split_once("]]") else {
            rest = after;
            continue;
        };
        plain.push_str(inner.rsplit_once('|').map_or(inner, |(_, alias)| alias));
        rest = after;
    }
    plain.push_str(rest);
    plain.retain(|c| !matches!(c, '*' | '`'));
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        lines(text, 0).map(|line| line.kind).collect()
    }

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(
            kinds(
                "# One ##\n\n- [ ] 14:05 call\n3) three\n#tag here\n> quoted\n####### seven\n* star"
            ),
            [
                Kind::Heading(1, "One"),
                Kind::Blank,
                Kind::Item("14:05 call"),
                Kind::Item("three"),
                Kind::Text("#tag here"),
                Kind::Text("quoted"),
                Kind::Text("####### seven"),
                Kind::Item("star"),
            ]
        );
        assert_eq!(
            kinds("## Learning C#\n- ## In a block"),
            [Kind::Heading(2, "Learning C#"), Kind::Heading(2, "In a block")]
        );
        assert_eq!(
            kinds("**bold** start\n2025. A year"),
            [Kind::Text("**bold** start"), Kind::Text("2025. A year")]
        );
    }

    #[test]
    fn code_is_not_looked_into() {
        assert_eq!(
            kinds("```sh\n# no heading\n\n```\n# One\n~~~~\n~~~\n## no\n"),
            [
                Kind::Code,
                Kind::Code,
                Kind::Code,
                Kind::Code,
                Kind::Heading(1, "One"),
                Kind::Code,
                Kind::Code,
                Kind::Code
            ]
        );
    }

    #[test]
    fn headings_are_shown_without_their_signs() {
        assert_eq!(plain("**Lunch** with [[Ana Roth|Ana]] in `Café`"), "Lunch with Ana in Café");
        assert_eq!(plain("[[open"), "open");
    }
}
