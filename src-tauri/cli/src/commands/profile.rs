//! `rem profile`: who the person is lately, as the journal believes, for them to read and correct.

use clap::{Args, Subcommand, ValueEnum};
use rem_core::{
    Journal,
    api::{
        Empty,
        profile::{
            EditProfile, Level, ProfileEdit, ProfileField, ShowProfile, edit_profile,
            list_profile_versions, show_profile,
        },
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem profile                              the newest version, with your corrections
  rem profile versions                     all versions, the newest first
  rem profile --version 3                  version 3, as it was told then
  rem profile edit --summary \"I tune harmoniums.\"
  rem profile interest remove work         your word stands in every later version
  rem profile person hide Tomas
  rem profile reset summary                say again what the journal believes
  rem dream profile                        tell it anew now, if anything has changed";

/// Shows the profile, if nothing is said.
#[derive(Debug, Args)]
// Everywhere else `--version` is that of the program; here it is that of the profile.
#[command(args_conflicts_with_subcommands = true, disable_version_flag = true, after_help = EXAMPLES)]
pub(crate) struct Profile {
    #[command(subcommand)]
    action: Option<Action>,
    /// An older version, as it was told then.
    #[arg(long, value_name = "N")]
    version: Option<i64>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the versions, the newest first.
    Versions,
    /// Tell the summary in your own words, or say how active you are.
    Edit(Edit),
    /// Add, remove or rename an interest.
    #[command(subcommand)]
    Interest(Interest),
    /// Hide somebody from the profile.
    #[command(subcommand)]
    Person(Person),
    /// Take a word of yours back.
    Reset {
        /// Of what.
        field: Field,
        /// Of which interest or person; of all of them, if none is named.
        name: Option<String>,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Edit {
    /// Who you are lately, in your words.
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// How active you are.
    #[arg(long, value_name = "LEVEL")]
    activity: Option<LevelName>,
}

#[derive(Debug, Subcommand)]
enum Interest {
    /// Add an interest.
    Add {
        /// Its name.
        name: String,
    },
    /// Remove an interest, now and in later versions.
    Remove {
        /// Its name.
        name: String,
    },
    /// Give an interest another name.
    Rename {
        /// As it is called.
        from: String,
        /// As it is to be called.
        to: String,
    },
}

#[derive(Debug, Subcommand)]
enum Person {
    /// Hide somebody, now and in later versions.
    Hide {
        /// The name.
        name: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelName {
    Active,
    Moderate,
    Inactive,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Summary,
    Activity,
    Interest,
    Person,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Profile) -> Result<Exit> {
    let journal = desk.open()?;
    match &args.action {
        None => show(desk, &journal, args.version),
        Some(Action::Versions) => versions(desk, &journal),
        Some(Action::Edit(edit)) => {
            let summary = edit.summary.clone().map(|text| ProfileEdit::Summary { text });
            let activity = edit.activity.map(|level| ProfileEdit::Activity { level: level.into() });
            edit_with(desk, &journal, summary.into_iter().chain(activity))
        }
        Some(Action::Interest(what)) => {
            let edit = match what {
                Interest::Add { name } => ProfileEdit::AddInterest { name: name.clone() },
                Interest::Remove { name } => ProfileEdit::RemoveInterest { name: name.clone() },
                Interest::Rename { from, to } => {
                    ProfileEdit::RenameInterest { from: from.clone(), to: to.clone() }
                }
            };
            edit_with(desk, &journal, [edit])
        }
        Some(Action::Person(Person::Hide { name })) => {
            edit_with(desk, &journal, [ProfileEdit::HidePerson { name: name.clone() }])
        }
        Some(Action::Reset { field, name }) => {
            let reset = ProfileEdit::Reset { field: (*field).into(), name: name.clone() };
            edit_with(desk, &journal, [reset])
        }
    }
}

fn show(desk: &mut Desk<'_, '_>, journal: &Journal, version: Option<i64>) -> Result<Exit> {
    let view = show_profile(journal, ShowProfile { version })?;
    if desk.is_json() {
        return desk.json(&view);
    }
    page::profile::write(desk, &view, Present::of(journal)?)?;
    Ok(Exit::Done)
}

fn versions(desk: &mut Desk<'_, '_>, journal: &Journal) -> Result<Exit> {
    let all = list_profile_versions(journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&all);
    }
    if all.is_empty() {
        desk.confirm("No version yet: `rem dream` tells the first when there is enough.")?;
        return Ok(Exit::Done);
    }
    page::profile::list(desk, &all, Present::of(journal)?)?;
    Ok(Exit::Done)
}

fn edit_with(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    edits: impl IntoIterator<Item = ProfileEdit>,
) -> Result<Exit> {
    for edit in edits {
        edit_profile(journal, EditProfile { edit })?;
    }
    if desk.globals.quiet { Ok(Exit::Done) } else { show(desk, journal, None) }
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Active => Self::Active,
            LevelName::Moderate => Self::Moderate,
            LevelName::Inactive => Self::Inactive,
        }
    }
}

impl From<Field> for ProfileField {
    fn from(name: Field) -> Self {
        match name {
            Field::Summary => Self::Summary,
            Field::Activity => Self::Activity,
            Field::Interest => Self::Interest,
            Field::Person => Self::Person,
        }
    }
}
