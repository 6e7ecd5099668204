//! Answers put together by rule, from moments and nothing else.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::{
    gather::{self, About, Range, Seen},
    intent::Understood,
    reckoned,
    say::{MOST_COUNTED, Speaker},
};
use crate::{
    Journal, Result,
    api::{
        ask::{AskCitation, AskIntent, AskMoment, AskReply, AskSentence},
        search::{Hit, HitKind, Scope, SearchRequest},
    },
    mind::builtin,
    moments, periods,
};

/// Days that a question looks back which tells none: about what happened, and what was learnt.
const DAYS_HAPPENED: u64 = 7;
const DAYS_LEARNT: u64 = 30;
/// Citations of one sentence.
pub(super) const MOST_CITED: usize = 12;

/// What a question is answered from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) journal: &'a Journal,
    /// As it was typed, without its dates.
    pub(super) rest: &'a str,
    pub(super) understood: &'a Understood,
    /// The days that it tells.
    pub(super) range: Option<Range>,
    pub(super) today: NaiveDate,
    /// Moments that may be shown.
    pub(super) limit: usize,
}

/// What was put together.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) reply: AskReply,
    /// The days that were looked at where the question told none.
    pub(super) chosen: Option<Range>,
    /// Whether a model may tell it better. It counts badly, so what is counted stays.
    pub(super) may_be_written: bool,
}

pub(super) fn compose(question: &Question<'_>) -> Result<Draft> {
    match question.understood.intent {
        AskIntent::Happened if question.understood.subject.is_empty() => happened(question),
        AskIntent::Happened | AskIntent::Topic => topic(question),
        AskIntent::Learned => learned(question),
        AskIntent::Productive => reckoned::productive(question),
        AskIntent::Mood => reckoned::mood(question),
        AskIntent::Felt => reckoned::felt(question),
        AskIntent::Last => last(question),
        AskIntent::Related => reckoned::related(question),
        AskIntent::Review => reckoned::review(question),
        AskIntent::Search => search(question),
    }
}

impl Question<'_> {
    pub(super) fn speaker(&self) -> Speaker {
        Speaker { is_german: self.understood.is_german }
    }

    pub(super) fn subject(&self) -> &str {
        &self.understood.subject
    }

    pub(super) fn draft(&self) -> Draft {
        let reply = AskReply {
            intent: self.understood.intent,
            subject: self.understood.subject.clone(),
            dates: None,
            language: self.speaker().code().into(),
            is_found: false,
            sentences: Vec::new(),
            basis: String::new(),
            tables: Vec::new(),
            moments: Vec::new(),
            n_moments: 0,
            hits: Vec::new(),
            mind: builtin::NAME.into(),
            is_by_model: false,
            without_model: String::new(),
            n_dropped: 0,
            is_cut: false,
            waiting: None,
        };
        Draft { reply, chosen: None, may_be_written: false }
    }

    /// The days that are told, or so many back from today.
    pub(super) fn range_or(&self, n_days: u64) -> (Range, Option<Range>) {
        if let Some(range) = self.range {
            return (range, None);
        }
        let from = self.today.checked_sub_days(Days::new(n_days - 1)).unwrap_or(self.today);
        let range = Range { from: Some(from), until: self.today, hours: None };
        (range, Some(range))
    }

    pub(super) fn about(&self) -> Result<About> {
        self.journal
            .store()
            .read(|reader| gather::about(reader, self.subject(), self.range.as_ref(), MOST_COUNTED))
    }

    /// Puts the cards of these moments into an answer, in this order.
    pub(super) fn show(&self, draft: &mut Draft, ids: &[i64]) -> Result<()> {
        draft.reply.moments = self.journal.store().read(|reader| cards(reader, ids))?;
        Ok(())
    }
}

impl Draft {
    pub(super) fn say(&mut self, text: String, ids: &[i64]) {
        let citations =
            ids.iter().take(MOST_CITED).map(|id| AskCitation::Moment { id: *id }).collect();
        self.reply.sentences.push(AskSentence { text, citations });
    }

    pub(super) fn count(&mut self, n: usize) {
        self.reply.n_moments = u32::try_from(n).unwrap_or(u32::MAX);
        self.reply.is_found = n > 0;
    }
}

/// Moments as cards, with what they are tied to.
pub(super) fn cards(reader: &Connection, ids: &[i64]) -> Result<Vec<AskMoment>> {
    moments::cards_of(reader, ids)?
        .into_iter()
        .map(|moment| Ok(AskMoment { related: gather::related_counts(reader, moment.id)?, moment }))
        .collect()
}

pub(super) fn ids(moments: &[Seen]) -> Vec<i64> {
    moments.iter().map(|moment| moment.id).collect()
}

/// Of moments in order of time as many as may be shown, the weightiest: those that came to something, were felt,
/// and took long.
#[derive(Debug, Default)]
struct Weightiest {
    n: usize,
    most: usize,
    kept: Vec<(f64, usize, i64)>,
}

impl Weightiest {
    fn add(&mut self, moment: &Seen) {
        let minutes = f64::from(moment.minutes().unwrap_or_default().min(480));
        let weight = f64::from(u8::from(moment.has_outcome)) * 2.0
            + f64::from(moment.valence.abs()) * 2.0
            + f64::from(u8::from(moment.is_felt()))
            + minutes / 240.0;
        let at = self.kept.partition_point(|(other, ..)| *other >= weight);
        if at < self.most {
            self.kept.insert(at, (weight, self.n, moment.id));
            self.kept.truncate(self.most);
        }
        self.n += 1;
    }

    fn in_order(mut self) -> Vec<i64> {
        self.kept.sort_by_key(|(_, at, _)| *at);
        self.kept.into_iter().map(|(.., id)| id).collect()
    }
}

/// What happened: the moments in order.
pub(super) fn happened(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let (range, chosen) = question.range_or(DAYS_HAPPENED);
    draft.chosen = chosen;
    let mut found = Weightiest { most: question.limit, ..Weightiest::default() };
    let story = question.journal.store().read(|reader| {
        gather::each_of(reader, &range, &mut |moment| found.add(&moment))?;
        let is_a_day = range.from == Some(range.until) && range.hours.is_none();
        if is_a_day {
            periods::told(reader, &range.until.to_string())
        } else {
            Ok(Default::default())
        }
    })?;
    let n = found.n;
    draft.count(n);
    let speaker = question.speaker();
    let shown = found.in_order();
    if n == 0 {
        draft.say(speaker.nothing_in(&range), &[]);
        return Ok(draft);
    }
    draft.say(speaker.there_are(n, shown.len(), false, "", Some(&range)), &shown);
    if !story.summary.trim().is_empty() {
        draft.say(story.summary.trim().to_owned(), &shown);
    }
    question.show(&mut draft, &shown)?;
    draft.may_be_written = true;
    Ok(draft)
}

/// All moments of a topic, or about a subject: the latest, in order of time.
fn topic(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let about = question.about()?;
    draft.count(about.moments.len());
    if about.moments.is_empty() {
        return beside(question, draft);
    }
    let mut shown = ids(&about.moments[..about.moments.len().min(question.limit)]);
    shown.reverse();
    let (n, range) = (about.moments.len(), question.range.as_ref());
    draft.say(speaker.there_are(n, shown.len(), true, question.subject(), range), &shown);
    if about.is_loose {
        draft.say(speaker.nearest(), &[]);
    }
    question.show(&mut draft, &shown)?;
    draft.may_be_written = true;
    Ok(draft)
}

/// No moment is about it: what was written may still have the words.
pub(super) fn beside(question: &Question<'_>, mut draft: Draft) -> Result<Draft> {
    let speaker = question.speaker();
    find(question, &mut draft, question.subject())?;
    draft.say(speaker.nothing_about(question.subject(), question.range.as_ref()), &[]);
    if !draft.reply.hits.is_empty() {
        draft.reply.is_found = true;
        draft.say(speaker.found(draft.reply.hits.len()), &[]);
        draft.may_be_written = true;
    }
    Ok(draft)
}

fn learned(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let (range, chosen) = question.range_or(DAYS_LEARNT);
    draft.chosen = chosen;
    let mut found =
        question.journal.store().read(|reader| gather::learnt(reader, &range, MOST_COUNTED))?;
    if !question.subject().is_empty() {
        let about = question
            .journal
            .store()
            .read(|reader| gather::about(reader, question.subject(), Some(&range), MOST_COUNTED))?;
        found.retain(|moment| about.moments.iter().any(|other| other.id == moment.id));
    }
    let n = found.len();
    draft.count(n);
    let shown = ids(&found[n - n.min(question.limit)..]);
    draft.say(speaker.learnt(n, &range), &shown);
    question.show(&mut draft, &shown)?;
    draft.may_be_written = n > 0;
    Ok(draft)
}

fn last(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let about = question.about()?;
    draft.count(about.moments.len());
    let Some(latest) = about.moments.first() else { return beside(question, draft) };
    if about.is_loose {
        draft.say(speaker.nearest(), &[]);
    }
    draft.say(speaker.last(question.subject(), latest), &[latest.id]);
    let mut shown = vec![latest.id];
    match about.moments.iter().find(|moment| moment.has_outcome) {
        Some(ended) => {
            let outcome = question.journal.store().read(|reader| cards(reader, &[ended.id]))?;
            let outcome =
                outcome.first().map(|card| card.moment.outcome.clone()).unwrap_or_default();
            if ended.id == latest.id {
                draft.say(speaker.ended(&outcome), &[ended.id]);
            } else {
                draft.say(speaker.ended_before(ended, &outcome), &[ended.id]);
                shown.insert(0, ended.id);
            }
        }
        None => draft.say(speaker.no_ending(), &[]),
    }
    question.show(&mut draft, &shown)?;
    draft.may_be_written = true;
    Ok(draft)
}

/// Anything else: what has the words.
fn search(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let beside = find(question, &mut draft, question.subject())?;
    let about = question.about()?;
    // What was found in writing leads to the moments that rest on it.
    let mut shown: Vec<i64> = ids(&about.moments);
    let beside = question
        .journal
        .store()
        .read(|reader| gather::seen(reader, &beside, question.range.as_ref()))?;
    for moment in beside {
        if !shown.contains(&moment.id) {
            shown.push(moment.id);
        }
    }
    shown.truncate(question.limit);
    draft.count(shown.len());
    draft.reply.is_found = !shown.is_empty() || !draft.reply.hits.is_empty();
    if !draft.reply.is_found {
        draft.say(speaker.not_found(), &[]);
        return Ok(draft);
    }
    let n = shown.len() + draft.reply.hits.len();
    draft.say(if about.is_loose { speaker.nearest() } else { speaker.found(n) }, &shown);
    question.show(&mut draft, &shown)?;
    draft.may_be_written = true;
    Ok(draft)
}

/// Looks for words in what was written, by the journal's own search. Returns the moments that were found or
/// that rest on what was found; what no moment stands for is shown beside them.
fn find(question: &Question<'_>, draft: &mut Draft, subject: &str) -> Result<Vec<i64>> {
    let stems: Vec<&str> = crate::text::words::iter(subject)
        .filter(|word| super::intent::has_topic(word.text))
        .map(|word| word.text)
        .collect();
    if stems.is_empty() {
        return Ok(Vec::new());
    }
    let day = |day: NaiveDate| day.to_string();
    let request = SearchRequest {
        // Each of them in quotes, so that all must be there: what has only some of them, or means about
        // the same, is no answer that "not in your journal" could be held against.
        query: stems.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "),
        scope: Scope::All,
        since: question.range.and_then(|range| range.from).map(day),
        until: question.range.map(|range| day(range.until)),
        limit: Some(20),
        ..SearchRequest::default()
    };
    let found = crate::search::search(question.journal, &request)?;
    let (told, beside): (Vec<Hit>, Vec<Hit>) =
        found.hits.into_iter().partition(|hit| hit.kind == HitKind::Moment);
    let moments = told
        .iter()
        .map(|hit| hit.id)
        .chain(beside.iter().filter_map(|hit| hit.moment_id))
        .collect();
    draft.reply.hits = beside.into_iter().take(question.limit.min(8)).collect();
    Ok(moments)
}
