//! Answers made of numbers: productive work, feelings, what goes together, weeks and months. No model tells them.

use chrono::NaiveDate;

use super::{
    answer::{Draft, MOST_CITED, Question, beside, happened, ids},
    counts::{self, Moods, Productive},
    gather::{self, Range, Seen},
    say::Title,
};
use crate::{
    Result,
    api::{
        ask::{AskRow, AskTable},
        periods::{PeriodKind, ReviewView},
        topics::TopicDetail,
    },
    periods, topics,
};

/// Days that a question looks back which tells none.
const DAYS_COUNTED: u64 = 90;
/// Feelings, people, other topics that a sentence names.
const MOST_NAMED: usize = 5;

pub(super) fn productive(question: &Question<'_>) -> Result<Draft> {
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

pub(super) fn mood(question: &Question<'_>) -> Result<Draft> {
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

pub(super) fn felt(question: &Question<'_>) -> Result<Draft> {
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

pub(super) fn related(question: &Question<'_>) -> Result<Draft> {
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
pub(super) fn review(question: &Question<'_>) -> Result<Draft> {
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
