//! `rem settings`: shows or changes what the journal is set to.

use clap::Args;
use rem_core::{
    api::{
        Empty,
        settings::{change_settings, show_settings},
    },
    settings::Settings,
};
use serde_json::{Map, Value};

use crate::{
    desk::Desk,
    exit::{Exit, Result, invalid},
    page,
};

/// Which setting, and what it is to be.
#[derive(Debug, Args)]
pub(crate) struct SettingsArgs {
    /// The setting; all are shown if absent.
    key: Option<String>,
    /// Its new value; names in a list are parted by commas.
    #[arg(allow_hyphen_values = true)]
    value: Option<String>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &SettingsArgs) -> Result<Exit> {
    let journal = desk.open()?;
    let mut settings = as_map(&show_settings(&journal, Empty {})?)?;
    let Some(key) = &args.key else {
        return list(desk, &settings);
    };
    let key = key.replace('-', "_");
    let Some(place) = find(&mut settings, &key) else {
        let known = flat(&settings).into_iter().map(|(key, _)| key).collect::<Vec<_>>().join(", ");
        return Err(invalid(format!("there is no setting “{key}”; there are {known}")));
    };
    let Some(text) = &args.value else {
        return value(desk, &key, &place.clone());
    };
    if place.is_object() {
        return Err(invalid(format!("{key} has several settings: name one, such as {key}.server")));
    }
    *place = read(&key, place, text)?;
    let settings: Settings = serde_json::from_value(Value::Object(settings))
        .map_err(|error| invalid(format!("“{text}” cannot be the value of {key}: {error}")))?;
    let settings = change_settings(&journal, settings)?;
    if desk.is_json() {
        return desk.json(&settings);
    }
    let mut settings = as_map(&settings)?;
    let kept = find(&mut settings, &key).map(|value| say(value)).unwrap_or_default();
    desk.confirm(&format!("{key} is now {}", if kept.is_empty() { "empty" } else { &kept }))?;
    Ok(Exit::Done)
}

/// A setting by its name; those of a group are named "mind.server" and so on.
fn find<'m>(settings: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Value> {
    match key.split_once('.') {
        Some((group, rest)) => find(settings.get_mut(group)?.as_object_mut()?, rest),
        None => settings.get_mut(key),
    }
}

/// Every setting with its full name, by name.
fn flat(settings: &Map<String, Value>) -> Vec<(String, &Value)> {
    let mut all = Vec::new();
    for (key, value) in settings {
        match value {
            Value::Object(group) => all.extend(
                flat(group).into_iter().map(|(name, value)| (format!("{key}.{name}"), value)),
            ),
            _ => all.push((key.clone(), value)),
        }
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

fn list(desk: &mut Desk<'_, '_>, settings: &Map<String, Value>) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(settings);
    }
    table(desk, &flat(settings))
}

fn table(desk: &mut Desk<'_, '_>, settings: &[(String, &Value)]) -> Result<Exit> {
    let rows: Vec<_> = settings
        .iter()
        .map(|(key, value)| vec![key.clone(), say(value), meaning(key).to_owned()])
        .collect();
    page::table::write(desk, &["setting", "value", "what it means"], &rows)?;
    Ok(Exit::Done)
}

fn value(desk: &mut Desk<'_, '_>, key: &str, value: &Value) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(value);
    }
    if value.is_object() {
        let group = Map::from_iter([(key.to_owned(), value.clone())]);
        return table(desk, &flat(&group));
    }
    desk.line(&crate::line::Line::plain(&say(value)))?;
    Ok(Exit::Done)
}

fn as_map(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings).map_err(std::io::Error::from)? {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

/// The typed text as a value of the kind the setting has.
fn read(key: &str, old: &Value, text: &str) -> Result<Value> {
    let wrong = |kind: &str| invalid(format!("{key} wants {kind}, not “{text}”"));
    match old {
        Value::Bool(_) => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "no" | "off" => Ok(Value::Bool(false)),
            _ => Err(wrong("true or false")),
        },
        Value::Number(_) => {
            let number = serde_json::from_str::<serde_json::Number>(text.trim());
            number.map(Value::Number).map_err(|_| wrong("a number"))
        }
        Value::Array(_) => {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            Ok(names.map(Value::from).collect())
        }
        Value::String(_) => Ok(Value::from(text)),
        Value::Null | Value::Object(_) => {
            Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
        }
    }
}

fn say(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(say).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn meaning(key: &str) -> &'static str {
    match key {
        "zone" => "the time zone in which days are counted",
        "day_start_minutes" => "minutes after midnight at which a day begins, 0 to 720",
        "week_starts_on" => "the day on which a week begins: monday to sunday",
        "hemisphere" => "where your summers lie, for dates in words: north or south",
        "own_names" => "the names under which you write in chats",
        "dream_at" => "when the nightly dream is due",
        "is_paused" => "whether following and nightly dreams rest",
        "schedule.decay" => "when things fade; off: with the dreams alone",
        "schedule.night" => "when the night dreams, in cron’s words; empty: at dream_at",
        "schedule.light" => "when a light dream ties together what is alike",
        "schedule.deep" => "when a deep dream lets a model judge that, too",
        "schedule.sessions" => "when conversations that are over are told",
        "schedule.idle_minutes" => "minutes of idleness after which it dreams; 0 for never",
        "schedule.threshold_items" => "new notes and messages after which it dreams; 0 for never",
        "schedule.rest_hours" => "hours between a dream and one of the two before",
        "schedule.deep_limit" => "notes and conversations that a deep dream lets a model judge",
        "schedule.budget_minutes" => "minutes that a dream by itself may take; 0 for no limit",
        "schedule.paused_until" => "nothing happens by itself before; `rem schedule pause` sets it",
        "jobs.queue_enabled" => "whether the queue is worked on",
        "jobs.workers" => "pieces of work at the same time; only one of them dreams",
        "jobs.batch_size" => "notes that are worked on together",
        "jobs.max_retries" => "tries after the first",
        "jobs.retry_delay_seconds" => {
            "seconds before the second try, doubled before each further one"
        }
        "assistants.may_read" => "whether assistant programs may read, by `rem mcp`",
        "assistants.may_write" => "whether they may add notes and begin dreams",
        "assistants.keep_days" => "days for which it is kept what they asked",
        "theme" => "the window’s look: system, night or paper",
        "is_set_up" => "whether the first-run guide was finished",
        "consolidation.batch_size" => "texts that are read at once, 1 to 10,000",
        "consolidation.min_age_hours" => "hours before today in which nothing is compared",
        "consolidation.similarity_threshold" => {
            "the least share of words that two texts have in common"
        }
        "consolidation.max_group_size" => "texts in one group at most",
        "consolidation.strategies" => "content_overlap, tag_similarity, temporal_proximity",
        "consolidation.duplicate_threshold" => "the least cosine of two texts that say the same",
        "consolidation.conflict_auto_resolve" => "whether applying settles contradictions, too",
        "consolidation.summarize_age_days" => {
            "days from which on a faded moment may be folded away"
        }
        "consolidation.max_actions_per_run" => "proposals that are applied in one run at most",
        "consolidation.dry_run" => "whether consolidating alone only proposes",
        "consolidation.utility_threshold" => {
            "the most strength a moment to be folded away may have"
        }
        "consolidation.min_feedback_events" => "visits below which a moment’s visits say nothing",
        "consolidation.max_access_count_for_archival" => {
            "visits above which a moment is not folded away"
        }
        "consolidation.utility_weight" => "what lost strength weighs in folding away",
        "consolidation.age_weight" => "what age weighs in folding away",
        "consolidation.feedback_weight" => "what missing visits weigh in folding away",
        "consolidation.composite_cutoff" => "the least sum of these",
        "consolidation.max_importance_for_archival" => {
            "the most a moment to be folded away may weigh unfaded"
        }
        "consolidation.max_memories" => "proposals that a model is asked about in one run at most",
        "consolidation.max_candidates" => "proposals that wait for you at the same time at most",
        "consolidation.summary_min_memories" => "texts from which on a group is one",
        "mind.server" => "where models live: ollama, openai or off",
        "mind.address" => "the server’s address; empty for Ollama’s usual one",
        "mind.agreed_address" => "another computer to which you agreed to send what you wrote",
        "mind.fast_model" => "the model that reads; empty: the best that fits; off: built in",
        "mind.deep_model" => "the model that tells days; empty: the one that reads",
        "mind.embedding_model" => "the model that makes vectors; empty: the best; off: built in",
        "mind.window_tokens" => "tokens of window to ask for, 1,024 to 262,144",
        "mind.concurrency" => "calls at the same time, 1 to 8",
        "mind.most_minutes" => "minutes of model time a dream may take; 0 for no limit",
        "mind.min_gap_ms" => "milliseconds of rest between two calls",
        "mind.waits_on_battery" => "whether a nightly dream waits while on battery",
        "mind.waits_while_active" => "whether a nightly dream waits while you use the machine",
        "decay.is_on" => "whether things fade to which you do not return",
        "decay.base_rate" => "share of its weight that a thing loses in a day",
        "decay.least_rate" => "no thing fades more slowly than this",
        "decay.greatest_rate" => "no thing fades faster than this",
        "decay.access_boost" => "how much your visits slow it down; 0: not at all",
        "summaries.is_on" => "whether conversations are summarised",
        "summaries.fewest_messages" => "shorter conversations are not summarised",
        "insights.is_on" => "whether anything is made of moments at all",
        "insights.mode" => "lite: no reflections, no model foretells; full: all of it",
        "insights.reflects" => "whether dreams reflect",
        "insights.lookback_hours" => "hours that a reflection looks back, 1 to 720",
        "insights.min_importance" => "importance of what it looks at, at least, 0 to 1",
        "insights.max_samples" => "moments that it looks at, at most, 3 to 100",
        "profile.lookback_days" => "dreamt days that the profile is told from, 7 to 366",
        "profile.active_days" => "days of 30 with writing from which on you count as active",
        "profile.moderate_days" => "the same for moderately active",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_the_kind_the_setting_has() {
        let read = |old: Value, text: &str| read("key", &old, text).unwrap();
        assert_eq!(read(Value::Bool(false), "yes"), Value::Bool(true));
        assert_eq!(read(Value::from(0), "240"), Value::from(240));
        assert_eq!(read(Value::from("UTC"), "240"), Value::from("240"));
        assert_eq!(read(Value::Array(vec![]), "Ana, Ana M. ,"), Value::from(vec!["Ana", "Ana M."]));
    }

    #[test]
    fn a_setting_of_a_group_is_found_by_its_full_name() {
        let mut settings = as_map(&Settings::default()).unwrap();
        assert_eq!(find(&mut settings, "mind.concurrency"), Some(&mut Value::from(1)));
        assert_eq!(find(&mut settings, "mind.colour"), None);
        assert_eq!(find(&mut settings, "zone.server"), None);
    }

    #[test]
    fn every_setting_says_what_it_means() {
        for (key, _) in flat(&as_map(&Settings::default()).unwrap()) {
            assert!(!meaning(&key).is_empty(), "{key}");
        }
    }
}
