//! Answers put together by rule, from moments and nothing else.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::{
    counts::{self, Moods, Productive},
    gather::{self, About, Range, Seen},
    intent::Understood,
    say::{MOST_COUNTED, Speaker, Title},
};
use crate::{
    Journal, Result,
    api::{
        ask::{AskCitation, AskIntent, AskMoment, AskReply, AskRow, AskSentence, AskTable},
        periods::{PeriodKind, ReviewView},
        search::{Scope, SearchRequest},
        topics::TopicDetail,
    },
    mind::builtin,
    moments, periods, topics,
};

/// Days that a question looks back which tells none: about what happened, what was learnt, and what goes with
/// what.
const DAYS_HAPPENED: u64 = 7;
const DAYS_LEARNT: u64 = 30;
const DAYS_COUNTED: u64 = 90;
/// Citations of one sentence.
const MOST_CITED: usize = 12;
/// Feelings, people, other topics that a sentence names.
const MOST_NAMED: usize = 5;

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
        AskIntent::Productive => productive(question),
        AskIntent::Mood => mood(question),
        AskIntent::Felt => felt(question),
        AskIntent::Last => last(question),
        AskIntent::Related => related(question),
        AskIntent::Review => review(question),
        AskIntent::Search => search(question),
    }
}

impl Question<'_> {
    fn speaker(&self) -> Speaker {
        Speaker { is_german: self.understood.is_german }
    }

    fn subject(&self) -> &str {
        &self.understood.subject
    }

    fn draft(&self) -> Draft {
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
    fn range_or(&self, n_days: u64) -> (Range, Option<Range>) {
        if let Some(range) = self.range {
            return (range, None);
        }
        let from = self.today.checked_sub_days(Days::new(n_days - 1)).unwrap_or(self.today);
        let range = Range { from: Some(from), until: self.today, hours: None };
        (range, Some(range))
    }

    fn about(&self) -> Result<About> {
        self.journal
            .store()
            .read(|reader| gather::about(reader, self.subject(), self.range.as_ref(), MOST_COUNTED))
    }

    /// Puts the cards of these moments into an answer, in this order.
    fn show(&self, draft: &mut Draft, ids: &[i64]) -> Result<()> {
        draft.reply.moments = self.journal.store().read(|reader| cards(reader, ids))?;
        Ok(())
    }
}

impl Draft {
    fn say(&mut self, text: String, ids: &[i64]) {
        let citations =
            ids.iter().take(MOST_CITED).map(|id| AskCitation::Moment { id: *id }).collect();
        self.reply.sentences.push(AskSentence { text, citations });
    }

    fn count(&mut self, n: usize) {
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

fn ids(moments: &[Seen]) -> Vec<i64> {
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
fn happened(question: &Question<'_>) -> Result<Draft> {
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
fn beside(question: &Question<'_>, mut draft: Draft) -> Result<Draft> {
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

fn productive(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let (range, chosen) = question.range_or(DAYS_COUNTED);
    draft.chosen = chosen;
    let mut counted = Productive::default();
    question
        .journal
        .store()
        .read(|reader| gather::each_of(reader, &range, &mut |moment| counted.add(moment)))?;
    draft.reply.basis = speaker.productive_basis(&range);
    draft.reply.n_moments = u32::try_from(counted.n_work).unwrap_or(u32::MAX);
    draft.reply.is_found = counted.n_productive > 0;
    draft.reply.tables = counted.tables(speaker);
    if counted.n_work < counts::FEWEST {
        draft.say(speaker.too_few(counted.n_work), &[]);
        return Ok(draft);
    }
    let is_least = question.understood.is_least;
    for row in counted.stands_out(speaker, is_least) {
        let (n, n_of, minutes) =
            (row.n, row.n_of.unwrap_or_default(), row.minutes.unwrap_or_default());
        draft.say(speaker.productive(is_least, &row.label, n, n_of, minutes), &row.moment_ids);
    }
    let longest = ids(&counted.longest()[..counted.longest().len().min(question.limit).min(3)]);
    question.show(&mut draft, &longest)?;
    Ok(draft)
}

fn mood(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let (range, chosen) = question.range_or(DAYS_COUNTED);
    draft.chosen = chosen;
    let label = question.understood.feeling.unwrap_or("joyful");
    let mut moods = Moods::of(Some(label));
    question
        .journal
        .store()
        .read(|reader| gather::each_of(reader, &range, &mut |moment| moods.add(&moment)))?;
    draft.count(moods.n_with as usize);
    let n_felt = u32::try_from(moods.n_felt).unwrap_or(u32::MAX);
    draft.reply.basis = speaker.mood_basis(label, moods.n_with, n_felt, &range);
    if moods.n_with == 0 {
        draft.say(speaker.never_felt(label, &range), &[]);
        return Ok(draft);
    }
    draft.reply.tables = moods.tables(speaker);
    let is_least = question.understood.is_least;
    for row in moods.stands_out(speaker, is_least) {
        let n_of = row.n_of.unwrap_or_default();
        draft.say(speaker.mood(is_least, label, &row.label, row.n, n_of), &row.moment_ids);
    }
    if (moods.n_with as usize) < counts::FEWEST {
        draft.say(speaker.too_few(moods.n_with as usize), &[]);
    }
    let latest: Vec<i64> =
        moods.ids.iter().rev().take(question.limit.min(3)).rev().copied().collect();
    question.show(&mut draft, &latest)?;
    Ok(draft)
}

fn felt(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let mut moods = Moods::of(None);
    let mut range = question.range;
    if question.subject().is_empty() {
        let (days, chosen) = question.range_or(DAYS_COUNTED);
        draft.chosen = chosen;
        range = Some(days);
        question
            .journal
            .store()
            .read(|reader| gather::each_of(reader, &days, &mut |moment| moods.add(&moment)))?;
    } else {
        let about = question.about()?;
        if about.moments.is_empty() {
            return beside(question, draft);
        }
        // The latest comes first; counted is in order of time.
        about.moments.iter().rev().for_each(|moment| moods.add(moment));
        if about.is_loose {
            draft.say(speaker.nearest(), &[]);
        }
    }
    draft.count(moods.n);
    if moods.n == 0 {
        if let Some(range) = &range {
            draft.say(speaker.nothing_in(range), &[]);
        }
        return Ok(draft);
    }
    let cited: Vec<i64> = moods.ids.iter().rev().take(MOST_CITED).copied().collect();
    let feelings = moods.feelings(MOST_NAMED);
    let n_felt = moods.n_felt;
    let told = speaker.felt(moods.n, n_felt, question.subject(), range.as_ref(), &feelings);
    draft.say(told, &cited);
    draft.reply.is_found = n_felt > 0;
    if let Some(valence) = moods.valence() {
        draft.say(speaker.on_the_whole(valence), &cited);
    }
    if n_felt < counts::FEWEST {
        draft.say(speaker.too_few(n_felt), &[]);
    }
    draft.reply.tables = moods.tables(speaker);
    let latest: Vec<i64> = moods.ids.iter().rev().take(question.limit).rev().copied().collect();
    question.show(&mut draft, &latest)?;
    draft.may_be_written = n_felt > 0 && !question.subject().is_empty();
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

fn related(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    let about = question.about()?;
    draft.count(about.moments.len());
    if about.moments.is_empty() {
        return beside(question, draft);
    }
    let latest: Vec<i64> = ids(&about.moments[..about.moments.len().min(question.limit)]);
    let topic = about.topic_id.map(|id| topics::show(question.journal, id)).transpose()?;
    let topic = topic.filter(|topic| !topic.topic.is_hidden);
    let rows = match &topic {
        Some(topic) if !topic.related.is_empty() => related_topics(topic),
        _ => shared_tags(question.subject(), &about.moments),
    };
    if rows.is_empty() {
        let (n, range) = (about.moments.len(), question.range.as_ref());
        draft.say(speaker.there_are(n, latest.len(), true, question.subject(), range), &latest);
    } else {
        let named: Vec<String> = rows
            .iter()
            .take(MOST_NAMED)
            .map(|row| format!("{} ({})", row.label, speaker.moments(row.n as usize)))
            .collect();
        draft.say(speaker.goes_with(question.subject(), &named), &latest);
        draft.reply.tables = vec![AskTable { title: speaker.title(Title::Related), rows }];
    }
    if let Some(topic) = &topic
        && !topic.people.is_empty()
    {
        let people: Vec<String> = topic
            .people
            .iter()
            .take(MOST_NAMED)
            .map(|person| format!("{} ({})", person.name, person.n_moments))
            .collect();
        draft.say(speaker.people(&people), &latest);
    }
    let shown: Vec<i64> = latest.iter().take(3).rev().copied().collect();
    question.show(&mut draft, &shown)?;
    Ok(draft)
}

/// The topics that share moments with this one, the strongest first.
fn related_topics(topic: &TopicDetail) -> Vec<AskRow> {
    let row = |other: &crate::api::topics::RelatedTopic| {
        // The reason says of how many moments it is: "12 moments together".
        let n = other.reason.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        AskRow {
            label: other.topic.name.clone(),
            n,
            n_of: Some(other.topic.n_moments),
            minutes: None,
            note: other.reason.clone(),
            moment_ids: Vec::new(),
        }
    };
    topic.related.iter().take(10).map(row).collect()
}

/// The tags that moments about something have beside it, the most frequent first.
fn shared_tags(subject: &str, moments: &[Seen]) -> Vec<AskRow> {
    let own = crate::text::tags::tag_key(subject);
    let mut counted: std::collections::BTreeMap<&str, Vec<i64>> = Default::default();
    for moment in moments {
        for tag in moment.tags.iter().filter(|tag| **tag != own) {
            counted.entry(tag).or_default().push(moment.id);
        }
    }
    let mut rows: Vec<AskRow> = counted
        .into_iter()
        .filter(|(_, ids)| ids.len() > 1)
        .map(|(tag, ids)| AskRow {
            label: format!("#{tag}"),
            n: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            n_of: None,
            minutes: None,
            note: String::new(),
            moment_ids: ids.into_iter().take(10).collect(),
        })
        .collect();
    rows.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
    rows.truncate(10);
    rows
}

/// A week, a month or a year as it was told and reckoned; a day is what happened on it.
fn review(question: &Question<'_>) -> Result<Draft> {
    let day = question.range.map_or(question.today, |range| range.from.unwrap_or(range.until));
    let n_days = question
        .range
        .map(|range| range.from.map_or(i64::MAX, |from| (range.until - from).num_days() + 1));
    let kind = match (question.understood.period, n_days) {
        (Some(kind), _) => kind,
        (None, Some(1)) | (None, None) if is_about_a_day(question) => {
            let range = Range { from: Some(day), until: day, hours: None };
            return happened(&Question {
                range: Some(question.range.unwrap_or(range)),
                ..*question
            });
        }
        (None, None) => PeriodKind::Week,
        (None, Some(n)) if n <= 7 => PeriodKind::Week,
        (None, Some(n)) if n <= 31 => PeriodKind::Month,
        (None, Some(_)) => PeriodKind::Year,
    };
    let view = periods::show_review(question.journal, kind, Some(&day.to_string()))?;
    let mut draft = question.draft();
    let from = view.starts_on.parse().ok();
    let until: NaiveDate = view.ends_on.parse().unwrap_or(day);
    draft.chosen = Some(Range { from, until: until.min(question.today), hours: None });
    tell_review(question, &mut draft, &view)?;
    Ok(draft)
}

fn is_about_a_day(question: &Question<'_>) -> bool {
    let folded = crate::text::words::fold(question.rest).into_owned();
    let says_day = ["day", "tag", "daily", "tages"]
        .iter()
        .any(|word| folded.split(|c: char| !c.is_alphanumeric()).any(|other| other == *word));
    says_day || question.range.is_some_and(|range| range.from == Some(range.until))
}

fn tell_review(question: &Question<'_>, draft: &mut Draft, view: &ReviewView) -> Result<()> {
    let speaker = question.speaker();
    draft.count(view.n_moments as usize);
    let cited: Vec<i64> = view.outcomes.iter().map(|outcome| outcome.moment_id).collect();
    if view.n_moments == 0 {
        let chosen =
            draft.chosen.unwrap_or(Range { from: None, until: question.today, hours: None });
        draft.say(speaker.nothing_in(&chosen), &[]);
        if view.n_days_waiting > 0 {
            draft.say(speaker.not_told(), &[]);
        }
        return Ok(());
    }
    if !view.summary.trim().is_empty() {
        draft.say(view.summary.trim().to_owned(), &cited);
    }
    let hours: Vec<AskRow> = view
        .hours
        .iter()
        .map(|kind| AskRow {
            label: speaker.kind(&kind.moment_type),
            n: kind.n_moments,
            n_of: None,
            minutes: Some(kind.minutes + kind.approximate_minutes),
            note: String::new(),
            moment_ids: Vec::new(),
        })
        .collect();
    let named: Vec<String> = hours
        .iter()
        .filter(|row| row.minutes.is_some_and(|minutes| minutes > 0))
        .take(MOST_NAMED)
        .map(|row| format!("{} ({})", row.label, speaker.length(row.minutes.unwrap_or_default())))
        .collect();
    if !named.is_empty() {
        draft.say(speaker.hours(&named), &[]);
    }
    let outcomes: Vec<AskRow> = view
        .outcomes
        .iter()
        .map(|outcome| AskRow {
            label: outcome.title.clone(),
            n: 1,
            n_of: None,
            minutes: None,
            note: outcome.outcome.clone(),
            moment_ids: vec![outcome.moment_id],
        })
        .collect();
    draft.reply.tables = [(Title::Hours, hours), (Title::Outcomes, outcomes)]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(title, rows)| AskTable { title: speaker.title(title), rows })
        .collect();
    Ok(())
}

/// Anything else: what has the words.
fn search(question: &Question<'_>) -> Result<Draft> {
    let mut draft = question.draft();
    let speaker = question.speaker();
    find(question, &mut draft, question.subject())?;
    let about = question.about()?;
    // What was found in writing leads to the moments that rest on it.
    let mut shown: Vec<i64> = ids(&about.moments);
    let beside: Vec<i64> = draft.reply.hits.iter().filter_map(|hit| hit.moment_id).collect();
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

/// Looks for words in what was written, by the journal's own search. Moments come by themselves.
fn find(question: &Question<'_>, draft: &mut Draft, subject: &str) -> Result<()> {
    let stems: Vec<&str> = crate::text::words::iter(subject)
        .filter(|word| super::intent::has_topic(word.text))
        .map(|word| word.text)
        .collect();
    if stems.is_empty() {
        return Ok(());
    }
    let day = |day: NaiveDate| day.to_string();
    let request = SearchRequest {
        query: stems.join(" "),
        scope: Scope::All,
        since: question.range.and_then(|range| range.from).map(day),
        until: question.range.map(|range| day(range.until)),
        limit: Some(20),
    };
    let found = crate::search::search(question.journal, &request)?;
    draft.reply.hits = found
        .hits
        .into_iter()
        .filter(|hit| hit.kind != crate::api::search::HitKind::Moment)
        .take(question.limit.min(8))
        .collect();
    Ok(())
}
