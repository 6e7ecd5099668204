//! `rem search`: finds words in notes, messages and moments.

use clap::{Args, ValueEnum};
use rem_core::api::{
    pieces::Piece,
    search::{ContextLine, Explanation, Hit, HitKind, Scope, SearchRequest, search},
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::{Line, quote},
    page::dotted,
    palette::Ink,
    times::{self, DayWord},
    wrap,
};

/// Lines of text shown for a hit.
const FEW: usize = 3;

/// What to search, and where.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words or a question; "a phrase" in quotes; -word after `--` leaves it out.
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Where to search.
    #[arg(long = "in", visible_alias = "schema", value_name = "WHERE", default_value = "all")]
    scope: Where,
    /// First day.
    #[arg(long, value_name = "DAY")]
    since: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<DayWord>,
    /// Only what this person wrote or is named in.
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// Only what has this tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only what this was felt in, such as joy.
    #[arg(long, value_name = "EMOTION")]
    emotion: Option<String>,
    /// Only what came from this source: its number, or a part of its name or path.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// At most so many hits, 20 unless said otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: Option<u32>,
    /// Only what comes after this place, which the last page named.
    #[arg(long, value_name = "PLACE")]
    after: Option<String>,
    /// Say how each hit came to its place.
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Where {
    /// What the journal made of it.
    Moments,
    /// Notes and documents.
    #[value(alias = "resources")]
    Notes,
    /// Lines of conversations.
    #[value(alias = "sessions")]
    Messages,
    /// Everywhere; a moment stands for what it rests on.
    All,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Search) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let query = query(&args.words);
    let reply = search(
        &journal,
        SearchRequest {
            query: query.clone(),
            scope: match args.scope {
                Where::Moments => Scope::Moments,
                Where::Notes => Scope::Notes,
                Where::Messages => Scope::Messages,
                Where::All => Scope::All,
            },
            since: args.since.map(|day| present.day(day)),
            until: args.until.map(|day| present.day(day)),
            person: args.person.clone(),
            tag: args.tag.clone(),
            emotion: args.emotion.clone(),
            source: args.source.clone(),
            limit: args.limit,
            after: args.after.clone(),
            explain: args.explain.then_some(true),
        },
    )?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    if reply.hits.is_empty() {
        desk.aside(&format!("nothing found for {query}"))?;
    }
    for (n, hit) in reply.hits.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        write(desk, hit, present)?;
    }
    if args.explain && !reply.by_meaning {
        desk.aside(
            "searched by words alone: nothing is embedded yet, or the model does not answer",
        )?;
    }
    if let Some(next) = &reply.next {
        desk.aside(&format!("there is more: --after {next}"))?;
    }
    Ok(Exit::Done)
}

/// The shell has taken the quotes off: a word with spaces in it was a phrase.
fn query(words: &[String]) -> String {
    if let [one] = words {
        return one.clone();
    }
    let quoted = words.iter().map(|word| {
        let is_phrase = word.contains(char::is_whitespace) && !word.contains('"');
        if is_phrase { format!("\"{word}\"") } else { word.clone() }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn write(desk: &mut Desk<'_, '_>, hit: &Hit, present: Present) -> Result {
    let columns = desk.width();
    let name = match hit.kind {
        HitKind::Moment => hit.id.to_string(),
        HitKind::Note | HitKind::Session | HitKind::Message => format!("record:{}", hit.id),
    };
    let kind = match hit.kind {
        HitKind::Moment => "moment",
        HitKind::Note => "note",
        HitKind::Session => "conversation",
        HitKind::Message => "message",
    };
    let head = Line::of(Ink::Strong, &hit.title);
    desk.line(&head.with_right(Line::of(Ink::Quiet, &name), columns))?;
    let when = hit.at.map_or(String::new(), |at| {
        times::stamp(at, hit.offset_minutes, hit.precision, present.year)
    });
    let when = if when.is_empty() {
        hit.day.as_deref().map_or(String::new(), |day| present.name(day))
    } else {
        when
    };
    let moment = hit.moment_id.map_or(String::new(), |id| format!("in moment {id}"));
    let more = match hit.n_more {
        0 => String::new(),
        n => format!("and {n} more"),
    };
    let facts = dotted([kind, hit.author.as_str(), &when, &moment, &more]);
    desk.indented(2, &Line::of(Ink::Quiet, &facts))?;
    for line in &hit.before {
        beside(desk, line)?;
    }
    said(desk, hit)?;
    for line in &hit.after {
        beside(desk, line)?;
    }
    match &hit.explanation {
        Some(explanation) => explain(desk, explanation),
        None => Ok(()),
    }
}

/// The words that were found.
fn said(desk: &mut Desk<'_, '_>, hit: &Hit) -> Result {
    let columns = desk.width();
    let text = one_line(&hit.pieces);
    let says_more =
        hit.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>() != hit.title;
    if text.is_empty() || !says_more {
        return Ok(());
    }
    let indent = Line::spaces(2);
    let lines = wrap::hang(&indent, &indent, &text, columns);
    let is_cut = lines.len() > FEW;
    desk.lines(lines.get(..FEW).unwrap_or(&lines))?;
    if is_cut { desk.line(&Line::of(Ink::Quiet, "  …")) } else { Ok(()) }
}

/// A message before or after the one that was found, on one line.
fn beside(desk: &mut Desk<'_, '_>, line: &ContextLine) -> Result {
    let text: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let said = if line.author.is_empty() { text } else { format!("{}: {text}", line.author) };
    let line = Line::spaces(4).and(Ink::Quiet, &said);
    desk.line(&line.fit(desk.width()))
}

fn one_line(pieces: &[Piece]) -> Line {
    let mut text = Line::new();
    for line in quote(pieces).into_iter().filter(|line| !line.is_empty()) {
        text = if text.is_empty() { line } else { text.and(Ink::Plain, " ").then(line) };
    }
    text
}

fn explain(desk: &mut Desk<'_, '_>, of: &Explanation) -> Result {
    let words = of.words_rank.map_or("found by meaning alone".to_owned(), |rank| {
        format!("words: place {rank}, {:.2} ({})", of.words_score, of.matched.join(", "))
    });
    let meaning = of.meaning_rank.map_or("not near in meaning".to_owned(), |rank| {
        format!("meaning: place {rank}, cosine {:.2}, counts {:.1}", of.cosine, of.meaning_weight)
    });
    let rest = format!("fading {:.2}, age {:.2}", of.fading, of.recency);
    let score = format!("score {:.5}", of.score);
    desk.indented(2, &Line::of(Ink::Quiet, &dotted([score.as_str(), &words, &meaning, &rest])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_that_the_shell_unquoted_is_a_phrase_again() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(query(&words(&["grant letter"])), "grant letter");
        assert_eq!(query(&words(&["grant letter", "ana"])), "\"grant letter\" ana");
        assert_eq!(query(&words(&["grant", "-bank"])), "grant -bank");
    }
}
