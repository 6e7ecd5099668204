//! Every function of this room against text that nobody should write.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{
    clean,
    corpus::Corpus,
    duplicates,
    embed::Embedder,
    emotion, keyphrases,
    language::{self, Language},
    markdown,
    names::{self, KnownNames, NameKind},
    segment::{self, Options, Unit},
    sentences, summary,
    verbatim::Folded,
    words,
};

/// Calls everything and checks that every span can be sliced.
fn read(text: &str, language: Option<Language>) {
    let is_slice = |span: &std::ops::Range<usize>| {
        assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
    };
    let prose = markdown::prose(text);
    assert_eq!(prose.len(), text.len());
    let _ = markdown::plain(text);
    let language = language::detect(text, language);
    for word in words::iter(&prose) {
        is_slice(&word.span);
        let _ = words::stem(word.text, language);
    }
    let spans = sentences::split(text, language);
    spans.iter().for_each(is_slice);
    let mut end = 0;
    for span in &spans {
        assert!(span.start >= end && span.end > span.start);
        end = span.end;
    }
    let feeling = emotion::read(text, language);
    assert!((-1.0..=1.0).contains(&feeling.valence) && (0.0..=1.0).contains(&feeling.arousal));
    feeling.emotions.iter().flat_map(|emotion| &emotion.spans).for_each(is_slice);
    let known = KnownNames::new([("Anna", NameKind::Person), ("小林", NameKind::Person)]);
    let found = names::find(text, language, &known);
    found.iter().for_each(|name| is_slice(&name.span));
    assert!(
        !clean::for_prompt(text)
            .contains(|c| clean::is_unseen(c) && !"\u{200c}\u{200d}".contains(c))
    );
    let folded = Folded::of(text);
    folded.find("Anna").iter().for_each(is_slice);
    assert!(clean::reply(text, &folded, 80).text.chars().count() <= 80);
    let mut corpus = Corpus::new();
    corpus.add(text, language);
    assert_eq!(Corpus::from_bytes(&corpus.to_bytes()), Some(corpus.clone()));
    let phrases = keyphrases::extract(text, language, &corpus, 10);
    let title = summary::title(text, language, &phrases, &found);
    assert!(
        unicode_segmentation::UnicodeSegmentation::graphemes(title.as_str(), true).count() <= 60
    );
    let sentences: Vec<&str> = spans.iter().map(|span| &text[span.clone()]).collect();
    let _ = summary::summarize(&sentences, language, 300);
    let vector = Embedder { corpus: &corpus }.embed(text, language);
    assert!(vector.iter().all(|x| x.is_finite()));
    let _ = duplicates::fingerprint(text);
    let unit = Unit { text, at: Some(0), speaker: Some("a"), thread: 1, language };
    let units = [unit, Unit { at: None, ..unit }, Unit { at: Some(i64::MAX), ..unit }];
    let covered: usize = segment::cut(&units, &Options::default()).iter().map(|s| s.len()).sum();
    assert_eq!(covered, 3);
}

#[test]
fn hostile_texts_are_read_in_reasonable_time() {
    let family = "👨‍👩‍👧‍👦".repeat(20_000);
    let texts = [
        String::new(),
        "#".into(),
        "a".repeat(1_000_000),
        "word ".repeat(40_000),
        "Anna Weber met ".repeat(12_000),
        format!("e{}", "\u{301}".repeat(100_000)),
        family,
        "!?.,;:-".repeat(50_000),
        "[[".repeat(100_000),
        "*_".repeat(100_000),
        "> ".repeat(20_000),
        "漢字かな".repeat(6_000),
        "ภาษาไทย".repeat(1_500),
        "a.b.c.".repeat(15_000),
        "%%".repeat(50_000),
        "<!-- ".repeat(50_000),
        "`".repeat(100_000),
        "- \n".repeat(50_000),
        "\u{202e}\u{0}\u{feff}".repeat(10_000),
        "مُ".repeat(50_000),
    ];
    for text in texts {
        let started = Instant::now();
        read(&text, Some(Language::English));
        let spent = started.elapsed();
        let head: String = text.chars().take(10).collect();
        // Unoptimised code on a busy machine; what this guards against takes minutes.
        assert!(spent < Duration::from_secs(30), "{head:?} took {spent:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,120}", language in 0..6usize) {
        let languages = ["en", "de", "fr", "zh", "ar", "xx"];
        read(&text, Language::from_code(languages[language]));
    }

    #[test]
    fn any_markdown_is_read(
        parts in proptest::collection::vec(
            prop_oneof![
                "[ \\t\\n#*_\\[\\]()|>`~=%@!<&;:.-]{1,6}",
                "[A-Za-zäöüßÄÖÜéñ'’]{1,9}",
                "(Dr\\. |Frau |not |nicht |but |aber |so happy|sad|:\\)|😀|👩‍🚀|小林|今天很累。|سعيد|Anna |Jonas |said |7\\. |http://a\\.b)",
                "\\PC{1,4}",
            ],
            0..40,
        ),
        german in any::<bool>(),
    ) {
        read(&parts.concat(), Some(if german { Language::German } else { Language::English }));
    }
}
