//! Turns what a person typed into a full-text query that cannot be malformed.

/// A query in FTS5's language, or nothing if there is no word to look for.
///
/// Words must all be there; `"in quotes"` is a phrase; `-word` must not be there; the last word also
/// matches its beginning, so that results come while it is typed.
pub(super) fn parse(text: &str) -> Option<String> {
    let mut wanted: Vec<String> = Vec::new();
    let mut unwanted: Vec<String> = Vec::new();
    let mut rest = text.trim();
    let is_open = !text.ends_with(char::is_whitespace);
    let mut ends_with_word = false;
    while !rest.is_empty() {
        let is_not = rest.starts_with('-') && rest.len() > 1;
        if is_not {
            rest = &rest[1..];
        }
        let (term, after, is_phrase) = match rest.strip_prefix('"') {
            Some(inside) => match inside.find('"') {
                Some(end) => (&inside[..end], &inside[end + 1..], true),
                None => (inside, "", true),
            },
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                (&rest[..end], &rest[end..], false)
            }
        };
        rest = after.trim_start();
        // A term without a letter or digit has nothing the index knows.
        if term.chars().any(char::is_alphanumeric) {
            let quoted = format!("\"{}\"", term.replace(['"', '\0'], " "));
            if is_not {
                unwanted.push(quoted)
            } else {
                wanted.push(quoted)
            }
            ends_with_word = !is_not && !is_phrase && after.is_empty();
        }
    }
    if wanted.is_empty() {
        return None;
    }
    if is_open
        && ends_with_word
        && let Some(last) = wanted.last_mut()
    {
        last.push('*');
    }
    let mut query = wanted.join(" AND ");
    // One NOT for all: FTS5 cannot read parentheses that stand a hundred deep in each other.
    match &unwanted[..] {
        [] => {}
        [one] => query = format!("({query}) NOT {one}"),
        several => query = format!("({query}) NOT ({})", several.join(" OR ")),
    }
    Some(query)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn words_must_all_be_there_and_the_last_may_be_unfinished() {
        assert_eq!(parse("bellows clo").as_deref(), Some("\"bellows\" AND \"clo\"*"));
        assert_eq!(parse("bellows cloth ").as_deref(), Some("\"bellows\" AND \"cloth\""));
    }

    #[test]
    fn phrases_and_exclusions_are_understood() {
        assert_eq!(
            parse("\"suction test\" -glue").as_deref(),
            Some("(\"suction test\") NOT \"glue\"")
        );
    }

    #[test]
    fn nothing_that_can_be_typed_is_a_syntax_error() {
        let journal = rusqlite_fts();
        for typed in [
            "\"",
            "a AND",
            "(((",
            "a-b",
            "NEAR(",
            "*",
            "-",
            "--",
            "title:x",
            "^",
            "\"open",
            "a\0b",
            "NOT",
            "OR OR",
            "'; DROP TABLE records; --",
            "{a b}",
            "日本語",
            "🙂",
        ] {
            if let Some(query) = parse(typed) {
                let found =
                    journal.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&query], |row| {
                        row.get::<_, i64>(0)
                    });
                assert!(found.is_ok(), "{typed:?} became {query:?}: {found:?}");
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a table in memory, not a journal")]
    fn rusqlite_fts() -> rusqlite::Connection {
        let memory = rusqlite::Connection::open_in_memory().expect("memory");
        memory.execute_batch("CREATE VIRTUAL TABLE t USING fts5 (title, body)").expect("fts5");
        memory
    }
}
