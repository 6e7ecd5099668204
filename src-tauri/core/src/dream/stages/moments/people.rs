//! Who of those that a model names is really there: an author, or a name that stands in the text.

use super::check::Shown;
use crate::{
    dream::stages::parts,
    mind::{
        NamedPerson,
        answer::{Remark, Remarks},
    },
    text::{clean, verbatim::Folded, words},
};

const MOST: usize = 12;
/// Characters of a name.
const MOST_NAME: usize = 60;
/// Mentions of one name in one passage.
const MOST_MENTIONS: usize = 20;
/// From here on the built-in analyser is as sure as of a name it was told.
const KNOWN: f32 = 0.95;
/// How sure a name is that a model gave and the text has.
const NAMED: f32 = 0.8;

/// Words for somebody that are no name.
const NOBODY: &[&str] = &[
    "user",
    "assistant",
    "narrator",
    "keeper",
    "writer",
    "author",
    "speaker",
    "somebody",
    "someone",
    "nobody",
    "everyone",
    "people",
    "friend",
    "person",
    "unknown",
    "me",
    "myself",
    "ich",
    "nutzer",
];

/// The people of the passages shown, with the places of their names in the whole episode. The built-in
/// analyser knows names and authors; the model says who else of the text is a person.
pub(super) fn check(shown: &Shown<'_>, said: &[String], remarks: &mut Remarks) -> Vec<NamedPerson> {
    let seen = parts::episode_of(shown.episode, shown.slices);
    let (mut people, mut guesses): (Vec<_>, Vec<_>) = shown
        .builtin
        .people(&seen, shown.language)
        .into_iter()
        .partition(|person| person.confidence >= KNOWN);
    for name in said {
        let name = clean::visible(name).split_whitespace().collect::<Vec<_>>().join(" ");
        let name = clean::cut(bare(&name).trim_end_matches(['\'', '’']), MOST_NAME);
        if is_own(shown, &name) {
            continue;
        }
        if !is_name(&name) {
            remarks.add(Remark::UnknownPerson);
            continue;
        }
        if people.iter().any(|known| is_same(&known.name, &name)) {
            continue;
        }
        if let Some(at) = guesses.iter().position(|guess| is_same(&guess.name, &name)) {
            let mut person = guesses.swap_remove(at);
            person.confidence = person.confidence.max(NAMED);
            people.push(person);
            continue;
        }
        match found(shown, &name) {
            Some(mentions) => people.push(NamedPerson { name, mentions, confidence: NAMED }),
            None => remarks.add(Remark::UnknownPerson),
        }
    }
    people.truncate(MOST);
    for person in &mut people {
        for (index, range) in &mut person.mentions {
            let slice = &shown.slices[*index];
            *range = slice.range.start + range.start..slice.range.start + range.end;
            *index = slice.passage;
        }
    }
    people
}

fn is_own(shown: &Shown<'_>, name: &str) -> bool {
    let own = shown.episode.passages.iter().filter(|passage| passage.is_own == Some(true));
    own.map(|passage| passage.author).any(|author| !author.is_empty() && is_same(author, name))
}

/// Whether two names name one person: the same words, or one is a part of the other.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (parts_of(a), parts_of(b));
    !a.is_empty()
        && !b.is_empty()
        && (a.iter().all(|word| b.contains(word)) || b.iter().all(|word| a.contains(word)))
}

fn parts_of(name: &str) -> Vec<String> {
    words::iter(name).map(|word| bare(&words::fold(word.text)).to_owned()).collect()
}

fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// Names begin with a capital where a script has them, and are more than grammar.
fn is_name(name: &str) -> bool {
    let words = parts_of(name);
    let is_empty_word =
        |word: &String| NOBODY.contains(&word.as_str()) || words::is_stop_word(word, None);
    !words.is_empty() && !name.starts_with(char::is_lowercase) && !words.iter().all(is_empty_word)
}

type Mentions = Vec<(usize, std::ops::Range<usize>)>;

/// Where a name stands in the slices; empty for an author who is not named; `None` for nobody.
fn found(shown: &Shown<'_>, name: &str) -> Option<Mentions> {
    let mut mentions = Mentions::new();
    for (index, text) in shown.folded().iter().enumerate() {
        mentions.extend(text.find_name(name, MOST_MENTIONS).into_iter().map(|at| (index, at)));
    }
    if mentions.is_empty() {
        mentions = inflected(shown, name);
    }
    let by = |name: &str| {
        let mut seen =
            shown.slices.iter().map(|slice| shown.episode.passages[slice.passage].author);
        seen.any(|author| {
            !author.is_empty() && Folded::of(author).as_str() == Folded::of(name).as_str()
        })
    };
    (!mentions.is_empty() || by(name)).then_some(mentions)
}

/// A name of one word in another case: "с Ильёй" for "Илья", where the language's stems are known.
fn inflected(shown: &Shown<'_>, name: &str) -> Mentions {
    if words::iter(name).count() != 1 || name.chars().count() < 4 {
        return Mentions::new();
    }
    let stem = words::stem(name, shown.language);
    let mut mentions = Mentions::new();
    for (index, text) in shown.texts().iter().enumerate() {
        let same = words::iter(text)
            .filter(|word| word.is_capitalised() && words::stem(word.text, shown.language) == stem)
            .map(|word| (index, word.span));
        mentions.extend(same.take(MOST_MENTIONS));
    }
    mentions
}
