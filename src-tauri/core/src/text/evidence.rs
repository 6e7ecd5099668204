//! What makes a word with a capital a name, and of what.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use super::{
    language::Language,
    names::{Name, NameKind},
    words::{self, Word},
};

type Words = LazyLock<HashSet<&'static str>>;

static FIRST_NAMES: Words =
    LazyLock::new(|| include_str!("lexicon/first_names.txt").split_whitespace().collect());
static NOT_NAMES: Words =
    LazyLock::new(|| include_str!("lexicon/not_names.txt").split_whitespace().collect());
static PLACES: Words =
    LazyLock::new(|| include_str!("lexicon/places.txt").split_whitespace().collect());
static ORDINARY: Words = LazyLock::new(|| {
    include_str!("lexicon/weak.en.txt")
        .split_whitespace()
        .chain(include_str!("lexicon/weak.de.txt").split_whitespace())
        .chain("will mark rose grace hope joy faith frank bill pat sue jean rich art dawn summer sunny \
                ernst wolf stein sky river penny ruby amber ivy lily daisy holly iris violet gene ray \
                rob chase hunter mason cooper drew grant miles chance angel king prince victor".split_whitespace())
        .collect()
});

/// Words before a name that say that it is a person's.
static HONORIFICS: Words = LazyLock::new(|| {
    "mr mrs ms miss mister dr prof professor sir lady lord madam captain uncle aunt auntie cousin \
     frau herr herrn fraulein doktor tante onkel monsieur madame mme mlle senor senora don dona \
     signor signora mevrouw meneer"
        .split_whitespace()
        .collect()
});

static RELATIONS: Words = LazyLock::new(|| {
    "friend sister brother wife husband partner girlfriend boyfriend colleague neighbour neighbor boss \
     daughter son mother father mum mom dad cousin uncle aunt nephew niece roommate flatmate teacher \
     therapist doctor dog cat freund freundin schwester bruder frau mann partnerin kollege kollegin \
     nachbar nachbarin chef chefin tochter sohn mutter vater tante onkel neffe nichte mitbewohner \
     mitbewohnerin lehrer lehrerin therapeutin amie ami soeur frere femme mari amigo amiga hermana \
     hermano esposa marido"
        .split_whitespace()
        .collect()
});

static POSSESSIVES: Words = LazyLock::new(|| {
    "my his her our their mein meine meiner meinem meinen sein seine seiner seinem ihr ihre ihrer \
     ihrem unser unsere unserer mon ma notre mi mis nuestra nuestro"
        .split_whitespace()
        .collect()
});

/// Verbs whose object or subject is nearly always a person.
static DEALINGS: Words = LazyLock::new(|| {
    "said says asked asks told tells met meets called phoned texted emailed messaged thanked hugged \
     married invited visited answered replied laughed smiled whispered shouted agreed suggested \
     insisted joked complained apologised apologized calls thinks thought rang"
        .split_whitespace()
        .collect()
});

static MEALS: Words = LazyLock::new(|| {
    "lunch dinner breakfast coffee tea drinks beer walk call chat date meeting talk talked spoke speak \
     argued quarrelled danced lived met"
        .split_whitespace()
        .collect()
});

static MOVES: Words = LazyLock::new(|| {
    "lives lived live moved move flew fly trip travelled traveled drove arrived arrive train visit \
     born stayed back returned"
        .split_whitespace()
        .collect()
});

static ORGANISATIONS: Words = LazyLock::new(|| {
    "inc ltd llc gmbh ag kg ev corp corporation company university universitat college institute institut \
     bank foundation stiftung ministry museum hospital school council association verein"
        .split_whitespace()
        .collect()
});

/// Whether the folded word is a day, a month, a tool, a language or the like.
pub(super) fn is_excluded(folded: &str) -> bool {
    NOT_NAMES.contains(folded)
}

/// Whether the folded word is also an everyday word.
pub(super) fn is_ordinary(folded: &str) -> bool {
    ORDINARY.contains(folded) || NOT_NAMES.contains(folded)
}

/// What a wiki link names, from its folder and the page's name; confidence 0 for no name.
pub(super) fn of_link(folder: &str, page: &str) -> (NameKind, f32) {
    let folder = words::fold(folder.rsplit('/').next().unwrap_or_default()).into_owned();
    match folder.as_str() {
        "people" | "person" | "persons" | "contacts" | "personen" | "menschen" | "leute"
        | "kontakte" | "friends" | "family" => return (NameKind::Person, 0.95),
        "places" | "orte" | "locations" | "cities" => return (NameKind::Place, 0.95),
        "projects" | "projekte" => return (NameKind::Project, 0.95),
        "organisations" | "organizations" | "companies" | "firmen" => {
            return (NameKind::Organisation, 0.95);
        }
        _ => {}
    }
    let words: Vec<Word<'_>> = words::iter(page).collect();
    if !(1..=4).contains(&words.len()) || !words.iter().all(Word::is_capitalised) {
        return (NameKind::Other, 0.0);
    }
    let first = words::fold(words[0].text);
    if FIRST_NAMES.contains(first.as_ref()) {
        return (NameKind::Person, if words.len() > 1 { 0.9 } else { 0.8 });
    }
    let all = words.iter().map(|word| words::fold(word.text)).collect::<Vec<_>>().join("_");
    if PLACES.contains(all.as_str()) {
        return (NameKind::Place, 0.9);
    }
    (NameKind::Other, if is_excluded(&first) { 0.0 } else { 0.5 })
}

/// Whether the folded word is a common German surname or ends as only surnames do.
fn is_surname(folded: &str) -> bool {
    static SURNAMES: Words = LazyLock::new(|| {
        "muller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer koch bauer \
         richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange \
         schmitt werner schmitz krause meier lehmann schmid schulze maier kohler herrmann konig walter \
         mayer huber kaiser fuchs peters lang scholz moller weiss jung hahn schubert vogel friedrich \
         keller gunther frank berger winkler roth beck lorenz baumann franke albrecht schuster simon \
         ludwig bohm winter kraus martin schumacher kramer vogt stein jager otto sommer gross seidel \
         heinrich brandt haas schreiber graf schulte dietrich ziegler kuhn kern pohl horn busch yilmaz \
         kaya demir nguyen"
            .split_whitespace()
            .collect()
    });
    let endings =
        ["mann", "meier", "meyer", "mayr", "ski", "sky", "ova", "eva", "vic", "vich", "oglu"];
    SURNAMES.contains(folded)
        || (folded.len() > 5 && endings.iter().any(|ending| folded.ends_with(ending)))
}

struct Sentence<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    folded: Vec<Cow<'a, str>>,
    nouns_are_large: bool,
    /// Capitals say nothing: a heading, or everything is written with them.
    is_loud: bool,
}

/// Finds the names of one sentence of prose, which begins at byte `at` of the text.
pub(super) fn in_sentence(
    text: &str,
    at: usize,
    language: Option<Language>,
    is_heading: bool,
    names: &mut Vec<Name>,
) {
    let words: Vec<Word<'_>> = words::iter(text).collect();
    if !words.iter().any(Word::is_capitalised) {
        return;
    }
    let folded = words.iter().map(|word| without_possessive(words::fold(word.text))).collect();
    let lower = words.iter().filter(|word| word.text.starts_with(char::is_lowercase)).count();
    let sentence = Sentence {
        text,
        folded,
        nouns_are_large: language == Some(Language::German),
        is_loud: is_heading || (words.len() >= 4 && lower * 3 < words.len()),
        words,
    };
    let mut from = 0;
    while from < sentence.words.len() {
        let Some((start, end)) = sentence.run(from) else {
            from += 1;
            continue;
        };
        from = end;
        if let Some((start, end, kind, confidence)) = sentence.judge(start, end) {
            let (first, last) = (&sentence.words[start], &sentence.words[end - 1]);
            let tail = last.text.len() - strip_possessive(last.text).len();
            let span = first.span.start..last.span.end - tail;
            let name = text[span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
            let span = at + span.start..at + span.end;
            names.push(Name { span, text: name, kind, confidence, known: None });
        }
    }
}

fn strip_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

fn without_possessive(folded: Cow<'_, str>) -> Cow<'_, str> {
    match folded.strip_suffix("'s") {
        Some(head) => Cow::Owned(head.to_owned()),
        None => folded,
    }
}

impl Sentence<'_> {
    fn is_candidate(&self, at: usize) -> bool {
        let word = &self.words[at];
        let folded = self.folded[at].as_ref();
        word.is_capitalised()
            && folded.chars().count() > 1
            && !words::is_stop_word(folded, None)
            && !is_excluded(folded)
            && !HONORIFICS.contains(folded)
    }

    fn joined(&self, left: usize, right: usize) -> bool {
        let between = &self.text[self.words[left].span.end..self.words[right].span.start];
        let possessive = strip_possessive(self.words[left].text) != self.words[left].text;
        !possessive && matches!(between, " " | "-" | ". ")
    }

    /// The run of capitals at `from`, with the particles of names ("van", "of") inside.
    fn run(&self, from: usize) -> Option<(usize, usize)> {
        if !self.is_candidate(from) {
            return None;
        }
        let mut end = from + 1;
        while end < self.words.len() && self.joined(end - 1, end) && end - from < 5 {
            if self.is_candidate(end) {
                end += 1;
                continue;
            }
            let particle = matches!(
                self.folded[end].as_ref(),
                "von" | "van" | "der" | "de" | "da" | "di" | "del" | "bin" | "al" | "of"
            );
            let goes_on = (end + 1..=end + 2)
                .find(|next| *next < self.words.len() && self.is_candidate(*next));
            match goes_on {
                Some(next) if particle && self.joined(end, end + 1) && next == end + 1 => {
                    end = next + 1;
                }
                _ => break,
            }
        }
        Some((from, end))
    }

    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |index| self.folded[index].as_ref())
    }

    /// What the run is, and which part of it is the name.
    fn judge(&self, start: usize, end: usize) -> Option<(usize, usize, NameKind, f32)> {
        let folded = &self.folded[start..end];
        let is_first_name = FIRST_NAMES.contains(folded[0].as_ref());
        let whole = folded.join("_");
        let is_acronym =
            self.words[start..end].iter().all(|word| !word.text.contains(char::is_lowercase));
        let begins = start == 0;

        // "Dr." may stand between "Frau" and the name.
        if HONORIFICS.contains(self.before(start, 1)) && self.joined(start - 1, start) {
            return Some((start, end, NameKind::Person, 0.9));
        }
        if folded.iter().any(|word| ORGANISATIONS.contains(word.as_ref())) {
            let has_more = end - start > 1 && !(self.is_loud || begins && end - start == 2);
            return (has_more).then_some((start, end, NameKind::Organisation, 0.75));
        }
        if matches!(folded[0].as_ref(), "project" | "projekt") && end - start > 1 && !self.is_loud {
            return Some((start + 1, end, NameKind::Project, 0.75));
        }
        if matches!(self.before(start, 1), "project" | "projekt")
            && !begins
            && !self.nouns_are_large
        {
            return Some((start, end, NameKind::Project, 0.7));
        }
        if PLACES.contains(whole.as_str()) && !is_acronym {
            let doubtful = is_ordinary(&whole)
                || matches!(
                    whole.as_str(),
                    "nice"
                        | "essen"
                        | "rom"
                        | "halle"
                        | "island"
                        | "turkey"
                        | "sofia"
                        | "santiago"
                        | "york"
                        | "china"
                );
            let after_preposition = self.is_place_behind(start);
            if !doubtful || after_preposition {
                return Some((
                    start,
                    end,
                    NameKind::Place,
                    if after_preposition { 0.9 } else { 0.75 },
                ));
            }
        }
        if is_first_name && !is_acronym {
            return self.first_name(start, end);
        }
        if is_acronym || self.is_loud {
            return None;
        }
        // "my sister Tuulia"; in German the sister is part of the run.
        let is_related = |at: usize| RELATIONS.contains(self.folded[at].as_ref());
        let of_somebody = |word: &str| POSSESSIVES.contains(word);
        if start > 0 && is_related(start - 1) && of_somebody(self.before(start, 2)) {
            return self.joined(start - 1, start).then_some((start, end, NameKind::Person, 0.8));
        }
        if end - start > 1 && is_related(start) && of_somebody(self.before(start, 1)) {
            return Some((start + 1, end.min(start + 2), NameKind::Person, 0.8));
        }
        if self.nouns_are_large || begins {
            return None;
        }
        self.in_small_nouns(start, end)
    }

    fn first_name(&self, start: usize, end: usize) -> Option<(usize, usize, NameKind, f32)> {
        // In German what follows a first name may be any noun: "mit Karla Sushi gegessen".
        let mut last = end;
        if self.nouns_are_large || self.is_loud {
            let surname = end - start >= 2 && is_surname(&self.folded[start + 1]);
            last = if surname && self.nouns_are_large && !self.is_loud {
                start + 2
            } else {
                start + 1
            };
        }
        let is_ordinary_word = ORDINARY.contains(self.folded[start].as_ref());
        let confidence = match (is_ordinary_word, last - start > 1, start == 0) {
            (true, false, _) => self.is_dealt_with(start, last).then_some(0.7)?,
            (_, true, _) => 0.9,
            (false, false, false) => 0.85,
            (false, false, true) => 0.75,
        };
        Some((start, last, NameKind::Person, confidence))
    }

    fn in_small_nouns(&self, start: usize, end: usize) -> Option<(usize, usize, NameKind, f32)> {
        if self.is_dealt_with(start, end) {
            return Some((start, end, NameKind::Person, 0.75));
        }
        if self.is_place_behind(start)
            && (2..=4).any(|back| MOVES.contains(self.before(start, back)))
        {
            return Some((start, end, NameKind::Place, 0.65));
        }
        (end - start >= 2).then_some((start, end, NameKind::Other, 0.45))
    }

    fn is_place_behind(&self, start: usize) -> bool {
        matches!(
            self.before(start, 1),
            "in" | "to"
                | "from"
                | "near"
                | "nach"
                | "aus"
                | "bei"
                | "a"
                | "en"
                | "through"
                | "via"
                | "uber"
        )
    }

    /// Whether somebody speaks, is met, called, eaten with.
    fn is_dealt_with(&self, start: usize, end: usize) -> bool {
        let one_before = self.before(start, 1);
        let after =
            self.folded.get(end).filter(|_| end < self.words.len() && self.joined(end - 1, end));
        let after = after.map_or("", |word| word.as_ref());
        let object = match one_before {
            "called" | "said" | "says" => !self.follows_naming(start),
            "calls" | "thinks" | "thought" => false,
            verb => DEALINGS.contains(verb),
        };
        let companion = matches!(one_before, "with" | "and" | "to")
            && (2..=3).any(|back| {
                MEALS.contains(self.before(start, back))
                    || DEALINGS.contains(self.before(start, back))
            });
        let pair = after == "and" && self.folded.get(end + 1).is_some_and(|word| word == "i");
        let subject = DEALINGS.contains(after) && after != "called";
        object || companion || pair || subject
    }

    /// "a tool called Heron", "I said Okay" name no person.
    fn follows_naming(&self, start: usize) -> bool {
        match self.before(start, 1) {
            "called" => !matches!(
                self.before(start, 2),
                "i" | "and" | "then" | "we" | "he" | "she" | "they" | ""
            ),
            _ => matches!(self.before(start, 2), "i" | "we" | "he" | "she" | "they" | "it"),
        }
    }
}
