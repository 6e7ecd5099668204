//! What people say when a topic ends, begins, or goes on.

use std::{collections::HashSet, sync::LazyLock};

use super::words;

/// The share by which these neighbours in a conversation change the price of a cut between them:
/// negative where one says farewell or opens something new, positive where one answers. The numbers
/// were chosen by hand and checked on spoken and typed conversations with known topics; none of them
/// matters by itself.
pub(super) fn price(before: &str, after: &str, same_speaker: bool) -> f32 {
    let mut price = 0.0;
    let (before, after) = (head_and_tail(before), head_and_tail(after));
    if !same_speaker && before.asks {
        price += 0.3;
    }
    if before.closes {
        price -= 0.4;
    }
    if after.closes {
        price += 0.5;
    }
    if after.opens {
        price -= 0.4;
    }
    if after.leans {
        price += 0.4;
    }
    if after.n_words <= 4 && !after.opens {
        price += 0.3;
    }
    price
}

struct Shape {
    asks: bool,
    closes: bool,
    opens: bool,
    leans: bool,
    n_words: usize,
}

fn head_and_tail(text: &str) -> Shape {
    let folded: Vec<_> = words::iter(text).take(60).map(|word| words::fold(word.text)).collect();
    let has = |set: &HashSet<&str>, range: &[std::borrow::Cow<'_, str>]| {
        range.iter().any(|word| set.contains(word.as_ref()))
    };
    let head = &folded[..folded.len().min(2)];
    let joined = folded.join(" ");
    Shape {
        asks: text.trim_end().ends_with(['?', '？', '؟']),
        closes: folded.len() <= 20 && has(&CLOSING, &folded),
        opens: has(&OPENING, head)
            || OPENING_PHRASES.iter().any(|phrase| joined.starts_with(phrase)),
        leans: has(&LEANING, &head[..head.len().min(1)]),
        n_words: folded.len(),
    }
}

type Words = LazyLock<HashSet<&'static str>>;

static CLOSING: Words = LazyLock::new(|| {
    "thanks thank welcome bye goodbye cheers night danke dank bitteschon gerne tschuss ciao merci \
     gracias obrigado adieu 谢谢 再见 ありがとう شكرا"
        .split_whitespace()
        .collect()
});

static OPENING: Words = LazyLock::new(|| {
    "hi hello hey anyway anyways another next also hallo ubrigens ansonsten apropos moin servus \
     bonjour salut sinon hola"
        .split_whitespace()
        .collect()
});

const OPENING_PHRASES: [&str; 24] = [
    "by the way",
    "btw",
    "on another note",
    "what about",
    "can you",
    "could you",
    "i need",
    "i want",
    "i would like",
    "i'd like",
    "i'm looking",
    "i am looking",
    "please",
    "let's",
    "do you",
    "have you",
    "where is",
    "when is",
    "what is",
    "what's",
    "how do",
    "ich brauche",
    "kannst du",
    "noch etwas",
];

static LEANING: Words = LazyLock::new(|| {
    "yes yeah yep no nope ok okay sure right exactly true it it's that that's this they he she \
     and but so because or then well oh great good cool nice absolutely ja nein genau stimmt das \
     und aber oder klar doch dann es oui non mais et si claro pero y"
        .split_whitespace()
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_on_to_its_question() {
        assert!(price("When do we leave?", "Yes, at nine", false) > 0.5);
    }

    #[test]
    fn a_farewell_lets_go() {
        assert!(price("Thank you, good night", "Can you look at the report with me", false) < -0.5);
        assert!(price("Danke dir!", "Übrigens, der Antrag muss morgen raus sein", false) < -0.5);
    }

    #[test]
    fn plain_talk_says_nothing() {
        assert_eq!(price("The lock is shut.", "Mira wrote about the flat today", true), 0.0);
    }
}
