use super::Desk;

/// Colours, a new window title, a cleared screen, a link, text that runs backwards, C1 controls.
const EVIL: &str = "Met Eve\u{1b}[31m\u{1b}]0;owned\u{7} at 10:00\u{1b}[2J\u{1b}[H and \u{9b}1m\
    \u{1b}]8;;http://evil\u{1b}\\was angry\u{1b}]8;;\u{1b}\\ \u{202e}drawkcab\u{2066} \u{8}\u{7f}today";

fn attacked() -> Desk {
    let desk = Desk::new();
    desk.write(
        "notes/2026-10-14 \u{1b}[5m\u{202e}evil.md",
        format!("# {EVIL}\n\n## 10:00 {EVIL}\n\n{EVIL}. I was worried.\r\rhidden #tag\u{1b}[1m\n"),
    );
    desk.write("notes/\u{1b}]0;x\u{7}.bin", b"\0");
    desk.write(
        "notes/WhatsApp Chat with Eve.txt",
        format!("14/10/2026, 12:15 - E\u{1b}[7mve: {EVIL}\n14/10/2026, 12:16 - Me: {EVIL}\n"),
    );
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["add", EVIL]);
    desk.does(&["dream"]);
    desk
}

#[test]
fn no_note_reaches_into_the_terminal() {
    let desk = attacked();
    let id = desk.moment("angry");
    let folder = desk.path("notes");
    let moment = format!("moment:{id}");
    let commands: &[&[&str]] = &[
        &["import", &folder, "-v"],
        &["sources"],
        &["sources", "problems", "-v"],
        &["dream", "--start", "today", "--end", "today", "--summary-only", "-v"],
        &["today"],
        &["timeline", "--moments"],
        &["show", &id, "-v"],
        &["show", "record:1"],
        &["show", "record:2"],
        &["show", "record:3"],
        &["search", "angry"],
        &["query", "SELECT * FROM moments"],
        &["query", "SELECT name, content FROM resources"],
        &["query", "--csv", "SELECT * FROM messages"],
        &["status"],
        &["graph", "neighbours", &moment],
        &["graph", "traverse", &moment, "--depth", "3"],
        &["graph", "export", "--kinds", "topic,person,moment,note,session"],
        &["graph", "export", "--format", "svg", "--around", &moment],
        &["graph", "find", EVIL],
        &["on-this-day", "2027-10-14"],
        &["people"],
        &["moods", "topics"],
        &["correct", &id, "--title", EVIL],
        &["show", EVIL],
        &["settings", EVIL],
        &["search", EVIL],
        &["--journal", EVIL, "status"],
    ];
    for words in commands {
        let ran = desk.rem(words);
        assert_harmless(&ran.out, words);
        if !words.contains(&"show") || !words.contains(&EVIL) {
            assert_harmless(&ran.err, words);
        }
    }
}

#[test]
fn json_escapes_what_a_terminal_would_obey_and_keeps_what_was_written() {
    let desk = attacked();
    for words in [&["search", "angry"][..], &["today"], &["show", "record:2"], &["timeline"]] {
        let out = desk.does(&[words, &["--json"]].concat());
        assert_harmless(&out, words);
    }
    let record = desk.asks(&["search", "angry", "--in", "notes", "--limit", "9"]);
    let kept = record.to_string();
    assert!(kept.contains("\\u001b") || kept.contains('\u{1b}'), "{kept}");
}

fn assert_harmless(text: &str, words: &[&str]) {
    let is_obeyed = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found = text.chars().find(|c| is_obeyed(*c));
    assert!(found.is_none(), "{words:?} wrote {found:?}: {text:?}");
}

#[test]
fn no_line_is_wider_than_the_terminal_whatever_the_letters() {
    let mut desk = Desk::new();
    desk.write(
        "wide/2026-10-14.md",
        "# 今日は友達と長い散歩をして、とても嬉しかったです\n\n## 10:00 散歩\n\n\
         今日は友達と運河に沿って長い散歩をしました。天気は晴れで、鳥がたくさんいました。とても嬉しかったです。\n\n\
         ## 14:00 👩‍👩‍👧‍👦 Familie 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉\n\n\
         Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf und e\u{301}te\u{301}.\n",
    );
    desk.does(&["import", &desk.path("wide")]);
    desk.does(&["dream"]);
    for width in [30, 47, 80, 100] {
        desk.width = width;
        let all: &[&[&str]] = &[
            &["today"],
            &["timeline", "--moments"],
            &["show", "1"],
            &["show", "2"],
            &["show", "record:1"],
            &["search", "Familie"],
            &["graph", "neighbours", "moment:1"],
            &["graph", "traverse", "moment:2", "--depth", "3"],
            &["on-this-day", "2027-10-14"],
            &["streaks"],
            &["moods", "hours"],
            &["settings"],
        ];
        for words in all {
            let out = desk.does(words);
            for line in out.lines() {
                let columns = console_width(line);
                assert!(columns <= width, "{words:?} at {width}: {columns} columns in {line}");
            }
        }
    }
}

/// Columns, counted generously for the letters of this test: two for what is wide, none for what joins.
fn console_width(line: &str) -> usize {
    let mut columns = 0;
    let mut is_joined = false;
    for c in line.chars() {
        let own = match c {
            '\u{300}'..='\u{36f}' | '\u{fe0f}' => 0,
            '\u{200d}' => {
                is_joined = true;
                continue;
            }
            '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' => 2,
            _ => 1,
        };
        columns += if is_joined { 0 } else { own };
        is_joined = false;
    }
    columns
}
