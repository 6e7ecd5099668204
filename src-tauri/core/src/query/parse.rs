//! From a text to the one query in it, or to why it is none.

use sqlparser::{
    ast::{Query, Statement},
    dialect::PostgreSqlDialect,
    parser::{Parser, ParserError},
    tokenizer::{Token, Tokenizer, TokenizerError},
};

use crate::{Error, Result};

/// Bytes of a question. Whoever needs more has data in it.
const LONGEST: usize = 64 * 1024;
/// Words and signs of a question: a tree of them is taken apart by recursion, so it must not be deep.
const MOST_TOKENS: usize = 5_000;
/// How deep parentheses and subqueries may stand in each other.
const DEEPEST: usize = 50;
/// Characters of a message that quotes what was typed.
const LONGEST_MESSAGE: usize = 300;

/// What can be asked, in a word.
const ONLY: &str = "only questions can be asked: one SELECT, WITH or VALUES";

/// The one query of a text.
///
/// # Errors
/// The text is too long, is not SQL, or is not one query that reads; the message says where.
pub(super) fn parse(text: &str) -> Result<Query> {
    if text.len() > LONGEST {
        return Err(Error::invalid(format!(
            "this question has {} bytes; {LONGEST} are the most",
            text.len()
        )));
    }
    if text.contains('\0') {
        return Err(Error::invalid("a question cannot have a null character in it"));
    }
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, text)
        .tokenize_with_location()
        .map_err(|error| not_words(&error))?;
    let words: Vec<_> =
        tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect();
    if words.len() > MOST_TOKENS {
        return Err(Error::invalid(format!(
            "this question has {} words and signs; {MOST_TOKENS} are the most",
            words.len()
        )));
    }
    if words.iter().all(|token| token.token == Token::SemiColon) {
        return Err(Error::invalid(
            "nothing was asked: write a SELECT, or see `rem query --schema`",
        ));
    }
    let mut parser =
        Parser::new(&dialect).with_recursion_limit(DEEPEST).with_tokens_with_locations(tokens);
    let mut statements = parser.parse_statements().map_err(|error| not_sql(&error))?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Ok(*query),
        (Some(_), true) => Err(Error::invalid(ONLY)),
        (Some(_), false) => {
            Err(Error::invalid(format!("{ONLY}; there are several statements here")))
        }
        (None, _) => Err(Error::invalid(ONLY)),
    }
}

fn not_words(error: &TokenizerError) -> Error {
    let place = format!("line {}, column {}", error.location.line, error.location.column);
    Error::invalid(clipped(&format!("this is not SQL: {} ({place})", small(&error.message))))
}

fn not_sql(error: &ParserError) -> Error {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            let message =
                message.replace(" at Line: ", " at line ").replace(", Column: ", ", column ");
            Error::invalid(clipped(&format!("this is not SQL: {}", small(&message))))
        }
        ParserError::RecursionLimitExceeded => {
            Error::invalid(format!("parentheses stand more than {DEEPEST} deep in each other here"))
        }
    }
}

/// Begins with a small letter, as all messages do.
fn small(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Cuts a message that quotes a long text.
pub(super) fn clipped(message: &str) -> String {
    if message.chars().count() <= LONGEST_MESSAGE {
        return message.to_owned();
    }
    let start: String = message.chars().take(LONGEST_MESSAGE).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text).expect_err("refused").to_string()
    }

    #[test]
    fn one_question_is_taken_with_or_without_its_semicolon() {
        for text in [
            "SELECT 1",
            "select * from moments;",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "VALUES (1, 2)",
            "-- mine\nSELECT 1",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn whatever_does_not_ask_is_refused() {
        for text in [
            "DELETE FROM moments",
            "EXPLAIN SELECT 1",
            "PRAGMA journal_mode",
            "ATTACH 'a.db' AS a",
            "CREATE TABLE a (b int)",
            "BEGIN",
            "SET a = 1",
            "COPY moments TO 'a'",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(refusal("DROP TABLE moments").contains("only questions"));
        assert!(refusal("SELECT 1; SELECT 2").contains("several statements"));
        assert!(refusal(" ; ; ").contains("nothing was asked"));
    }

    #[test]
    fn what_is_no_sql_is_said_with_its_place() {
        assert!(refusal("SELECT 'a").contains("line 1"), "{}", refusal("SELECT 'a"));
        assert!(refusal("SELECT a FROM\n  moments WHERE )").contains("line 2"));
    }

    #[test]
    fn what_is_too_long_or_too_deep_is_refused_before_it_is_taken_apart() {
        assert!(refusal(&format!("SELECT '{}'", "a".repeat(LONGEST))).contains("bytes"));
        assert!(
            refusal(&format!("SELECT 1{}", "+1".repeat(MOST_TOKENS))).contains("words and signs")
        );
        assert!(
            refusal(&format!("SELECT {}1{}", "(".repeat(400), ")".repeat(400))).contains("deep")
        );
        assert!(refusal("SELECT '\0'").contains("null"));
        let long = refusal(&format!("SELECT a b {}", "c".repeat(10_000)));
        assert!(long.chars().count() < LONGEST_MESSAGE + 10);
    }
}
