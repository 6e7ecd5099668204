//! What the app was started with.

use std::ffi::OsString;

const HELP: &str = "\
REM Journal, a private desktop journal that dreams.

Usage: rem-journal [--journal NAME] [--quick-note | --search | --dream-now]

  --journal NAME   Open the journal of this name (default: personal)
  --quick-note     Write a quick note
  --search         Search the journal
  --dream-now      Dream now
  --version        Print the version
  --help           Print this

When this journal is open already, the running app is asked and comes to the front.
The command `rem` does everything else without a window.";

/// What a start of the app asks of the one that runs, or of itself if it is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Come to the front.
    Show,
    /// Open the quick note.
    QuickNote,
    /// Come to the front, ready to search.
    Search,
    /// Dream now.
    DreamNow,
}

impl Wish {
    /// The word in a knock.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::QuickNote => "quick-note",
            Self::Search => "search",
            Self::DreamNow => "dream-now",
        }
    }

    /// Reads the word in a knock.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Show, Self::QuickNote, Self::Search, Self::DreamNow]
            .into_iter()
            .find(|wish| wish.as_str() == word.trim())
    }
}

/// How to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The journal's name, where it was given.
    pub(crate) journal: Option<String>,
    /// What to do first.
    pub(crate) wish: Wish,
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Run.
    Run(Asked),
    /// Print this and end.
    Say(String),
}

/// Reads the arguments, without the program's name.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Ask, String> {
    let mut asked = Asked { journal: None, wish: Wish::Show };
    let mut args = args.map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(Ask::Say(HELP.into())),
            "--version" | "-V" => {
                return Ok(Ask::Say(format!("rem-journal {}", env!("CARGO_PKG_VERSION"))));
            }
            "--quick-note" => asked.wish = Wish::QuickNote,
            "--search" => asked.wish = Wish::Search,
            "--dream-now" => asked.wish = Wish::DreamNow,
            "--journal" => match args.next() {
                Some(name) => asked.journal = Some(name),
                None => return Err("--journal needs a name".into()),
            },
            other => match other.strip_prefix("--journal=") {
                Some(name) => asked.journal = Some(name.into()),
                None => return Err(format!("“{other}” is not understood\n\n{HELP}")),
            },
        }
    }
    Ok(Ask::Run(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Ask, String> {
        parse(args.iter().map(OsString::from))
    }

    #[test]
    fn nothing_asked_shows_the_default_journal() {
        assert_eq!(parsed(&[]), Ok(Ask::Run(Asked { journal: None, wish: Wish::Show })));
    }

    #[test]
    fn a_journal_and_a_wish_may_come_in_any_order_and_form() {
        let asked = Ask::Run(Asked { journal: Some("work".into()), wish: Wish::DreamNow });
        assert_eq!(parsed(&["--dream-now", "--journal", "work"]).as_ref(), Ok(&asked));
        assert_eq!(parsed(&["--journal=work", "--dream-now"]).as_ref(), Ok(&asked));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_usage() {
        let message = parsed(&["--dance"]).unwrap_err();
        assert!(message.contains("--dance") && message.contains("Usage"), "{message}");
        assert!(parsed(&["--journal"]).is_err());
    }

    #[test]
    fn every_wish_survives_the_way_through_a_knock() {
        for wish in [Wish::Show, Wish::QuickNote, Wish::Search, Wish::DreamNow] {
            assert_eq!(Wish::from_word(wish.as_str()), Some(wish));
        }
        assert_eq!(Wish::from_word("rm -rf"), None);
    }
}
