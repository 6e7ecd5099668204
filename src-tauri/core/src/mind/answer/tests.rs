#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use schemars::JsonSchema;
use serde_json::json;

use super::*;
use crate::mind::schema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Page {
    #[schemars(length(max = 3), inner(length(max = 12)))]
    lines: Vec<String>,
    #[schemars(length(max = 2))]
    marks: Vec<Mark>,
    note: Option<String>,
    #[schemars(length(max = 40))]
    title: String,
    #[schemars(range(min = -2, max = 2))]
    valence: i8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Mark {
    #[schemars(extend("enum" = ["weak", "strong"]))]
    strength: String,
}

fn page(text: &str) -> (Result<Page, Complaint>, Vec<(Remark, u32)>) {
    let mut remarks = Remarks::default();
    let page = read(text, &schema::of::<Page>(), &mut remarks);
    (page, remarks.0.into_iter().collect())
}

fn good() -> Page {
    Page {
        lines: vec!["one".into(), "two".into()],
        marks: vec![Mark { strength: "weak".into() }],
        note: None,
        title: "Tea with {Ilse} <think>".into(),
        valence: -1,
    }
}

fn text() -> String {
    serde_json::to_string(&good()).unwrap()
}

#[test]
fn a_bare_value_is_read_without_a_remark() {
    assert_eq!(page(&text()), (Ok(good()), vec![]));
    assert_eq!(page(&format!("\u{feff} {}\n", text())), (Ok(good()), vec![]));
}

#[test]
fn a_fence_is_taken_off() {
    let fenced = [(Remark::Fenced, 1)];
    assert_eq!(page(&format!("```json\n{}\n```", text())), (Ok(good()), fenced.to_vec()));
    assert_eq!(page(&format!("```\n{}", text())), (Ok(good()), fenced.to_vec()));
}

#[test]
fn prose_around_the_value_is_left_out() {
    let reply = format!("Here is [the] JSON {{you}} wanted: {} Anything else?", text());
    assert_eq!(page(&reply), (Ok(good()), vec![(Remark::Prose, 1)]));
    let both = format!("Sure!\n```json\n{}\n```\nDone.", text());
    assert_eq!(page(&both), (Ok(good()), vec![(Remark::Fenced, 1), (Remark::Prose, 1)]));
}

#[test]
fn thoughts_are_left_out_closed_or_not() {
    let thoughts = vec![(Remark::Thoughts, 1)];
    let value = text();
    for reply in [
        format!("<think>maybe {{\"title\": \"x\"}}?</think>\n{value}"),
        format!("<think>\n\n</think>{value}"),
        format!("so I say…</think>{value}"),
        format!("<thinking>so</thinking> {value}"),
    ] {
        assert_eq!(page(&reply), (Ok(good()), thoughts.clone()), "{reply}");
    }
    let (unclosed, remarks) = page(&format!("<think>hm, {value}"));
    assert_eq!(unclosed, Ok(good()));
    assert!(remarks.contains(&(Remark::Thoughts, 1)));
}

#[test]
fn what_is_no_json_is_refused() {
    for reply in ["", "I cannot do that.", "{\"title\": \"Te", "<think>", "```json\n```", "{]"] {
        let (page, remarks) = page(reply);
        assert_eq!(page, Err(Complaint("the reply is no JSON object".into())), "{reply}");
        assert_eq!(remarks, [(Remark::NoJson, 1)]);
    }
}

#[test]
fn a_field_given_twice_is_refused() {
    let twice = text().replace("\"valence\"", "\"title\":\"other\",\"valence\"");
    for reply in [twice.clone(), format!("Here: {twice}")] {
        let (page, remarks) = page(&reply);
        assert_eq!(page, Err(Complaint("a field stands in the reply twice".into())));
        assert!(remarks.contains(&(Remark::RepeatedField, 1)));
    }
}

#[test]
fn wrong_types_that_are_plainly_meant_are_mended_and_counted() {
    let reply =
        json!({ "lines": "one", "marks": null, "note": "None", "title": 12, "valence": "-1" });
    let meant = Page {
        lines: vec!["one".into()],
        marks: vec![],
        note: None,
        title: "12".into(),
        valence: -1,
    };
    assert_eq!(page(&reply.to_string()), (Ok(meant), vec![(Remark::WrongType, 5)]));
}

#[test]
fn a_value_inside_another_is_taken_out() {
    assert_eq!(page(&format!("[{}]", text())).0, Ok(good()));
    assert_eq!(page(&format!("{{\"moment\":{}}}", text())).0, Ok(good()));
}

#[test]
fn fields_that_nobody_asked_for_are_dropped_and_counted() {
    let reply = text().replacen('{', "{\"mood\":{\"a\":1},\"why\":\"because\",", 1);
    assert_eq!(page(&reply), (Ok(good()), vec![(Remark::ExtraField, 2)]));
}

#[test]
fn a_missing_field_is_named() {
    let reply = json!({ "lines": [], "marks": [], "note": null, "valence": 0 });
    let (page, remarks) = page(&reply.to_string());
    assert_eq!(page, Err(Complaint("the field title is missing".into())));
    assert_eq!(remarks, [(Remark::MissingField, 1)]);
}

#[test]
fn a_missing_field_that_may_be_null_is_null() {
    let reply = text().replace("\"note\":null,", "");
    assert_eq!(page(&reply), (Ok(good()), vec![(Remark::MissingField, 1)]));
}

#[test]
fn too_much_is_cut_and_counted() {
    let reply = json!({
        "lines": ["a very long line indeed", "two", "three", "four"], "marks": [], "note": null,
        "title": "x", "valence": 7,
    });
    let (page, remarks) = page(&reply.to_string());
    let page = page.unwrap();
    assert_eq!(page.lines, ["a very long ", "two", "three"]);
    assert_eq!(page.valence, 2);
    assert_eq!(remarks, [(Remark::UnknownValue, 1), (Remark::TooLong, 2)]);
}

#[test]
fn unknown_words_in_a_list_are_dropped_and_others_are_complained_about() {
    let reply = json!({
        "lines": [], "marks": [{ "strength": "Strong" }, { "strength": "huge" }], "note": null,
        "title": "x", "valence": 0,
    });
    let (good, remarks) = page(&reply.to_string());
    assert_eq!(good.unwrap().marks, [Mark { strength: "strong".into() }]);
    assert_eq!(remarks, [(Remark::WrongType, 1), (Remark::UnknownValue, 1)]);
    let mut remarks = Remarks::default();
    let mark: Result<Mark, _> =
        read::<Mark>("{\"strength\": \"huge\"}", &schema::of::<Mark>(), &mut remarks);
    let complaint = mark.unwrap_err().0;
    assert_eq!(complaint, "the field strength must be one of the allowed words");
}

#[test]
fn a_complaint_never_holds_words_of_the_reply() {
    for reply in [
        json!({ "lines": [], "marks": [], "note": null, "title": { "secret": 1 }, "valence": 0 }),
        json!({ "lines": [], "marks": [], "note": null, "title": "x", "valence": "secret" }),
        json!({ "secret": "secret" }),
        json!(["secret"]),
    ] {
        let complaint = page(&reply.to_string()).0.unwrap_err().0;
        assert!(!complaint.contains("secret") && !complaint.contains('\n'), "{complaint}");
    }
}

fn any_page() -> impl Strategy<Value = Page> {
    let line = "[ -~äöü<>{}\\[\\]`]{0,12}";
    (
        proptest::collection::vec(line, 0..3),
        proptest::collection::vec("weak|strong", 0..2),
        proptest::option::of("[a-z{}\\[\\]<>/`]{5,20}"),
        "[ -~]{0,40}",
        -2..=2i8,
    )
        .prop_map(|(lines, marks, note, title, valence)| Page {
            lines,
            marks: marks.into_iter().map(|strength| Mark { strength }).collect(),
            note,
            title,
            valence,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = page(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn nothing_like_json_makes_it_panic(
        text in "(\\{|\\}|\\[|\\]|\"|:|,|title|lines|valence|</?think>|```|1e999|-|null| |\\\\u12){0,60}"
    ) {
        let _ = page(&text);
    }

    #[test]
    fn a_good_value_is_the_same_in_a_fence_in_prose_and_behind_thoughts(
        page_in in any_page(),
        thoughts in "[a-z {}\\[\\]\"]{0,30}",
        is_pretty in any::<bool>(),
        wrapping in 0..5usize,
    ) {
        let value = if is_pretty {
            serde_json::to_string_pretty(&page_in).unwrap()
        } else {
            serde_json::to_string(&page_in).unwrap()
        };
        let reply = match wrapping {
            0 => value,
            1 => format!("```json\n{value}\n```"),
            2 => format!("Here it is: {value}\nI hope that helps!"),
            3 => format!("<think>{thoughts}</think>\n{value}"),
            _ => format!("<think>{thoughts}</think>Well:\n```\n{value}\n```\nDone"),
        };
        prop_assert_eq!(page(&reply).0, Ok(page_in));
    }
}

#[test]
fn a_hostile_reply_is_read_in_reasonable_time() {
    for reply in [
        "{".repeat(200_000),
        "[1,".repeat(80_000),
        "{\"a\":".repeat(50_000),
        "[\"[\",".repeat(50_000),
        "<think>".repeat(30_000),
        "</think>".repeat(30_000),
        "x".repeat(5_000_000),
    ] {
        assert!(page(&reply).0.is_err());
    }
}
