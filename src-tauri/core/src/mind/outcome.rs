//! How something ended, in the person's own words: the last sentence that says so.

use std::{collections::HashSet, sync::LazyLock};

use unicode_segmentation::UnicodeSegmentation;

use crate::text::words;

/// Words that say that something came to an end, well or badly; folded, English and German.
const CUES: &str = "finished done decided agreed cancelled canceled failed passed sent submitted signed \
    solved fixed merged shipped delivered handed won lost quit accepted refused postponed moved \
    completed arrived holds fertig erledigt entschieden beschlossen abgesagt gescheitert \
    geschafft bestanden abgeschickt unterschrieben geliefert gewonnen verloren verschoben zugesagt \
    angekommen";

/// Words that turn an end into a plan or a question.
const NOT_YET: &str = "will would should could might want plan tomorrow if unless werde wird würde sollte \
    könnte morgen wenn falls";

const LONGEST: usize = 140;

static ENDS: LazyLock<HashSet<String>> = LazyLock::new(|| set(CUES));
static PLANS: LazyLock<HashSet<String>> = LazyLock::new(|| set(NOT_YET));

fn set(list: &str) -> HashSet<String> {
    list.split_whitespace().map(|word| words::fold(word).into_owned()).collect()
}

/// The last of `sentences` that tells an end; empty if none does.
pub(super) fn of(sentences: &[&str]) -> String {
    sentences
        .iter()
        .rev()
        .find(|sentence| tells_an_end(sentence))
        .map_or_else(String::new, |sentence| (*sentence).to_owned())
}

fn tells_an_end(sentence: &str) -> bool {
    if sentence.ends_with('?') || sentence.graphemes(true).count() > LONGEST {
        return false;
    }
    let mut tells = false;
    for word in words::iter(sentence) {
        let folded = words::fold(word.text);
        if PLANS.contains(folded.as_ref()) {
            return false;
        }
        tells |= ENDS.contains(folded.as_ref());
    }
    tells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sentence_that_tells_an_end_is_the_outcome() {
        let told = of(&["We argued for an hour.", "Agreed to wait until Monday.", "Then coffee."]);
        assert_eq!(told, "Agreed to wait until Monday.");
    }

    #[test]
    fn a_plan_and_a_question_are_no_outcome() {
        assert_eq!(of(&["It will be finished tomorrow.", "Have you sent it?"]), "");
    }
}
