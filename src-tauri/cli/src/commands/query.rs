//! `rem query`: asks the journal in SQL.

use std::io::Read as _;

use clap::Args;
use rem_core::api::{
    Empty,
    query::{QueryRequest, list_query_views, query},
};

use crate::{
    desk::Desk,
    exit::{Exit, Result, invalid},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem query \"SELECT name, start_time FROM moments WHERE DATE(start_time) = CURRENT_DATE - 1\"
  rem query \"SELECT * FROM moments WHERE 'rust' = ANY(tags)\"
  rem query \"SELECT tags, COUNT(*) FROM moments WHERE 'frustrated' = ANY(emotion_tags) GROUP BY tags\"
  rem query --csv \"SELECT day, valence FROM moods ORDER BY day\" > moods.csv
  rem query --schema                     the tables, their columns and what they mean

Questions are written as PostgreSQL has them. They can read and nothing else: not even a question
that a program or another person wrote can change a word of the journal.";

/// A question in SQL, and how to answer it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Query {
    /// One SELECT, WITH or VALUES; - reads it from the standard input.
    #[arg(value_name = "SQL", required_unless_present = "schema")]
    sql: Option<String>,
    /// List the tables that can be asked, their columns and what they mean.
    #[arg(long, visible_alias = "views", conflicts_with_all = ["sql", "csv"])]
    schema: bool,
    /// Answer with comma-separated values, for spreadsheets.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// At most so many rows.
    #[arg(long, value_name = "N", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Seconds that it may take, 60 at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    timeout: f64,
}

/// Bytes of a question that comes by the standard input: more than the core takes, so that the core says so.
const LONGEST: u64 = 1 << 20;

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Query) -> Result<Exit> {
    let journal = desk.open()?;
    if args.schema {
        let views = list_query_views(&journal, Empty {})?;
        if desk.is_json() {
            return desk.json(&views);
        }
        page::query::schema(desk, &views)?;
        return Ok(Exit::Done);
    }
    if !(args.timeout > 0.0 && args.timeout <= 60.0) {
        return Err(invalid("--timeout is a number of seconds, above 0 and up to 60"));
    }
    let sql = match args.sql.as_deref() {
        Some("-") => {
            let mut sql = String::new();
            (&mut *desk.terminal.input).take(LONGEST).read_to_string(&mut sql)?;
            sql
        }
        sql => sql.unwrap_or_default().to_owned(),
    };
    let reply = query(
        &journal,
        QueryRequest {
            sql,
            limit: Some(args.limit),
            timeout_ms: Some((args.timeout * 1000.0).ceil() as u64),
        },
    )?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    if args.csv {
        page::query::csv(desk, &reply)?;
    } else {
        page::query::table(desk, &reply)?;
    }
    if reply.is_cut {
        let n = reply.rows.len();
        desk.aside(&format!("there are more rows than these {n}: --limit shows more"))?;
    }
    if reply.n_cut_texts > 0 {
        let n = reply.n_cut_texts;
        let what = if n == 1 { "text is" } else { "texts are" };
        desk.aside(&format!("{n} {what} cut, being longer than an answer can hold"))?;
    }
    Ok(Exit::Done)
}
