//! Types of moments that the person registered, beside those of every journal.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Error, Journal, Result,
    api::types::MomentType,
    mind::{MOMENT_TYPES, OwnType},
    text::{clean, tags},
};

const MOST_NAME: usize = 40;
const MOST_DESCRIPTION: usize = 300;
/// More would crowd the questions to a small model.
const MOST_TYPES: usize = 40;

/// A type's name in the one form that is kept.
///
/// # Errors
/// There is no word in it, or it is too long.
pub(crate) fn name_of(text: &str) -> Result<String> {
    let name = tags::tag_key(text).replace('-', "_");
    if !name.starts_with(char::is_alphabetic) {
        return Err(Error::invalid("a type’s name begins with a letter, for example “climbing”"));
    }
    if name.chars().count() > MOST_NAME {
        return Err(Error::invalid(format!("a type’s name has at most {MOST_NAME} characters")));
    }
    Ok(name)
}

/// What the person registered, by name.
pub(crate) fn registered(reader: &Connection) -> Result<Vec<OwnType>> {
    let mut find =
        reader.prepare_cached("SELECT name, description FROM moment_types ORDER BY name")?;
    let all =
        find.query_map([], |row| Ok(OwnType { name: row.get(0)?, description: row.get(1)? }))?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is a type of this name.
pub(crate) fn is_registered(reader: &Connection, name: &str) -> Result<bool> {
    Ok(MOMENT_TYPES.contains(&name)
        || reader
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM moment_types WHERE name = ?1)")?
            .query_row([name], |row| row.get(0))?)
}

/// Refuses what is no type.
pub(crate) fn check(reader: &Connection, name: &str) -> Result<()> {
    if is_registered(reader, name)? {
        return Ok(());
    }
    let own = registered(reader)?.into_iter().map(|own| own.name);
    let own: Vec<String> = own.filter(|name| !MOMENT_TYPES.contains(&name.as_str())).collect();
    let all: Vec<&str> =
        MOMENT_TYPES.iter().copied().chain(own.iter().map(String::as_str)).collect();
    Err(Error::invalid(format!(
        "“{}” is no type of moment; there are: {}",
        clean::visible(name),
        all.join(", ")
    )))
}

/// The common types in their order, the person's own by name, and those that only moments still have.
pub(crate) fn list(reader: &Connection) -> Result<Vec<MomentType>> {
    let mut count =
        reader.prepare_cached("SELECT moment_type, count(*) FROM moments GROUP BY 1 ORDER BY 1")?;
    let mut n_moments: BTreeMap<String, u32> = count
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut own: BTreeMap<String, String> =
        registered(reader)?.into_iter().map(|own| (own.name, own.description)).collect();
    let mut all = Vec::new();
    let mut push = |name: String, description: String, is_common: bool, n_moments: u32| {
        let is_registered = true;
        all.push(MomentType { name, description, is_common, is_registered, n_moments });
    };
    for name in MOMENT_TYPES {
        let description = own.remove(*name).unwrap_or_default();
        push((*name).into(), description, true, n_moments.remove(*name).unwrap_or_default());
    }
    for (name, description) in own {
        let n = n_moments.remove(&name).unwrap_or_default();
        push(name, description, false, n);
    }
    let removed = n_moments.into_iter().map(|(name, n_moments)| MomentType {
        name,
        description: String::new(),
        is_common: false,
        is_registered: false,
        n_moments,
    });
    all.extend(removed);
    Ok(all)
}

/// Registers a type, or describes one that is there.
pub(crate) fn add(journal: &Journal, name: &str, description: &str) -> Result<MomentType> {
    let name = name_of(name)?;
    let description = clean::visible(description).split_whitespace().collect::<Vec<_>>().join(" ");
    if description.chars().count() > MOST_DESCRIPTION {
        return Err(Error::invalid(format!(
            "what a type is for is said in at most {MOST_DESCRIPTION} characters"
        )));
    }
    if MOMENT_TYPES.contains(&name.as_str()) && description.is_empty() {
        return Err(Error::invalid(format!(
            "“{name}” is a type of every journal: say in a description what you count to it"
        )));
    }
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let known: Option<String> = tx
            .query_row("SELECT description FROM moment_types WHERE name = ?1", [&name], |row| {
                row.get(0)
            })
            .optional()?;
        let n: usize = tx.query_row("SELECT count(*) FROM moment_types", [], |row| row.get(0))?;
        if known.is_none() && n >= MOST_TYPES {
            return Err(Error::invalid(format!(
                "a journal has at most {MOST_TYPES} types of your own: remove one first"
            )));
        }
        if known.as_deref() != Some(&description) {
            tx.execute(
                "INSERT INTO moment_types (name, description, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?3)
                 ON CONFLICT (name) DO UPDATE SET description = excluded.description,
                   updated_at = excluded.updated_at",
                params![name, description, now],
            )?;
        }
        let added = list(tx)?.into_iter().find(|one| one.name == name);
        added.ok_or_else(|| Error::NotFound(format!("type “{name}”")))
    })
}

/// Removes a type of the person's own, or their words about a common one.
pub(crate) fn remove(journal: &Journal, name: &str) -> Result<()> {
    let name = name_of(name)?;
    journal.store().write(|tx| {
        let n = tx.execute("DELETE FROM moment_types WHERE name = ?1", [&name])?;
        if n == 0 && MOMENT_TYPES.contains(&name.as_str()) {
            return Err(Error::invalid(format!(
                "“{name}” is a type of every journal and cannot be removed"
            )));
        }
        if n == 0 {
            return Err(Error::NotFound(format!("type “{name}”")));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_name_has_one_form_however_it_is_typed() {
        for typed in ["Work session", "work-session", " WORK_session ", "work  session!"] {
            assert_eq!(name_of(typed).ok().as_deref(), Some("work_session"), "{typed}");
        }
        assert_eq!(name_of("登山").ok().as_deref(), Some("登山"));
    }

    #[test]
    fn nothing_but_letters_and_digits_is_left_of_a_hostile_name() {
        for typed in
            ["<script>alert(1)</script>", "a'; DROP TABLE moments; --", "a\u{202e}\u{1b}[2Jb"]
        {
            let name = name_of(typed).unwrap_or_default();
            assert!(name.chars().all(|c| c.is_alphanumeric() || c == '_'), "{name}");
        }
        for typed in ["", "  ", "12", "--", "\u{200b}", &"x".repeat(41)] {
            assert!(name_of(typed).is_err(), "{typed}");
        }
    }
}
