//! What WhatsApp writes in place of things that are not text: pictures left out, files attached,
//! remarks about deleted and edited messages. In every language of the world, so the marks around
//! them count for more than the words.

use super::header::is_hidden;

/// What stands in a message's text for a picture, film or recording. The same for all of them, so
/// that no one takes it for a sentence.
pub(super) const MEDIA: &str = "[media]";

/// The last words of iPhone placeholders: “image omitted”, “Bild weggelassen”.
const LEFT_OUT: [&str; 24] = [
    "omitted",
    "weggelassen",
    "ausgeschlossen",
    "omitido",
    "omitida",
    "omitidos",
    "omis",
    "omise",
    "absent",
    "absente",
    "omesso",
    "omessa",
    "omessi",
    "ocultado",
    "ocultada",
    "oculto",
    "oculta",
    "weggelaten",
    "utelatt",
    "utelämnad",
    "udeladt",
    "pominięto",
    "vynechán",
    "пропущено",
];

/// A message's text as people would read it, and whether the program itself is speaking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// The text; empty for messages that held nothing.
    pub(super) body: String,
    /// Whether WhatsApp says this and not the author.
    pub(super) is_system: bool,
}

/// Cleans the text of a message that has an author.
pub(super) fn clean(text: &str) -> Cleaned {
    // iPhones mark everything that WhatsApp itself wrote with a hidden sign at its start.
    let is_marked = text.starts_with(is_hidden);
    let text = without_edit_remark(text.trim_matches(|c| is_hidden(c) || c == ' '));
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_matches(|c: char| is_hidden(c) || c.is_whitespace());
    let body = if is_media(first, is_marked) {
        let caption = rest.trim_matches(|c: char| is_hidden(c) || c.is_whitespace());
        if caption.is_empty() { MEDIA.to_owned() } else { format!("{MEDIA}\n{caption}") }
    } else {
        text.trim().to_owned()
    };
    let is_content = body.starts_with(MEDIA) || is_poll_or_place(first);
    let is_system = is_marked && !is_content || is_encryption_remark(first);
    Cleaned { body, is_system }
}

fn is_media(line: &str, is_marked: bool) -> bool {
    // What Android writes for a picture that could be seen only once.
    if line == "null" {
        return true;
    }
    let is_bracketed = line.starts_with('<') && line.ends_with('>') && line.len() > 2;
    if is_bracketed && !line.contains("://") {
        // “<Media omitted>”, “<attached: 00000012-PHOTO.jpg>”
        return line.split_whitespace().count() <= 8;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_left_out = words
        .last()
        .is_some_and(|last| LEFT_OUT.contains(&last.trim_end_matches('.').to_lowercase().as_str()));
    // Without the mark only the short form counts: a person may end a sentence with “omitted”.
    let is_short = words.len() == 2 || words.len() == 3 && line.starts_with("Contact card");
    if is_left_out && (is_marked || is_short) {
        return true;
    }
    is_attached(line) || is_bare_file(line)
}

/// “IMG-20240403-WA0001.jpg (file attached)”, “VID-….mp4 (Datei angehängt)”.
fn is_attached(line: &str) -> bool {
    let Some((file, remark)) = line.split_once(" (") else { return false };
    let is_remark = remark.ends_with(')') && remark.split_whitespace().count() <= 3;
    is_remark && has_extension(file) && !file.contains(": ")
}

/// The names WhatsApp itself gives: `IMG-20240403-WA0001.jpg`, `PTT-…opus`.
fn is_bare_file(line: &str) -> bool {
    let mut parts = line.splitn(3, '-');
    let kind = parts.next().unwrap_or("");
    let day = parts.next().unwrap_or("");
    let rest = parts.next().unwrap_or("");
    matches!(kind, "IMG" | "VID" | "PTT" | "AUD" | "STK" | "DOC" | "GIF")
        && day.len() == 8
        && day.bytes().all(|b| b.is_ascii_digit())
        && rest.starts_with("WA")
        && !line.contains(' ')
}

fn has_extension(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(name, extension)| {
        !name.is_empty()
            && (1..=5).contains(&extension.len())
            && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// “<This message was edited>” behind a text, in any language: an edited message is still the same.
fn without_edit_remark(text: &str) -> &str {
    let Some(open) = text.rfind('<').filter(|_| text.ends_with('>')) else { return text };
    let before = &text[..open];
    let is_remark = before.ends_with(is_hidden)
        || text[open..].eq_ignore_ascii_case("<This message was edited>")
        || text[open..].starts_with("<Diese Nachricht wurde bearbeitet");
    let before = before.trim_end_matches(|c: char| is_hidden(c) || c == ' ');
    if is_remark && !before.is_empty() { before } else { text }
}

/// Polls and places are what a person sent, though WhatsApp worded them.
fn is_poll_or_place(line: &str) -> bool {
    let is_poll = line
        .split_once(':')
        .is_some_and(|(word, _)| word.chars().count() >= 4 && word.chars().all(char::is_uppercase));
    is_poll || line.contains("https://")
}

fn is_encryption_remark(line: &str) -> bool {
    [
        "end-to-end encrypted",
        "Ende-zu-Ende-verschlüsselt",
        "cifrados de extremo a extremo",
        "chiffrés de bout en bout",
        "crittografati end-to-end",
    ]
    .iter()
    .any(|words| line.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_one_word_in_brackets() {
        for text in [
            "<Media omitted>",
            "<media omitted>",
            "<Medien ausgeschlossen>",
            "<Multimedia omitido>",
            "\u{200E}image omitted",
            "\u{200E}Bild weggelassen",
            "image omitted",
            "\u{200E}<attached: 00000012-PHOTO-2024-04-03-23-05-09.jpg>",
            "IMG-20240403-WA0001.jpg (file attached)",
            "\u{200E}IMG-20240403-WA0001.jpg (Datei angehängt)",
            "PTT-20240403-WA0001.opus",
            "null",
        ] {
            assert_eq!(clean(text), Cleaned { body: "[media]".into(), is_system: false }, "{text}");
        }
        assert_eq!(
            clean("IMG-20240403-WA0001.jpg (file attached)\nour garden").body,
            "[media]\nour garden"
        );
    }

    #[test]
    fn sentences_stay_what_they_are() {
        for text in [
            "that part was omitted",
            "see a.b (c)",
            "ok: see you",
            "the file is <b>bold</b>",
            "x < y",
            "<https://example.org>",
            "e.g. (not now)",
        ] {
            let is_attached = text.starts_with("see a.b");
            if !is_attached {
                assert_eq!(clean(text), Cleaned { body: text.into(), is_system: false }, "{text}");
            }
        }
    }

    #[test]
    fn what_whatsapp_itself_says_is_known() {
        assert!(clean("\u{200E}This message was deleted.").is_system);
        assert!(clean("Messages and calls are end-to-end encrypted. No one outside…").is_system);
        assert!(!clean("\u{200E}POLL:\nWhere?\n\u{200E}OPTION: Rome (2 votes)").is_system);
        assert!(!clean("\u{200E}Location: https://maps.example/1").is_system);
    }

    #[test]
    fn the_remark_about_an_edit_is_dropped() {
        assert_eq!(clean("at eight \u{200E}<This message was edited>").body, "at eight");
        assert_eq!(clean("um acht <Diese Nachricht wurde bearbeitet.>").body, "um acht");
    }
}
