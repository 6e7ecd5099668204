//! Summaries of conversations: what a whole session was about, by a model (`by_model`) or without one
//! (`plain`). Few messages are not worth it: they are read faster than their summary.

mod by_model;
mod plain;
mod reply;
#[cfg(test)]
mod tests;

use rusqlite::Connection;

use self::by_model::Said;
use super::{long::Cost, reading::Reading};
use crate::{
    Result,
    mind::{Episode, Passage, Stream},
    sessions::{self, Line, Summary},
};

/// A conversation as it is told.
#[derive(Debug)]
pub(in crate::dream) struct Conversation {
    stream: Stream,
    lines: Vec<Line>,
}

impl Conversation {
    /// Reads one.
    pub(in crate::dream) fn read(reader: &Connection, session_id: i64) -> Result<Self> {
        let (stream, lines) = sessions::lines(reader, session_id)?;
        Ok(Self { stream, lines })
    }

    /// Its messages as passages of one episode; a passage has the number of its message.
    fn episode(&self) -> Episode<'_> {
        Episode {
            stream: self.stream,
            // A title may change with the last message, and the parts' prompts with it.
            heading: "",
            passages: self
                .lines
                .iter()
                .map(|line| Passage { text: &line.text, author: &line.author, is_own: line.is_own })
                .collect(),
        }
    }

    /// Who wrote in it.
    fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.lines.iter().map(|line| line.author.as_str()).collect();
        people.retain(|author| !author.is_empty());
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// Tells a conversation. Where a model is missed on the way, how the conversation began stands in for its
/// summary until there is one.
pub(in crate::dream) fn tell(
    conversation: &Conversation,
    reading: &Reading<'_>,
) -> Result<Summary> {
    let Some(caller) = reading.caller else {
        return Ok(plain::told(conversation, reading.builtin));
    };
    Ok(match by_model::tell(conversation, reading, caller)? {
        Said::Told(summary) => summary,
        Said::Nothing { is_for_now: true } => plain::stand_in(conversation, reading.builtin),
        Said::Nothing { is_for_now: false } => plain::told(conversation, reading.builtin),
    })
}

/// What telling a conversation would cost.
pub(in crate::dream) fn price(conversation: &Conversation, reading: &Reading<'_>) -> Result<Cost> {
    match reading.caller {
        Some(caller) => by_model::price(conversation, reading, caller),
        None => Ok(Cost::default()),
    }
}
