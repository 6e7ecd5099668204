//! What kind of thing happened, told by cue words.

use std::{collections::HashMap, sync::LazyLock};

use super::{Stream, own_types::OwnTypes};
use crate::text::{language::Language, words};

/// The types of moments of every journal. What a person adds to them is in [`OwnTypes`].
pub const MOMENT_TYPES: &[&str] = &[
    "conversation",
    "assistant",
    "meeting",
    "collaboration",
    "debugging",
    "work_session",
    "planning",
    "learning",
    "writing",
    "creative",
    "travel",
    "meal",
    "exercise",
    "reading",
    "rest",
    "health",
    "errand",
    "family",
    "social",
    "celebration",
    "reflection",
    "prediction",
    "idea",
    "other",
];

/// The type of what shows no other.
pub const OTHER: &str = "other";

/// Cue words, folded, English and German. A word stands in one list only, so that the order of the
/// lists decides nothing.
const CUES: &[(&str, &str)] = &[
    (
        "meeting",
        "meeting call standup interview appointment agenda besprechung termin sitzung telefonat \
         rehearsal workshop kickoff retro conference landlord",
    ),
    (
        "collaboration",
        "collaborated collaborating collaboration paired pairing jointly brainstormed brainstorming \
         zusammengearbeitet zusammenarbeit gemeinschaftlich",
    ),
    (
        "debugging",
        "bug bugs debug debugged debugging traceback stacktrace crash crashed crashes regression \
         breakpoint fehlersuche absturz",
    ),
    (
        "work_session",
        "worked working repaired glued tuned fixed finished shipped deployed invoice client order \
         estimate deadline office shop bench gearbeitet repariert geklebt gestimmt rechnung \
         auftrag büro werkstatt restored measured planed sanded merged refactored",
    ),
    (
        "planning",
        "plan plans planned planning schedule scheduled roadmap todo budget milestones geplant planung \
         zeitplan vorhaben",
    ),
    (
        "learning",
        "learned learnt learning studied studying course lesson lecture tutorial exam vocabulary \
         practised gelernt studiert unterricht vorlesung prüfung vokabeln lektion",
    ),
    (
        "writing",
        "wrote draft drafted essay blog manuscript paragraph poem geschrieben gedicht entwurf aufsatz \
         manuskript",
    ),
    (
        "creative",
        "painted drew sketched composed photographed gemalt gezeichnet melody guitar piano sang",
    ),
    (
        "travel",
        "train flight airport station bus ferry drove trip journey arrived departed zug bahnhof \
         flughafen reise fahrt angekommen abgefahren hotel luggage walked road",
    ),
    (
        "meal",
        "breakfast lunch dinner supper cooked ate soup coffee cake restaurant dined frühstück \
         mittagessen abendessen gekocht gegessen suppe kaffee kuchen",
    ),
    (
        "exercise",
        "swim swam ran run gym yoga cycled hike hiked climbed lengths kilometres geschwommen \
         gelaufen joggen wandern radtour lake",
    ),
    ("reading", "read reading book chapter novel page article gelesen buch kapitel roman author"),
    ("rest", "slept nap rested sleepless bed geschlafen müde wach pillow dream dreamt sofa"),
    (
        "health",
        "doctor hospital surgery operation fever pain dentist medicine arzt krankenhaus klinik \
         fieber schmerzen zahnarzt physio ill sick krank",
    ),
    (
        "errand",
        "bought shopping bank post letter rent laundry cleaned groceries eingekauft miete brief \
         aufgeräumt wäsche parcel bill",
    ),
    (
        "family",
        "dad mum mother father sister brother papa mama mutter vater schwester bruder wife husband \
         daughter son kids",
    ),
    (
        "social",
        "friends visited visit visitors guests invited pub freunde besuch besucht eingeladen gäste \
         kneipe",
    ),
    (
        "celebration",
        "birthday wedding party anniversary celebrated concert service geburtstag hochzeit feier \
         gefeiert konzert christmas weihnachten",
    ),
    (
        "reflection",
        "reflected reflecting reflection realised realized regret meaning nachgedacht bereue \
         erkenntnis",
    ),
    (
        "prediction",
        "predict predicted prediction forecast bet wager vorhersage prognose wette prophezeie",
    ),
    ("idea", "idea ideas maybe wonder imagine idee ideen vielleicht someday"),
];

static BY_WORD: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    CUES.iter()
        .flat_map(|(kind, list)| {
            list.split_whitespace().map(|word| (words::fold(word).into_owned(), *kind))
        })
        .collect()
});

/// The score from which words of a type of the person's own tell it where people talk: two plain signs,
/// because talk is a conversation first.
const PLAIN_IN_TALK: f32 = 3.0;
/// The score from which they tell it in a note.
const PLAIN: f32 = 1.0;

/// The type of an episode with this text.
pub(super) fn kind_of<'a>(
    stream: Stream,
    heading: &str,
    text: &str,
    own: &'a OwnTypes,
    language: Option<Language>,
) -> &'a str {
    let own_votes = own.votes(&[(heading, 2.0), (text, 1.0)], language);
    let fallback = match stream {
        Stream::Chat => "conversation",
        Stream::Assistant => "assistant",
        Stream::Notes => OTHER,
    };
    if stream != Stream::Notes {
        let best = own_votes
            .into_iter()
            .filter(|(name, score)| *score >= PLAIN_IN_TALK && !MOMENT_TYPES.contains(name));
        return first_best(best).unwrap_or(fallback);
    }
    let mut votes: HashMap<&str, f32> = HashMap::new();
    for (words, weight) in [(heading, 2.0), (text, 1.0)] {
        for word in words::iter(words) {
            if let Some(kind) = BY_WORD.get(words::fold(word.text).as_ref()) {
                *votes.entry(kind).or_default() += weight;
            }
        }
    }
    // The person's own types stand first: where two are told as plainly, theirs is meant.
    let mut all: Vec<(&str, f32)> = Vec::new();
    for (name, score) in own_votes {
        if MOMENT_TYPES.contains(&name) {
            *votes.entry(name).or_default() += score;
        } else if score >= PLAIN {
            all.push((name, score));
        }
    }
    // Equal votes go to the type that stands first in the list, so that the same text is always of the
    // same type.
    all.extend(MOMENT_TYPES.iter().filter_map(|kind| Some((*kind, *votes.get(kind)?))));
    first_best(all.into_iter()).unwrap_or(fallback)
}

fn first_best<'a>(votes: impl Iterator<Item = (&'a str, f32)>) -> Option<&'a str> {
    let better = |best: (&'a str, f32), next: (&'a str, f32)| {
        if next.1 > best.1 { next } else { best }
    };
    votes.filter(|(_, score)| *score > 0.0).reduce(better).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cue_word_stands_for_two_kinds() {
        let mut seen = HashMap::new();
        for (kind, list) in CUES {
            for word in list.split_whitespace() {
                if let Some(other) = seen.insert(words::fold(word).into_owned(), kind) {
                    panic!("“{word}” stands for {other} and for {kind}");
                }
            }
        }
    }

    fn of(heading: &str, text: &str) -> String {
        kind_of(Stream::Notes, heading, text, &OwnTypes::default(), None).to_owned()
    }

    #[test]
    fn every_cue_word_stands_for_a_type_of_the_list() {
        for (kind, _) in CUES {
            assert!(MOMENT_TYPES.contains(kind), "{kind}");
        }
    }

    #[test]
    fn a_swim_is_exercise_and_a_note_without_cues_is_something_other() {
        assert_eq!(of("", "Swam eleven lengths, water very cold"), "exercise");
        assert_eq!(of("", "The pear tree has lost its leaves."), "other");
        assert_eq!(of("Besprechung", "Alles gesagt, nichts gelöst."), "meeting");
    }

    #[test]
    fn each_type_of_the_common_list_is_found() {
        for (text, kind) in [
            ("Repaired the bellows at the bench.", "work_session"),
            ("Standup with everybody.", "meeting"),
            ("Studied vocabulary for the exam.", "learning"),
            ("The crash is a regression, found by a breakpoint.", "debugging"),
            ("Made a schedule and a budget.", "planning"),
            ("Wrote an essay.", "writing"),
            ("Guests, old friends among them.", "social"),
            ("A nap on the sofa.", "rest"),
            ("The ferry departed late.", "travel"),
            ("Reflected on what I regret.", "reflection"),
            ("Brainstormed jointly on the choir.", "collaboration"),
            ("A bet: my forecast is snow.", "prediction"),
        ] {
            assert_eq!(of("", text), kind, "{text}");
        }
    }
}
