//! What can go wrong between us and a model, told apart by what is to be done about it.

/// Why a call gave no usable reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing answers at the address; the text names the address.
    #[error("{0}")]
    Gone(String),
    /// The server does not have this model (404).
    #[error("the model {0} is not installed there")]
    Missing(String),
    /// The server has too much to do (503) or failed in a way that passes: a reset, a hang, a broken
    /// stream, a crash (5xx). Worth another try.
    #[error("{0}")]
    Passing(String),
    /// The server refuses this request (400, 401, 403, 405, 413, 422). Never worth another try.
    #[error("{0}")]
    Refused(String),
    /// The prompt does not fit the model's window, as the server said or as its counts show.
    #[error("the text is too long for the model’s window")]
    TooLong {
        /// Tokens of the prompt, where the server told.
        prompt_tokens: Option<u32>,
        /// Tokens of the window, where the server told.
        window_tokens: Option<u32>,
    },
    /// A rule of privacy forbids it: another machine without the person's yes, a cloud model, a redirect.
    #[error("{0}")]
    Forbidden(String),
    /// The person, or the end of the program, stopped it.
    #[error("stopped")]
    Cancelled,
}

impl Fault {
    /// Whether the same call may go well in a moment.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Passing(_))
    }
}
