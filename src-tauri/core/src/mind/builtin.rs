//! The built-in analyser: reads an episode without a model. The same episode gives the same description,
//! always.

mod brief;
mod together;
mod topics;

pub use brief::Brief;
pub(crate) use together::is_group;

use super::{
    Description, Episode, Felt, NamedPerson, OwnType, OwnTypes, Passage, Stream, kinds, outcome,
};
use crate::text::{
    corpus::Corpus,
    embed::Embedder,
    emotion::{self, Feeling},
    keyphrases::{self, Keyphrase},
    language::{self, Language},
    markdown,
    names::{self, KnownNames, NameKind},
    sentences, summary, tags, words,
};

/// Its name for people.
pub const NAME: &str = "built-in analyser";
/// Its name in hashes: another version may say something else of the same day.
pub const VERSION: &str = "builtin-1";

const SUMMARY_CHARS: usize = 280;
const MOST_TAGS: usize = 5;
const MOST_EMOTIONS: usize = 4;
/// An emotion weaker than this is not worth a word.
const FAINT: f32 = 0.12;

/// The built-in analyser with what it knows of this journal.
pub struct Builtin {
    corpus: Corpus,
    known: KnownNames,
    known_names: Vec<String>,
    own_types: OwnTypes,
}

impl Builtin {
    /// An analyser that weighs words by this journal's frequencies and knows these people.
    #[must_use]
    pub fn new(corpus: Corpus, people: &[String]) -> Self {
        let known = KnownNames::new(people.iter().map(|name| (name.as_str(), NameKind::Person)));
        let own_types = OwnTypes::default();
        Self { corpus, known, known_names: people.to_vec(), own_types }
    }

    /// The same analyser, which knows types of moments that the person registered or described.
    #[must_use]
    pub fn with_types(mut self, types: &[OwnType]) -> Self {
        self.own_types = OwnTypes::new(types, &self.corpus);
        self
    }

    /// The types of moments that the person registered or described.
    #[must_use]
    pub fn own_types(&self) -> &OwnTypes {
        &self.own_types
    }

    /// The word frequencies that it weighs by.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// A vector for a text, as [`Embedder::embed`].
    #[must_use]
    pub fn embed(&self, text: &str, language: Option<Language>) -> Vec<f32> {
        Embedder { corpus: &self.corpus }.embed(text, language)
    }

    /// Describes an episode. Everything it says stands in the episode's own words.
    #[must_use]
    pub fn describe(&self, episode: &Episode<'_>) -> Description {
        let whole = join(episode.passages.iter().map(|passage| told(passage.text)));
        // What others wrote is told, but it is the person's own words that say what it was like.
        let own = own_words(episode);
        let voice = if own.trim().is_empty() { &whole } else { &own };
        let language = language::detect(&whole, None);
        let phrases = keyphrases::extract(voice, language, &self.corpus, 12);
        let people = self.people(episode, language);
        let sentences = sentences_of(episode, language);
        let summary = summary_of(episode, &sentences, language, SUMMARY_CHARS);
        let feelings = feelings_of(episode, language);
        let (valence, arousal, emotions) = blend(&feelings);
        let by_words =
            kinds::kind_of(episode.stream, episode.heading, &whole, &self.own_types, language);
        let insights = together::of(episode, &people, by_words, language);
        let kind = together::kind(episode.stream, by_words, !insights.is_empty());
        let sayings: Vec<&str> = sentences.iter().map(|s| s.text.as_str()).collect();
        let marks = feelings
            .iter()
            .map(|(feeling, _)| {
                feeling.emotions.iter().flat_map(|felt| felt.spans.iter().cloned()).collect()
            })
            .collect();
        Description {
            title: self.title(episode, voice, language, &phrases, &people),
            summary,
            outcome: outcome::of(&sayings),
            moment_type: kind.into(),
            insights,
            language,
            tags: tags_of(&phrases, &people, &feeling_words(episode, &feelings)),
            confidence: confidence(&sayings, &emotions),
            people,
            emotions,
            valence,
            arousal,
            marks,
            starts: None,
            ends: None,
        }
    }

    /// Who is there or spoken of, with where each is named.
    #[must_use]
    pub fn people(&self, episode: &Episode<'_>, language: Option<Language>) -> Vec<NamedPerson> {
        let mut people: Vec<NamedPerson> = Vec::new();
        for passage in &episode.passages {
            let is_other = passage.is_own != Some(true) && episode.stream == Stream::Chat;
            if is_other && !passage.author.is_empty() {
                person(&mut people, passage.author, 1.0);
            }
        }
        for (index, passage) in episode.passages.iter().enumerate() {
            for found in names::find(passage.text, language, &self.known) {
                if found.kind != NameKind::Person {
                    continue;
                }
                let name = found
                    .known
                    .and_then(|number| self.known_names.get(number))
                    .map_or(found.text.as_str(), String::as_str);
                let entry = person(&mut people, name, found.confidence);
                entry.confidence = entry.confidence.max(found.confidence);
                entry.mentions.push((index, found.span));
            }
        }
        people.truncate(12);
        people
    }

    fn title(
        &self,
        episode: &Episode<'_>,
        voice: &str,
        language: Option<Language>,
        phrases: &[Keyphrase],
        people: &[NamedPerson],
    ) -> String {
        if episode.stream == Stream::Notes
            && let Some(heading) = telling(episode.heading)
        {
            return heading;
        }
        if episode.stream == Stream::Assistant
            && let Some(heading) = telling(episode.heading)
        {
            return heading;
        }
        let found = names::find(voice, language, &self.known);
        let title = summary::title(voice, language, phrases, &found);
        if !title.is_empty() {
            return title;
        }
        match (people.first(), telling(episode.heading)) {
            (Some(person), _) => person.name.clone(),
            (None, Some(heading)) => heading,
            (None, None) => "Without words".into(),
        }
    }
}

fn join<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join("\n\n")
}

fn own_words(episode: &Episode<'_>) -> String {
    let own = episode.passages.iter().filter(|passage| passage.is_own != Some(false));
    join(own.map(|passage| without_closing_tags(told(passage.text))))
}

/// A passage without the headings it begins with: they name what follows and are looked at apart.
fn told(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') && rest.trim_start_matches('#').starts_with(' ') {
        match rest.split_once('\n') {
            Some((_, after)) => rest = after.trim_start(),
            // Nothing but a heading: then that is what was written.
            None => return text,
        }
    }
    if rest.is_empty() { text } else { rest }
}

fn person<'a>(
    people: &'a mut Vec<NamedPerson>,
    name: &str,
    confidence: f32,
) -> &'a mut NamedPerson {
    let at = people.iter().position(|known| known.name == name).unwrap_or_else(|| {
        people.push(NamedPerson { name: name.into(), mentions: Vec::new(), confidence });
        people.len() - 1
    });
    &mut people[at]
}

/// A heading that names what happened, without clock times; `None` for one that is only a date or time.
pub(crate) fn telling(heading: &str) -> Option<String> {
    let plain = markdown::plain(heading);
    let kept: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| !word.chars().any(|c| c.is_ascii_digit()))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let says = kept.iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        word.chars().count() > 2 && !CALENDAR.contains(&word.as_str())
    });
    if !says {
        return None;
    }
    let has_time = plain
        .split_whitespace()
        .next()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    Some(if has_time { kept.join(" ") } else { plain.trim().to_owned() })
}

/// Words of dates and times of day, English and German.
const CALENDAR: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "morning",
    "noon",
    "afternoon",
    "evening",
    "night",
    "morgen",
    "morgens",
    "vormittag",
    "mittag",
    "nachmittag",
    "abend",
    "abends",
    "nacht",
    "today",
    "heute",
    "journal",
    "daily",
    "note",
    "notes",
    "log",
    "diary",
    "tagebuch",
    "notizen",
    "the",
    "and",
    "und",
];

struct Sentence {
    passage: usize,
    text: String,
}

/// What can be told: the sentences of people, not what an assistant wrote.
fn sentences_of(episode: &Episode<'_>, language: Option<Language>) -> Vec<Sentence> {
    let mut all = Vec::new();
    for (index, passage) in episode.passages.iter().enumerate() {
        if episode.stream == Stream::Assistant && passage.is_own == Some(false) {
            continue;
        }
        let offset = passage.text.len() - told(passage.text).len();
        for span in sentences::split(passage.text, language) {
            let raw = &passage.text[span.clone()];
            let text = tidy(raw);
            let is_heading = span.start < offset;
            if !is_heading && !is_only_tags(raw) && n_words(&text) > 0 {
                all.push(Sentence { passage: index, text });
            }
        }
    }
    all
}

fn n_words(text: &str) -> usize {
    words::iter(text).filter(|word| word.text.chars().any(char::is_alphabetic)).count()
}

/// "#harmonium #dad" says what a note is about and tells nothing.
fn is_only_tags(sentence: &str) -> bool {
    sentence.split_whitespace().all(|word| word.starts_with('#'))
}

/// A sentence of a note as prose: without Markdown, list marks and the clock time it began with.
fn tidy(sentence: &str) -> String {
    // A sentence may hold one half of an emphasis or a link, which then is no Markdown.
    let plain = markdown::plain(without_closing_tags(sentence));
    let plain = plain.replace('*', "").replace("[[", "").replace("]]", "");
    let plain = plain.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '*' | '+' | '>' | '#' | '•')
    });
    let mut tidy = String::with_capacity(plain.len());
    for word in without_time(plain).split_whitespace() {
        // Where a link or an emphasis ended, its mark leaves a gap before the full stop.
        let closes = word.starts_with(['.', ',', ';', '!', '?', ')']) && !word.starts_with("...");
        if !tidy.is_empty() && !closes {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// Tags at the end of a sentence file it and are no part of it.
fn without_closing_tags(sentence: &str) -> &str {
    let mut kept = sentence.trim_end();
    while let Some(at) = kept.rfind(char::is_whitespace) {
        let last = kept[at..].trim_start();
        if !last.starts_with('#') || last.len() < 2 {
            break;
        }
        kept = kept[..at].trim_end();
    }
    kept
}

fn without_time(text: &str) -> &str {
    let is_time =
        |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '–' | '—' | '-' | ' ' | '[' | ']');
    let end = text.find(|c| !is_time(c)).unwrap_or(0);
    let (time, rest) = text.split_at(end);
    // "14:05 called" has a time before it, "3 letters" and "1926 was" have not.
    if time.contains(':') && time.ends_with([' ', ']']) {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"\"“„‚‘'«(".contains(c))
    } else {
        text
    }
}

fn summary_of(
    episode: &Episode<'_>,
    sentences: &[Sentence],
    language: Option<Language>,
    most: usize,
) -> String {
    // "3rd." and "Cold." tell nothing beside sentences that do.
    let tells = |sentence: &&Sentence| n_words(&sentence.text) > 1;
    let mut telling: Vec<&Sentence> = sentences.iter().filter(tells).collect();
    if telling.is_empty() {
        telling = sentences.iter().collect();
    }
    let texts: Vec<&str> = telling.iter().map(|sentence| sentence.text.as_str()).collect();
    let chosen = summary::summarize(&texts, language, most);
    let mut told = String::new();
    let mut speaker = "";
    for index in chosen {
        let sentence = telling[index];
        let passage: &Passage<'_> = &episode.passages[sentence.passage];
        if !told.is_empty() {
            told.push(' ');
        }
        let is_said = episode.stream == Stream::Chat && !passage.author.is_empty();
        if is_said && speaker != passage.author {
            told.push_str(passage.author);
            told.push_str(": ");
        }
        speaker = passage.author;
        told.push_str(&sentence.text);
        // What was written as a line of a list ends like a sentence.
        if sentence.text.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
            told.push('.');
        }
    }
    told
}

/// What each passage says of feelings, and how much it counts for the person's own mood.
fn feelings_of(episode: &Episode<'_>, language: Option<Language>) -> Vec<(Feeling, f32)> {
    episode
        .passages
        .iter()
        .map(|passage| {
            let counts = match (episode.stream, passage.is_own) {
                (_, Some(true)) => 1.0,
                // Nobody knows which of the two the owner is: half of what is felt may be theirs.
                (Stream::Chat, None) => 0.5,
                _ => 0.0,
            };
            let language = language::detect(passage.text, language);
            let feeling = if counts > 0.0 {
                emotion::read(passage.text, language)
            } else {
                Feeling::default()
            };
            (feeling, counts)
        })
        .collect()
}

fn blend(feelings: &[(Feeling, f32)]) -> (f32, f32, Vec<Felt>) {
    let mut sum = (0.0_f32, 0.0_f32, 0.0_f32);
    let mut emotions: Vec<Felt> = Vec::new();
    for (feeling, counts) in feelings.iter().filter(|(feeling, _)| feeling.n_cues > 0) {
        let weight = counts * (feeling.n_cues as f32).sqrt();
        sum = (sum.0 + feeling.valence * weight, sum.1 + feeling.arousal * weight, sum.2 + weight);
        for felt in &feeling.emotions {
            let strength = felt.weight * counts.sqrt();
            match emotions.iter_mut().find(|known| known.label == felt.label) {
                // Said twice is felt more, but never more than wholly.
                Some(known) => known.weight += (1.0 - known.weight) * strength * 0.6,
                None => emotions.push(Felt { label: felt.label.into(), weight: strength }),
            }
        }
    }
    if sum.2 == 0.0 {
        return (0.0, 0.0, Vec::new());
    }
    emotions.retain(|felt| felt.weight >= FAINT);
    emotions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.label.cmp(&b.label)));
    emotions.truncate(MOST_EMOTIONS);
    (sum.0 / sum.2, sum.1 / sum.2, emotions)
}

/// The words that say what was felt: a mood's, not a topic's.
fn feeling_words(episode: &Episode<'_>, feelings: &[(Feeling, f32)]) -> Vec<String> {
    let spans = |feeling: &Feeling| -> Vec<_> {
        feeling.emotions.iter().flat_map(|felt| felt.spans.clone()).collect()
    };
    let of = |(passage, (feeling, _)): (&Passage<'_>, &(Feeling, f32))| -> Vec<String> {
        spans(feeling).into_iter().map(|span| tags::tag_key(&passage.text[span])).collect()
    };
    episode.passages.iter().zip(feelings).flat_map(of).collect()
}

fn tags_of(phrases: &[Keyphrase], people: &[NamedPerson], felt: &[String]) -> Vec<String> {
    topics_of(phrases, people, felt).into_iter().map(|(tag, _)| tag).collect()
}

/// The best phrases as tags and as people write them, without those that only name people (who are kept
/// as people).
fn topics_of<'p>(
    phrases: &'p [Keyphrase],
    people: &[NamedPerson],
    felt: &[String],
) -> Vec<(String, &'p str)> {
    let mut chosen: Vec<(String, &str)> = Vec::new();
    for phrase in phrases {
        let is_person = people.iter().any(|person| {
            let name = person.name.to_lowercase();
            phrase.text.to_lowercase().split_whitespace().all(|word| name.contains(word))
        });
        let tag = tags::tag_key(&phrase.text);
        let says = tag.starts_with(char::is_alphabetic) && !TITLES.contains(&tag.as_str());
        let is_chosen = chosen.iter().any(|(known, _)| *known == tag);
        if !is_person && says && !felt.contains(&tag) && !is_chosen {
            chosen.push((tag, &phrase.text));
        }
        if chosen.len() == MOST_TAGS {
            break;
        }
    }
    chosen
}

/// How people are addressed; no topics.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "sir",
    "lord",
    "lady",
    "madam",
    "herr",
    "frau",
    "fräulein",
    "monsieur",
    "madame",
    "señor",
    "señora",
];

/// More text and clear feelings make a description surer; it is never sure.
fn confidence(sentences: &[&str], emotions: &[Felt]) -> f32 {
    let told = (sentences.len() as f32 / 6.0).min(1.0);
    let felt = emotions.first().map_or(0.0, |felt| felt.weight);
    0.35 + 0.3 * told + 0.15 * felt
}
