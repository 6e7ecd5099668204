//! The sample journal: three weeks of an invented person, so that nobody has to bring their own
//! before they have seen what the app does.

use std::{fs, path::Path};

use include_dir::{Dir, include_dir};

use crate::{Journal, Result, error::Attempt, journal::Cancel};

static SAMPLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/sample");

/// The zone in which the invented person lives; their clock times are meant in it.
const ZONE: &str = "Europe/Berlin";
/// The name under which the invented person writes in chats.
const PERSON: &str = "Hester";

/// Writes the sample's files into the app's data folder, adds them as a source and reads them.
///
/// # Errors
/// The files cannot be written, or the store failed.
pub fn open(journal: &Journal) -> Result<i64> {
    let folder = journal.data_dir().join("sample");
    write_out(&SAMPLE, &folder)?;
    let mut settings = journal.settings();
    if super::ids(journal)?.is_empty() {
        ZONE.clone_into(&mut settings.zone);
        settings.own_names = vec![PERSON.into()];
        journal.change_settings(settings)?;
    }
    let id = super::add(journal, &folder, true)?;
    journal.scan(id, false, &Cancel::default())?;
    Ok(id)
}

fn write_out(dir: &Dir<'_>, to: &Path) -> Result<()> {
    fs::create_dir_all(to).attempt(|| format!("creating {}", to.display()))?;
    for file in dir.files() {
        let path = to.join(file.path().file_name().unwrap_or_default());
        // What is there may have been edited by the person, who is free to play with it.
        if !path.exists() {
            fs::write(&path, file.contents()).attempt(|| format!("writing {}", path.display()))?;
        }
    }
    for inner in dir.dirs() {
        write_out(inner, &to.join(inner.path().file_name().unwrap_or_default()))?;
    }
    Ok(())
}
