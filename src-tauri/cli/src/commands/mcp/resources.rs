//! Days and moments as resources: `rem://day/2026-10-14`, `rem://moment/12`.

use rem_core::{
    Error, Journal, Result,
    api::days::{ListDays, list_days},
};
use rmcp::model::{Resource, ResourceTemplate};
use serde_json::{Value, json};

use super::{
    abilities::{ALL, Answer},
    bounds::{self, NOTICE},
};

pub(super) const MIME: &str = "application/json";
/// Days in one page of the list.
const DAYS: usize = 100;

/// What can be named.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, says: &str| {
        ResourceTemplate::new(uri, name)
            .with_description(format!("{says} {NOTICE}"))
            .with_mime_type(MIME)
    };
    vec![
        template("rem://day/{date}", "day", "A day, YYYY-MM-DD: its story and its moments."),
        template("rem://moment/{id}", "moment", "A moment, with the words it rests on."),
    ]
}

/// The days that were dreamt, the newest first.
pub(super) fn list(
    journal: &Journal,
    cursor: Option<&str>,
) -> Result<(Vec<Resource>, Option<String>)> {
    let from =
        bounds::place(cursor).ok_or_else(|| Error::invalid("this cursor was not given out"))?;
    let days = list_days(journal, ListDays::default())?;
    let mut days: Vec<Value> =
        days.into_iter().filter(|day| day.n_moments > 0).map(|day| json!(day.day)).collect();
    days.reverse();
    let page = bounds::page(days, from, DAYS);
    let named = page
        .items
        .iter()
        .filter_map(Value::as_str)
        .map(|day| Resource::new(format!("rem://day/{day}"), day).with_mime_type(MIME));
    Ok((named.collect(), page.next_cursor))
}

/// What an address names: the tool that shows it, and its arguments.
pub(super) fn named(uri: &str) -> Option<(&'static str, Value)> {
    let rest = uri.strip_prefix("rem://")?;
    match rest.split_once('/')? {
        ("day", day) if day.len() == 10 => Some(("show_day", json!({ "day": day }))),
        ("moment", id) => Some(("show_moment", json!({ "id": id.parse::<i64>().ok()? }))),
        _ => None,
    }
}

/// Reads what an address names.
pub(super) fn read(journal: &Journal, uri: &str) -> Result<Answer> {
    let (tool, arguments) = named(uri).ok_or_else(|| {
        Error::NotFound(
            "such address: there are rem://day/YYYY-MM-DD and rem://moment/NUMBER".into(),
        )
    })?;
    let ability = ALL.iter().find(|ability| ability.name == tool);
    let ability = ability.ok_or_else(|| Error::NotFound(tool.into()))?;
    (ability.call)(journal, arguments)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn only_days_and_moments_have_addresses() {
        assert_eq!(named("rem://moment/12").map(|(tool, _)| tool), Some("show_moment"));
        assert_eq!(named("rem://day/2026-10-14").map(|(tool, _)| tool), Some("show_day"));
        for wrong in ["rem://moment/x", "rem://day/", "file:///etc/passwd", "rem://record/1", ""] {
            assert!(named(wrong).is_none(), "{wrong}");
        }
    }
}
