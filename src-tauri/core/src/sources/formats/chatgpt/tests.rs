use super::*;
use crate::{
    clock::{Precision, Stamp, Stamped},
    sources::formats::testing::{read, read_until_broken, sessions},
};

const TREE: &str = r#"{"id":"c1","title":"Garlic","create_time":1712178300.5,"current_node":"n5","mapping":{
    "root":{"id":"root","parent":null,"children":["n1"],"message":null},
    "n1":{"id":"n1","parent":"root","children":["n2","old"],"message":{"id":"m1","author":{"role":"system"},"content":{"content_type":"text","parts":["be kind"]}}},
    "n2":{"id":"n2","parent":"n1","children":["n3"],"message":{"id":"m2","author":{"role":"user"},"create_time":1712178309.12,"content":{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":"file-service://x"},"When do I plant it?"]}}},
    "old":{"id":"old","parent":"n1","children":[],"message":{"id":"m0","author":{"role":"user"},"create_time":1712178305,"content":{"content_type":"text","parts":["When do I plnat it?"]}}},
    "n3":{"id":"n3","parent":"n2","children":["n4"],"message":{"id":"m3","author":{"role":"assistant"},"recipient":"web","content":{"content_type":"code","text":"search()"}}},
    "n4":{"id":"n4","parent":"n3","children":["n5"],"message":{"id":"m4","author":{"role":"tool"},"content":{"content_type":"text","parts":["result"]}}},
    "n5":{"id":"n5","parent":"n4","children":[],"message":{"id":"m5","author":{"role":"assistant"},"recipient":"all","create_time":null,"content":{"content_type":"text","parts":["In October. \ue200cite\ue202turn0\ue201","Mulch it."]}}}}}"#;

#[test]
fn the_branch_last_seen_is_read_and_the_machinery_left_out() {
    let (drafts, notices) = read(&ChatGpt, "conversations.json", format!("[{TREE}]").as_bytes());
    let session = &sessions(&drafts)[0];
    assert_eq!((session.key.as_str(), session.title.as_str()), ("c1", "Garlic"));
    let said: Vec<_> =
        session.messages.iter().map(|m| (m.key.as_str(), m.role, m.body.as_str())).collect();
    assert_eq!(
        said,
        [
            ("m2", Role::User, "[image]\nWhen do I plant it?"),
            ("m5", Role::Assistant, "In October. \nMulch it."),
        ]
    );
    assert_eq!(
        session.messages[0].stamped,
        Some(Stamped::exact(Stamp::Instant(1_712_178_309_120)))
    );
    assert_eq!(notices, ["one earlier version of a message (an edit or a retry) was left out"]);
}

#[test]
fn a_message_without_a_time_takes_its_neighbours_less_precisely() {
    let (drafts, _) = read(&ChatGpt, "a.json", TREE.as_bytes());
    let stamped = sessions(&drafts)[0].messages[1].stamped.unwrap();
    assert_eq!(
        (stamped.at, stamped.precision),
        (Stamp::Instant(1_712_178_309_120), Precision::Hour)
    );
}

#[test]
fn a_conversation_without_any_message_times_gives_them_its_day() {
    let text = r#"{"conversations":[{"id":"c1","title":null,"create_time":1712178309.12,"current_node":"n3","mapping":{"n3":{"id":"n3","parent":"n2","children":[],"message":{"author":{"role":"user"},"create_time":null,"content":{"content_type":"text","parts":["hi there, old friend"]}}}}}]}"#;
    let (drafts, _) = read(&ChatGpt, "a.json", text.as_bytes());
    let session = &sessions(&drafts)[0];
    assert_eq!(session.title, "hi there, old friend");
    assert_eq!(session.messages[0].stamped.unwrap().precision, Precision::Day);
    assert_eq!(session.messages[0].key, "n3");
}

#[test]
fn hidden_thinking_and_profile_messages_are_left_out() {
    let node = |id: &str, parent: &str, rest: &str| {
        format!(r#""{id}":{{"parent":"{parent}","message":{{"author":{{"role":"user"}},{rest}}}}}"#)
    };
    let text = format!(
        r#"[{{"id":"c","current_node":"d","mapping":{{{},{},{},{}}}}}]"#,
        node("a", "", r#""content":{"content_type":"user_editable_context","parts":["I am Ana"]}"#),
        node(
            "b",
            "a",
            r#""metadata":{"is_visually_hidden_from_conversation":true},"content":{"content_type":"text","parts":["hidden"]}"#
        ),
        node("c", "b", r#""content":{"content_type":"thoughts","parts":["hm"]}"#),
        node("d", "c", r#""content":{"content_type":"text","parts":["seen"]}"#),
    );
    let (drafts, _) = read(&ChatGpt, "a.json", text.as_bytes());
    let bodies: Vec<_> = sessions(&drafts)[0].messages.iter().map(|m| m.body.as_str()).collect();
    assert_eq!(bodies, ["seen"]);
}

#[test]
fn one_bad_item_does_not_drop_the_rest() {
    let text = format!("[17, {{\"mapping\": 3}}, {{\"id\":\"e\",\"mapping\":{{}}}}, {TREE}]");
    let (drafts, notices) = read(&ChatGpt, "conversations.json", text.as_bytes());
    assert_eq!(drafts.len(), 1);
    assert!(
        notices.contains(&"2 items are not ChatGPT conversations and were left out".to_owned())
    );
    assert!(notices.contains(&"one conversation holds no text and was left out".to_owned()));
}

#[test]
fn a_file_that_breaks_gives_what_came_before_and_says_where() {
    let (drafts, why) = read_until_broken(
        &ChatGpt,
        "conversations.json",
        format!("[{TREE},\n\n  oops]").as_bytes(),
    );
    assert_eq!(drafts.len(), 1);
    assert!(why.starts_with("conversations.json: not valid JSON at line"), "{why}");
    assert!(why.contains("the conversation before that place was read"), "{why}");
    let (_, why) =
        read_until_broken(&ChatGpt, "conversations.json", &format!("[{TREE}").as_bytes()[..300]);
    assert!(why.contains("ends too early"), "{why}");
    let (_, why) =
        read_until_broken(&ChatGpt, "a.json", format!("[{}", "[".repeat(10_000)).as_bytes());
    assert!(why.contains("recursion limit"), "{why}");
}

#[test]
fn half_an_emoji_costs_nothing() {
    let text = TREE.replace("Mulch it.", "Mulch it. \\ud83d");
    let (drafts, _) = read(&ChatGpt, "a.json", text.as_bytes());
    assert!(sessions(&drafts)[0].messages[1].body.ends_with("Mulch it. \u{FFFD}"));
}

#[test]
fn a_circle_of_parents_ends() {
    let text = r#"[{"id":"c","current_node":"a","mapping":{"a":{"parent":"b","message":{"author":{"role":"user"},"content":{"parts":["x"]}}},"b":{"parent":"a"}}}]"#;
    assert_eq!(read(&ChatGpt, "a.json", text.as_bytes()).0.len(), 1);
}

#[test]
fn it_is_known_by_its_trees_and_claude_is_not_taken_for_it() {
    let sniff = |path: &str, text: &str| {
        ChatGpt.sniff(&Head { path, bytes: text.as_bytes(), is_whole: true })
    };
    assert!(sniff("export/conversations-003.json", "["));
    assert!(sniff("anything.json", &format!("[{TREE}]")));
    assert!(!sniff("conversations.json", r#"[{"uuid":"u","chat_messages":[]}]"#));
    assert!(!sniff("note.md", "# mapping\n\"mapping\" \"children\""));
}
