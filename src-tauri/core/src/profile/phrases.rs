//! The sentences in which a profile is told without a model, in the languages that there are sentences for.
//! `{}` is the place of a list, a name or an hour.

use crate::text::language::Language;

/// The sentences of one language, plainly and to the person.
#[derive(Debug)]
pub(super) struct Phrases {
    /// Before the last of a list.
    pub(super) and: &'static str,
    /// What they were busy with.
    pub(super) busy: &'static str,
    /// What was more common than usual.
    pub(super) more: &'static str,
    /// Who was there most.
    pub(super) people: &'static str,
    /// With whom it was mostly good, and mostly hard.
    pub(super) good_with: &'static str,
    pub(super) hard_with: &'static str,
    /// Between which hours most happens.
    pub(super) hours: &'static str,
    /// On which weekday most happens.
    pub(super) weekday: &'static str,
    /// How they felt: mostly good, mixed, mostly hard.
    pub(super) moods: [&'static str; 3],
    /// Compared with the whole journal: better, worse.
    pub(super) than_usual: [&'static str; 2],
    /// Monday first.
    pub(super) weekdays: [&'static str; 7],
}

/// The sentences of a language; `None` where there are none.
pub(super) fn of(language: Language) -> Option<&'static Phrases> {
    Some(match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::Spanish => &SPANISH,
        Language::Italian => &ITALIAN,
        Language::Dutch => &DUTCH,
        _ => return None,
    })
}

static ENGLISH: Phrases = Phrases {
    and: " and ",
    busy: "Lately you have been busy with {}.",
    more: "More than usual you wrote about {}.",
    people: "The people around you most were {}.",
    good_with: "With {} it was mostly good.",
    hard_with: "With {} it was often hard.",
    hours: "Most of what you write about begins between {} and {}.",
    weekday: "Your fullest day was {}.",
    moods: [
        "When you wrote how you felt, it was mostly good",
        "When you wrote how you felt, it was mixed",
        "When you wrote how you felt, it was mostly hard",
    ],
    than_usual: ["better than usual", "harder than usual"],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

static GERMAN: Phrases = Phrases {
    and: " und ",
    busy: "Zuletzt ging es bei dir viel um {}.",
    more: "Mehr als sonst hast du geschrieben über: {}.",
    people: "Am meisten um dich waren {}.",
    good_with: "Mit {} war es meistens gut.",
    hard_with: "Mit {} war es oft schwer.",
    hours: "Das meiste, wovon du schreibst, beginnt zwischen {} und {} Uhr.",
    weekday: "Dein vollster Tag war der {}.",
    moods: [
        "Wenn du geschrieben hast, wie es dir ging, war es meistens gut",
        "Wenn du geschrieben hast, wie es dir ging, war es gemischt",
        "Wenn du geschrieben hast, wie es dir ging, war es meistens schwer",
    ],
    than_usual: ["besser als sonst", "schwerer als sonst"],
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
};

static FRENCH: Phrases = Phrases {
    and: " et ",
    busy: "Ces derniers temps, tu t’es beaucoup occupé de ceci : {}.",
    more: "Plus que d’habitude, tu as écrit sur ceci : {}.",
    people: "Les personnes les plus présentes autour de toi : {}.",
    good_with: "Avec {}, c’était le plus souvent bien.",
    hard_with: "Avec {}, c’était souvent difficile.",
    hours: "La plupart de ce que tu racontes commence entre {} et {}.",
    weekday: "Ton jour le plus rempli : le {}.",
    moods: [
        "Quand tu as écrit comment tu allais, c’était plutôt bien",
        "Quand tu as écrit comment tu allais, c’était mitigé",
        "Quand tu as écrit comment tu allais, c’était plutôt difficile",
    ],
    than_usual: ["mieux que d’habitude", "plus difficile que d’habitude"],
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
};

static SPANISH: Phrases = Phrases {
    and: " y ",
    busy: "Últimamente te has ocupado mucho de esto: {}.",
    more: "Más de lo habitual has escrito sobre esto: {}.",
    people: "Las personas más presentes a tu alrededor: {}.",
    good_with: "Con {} fue casi siempre bien.",
    hard_with: "Con {} fue a menudo difícil.",
    hours: "La mayor parte de lo que cuentas empieza entre las {} y las {}.",
    weekday: "Tu día más lleno: el {}.",
    moods: [
        "Cuando escribiste cómo te sentías, era casi siempre bien",
        "Cuando escribiste cómo te sentías, era de todo un poco",
        "Cuando escribiste cómo te sentías, era casi siempre difícil",
    ],
    than_usual: ["mejor de lo habitual", "más difícil de lo habitual"],
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
};

static ITALIAN: Phrases = Phrases {
    and: " e ",
    busy: "Ultimamente ti occupi molto di questo: {}.",
    more: "Più del solito hai scritto di questo: {}.",
    people: "Le persone più presenti intorno a te: {}.",
    good_with: "Con {} è andata quasi sempre bene.",
    hard_with: "Con {} è stato spesso difficile.",
    hours: "La maggior parte di ciò che racconti comincia tra le {} e le {}.",
    weekday: "Il tuo giorno più pieno: {}.",
    moods: [
        "Quando hai scritto come stavi, andava quasi sempre bene",
        "Quando hai scritto come stavi, era un po’ e un po’",
        "Quando hai scritto come stavi, era quasi sempre difficile",
    ],
    than_usual: ["meglio del solito", "più difficile del solito"],
    weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
};

static DUTCH: Phrases = Phrases {
    and: " en ",
    busy: "De laatste tijd was je veel bezig met {}.",
    more: "Meer dan anders schreef je over {}.",
    people: "De mensen die je het meest om je heen had: {}.",
    good_with: "Met {} was het meestal goed.",
    hard_with: "Met {} was het vaak moeilijk.",
    hours: "Het meeste waarover je schrijft begint tussen {} en {} uur.",
    weekday: "Je volste dag was {}.",
    moods: [
        "Als je schreef hoe het met je ging, was het meestal goed",
        "Als je schreef hoe het met je ging, was het wisselend",
        "Als je schreef hoe het met je ging, was het meestal moeilijk",
    ],
    than_usual: ["beter dan anders", "moeilijker dan anders"],
    weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
};
