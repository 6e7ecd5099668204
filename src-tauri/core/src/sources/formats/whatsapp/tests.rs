use super::*;
use crate::{
    clock::Precision,
    sources::formats::{
        stamps::wall_clock,
        testing::{read, sessions},
    },
};

fn said(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let (drafts, notices) = read(&WhatsApp, path, text.as_bytes());
    let lines = sessions(&drafts)
        .iter()
        .flat_map(|session| &session.messages)
        .map(|message| {
            let at = message.stamped.map_or("undated".into(), |stamped| {
                wall_clock(stamped.at).format("%Y-%m-%d %H:%M:%S").to_string()
            });
            let who = message.author.as_deref().unwrap_or(message.role.as_str());
            format!("{at} {who}: {}", message.body)
        })
        .collect();
    (lines, notices)
}

#[test]
fn an_android_chat_is_read_with_its_long_messages_and_system_lines() {
    let (lines, notices) = said(
        "WhatsApp Chat with Ana.txt",
        "13/04/24, 23:05 - Messages are end-to-end encrypted.\r\n\
         13/04/24, 23:06 - Ana: line one\r\nline two: with a colon\r\n\r\nline four\r\n\
         13/04/24, 23:07 - Ben added you\r\n\
         14/04/24, 00:01 - Ben Roth: ok: see you\r\n\
         14/04/24, 00:02 - Ana: <Media omitted>\r\n",
    );
    assert_eq!(
        lines,
        [
            "2024-04-13 23:05:00 system: Messages are end-to-end encrypted.",
            "2024-04-13 23:06:00 Ana: line one\nline two: with a colon\n\nline four",
            "2024-04-13 23:07:00 system: Ben added you",
            "2024-04-14 00:01:00 Ben Roth: ok: see you",
            "2024-04-14 00:02:00 Ana: [media]",
        ]
    );
    assert_eq!(
        notices,
        ["dates are read day first (31/12): the first number is above 12 in 5 lines"]
    );
}

#[test]
fn an_iphone_chat_is_read_with_its_hidden_signs() {
    let (lines, _) = said(
        "_chat.txt",
        "\u{FEFF}[4/13/24, 11:05:09\u{202F}PM] Garden: \u{200E}Messages and calls are end-to-end encrypted.\n\
         \u{200E}[4/13/24, 11:06:00\u{202F}PM] ~\u{202F}Ana: \u{200E}image omitted\n\
         [4/14/24, 9:00:00\u{202F}AM] Ana: morning! \u{200E}<This message was edited>\n\
         [4/14/24, 9:01:00\u{202F}AM] Ben: \u{200E}This message was deleted.\n",
    );
    assert_eq!(
        lines,
        [
            "2024-04-13 23:05:09 system: Messages and calls are end-to-end encrypted.",
            "2024-04-13 23:06:00 Ana: [media]",
            "2024-04-14 09:00:00 Ana: morning!",
            "2024-04-14 09:01:00 system: This message was deleted.",
        ]
    );
}

#[test]
fn the_session_is_named_after_the_chat_or_its_people() {
    let key = |path: &str| {
        let text = "13/04/24, 23:06 - Ben: hi\n13/04/24, 23:06 - Ana: hi\n";
        let (drafts, _) = read(&WhatsApp, path, text.as_bytes());
        sessions(&drafts)[0].key.clone()
    };
    assert_eq!(key("WhatsApp Chat with Trip.txt"), "Trip");
    assert_eq!(key("Trip/_chat.txt"), "Trip");
    assert_eq!(key("_chat.txt"), "Ana, Ben");
}

#[test]
fn keys_stay_when_the_chat_is_exported_again() {
    let keys = |text: &str| -> Vec<String> {
        let (drafts, _) = read(&WhatsApp, "_chat.txt", text.as_bytes());
        sessions(&drafts)[0].messages.iter().map(|message| message.key.clone()).collect()
    };
    let first = "03/04/24, 23:06 - Ana: ok\n03/04/24, 23:06 - Ana: ok\n03/04/24, 23:07 - Ben: ok\n";
    let later = format!("{first}04/13/24, 10:00 - Ben: so it was month first\n");
    let (before, after) = (keys(first), keys(&later));
    assert_eq!(before, after[..3], "the order of day and month is not part of the key");
    assert_eq!(
        before.iter().collect::<HashSet<_>>().len(),
        3,
        "equal lines have keys of their own"
    );
}

#[test]
fn impossible_dates_are_undated_and_nothing_is_dropped_in_silence() {
    let (lines, notices) = said(
        "_chat.txt",
        "exported by hand\n13/04/24, 23:06 - Ana: hi\n31/02/24, 10:00 - Ana: what day\n13/04/24, 29:00 - Ana: what time\n13/04/24, 10:00 - Ana: \n",
    );
    assert_eq!(
        lines,
        ["2024-04-13 23:06:00 Ana: hi", "undated Ana: what day", "undated Ana: what time"]
    );
    assert_eq!(
        notices,
        [
            "1 line before the first message was left out",
            "dates are read day first (31/12): the first number is above 12 in 4 lines",
            "1 empty message was left out",
            "2 messages have no possible date and are undated: “31/02/24, 10:00” and 1 more",
        ]
    );
}

#[test]
fn names_may_hold_signs_and_system_lines_may_hold_colons() {
    let (lines, _) = said(
        "_chat.txt",
        "20/01/19, 11:23 - John-John Doe: Lorem : dolor\n20/01/19, 11:24 - John-John Doe:.\n\
         20/01/19, 11:25 - +12 345 created group \"Trip: Rome\"\n20/01/19, 11:26 - Ana 🪴: hi\n",
    );
    assert_eq!(
        lines,
        [
            "2019-01-20 11:23:00 John-John Doe: Lorem : dolor",
            "2019-01-20 11:24:00 John-John Doe: .",
            "2019-01-20 11:25:00 system: +12 345 created group \"Trip: Rome\"",
            "2019-01-20 11:26:00 Ana 🪴: hi",
        ]
    );
}

#[test]
fn lines_out_of_order_stay_where_they_are() {
    let (lines, _) = said("_chat.txt", "13/04/24, 12:03 - A: b\n13/04/24, 12:02 - A: a\n");
    assert_eq!(lines, ["2024-04-13 12:03:00 A: b", "2024-04-13 12:02:00 A: a"]);
}

#[test]
fn a_file_without_messages_says_so() {
    for text in ["", " \n\n", "just a note\n"] {
        let (lines, notices) = said("_chat.txt", text);
        assert!(lines.is_empty());
        assert!(notices.contains(&"no WhatsApp message was found in this file".to_owned()));
    }
}

#[test]
fn it_is_known_by_its_lines() {
    let sniff = |path: &str, text: &str| {
        WhatsApp.sniff(&Head { path, bytes: text.as_bytes(), is_whole: true })
    };
    assert!(sniff(
        "any.txt",
        "1/1/21, 12:00 - A: Hi\n1/1/21, 12:01 - B: Up?\n1/1/21, 12:02 - A: good"
    ));
    assert!(sniff("WhatsApp Chat with Ana.txt", "1/1/21, 12:00 - A: Hi"));
    assert!(!sniff("note.txt", "1/1/21, 12:00 - A: Hi"));
    assert!(!sniff("note.md", "# Log\n\n- 12:00 call\n- 13:00 lunch\n"));
    assert!(!sniff(
        "a.journal",
        "[2024-04-03 21:05] Good day.\n[2024-04-04 21:05] Rain.\n[2024-04-05 21:05] Sun.\n"
    ));
    assert!(!sniff("empty.txt", ""));
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic_and_times_are_never_made_up(
        text in "([0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2}, [0-9]{1,2}:[0-9]{2} - A[: ][a-z<>\u{200E}\n ]{0,12}\n?){0,6}\\PC{0,10}"
    ) {
        let (drafts, _) = read(&WhatsApp, "_chat.txt", text.as_bytes());
        for message in sessions(&drafts).iter().flat_map(|session| &session.messages) {
            proptest::prop_assert!(!message.body.is_empty());
            proptest::prop_assert!(message.stamped.is_none_or(|s| s.precision == Precision::Exact));
        }
    }
}
