//! `rem models`: which models there are, which are used, and how they do.

use std::io::Read as _;

use clap::{Args, Subcommand, ValueEnum};
use rem_core::{
    Journal,
    api::{
        Empty,
        minds::{
            MindView, ModelName, PullState, ServerKey, keep_key, pull_model, show_mind, try_model,
        },
        settings::{change_settings, show_settings},
    },
    error::Error,
    settings::{MindSettings, ServerKind},
};

use crate::{
    desk::Desk,
    exit::{Exit, Result, invalid},
    page,
    progress::follow_pull,
};

const EXAMPLES: &str = "\
Examples:
  rem models                               what dreams, and what there is
  rem models pull qwen3:4b-instruct        let Ollama download a model
  rem models use --fast qwen3:4b-instruct  choose it for reading
  rem models use --server off              the built-in analyser does everything
  rem models test                          let the chosen models read a note of invented words";

const USE_EXAMPLES: &str = "\
Examples:
  rem models use --fast qwen3:4b-instruct --deep gemma3:12b
  rem models use --fast auto --embedding off
  rem models use --server openai --address http://127.0.0.1:8080/v1
  rem models use --address http://10.0.0.5:11434 --agree-to-send-to http://10.0.0.5:11434";

/// Keys are shorter than this; what is longer was piped in by mistake.
const LONGEST_KEY: u64 = 16 << 10;

/// What to do with models; lists them if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Models {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the models of the server, what dreams at present, and what would suit this machine.
    List,
    /// Let Ollama download a model; Ctrl-C stops it, and beginning again goes on from there.
    Pull {
        /// The model, as Ollama's library names it.
        name: String,
    },
    /// Choose models and the server they live on.
    Use(Box<Use>),
    /// Let a model read a note of invented words; all chosen ones, if none is named.
    Test {
        /// The model.
        name: Option<String>,
    },
    /// Keep the key of an OpenAI server in the keychain; it is typed unseen, or read from a pipe.
    Key {
        /// Forget the key instead.
        #[arg(long)]
        forget: bool,
    },
}

/// What to use; what is not named stays as it is.
#[derive(Debug, Args)]
#[command(after_help = USE_EXAMPLES)]
#[group(required = true, multiple = true)]
struct Use {
    /// The model that reads episodes; "auto": the best that fits; "off": the built-in analyser.
    #[arg(long, value_name = "MODEL")]
    fast: Option<String>,
    /// The model that tells days; "auto": the one that reads.
    #[arg(long, value_name = "MODEL")]
    deep: Option<String>,
    /// The model that makes vectors; "auto": the best there is; "off": the built-in embedder.
    #[arg(long, value_name = "MODEL")]
    embedding: Option<String>,
    /// Where models live.
    #[arg(long, value_name = "KIND")]
    server: Option<Server>,
    /// The server's address; empty for Ollama's usual one.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// Agree that what you wrote is sent to this address, which is another computer. It has to be
    /// the server's address once more, word for word.
    #[arg(long, value_name = "URL")]
    agree_to_send_to: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Server {
    /// Ollama.
    Ollama,
    /// A server that speaks the OpenAI API, such as llama.cpp or LM Studio.
    Openai,
    /// None: the built-in analyser does everything.
    Off,
}

impl From<Server> for ServerKind {
    fn from(server: Server) -> Self {
        match server {
            Server::Ollama => Self::Ollama,
            Server::Openai => Self::Openai,
            Server::Off => Self::Off,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Models) -> Result<Exit> {
    let journal = desk.open_or_create()?;
    match args.action.as_ref().unwrap_or(&Action::List) {
        Action::List => list(desk, &journal),
        Action::Pull { name } => pull(desk, &journal, name),
        Action::Use(choice) => choose(desk, &journal, choice),
        Action::Test { name } => test(desk, &journal, name.as_deref()),
        Action::Key { forget } => key(desk, &journal, *forget),
    }
}

fn list(desk: &mut Desk<'_, '_>, journal: &Journal) -> Result<Exit> {
    let view = show_mind(journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&view);
    }
    page::mind::write(desk, &view)?;
    Ok(Exit::Done)
}

fn pull(desk: &mut Desk<'_, '_>, journal: &Journal, name: &str) -> Result<Exit> {
    let begin = || pull_model(journal, ModelName { name: name.to_owned() });
    let ended = follow_pull(desk, journal, begin)?;
    let is_stopped = desk.cancel.is_cancelled();
    match &ended {
        PullState::Failed { .. } if is_stopped => {
            if desk.is_json() {
                desk.json(&ended)?;
            } else {
                desk.confirm("Stopped; what has come is used when it is begun again.")?;
            }
            Ok(Exit::Cancelled)
        }
        PullState::Failed { name, message } => {
            let attempt = format!("downloading {name}");
            Err(Error::Io { attempt, source: std::io::Error::other(message.clone()) }.into())
        }
        _ if desk.is_json() => desk.json(&ended),
        _ => {
            desk.confirm(&format!("{name} is here."))?;
            Ok(Exit::Done)
        }
    }
}

fn choose(desk: &mut Desk<'_, '_>, journal: &Journal, choice: &Use) -> Result<Exit> {
    let mut settings = show_settings(journal, Empty {})?;
    apply(choice, &mut settings.mind)?;
    let mut settings = change_settings(journal, settings)?;
    let mut view = show_mind(journal, Empty {})?;
    if let Some(agreed) = &choice.agree_to_send_to {
        let agreed = agreed.trim();
        if agreed != view.address && agreed != settings.mind.address {
            return Err(invalid(format!(
                "the server’s address is {}, not {agreed}: nothing was agreed to",
                if view.address.is_empty() { "not set" } else { &view.address }
            )));
        }
        settings.mind.agreed_address = view.address.clone();
        change_settings(journal, settings)?;
        view = show_mind(journal, Empty {})?;
    }
    if desk.is_json() {
        return desk.json(&view);
    }
    if !desk.globals.quiet {
        page::mind::now(desk, &view)?;
    }
    for name in not_there(choice, &view) {
        desk.aside(&format!("{name} is not on the server: rem models pull {name}"))?;
    }
    Ok(Exit::Done)
}

/// A yes was to one address: another address or another kind of server is asked about anew.
fn apply(choice: &Use, mind: &mut MindSettings) -> Result {
    let chosen = |name: &String| match name.trim() {
        "auto" => String::new(),
        name => name.to_owned(),
    };
    if let Some(name) = &choice.fast {
        mind.fast_model = chosen(name);
    }
    if let Some(name) = &choice.deep {
        mind.deep_model = chosen(name);
    }
    if let Some(name) = &choice.embedding {
        mind.embedding_model = chosen(name);
    }
    let old = (mind.server, mind.address.clone());
    if let Some(server) = choice.server {
        mind.server = server.into();
        let is_other = mind.server != old.0 && ![mind.server, old.0].contains(&ServerKind::Off);
        if is_other {
            mind.address.clear();
        }
    }
    if let Some(address) = &choice.address {
        address.trim().clone_into(&mut mind.address);
    }
    let is_moved = choice.server.is_some() || choice.address.is_some();
    if is_moved && mind.server == ServerKind::Openai && mind.address.is_empty() {
        return Err(invalid("such a server has no usual address: name it with --address"));
    }
    if mind.address != old.1 {
        mind.agreed_address.clear();
    }
    Ok(())
}

/// Models that were just chosen and that the server, which answers, does not have.
fn not_there<'c>(choice: &'c Use, view: &MindView) -> Vec<&'c str> {
    if view.version.is_none() && view.models.is_empty() {
        return Vec::new();
    }
    [&choice.fast, &choice.deep, &choice.embedding]
        .into_iter()
        .flatten()
        .map(|name| name.trim())
        .filter(|name| !["auto", "off", ""].contains(name))
        .filter(|name| !view.models.iter().any(|model| is_same(&model.name, name)))
        .collect()
}

/// Ollama takes a name without a tag for the one tagged "latest".
fn is_same(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.strip_suffix(":latest").unwrap_or(name).to_owned();
    bare(one) == bare(other)
}

fn test(desk: &mut Desk<'_, '_>, journal: &Journal, name: Option<&str>) -> Result<Exit> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => in_use(&show_mind(journal, Empty {})?),
    };
    if names.is_empty() {
        return Err(invalid(
            "no model is in use, so there is none to try: name one, or see `rem models`",
        ));
    }
    let mut reports = Vec::new();
    for name in names {
        let report = try_model(journal, ModelName { name })?;
        if !desk.is_json() {
            page::mind::trial(desk, &report)?;
        }
        reports.push(report);
    }
    if desk.is_json() {
        desk.json(&reports)?;
    }
    Ok(if reports.iter().all(|report| report.is_good) { Exit::Done } else { Exit::Failed })
}

fn in_use(view: &MindView) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let used = view.models.iter().filter(|model| !model.used_for.is_empty());
    let chosen = [&view.fast, &view.deep].into_iter().flatten().cloned();
    for name in chosen.chain(used.map(|model| model.name.clone())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn key(desk: &mut Desk<'_, '_>, journal: &Journal, is_forgotten: bool) -> Result<Exit> {
    let key = if is_forgotten { String::new() } else { read_key(desk)? };
    if key.is_empty() && !is_forgotten {
        return Err(invalid("no key was given: to forget the one that is kept, add --forget"));
    }
    let reply = keep_key(journal, ServerKey { key })?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    desk.confirm(if is_forgotten {
        "The key is forgotten."
    } else {
        "The key is in the keychain."
    })?;
    Ok(Exit::Done)
}

/// Never an argument: those stand in the shell's history and in every list of processes.
fn read_key(desk: &mut Desk<'_, '_>) -> Result<String> {
    let attempt = || "reading the key".to_owned();
    let failed = |source| Error::Io { attempt: attempt(), source };
    let text = if desk.terminal.is_input_terminal {
        (desk.terminal.ask_secret)("Key (not shown): ").map_err(failed)?
    } else {
        let mut bytes = Vec::new();
        (&mut *desk.terminal.input).take(LONGEST_KEY).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 == LONGEST_KEY {
            return Err(invalid("this is too long for a key"));
        }
        String::from_utf8(bytes).map_err(|_| invalid("this is no key: it is not text"))?
    };
    let key = text.trim();
    if key.chars().any(char::is_control) {
        return Err(invalid("this is no key: it has more than one line"));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Use {
        Use {
            fast: None,
            deep: None,
            embedding: None,
            server: None,
            address: None,
            agree_to_send_to: None,
        }
    }

    fn agreed() -> MindSettings {
        MindSettings {
            address: "http://10.0.0.5:11434".into(),
            agreed_address: "http://10.0.0.5:11434".into(),
            ..MindSettings::default()
        }
    }

    #[test]
    fn only_what_is_named_changes() {
        let mut mind = agreed();
        apply(&Use { fast: Some("qwen3:4b".into()), ..nothing() }, &mut mind).unwrap();
        assert_eq!(mind, MindSettings { fast_model: "qwen3:4b".into(), ..agreed() });
        let back = Use { fast: Some("auto".into()), embedding: Some("off".into()), ..nothing() };
        apply(&back, &mut mind).unwrap();
        assert_eq!(mind, MindSettings { embedding_model: "off".into(), ..agreed() });
    }

    #[test]
    fn another_address_takes_the_consent_back() {
        let mut mind = agreed();
        let away = Use { address: Some("http://10.0.0.6:11434".into()), ..nothing() };
        apply(&away, &mut mind).unwrap();
        assert_eq!(mind.agreed_address, "");
        let mut same = agreed();
        let here = Use { address: Some(" http://10.0.0.5:11434 ".into()), ..nothing() };
        apply(&here, &mut same).unwrap();
        assert_eq!(same, agreed());
    }

    #[test]
    fn another_kind_of_server_does_not_inherit_the_address() {
        let mut mind = agreed();
        let openai = Use { server: Some(Server::Openai), ..nothing() };
        assert!(apply(&openai, &mut mind).is_err());
        let mut mind = agreed();
        let off = Use { server: Some(Server::Off), ..nothing() };
        apply(&off, &mut mind).unwrap();
        assert_eq!(mind.address, "http://10.0.0.5:11434");
    }

    #[test]
    fn a_name_without_a_tag_is_the_latest() {
        assert!(is_same("nomic-embed-text:latest", "nomic-embed-text"));
        assert!(!is_same("qwen3:4b", "qwen3"));
    }
}
