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
    let Some(old) = settings.get(&key) else {
        let known = settings.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(invalid(format!("there is no setting “{key}”; there are {known}")));
    };
    let Some(text) = &args.value else {
        return value(desk, old);
    };
    let new = read(&key, old, text)?;
    settings.insert(key.clone(), new);
    let settings: Settings = serde_json::from_value(Value::Object(settings))
        .map_err(|error| invalid(format!("“{text}” cannot be the value of {key}: {error}")))?;
    let settings = change_settings(&journal, settings)?;
    if desk.is_json() {
        return desk.json(&settings);
    }
    let settings = as_map(&settings)?;
    let kept = settings.get(&key).map(say).unwrap_or_default();
    desk.confirm(&format!("{key} is now {}", if kept.is_empty() { "empty" } else { &kept }))?;
    Ok(Exit::Done)
}

fn list(desk: &mut Desk<'_, '_>, settings: &Map<String, Value>) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(settings);
    }
    let rows: Vec<_> = settings
        .iter()
        .map(|(key, value)| vec![key.clone(), say(value), meaning(key).to_owned()])
        .collect();
    page::table::write(desk, &["setting", "value", "what it means"], &rows)?;
    Ok(Exit::Done)
}

fn value(desk: &mut Desk<'_, '_>, value: &Value) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(value);
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
        "own_names" => "the names under which you write in chats",
        "dream_at" => "when the nightly dream is due",
        "is_paused" => "whether following and nightly dreams rest",
        "theme" => "the window’s look: system, night or paper",
        "is_set_up" => "whether the first-run guide was finished",
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
    fn every_setting_says_what_it_means() {
        for key in as_map(&Settings::default()).unwrap().keys() {
            assert!(!meaning(key).is_empty(), "{key}");
        }
    }
}
