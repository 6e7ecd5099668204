//! Which chat a file holds. An export carries no id of its chat, so the person's own name for it
//! serves: the name WhatsApp gave the file, or the folder it was unpacked into.

/// What WhatsApp puts before the chat's name, in lower case.
const PREFIXES: [&str; 18] = [
    "whatsapp chat with ",
    "whatsapp chat - ",
    "whatsapp chat mit ",
    "whatsapp-chat mit ",
    "whatsapp-chat met ",
    "whatsapp chat met ",
    "whatsapp-chat med ",
    "whatsapp chat ",
    "chat de whatsapp con ",
    "chat de whatsapp de ",
    "chat whatsapp con ",
    "conversa do whatsapp com ",
    "discussion whatsapp avec ",
    "discussion whatsapp - ",
    "czat whatsapp z ",
    "whatsapp-keskustelu ",
    "чат whatsapp с ",
    "whatsapp sohbeti - ",
];

/// The chat's name, if file or folder tell it.
pub(super) fn of_path(path: &str) -> Option<String> {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = without_asides(stem);
    let lower = stem.to_lowercase();
    // The file in an iPhone's zip is always called so.
    let is_nameless =
        matches!(lower.as_str(), "" | "_chat" | "chat" | "whatsapp chat" | "whatsapp");
    if !is_nameless {
        return Some(without_prefix(stem).to_owned());
    }
    let folder = without_asides(parts.next()?);
    Some(without_prefix(folder).to_owned()).filter(|name| !name.is_empty())
}

fn without_prefix(name: &str) -> &str {
    PREFIXES
        .iter()
        .find_map(|prefix| {
            let start = name.get(..prefix.len())?;
            (start.to_lowercase() == *prefix).then(|| name[prefix.len()..].trim())
        })
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

/// “(1)” of a second download, and “(month first)” of a person who helped us.
fn without_asides(name: &str) -> &str {
    let mut name = name.trim();
    while let Some((before, aside)) = name.strip_suffix(')').and_then(|n| n.rsplit_once('(')) {
        let aside = aside.to_lowercase();
        let is_number = !aside.is_empty() && aside.bytes().all(|b| b.is_ascii_digit());
        let is_order =
            ["day first", "day-first", "month first", "month-first"].contains(&aside.as_str());
        if !(is_number || is_order) || before.trim().is_empty() {
            break;
        }
        name = before.trim_end();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_taken_from_file_or_folder() {
        for (path, name) in [
            ("WhatsApp Chat with Ana Roth.txt", Some("Ana Roth")),
            ("a/Chat de WhatsApp con Ana (1).txt", Some("Ana")),
            ("WhatsApp Chat mit Ana (month first).txt", Some("Ana")),
            ("WhatsApp Chat - Garden (2024)/_chat.txt", Some("Garden")),
            ("Trip to Rome/_chat.txt", Some("Trip to Rome")),
            ("_chat.txt", None),
            ("exports/Ana.txt", Some("Ana")),
            ("чат WhatsApp с Анна.txt", Some("Анна")),
        ] {
            assert_eq!(of_path(path).as_deref(), name, "{path}");
        }
    }
}
