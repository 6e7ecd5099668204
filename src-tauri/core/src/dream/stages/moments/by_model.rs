//! An episode described by a model: asked part by part where it is long, each reply checked against the
//! passages, and put together again.

use super::{
    check::{Shown, Written},
    parts::{self, Slice},
    reduce,
    reply::{self, Merged, Reply},
};
use crate::{
    Result,
    dream::stages::reading::Reading,
    mind::{
        Description, Episode, Stream, budget,
        builtin::telling,
        caller::{Caller, NoAnswer, Price, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    text::language::{self, Language},
};

/// Tokens of text in one question. Models of 4 B leave out more and more of what they are shown beyond
/// this, long before their window is full.
const PART_TOKENS: u32 = 1_500;
/// Tokens of a question's places beside passages and heading: kind, day, code, and what joins them.
const SLACK: u32 = 70;
const MOST_HEADING: usize = 200;

/// What is to be described.
pub(super) struct Task<'a> {
    pub(super) episode: Episode<'a>,
    pub(super) record_ids: Vec<i64>,
    pub(super) written: Written,
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
}

impl Asking {
    fn new(task: &Task<'_>, slices: &[Slice]) -> Self {
        let episode = &task.episode;
        let handles: Vec<String> = (1..=slices.len()).map(|n| format!("p{n}")).collect();
        let heading = heading(episode);
        let mut pieces = Vec::with_capacity(slices.len() + 1);
        if !heading.trim().is_empty() {
            pieces.push(Piece { handle: "heading", by: "", text: &heading });
        }
        for (slice, handle) in slices.iter().zip(&handles) {
            let by = parts::by(episode.stream, &episode.passages[slice.passage]);
            pieces.push(Piece { handle, by, text: parts::text(episode, slice) });
        }
        let has_own = episode.passages.iter().any(|passage| passage.is_own == Some(true));
        let kind = match (episode.stream, has_own) {
            (Stream::Notes, _) => "A note by the keeper",
            (Stream::Chat, true) => "A conversation between people; “me” is the keeper",
            (Stream::Chat, false) => "A conversation between people, one of them the keeper",
            (Stream::Assistant, _) => {
                "A conversation of the keeper (“me”) with an assistant program"
            }
        };
        let kind = format!("{kind}{}", task.written.when());
        Self { kind, quoted: quoted::quote(&pieces) }
    }

    fn places(&self) -> [(&'static str, &str); 3] {
        [("kind", &self.kind), ("code", &self.quoted.code), ("passages", &self.quoted.text)]
    }
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
) -> Question<'q> {
    Question {
        stage: "moments",
        profile: Profile::Fast,
        prompt: &reading.prompts.moments,
        places,
        reply_tokens: reply::TOKENS,
        record_ids,
    }
}

/// Tokens that the passages of one question may have; `None` if nothing fits or nobody is there.
fn most_tokens(task: &Task<'_>, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Option<u32>> {
    let places = [("kind", ""), ("code", ""), ("passages", "")];
    let Some(room) = caller.room(&question(reading, &places, &[]), 0)? else { return Ok(None) };
    let heading = heading(&task.episode);
    let heading = Piece { handle: "heading", by: "", text: &heading };
    let rest = room.min(PART_TOKENS).saturating_sub(SLACK + quoted::tokens(&heading));
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
        task,
        reading,
        caller,
        language: language::detect(&texts.join("\n\n"), None),
        described: Vec::new(),
        model: None,
    };
    for part in &all {
        if let Err(is_provisional) = asker.ask(part, most)? {
            return Ok(Said::Nothing { is_provisional });
        }
    }
    asker.finish()
}

/// What asking about an episode would cost: questions, those whose answer is known, milliseconds.
pub(super) fn price(
    task: &Task<'_>,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<(u32, u32, u64)> {
    let Some(most) = most_tokens(task, reading, caller)? else { return Ok((0, 0, 0)) };
    let all = parts::split(&task.episode, &parts::whole(&task.episode), most);
    let (mut n_calls, mut n_known, mut ms) = (0, 0, 0);
    for part in &all {
        let asking = Asking::new(task, part);
        let places = asking.places();
        let price = caller.price::<Reply>(&question(reading, &places, &task.record_ids))?;
        count(price, (&mut n_calls, &mut n_known, &mut ms));
    }
    if all.len() > 1 && n_calls > 0 {
        // Nobody knows yet what the parts will be summed up from; it is about as long as one of them.
        let n_merges = reduce::n_merges(all.len());
        ms += ms / u64::from(n_calls.max(1)) * u64::from(n_merges);
        n_calls += n_merges;
    }
    Ok((n_calls, n_known, ms))
}

fn count(price: Price, (n_calls, n_known, ms): (&mut u32, &mut u32, &mut u64)) {
    if price.is_known {
        *n_known += 1;
    } else if !price.is_too_long {
        *n_calls += 1;
        *ms += price.ms;
    }
}

struct Asker<'t> {
    task: &'t Task<'t>,
    reading: &'t Reading<'t>,
    caller: &'t Caller<'t>,
    language: Option<Language>,
    described: Vec<Description>,
    /// The model that described at least one of the parts.
    model: Option<String>,
}

impl Asker<'_> {
    /// Describes one part. `Err` says that there is no going on, and whether another night may help.
    fn ask(&mut self, part: &[Slice], most: u32) -> Result<Result<(), bool>> {
        let task = self.task;
        let asking = Asking::new(task, part);
        let places = asking.places();
        let question = question(self.reading, &places, &task.record_ids);
        let rules = (self.reading.prompts.moments.system(), asking.quoted.code.as_str());
        let builtin = self.reading.builtin;
        let shown = Shown::new(&task.episode, part, task.written, self.language, builtin, rules);
        let answer = self
            .caller
            .ask::<Reply, Description>(&question, &|reply, remarks| shown.check(&reply, remarks))?;
        match answer {
            Ok(answered) => {
                self.described.push(answered.value);
                self.model = Some(answered.model);
                Ok(Ok(()))
            }
            Err(NoAnswer::Away | NoAnswer::Limit) => Ok(Err(true)),
            Err(NoAnswer::TooLong) if most / 2 >= parts::LEAST => {
                let half = (parts::tokens(&task.episode, part) / 2).clamp(parts::LEAST, most / 2);
                let smaller = parts::split(&task.episode, part, half);
                if smaller.len() < 2 {
                    // The same question would get the same reply.
                    self.described.push(self.by_builtin(part));
                    return Ok(Ok(()));
                }
                self.caller.count_split();
                for smaller in smaller {
                    if let Err(is_provisional) = self.ask(&smaller, half)? {
                        return Ok(Err(is_provisional));
                    }
                }
                Ok(Ok(()))
            }
            Err(NoAnswer::TooLong | NoAnswer::Unusable) => {
                self.described.push(self.by_builtin(part));
                Ok(Ok(()))
            }
        }
    }

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
        let notes: Vec<String> =
            self.described.iter().map(|part| format!("{}. {}", part.title, part.summary)).collect();
        let merged = self.merge(&notes)?;
        let Ok(merged) = merged else { return Ok(Said::Nothing { is_provisional: true }) };
        let whole = reduce::reduce(&self.described, merged, self.language);
        Ok(Said::Described(Box::new(whole), model))
    }

    /// Sums up what was noted of the parts, in a tree where it is much. `Ok(None)`: the model cannot.
    fn merge(&self, notes: &[String]) -> Result<Result<Option<Merged>, ()>> {
        let places = [("code", ""), ("notes", "")];
        let question = reduce::question(self.reading, &places, &self.task.record_ids);
        let room = self.caller.room(&question, 0)?.unwrap_or_default();
        let most = room.min(PART_TOKENS).saturating_sub(SLACK);
        let mut notes = notes.to_vec();
        loop {
            let groups = reduce::groups(&notes, most);
            let mut sums = Vec::with_capacity(groups.len());
            for group in &groups {
                let group = &notes[group.clone()];
                let sum = reduce::sum_up(
                    group,
                    self.reading,
                    self.caller,
                    &self.task.record_ids,
                    self.language,
                )?;
                match sum {
                    Ok(sum) => sums.push(sum),
                    Err(NoAnswer::Away | NoAnswer::Limit) => return Ok(Err(())),
                    Err(NoAnswer::TooLong | NoAnswer::Unusable) => return Ok(Ok(None)),
                }
            }
            // Groups of one would be summed up for ever.
            if sums.len() == 1 || sums.len() >= notes.len() {
                return Ok(Ok((sums.len() == 1).then(|| sums.swap_remove(0))));
            }
            notes = sums.into_iter().map(|sum| format!("{}. {}", sum.title, sum.summary)).collect();
        }
    }
}

/// Tokens of a note among others.
pub(super) fn note_tokens(note: &str) -> u32 {
    quoted::tokens(&Piece { handle: "s1000", by: "", text: note }).max(budget::tokens(note))
}
