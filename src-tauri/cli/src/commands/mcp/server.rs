//! The protocol's side: who may ask what, how long it may take, and that it is written down.

use std::{borrow::Cow, sync::Arc, time::Duration};

use rem_core::{
    Error, Journal,
    api::{
        assistants::{AssistantCall, CallOutcome, keep_assistant_call},
        dreams::DreamState,
    },
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler, ServiceExt as _,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorCode,
        Implementation, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
        PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
        ReadResourceResult, ResourceContents, ServerCapabilities, ServerConfig, Tool,
        ToolAnnotations,
    },
    service::{RequestContext, RunningService},
    transport::{async_rw::AsyncRwTransport, stdio_pipes},
};
use serde_json::Value;
use tokio::{runtime::Builder, sync::Semaphore, time::Instant};

use super::{
    abilities::{ALL, Ability, Answer},
    bounds::{NOTICE, reply},
    resources,
};
use crate::exit::{Failure, Result};

/// A message may have so many bytes: a note has at most 100,000, and JSON makes six of one at worst.
const LONGEST_MESSAGE: usize = 1 << 20;
/// Calls that are worked on at the same time; more wait.
const AT_ONCE: usize = 4;
/// A call that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether a dream has stopped.
const TICK: Duration = Duration::from_millis(50);
/// Letters of an error that are told and kept; its words are the program's own.
const REASON: usize = 300;

const MAY_NOT_READ: &str = "the person does not let assistants read this journal: they can allow it with \
     `rem settings assistants.may_read true`";
const MAY_NOT_WRITE: &str = "the person lets assistants read this journal, and not write to it: they can \
     allow it with `rem settings assistants.may_write true`";

/// Serves one assistant program on standard input and output, until it goes.
pub(super) fn serve(journal: &Journal) -> Result {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(async {
        let (input, output) = stdio_pipes();
        let transport =
            AsyncRwTransport::new_server(input, output).with_max_line_length(LONGEST_MESSAGE);
        let server = Server { journal: journal.clone(), turns: Arc::new(Semaphore::new(AT_ONCE)) };
        // One that goes before it has said who it is has not failed.
        let Ok(running) = server.serve(transport).await else { return Ok(()) };
        until_gone(running).await
    });
    journal.stop();
    // A dream that was asked for stops at the next safe place; what it finished is kept.
    let began = std::time::Instant::now();
    while matches!(journal.dream_state(), DreamState::Dreaming { .. }) && began.elapsed() < PATIENCE
    {
        std::thread::sleep(TICK);
    }
    // What still reads is waited for; it is short, and what it found nobody hears.
    runtime.shutdown_timeout(Duration::from_secs(5));
    ended.map_err(Failure::Output)
}

async fn until_gone(running: RunningService<RoleServer, Server>) -> std::io::Result<()> {
    running.waiting().await.map(|_| ()).map_err(std::io::Error::other)
}

/// One assistant program's side of the journal.
#[derive(Clone)]
struct Server {
    journal: Journal,
    turns: Arc<Semaphore>,
}

/// How a call ended, if not with an answer.
enum Ended {
    Refused(&'static str),
    Failed(Error),
    TookTooLong,
    TakenBack,
}

impl Ended {
    fn outcome(&self) -> CallOutcome {
        match self {
            Self::Refused(_) => CallOutcome::Refused,
            Self::Failed(_) => CallOutcome::Failed,
            Self::TookTooLong | Self::TakenBack => CallOutcome::Cancelled,
        }
    }

    fn says(&self) -> String {
        let text = match self {
            Self::Refused(why) => (*why).to_owned(),
            Self::Failed(error) => error.to_string(),
            Self::TookTooLong => {
                format!("it took longer than {} seconds and was given up", PATIENCE.as_secs())
            }
            Self::TakenBack => "the program took it back".into(),
        };
        text.chars().take(REASON).collect()
    }
}

impl Server {
    /// The settings in force, also where the person changed them a moment ago.
    fn may(&self, writes: bool) -> Result<(), Ended> {
        self.journal.poll_changes().map_err(Ended::Failed)?;
        let allowed = self.journal.settings().assistants;
        match (writes, allowed.may_read, allowed.may_write) {
            (_, false, _) => Err(Ended::Refused(MAY_NOT_READ)),
            (true, _, false) => Err(Ended::Refused(MAY_NOT_WRITE)),
            _ => Ok(()),
        }
    }

    /// Does something that reads or writes the journal, in its turn, and writes it down.
    async fn work(
        &self,
        context: &RequestContext<RoleServer>,
        tool: &str,
        arguments: Value,
        writes: bool,
        call: impl FnOnce(&Journal, Value) -> rem_core::Result<Answer> + Send + 'static,
    ) -> Result<Value, Ended> {
        let began = Instant::now();
        let kept = arguments.clone();
        let done = self.answer(context, arguments, writes, call).await;
        let n_bytes = done.as_ref().map_or(0, |value| value.to_string().len());
        let (outcome, reason) = match &done {
            Ok(_) => (CallOutcome::Answered, String::new()),
            Err(ended) => (ended.outcome(), ended.says()),
        };
        let entry = AssistantCall {
            id: 0,
            at: 0,
            client: client(context),
            tool: tool.to_owned(),
            arguments: kept,
            outcome,
            reason,
            n_bytes: u32::try_from(n_bytes).unwrap_or(u32::MAX),
            took_ms: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
        };
        let journal = self.journal.clone();
        let written =
            tokio::task::spawn_blocking(move || keep_assistant_call(&journal, &entry)).await;
        match written {
            Ok(Ok(())) => done,
            // What cannot be written down is not answered.
            Ok(Err(error)) => Err(Ended::Failed(error)),
            Err(_) => Err(Ended::Failed(Error::invalid("it broke off by a fault of the program"))),
        }
    }

    async fn answer(
        &self,
        context: &RequestContext<RoleServer>,
        arguments: Value,
        writes: bool,
        call: impl FnOnce(&Journal, Value) -> rem_core::Result<Answer> + Send + 'static,
    ) -> Result<Value, Ended> {
        self.may(writes)?;
        let work = async {
            let turn = Arc::clone(&self.turns).acquire_owned().await;
            let journal = self.journal.clone();
            tokio::task::spawn_blocking(move || {
                // The turn lasts as long as the work, also where nobody waits for it any more.
                let _turn = turn;
                call(&journal, arguments)
            })
            .await
        };
        tokio::select! {
            done = work => match done {
                Ok(Ok(answer)) => Ok(reply(answer.result, answer.next_cursor)),
                Ok(Err(error)) => Err(Ended::Failed(error)),
                Err(_) => Err(Ended::Failed(Error::invalid("it broke off by a fault of the program"))),
            },
            () = context.ct.cancelled() => Err(Ended::TakenBack),
            () = tokio::time::sleep(PATIENCE) => Err(Ended::TookTooLong),
        }
    }

    fn listed(&self) -> impl Iterator<Item = &'static Ability> {
        let may_write = self.may(true).is_ok();
        ALL.iter().filter(move |ability| may_write || !ability.writes)
    }
}

/// Who asks, as they say.
fn client(context: &RequestContext<RoleServer>) -> String {
    context
        .client_info()
        .map_or_else(|| "unknown".into(), |client| format!("{} {}", client.name, client.version))
}

fn tool(ability: &Ability) -> Tool {
    let hints = ToolAnnotations::with_title(ability.title)
        .read_only(!ability.writes)
        .destructive(false)
        .open_world(false);
    Tool::new(ability.name, ability.description(), ability.input())
        .with_title(ability.title)
        .with_annotations(hints)
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let this =
            Implementation::new("rem-journal", env!("CARGO_PKG_VERSION")).with_title("REM Journal");
        ServerConfig::new(can).with_server_info(this).with_instructions(format!(
            "One person's private journal: moments that dreams made of their notes and chats, each with the \
             words it rests on. Search first, then show what was found, and name days and moments when you \
             answer. {NOTICE}"
        ))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.listed().map(tool).collect()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        ALL.iter().find(|ability| ability.name == name).map(tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let Some(ability) = ALL.iter().find(|ability| ability.name == request.name) else {
            let unknown = |_: &Journal, _: Value| Err(Error::NotFound("such tool".into()));
            let _ = self.work(&context, &request.name, arguments, false, unknown).await;
            return Err(ErrorData::invalid_params(
                "there is no such tool: tools/list names all",
                None,
            ));
        };
        let done = self.work(&context, ability.name, arguments, ability.writes, ability.call).await;
        Ok(match done {
            Ok(value) => CallToolResult::structured(value).into(),
            Err(ended) => CallToolResult::error(vec![ContentBlock::text(ended.says())]).into(),
        })
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        if self.may(false).is_err() {
            return Ok(ListResourcesResult::default());
        }
        let cursor = request.and_then(|request| request.cursor);
        let journal = self.journal.clone();
        let listed =
            tokio::task::spawn_blocking(move || resources::list(&journal, cursor.as_deref())).await;
        let (days, next_cursor) = match listed {
            Ok(Ok(listed)) => listed,
            Ok(Err(error)) => return Err(wrong(&error)),
            Err(_) => return Err(ErrorData::internal_error("it broke off by a fault", None)),
        };
        Ok(ListResourcesResult { next_cursor, ..ListResourcesResult::with_all_items(days) })
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.clone();
        let asked = serde_json::json!({ "uri": request.uri });
        let named = uri.clone();
        let read = move |journal: &Journal, _: Value| resources::read(journal, &named);
        match self.work(&context, "read", asked, false, read).await {
            Ok(value) => {
                let contents =
                    ResourceContents::text(value.to_string(), uri).with_mime_type(resources::MIME);
                Ok(ReadResourceResult::new(vec![contents]).into())
            }
            Err(Ended::Failed(error @ Error::NotFound(_))) => {
                Err(ErrorData::resource_not_found(error.to_string(), None))
            }
            Err(Ended::Failed(error)) => Err(wrong(&error)),
            Err(ended) => Err(ErrorData::new(ErrorCode::INVALID_REQUEST, ended.says(), None)),
        }
    }
}

/// An error of the core as the protocol has it.
fn wrong(error: &Error) -> ErrorData {
    let says: Cow<'static, str> = error.to_string().into();
    match error {
        Error::InvalidInput(_) | Error::NotFound(_) => ErrorData::invalid_params(says, None),
        _ => ErrorData::internal_error(says, None),
    }
}
