//! What a format reads out of a file, before it is stored.

use std::ops::Range;

use crate::clock::Stamped;

/// One thing read out of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Draft {
    /// A note or document.
    Resource(ResourceDraft),
    /// A conversation with its messages.
    Session(SessionDraft),
}

/// A note, document or transcript.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResourceDraft {
    /// What tells this resource from others of the same file; empty when the file is the resource.
    pub key: String,
    /// Shown to people; never empty.
    pub title: String,
    /// The text, exactly as it stands in the file after decoding (front matter included).
    pub body: String,
    /// When it happened, if the file says so (front matter, file name, first heading).
    pub stamped: Option<Stamped>,
    /// Tags as written, without `#`.
    pub tags: Vec<String>,
    /// Targets of wikilinks, as written.
    pub links: Vec<String>,
    /// The body cut where time or heading changes; in order, without overlaps. Never empty for a
    /// body that has text.
    pub parts: Vec<Part>,
}

/// A stretch of a resource's body under one heading and one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Bytes in the body; on character boundaries.
    pub span: Range<usize>,
    /// The heading it stands under.
    pub heading: Option<String>,
    /// Its own time, if one is written there; otherwise the resource's.
    pub stamped: Option<Stamped>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SessionDraft {
    /// What tells this conversation from all others of its format, stable over re-exports.
    pub key: String,
    /// Shown to people; never empty.
    pub title: String,
    /// When it began, if that is said apart from its messages.
    pub stamped: Option<Stamped>,
    /// In the order they were written.
    pub messages: Vec<MessageDraft>,
}

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageDraft {
    /// What tells this message from the others of its session, stable over re-exports.
    pub key: String,
    /// Who speaks, as a kind.
    pub role: Role,
    /// Who speaks, by name.
    pub author: Option<String>,
    /// The text.
    pub body: String,
    /// When it was written.
    pub stamped: Option<Stamped>,
}

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The person whose journal this is.
    User,
    /// An assistant program.
    Assistant,
    /// Another person, or a person who is not known to be the journal's owner.
    Person,
    /// The chat program itself ("Ana added Ben").
    System,
}

impl Role {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Person => "person",
            Self::System => "system",
        }
    }
}
