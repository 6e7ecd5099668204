//! Says in a line what a text is about, and picks the sentences that stand for it.

use std::collections::{BTreeMap, HashMap};

use unicode_segmentation::UnicodeSegmentation;

use super::{
    corpus, evidence, keyphrases::Keyphrase, language::Language, markdown, names::Name, sentences,
    words,
};

/// Graphemes of a title at most.
const TITLE: usize = 60;
/// Sentences compared with each other at most; a longer text is thinned out evenly.
const ENOUGH_SENTENCES: usize = 400;

/// A title for `text`: its first heading, or else the short clause that says most of it, in at most
/// 60 graphemes, cut at the end of a clause or of a word. Never Markdown, never a greeting, no full
/// stop. Without any words the best keyphrase, or an empty string.
#[must_use]
pub fn title(
    text: &str,
    language: Option<Language>,
    keyphrases: &[Keyphrase],
    names: &[Name],
) -> String {
    if let Some(heading) = heading(text) {
        return heading;
    }
    let spans = sentences::split(text, language);
    let shown = markdown::shown(text);
    let texts: Vec<&str> =
        spans.into_iter().take(ENOUGH_SENTENCES).map(|span| shown[span].trim()).collect();
    let centrality = Sentences::weigh(&texts, language).centrality();
    let mut best: Option<(f32, String)> = None;
    for (at, sentence) in texts.iter().enumerate() {
        for clause in clauses(sentence) {
            let clause = tidy(without_greeting(clause));
            let n = clause.graphemes(true).take(TITLE + 1).count();
            if words::content_stems(&clause, language).next().is_none() {
                continue;
            }
            let lower = clause.to_lowercase();
            let phrases: f32 = keyphrases
                .iter()
                .take(8)
                .filter(|phrase| lower.contains(&phrase.text.to_lowercase()))
                .map(|phrase| phrase.score)
                .sum();
            let named = names.iter().take(50).any(|name| clause.contains(&name.text));
            let mut score = centrality[at] + 0.5 * phrases.min(2.0);
            score += if named { 0.15 } else { 0.0 };
            score += 0.3 / (1.0 + at as f32);
            if leans(&clause) {
                score -= 0.25;
            }
            // A title of one or two words says too little, one that must be cut says half.
            score -= match n {
                0..=11 => 0.5,
                12..=TITLE => 0.0,
                _ => 0.35,
            };
            if best.as_ref().is_none_or(|(top, _)| score > *top) {
                best = Some((score, clause));
            }
        }
    }
    let chosen = best.map(|(_, clause)| clause);
    let title = chosen.or_else(|| keyphrases.first().map(|phrase| phrase.text.clone()));
    capitalised(&shorten(&title.unwrap_or_default()))
}

/// Whether the clause begins with a word that points at what was said before.
fn leans(clause: &str) -> bool {
    words::iter(clause).next().is_some_and(|word| {
        matches!(
            words::fold(word.text).as_ref(),
            "he" | "she"
                | "it"
                | "they"
                | "this"
                | "that"
                | "then"
                | "thence"
                | "also"
                | "and"
                | "but"
                | "so"
                | "because"
                | "which"
                | "who"
                | "after"
                | "er"
                | "es"
                | "das"
                | "dies"
                | "dann"
                | "danach"
                | "und"
                | "aber"
                | "weil"
                | "dass"
                | "il"
                | "et"
                | "mais"
                | "y"
                | "pero"
        )
    })
}

/// The first heading with words in it.
fn heading(text: &str) -> Option<String> {
    let prose = markdown::prose(text);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let marks = line.trim_start().bytes().take_while(|byte| *byte == b'#').count();
        let spaced = line.trim_start()[marks..].starts_with([' ', '\t']);
        // In a code block the line is blank in the prose.
        if (1..=6).contains(&marks) && spaced && prose[range].contains(char::is_alphanumeric) {
            let heading = shorten(&tidy(&markdown::plain(line.trim())));
            // "Friday, 3 May" says when, not what.
            let says_what = words::iter(&heading).any(|word| {
                let folded = words::fold(word.text);
                !word.is_number()
                    && !words::is_stop_word(&folded, None)
                    && !evidence::is_ordinary(&folded)
            });
            if says_what {
                return Some(heading);
            }
        }
    }
    None
}

/// The whole sentence, and the pieces between its commas and dashes that can stand alone.
fn clauses(sentence: &str) -> Vec<&str> {
    let mut clauses = vec![sentence];
    let is_border = |c: char| matches!(c, ';' | '–' | '—' | '，' | '、' | '؛');
    let mut from = 0;
    for (at, c) in sentence.char_indices() {
        let ends = is_border(c)
            || (matches!(c, ',' | ':' | '،') && sentence[at + c.len_utf8()..].starts_with(' '));
        if ends {
            clauses.push(&sentence[from..at]);
            from = at + c.len_utf8();
        }
    }
    if from > 0 {
        clauses.push(&sentence[from..]);
    }
    clauses.truncate(8);
    clauses
}

const GREETINGS: [&str; 30] = [
    "dear diary",
    "liebes tagebuch",
    "cher journal",
    "querido diario",
    "good morning",
    "good evening",
    "good night",
    "guten morgen",
    "guten abend",
    "guten tag",
    "gute nacht",
    "bonjour",
    "bonsoir",
    "salut",
    "hola",
    "buenos dias",
    "hello there",
    "hello",
    "hallo",
    "hey there",
    "hey",
    "hi there",
    "hi",
    "moin",
    "servus",
    "ciao",
    "你好",
    "早上好",
    "مرحبا",
    "привет",
];

/// What follows the greeting; nothing if the clause is one, with or without a name behind it.
fn without_greeting(clause: &str) -> &str {
    let clause = clause.trim();
    let lower = clause.to_lowercase();
    if lower.len() != clause.len() {
        return clause;
    }
    for greeting in GREETINGS {
        let Some(rest) = lower.strip_prefix(greeting) else { continue };
        if rest.starts_with(char::is_alphanumeric) && greeting.is_ascii() {
            continue;
        }
        let rest = &clause[clause.len() - rest.len()..];
        let after = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        return if words::iter(after).count() <= 2 { "" } else { after };
    }
    clause
}

/// Without punctuation and marks at its ends, and without a clock time in front.
fn tidy(clause: &str) -> String {
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '.' | ','
                    | ';'
                    | ':'
                    | '!'
                    | '-'
                    | '–'
                    | '—'
                    | '*'
                    | '_'
                    | '#'
                    | '>'
                    | '|'
                    | '•'
                    | '+'
                    | '~'
                    | '='
                    | '`'
                    | '。'
                    | '，'
                    | '、'
                    | '؛'
                    | '،'
                    | '…'
                    | '/'
                    | '\\'
                    | '['
                    | ']'
            )
    };
    let mut clause = clause.trim_matches(is_edge);
    let head = clause.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | '-' | '–')
    });
    if head.len() < clause.len() && clause[..clause.len() - head.len()].contains(':') {
        clause = head;
    }
    let text = clause.trim_matches(is_edge).trim_end_matches(['?', '？', '！']);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most [`TITLE`] graphemes: cut where a clause ends if that leaves half, else between words.
fn shorten(text: &str) -> String {
    let Some((limit, _)) = text.grapheme_indices(true).nth(TITLE) else { return text.to_owned() };
    let head = &text[..limit];
    let clause =
        head.rfind([',', ';', ':', '–', '—', '，', '、', '(']).filter(|at| *at > limit / 2);
    let cut = clause.or_else(|| {
        // The last word that ends within the limit; a text without words between is cut anyway.
        let ends = words::iter(text).map(|word| word.span.end).take_while(|end| *end <= limit);
        ends.last().filter(|end| *end > 0)
    });
    let cut = cut.unwrap_or(limit);
    let mut short = tidy(&head[..cut.min(head.len())]);
    while let Some((rest, last)) = short.rsplit_once(' ')
        && words::is_stop_word(&words::fold(last), None)
        && rest.len() > limit / 2
    {
        short = tidy(rest);
    }
    short
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        // "iPhone" and "eBay" are written as they are.
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            let mut upper = first.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(large), None) => std::iter::once(large).chain(chars).collect(),
                // "ß" has no capital of one letter.
                _ => text.to_owned(),
            }
        }
        _ => text.to_owned(),
    }
}

/// The sentences that stand for all of them: their indices in order, together at most `max_chars`
/// bytes. If even the best is longer than that, the best alone; no sentences give no indices.
///
/// Centrality is LexRank's (Erkan & Radev 2004): PageRank over the cosine of TF-IDF vectors. Early
/// sentences and those with names and numbers get a little more, and each further one is taken for
/// what it adds to those already taken (MMR, Carbonell & Goldstein 1998).
#[must_use]
pub fn summarize(sentences: &[&str], language: Option<Language>, max_chars: usize) -> Vec<usize> {
    let step = sentences.len().div_ceil(ENOUGH_SENTENCES).max(1);
    let sample: Vec<usize> = (0..sentences.len()).step_by(step).collect();
    let texts: Vec<&str> = sample.iter().map(|&at| sentences[at]).collect();
    let graph = Sentences::weigh(&texts, language);
    let mut value = graph.centrality();
    for (at, text) in texts.iter().enumerate() {
        value[at] += 0.2 / (1.0 + at as f32);
        let has_name = words::iter(text).skip(1).any(|word| word.is_capitalised());
        let has_number = words::iter(text).any(|word| word.is_number());
        value[at] += 0.1 * f32::from(u8::from(has_name)) + 0.05 * f32::from(u8::from(has_number));
        // "Coffee." and "17th." stand for nothing but themselves.
        match graph.vectors[at].len() {
            0 => value[at] = -1.0,
            1 => value[at] = (value[at] - 0.6).max(0.0),
            _ => {}
        }
    }
    let mut taken: Vec<usize> = Vec::new();
    let mut echo = vec![0f32; texts.len()];
    let mut chars = 0;
    loop {
        let next = (0..texts.len())
            .filter(|at| !taken.contains(at) && value[*at] >= 0.0)
            .filter(|at| taken.is_empty() || chars + texts[*at].len() < max_chars)
            .max_by(|a, b| {
                let gain = |at: usize| value[at] - 0.7 * echo[at];
                gain(*a).total_cmp(&gain(*b)).then(b.cmp(a))
            });
        let Some(next) = next.filter(|at| taken.is_empty() || echo[*at] < 0.7) else { break };
        if taken.is_empty() && texts[next].len() > max_chars {
            // Rather a shorter one that fits than one that does not.
            let fits =
                (0..texts.len()).filter(|at| texts[*at].len() <= max_chars && value[*at] >= 0.0);
            let shorter = fits.max_by(|a, b| value[*a].total_cmp(&value[*b]));
            if let Some(shorter) = shorter {
                taken.push(shorter);
                chars += texts[shorter].len() + 1;
                graph.raise(shorter, &mut echo);
                continue;
            }
            taken.push(next);
            break;
        }
        taken.push(next);
        chars += texts[next].len() + 1;
        graph.raise(next, &mut echo);
    }
    taken.sort_unstable();
    taken.into_iter().map(|at| sample[at]).collect()
}

/// Sentences as unit TF-IDF vectors, the sentences being the documents.
struct Sentences {
    /// Ordered, because adding in the order of a hash map would give another last digit on every run.
    vectors: Vec<BTreeMap<u32, f32>>,
}

impl Sentences {
    fn weigh(texts: &[&str], language: Option<Language>) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut frequency: Vec<u32> = Vec::new();
        let mut vectors: Vec<BTreeMap<u32, f32>> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut vector: BTreeMap<u32, f32> = BTreeMap::new();
            for stem in words::content_stems(&markdown::prose(text), language) {
                let next = numbers.len() as u32;
                let number = *numbers.entry(stem).or_insert(next);
                if number == next {
                    frequency.push(0);
                }
                *vector.entry(number).or_default() += 1.0;
            }
            for number in vector.keys() {
                frequency[*number as usize] += 1;
            }
            vectors.push(vector);
        }
        for vector in &mut vectors {
            for (number, weight) in vector.iter_mut() {
                *weight *= corpus::idf(texts.len() as u32, frequency[*number as usize]);
            }
            let length = vector.values().map(|x| x * x).sum::<f32>().sqrt().max(f32::EPSILON);
            vector.values_mut().for_each(|x| *x /= length);
        }
        Self { vectors }
    }

    fn cosine(&self, a: usize, b: usize) -> f32 {
        let (short, long) =
            if self.vectors[a].len() < self.vectors[b].len() { (a, b) } else { (b, a) };
        let other = &self.vectors[long];
        self.vectors[short].iter().filter_map(|(number, x)| other.get(number).map(|y| x * y)).sum()
    }

    /// Continuous LexRank with damping 0.85, scaled so that the most central sentence has 1.
    fn centrality(&self) -> Vec<f32> {
        let n = self.vectors.len();
        let mut edges: Vec<Vec<(usize, f32)>> = vec![Vec::new(); n];
        for a in 0..n {
            for b in a + 1..n {
                let weight = self.cosine(a, b);
                if weight > 0.05 {
                    edges[a].push((b, weight));
                    edges[b].push((a, weight));
                }
            }
        }
        let degree: Vec<f32> = edges.iter().map(|to| to.iter().map(|(_, w)| w).sum()).collect();
        let mut rank = vec![1f32; n];
        for _ in 0..20 {
            let mut next = vec![0.15f32; n];
            for (from, to) in edges.iter().enumerate() {
                for (other, weight) in to {
                    next[*other] += 0.85 * rank[from] * weight / degree[from];
                }
            }
            rank = next;
        }
        let top = rank.iter().copied().fold(f32::EPSILON, f32::max);
        rank.iter_mut().for_each(|x| *x /= top);
        rank
    }

    /// Notes how much of every sentence the taken one has said already.
    fn raise(&self, taken: usize, echo: &mut [f32]) {
        for (at, heard) in echo.iter_mut().enumerate() {
            *heard = heard.max(self.cosine(at, taken));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{corpus::Corpus, keyphrases};

    fn of(text: &str, language: Language) -> String {
        let phrases = keyphrases::extract(text, Some(language), &Corpus::new(), 8);
        title(text, Some(language), &phrases, &[])
    }

    #[test]
    fn a_heading_is_the_title() {
        assert_eq!(
            of("Some text first.\n\n## The **canal** run 🏃\n\nMore.", Language::English),
            "The canal run 🏃"
        );
        assert_eq!(
            of("```\n# not a heading\n```\n\n# Der Umzug.\n", Language::German),
            "Der Umzug"
        );
    }

    #[test]
    fn a_date_is_no_title() {
        assert_eq!(
            of("# Freitag, 3. Mai\nDer Umzug nach Leipzig ist geschafft.", Language::German),
            "Der Umzug nach Leipzig ist geschafft"
        );
    }

    #[test]
    fn the_central_clause_is_the_title() {
        let text = "Good morning! The grant letter is nearly done, after three weeks. Mira read the grant \
                    letter and liked it. Slept well.";
        let title = of(text, Language::English);
        assert!(title.to_lowercase().contains("grant letter"), "{title}");
        assert!(!title.contains("morning") && !title.ends_with('.'));
    }

    #[test]
    fn a_title_is_short_and_ends_with_a_word() {
        let text = "We spent the whole afternoon arguing about whether the old harbour crane should be \
                    painted green or left to rust beside the empty customs house";
        let title = of(text, Language::English);
        assert!(title.graphemes(true).count() <= TITLE, "{title}");
        assert!(text.contains(&format!("{title} ")), "{title}");
        let long = of(&"漢字".repeat(90), Language::Chinese);
        assert!(!long.is_empty() && long.graphemes(true).count() <= TITLE);
    }

    #[test]
    fn greetings_are_no_titles() {
        assert_eq!(
            of("Hallo Jonas!\nDer Umzug ist am Freitag.", Language::German),
            "Der Umzug ist am Freitag"
        );
        assert_eq!(
            of("Dear diary, the heron came back to the lock", Language::English),
            "The heron came back to the lock"
        );
    }

    #[test]
    fn no_markdown_is_left_over() {
        assert_eq!(
            of("- [ ] **call** [Mira](https://a.b) about [[Flat|the flat]]", Language::English),
            "Call Mira about the flat"
        );
        assert_eq!(
            of("- 09:15 repaired the garden gate", Language::English),
            "Repaired the garden gate"
        );
    }

    #[test]
    fn without_words_there_is_no_title() {
        assert_eq!(of("", Language::English), "");
        assert_eq!(of("--- ***", Language::English), "");
    }

    const DAY: [&str; 6] = [
        "The grant letter took all morning.",
        "Mira read the grant letter twice and wants a shorter budget.",
        "Coffee.",
        "The budget of the grant letter is due on 14 May.",
        "The grant letter took all of the morning.",
        "A heron stood at the lock.",
    ];

    #[test]
    fn a_summary_is_in_order_and_within_its_size() {
        for max in [40, 80, 120, 400] {
            let chosen = summarize(&DAY, Some(Language::English), max);
            assert!(!chosen.is_empty() && chosen.is_sorted());
            assert!(chosen.iter().map(|at| DAY[*at].len()).sum::<usize>() <= max);
        }
    }

    #[test]
    fn a_summary_does_not_repeat_itself() {
        let chosen = summarize(&DAY, Some(Language::English), 150);
        assert!(!(chosen.contains(&0) && chosen.contains(&4)), "{chosen:?}");
        assert!(chosen.contains(&1) || chosen.contains(&3));
    }

    #[test]
    fn nothing_gives_no_summary() {
        assert!(summarize(&[], None, 100).is_empty());
        assert!(summarize(&["...", ""], None, 100).is_empty());
        assert_eq!(summarize(&["a rather long sentence about herons"], None, 3), [0]);
    }
}
