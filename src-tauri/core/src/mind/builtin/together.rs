//! What several people decided or learnt together, told by cue words and by who said yes to what.

use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
    sync::LazyLock,
};

use super::tidy;
use crate::{
    mind::{Episode, Joint, NamedPerson, Passage, Stream},
    text::{language::Language, sentences, verbatim::Folded, words},
};

/// The most of one moment.
const MOST: usize = 4;
/// Characters of a sentence that can still be told as one thing.
const LONGEST: usize = 240;
/// Words of a message that says no more than yes.
const SHORT_YES: usize = 8;
/// Messages after a proposal among which somebody agrees to it.
const SOON: usize = 4;
/// Words before a cue within which a "not" turns it.
const NEAR: usize = 4;

/// The types of notes that tell of people who talked.
const TALKS: &[&str] = &["meeting", "conversation", "collaboration"];

/// Words that say that something was decided, agreed or learnt; folded.
const CUES: &str = "decided agreed settled concluded learned learnt realised realized discovered \
    entschieden beschlossen vereinbart geeinigt abgemacht ausgemacht verabredet festgelegt gelernt \
    herausgefunden festgestellt décidé décidée convenu appris découvert decidido decidimos acordado \
    acordamos aprendido aprendimos descubrimos deciso concordato imparato scoperto combinado aprendemos \
    besloten afgesproken geleerd ontdekt решили договорились узнали выяснили 决定 決定";

/// Words that turn what follows them, or stand for nothing at all.
const NOT: &str = "not never no nothing nobody neither without haven't hadn't hasn't didn't don't isn't \
    wasn't can't if whether unless nicht nie kein keine keinen nichts niemand ohne wenn ob falls pas \
    jamais rien si sans nunca nada sin non mai niente senza se niet geen nooit niets of не ни ничего если";

/// Words with which a message says yes.
const YES: &str = "yes yeah yep ok okay agreed deal sure perfect done fine great einverstanden ja gern \
    gerne passt abgemacht super klar genau prima oui d'accord parfait volontiers sí si vale claro \
    perfecto sì certo perfetto sim combinado akkoord prima goed да хорошо ладно давай 好 好的 はい";

/// Words with which a message says no.
const NO: &str = "no nope nah nein ne nee non nej нет rather lieber but aber mais pero ma maar но";

/// With which words something is proposed, folded.
const PROPOSALS: &[&str] = &[
    "let's",
    "lets",
    "let us",
    "shall we",
    "how about",
    "what about",
    "we could",
    "we should",
    "why don't we",
    "i suggest",
    "i propose",
    "lass uns",
    "lasst uns",
    "wollen wir",
    "sollen wir",
    "wie ware es",
    "wie ware",
    "wir konnten",
    "wir sollten",
    "ich schlage vor",
    "on pourrait",
    "si on",
    "je propose",
    "vamos a",
    "podriamos",
    "que tal si",
    "propongo",
    "facciamo",
    "potremmo",
    "zullen we",
    "laten we",
    "vamos",
    "давайте",
    "давай",
];

static ENDS: LazyLock<HashSet<String>> = LazyLock::new(|| set(CUES));
static TURNS: LazyLock<HashSet<String>> = LazyLock::new(|| set(NOT));
static AGREES: LazyLock<HashSet<String>> = LazyLock::new(|| set(YES));
static REFUSES: LazyLock<HashSet<String>> = LazyLock::new(|| set(NO));

fn set(list: &str) -> HashSet<String> {
    list.split_whitespace().map(|word| words::fold(word).into_owned()).collect()
}

/// Whether at least two people besides the person are there: who writes in a chat, who is named in a note.
pub(crate) fn is_group(episode: &Episode<'_>, people: &[NamedPerson]) -> bool {
    let authors = |is_own: Option<bool>| -> BTreeSet<&str> {
        let of = episode.passages.iter().filter(move |passage| passage.is_own == is_own);
        of.map(|passage| passage.author).filter(|author| !author.is_empty()).collect()
    };
    match episode.stream {
        // One of those whom nobody knows is the person.
        Stream::Chat => authors(Some(false)).len() + authors(None).len().saturating_sub(1) >= 2,
        Stream::Notes => people.len() >= 2,
        Stream::Assistant => false,
    }
}

/// The type of an episode in which several people came to something together, or did not.
pub(super) fn kind(stream: Stream, told: &str, has_insights: bool) -> &str {
    match (stream, told) {
        (Stream::Chat, "conversation") if has_insights => "collaboration",
        _ => told,
    }
}

/// What was decided or learnt together, in order; nothing where fewer than two people meet the person, or
/// where a note tells of something else than talk.
pub(super) fn of(
    episode: &Episode<'_>,
    people: &[NamedPerson],
    kind: &str,
    language: Option<Language>,
) -> Vec<Joint> {
    let is_talk = episode.stream == Stream::Chat || TALKS.contains(&kind);
    if !is_talk || !is_group(episode, people) {
        return Vec::new();
    }
    let mut found: Vec<Joint> = Vec::new();
    for (index, passage) in episode.passages.iter().enumerate() {
        for span in sentences::split(passage.text, language) {
            let sentence = &passage.text[span.clone()];
            let text = tidy(sentence);
            if text.is_empty()
                || text.chars().count() > LONGEST
                || sentence.trim_start().starts_with('#')
            {
                continue;
            }
            let mut places = vec![(index, trimmed(passage.text, span))];
            let is_told = tells_an_end(&text);
            if !is_told && episode.stream == Stream::Chat && proposes(&text) {
                places.extend(agreed(episode, index));
            }
            if is_told || places.len() > 1 {
                let text = by(episode.stream, passage, text);
                if !found.iter().any(|known| known.text == text) {
                    found.push(Joint { text, places });
                }
            }
        }
    }
    found.truncate(MOST);
    found
}

/// Who said so, where somebody else may have.
fn by(stream: Stream, passage: &Passage<'_>, text: String) -> String {
    if stream == Stream::Chat && !passage.author.is_empty() {
        format!("{}: {text}", passage.author)
    } else {
        text
    }
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let inner = &text[span.clone()];
    let start = span.start + inner.len() - inner.trim_start().len();
    start..start + inner.trim().len()
}

fn tells_an_end(sentence: &str) -> bool {
    if sentence.trim_end().ends_with(['?', '？']) {
        return false;
    }
    let all: Vec<String> =
        words::iter(sentence).map(|word| words::fold(word.text).replace('’', "'")).collect();
    all.iter().enumerate().any(|(at, word)| {
        let before = &all[at.saturating_sub(NEAR)..at];
        let is_turned = before.iter().any(|word| TURNS.contains(word));
        // "We decided nothing", but "we decided not to go".
        let is_empty = all.get(at + 1).is_some_and(|next| {
            ["nothing", "nichts", "rien", "nada", "niente", "niets", "ничего"]
                .contains(&next.as_str())
        });
        ENDS.contains(word) && !is_turned && !is_empty
    })
}

fn proposes(sentence: &str) -> bool {
    let folded: Vec<String> = words::iter(Folded::of(sentence).as_str())
        .map(|word| words::fold(word.text).replace('’', "'"))
        .collect();
    let all = format!(" {} ", folded.join(" "));
    PROPOSALS.iter().any(|cue| all.contains(&format!(" {cue} ")))
}

/// The message that says yes to the one at `index`, if somebody else says so soon and nobody says no first.
fn agreed(episode: &Episode<'_>, index: usize) -> Option<(usize, Range<usize>)> {
    let proposer = episode.passages[index].author;
    for (at, passage) in episode.passages.iter().enumerate().skip(index + 1).take(SOON) {
        if passage.author == proposer {
            continue;
        }
        let all: Vec<String> =
            words::iter(passage.text).map(|word| words::fold(word.text).into_owned()).collect();
        let says = |set: &HashSet<String>| all.iter().any(|word| set.contains(word));
        let Some(first) = all.first() else { continue };
        if REFUSES.contains(first) || TURNS.contains(first) && !AGREES.contains(first) {
            return None;
        }
        let is_yes = AGREES.contains(first)
            && all.len() <= SHORT_YES
            && !all[1..].iter().any(|word| REFUSES.contains(word))
            && !passage.text.trim_end().ends_with('?');
        if is_yes && says(&AGREES) {
            return Some((at, trimmed(passage.text, 0..passage.text.len())));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat<'a>(lines: &[(&'a str, &'a str)]) -> Episode<'a> {
        let passages = lines
            .iter()
            .map(|(author, text)| Passage { text, author, is_own: Some(*author == "me") })
            .collect();
        Episode { stream: Stream::Chat, heading: "Choir", passages }
    }

    fn told(lines: &[(&str, &str)]) -> Vec<String> {
        let episode = chat(lines);
        let found = of(&episode, &[], "conversation", None);
        for joint in &found {
            for (passage, range) in &joint.places {
                assert!(!episode.passages[*passage].text[range.clone()].is_empty());
            }
        }
        found.into_iter().map(|joint| joint.text).collect()
    }

    #[test]
    fn a_decision_among_several_people_is_told_with_who_said_it() {
        let lines = [
            ("Tomas", "We agreed on the early train."),
            ("Ilse", "Wir haben gelernt, dass der Leim nicht hält."),
            ("me", "Good."),
        ];
        let expected = [
            "Tomas: We agreed on the early train.",
            "Ilse: Wir haben gelernt, dass der Leim nicht hält.",
        ];
        assert_eq!(told(&lines), expected);
    }

    #[test]
    fn a_proposal_that_somebody_agrees_to_is_a_decision_with_both_as_evidence() {
        let lines = [
            ("Tomas", "Let's rehearse in the chapel on Friday."),
            ("Ilse", "Who has the key?"),
            ("me", "Yes, fine with me"),
        ];
        let found = of(&chat(&lines), &[], "conversation", None);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "Tomas: Let's rehearse in the chapel on Friday.");
        assert_eq!(found[0].places.iter().map(|place| place.0).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn what_was_refused_asked_or_not_decided_is_none() {
        for lines in [
            [("Tomas", "Let's rehearse on Friday."), ("Ilse", "No, I am away."), ("me", "Yes")],
            [("Tomas", "Have we agreed on a day?"), ("Ilse", "Hm."), ("me", "Hm.")],
            [("Tomas", "We haven't decided yet."), ("Ilse", "Hm."), ("me", "Hm.")],
            [("Tomas", "We talked and decided nothing."), ("Ilse", "Hm."), ("me", "Hm.")],
            [("Tomas", "Wir haben uns nicht geeinigt."), ("Ilse", "Hm."), ("me", "Hm.")],
            [("Tomas", "Let's go."), ("Tomas", "Yes"), ("Ilse", "Yes, but when is it and where?")],
        ] {
            assert_eq!(told(&lines), Vec::<String>::new(), "{lines:?}");
        }
    }

    #[test]
    fn to_decide_not_to_do_something_is_a_decision() {
        let lines = [("Tomas", "We decided not to sell it."), ("Ilse", "Right."), ("me", "Right.")];
        assert_eq!(told(&lines), ["Tomas: We decided not to sell it."]);
    }

    #[test]
    fn two_people_alone_are_no_group() {
        let lines = [("Tomas", "We agreed on the early train."), ("me", "Yes.")];
        assert_eq!(told(&lines), Vec::<String>::new());
        let unknown: Vec<Passage<'_>> = ["Tomas", "Ilse"]
            .map(|author| Passage { text: "We agreed.", author, is_own: None })
            .to_vec();
        let of_two = Episode { stream: Stream::Chat, heading: "", passages: unknown.clone() };
        assert!(!is_group(&of_two, &[]), "one of the two is the person");
        let third = Passage { text: "Yes.", author: "Hester", is_own: None };
        let of_three = Episode { passages: [unknown, vec![third]].concat(), ..of_two };
        assert!(is_group(&of_three, &[]));
    }

    #[test]
    fn a_note_of_a_meeting_with_two_others_is_read_too() {
        let text = "Met Hester and Tomas. We agreed to glue the second reed.";
        let passages = vec![Passage { text, author: "", is_own: Some(true) }];
        let episode = Episode { stream: Stream::Notes, heading: "", passages };
        let people: Vec<NamedPerson> = ["Hester", "Tomas"]
            .map(|name| NamedPerson { name: name.into(), mentions: Vec::new(), confidence: 1.0 })
            .to_vec();
        let found = of(&episode, &people, "meeting", None);
        assert_eq!(found[0].text, "We agreed to glue the second reed.");
        assert!(of(&episode, &people, "errand", None).is_empty());
        assert!(of(&episode, &people[..1], "meeting", None).is_empty());
    }
}
