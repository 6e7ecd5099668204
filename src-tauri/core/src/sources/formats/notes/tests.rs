use super::*;
use crate::{
    clock::{Precision, Stamp},
    records::draft::Part,
    sources::formats::{
        stamps::wall_clock,
        testing::{read as read_file, resources},
    },
};

fn note(path: &str, text: &str) -> ResourceDraft {
    let (drafts, _) = read_file(&Notes, path, text.as_bytes());
    resources(&drafts)[0].clone()
}

fn shown(stamped: Option<Stamped>) -> String {
    let Some(stamped) = stamped else { return "-".into() };
    let form = if matches!(stamped.at, Stamp::Date(_)) { "%m-%d" } else { "%m-%d %H:%M" };
    let mut text = wall_clock(stamped.at).format(form).to_string();
    if let Some(until) = stamped.until {
        text.push_str(&wall_clock(until).format("–%d %H:%M").to_string());
    }
    if stamped.precision == Precision::Hour {
        text.push_str(" about");
    }
    text
}

/// Each part as “time | heading | text”.
fn parts(path: &str, text: &str) -> Vec<String> {
    let note = note(path, text);
    check_spans(&note.body, &note.parts, front_matter::read(&note.body).end);
    note.parts
        .iter()
        .map(|part| {
            let text = note.body[part.span.clone()].replace('\n', "⏎");
            format!("{} | {} | {text}", shown(part.stamped), part.heading.as_deref().unwrap_or(""))
        })
        .collect()
}

fn check_spans(body: &str, parts: &[Part], from: usize) {
    let mut at = from;
    for part in parts {
        assert!(part.span.start >= at, "overlap");
        assert!(body[at..part.span.start].trim().is_empty(), "text left out");
        assert!(!body[part.span.clone()].trim().is_empty(), "empty part");
        at = part.span.end;
    }
    assert!(body[at..].trim().is_empty(), "text left out at the end");
}

#[test]
fn a_day_page_is_cut_where_time_and_heading_change() {
    let text = "# Thursday\n\nSlept well.\n\n## 09:30 Standup\n\nAna was late.\n- 09:45 coffee\n- milk\n\n### Details\nmore\n\n## Garden\nSowed peas, we meet at 15:00 tomorrow.\n\n14:30–16:00 Budget call\n";
    assert_eq!(
        parts("2025-03-06.md", text),
        [
            "- | Thursday | # Thursday⏎⏎Slept well.",
            "03-06 09:30 | 09:30 Standup | ## 09:30 Standup⏎⏎Ana was late.",
            "03-06 09:45 | 09:30 Standup | - 09:45 coffee⏎- milk",
            "03-06 09:30 | Details | ### Details⏎more",
            "- | Garden | ## Garden⏎Sowed peas, we meet at 15:00 tomorrow.",
            "03-06 14:30–06 16:00 | Garden | 14:30–16:00 Budget call",
        ]
    );
}

#[test]
fn date_headings_change_the_day_for_what_follows() {
    let text = "# Log\n## 2025-03-06\n- 14:05 called Mira\n## 09:00 Run\nfast\n## Montag, 3. März\nstill\n# Other\nend\n";
    assert_eq!(
        parts("log.md", text),
        [
            "03-06 14:05 | 2025-03-06 | # Log⏎## 2025-03-06⏎- 14:05 called Mira",
            "03-06 09:00 | 09:00 Run | ## 09:00 Run⏎fast",
            "03-03 | Montag, 3. März | ## Montag, 3. März⏎still",
            "- | Other | # Other⏎end",
        ]
    );
}

#[test]
fn without_a_known_day_a_clock_time_is_no_time() {
    assert_eq!(parts("tea.md", "- 14:05 called\n"), ["- |  | - 14:05 called"]);
}

#[test]
fn words_for_times_of_day_count_in_headings_only() {
    let text = "## Morning\nran\n## Nachmittags im Garten\nwoke in the morning\n";
    assert_eq!(
        parts("2025-03-06.md", text),
        [
            "03-06 09:00 about | Morning | ## Morning⏎ran",
            "03-06 15:00 about | Nachmittags im Garten | ## Nachmittags im Garten⏎woke in the morning",
        ]
    );
}

#[test]
fn entries_with_their_own_date_are_dated_by_it() {
    let text = "[2025-03-06 21:05] Good day. With @anna.\n\n2025-03-07: rain\n\n**8 March 2025**\n\n- 10:00 market\n";
    assert_eq!(
        parts("journal.txt", text),
        [
            "03-06 21:05 |  | [2025-03-06 21:05] Good day. With @anna.",
            "03-07 |  | 2025-03-07: rain",
            "03-08 10:00 |  | **8 March 2025**⏎⏎- 10:00 market",
        ]
    );
}

#[test]
fn a_time_in_a_wrapped_line_of_prose_does_not_count() {
    let text = "- We will meet at\n15:00 in the garden.\n\n08:00 up\n08:30 tea\n";
    assert_eq!(
        parts("2025-03-06.txt", text),
        [
            "- |  | - We will meet at⏎15:00 in the garden.",
            "03-06 08:00 |  | 08:00 up",
            "03-06 08:30 |  | 08:30 tea",
        ]
    );
}

#[test]
fn code_holds_no_times_headings_or_tags() {
    let text = "```\n# no\n09:00 no #no [[no]]\n```\nyes #yes\n";
    let note = note("2025-03-06.md", text);
    assert_eq!(note.parts.len(), 1);
    assert_eq!(note.tags, ["yes"]);
    assert!(note.links.is_empty());
    assert_eq!(note.title, "2025-03-06");
}

#[test]
fn long_texts_are_cut_at_good_places() {
    let paragraph = "Met Mr. Cole at the mill today. It rained. ".repeat(10);
    let text = format!("{paragraph}\n\n").repeat(6) + &"The long walk went on and on. ".repeat(200);
    let note = note("a.md", &text);
    check_spans(&note.body, &note.parts, 0);
    assert!(note.parts.len() >= 6);
    for part in &note.parts {
        let text = &note.body[part.span.clone()];
        assert!(text.chars().count() <= 1600, "{}", text.len());
        assert!(text.ends_with('.') && !text.ends_with("Mr."), "…{}", &text[text.len() - 20..]);
    }
}

#[test]
fn the_title_is_the_first_that_is_given() {
    assert_eq!(note("a/b c.md", "---\ntitle: One\n---\n# Two\n").title, "One");
    assert_eq!(note("a/b c.md", "text\n\n# **Two** [[x|y]]\n").title, "Two y");
    assert_eq!(note("a/b c.md", "title:: Three\n- x\n").title, "Three");
    assert_eq!(note("a/b c.md", "text").title, "b c");
    assert_eq!(note(".md", "").title, ".md");
}

#[test]
fn the_time_is_taken_from_front_matter_then_name_then_heading() {
    let at = |path: &str, text: &str| shown(note(path, text).stamped);
    assert_eq!(at("2025-03-05.md", "---\ndate: 2025-03-06 10:00\n---\n"), "03-06 10:00");
    assert_eq!(at("a.md", "---\ncreated: 2025-03-06\n---\n"), "03-06");
    assert_eq!(at("2025-03-05.md", "# 6 March 2025\n"), "03-05");
    assert_eq!(at("a.md", "# Thursday, 6 March 2025\n"), "03-06");
    assert_eq!(at("a.md", "# Donnerstag, 6. März 2025\n"), "03-06");
    assert_eq!(at("a.md", "# Tea\n## 6 March 2025\n"), "-");
    assert_eq!(at("{{date}}.md", "---\ndate: {{date}}\ncreated: 0000-00-00\n---\n"), "-");
}

#[test]
fn a_day_page_created_later_still_belongs_to_its_day() {
    let at = |path: &str, text: &str| shown(note(path, text).stamped);
    assert_eq!(at("2025-03-06.md", "---\ncreated: 2025-03-07T08:00\n---\n"), "03-06");
    assert_eq!(at("2025-03-06.md", "---\ncreated: 2025-03-06T08:00\n---\n"), "03-06");
    assert_eq!(at("2025-03-06 Call.md", "---\ncreated: 2025-03-06T08:00\n---\n"), "03-06 08:00");
    assert_eq!(at("About 2024-01-01.md", "---\ncreated: 2025-03-06T08:00\n---\n"), "03-06 08:00");
}

#[test]
fn an_unclear_name_and_broken_front_matter_are_said() {
    let notices = |path: &str, text: &str| read_file(&Notes, path, text.as_bytes()).1;
    assert!(notices("Trip 03-04-2025.md", "x")[0].contains("“03-04-2025” in the file's name"));
    let text = "---\ntitle: a: b: c\n---\ntext #tag\n";
    assert!(notices("a.md", text)[0].contains("not valid YAML"));
    let note = note("a.md", text);
    assert_eq!((note.body.as_str(), note.tags.as_slice()), (text, &["tag".to_owned()][..]));
    assert_eq!(note.parts.len(), 1);
}

#[test]
fn tags_and_links_come_from_front_matter_and_text() {
    let text = "---\ntags: [a]\ncategories:\n  - \"[[Books]]\"\n---\n## Meeting #b\nwith [[Ana Roth|Ana]] #a\n";
    let note = note("a.md", text);
    assert_eq!(note.tags, ["a", "b"]);
    assert_eq!(note.links, ["Books", "Ana Roth"]);
}

#[test]
fn strange_files_are_read_or_refused_calmly() {
    for text in ["", " \n\t\n", "\r\n\r\n", "\u{FEFF}", "---\n---", "---\n---\n"] {
        let note = note("a.md", text);
        assert!(note.parts.is_empty(), "{text:?}");
        assert_eq!(note.title, "a");
    }
    let mut binary: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8];
    let refused = Notes.parse(Input { path: "a.md", reader: &mut binary }, &mut |_| Ok(()));
    assert!(refused.unwrap_err().to_string().starts_with("a.md: not a text file"));
    let long = "x".repeat(1_000_000);
    let one_line = note("2025-03-06.md", &long);
    check_spans(&long, &one_line.parts, 0);
    let indented = format!("{}far away\n{}", " ".repeat(5_000), "and on ".repeat(1_000));
    check_spans(&indented, &note("a.md", &indented).parts, 0);
    let crlf = "---\r\ntitle: A\r\n---\r\n# H\r\n- 09:00 x\r\n";
    assert_eq!(parts("2025-03-06.md", crlf), ["03-06 09:00 | H | # H\r⏎- 09:00 x"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn spans_are_always_valid(
        lines in proptest::collection::vec(
            "(#{1,4} |- |\\* \\[ \\] |> |[0-9]{1,2}:[0-9]{2} |```|---|[*][*]|)?(Morning|2025-03-0[1-9]|6\\. März|09:30|9am|[a-zü🙂 .#\\[\\]]{0,30})",
            0..30,
        ),
        front in "(---\n(date|title|tags): [ -~ü]{0,20}\n---\n)?",
        repeat in 1usize..40,
    ) {
        let text = format!("{front}{}", lines.iter().map(|line| format!("{}\n", line.repeat(repeat))).collect::<String>());
        let note = note("2025-03-06.md", &text);
        check_spans(&note.body, &note.parts, front_matter::read(&note.body).end);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let mut source = bytes.as_slice();
        let _ = Notes.parse(Input { path: "a.md", reader: &mut source }, &mut |_| Ok(()));
    }
}

#[test]
fn the_time_of_a_list_item_ends_with_the_list() {
    let text = "- 14:30–16:00 Met Jonas\n  about the grant\n- then a bill\n\nSoup, early to bed.\n\n#grant";
    assert_eq!(
        parts("2026-11-20.md", text),
        [
            "11-20 14:30–20 16:00 |  | - 14:30–16:00 Met Jonas⏎  about the grant⏎- then a bill",
            "- |  | Soup, early to bed.⏎⏎#grant",
        ]
    );
}
