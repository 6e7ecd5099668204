//! What a question wants to know, told by rule from its words: English and German. Dates have been taken out
//! of it before.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    api::{ask::AskIntent, periods::PeriodKind},
    text::{
        feelings::placement,
        language::{self, Language},
        words,
    },
};

/// What was understood of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Understood {
    pub(super) intent: AskIntent,
    /// What it is about, as it was typed; may be empty.
    pub(super) subject: String,
    /// The feeling that is asked about, one of the journal's.
    pub(super) feeling: Option<&'static str>,
    /// Whether the least is asked about: "when am I least productive?"
    pub(super) is_least: bool,
    /// The span that "my week" means.
    pub(super) period: Option<PeriodKind>,
    /// The language to answer in: German, or English for everything else.
    pub(super) is_german: bool,
}

/// Patterns in the order in which they are tried. What a group `s` holds is the subject.
const PATTERNS: &[(AskIntent, &str)] = &[
    // How it ended comes with the last time.
    (AskIntent::Last, r"when did (?:i|we) last (?P<s>.+)"),
    (AskIntent::Last, r"when did (?:i|we) (?P<s>.+?) (?:last|the last time)\b"),
    (AskIntent::Last, r"when was the last time (?:that )?(?:i|we) (?P<s>.+)"),
    (
        AskIntent::Last,
        r"(?:what was|what's|what is) the (?:last )?(?:outcome|result|end) of (?P<s>.+)",
    ),
    (AskIntent::Last, r"how did (?P<s>.+?) (?:end|turn out)\b"),
    (AskIntent::Last, r"\b(?:the )?last time (?:i|we) (?P<s>.+)"),
    (
        AskIntent::Last,
        r"wann (?:hab|habe|haben|bin|sind|war|waren) (?:ich|wir) (?:zuletzt|das letzte mal|zum letzten mal) (?P<s>.+)",
    ),
    (
        AskIntent::Last,
        r"wann (?:hab|habe|haben|bin|sind|war|waren) (?:ich|wir) (?P<s>.+?) (?:zuletzt|das letzte mal|zum letzten mal)\b",
    ),
    (AskIntent::Last, r"wie (?:ging|ist) (?P<s>.+?) (?:aus|zu ende|ausgegangen|geendet)\b"),
    (
        AskIntent::Productive,
        r"\b(?:un)?produ[ck]tiv|\b(?:get|got|gotten) (?:the )?most done|\bmost (?:work )?done\b|am meisten geschafft|am meisten gearbeitet",
    ),
    (AskIntent::Mood, r"\bwhat (?:makes|made) (?:me|us) (?:the )?(?:most |least )?(?P<f>\w+)"),
    (
        AskIntent::Mood,
        r"\bwhat (?:has |have |had )?(?P<f>frustrate[sd]?|worrie[sd]|worry|annoy(?:s|ed)?|excite[sd]?|bore[sd]?|calm(?:s|ed)?|overwhelm(?:s|ed)?|anger(?:s|ed)?|amuse[sd]?|tire[sd]?) (?:me|us)\b",
    ),
    (
        AskIntent::Mood,
        r"\bwhen (?:am|was|were|are|do|did) (?:i|we) (?:feel |feeling )?(?:the )?(?:most |least )?(?P<f>\w+)(?: most| least)?$",
    ),
    (
        AskIntent::Mood,
        r"\b(?:was|wer) (?:hat )?(?:mich|uns) (?:am meisten |am wenigsten )?(?P<f>frustriert|beunruhigt|gefreut|freut|geärgert|ärgert|begeistert|gelangweilt|langweilt|beruhigt|überfordert)",
    ),
    (
        AskIntent::Mood,
        r"\bwann (?:bin|war|fühle|fühlte) ich (?:mich )?(?:am meisten |am wenigsten )?(?:am )?(?P<f>\w+?)(?:sten)?$",
    ),
    (
        AskIntent::Mood,
        r"\b(?:was|wer) (?P<f>frustriert|beunruhigt|freut|ärgert|begeistert|langweilt|beruhigt|überfordert) (?:mich|uns)\b",
    ),
    (AskIntent::Mood, r"\bwas macht mich (?P<f>\w+)"),
    (
        AskIntent::Felt,
        r"how (?:did|do|have|was|am|are) (?:i|we) (?:been )?(?:feeling|felt|feel)\b(?: like)?(?:(?: about| with| towards?| when| during| at| on)\b)?(?P<s>.*)",
    ),
    (
        AskIntent::Felt,
        r"what (?:did|do) (?:i|we) feel\b(?:(?: about| with| towards?| when| during)\b)?(?P<s>.*)",
    ),
    (AskIntent::Felt, r"\bmy (?:feelings?|moods?) (?:about|towards?|with|when|during)(?P<s>.+)"),
    (AskIntent::Felt, r"how (?:is|was|were) my (?:feelings?|mood)(?P<s>.*)"),
    (
        AskIntent::Felt,
        r"wie (?:hab|habe) ich mich (?:mit |bei |wegen |über |gegenüber )?(?P<s>.*?)\s*gefühlt",
    ),
    (AskIntent::Felt, r"wie fühle? ich mich (?:mit |bei |wegen |über |gegenüber )?(?P<s>.*)"),
    (AskIntent::Felt, r"wie (?:ging|geht) es mir\b(?:(?: mit| bei| wegen)\b)?(?P<s>.*)"),
    (
        AskIntent::Felt,
        r"wie (?:ist|war) meine (?:stimmung|laune)(?:(?: mit| bei| wegen)\b)?(?P<s>.*)",
    ),
    (
        AskIntent::Felt,
        r"was (?:hab|habe) ich (?:bei |über |wegen )?(?P<s>.*?)\s*(?:gefühlt|empfunden)",
    ),
    (
        AskIntent::Learned,
        r"\bwhat (?:did|have|had) (?:i|we) (?:learn|learned|learnt|found out|find out|realise|realize)\b(?:(?: about| of| on)\b)?(?P<s>.*)",
    ),
    (
        AskIntent::Learned,
        r"\bwas (?:hab|habe|haben) (?:ich|wir) (?:über |von |zu )?(?P<s>.*?)\s*(?:gelernt|dazugelernt|herausgefunden)",
    ),
    (AskIntent::Learned, r"\b(?:my )?(?:learnings|lessons)\b(?:(?: about| on| from)\b)?(?P<s>.*)"),
    (
        AskIntent::Related,
        r"\bwhat(?:'s| is| are|s)? (?:\w+ )?(?:related|connected|linked|tied) (?:to|with) (?P<s>.+)",
    ),
    (AskIntent::Related, r"\bwhat (?:goes|belongs) (?:together )?(?:with|to) (?P<s>.+)"),
    (AskIntent::Related, r"\brelated to (?P<s>.+)"),
    (
        AskIntent::Related,
        r"\bwas (?:hängt|steht) (?:alles )?mit (?P<s>.+?)(?: zusammen| in verbindung)",
    ),
    (AskIntent::Related, r"\bwas gehört (?:alles )?zu (?P<s>.+)"),
    (AskIntent::Related, r"\bwas hat (?:alles )?mit (?P<s>.+?) zu tun"),
    (AskIntent::Related, r"\b(?:verwandt|verbunden) mit (?P<s>.+)"),
    (AskIntent::Review, r"\bsumm(?:ari[sz]e|ary|arise)\b.*?\b(?P<p>week|month|year|day)\b"),
    (
        AskIntent::Review,
        r"\b(?:review|recap|overview|look back)\b.*?\b(?P<p>week|month|year|day)\b|\b(?P<p2>weekly|monthly|yearly|daily) (?:review|recap|summary|overview)",
    ),
    (AskIntent::Review, r"\bhow (?:was|is|were) (?:my|the) (?P<p>week|month|year|day)\b"),
    (AskIntent::Review, r"\bfass\w*\b.*?\b(?P<p>woche|monat|jahr|tag)\b"),
    (AskIntent::Review, r"\bwie (?:war|ist) (?:meine?|die|der|das) (?P<p>woche|monat|jahr|tag)\b"),
    (
        AskIntent::Review,
        r"\b(?P<p>wochen|monats|jahres|tages)(?:rückblick|zusammenfassung|übersicht)|rückblick auf .*?(?P<p2>woche|monat|jahr|tag)\b",
    ),
    (
        AskIntent::Review,
        r"^(?:please )?(?:summ(?:ari[sz]e|ary)|recap|review|how (?:was|were|is)(?: it)?|wie war(?: es)?|fass\w*(?: .*)?|rückblick)(?: (?:of|my|the|our|meine?n?|die|das|den|zusammen))*\W*$",
    ),
    (
        AskIntent::Topic,
        r"\b(?:show|list|give)(?: me| us)? (?:all|every|everything|the)\b(?: (?:moments?|things?))?(?: (?:about|on|of|with|to do with)\b)?(?P<s>.+)",
    ),
    (AskIntent::Topic, r"\b(?:all|everything) (?:about|on|to do with) (?P<s>.+)"),
    (
        AskIntent::Topic,
        r"\b(?:zeig|zeige|liste|gib)(?: mir| uns)? (?:alles|alle|die)\b(?: momente)?(?: (?:zum|zur|zu|über|mit|von|aus)\b)?(?P<s>.+)",
    ),
    (AskIntent::Topic, r"\balles (?:zu|zum|zur|über) (?P<s>.+)"),
    (
        AskIntent::Happened,
        r"\bwhat (?:was|were|am|are|have|had|did|do) (?:i|we) (?:been )?(?:doing|done|do|work(?:ing)?(?: on)?|up to|busy(?: with)?|writ(?:e|ing)(?: about)?)\b(?:(?: with| about| at| in)\b)?(?P<s>.*)",
    ),
    (
        AskIntent::Happened,
        r"\bwhat (?:happened|went on|was going on|was on)\b(?:(?: with| to| about| at| in| between)\b)?(?P<s>.*)",
    ),
    (AskIntent::Happened, r"\bwhat (?:was|is) (?P<s>.*?)\s*(?:like|about)$"),
    (
        AskIntent::Happened,
        r"\bhow (?:was|were|did) (?:my )?(?:day|evening|morning|afternoon|weekend|it go)\b",
    ),
    (
        AskIntent::Happened,
        r"\bwas (?:hab|habe|haben) (?:ich|wir) (?:so |alles )?(?P<s>.*?)\s*(?:gemacht|getan|unternommen|erlebt|getrieben|besprochen)",
    ),
    (
        AskIntent::Happened,
        r"\b(?:woran|an was) (?:hab|habe|haben|arbeite|arbeitete) (?:ich|wir)\b(?P<s>.*?)(?:gearbeitet|$)",
    ),
    (AskIntent::Happened, r"\bwas (?:ist|war) (?P<s>.*?)\s*(?:passiert|geschehen|los)\b"),
    (
        AskIntent::Happened,
        r"\bwie war (?:mein |der |das )?(?:tag|abend|morgen|nachmittag|wochenende)\b",
    ),
];

/// Words that feelings are asked by, folded, beside the journal's own words.
const FEELING_WORDS: &[(&str, &str)] = &[
    ("happy", "joyful"),
    ("happiest", "joyful"),
    ("glucklich", "joyful"),
    ("gluecklich", "joyful"),
    ("froh", "joyful"),
    ("gefreut", "joyful"),
    ("freut", "joyful"),
    ("frustrate", "frustrated"),
    ("frustrates", "frustrated"),
    ("frustrating", "frustrated"),
    ("frustriert", "frustrated"),
    ("annoys", "frustrated"),
    ("annoyed", "frustrated"),
    ("stressed", "overwhelmed"),
    ("gestresst", "overwhelmed"),
    ("overwhelms", "overwhelmed"),
    ("uberfordert", "overwhelmed"),
    ("worry", "worried"),
    ("worries", "worried"),
    ("besorgt", "worried"),
    ("beunruhigt", "worried"),
    ("nervous", "anxious"),
    ("angstlich", "anxious"),
    ("nervos", "anxious"),
    ("excites", "excited"),
    ("begeistert", "excited"),
    ("aufgeregt", "excited"),
    ("angers", "angry"),
    ("angered", "angry"),
    ("wutend", "angry"),
    ("geargert", "angry"),
    ("argert", "angry"),
    ("bores", "bored"),
    ("gelangweilt", "bored"),
    ("langweilt", "bored"),
    ("gelangweil", "bored"),
    ("calms", "calm"),
    ("calmed", "calm"),
    ("ruhig", "calm"),
    ("beruhigt", "calm"),
    ("relaxed", "calm"),
    ("entspannt", "calm"),
    ("tires", "tired"),
    ("exhausted", "tired"),
    ("mude", "tired"),
    ("amuses", "amused"),
    ("traurig", "sad"),
    ("einsam", "lonely"),
    ("stolz", "proud"),
    ("dankbar", "grateful"),
    ("zufrieden", "content"),
    ("erleichtert", "relieved"),
    ("konzentriert", "focused"),
    ("neugierig", "curious"),
    ("schuldig", "guilty"),
];

/// Verbs and their companions that say only that somebody had to do with something.
const HAVING_TO_DO: &str = r"(?i)^(?:i |we )?(?:have |had )?(?:work(?:ed|ing)? (?:on|with|at|for)|see|saw|seen|meet|met(?: up)?|talk(?:ed)? (?:to|with|about)|spoke|speak|spoken|speak (?:to|with|about)|(?:spoke|speak|spoken) (?:to|with|about)|hear(?:d)? from|write (?:to|about)|wrote (?:to|about)|visit(?:ed)?|deal(?:t)? with|do|did|go(?:ne)? to|went to|be(?:en)? (?:at|in|with)|touch(?:ed)?|mention(?:ed)?|use(?:d)?|an|am|mit|über|bei|zu|zum|zur|von|vom)\s+";
/// What a German question ends with instead.
const HAVING_DONE: &str = r"(?i)\s+(?:gearbeitet|gesprochen|geredet|gesehen|getroffen|geschrieben|gehört|gewesen|besucht|gemacht|getan|zu tun gehabt|benutzt|erwähnt|beschäftigt|telefoniert)$";
/// "… and how did it end?"
const AND_THEN: &str = r"(?i)[\s,;]+(?:and|und)\s+(?:how|what|wie|was)\b.*$";
/// Words around a subject that are none of it.
const EDGES: &str = "the a an my our some any all of about on to with work stuff things moments notes \
    der die das den dem des ein eine einen meine mein meinen meiner unser unsere alles zum zur";

struct Pattern {
    intent: AskIntent,
    finder: Regex,
}

#[expect(clippy::unwrap_used, reason = "constant patterns, compiled by every test")]
static FINDERS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    PATTERNS
        .iter()
        .map(|(intent, pattern)| Pattern {
            intent: *intent,
            finder: Regex::new(&format!("(?i){pattern}")).unwrap(),
        })
        .collect()
});

#[expect(clippy::unwrap_used, reason = "constant patterns, compiled by every test")]
static TRIMS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [AND_THEN, HAVING_DONE, HAVING_TO_DO].map(|pattern| Regex::new(pattern).unwrap())
});

/// Reads a question. `question` is as it was typed, `rest` what is left of it without its dates.
pub(super) fn understand(question: &str, rest: &str, has_dates: bool) -> Understood {
    let is_german = is_german(question);
    let rest = rest.trim().trim_end_matches(['?', '!', '.', ' ', ',']).replace('’', "'");
    let folded = words::fold(&rest).into_owned();
    let is_least = ["least", "am wenigsten", "unproduktiv", "unproductive"]
        .iter()
        .any(|word| folded.contains(word));
    let plain = Understood {
        intent: AskIntent::Search,
        subject: trimmed(&rest),
        feeling: None,
        is_least,
        period: None,
        is_german,
    };
    for Pattern { intent, finder } in FINDERS.iter() {
        let Some(found) = finder.captures(&rest) else { continue };
        let group = |name: &str| found.name(name).map(|found| found.as_str());
        let feeling = group("f").and_then(feeling_of);
        // "When am I at the lake" names no feeling, and no rule knows it.
        if *intent == AskIntent::Mood && feeling.is_none() {
            continue;
        }
        let subject = group("s").map(trimmed).unwrap_or_default();
        let needs_subject =
            matches!(intent, AskIntent::Last | AskIntent::Related | AskIntent::Topic);
        if needs_subject && !has_topic(&subject) {
            continue;
        }
        // "How did I feel in the end" asks for no ending.
        if *intent == AskIntent::Last && subject.to_lowercase().starts_with("i ") {
            continue;
        }
        let period = group("p").or_else(|| group("p2")).and_then(period_of);
        return Understood { intent: *intent, subject, feeling, period, ..plain };
    }
    let says_nothing = !has_topic(&plain.subject);
    if has_dates && says_nothing {
        return Understood { intent: AskIntent::Happened, subject: String::new(), ..plain };
    }
    plain
}

/// Whether there is a word in it that carries topic.
pub(super) fn has_topic(text: &str) -> bool {
    words::content_stems(text, None).next().is_some()
}

/// Short questions have few letters: their function words tell the language better than statistics do.
fn is_german(question: &str) -> bool {
    let mut n_german = 0;
    let mut n_english = 0;
    for word in words::iter(question) {
        let folded = words::fold(word.text);
        n_german += i32::from(words::is_stop_word(&folded, Some(Language::German)));
        n_english += i32::from(words::is_stop_word(&folded, Some(Language::English)));
    }
    match n_german.cmp(&n_english) {
        // One word alone may be another language's.
        std::cmp::Ordering::Greater => {
            n_german > n_english + 1
                || language::detect(question, None).is_none_or(|found| found == Language::German)
        }
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => language::detect(question, None) == Some(Language::German),
    }
}

fn feeling_of(word: &str) -> Option<&'static str> {
    let folded = words::fold(word);
    if let Some(known) = placement(&folded) {
        return Some(known.label);
    }
    let stems = [folded.as_ref(), folded.trim_end_matches("est"), folded.trim_end_matches("s")];
    let of = |word: &str| FEELING_WORDS.iter().find(|(known, _)| *known == word);
    stems.iter().find_map(|word| of(word)).map(|(_, label)| *label)
}

fn period_of(word: &str) -> Option<PeriodKind> {
    Some(match words::fold(word).as_ref() {
        "week" | "weekly" | "woche" | "wochen" => PeriodKind::Week,
        "month" | "monthly" | "monat" | "monats" => PeriodKind::Month,
        "year" | "yearly" | "jahr" | "jahres" => PeriodKind::Year,
        _ => return None,
    })
}

/// A subject without what was asked beside it and without small words around it.
fn trimmed(text: &str) -> String {
    let [and_then, having_done, having_to_do] = &*TRIMS;
    let text = and_then.replace(text.trim(), "");
    let text = having_done.replace(text.trim(), "");
    let text = having_to_do.replace(text.trim(), "");
    let is_edge = |word: &str| {
        let folded = words::fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned();
        folded.is_empty() || EDGES.split_whitespace().any(|edge| edge == folded)
    };
    let mut kept: Vec<&str> = text.split_whitespace().collect();
    while kept.first().is_some_and(|word| is_edge(word)) {
        kept.remove(0);
    }
    while kept.last().is_some_and(|word| is_edge(word)) {
        kept.pop();
    }
    kept.join(" ").trim_end_matches(['?', '!', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use AskIntent::*;

    use super::*;

    fn read(question: &str) -> Understood {
        understand(question, question, false)
    }

    #[test]
    fn a_question_is_taken_for_what_it_asks() {
        for (question, intent, subject) in [
            ("What was I working on?", Happened, ""),
            ("What did I do with Ilse?", Happened, "Ilse"),
            ("what happened with the landlord", Happened, "landlord"),
            ("Was habe ich gemacht?", Happened, ""),
            ("Woran habe ich gearbeitet?", Happened, ""),
            ("Was war los?", Happened, ""),
            ("What did I learn?", Learned, ""),
            ("What have I learnt about glue?", Learned, "glue"),
            ("Was habe ich über Leim gelernt?", Learned, "Leim"),
            ("When was I most productive?", Productive, ""),
            ("When am I least productive?", Productive, ""),
            ("Wann war ich am produktivsten?", Productive, ""),
            ("What frustrates me most?", Mood, ""),
            ("When am I happiest?", Mood, ""),
            ("Was frustriert mich am meisten?", Mood, ""),
            ("Wann bin ich glücklich?", Mood, ""),
            ("How did I feel about the rent?", Felt, "rent"),
            ("How am I feeling?", Felt, ""),
            ("Wie ging es mir mit der Miete?", Felt, "Miete"),
            ("Wie habe ich mich bei Ilse gefühlt?", Felt, "Ilse"),
            ("When did I last work on the bellows, and how did it end?", Last, "bellows"),
            ("When did I last work on Rust and what was the outcome?", Last, "Rust"),
            ("When was the last time I saw Tomas?", Last, "Tomas"),
            ("How did the suction test end?", Last, "suction test"),
            (
                "Wann habe ich zuletzt am Harmonium gearbeitet und wie ging es aus?",
                Last,
                "Harmonium",
            ),
            ("What's related to DiskANN?", Related, "DiskANN"),
            ("What is related to the harmonium?", Related, "harmonium"),
            ("Was hängt mit dem Harmonium zusammen?", Related, "Harmonium"),
            ("Show me all Rust work", Topic, "Rust"),
            ("Zeig mir alles zum Harmonium", Topic, "Harmonium"),
            ("Summarize my week", Review, ""),
            ("How was my month?", Review, ""),
            ("Fass meine Woche zusammen", Review, ""),
            ("grant letter", Search, "grant letter"),
            ("who has the key of the church?", Search, "who has the key of the church"),
        ] {
            let understood = read(question);
            assert_eq!(
                (understood.intent, understood.subject.as_str()),
                (intent, subject),
                "{question}"
            );
        }
    }

    #[test]
    fn a_date_alone_asks_what_happened() {
        let understood = understand("yesterday", "", true);
        assert_eq!(understood.intent, Happened);
        let understood = understand("letter last week", "letter", true);
        assert_eq!((understood.intent, understood.subject.as_str()), (Search, "letter"));
    }

    #[test]
    fn the_answer_is_in_the_language_of_the_question() {
        for german in [
            "Was habe ich gestern gemacht?",
            "Wie ging es mir mit der Miete?",
            "Zeig mir alles zum Harmonium",
        ] {
            assert!(read(german).is_german, "{german}");
        }
        for english in
            ["What did I do yesterday?", "grant letter", "DiskANN", "Qu’est-ce que j’ai fait ?"]
        {
            assert!(!read(english).is_german, "{english}");
        }
    }

    #[test]
    fn a_feeling_is_one_that_the_journal_knows() {
        assert_eq!(read("What frustrates me?").feeling, Some("frustrated"));
        assert_eq!(read("When am I happiest?").feeling, Some("joyful"));
        assert_eq!(read("When am I at home?").intent, Search);
        for (_, label) in FEELING_WORDS {
            assert!(placement(label).is_some(), "{label}");
        }
    }

    #[test]
    fn a_hostile_question_is_only_words() {
        for question in
            ["", "?", "'; DROP TABLE moments; --", "\u{202e}\u{1b}[2J", &"a".repeat(5_000)]
        {
            assert_eq!(read(question).intent, Search, "{question:.20}");
        }
    }
}
