//! The word that somebody may have meant.

/// The one of `words` that is nearest to `typed`, if it is near enough to be a slip: at most one letter in
/// three is another, left out, put in or has changed places with its neighbour. Letters are compared
/// without regard to capitals.
#[must_use]
pub fn nearest<'w>(typed: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    // Nobody means a word of the program by a text of this length; comparing takes length times length.
    if typed.len() > 64 {
        return None;
    }
    let typed = typed.to_lowercase();
    let most = (typed.chars().count() / 3).max(1);
    words
        .into_iter()
        .map(|word| {
            let small = word.to_lowercase();
            // "start" for "start_time", "time" for "sent_time": whoever knows a part means the whole.
            let is_part = typed.len() >= 4 && small.split('_').any(|part| part == typed);
            let distance = strsim::osa_distance(&typed, &small);
            (if is_part { distance.min(most) } else { distance }, word)
        })
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const WORDS: [&str; 4] = ["start_time", "end_time", "emotion_tags", "tags"];

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        assert_eq!(nearest("strat_time", WORDS), Some("start_time"));
        assert_eq!(nearest("EMOTIONTAGS", WORDS), Some("emotion_tags"));
        assert_eq!(nearest("tag", WORDS), Some("tags"));
        assert_eq!(nearest("start", WORDS), Some("start_time"));
    }

    #[test]
    fn a_word_unlike_all_finds_none() {
        assert_eq!(nearest("zebra", WORDS), None);
        assert_eq!(nearest("", WORDS), None);
        assert_eq!(nearest(&"tags".repeat(1_000), WORDS), None);
    }
}
