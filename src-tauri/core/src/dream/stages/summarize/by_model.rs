//! A conversation told by a model: part by part where it is long, each reply held against the messages,
//! and put together again.
//!
//! Parts are cut from the beginning, and nothing of what follows changes what a part's prompt says: a
//! conversation that has grown costs its last part and the sum.

use chrono::NaiveDate;

use super::{
    Conversation,
    reply::{self, MOST_TOPICS, Merged, Reply},
};
use crate::{
    Result,
    dream::stages::{
        long::{self, ByPart, Cost, Note},
        parts::{self, Slice},
        reading::Reading,
        told::{Asked, Given, language_name},
    },
    mind::{
        Episode, Stream,
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    sessions::Summary,
    text::{
        language::{self, Language},
        tags,
    },
};

pub(super) use crate::dream::stages::long::steady;

/// Messages of one part: a longer conversation is told from its parts, however short its messages are.
const PART_MESSAGES: usize = 100;
/// Tokens of a question's places beside the messages: kind, day, code, language, and what joins them.
const SLACK: u32 = 80;
/// What is shown, in words for a model.
const WHAT: &str = "messages";

/// What came of asking.
#[derive(Debug)]
pub(super) enum Said {
    /// A summary.
    Told(Summary),
    /// There is no answer; with `true` only for now.
    Nothing { is_for_now: bool },
}

/// What is known of a part.
struct Part {
    summary: String,
    key_topics: Vec<String>,
    valence: f32,
    record_ids: Vec<i64>,
}

/// Lets a model tell a conversation.
pub(super) fn tell(
    conversation: &Conversation,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Said> {
    if caller.minds().of(Profile::Fast).is_none() {
        return Ok(Said::Nothing { is_for_now: true });
    }
    let Some(most) = most_tokens(reading, caller)? else {
        return Ok(Said::Nothing { is_for_now: false });
    };
    let episode = conversation.episode();
    let all = cut(&episode, most);
    if all.len() > 1 {
        caller.count_split();
    }
    let language = episode_language(&episode);
    let mut asker = Asker {
        conversation,
        episode: &episode,
        reading,
        caller,
        language,
        told: Vec::new(),
        model: None,
    };
    for part in &all {
        if long::ask_part(&mut asker, caller, &episode, part, most)?.is_err() {
            return Ok(Said::Nothing { is_for_now: true });
        }
    }
    asker.finish()
}

/// What telling a conversation would cost.
pub(super) fn price(
    conversation: &Conversation,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Cost> {
    let mut cost = Cost::default();
    let Some(most) = most_tokens(reading, caller)? else { return Ok(cost) };
    let episode = conversation.episode();
    let language = episode_language(&episode);
    let all = cut(&episode, most);
    for part in &all {
        let asking = Asking::new(conversation, &episode, part, language);
        let places = asking.places();
        cost.count(caller.price::<Reply>(&question(reading, &places, &asking.record_ids))?);
    }
    cost.count_merges(all.len());
    Ok(cost)
}

/// Each stretch of so many messages by itself, so that an edited message moves no later part but those of
/// its own stretch.
fn cut(episode: &Episode<'_>, most: u32) -> Vec<Vec<Slice>> {
    let whole = parts::whole(episode);
    whole.chunks(PART_MESSAGES).flat_map(|some| parts::split(episode, some, most)).collect()
}

fn episode_language(episode: &Episode<'_>) -> Option<Language> {
    let texts: Vec<&str> = episode.passages.iter().map(|passage| passage.text).collect();
    language::detect(&texts.join("\n\n"), None)
}

/// Tokens that the messages of one question may have; `None` if nothing fits.
fn most_tokens(reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Option<u32>> {
    let places = [("kind", ""), ("code", ""), ("messages", ""), ("language", "")];
    let room = caller.room(&question(reading, &places, &[]), 0)?.unwrap_or_default();
    let most = steady(room).saturating_sub(SLACK);
    Ok((most >= parts::LEAST).then_some(most))
}

fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question {
        stage: "summarize",
        profile: Profile::Fast,
        prompt: &reading.prompts.summary,
        places,
        reply_tokens: reply::TOKENS,
        record_ids,
    }
}

fn sum_question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question { prompt: &reading.prompts.summary_merge, ..question(reading, places, record_ids) }
}

/// One part with its prompt's places.
struct Asking {
    kind: String,
    quoted: Quoted,
    language: Option<Language>,
    language_name: String,
    record_ids: Vec<i64>,
}

impl Asking {
    fn new(
        conversation: &Conversation,
        episode: &Episode<'_>,
        slices: &[Slice],
        hint: Option<Language>,
    ) -> Self {
        let handles: Vec<String> = (1..=slices.len()).map(|n| format!("p{n}")).collect();
        let texts: Vec<&str> = slices.iter().map(|slice| parts::text(episode, slice)).collect();
        let pieces: Vec<Piece<'_>> = slices
            .iter()
            .zip(&handles)
            .zip(&texts)
            .map(|((slice, handle), text)| {
                let by = parts::by(episode.stream, &episode.passages[slice.passage]);
                Piece { handle, by, text }
            })
            .collect();
        let lines = || slices.iter().map(|slice| &conversation.lines[slice.passage]);
        let mut record_ids: Vec<i64> = lines().map(|line| line.record_id).collect();
        record_ids.dedup();
        let day = lines().find_map(|line| line.day.as_deref()).and_then(spoken).unwrap_or_default();
        let language = language::detect(&texts.join("\n\n"), hint);
        Self {
            kind: format!("{}{day}", parts::kind(episode)),
            quoted: quoted::quote(&pieces),
            language,
            language_name: language_name(language, WHAT),
            record_ids,
        }
    }

    fn places(&self) -> [(&'static str, &str); 4] {
        [
            ("kind", &self.kind),
            ("code", &self.quoted.code),
            ("messages", &self.quoted.text),
            ("language", &self.language_name),
        ]
    }
}

/// ", Monday 12 October 2026": with the day "tomorrow" has a meaning.
fn spoken(day: &str) -> Option<String> {
    let day = day.parse::<NaiveDate>().ok()?;
    Some(day.format(", %A %-d %B %Y").to_string())
}

struct Asker<'t> {
    conversation: &'t Conversation,
    episode: &'t Episode<'t>,
    reading: &'t Reading<'t>,
    caller: &'t Caller<'t>,
    /// Of the whole conversation.
    language: Option<Language>,
    told: Vec<Part>,
    /// The model that told at least one of the parts.
    model: Option<String>,
}

impl ByPart for Asker<'_> {
    fn ask(&mut self, part: &[Slice]) -> Result<Result<(), NoAnswer>> {
        let asking = Asking::new(self.conversation, self.episode, part, self.language);
        let places = asking.places();
        let question = question(self.reading, &places, &asking.record_ids);
        let texts = part.iter().map(|slice| parts::text(self.episode, slice)).collect();
        let asked = Asked {
            what: WHAT,
            language: asking.language,
            to_machine: self.episode.stream == Stream::Assistant,
            rules: self.reading.prompts.summary.system(),
            code: &asking.quoted.code,
        };
        let given = Given::new(texts, authors(self.episode, part), asked);
        let record_ids = asking.record_ids.clone();
        let answer = self.caller.ask::<Reply, Part>(&question, &|said, remarks| {
            check(&said, &given, &record_ids, remarks)
        })?;
        Ok(answer.map(|answered| {
            self.told.push(answered.value);
            self.model = Some(answered.model);
        }))
    }

    fn do_without(&mut self, part: &[Slice]) {
        let episode = parts::episode_of(self.episode, part);
        let brief = self.reading.builtin.brief(&episode, reply::SUMMARY);
        let mut record_ids: Vec<i64> =
            part.iter().map(|slice| self.conversation.lines[slice.passage].record_id).collect();
        record_ids.dedup();
        self.told.push(Part {
            summary: brief.summary,
            key_topics: brief.key_topics,
            valence: brief.valence,
            record_ids,
        });
    }
}

fn authors<'e>(episode: &Episode<'e>, part: &[Slice]) -> Vec<&'e str> {
    let mut authors: Vec<&str> =
        part.iter().map(|slice| episode.passages[slice.passage].author).collect();
    authors.retain(|author| !author.is_empty());
    authors.sort_unstable();
    authors.dedup();
    authors
}

fn check(
    said: &Reply,
    given: &Given<'_>,
    record_ids: &[i64],
    remarks: &mut Remarks,
) -> Result<Part, Complaint> {
    let summary = given.check(&said.summary, reply::SUMMARY, remarks)?;
    let mut key_topics: Vec<String> = Vec::new();
    for topic in &said.key_topics {
        match given.check_words(topic, reply::TOPIC, remarks) {
            Some(topic) if !has(&key_topics, &topic) => key_topics.push(topic),
            Some(_) => {}
            None => remarks.add(Remark::UnknownValue),
        }
    }
    Ok(Part {
        summary,
        key_topics,
        valence: f32::from(said.valence.clamp(-2, 2)) / 2.0,
        record_ids: record_ids.to_vec(),
    })
}

fn has(topics: &[String], topic: &str) -> bool {
    let key = tags::tag_key(topic);
    key.is_empty() || topics.iter().any(|known| tags::tag_key(known) == key)
}

impl Asker<'_> {
    fn finish(mut self) -> Result<Said> {
        let Some(mind) = self.model.take() else {
            return Ok(Said::Nothing { is_for_now: false });
        };
        let summary = match self.told.as_slice() {
            [only] => only.summary.clone(),
            told => match self.merge()? {
                Ok(Some(summary)) => summary,
                Ok(None) => {
                    let all = told.iter().map(|part| part.summary.as_str());
                    long::in_code(all, self.language, reply::SUMMARY)
                }
                Err(_) => return Ok(Said::Nothing { is_for_now: true }),
            },
        };
        let n_parts = self.told.len().max(1) as f32;
        let valence = self.told.iter().map(|part| part.valence).sum::<f32>() / n_parts;
        Ok(Said::Told(Summary {
            summary,
            key_topics: topics(&self.told),
            valence: valence.clamp(-1.0, 1.0),
            language: self.language.map_or_else(String::new, |language| language.code().to_owned()),
            mind,
            is_provisional: false,
        }))
    }

    /// Tells the whole from what was told of the parts. `Ok(None)`: the model cannot.
    fn merge(&self) -> Result<Result<Option<String>, NoAnswer>> {
        let places = [("code", ""), ("notes", ""), ("language", "")];
        let room = self.caller.room(&sum_question(self.reading, &places, &[]), 0)?;
        let most = steady(room.unwrap_or_default()).saturating_sub(SLACK);
        let notes = self
            .told
            .iter()
            .filter(|part| !part.summary.is_empty())
            .map(|part| Note { text: part.summary.clone(), record_ids: part.record_ids.clone() });
        long::merge(notes.collect(), most, &|group| self.sum_up(group))
    }

    fn sum_up(&self, notes: &[Note]) -> Result<Result<(String, String), NoAnswer>> {
        let handles: Vec<String> = (1..=notes.len()).map(|n| format!("s{n}")).collect();
        let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
        let pieces: Vec<Piece<'_>> = texts
            .iter()
            .zip(&handles)
            .map(|(text, handle)| Piece { handle, by: "", text })
            .collect();
        let quoted = quoted::quote(&pieces);
        let name = language_name(self.language, "notes");
        let places = [("code", quoted.code.as_str()), ("notes", &quoted.text), ("language", &name)];
        let record_ids: Vec<i64> =
            notes.iter().flat_map(|note| note.record_ids.iter().copied()).collect();
        let asked = Asked {
            what: "notes",
            language: self.language,
            to_machine: self.episode.stream == Stream::Assistant,
            rules: self.reading.prompts.summary_merge.system(),
            code: &quoted.code,
        };
        let given = Given::new(texts, self.conversation.people(), asked);
        let question = sum_question(self.reading, &places, &record_ids);
        let answer = self.caller.ask::<Merged, String>(&question, &|said, remarks| {
            given.check(&said.summary, reply::SUMMARY, remarks)
        })?;
        Ok(answer.map(|answered| (answered.value.clone(), answered.value)))
    }
}

/// The topics of most parts; of equals, those that came first.
fn topics(parts: &[Part]) -> Vec<String> {
    let mut counted: Vec<(String, &str, usize)> = Vec::new();
    for topic in parts.iter().flat_map(|part| &part.key_topics) {
        let key = tags::tag_key(topic);
        match counted.iter_mut().find(|(known, ..)| *known == key) {
            Some((.., n)) => *n += 1,
            None => counted.push((key, topic, 1)),
        }
    }
    counted.sort_by_key(|(.., n)| std::cmp::Reverse(*n));
    counted.into_iter().map(|(_, topic, _)| topic.to_owned()).take(MOST_TOPICS).collect()
}
