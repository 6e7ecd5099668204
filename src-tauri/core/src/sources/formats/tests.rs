//! What holds for all formats alike.

use proptest::prelude::*;

use super::*;
use crate::records::draft::Draft;

/// One small file of each format, with its path.
const SAMPLES: [(&str, &str, &str); 6] = [
    (
        "chatgpt",
        "conversations.json",
        r#"[{"id":"c1","title":null,"create_time":1712178309.12,"current_node":"n3","mapping":{"n2":{"id":"n2","parent":null,"children":["n3"],"message":null},"n3":{"id":"n3","parent":"n2","children":[],"message":{"author":{"role":"user"},"create_time":null,"content":{"content_type":"text","parts":["hi \ud83d\ude42",{"asset_pointer":"x"}]}}}}}]"#,
    ),
    (
        "claude-code",
        "p/s.jsonl",
        r#"{"type":"user","isMeta":false,"uuid":"a","parentUuid":null,"timestamp":"2024-04-03T21:05:09.123Z","sessionId":"s","message":{"role":"user","content":[{"type":"text","text":"hi"},{"type":"tool_result","content":"x"}]}}"#,
    ),
    (
        "whatsapp",
        "WhatsApp Chat with Ana.txt",
        "\u{200E}[03/04/2024, 23:05:09] Ana: \u{200E}image omitted\r\n[13/04/2024, 11:05:09\u{202F}PM] Ben: ok\r\nand more\r\n14.04.24, 9:00 - Ana: x\r\n",
    ),
    (
        "jsonl",
        "log.jsonl",
        "{\"session\":\"trip\",\"author\":\"Ana\",\"time\":\"2025-03-06T09:30:00+01:00\",\"text\":\"booked\"}\n{\"session\":1,\"text\":\"x\",\"time\":1741249800}\n",
    ),
    (
        "notes",
        "Daily/2025-03-06.md",
        "---\ntags: [a, b]\ndate: 2025-03-06 08:00\n---\n# Thursday\n\n## 09:30–10:15 Standup #c\n- [ ] 14:05 [[Ana|A]]\n\n```\ncode\n```\n6. März 2025\n",
    ),
    ("notes", "a.txt", "Dear diary,\r\nat 7 Uhr 30 we left.\r\n"),
];

#[test]
fn each_file_is_known_by_its_content() {
    for (name, path, text) in SAMPLES {
        let head = Head { path, bytes: text.as_bytes(), is_whole: true };
        assert_eq!(recognise(&head).map(Format::name), Some(name), "{path}");
        assert!(named(name).is_some());
    }
    for (path, bytes) in
        [("a.json", &b"{\"a\":1}"[..]), ("a.png", b"\x89PNG\0\0"), ("README", b"x")]
    {
        assert!(recognise(&Head { path, bytes, is_whole: true }).is_none(), "{path}");
    }
}

#[test]
fn an_export_that_cannot_be_read_yet_is_never_taken_for_another() {
    let text =
        r#"[{"uuid":"u","name":"","chat_messages":[{"uuid":"m","sender":"human","text":"hi"}]}]"#;
    let head = Head { path: "conversations.json", bytes: text.as_bytes(), is_whole: true };
    assert!(recognise(&head).is_none());
    assert_eq!(unsupported(&head), Some("Claude"));
}

#[test]
fn hostile_files_are_answered_in_time() {
    let long_line = "a".repeat(1_000_000);
    let deep = "[{\"mapping\":".repeat(20_000);
    let brackets = "[[".repeat(100_000);
    let ticks = "`".repeat(30_001) + &"` ``".repeat(10_000);
    let quotes = "> ".repeat(100_000);
    let hashes = "#a".repeat(200_000);
    let numbers = "1.1.1 ".repeat(100_000);
    let many_tags: String = (0..40_000).map(|n| format!("#t{n} [[l{n}]] ")).collect();
    let times = "09:00-".repeat(100_000);
    let spaces = " ".repeat(500_000) + "x";
    let began = std::time::Instant::now();
    let hostile = [
        &long_line, &deep, &brackets, &ticks, &quotes, &hashes, &numbers, &many_tags, &times,
        &spaces,
    ];
    for text in hostile {
        for format in ALL {
            let mut reader = text.as_bytes();
            let _ =
                format.parse(Input { path: "2025-03-06.md", reader: &mut reader }, &mut |_| Ok(()));
        }
    }
    // A quadratic parser would take minutes here; a busy machine without optimisation some seconds.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn a_sink_that_fails_stops_the_reading() {
    for (name, path, text) in SAMPLES {
        let mut reader = text.as_bytes();
        let mut sink = |_: Draft| Err(crate::Error::Cancelled);
        let outcome = named(name).map(|f| f.parse(Input { path, reader: &mut reader }, &mut sink));
        assert!(matches!(outcome, Some(Err(crate::Error::Cancelled))), "{name}");
    }
}

fn check(draft: &Draft) {
    match draft {
        Draft::Resource(resource) => {
            assert!(!resource.title.is_empty());
            let mut at = 0;
            for part in &resource.parts {
                assert!(part.span.start >= at && part.span.end <= resource.body.len());
                assert!(!resource.body[part.span.clone()].trim().is_empty());
                at = part.span.end;
            }
        }
        Draft::Session(session) => {
            assert!(!session.title.is_empty() && !session.messages.is_empty());
            let mut keys = std::collections::HashSet::new();
            for message in &session.messages {
                assert!(!message.body.is_empty());
                assert!(!message.key.is_empty() && keys.insert(&message.key), "{}", message.key);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_mutated_file_makes_any_format_panic(
        which in 0..SAMPLES.len(),
        cuts in proptest::collection::vec((0usize..600, 0usize..12, proptest::collection::vec(any::<u8>(), 0..6)), 0..4),
        swaps in proptest::collection::vec((0usize..600, prop::sample::select(b"[]{}\":,#-0123456789\n`. ".to_vec())), 0..5),
        is_short in any::<bool>(),
    ) {
        let mut bytes = SAMPLES[which].2.as_bytes().to_vec();
        for (at, len, put) in cuts {
            let at = at.min(bytes.len());
            let end = (at + len).min(bytes.len());
            bytes.splice(at..end, put);
        }
        for (at, byte) in swaps {
            let len = bytes.len().max(1);
            if let Some(place) = bytes.get_mut(at % len) {
                *place = byte;
            }
        }
        if is_short {
            bytes.truncate(bytes.len() / 2);
        }
        for format in ALL {
            let head = Head { path: SAMPLES[which].1, bytes: &bytes, is_whole: true };
            let _ = (format.sniff(&head), unsupported(&head));
            let mut reader = bytes.as_slice();
            let input = Input { path: SAMPLES[which].1, reader: &mut reader };
            let _ = format.parse(input, &mut |draft| {
                check(&draft);
                Ok(())
            });
        }
    }
}
