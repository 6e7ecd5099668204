//! What kind of thing happened, told by cue words.

use std::{collections::HashMap, sync::LazyLock};

use super::Stream;
use crate::text::words;

/// The kinds of moments the built-in analyser tells apart.
pub const MOMENT_TYPES: &[&str] = &[
    "conversation",
    "assistant",
    "meeting",
    "work",
    "creative",
    "travel",
    "meal",
    "exercise",
    "reading",
    "rest",
    "health",
    "errand",
    "family",
    "celebration",
    "idea",
    "note",
];

/// Cue words, folded, English and German. A word stands in one list only, so that the order of the
/// lists decides nothing.
const CUES: &[(&str, &str)] = &[
    (
        "meeting",
        "meeting call standup interview appointment agenda besprechung termin sitzung telefonat \
         rehearsal workshop kickoff retro conference landlord",
    ),
    (
        "work",
        "worked working repaired glued tuned fixed finished shipped deployed invoice client order \
         estimate draft deadline office shop bench gearbeitet repariert geklebt gestimmt rechnung \
         auftrag entwurf büro werkstatt restored measured planed sanded merged refactored bug",
    ),
    (
        "creative",
        "painted drew sketched wrote poem composed photographed gemalt gezeichnet geschrieben gedicht \
         melody guitar piano sang",
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
        "celebration",
        "birthday wedding party anniversary celebrated concert service geburtstag hochzeit feier \
         gefeiert konzert christmas weihnachten",
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

/// The kind of an episode with this text.
pub(super) fn kind_of(stream: Stream, heading: &str, text: &str) -> &'static str {
    match stream {
        Stream::Chat => return "conversation",
        Stream::Assistant => return "assistant",
        Stream::Notes => {}
    }
    let mut votes: HashMap<&'static str, f32> = HashMap::new();
    for (words, weight) in [(heading, 2.0), (text, 1.0)] {
        for word in words::iter(words) {
            if let Some(kind) = BY_WORD.get(words::fold(word.text).as_ref()) {
                *votes.entry(kind).or_default() += weight;
            }
        }
    }
    // Equal votes go to the kind that stands first in the list, so that the same text is always the
    // same kind.
    let rank = |kind: &str| MOMENT_TYPES.iter().position(|k| *k == kind).unwrap_or(usize::MAX);
    votes
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| rank(b.0).cmp(&rank(a.0))))
        .map_or("note", |(kind, _)| kind)
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

    #[test]
    fn a_swim_is_exercise_and_a_note_without_cues_is_a_note() {
        assert_eq!(kind_of(Stream::Notes, "", "Swam eleven lengths, water very cold"), "exercise");
        assert_eq!(kind_of(Stream::Notes, "", "The pear tree has lost its leaves."), "note");
        assert_eq!(
            kind_of(Stream::Notes, "Besprechung", "Alles gesagt, nichts gelöst."),
            "meeting"
        );
    }
}
