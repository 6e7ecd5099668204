//! The command line as people type it. Each command's own flags stand in its file under `commands/`.

use std::path::PathBuf;

use clap::{ArgAction, Args, ColorChoice, Parser, Subcommand};

use crate::{
    commands::{
        add, ask, completions, correct, daemon, decay, demo, dream, dreams, export, graph, health,
        import, init, insights, jobs, ledger, looking_back, maintain, mcp, models, moods, people,
        predictions, profile, proposals, query, reflect, restore, review, schedule, search,
        settings, show, sources, summarize, timeline, topics, types,
    },
    exit::EXIT_CODES,
};

const EXAMPLES: &str = "\
Examples:
  rem init ~/Notes               make a journal that follows a folder
  rem add \"Called Ana, she said yes\"
  rem dream                      turn new days into moments
  rem today                      read what became of today
  rem search grant letter        find words in notes, messages and moments
  rem ask what did I do yesterday  ask, in your own words
  rem demo                       look around in a sample journal

Days are written 2026-10-14, today or yesterday.";

/// A private journal that dreams: it reads your notes and chats and writes the days they tell of.
#[derive(Debug, Parser)]
#[command(
    name = "rem",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command knows.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Globals {
    /// The journal to use.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "REM_JOURNAL",
        hide_env_values = true,
        default_value = DEFAULT_JOURNAL
    )]
    pub(crate) journal: String,
    /// The folder where journals lie.
    #[arg(long, global = true, value_name = "DIR", env = "REM_DATA_DIR", hide_env_values = true)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Do it for every journal in turn; one that fails does not stop the others. For `dream`, `decay`,
    /// `summarize` and `maintain`.
    #[arg(long, global = true, conflicts_with = "journal")]
    pub(crate) all_journals: bool,
    /// Answer with one JSON document, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Say only what was asked for: no confirmations, no hints, no progress.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more; twice: also what happens inside.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The journal that is meant when none is named.
pub(crate) const DEFAULT_JOURNAL: &str = "personal";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a journal, and add folders to it.
    Init(init::Init),
    /// Keep a quick note.
    Add(add::Add),
    /// Read files or folders, once or from now on.
    Import(import::Import),
    /// Follow all sources and read what changes, until Ctrl-C.
    Watch,
    /// List the sources, add one, forget one, read them again.
    Sources(sources::Sources),
    /// Turn new and changed days into moments.
    Dream(dream::Dream),
    /// Let fade what nobody returns to, as every dream does.
    Decay(decay::Decay),
    /// Tell what whole conversations were about, as every dream does.
    Summarize(summarize::Summarize),
    /// What is done every day and every hour, at once.
    Maintain(maintain::Maintain),
    /// Look back at the nights, and undo one.
    Dreams(dreams::Dreams),
    /// Decide what is proposed about what says the same twice, or contradicts itself.
    Proposals(proposals::Proposals),
    /// Look at the work that waits, runs or failed, and try it again.
    Jobs(jobs::Jobs),
    /// Say when what is done without being asked, put it off, or let the system do it.
    Schedule(schedule::Schedule),
    /// Follow the folders, work on the queue and keep the schedules, until Ctrl-C.
    Daemon(daemon::Daemon),
    /// List the models that could dream, get one, choose among them, try them.
    Models(models::Models),
    /// Tell what dreams cost: calls, tokens, time, and what had to be put right.
    Ledger(ledger::Ledger),
    /// Look for patterns, themes and strategies in what mattered lately.
    Reflect(reflect::Reflect),
    /// List what was found: patterns, themes, strategies; confirm or hide one.
    Insights(insights::Insights),
    /// List what was foretold and how it turned out; settle one by hand.
    Predictions(predictions::PredictionsArgs),
    /// Show today.
    Today,
    /// Show the days, each with its mood and story.
    Timeline(timeline::Timeline),
    /// Show a day, a moment with the words it rests on, or what you wrote.
    Show(show::Show),
    /// Look back on a week, a month or a year: hours, outcomes, people, what mattered.
    Review(review::Review),
    /// List what the moments are about, and correct it.
    Topics(topics::Topics),
    /// List whom the moments name, or show somebody: since when, how often, with what, how it felt.
    People(people::People),
    /// Count what was felt with which topic, at which hour, doing what.
    Moods(moods::Moods),
    /// Show what happened on this day in earlier years.
    OnThisDay(looking_back::OnThisDayArgs),
    /// Say how many days in a row something was written.
    Streaks,
    /// Walk the graph of topics, people, moments and notes, find ways through it, export it.
    Graph(graph::Graph),
    /// Read who you are lately, as the journal believes, and correct it.
    Profile(profile::Profile),
    /// Find words in notes, messages and moments.
    Search(search::Search),
    /// Ask a question in your own words, and get an answer that cites your moments.
    Ask(ask::Ask),
    /// Ask the journal in SQL, for reading alone.
    Query(query::Query),
    /// Carry the journal out: Markdown, JSON, CSV of moods, a calendar.
    Export(export::Export),
    /// Make a new journal of a whole export.
    Restore(restore::Restore),
    /// Let assistant programs read the journal, and see what they asked.
    Mcp(mcp::Mcp),
    /// Say how the journal is.
    Status,
    /// Examine the journal: its file, what it follows, what dreams, what waits.
    Doctor,
    /// Tell the journal's numbers: dreams, stages, calls, durations.
    Metrics(health::Metrics),
    /// Show what was logged: events and faults, and no word of yours.
    Logs(health::Logs),
    /// Show or change settings.
    Settings(settings::SettingsArgs),
    /// Correct a moment; your word stands in every later dream.
    Correct(correct::Correct),
    /// List the types of moments, add one of your own, remove one.
    Types(types::Types),
    /// Look around in a sample journal.
    Demo(demo::Demo),
    /// List the journals.
    Journals,
    /// Write a completion script for a shell.
    Completions(completions::Completions),
    /// What the exit codes mean.
    #[command(hide = true, long_about = EXIT_CODES)]
    ExitCodes,
}

impl Command {
    /// Whether it can be done for one journal after the other.
    pub(crate) fn goes_over_journals(&self) -> bool {
        matches!(self, Self::Dream(_) | Self::Decay(_) | Self::Summarize(_) | Self::Maintain(_))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
