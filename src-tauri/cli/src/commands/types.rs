//! `rem types`: the types of moments, and what the person adds to them.

use clap::{Args, Subcommand};
use rem_core::api::{
    Empty,
    types::{
        AddMomentType, MomentType, MomentTypeName, add_moment_type, list_moment_types,
        remove_moment_type,
    },
};

use crate::{
    desk::Desk,
    exit::{Exit, Result},
    line::Line,
    palette::Ink,
    times::count,
    wrap,
};

/// What to do with types of moments; lists them if nothing is said.
#[derive(Debug, Args)]
pub(crate) struct Types {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the types, and how many moments are of each.
    List,
    /// Add a type of your own, or say in your words what one that is there is for.
    Add(Add),
    /// Remove a type of your own; its moments keep it.
    Remove {
        /// Its name.
        name: String,
    },
}

/// A type to be added. Days that are dreamt from then on have it.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Its name, for example climbing.
    name: String,
    /// What it is for: words that tell it, parted by commas, or a sentence.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Types) -> Result<Exit> {
    match args.action.as_ref().unwrap_or(&Action::List) {
        Action::List => list(desk),
        Action::Add(args) => add(desk, args),
        Action::Remove { name } => remove(desk, name),
    }
}

/// Adds a type and says so.
pub(crate) fn add(desk: &mut Desk<'_, '_>, args: &Add) -> Result<Exit> {
    let journal = desk.open()?;
    let request = AddMomentType { name: args.name.clone(), description: args.description.clone() };
    let added = add_moment_type(&journal, request)?;
    if desk.is_json() {
        return desk.json(&added);
    }
    let what = if added.is_common { "is described in your words" } else { "is a type of moment" };
    desk.confirm(&format!("“{}” {what} in days that are dreamt from now on.", added.name))?;
    Ok(Exit::Done)
}

fn remove(desk: &mut Desk<'_, '_>, name: &str) -> Result<Exit> {
    let journal = desk.open()?;
    let left = remove_moment_type(&journal, MomentTypeName { name: name.to_owned() })?;
    if desk.is_json() {
        return desk.json(&left);
    }
    let kept: u32 = left.iter().filter(|one| !one.is_registered).map(|one| one.n_moments).sum();
    let moments = if kept > 0 { " Its moments keep it." } else { "" };
    desk.confirm(&format!("Removed.{moments}"))?;
    Ok(Exit::Done)
}

fn list(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    let all = list_moment_types(&journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&all);
    }
    let widest = all.iter().map(|one| one.name.chars().count()).max().unwrap_or_default() + 2;
    for one in &all {
        let name = Line::of(Ink::Strong, &one.name).pad(widest);
        let rest = Line::of(Ink::Plain, &about(one));
        let lines = wrap::hang(&name, &Line::spaces(widest), &rest, desk.width());
        desk.lines(&lines)?;
    }
    Ok(Exit::Done)
}

fn about(one: &MomentType) -> String {
    let state = match (one.is_common, one.is_registered) {
        (true, _) => "",
        (false, true) => "yours",
        (false, false) => "no longer registered",
    };
    let moments = if one.n_moments > 0 { count(one.n_moments, "moment") } else { String::new() };
    crate::page::dotted([state, &moments, &one.description])
}
