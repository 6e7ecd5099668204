//! What the person says of themselves: kept apart from what dreams derive, and laid over all of it.
//!
//! An edit is kept under a tag or folded name, not under a number that a dream may drop.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, params};

use super::{content, shown, versions};
use crate::{
    Error, Journal, Result,
    api::profile::{Level, ProfileEdit, ProfileField},
    event::Event,
    text::{clean, tags::tag_key, words},
};

/// Characters of a summary of the person's own.
const MOST_SUMMARY: usize = 4_000;

/// What was done to an interest or a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// "add", "rename" or "hide".
    pub(super) op: String,
    /// The name as the person wrote it.
    pub(super) value: String,
}

/// All edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edits {
    pub(super) summary: Option<String>,
    pub(super) activity: Option<String>,
    /// By tag.
    pub(super) interests: BTreeMap<String, Edit>,
    /// By folded name.
    pub(super) people: BTreeMap<String, Edit>,
}

impl Edits {
    /// Reads them.
    pub(crate) fn read(reader: &Connection) -> Result<Self> {
        let mut edits = Self::default();
        let mut find = reader.prepare_cached(
            "SELECT field, key, op, value FROM profile_edits ORDER BY field, key",
        )?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let (field, key): (String, String) = (row.get(0)?, row.get(1)?);
            let edit = Edit { op: row.get(2)?, value: row.get(3)? };
            match field.as_str() {
                "summary" => edits.summary = Some(edit.value),
                "activity" => edits.activity = Some(edit.value),
                "interest" => {
                    edits.interests.insert(key, edit);
                }
                _ => {
                    edits.people.insert(key, edit);
                }
            }
        }
        Ok(edits)
    }

    /// How active the person says they are.
    pub(super) fn level(&self) -> Option<Level> {
        match self.activity.as_deref() {
            Some("active") => Some(Level::Active),
            Some("moderate") => Some(Level::Moderate),
            Some("inactive") => Some(Level::Inactive),
            _ => None,
        }
    }

    /// The names that nothing shown may speak of.
    pub(crate) fn unwanted(&self) -> Vec<&str> {
        [&self.interests, &self.people]
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter(|edit| edit.op == "hide")
            .map(|edit| edit.value.as_str())
            .collect()
    }

    /// Takes out of what was counted what the person does not want to be told, and calls it as they do.
    pub(crate) fn lay_over(&self, counted: &mut content::Content) {
        counted.people.retain(|person| !self.people.contains_key(&person.key));
        counted.interests.retain(|interest| {
            self.interests.get(&interest.key).is_none_or(|edit| edit.op != "hide")
        });
        for interest in &mut counted.interests {
            if let Some(edit) = self.interests.get(&interest.key) {
                interest.name.clone_from(&edit.value);
            }
        }
        // Two that are called the same by the person are one; that which counts more stands first.
        let mut called = BTreeSet::new();
        counted.interests.retain(|interest| called.insert(tag_key(&interest.name)));
        for (key, edit) in self.interests.iter().rev().filter(|(_, edit)| edit.op == "add") {
            if called.insert(tag_key(&edit.value)) {
                counted.interests.insert(0, by_hand(key, &edit.value));
            }
        }
    }
}

/// An interest of which only the person knows.
fn by_hand(key: &str, name: &str) -> content::Interest {
    content::Interest {
        key: key.to_owned(),
        name: name.to_owned(),
        weight: 0.0,
        lift: 0.0,
        n_days: 0,
        n_things: 0,
        first_day: String::new(),
        last_day: String::new(),
        moments: Vec::new(),
        records: Vec::new(),
    }
}

/// Keeps an edit.
pub(crate) fn edit(journal: &Journal, edit: &ProfileEdit) -> Result<()> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let set = |field: &str, key: &str, op: &str, value: &str| -> Result<()> {
            tx.execute(
                "INSERT INTO profile_edits (field, key, op, value, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (field, key) DO UPDATE SET op = excluded.op, value = excluded.value,
                   created_at = excluded.created_at",
                params![field, key, op, value, now],
            )?;
            Ok(())
        };
        match edit {
            ProfileEdit::Summary { text } => set("summary", "", "set", &summary(text)?),
            ProfileEdit::Activity { level } => {
                let level = match level {
                    Level::Active => "active",
                    Level::Moderate => "moderate",
                    Level::Inactive => "inactive",
                };
                set("activity", "", "set", level)
            }
            ProfileEdit::AddInterest { name } => {
                let (name, key) = interest(name)?;
                // One that was found under a name of the person's is there already.
                match shown_interest(tx, &key)? {
                    Some(_) => Ok(()),
                    None => set("interest", &key, "add", &name),
                }
            }
            ProfileEdit::RemoveInterest { name } => {
                let (name, key) = interest(name)?;
                let Some(found) = shown_interest(tx, &key)? else {
                    return Err(no_interest(&name));
                };
                // The tag under which it is found again, and the name that the person gave it.
                set("interest", &found, "hide", &name)?;
                if key == found { Ok(()) } else { set("interest", &key, "hide", &name) }
            }
            ProfileEdit::RenameInterest { from, to } => {
                let ((from, key), (to, to_key)) = (interest(from)?, interest(to)?);
                let Some(found) = shown_interest(tx, &key)? else {
                    return Err(no_interest(&from));
                };
                let is_added: bool = tx
                    .prepare("SELECT 1 FROM profile_edits WHERE field = 'interest' AND key = ?1 AND op = 'add'")?
                    .exists([&found])?;
                if is_added {
                    tx.execute(
                        "DELETE FROM profile_edits WHERE field = 'interest' AND key = ?1",
                        [&found],
                    )?;
                    return set("interest", &to_key, "add", &to);
                }
                set("interest", &found, "rename", &to)
            }
            ProfileEdit::HidePerson { name } => {
                let name = named(name, "person")?;
                let key = words::fold(&name).into_owned();
                let is_known: bool = tx
                    .prepare(
                        "SELECT 1 FROM profile_people WHERE key = ?1
                         UNION SELECT 1 FROM entities WHERE kind = 'person' AND key = ?1",
                    )?
                    .exists([&key])?;
                if !is_known {
                    return Err(Error::NotFound(format!("person called “{name}”")));
                }
                set("person", &key, "hide", &name)
            }
            ProfileEdit::Reset { field, name } => reset(tx, *field, name.as_deref()),
        }
    })?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(())
}

fn no_interest(name: &str) -> Error {
    Error::NotFound(format!("interest “{name}” in the profile"))
}

/// The tag of an interest that is shown under this one, or was found under it.
fn shown_interest(reader: &Connection, key: &str) -> Result<Option<String>> {
    let newest = versions::latest(reader)?.map(|version| version.content);
    let edits = Edits::read(reader)?;
    let shown = newest.map_or_else(shown::nothing, |mut content| {
        edits.lay_over(&mut content);
        content
    });
    let mut all = shown.interests;
    if all.is_empty() {
        let mut nothing = shown::nothing();
        edits.lay_over(&mut nothing);
        all = nothing.interests;
    }
    let by_name = all.iter().find(|interest| tag_key(&interest.name) == key);
    let found = by_name.or_else(|| all.iter().find(|interest| interest.key == key));
    Ok(found.map(|interest| interest.key.clone()))
}

fn reset(tx: &Transaction<'_>, field: ProfileField, name: Option<&str>) -> Result<()> {
    let (column, what) = match field {
        ProfileField::Summary => ("summary", "the summary"),
        ProfileField::Activity => ("activity", "the activity"),
        ProfileField::Interest => ("interest", "an interest"),
        ProfileField::Person => ("person", "a person"),
    };
    let has_names = matches!(field, ProfileField::Interest | ProfileField::Person);
    let n = match name.filter(|_| has_names) {
        None => tx.execute("DELETE FROM profile_edits WHERE field = ?1", [column])?,
        Some(name) => {
            let key = |name: &str| match field {
                ProfileField::Interest => tag_key(name),
                _ => words::fold(&content::plain(name)).into_owned(),
            };
            let wanted = key(name);
            let mut find =
                tx.prepare("SELECT key, value FROM profile_edits WHERE field = ?1 ORDER BY key")?;
            let all: Vec<(String, String)> = find
                .query_map([column], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let mut n = 0;
            for (own, value) in all {
                if own == wanted || key(&value) == wanted {
                    n += tx.execute(
                        "DELETE FROM profile_edits WHERE field = ?1 AND key = ?2",
                        params![column, own],
                    )?;
                }
            }
            n
        }
    };
    if n == 0 {
        return Err(Error::NotFound(format!("edit of {what} to take back")));
    }
    Ok(())
}

fn summary(text: &str) -> Result<String> {
    let text = clean::visible(text);
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(
            "a summary of no words says nothing: write one, or take yours back with a reset",
        ));
    }
    if text.chars().count() > MOST_SUMMARY {
        return Err(Error::invalid(format!(
            "a summary may have {MOST_SUMMARY} characters, not {}",
            text.chars().count()
        )));
    }
    Ok(text.to_owned())
}

fn interest(name: &str) -> Result<(String, String)> {
    let name = named(name.trim_start_matches('#'), "interest")?;
    let key = tag_key(&name);
    if key.is_empty() {
        return Err(Error::invalid(format!("“{name}” cannot name an interest: it has no letter")));
    }
    Ok((name, key))
}

fn named(name: &str, what: &str) -> Result<String> {
    let plain = content::plain(name);
    if plain.is_empty() {
        return Err(Error::invalid(format!("say which {what}: the name is empty")));
    }
    Ok(plain)
}
