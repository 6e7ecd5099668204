//! An episode described by a model: asked part by part where it is long, each reply checked against the
//! passages, and put together again.

use super::{
    check::{Shown, Written},
    reduce,
    reply::{self, Merged, Reply},
};
use crate::{
    Result,
    dream::stages::{
        long::{self, ByPart, Cost, Note, PART_TOKENS},
        parts::{self, Slice},
        reading::Reading,
    },
    mind::{
        Description, Episode,
        answer::Remarks,
        budget,
        builtin::telling,
        caller::{Caller, NoAnswer, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    text::language::{self, Language},
};

/// Tokens of a question's places beside passages and heading: kind, day, code, and what joins them.
const SLACK: u32 = 70;
const MOST_HEADING: usize = 200;

/// What is to be described.
pub(super) struct Task<'a> {
    pub(super) episode: Episode<'a>,
    pub(super) record_ids: Vec<i64>,
    pub(super) written: Written,
    /// Whether at least two people meet the person in it.
    pub(super) is_group: bool,
}

/// What came of asking.
#[derive(Debug)]
pub(super) enum Said {
    /// A description, and the model that gave it.
    Described(Box<Description>, String),
    /// The built-in analyser is to describe it; with `true` only until there is a model again.
    Nothing { is_provisional: bool },
}

/// One part with its prompt's places.
struct Asking {
    kind: String,
    quoted: Quoted,
    also: String,
}

/// What is asked beside the rest where the person registered types of their own.
const OF_TYPES: &str = " moment_type may also be a type of the keeper's own: markers such as type1 hold its \
    name and what it is for. They are no passages.";

/// What is asked beside the rest where several people meet the keeper.
const OF_GROUPS: &str = " Several people talk here. insights: what they decided or learnt together, each \
    in one sentence (told), with the words that say so (quote) and the handle of their passage; an empty \
    list if there is nothing.";

impl Asking {
    fn new(task: &Task<'_>, slices: &[Slice], types: &[(String, String)]) -> Self {
        let episode = &task.episode;
        let handles: Vec<String> = (1..=slices.len()).map(|n| format!("p{n}")).collect();
        let heading = heading(episode);
        let mut pieces = Vec::with_capacity(types.len() + slices.len() + 1);
        pieces.extend(types.iter().map(|(handle, text)| Piece { handle, by: "", text }));
        if !heading.trim().is_empty() {
            pieces.push(Piece { handle: "heading", by: "", text: &heading });
        }
        for (slice, handle) in slices.iter().zip(&handles) {
            let by = parts::by(episode.stream, &episode.passages[slice.passage]);
            pieces.push(Piece { handle, by, text: parts::text(episode, slice) });
        }
        let kind = format!("{}{}", parts::kind(episode), task.written.when());
        Self { kind, quoted: quoted::quote(&pieces), also: also(task.is_group, !types.is_empty()) }
    }

    fn places(&self) -> [(&'static str, &str); 4] {
        [
            ("kind", &self.kind),
            ("code", &self.quoted.code),
            ("passages", &self.quoted.text),
            ("also", &self.also),
        ]
    }
}

fn also(is_group: bool, has_types: bool) -> String {
    let of_types = if has_types { OF_TYPES } else { "" };
    let of_groups = if is_group { OF_GROUPS } else { "" };
    format!("{of_types}{of_groups}")
}

/// The types of moments that the person registered or described, to be quoted: their words are data, too.
fn types(reading: &Reading<'_>) -> Vec<(String, String)> {
    let own = reading.builtin.own_types();
    own.iter()
        .enumerate()
        .map(|(n, own)| {
            let text = match own.description.as_str() {
                "" => own.name.clone(),
                description => format!("{}: {description}", own.name),
            };
            (format!("type{}", n + 1), text)
        })
        .collect()
}

fn schema(task: &Task<'_>, reading: &Reading<'_>) -> serde_json::Value {
    reply::schema(reading.builtin.own_types().iter().map(|own| own.name.as_str()), task.is_group)
}

/// What stands above the passages, if it says more than when that was.
fn heading(episode: &Episode<'_>) -> String {
    if telling(episode.heading).is_none() {
        return String::new();
    }
    episode.heading.chars().take(MOST_HEADING).collect()
}

fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
    is_group: bool,
) -> Question<'q> {
    Question {
        stage: "moments",
        profile: Profile::Fast,
        prompt: &reading.prompts.moments,
        places,
        reply_tokens: reply::TOKENS + if is_group { reply::INSIGHT_TOKENS } else { 0 },
        record_ids,
    }
}

/// Tokens that the passages of one question may have; `None` if nothing fits or nobody is there.
fn most_tokens(task: &Task<'_>, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Option<u32>> {
    let places = [("kind", ""), ("code", ""), ("passages", ""), ("also", "")];
    let question = question(reading, &places, &[], task.is_group);
    let Some(room) = caller.room(&question, 0)? else { return Ok(None) };
    let heading = heading(&task.episode);
    let heading = Piece { handle: "heading", by: "", text: &heading };
    let types = types(reading);
    let also = budget::tokens(&also(task.is_group, !types.is_empty()));
    let types: u32 = types
        .iter()
        .map(|(handle, text)| quoted::tokens(&Piece { handle, by: "", text }))
        .fold(0, u32::saturating_add);
    // What the person says of types is no part of what is read: it makes no part smaller while there is
    // room in the window.
    let rest = room.saturating_sub(types.saturating_add(also)).min(PART_TOKENS);
    let rest = rest.saturating_sub(SLACK + quoted::tokens(&heading));
    Ok((rest >= parts::LEAST).then_some(rest))
}

/// Lets a model describe an episode.
pub(super) fn describe(
    task: &Task<'_>,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Said> {
    if caller.minds().of(Profile::Fast).is_none() {
        return Ok(Said::Nothing { is_provisional: true });
    }
    let Some(most) = most_tokens(task, reading, caller)? else {
        return Ok(Said::Nothing { is_provisional: false });
    };
    let all = parts::split(&task.episode, &parts::whole(&task.episode), most);
    if all.len() > 1 {
        caller.count_split();
    }
    let texts: Vec<&str> = task.episode.passages.iter().map(|passage| passage.text).collect();
    let mut asker = Asker {
        types: types(reading),
        schema: schema(task, reading),
        task,
        reading,
        caller,
        language: language::detect(&texts.join("\n\n"), None),
        described: Vec::new(),
        model: None,
    };
    for part in &all {
        if long::ask_part(&mut asker, caller, &task.episode, part, most)?.is_err() {
            return Ok(Said::Nothing { is_provisional: true });
        }
    }
    asker.finish()
}

/// What asking about an episode would cost.
pub(super) fn price(task: &Task<'_>, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Cost> {
    let mut cost = Cost::default();
    let Some(most) = most_tokens(task, reading, caller)? else { return Ok(cost) };
    let all = parts::split(&task.episode, &parts::whole(&task.episode), most);
    let (types, schema) = (types(reading), schema(task, reading));
    for part in &all {
        let asking = Asking::new(task, part, &types);
        let places = asking.places();
        let question = question(reading, &places, &task.record_ids, task.is_group);
        cost.count(caller.price_in(&question, &schema)?);
    }
    cost.count_merges(all.len());
    Ok(cost)
}

struct Asker<'t> {
    task: &'t Task<'t>,
    types: Vec<(String, String)>,
    schema: serde_json::Value,
    reading: &'t Reading<'t>,
    caller: &'t Caller<'t>,
    language: Option<Language>,
    described: Vec<Description>,
    /// The model that described at least one of the parts.
    model: Option<String>,
}

impl ByPart for Asker<'_> {
    fn ask(&mut self, part: &[Slice]) -> Result<Result<(), NoAnswer>> {
        let task = self.task;
        let asking = Asking::new(task, part, &self.types);
        let places = asking.places();
        let question = question(self.reading, &places, &task.record_ids, task.is_group);
        let rules = (self.reading.prompts.moments.system(), asking.quoted.code.as_str());
        let builtin = self.reading.builtin;
        let shown = Shown::new(&task.episode, part, task.written, self.language, builtin, rules);
        let check = |reply: Reply, remarks: &mut Remarks| shown.check(&reply, remarks);
        let answer = self.caller.ask_in(&question, &self.schema, &check)?;
        Ok(answer.map(|answered| {
            self.described.push(answered.value);
            self.model = Some(answered.model);
        }))
    }

    fn do_without(&mut self, part: &[Slice]) {
        let described = self.by_builtin(part);
        self.described.push(described);
    }
}

impl Asker<'_> {
    /// The built-in analyser's word about a part, with places of the whole episode.
    fn by_builtin(&self, part: &[Slice]) -> Description {
        let task = self.task;
        let mut said = self.reading.builtin.describe(&parts::episode_of(&task.episode, part));
        let mut marks = vec![Vec::new(); task.episode.passages.len()];
        for (slice, found) in part.iter().zip(said.marks) {
            let moved = found
                .into_iter()
                .map(|at| slice.range.start + at.start..slice.range.start + at.end);
            marks[slice.passage].extend(moved);
        }
        said.marks = marks;
        for (index, range) in said.insights.iter_mut().flat_map(|joint| &mut joint.places) {
            let slice = &part[*index];
            *range = slice.range.start + range.start..slice.range.start + range.end;
            *index = slice.passage;
        }
        for (index, range) in said.people.iter_mut().flat_map(|person| &mut person.mentions) {
            let slice = &part[*index];
            *range = slice.range.start + range.start..slice.range.start + range.end;
            *index = slice.passage;
        }
        said
    }

    fn finish(mut self) -> Result<Said> {
        let Some(model) = self.model.take() else {
            return Ok(Said::Nothing { is_provisional: false });
        };
        if self.described.len() == 1
            && let Some(only) = self.described.pop()
        {
            return Ok(Said::Described(Box::new(only), model));
        }
        let merged = self.merge()?;
        let Ok(merged) = merged else { return Ok(Said::Nothing { is_provisional: true }) };
        let whole = reduce::reduce(&self.described, merged, self.language);
        Ok(Said::Described(Box::new(whole), model))
    }

    /// Sums up what was noted of the parts. `Ok(None)`: the model cannot.
    fn merge(&self) -> Result<Result<Option<Merged>, NoAnswer>> {
        let record_ids = &self.task.record_ids;
        let places = [("code", ""), ("notes", "")];
        let question = reduce::question(self.reading, &places, record_ids);
        let room = self.caller.room(&question, 0)?.unwrap_or_default();
        let text = |title: &str, summary: &str| format!("{title}. {summary}");
        let notes = self.described.iter().map(|part| Note {
            text: text(&part.title, &part.summary),
            record_ids: record_ids.clone(),
        });
        let sum_up = |group: &[Note]| {
            let sum = reduce::sum_up(group, self.reading, self.caller, record_ids, self.language)?;
            Ok(sum.map(|sum| {
                let text = text(&sum.title, &sum.summary);
                (sum, text)
            }))
        };
        long::merge(notes.collect(), room.min(PART_TOKENS).saturating_sub(SLACK), &sum_up)
    }
}
