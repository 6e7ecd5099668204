//! The commands, one file each: their flags, and what they do.

pub(crate) mod add;
pub(crate) mod affinity;
pub(crate) mod ask;
pub(crate) mod completions;
pub(crate) mod consolidate;
pub(crate) mod correct;
pub(crate) mod daemon;
pub(crate) mod decay;
pub(crate) mod demo;
pub(crate) mod dream;
pub(crate) mod dreams;
pub(crate) mod export;
pub(crate) mod graph;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod insights;
pub(crate) mod jobs;
pub(crate) mod journals;
pub(crate) mod ledger;
pub(crate) mod looking_back;
pub(crate) mod maintain;
pub(crate) mod mcp;
pub(crate) mod models;
pub(crate) mod moods;
pub(crate) mod people;
pub(crate) mod predictions;
pub(crate) mod profile;
pub(crate) mod proposals;
pub(crate) mod query;
pub(crate) mod reflect;
pub(crate) mod restore;
pub(crate) mod review;
pub(crate) mod schedule;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod sources;
pub(crate) mod stage;
pub(crate) mod status;
pub(crate) mod summarize;
pub(crate) mod timeline;
pub(crate) mod topics;
pub(crate) mod types;
pub(crate) mod watch;

use crate::{
    args::Command,
    desk::Desk,
    exit::{EXIT_CODES, Exit, Result},
};

pub(crate) fn run(desk: &mut Desk<'_, '_>, command: &Command) -> Result<Exit> {
    match command {
        Command::Init(args) => init::run(desk, args),
        Command::Add(args) => add::run(desk, args),
        Command::Import(args) => import::run(desk, args),
        Command::Watch => watch::run(desk),
        Command::Sources(args) => sources::run(desk, args),
        Command::Dream(args) => dream::run(desk, args),
        Command::Decay(args) => decay::run(desk, args),
        Command::Summarize(args) => summarize::run(desk, args),
        Command::Maintain(args) => maintain::run(desk, args),
        Command::Dreams(args) => dreams::run(desk, args),
        Command::Proposals(args) => proposals::run(desk, args),
        Command::Jobs(args) => jobs::run(desk, args),
        Command::Schedule(args) => schedule::run(desk, args),
        Command::Daemon(args) => daemon::run(desk, args),
        Command::Models(args) => models::run(desk, args),
        Command::Ledger(args) => ledger::run(desk, args),
        Command::Reflect(args) => reflect::run(desk, args),
        Command::Insights(args) => insights::run(desk, args),
        Command::Predictions(args) => predictions::run(desk, args),
        Command::Today => show::today(desk),
        Command::Topics(args) => topics::run(desk, args),
        Command::Graph(args) => graph::run(desk, args),
        Command::People(args) => people::run(desk, args),
        Command::Moods(args) => moods::run(desk, args),
        Command::OnThisDay(args) => looking_back::on_day(desk, args),
        Command::Streaks => looking_back::streaks(desk),
        Command::Timeline(args) => timeline::run(desk, args),
        Command::Show(args) => show::run(desk, args),
        Command::Review(args) => review::run(desk, args),
        Command::Profile(args) => profile::run(desk, args),
        Command::Search(args) => search::run(desk, args),
        Command::Ask(args) => ask::run(desk, args),
        Command::Query(args) => query::run(desk, args),
        Command::Export(args) => export::run(desk, args),
        Command::Restore(args) => restore::run(desk, args),
        Command::Mcp(args) => mcp::run(desk, args),
        Command::Status => status::run(desk),
        Command::Doctor => health::doctor(desk),
        Command::Metrics(args) => health::metrics(desk, args),
        Command::Logs(args) => health::logs(desk, args),
        Command::Settings(args) => settings::run(desk, args),
        Command::Correct(args) => correct::run(desk, args),
        Command::Types(args) => types::run(desk, args),
        Command::Demo(args) => demo::run(desk, args),
        Command::Journals => journals::run(desk),
        Command::Completions(args) => completions::run(desk, args),
        Command::ExitCodes => {
            writeln!(desk.terminal.out, "{EXIT_CODES}")?;
            Ok(Exit::Done)
        }
    }
}
