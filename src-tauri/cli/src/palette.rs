//! Colour in a terminal. Colour means mood, as everywhere in REM Journal, and never stands alone: each
//! mood has its own glyph and its own word.

use owo_colors::{OwoColorize as _, Style, XtermColors};

/// How text is meant; what it looks like is decided here alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ink {
    /// As it is.
    #[default]
    Plain,
    /// Names and dates.
    Strong,
    /// What stands back: ids, sources, counts.
    Quiet,
    /// The words that matter in a quotation.
    Marked,
    /// What wants a look.
    Warning,
    /// A mood.
    Mood(Mood),
}

/// A step on the way from heavy to bright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Unknown,
    Heavy,
    Low,
    Even,
    Good,
    Bright,
}

impl Mood {
    pub(crate) fn of(valence: Option<f32>) -> Self {
        match valence {
            None => Self::Unknown,
            Some(v) if v <= -0.5 => Self::Heavy,
            Some(v) if v <= -0.15 => Self::Low,
            Some(v) if v < 0.15 => Self::Even,
            Some(v) if v < 0.5 => Self::Good,
            Some(_) => Self::Bright,
        }
    }

    pub(crate) fn glyph(self) -> &'static str {
        match self {
            Self::Unknown => "·",
            Self::Heavy => "▁",
            Self::Low => "▂",
            Self::Even => "▄",
            Self::Good => "▆",
            Self::Bright => "█",
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Heavy => "heavy",
            Self::Low => "low",
            Self::Even => "even",
            Self::Good => "good",
            Self::Bright => "bright",
        }
    }

    fn color(self) -> XtermColors {
        XtermColors::from(match self {
            Self::Unknown => 244_u8,
            Self::Heavy => 67,
            Self::Low => 110,
            Self::Even => 187,
            Self::Good => 179,
            Self::Bright => 214,
        })
    }
}

/// Whether and how inks become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(crate) is_colored: bool,
}

impl Palette {
    /// The text in its ink. Text is to be clean already.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.is_colored || text.is_empty() {
            return text.to_owned();
        }
        let style = match ink {
            Ink::Plain => return text.to_owned(),
            Ink::Strong => Style::new().bold(),
            Ink::Quiet => Style::new().dimmed(),
            Ink::Marked => Style::new().bold().underline(),
            Ink::Warning => Style::new().yellow(),
            Ink::Mood(mood) => Style::new().color(mood.color()),
        };
        text.style(style).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mood_has_a_glyph_and_a_word_of_its_own() {
        let moods = [-0.9, -0.3, 0.0, 0.3, 0.9].map(|valence| Mood::of(Some(valence)));
        assert_eq!(moods.map(Mood::word), ["heavy", "low", "even", "good", "bright"]);
        assert_eq!(moods.map(Mood::glyph).concat(), "▁▂▄▆█");
        assert_eq!(Mood::of(None).word(), "");
    }

    #[test]
    fn without_colour_no_escape_sequence_is_written() {
        let plain = Palette { is_colored: false };
        assert_eq!(plain.paint(Ink::Mood(Mood::Heavy), "x"), "x");
        let colored = Palette { is_colored: true };
        assert_eq!(colored.paint(Ink::Mood(Mood::Heavy), "x"), "\u{1b}[38;5;67mx\u{1b}[0m");
    }
}
