//! The journal as a folder of Markdown files that any notes program opens.

mod markup;
mod pages;
mod records;

use std::{collections::BTreeSet, path::Path};

use rusqlite::{Connection, params};

use super::{Days, Writing, folder::Folder};
use crate::{
    Journal, Result,
    api::{export::ExportPart, periods::PeriodKind},
};

/// The page that lists the days.
const INDEX: &str = "index.md";

/// Writes the folder.
pub(super) fn export(
    journal: &Journal,
    root: &Path,
    days: &Days,
    parts: &BTreeSet<ExportPart>,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let mut folder = Folder::open(root)?;
    let written = journal
        .store()
        .read(|reader| days_and_records(reader, days, parts, &mut folder, writing))
        .and_then(|()| reviews(journal, days, parts, &mut folder, writing))
        .and_then(|()| {
            let names: Vec<String> = folder.names().map(str::to_owned).collect();
            let page = pages::index(names.iter().map(String::as_str));
            let (first, last) = ("0000-01-01", "9999-12-31");
            folder.put(INDEX, &page, (first, last), writing)
        });
    if let Err(error) = written {
        folder.keep()?;
        return Err(error);
    }
    folder.finish(days, writing)
}

fn days_and_records(
    reader: &Connection,
    days: &Days,
    parts: &BTreeSet<ExportPart>,
    folder: &mut Folder,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let with_records = parts.contains(&ExportPart::Records);
    if parts.contains(&ExportPart::Conversations) || with_records {
        records::conversations(reader, days, parts, folder, writing)?;
    }
    if with_records {
        records::notes(reader, days, folder, writing)?;
    }
    if !parts.contains(&ExportPart::Moments) && !parts.contains(&ExportPart::Stories) {
        return Ok(());
    }
    let (since, until) = days.bounds();
    let all: Vec<String> = reader
        .prepare(
            "SELECT day FROM moments WHERE is_hidden = 0 AND day BETWEEN ?1 AND ?2
             UNION SELECT starts_on FROM periods
               WHERE kind = 'day' AND summary <> '' AND starts_on BETWEEN ?1 AND ?2
             ORDER BY 1",
        )?
        .query_map(params![since, until], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for (n, day) in all.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| all.get(n));
        let around = (before.map(String::as_str), all.get(n + 1).map(String::as_str));
        let Some(page) = pages::day(reader, day, around, parts)? else { continue };
        folder.put(&markup::day_file(day), &page.text, (day, day), writing)?;
        writing.report.n_days += 1;
        writing.report.n_moments += page.n_moments;
    }
    Ok(())
}

/// The weeks, months and years that were told and lie within the days.
fn reviews(
    journal: &Journal,
    days: &Days,
    parts: &BTreeSet<ExportPart>,
    folder: &mut Folder,
    writing: &mut Writing<'_>,
) -> Result<()> {
    if !parts.contains(&ExportPart::Reviews) {
        return Ok(());
    }
    let (since, until) = days.bounds();
    let told: Vec<(String, String)> = journal.store().read(|reader| {
        Ok(reader
            .prepare(
                "SELECT kind, starts_on FROM periods
                 WHERE kind <> 'day' AND n_moments > 0 AND starts_on >= ?1 AND ends_on <= ?2
                 ORDER BY kind, starts_on",
            )?
            .query_map(params![since, until], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    })?;
    for (kind, starts_on) in told {
        writing.cancel.check()?;
        let kind = match kind.as_str() {
            "week" => PeriodKind::Week,
            "month" => PeriodKind::Month,
            _ => PeriodKind::Year,
        };
        let review = crate::periods::show_review(journal, kind, Some(&starts_on))?;
        // Another day begins the week since it was told: the next dream tells it anew.
        if review.starts_on != starts_on {
            continue;
        }
        let name = pages::review_file(kind, &starts_on);
        let page = pages::review(&name, &review);
        folder.put(&name, &page, (&review.starts_on, &review.ends_on), writing)?;
    }
    Ok(())
}
