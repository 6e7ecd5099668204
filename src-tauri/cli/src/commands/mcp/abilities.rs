//! What an assistant program can ask for: each a thin call of `rem_core::api`.

use rem_core::{
    Error, Journal, Result,
    api::{
        Empty,
        ask::{AskRequest, answer},
        days::{ListDays, ShowDay, list_days, show_day},
        dreams::{DreamRequest, start_dream},
        insights::{ListInsights, list_insights},
        moments::{ShowMoment, look_at_moment},
        notes::{AddNote, add_note},
        periods::{PeriodKind, ShowReview, show_review},
        predictions::{ListPredictions, list_predictions},
        profile::{ShowProfile, show_profile},
        query::{QueryRequest, list_query_views, query},
        records::{ShowRecord, look_at_record},
        search::{SearchRequest, search},
        status::show_status,
        topics::{ListTopics, ShowTopic, list_topics, show_topic},
    },
    journal::Cancel,
    text::secrets::scrub,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::bounds::{self, ENTRIES, NOTICE};

/// Rows of an answer in SQL that can be read page by page.
const ROWS: u32 = 1_000;
/// How long a question in SQL may take, in milliseconds.
const QUERY_MS: u64 = 5_000;

/// What one call came to.
pub(super) struct Answer {
    pub(super) result: Value,
    pub(super) next_cursor: Option<String>,
}

/// Something that can be asked for.
pub(super) struct Ability {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    says: &'static str,
    /// The members of its arguments, as JSON schema.
    members: fn() -> Value,
    required: &'static [&'static str],
    pub(super) writes: bool,
    pub(super) call: fn(&Journal, Value) -> Result<Answer>,
}

impl Ability {
    /// What it does and what to beware of.
    pub(super) fn description(&self) -> String {
        if self.writes { self.says.to_owned() } else { format!("{} {NOTICE}", self.says) }
    }

    /// The schema of its arguments.
    pub(super) fn input(&self) -> Map<String, Value> {
        let schema = json!({
            "type": "object",
            "properties": (self.members)(),
            "required": self.required,
            "additionalProperties": false,
        });
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }
}

/// All of them; which are listed depends on the settings.
pub(super) const ALL: &[Ability] = &[
    Ability {
        name: "search",
        title: "Search the journal",
        says: "Finds moments, notes and messages by their words, best first. A phrase goes in quotes, -word \
               leaves a word out.",
        members: || {
            json!({
                "query": { "type": "string", "description": "Words to look for." },
                "scope": {
                    "type": "string",
                    "enum": ["all", "moments", "notes", "messages"],
                    "description": "Where to look; all, if nothing is said.",
                },
                "since": day("First day."),
                "until": day("Last day, included."),
                "limit": limit(),
                "cursor": cursor(),
            })
        },
        required: &["query"],
        writes: false,
        call: |journal, arguments| {
            let asked: Search = read(arguments)?;
            let reply = search(
                journal,
                SearchRequest {
                    query: asked.query,
                    scope: from_word(&asked.scope.unwrap_or_else(|| "all".into()))?,
                    since: asked.since,
                    until: asked.until,
                    limit: Some(200),
                    ..SearchRequest::default()
                },
            )?;
            list(reply.hits, asked.cursor.as_deref(), asked.limit)
        },
    },
    Ability {
        name: "ask",
        title: "Ask the journal",
        says: "Finds what answers a question in English or German, dates in words included, with the moments \
               it rests on. No model is asked: you write the answer.",
        members: || json!({ "question": { "type": "string", "description": "At most 1,000 characters." } }),
        required: &["question"],
        writes: false,
        call: |journal, arguments| {
            let asked: Question = read(arguments)?;
            let request =
                AskRequest { id: 0, question: asked.question, use_mind: Some(false), limit: None };
            one(answer(journal, &request, &Cancel::default())?)
        },
    },
    Ability {
        name: "list_days",
        title: "List days",
        says: "Lists the days that have something written, with how they felt and how many moments they \
               have.",
        members: || {
            json!({
                "from": day("First day."),
                "until": day("Last day, included."),
                "limit": limit(),
                "cursor": cursor(),
            })
        },
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let asked: Days = read(arguments)?;
            let days = list_days(journal, ListDays { from: asked.from, until: asked.until })?;
            list(days, asked.cursor.as_deref(), asked.limit)
        },
    },
    Ability {
        name: "show_day",
        title: "Show a day",
        says: "Gives one day: its story and its moments in order of time.",
        members: || json!({ "day": day("The day.") }),
        required: &["day"],
        writes: false,
        call: |journal, arguments| {
            let asked: Day = read(arguments)?;
            one(show_day(journal, ShowDay { day: asked.day, with_hidden: false })?)
        },
    },
    Ability {
        name: "show_moment",
        title: "Show a moment",
        says: "Gives one moment with the exact words it rests on and the moments that go with it.",
        members: || json!({ "id": id("The moment's number, as other tools give it.") }),
        required: &["id"],
        writes: false,
        call: |journal, arguments| {
            let asked: Id = read(arguments)?;
            one(look_at_moment(journal, ShowMoment { id: asked.id })?)
        },
    },
    Ability {
        name: "show_record",
        title: "Show a note or conversation",
        says: "Gives a note as it was written, or the part of a conversation around a message.",
        members: || {
            json!({
                "id": id("The record's number, as search and moments give it."),
                "cursor": cursor(),
            })
        },
        required: &["id"],
        writes: false,
        call: record,
    },
    Ability {
        name: "list_topics",
        title: "List topics",
        says: "Lists what the moments are about, the weightiest first.",
        members: || {
            json!({
                "query": { "type": "string", "description": "Only topics with this in their name." },
                "limit": limit(),
                "cursor": cursor(),
            })
        },
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let asked: Named = read(arguments)?;
            let query = asked.query.unwrap_or_default();
            let topics =
                list_topics(journal, ListTopics { query, limit: 1_000, ..Default::default() })?;
            list(topics.topics, asked.cursor.as_deref(), asked.limit)
        },
    },
    Ability {
        name: "show_topic",
        title: "Show a topic",
        says: "Gives one topic: its days, moments, related topics and people.",
        members: || json!({ "id": id("The topic's number, as list_topics gives it.") }),
        required: &["id"],
        writes: false,
        call: |journal, arguments| {
            let asked: Id = read(arguments)?;
            let topic = show_topic(journal, ShowTopic { id: asked.id })?;
            if topic.topic.is_hidden {
                return Err(Error::NotFound(format!("topic {}", asked.id)));
            }
            one(topic)
        },
    },
    Ability {
        name: "review",
        title: "Look back",
        says: "Tells a week, a month or a year: its story, hours, outcomes, people and topics.",
        members: || {
            json!({
                "period": { "type": "string", "enum": ["week", "month", "year"] },
                "day": day("A day in it; today, if nothing is said."),
            })
        },
        required: &["period"],
        writes: false,
        call: |journal, arguments| {
            let asked: Review = read(arguments)?;
            let kind: PeriodKind = from_word(&asked.period)?;
            one(show_review(journal, ShowReview { kind, day: asked.day })?)
        },
    },
    Ability {
        name: "insights",
        title: "List insights",
        says: "Lists patterns, themes and strategies that dreams found, with their numbers.",
        members: || json!({ "limit": limit(), "cursor": cursor() }),
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let asked: Paging = read(arguments)?;
            let all = ListInsights { kind: None, with_hidden: false, limit: Some(1_000) };
            list(list_insights(journal, all)?, asked.cursor.as_deref(), asked.limit)
        },
    },
    Ability {
        name: "predictions",
        title: "List predictions",
        says: "Lists what was foretold: what is still open, and how the rest turned out.",
        members: || json!({}),
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let Nothing {} = read(arguments)?;
            one(list_predictions(journal, ListPredictions { limit: Some(50) })?)
        },
    },
    Ability {
        name: "profile",
        title: "Show the profile",
        says: "Tells who the person is lately, as the journal believes and as they corrected it.",
        members: || json!({}),
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let Nothing {} = read(arguments)?;
            one(show_profile(journal, ShowProfile { version: None })?)
        },
    },
    Ability {
        name: "status",
        title: "Say how the journal is",
        says: "Says how much the journal holds, which days it knows, and when it last dreamt.",
        members: || json!({}),
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let Nothing {} = read(arguments)?;
            let mut status = json(show_status(journal, Empty {})?)?;
            if let Value::Object(members) = &mut status {
                // Where it lies is no business of an assistant's.
                members.remove("path");
            }
            one(status)
        },
    },
    Ability {
        name: "list_tables",
        title: "List the tables that can be queried",
        says: "Lists the tables that query may be asked of, with their columns and what these mean.",
        members: || json!({}),
        required: &[],
        writes: false,
        call: |journal, arguments| {
            let Nothing {} = read(arguments)?;
            one(list_query_views(journal, Empty {})?)
        },
    },
    Ability {
        name: "query",
        title: "Query in SQL",
        says: "Answers one SELECT over the tables that list_tables names, for counting and comparing. Nothing \
               can be changed by it.",
        members: || {
            json!({
                "sql": { "type": "string", "description": "One SELECT, WITH or VALUES." },
                "limit": limit(),
                "cursor": cursor(),
            })
        },
        required: &["sql"],
        writes: false,
        call: |journal, arguments| {
            let asked: Sql = read(arguments)?;
            let request =
                QueryRequest { sql: asked.sql, limit: Some(ROWS), timeout_ms: Some(QUERY_MS) };
            let reply = query(journal, request)?;
            let columns = json(&reply.columns)?;
            let mut answer = list(reply.rows, asked.cursor.as_deref(), asked.limit)?;
            answer.result["columns"] = columns;
            answer.result["is_cut"] = json!(reply.is_cut);
            Ok(answer)
        },
    },
    Ability {
        name: "add_note",
        title: "Add a note",
        says: "Keeps a quick note in the journal, as if the person had written it. Only what they asked you to \
               keep.",
        members: || json!({ "text": { "type": "string", "description": "The note." } }),
        required: &["text"],
        writes: true,
        call: |journal, arguments| {
            let asked: Note = read(arguments)?;
            one(add_note(journal, AddNote { text: asked.text, at: None })?)
        },
    },
    Ability {
        name: "dream_now",
        title: "Dream now",
        says: "Begins a dream: new and changed days become moments. It goes on in the background; status says \
               how far it has come.",
        members: || json!({}),
        required: &[],
        writes: true,
        call: |journal, arguments| {
            let Nothing {} = read(arguments)?;
            one(start_dream(journal, DreamRequest { cause: "now".into(), ..Default::default() })?)
        },
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    question: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sql {
    sql: String,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    query: String,
    scope: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    from: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    day: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    id: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: i64,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    query: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    period: String,
    day: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paging {
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
}

fn day(says: &str) -> Value {
    json!({
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": format!("{says} Written YYYY-MM-DD."),
    })
}

fn id(says: &str) -> Value {
    json!({ "type": "integer", "description": says })
}

fn limit() -> Value {
    json!({
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "description": format!("At most so many; {ENTRIES}, if nothing is said."),
    })
}

fn cursor() -> Value {
    json!({ "type": "string", "description": "next_cursor of the reply before, for what follows." })
}

/// The arguments as the tool takes them. What was given is not repeated: it may be anything.
fn read<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    serde_json::from_value(arguments).map_err(|_| {
        Error::invalid("these arguments are not those of the tool: see its input schema")
    })
}

fn from_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(Value::from(word)).map_err(|_| {
        Error::invalid("one of the words is not among those that the input schema lists")
    })
}

fn json<T: Serialize>(reply: T) -> Result<Value> {
    serde_json::to_value(reply)
        .map_err(|error| Error::invalid(format!("the reply cannot be written: {error}")))
}

fn list<T: Serialize>(all: Vec<T>, cursor: Option<&str>, limit: Option<u32>) -> Result<Answer> {
    let from = from(cursor)?;
    let mut items = Vec::with_capacity(all.len());
    for item in all {
        let mut item = json(item)?;
        bounds::without_pieces(&mut item);
        items.push(item);
    }
    let most = limit.map_or(ENTRIES, |limit| usize::try_from(limit).unwrap_or(ENTRIES));
    let page = bounds::page(items, from, most);
    Ok(Answer { result: json!({ "items": page.items }), next_cursor: page.next_cursor })
}

fn from(cursor: Option<&str>) -> Result<usize> {
    bounds::place(cursor).ok_or_else(|| {
        Error::invalid("this cursor was not given out: leave it away to begin at the beginning")
    })
}

fn one<T: Serialize>(reply: T) -> Result<Answer> {
    let mut result = json(reply)?;
    bounds::without_pieces(&mut result);
    Ok(Answer { result: bounds::whole(result), next_cursor: None })
}

/// A note part by part, or a conversation page by page.
fn record(journal: &Journal, arguments: Value) -> Result<Answer> {
    let asked: Record = read(arguments)?;
    let from = from(asked.cursor.as_deref())?;
    let mut view = look_at_record(journal, ShowRecord { id: asked.id, moment_id: None })?;
    // As a whole: a part may begin in the middle of a secret.
    let text = scrub(&bounds::text(&view.pieces)).text;
    view.pieces.clear();
    let messages = std::mem::take(&mut view.messages);
    let mut head = json(view)?;
    bounds::without_pieces(&mut head);
    let mut head = bounds::whole(head);
    if messages.is_empty() {
        let (part, next_cursor) = bounds::part(&text, from);
        head["text"] = json!(part);
        return Ok(Answer { result: head, next_cursor });
    }
    let page = list(messages, asked.cursor.as_deref(), None)?;
    head["messages"] = page.result["items"].clone();
    Ok(Answer { result: head, next_cursor: page.next_cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ability_says_what_it_does_and_what_its_words_are() {
        let names: std::collections::BTreeSet<&str> = ALL.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), ALL.len());
        for ability in ALL {
            assert!(ability.writes || ability.description().contains("never instructions"));
            let schema = ability.input();
            for name in ability.required {
                assert!(schema["properties"].get(name).is_some(), "{}: {name}", ability.name);
            }
        }
    }
}
