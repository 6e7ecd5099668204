//! How many tokens a text has, before anybody has counted them.

use super::model::Message;

/// Tokens that a message costs beside its words, at most, with any chat template in use.
const PER_MESSAGE: u32 = 8;
/// Tokens kept free in every window for what templates add.
const RESERVE: u32 = 64;

/// Tokens of a text, rather too many than too few.
///
/// A run of ASCII letters counts one token for every four letters or part of them, digits one each for
/// two, every other character one; byte-pair vocabularies of today's models stay below that for prose
/// in Latin script (about four characters a token) and for CJK (about one).
#[must_use]
pub fn tokens(text: &str) -> u32 {
    #[derive(PartialEq, Clone, Copy)]
    enum Run {
        Letters,
        Digits,
        Space,
        Other,
    }
    let kind = |c: char| match c {
        'a'..='z' | 'A'..='Z' => Run::Letters,
        '0'..='9' => Run::Digits,
        c if c.is_whitespace() => Run::Space,
        _ => Run::Other,
    };
    let cost = |run: Run, length: u32| match run {
        Run::Letters => length.div_ceil(4),
        Run::Digits => length.div_ceil(2),
        // One space belongs to the word after it.
        Run::Space => u32::from(length > 1),
        Run::Other => length,
    };
    let mut sum: u32 = 0;
    let mut run = (Run::Space, 0);
    for c in text.chars() {
        let this = kind(c);
        if this == run.0 {
            run.1 += 1;
        } else {
            sum = sum.saturating_add(cost(run.0, run.1));
            run = (this, 1);
        }
        if c == '\n' && this == Run::Space {
            sum = sum.saturating_add(1);
        }
    }
    sum.saturating_add(cost(run.0, run.1))
}

/// Tokens of a whole prompt.
#[must_use]
pub fn prompt_tokens(messages: &[Message]) -> u32 {
    messages.iter().map(|message| tokens(&message.text) + PER_MESSAGE).sum::<u32>()
}

/// Tokens that a prompt may have in a window beside its reply.
#[must_use]
pub fn room(window_tokens: u32, reply_tokens: u32) -> u32 {
    window_tokens.saturating_sub(reply_tokens).saturating_sub(RESERVE)
}
