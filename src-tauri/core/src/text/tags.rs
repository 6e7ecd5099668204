//! Tags in the one form that the journal keeps them in.

use unicode_normalization::UnicodeNormalization;

/// A topic as people write it ("Search engine", "#Grant/Letter") in kebab-case ("search-engine",
/// "grant-letter"). Letters of all scripts stay; empty for a text without any.
#[must_use]
pub fn tag_key(text: &str) -> String {
    let mut key = String::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with('-') && c != '\'' && c != '’' {
            key.push('-');
        }
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

#[cfg(test)]
mod tests {
    use super::tag_key;

    #[test]
    fn topics_become_kebab_case_in_every_script() {
        assert_eq!(tag_key(" #Search  Engine! "), "search-engine");
        assert_eq!(tag_key("Sörnitz/Harmonium"), "sörnitz-harmonium");
        assert_eq!(tag_key("日本語 勉強"), "日本語-勉強");
        assert_eq!(tag_key("#—"), "");
    }
}
