//! SQL over the journal, for reading alone.
//!
//! A question is parsed as PostgreSQL, taken apart and written anew for SQLite ([`translate`]), and run on a
//! connection of its own that can read nothing but the documented tables ([`guard`]), within limits of time,
//! rows and memory ([`rows`]).

mod functions;
mod guard;
mod parse;
mod rows;
mod scope;
mod translate;
mod views;

use std::{
    panic,
    time::{Duration, Instant},
};

use self::{
    functions::times::Wall,
    translate::{Present, Translated},
};
use crate::{
    Error, Journal, Result,
    api::query::{QueryReply, QueryRequest, QueryView},
};

const USUAL_ROWS: u32 = 1_000;
const MOST_ROWS: u32 = 100_000;
const USUAL_TIME: Duration = Duration::from_secs(2);
const MOST_TIME: Duration = Duration::from_secs(60);
/// Room for taking a question apart, which goes as deep as the question does.
const STACK: usize = 32 << 20;

/// The tables that can be asked.
pub(crate) fn views() -> Vec<QueryView> {
    views::listed()
}

/// Answers a question.
pub(crate) fn answer(journal: &Journal, request: &QueryRequest) -> Result<QueryReply> {
    let began = Instant::now();
    let time = request.timeout_ms.map_or(USUAL_TIME, Duration::from_millis).min(MOST_TIME);
    let until = began + time;
    let limit = request.limit.unwrap_or(USUAL_ROWS).min(MOST_ROWS) as usize;
    let calendar = journal.calendar()?;
    let wall = Wall::new(calendar);
    let now = journal.clock().now_ms();
    let present = Present {
        wall,
        now: wall.local(now).ok_or_else(|| Error::invalid("the clock shows no time"))?,
        today: calendar.day_of(now),
        prefix: guard::prefix()?,
    };
    let question = with_room(|| {
        let query = parse::parse(&request.sql)?;
        translate::translate(&query, &present)
    })?;
    let connection = guard::connection(journal.store(), &present, until)?;
    let (rows, held) = rows::read(&connection, &question, limit, until, time)?;
    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(QueryReply {
        columns: question.columns,
        rows,
        is_cut: held.is_cut,
        n_cut_texts: held.n_cut_texts,
        took_ms: took,
    })
}

/// Takes a question apart where there is room for it, and where a fault of doing so ends nothing else.
fn with_room(work: impl FnOnce() -> Result<Translated> + Send) -> Result<Translated> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("question".into())
            .stack_size(STACK)
            .spawn_scoped(scope, || panic::catch_unwind(panic::AssertUnwindSafe(work)))
            .map_err(|source| Error::Io {
                attempt: "beginning to read the question".into(),
                source,
            })?;
        match thread.join() {
            Ok(Ok(done)) => done,
            Ok(Err(_)) | Err(_) => Err(Error::invalid(
                "this question could not be taken apart, by a fault of the program",
            )),
        }
    })
}
