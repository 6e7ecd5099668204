//! Reads feelings from words: which, how strong, and which words say so.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use vader_parity::SentimentIntensityAnalyzer;

use super::{
    feelings::FEELINGS,
    language::Language,
    lexicon::{self, Lexicon, Sense},
    markdown, sentences, words,
};

/// What a text says about how its writer feels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feeling {
    /// -1 unpleasant to 1 pleasant; 0 also if nothing was found.
    pub valence: f32,
    /// 0 still to 1 stirred; 0 if nothing was found.
    pub arousal: f32,
    /// The feelings found, strongest first.
    pub emotions: Vec<Emotion>,
    /// How many words, phrases and signs were read as cues. 0 means: nothing is known.
    pub n_cues: usize,
}

/// One feeling in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Emotion {
    /// One of [`FEELINGS`].
    pub label: &'static str,
    /// 0 to 1; one plain word gives about 0.6.
    pub weight: f32,
    /// The words that say so: byte ranges of the text.
    pub spans: Vec<Range<usize>>,
}

/// Reads the feelings in `text`. Code, addresses and front matter do not feel. Without a language,
/// only emoji and emoticons are read, and so in languages without a list.
///
/// Cues are weighed by what stands around them: negation, words such as "very" and "a bit", what
/// follows "but" (the rules and proportions of VADER, Hutto & Gilbert 2014), capitals, "!" and "?".
/// In English the valence of a sentence is the mean of ours and VADER's. A text without cues has
/// valence 0 and no emotions.
#[must_use]
pub fn read(text: &str, language: Option<Language>) -> Feeling {
    let prose = markdown::prose(text);
    let mut reading = Reading::default();
    for span in sentences::split_prose(&prose, text, language) {
        for piece in pieces(&prose, span) {
            reading.sentence(&prose[piece.clone()], piece.start, language);
        }
    }
    reading.finish()
}

/// A "sentence" longer than this many bytes is none; it is read in pieces.
const LONGEST: usize = 2_000;

fn pieces(prose: &str, span: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut from = span.start;
    while span.end - from > LONGEST {
        let mut to = from + LONGEST;
        while !prose.is_char_boundary(to) {
            to -= 1;
        }
        let cut = prose[from..to].rfind(' ').filter(|at| *at > 0).map_or(to, |at| from + at);
        pieces.push(from..cut);
        from = cut;
    }
    pieces.push(from..span.end);
    pieces
}

struct Cue {
    span: Range<usize>,
    sense: Sense,
    /// What the words around make of it; negative if it is denied.
    factor: f32,
}

#[derive(Default)]
struct Reading {
    /// Σ weight × score and Σ weight of the sentences with cues.
    valence: (f32, f32),
    arousal: (f32, f32),
    sums: [f32; FEELINGS.len()],
    spans: [Vec<Range<usize>>; FEELINGS.len()],
    n_cues: usize,
}

impl Reading {
    fn sentence(&mut self, sentence: &str, at: usize, language: Option<Language>) {
        let mut cues = signs_in(sentence);
        if let Some(language) = language
            && let Some(lexicon) = Lexicon::of(language)
        {
            words_in(sentence, language, lexicon, &mut cues);
        }
        let asks = sentence.trim_end().ends_with(['?', '？']);
        let shouts = sentence.matches(['!', '！']).count().min(3) as f32;
        let mut sum = 0.0;
        for cue in &cues {
            let factor = cue.factor * if asks { 0.6 } else { 1.0 };
            sum += cue.sense.valence * factor;
            let strength = cue.sense.weight * factor.abs();
            let feeling = cue.sense.feeling.filter(|_| factor > 0.0);
            let arousal = feeling.map_or(MIDDLING, |feeling| FEELINGS[feeling].arousal);
            self.arousal.0 += strength * (arousal + 0.08 * shouts).min(1.0);
            self.arousal.1 += strength;
            if let Some(feeling) = feeling {
                self.sums[feeling] += cue.sense.weight * factor;
                let span = at + cue.span.start..at + cue.span.end;
                if !self.spans[feeling].contains(&span) {
                    self.spans[feeling].push(span);
                }
            }
        }
        sum *= 1.0 + 0.1 * shouts;
        let mut score = sum / (sum * sum + SOFTNESS).sqrt();
        let mut n = cues.len();
        if language == Some(Language::English) {
            let vader = vader(sentence);
            if n == 0 && vader != 0.0 {
                n = 1;
                self.arousal.0 += 0.3 * MIDDLING;
                self.arousal.1 += 0.3;
            }
            score = VADER_SHARE * vader + (1.0 - VADER_SHARE) * score;
        }
        self.n_cues += n;
        if n > 0 {
            // What is said strongly colours the whole more than what is said in passing.
            let weight = 0.2 + score.abs();
            self.valence.0 += weight * score;
            self.valence.1 += weight;
        }
    }

    fn finish(mut self) -> Feeling {
        let mean = |(sum, weight): (f32, f32)| if weight > 0.0 { sum / weight } else { 0.0 };
        let mut emotions: Vec<Emotion> = Vec::new();
        for (feeling, placement) in FEELINGS.iter().enumerate() {
            let weight = 1.0 - (-self.sums[feeling]).exp();
            if weight >= FAINTEST {
                let mut spans = std::mem::take(&mut self.spans[feeling]);
                spans.sort_by_key(|span| span.start);
                emotions.push(Emotion { label: placement.label, weight, spans });
            }
        }
        emotions.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Feeling {
            valence: mean(self.valence).clamp(-1.0, 1.0),
            arousal: mean(self.arousal).clamp(0.0, 1.0),
            emotions,
            n_cues: self.n_cues,
        }
    }
}

/// The smoothing of a sentence's sum, as VADER's alpha; smaller because our words weigh at most 1.
const SOFTNESS: f32 = 1.0;
/// VADER's share in the valence of an English sentence.
const VADER_SHARE: f32 = 0.5;
/// The arousal of good or bad news that name no feeling.
const MIDDLING: f32 = 0.45;
/// A feeling weaker than this is not shown.
const FAINTEST: f32 = 0.15;

fn vader(sentence: &str) -> f32 {
    static VADER: LazyLock<SentimentIntensityAnalyzer> =
        LazyLock::new(SentimentIntensityAnalyzer::new);
    VADER.polarity_scores(sentence).compound as f32
}

fn signs_in(sentence: &str) -> Vec<Cue> {
    let signs = lexicon::signs();
    let mut cues = Vec::new();
    for found in signs.finder.find_iter(sentence) {
        let span = found.range();
        let is_typed = sentence.as_bytes()[span.start].is_ascii();
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        // "xD" in "boxDrawing" and ":/" in a path are not faces.
        if is_typed
            && (touches(sentence[..span.start].chars().next_back())
                || touches(sentence[span.end..].chars().next()))
        {
            continue;
        }
        cues.push(Cue { span, sense: signs.senses[found.pattern().as_usize()], factor: 1.0 });
    }
    cues
}

fn words_in(sentence: &str, language: Language, lexicon: &Lexicon, cues: &mut Vec<Cue>) {
    let tokens: Vec<_> = words::iter(sentence).collect();
    let folded: Vec<String> =
        tokens.iter().map(|word| words::fold(word.text).into_owned()).collect();
    let keys: Vec<String> = tokens.iter().map(|word| lexicon::key(word.text, language)).collect();
    let turn = folded.iter().rposition(|word| TURNS.contains(word.as_str()));
    let all_caps = !sentence.contains(char::is_lowercase);
    let mut at = 0;
    while at < keys.len() {
        let Some((n, senses)) = lexicon.find(&keys[at..], tokens[at].text) else {
            at += 1;
            continue;
        };
        let context = Context { sentence, tokens: &tokens, folded: &folded };
        let mut factor = context.factor(at, n);
        let word = tokens[at].text;
        if !all_caps && word.len() > 2 && !word.contains(char::is_lowercase) {
            factor *= 1.25;
        }
        if let Some(turn) = turn {
            factor *= if at < turn { 0.5 } else { 1.5 };
        }
        let span = tokens[at].span.start..tokens[at + n - 1].span.end;
        cues.extend(senses.into_iter().map(|sense| Cue { span: span.clone(), sense, factor }));
        at += n;
    }
}

struct Context<'a> {
    sentence: &'a str,
    tokens: &'a [words::Word<'a>],
    folded: &'a [String],
}

impl Context<'_> {
    /// What the neighbours make of the cue in words `at..at + n`.
    fn factor(&self, at: usize, n: usize) -> f32 {
        let mut factor = 1.0;
        let mut denied = false;
        let mut compares = false;
        for before in (at.saturating_sub(4)..at).rev() {
            if self.clause_ends_between(before, before + 1) {
                break;
            }
            let word = self.folded[before].as_str();
            let near = at - before <= 2;
            compares |= matches!(word, "so" | "this" | "such" | "more" | "better" | "solche");
            if near && STRONG.contains(word) {
                factor *= 1.3;
            } else if near && FAINT.contains(word) {
                factor *= 0.6;
            } else if is_negation(word) {
                // "never been so happy" is happy, "not only sad" is sad.
                let superlative = matches!(word, "never" | "nie" | "jamais" | "nunca") && compares;
                let only = self.folded.get(before + 1).is_some_and(|next| {
                    matches!(next.as_str(), "only" | "just" | "nur" | "seulement" | "solo")
                });
                denied |= !superlative && !only;
            }
        }
        // German, French and Spanish may deny behind the word: "ich freue mich nicht".
        for after in at + n..(at + n + 3).min(self.folded.len()) {
            if self.clause_ends_between(after - 1, after) {
                break;
            }
            if matches!(self.folded[after].as_str(), "nicht" | "pas" | "keineswegs") {
                let only = self.folded.get(after + 1).is_some_and(|next| next == "nur");
                denied |= !only;
            }
        }
        if denied { -0.5 * factor } else { factor }
    }

    fn clause_ends_between(&self, left: usize, right: usize) -> bool {
        self.sentence[self.tokens[left].span.end..self.tokens[right].span.start]
            .contains([',', ';', ':', '.', '!', '?', '(', ')', '–', '—', '，', '。'])
            || TURNS.contains(self.folded[right].as_str())
    }
}

fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(word) || word.ends_with("n't")
}

type Words = LazyLock<HashSet<&'static str>>;

static NEGATIONS: Words = LazyLock::new(|| {
    "not no never none nothing neither nor without hardly barely cannot cant dont didnt isnt wasnt \
     lack lacking lacked nicht kein keine keinen keinem keiner keinerlei nie niemals ohne kaum weder \
     ne pas jamais sans aucun aucune ni nunca sin ningun ninguna tampoco"
        .split_whitespace()
        .collect()
});

static STRONG: Words = LazyLock::new(|| {
    "very really so extremely incredibly super totally absolutely deeply completely utterly terribly \
     insanely truly especially most such sehr total extrem unglaublich richtig wirklich absolut \
     unheimlich wahnsinnig furchtbar besonders mega echt tres vraiment tellement extremement \
     muy tan realmente super sumamente"
        .split_whitespace()
        .collect()
});

static FAINT: Words = LazyLock::new(|| {
    "bit slightly somewhat little kinda sorta mildly partly almost fairly etwas bisschen leicht \
     wenig halbwegs einigermassen fast peu legerement presque poco algo ligeramente"
        .split_whitespace()
        .collect()
});

static TURNS: Words = LazyLock::new(|| {
    "but however although aber jedoch trotzdem dennoch allerdings mais pourtant cependant pero \
     sino embargo"
        .split_whitespace()
        .collect()
});

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn labels(text: &str, language: Language) -> Vec<&'static str> {
        read(text, Some(language)).emotions.into_iter().map(|emotion| emotion.label).collect()
    }

    fn valence(text: &str, language: Language) -> f32 {
        read(text, Some(language)).valence
    }

    use Language::{English, French, German, Spanish};

    #[test]
    fn nothing_is_invented() {
        for text in
            ["", "Met at nine in room 4.", "```\nlet happy = true;\n```", "https://happy.example"]
        {
            assert_eq!(read(text, Some(English)), Feeling::default(), "{text}");
        }
    }

    #[test]
    fn the_words_that_say_it_are_named() {
        let text = "**Grateful** for Mira, and so proud of the 🚀 talk";
        let feeling = read(text, Some(English));
        let words = |label: &str| -> Vec<&str> {
            let found = feeling.emotions.iter().find(|emotion| emotion.label == label).unwrap();
            found.spans.iter().map(|span| &text[span.clone()]).collect()
        };
        assert_eq!(words("grateful"), ["Grateful"]);
        assert_eq!(words("proud"), ["proud"]);
        assert!(feeling.valence > 0.4 && feeling.n_cues >= 3);
    }

    #[test]
    fn a_denied_feeling_is_not_felt() {
        assert!(labels("I am not happy about it", English).is_empty());
        assert!(valence("I am not happy about it", English) < 0.0);
        assert!(labels("Ich freue mich nicht", German).is_empty());
        assert!(valence("Ich bin nicht zufrieden", German) < 0.0);
        assert!(labels("Je ne suis pas content", French).is_empty());
        assert_eq!(labels("I can't wait for Friday", English), ["excited"]);
        assert!(labels("I have never been so happy", English).contains(&"joyful"));
    }

    #[test]
    fn strength_is_heard() {
        let plain = read("I was sad", Some(English)).emotions[0].weight;
        assert!(read("I was extremely sad", Some(English)).emotions[0].weight > plain);
        assert!(read("I was a bit sad", Some(English)).emotions[0].weight < plain);
        let said = read("ich war wütend", Some(German)).arousal;
        assert!(read("ich war wütend!!!", Some(German)).arousal > said);
    }

    #[test]
    fn what_follows_but_counts_more() {
        assert!(valence("The day was exhausting but wonderful", English) > 0.0);
        assert!(valence("Der Abend war schön, aber ich bin traurig", German) < 0.0);
    }

    #[test]
    fn other_languages_are_read_as_far_as_their_lists_go() {
        assert_eq!(labels("Ich bin so stolz auf Lena", German), ["proud"]);
        assert_eq!(labels("Je suis inquiète pour demain", French), ["worried"]);
        assert_eq!(labels("Estoy muy cansada", Spanish), ["tired"]);
        assert_eq!(labels("今天很好 😂", Language::Chinese), ["amused"]);
        assert_eq!(labels("الحمد لله ❤️", Language::Arabic), ["loving"]);
    }

    #[test]
    fn faces_are_not_seen_in_paths_and_names() {
        assert_eq!(read("see a:/b and boxD:c", None).n_cues, 0);
        assert_eq!(read("home :)", None).emotions[0].label, "joyful");
    }

    #[test]
    fn a_long_day_has_the_mood_of_its_strong_sentences() {
        let mut day = "Went to the office. Wrote the report. ".repeat(20);
        day.push_str("Then I was furious and hurt.");
        assert!(valence(&day, English) < -0.5);
    }
}
