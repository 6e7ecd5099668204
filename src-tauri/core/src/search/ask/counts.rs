//! Counts what goes with what: productive work and feelings by topic, activity and time. Every number comes with
//! the number it is of.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Timelike, Weekday};

use super::{
    gather::Seen,
    say::{Speaker, Title},
};
use crate::{
    api::ask::{AskRow, AskTable},
    insights::chance,
};

/// Types of moments that are work.
const WORK: &[&str] = &[
    "work_session",
    "debugging",
    "planning",
    "learning",
    "writing",
    "creative",
    "meeting",
    "collaboration",
];
/// Feelings of somebody who gets on.
const GETTING_ON: &[&str] = &["focused", "determined", "energetic", "proud"];
/// Tags by which somebody says it themselves.
const SAYING_SO: &[&str] = &["productive", "focused", "focus", "flow", "produktiv", "konzentriert"];
/// Valence from which on a mood is low, negated: that of a clear one (`insights/lived.rs`).
const LOW: f32 = -0.25;
/// Cases below which nothing is told in general.
pub(super) const FEWEST: usize = 5;
/// Cases below which a part of the day or an activity is not set against others.
const FEWEST_OF_ROW: u32 = 2;
/// Cases from which on something may stand out.
const FEWEST_TO_STAND_OUT: u32 = 3;
/// Rows of a table.
const MOST_ROWS: usize = 10;
/// Moments that a row names.
const MOST_IDS: usize = 10;

/// Whether a moment is work: by its type, or because somebody says that they were productive in it.
pub(super) fn is_work(moment: &Seen) -> bool {
    WORK.contains(&moment.moment_type.as_str()) || says_so(moment)
}

/// Whether a moment of work was productive: its tags say so, or it was felt to be (focused, determined,
/// energetic, proud), or something came of it and the mood was not low. Sitting long at it is not enough.
pub(super) fn is_productive(moment: &Seen) -> bool {
    let felt = moment.emotions.iter().any(|felt| GETTING_ON.contains(&felt.label.as_str()));
    let is_low = moment.is_felt() && moment.valence <= LOW;
    is_work(moment) && (says_so(moment) || felt || moment.has_outcome && !is_low)
}

fn says_so(moment: &Seen) -> bool {
    moment.tags.iter().any(|tag| SAYING_SO.contains(&tag.as_str()))
}

/// Cases, and those among them that are marked.
#[derive(Debug, Clone, Default)]
struct Cases {
    n_of: u32,
    n: u32,
    minutes: u32,
    ids: Vec<i64>,
    feelings: BTreeMap<String, u32>,
}

impl Cases {
    fn add(&mut self, moment: &Seen, is_marked: bool) {
        self.n_of += 1;
        if is_marked {
            self.n += 1;
            self.minutes += moment.minutes().unwrap_or_default();
            self.ids.push(moment.id);
        }
        for felt in &moment.emotions {
            *self.feelings.entry(felt.label.clone()).or_default() += 1;
        }
    }

    fn row(&self, label: String, with_minutes: bool) -> AskRow {
        AskRow {
            label,
            n: self.n,
            n_of: Some(self.n_of),
            minutes: with_minutes.then_some(self.minutes),
            note: String::new(),
            moment_ids: self.ids.iter().rev().take(MOST_IDS).copied().collect(),
        }
    }
}

/// Cases by something.
#[derive(Debug, Default)]
struct By<K: Ord>(BTreeMap<K, Cases>);

impl<K: Ord + Clone> By<K> {
    fn add(&mut self, key: K, moment: &Seen, is_marked: bool) {
        self.0.entry(key).or_default().add(moment, is_marked);
    }

    /// The keys with enough cases, that first of which one may count on the greatest share: three of four are
    /// more than one of one.
    fn ranked(&self) -> Vec<(&K, &Cases)> {
        let mut all: Vec<(&K, &Cases)> =
            self.0.iter().filter(|(_, cases)| cases.n_of >= FEWEST_OF_ROW).collect();
        all.sort_by(|a, b| {
            let sure = |cases: &Cases| chance::share(cases.n, cases.n_of);
            sure(b.1).total_cmp(&sure(a.1)).then(b.1.n.cmp(&a.1.n)).then(a.0.cmp(b.0))
        });
        all
    }
}

fn part_of(moment: &Seen) -> Option<u8> {
    let (from, _) = moment.local().filter(|_| moment.is_timed())?;
    u8::try_from(from.hour() / 6).ok()
}

fn weekday_of(moment: &Seen) -> Option<Weekday> {
    moment.day.parse::<NaiveDate>().ok().map(|day| day.weekday())
}

/// What was counted of productive work.
#[derive(Debug, Default)]
pub(super) struct Productive {
    pub(super) n_work: usize,
    pub(super) n_productive: usize,
    parts: By<u8>,
    weekdays: By<u32>,
    activities: By<(u8, String)>,
    longest: Vec<Seen>,
}

impl Productive {
    pub(super) fn add(&mut self, moment: Seen) {
        if !is_work(&moment) {
            return;
        }
        let is_productive = is_productive(&moment);
        self.n_work += 1;
        self.n_productive += usize::from(is_productive);
        if let Some(part) = part_of(&moment) {
            self.parts.add(part, &moment, is_productive);
            self.activities.add((part, moment.moment_type.clone()), &moment, is_productive);
        }
        if let Some(weekday) = weekday_of(&moment) {
            self.weekdays.add(weekday.num_days_from_monday(), &moment, is_productive);
        }
        if is_productive && moment.minutes().is_some() {
            // No more than are shown are ever kept.
            let at = self.longest.partition_point(|other| other.minutes() >= moment.minutes());
            self.longest.insert(at, moment);
            self.longest.truncate(MOST_ROWS);
        }
    }

    /// The productive moments whose length is known, the longest first.
    pub(super) fn longest(&self) -> &[Seen] {
        &self.longest
    }

    /// What stands out: a part of the day, a weekday, an activity at a part of the day. Each with its cases.
    pub(super) fn stands_out(&self, speaker: Speaker, is_least: bool) -> Vec<AskRow> {
        let voice = speaker.voice();
        let mut found = Vec::new();
        let pick = |rows: Vec<AskRow>| standing_out(&rows, is_least);
        let parts = self.parts.ranked();
        let rows = parts.iter().map(|(part, cases)| cases.row(voice.hour(**part).into(), true));
        found.extend(pick(rows.collect()));
        let weekdays = self.weekdays.ranked();
        let rows = weekdays.iter().map(|(day, cases)| cases.row(weekday(speaker, **day), true));
        found.extend(pick(rows.collect()));
        let activities = self.activities.ranked();
        let rows = activities.iter().map(|(key, cases)| cases.row(activity(speaker, key), true));
        found.extend(pick(rows.collect()));
        found
    }

    pub(super) fn tables(&self, speaker: Speaker) -> Vec<AskTable> {
        let voice = speaker.voice();
        let longest = self.longest.iter().map(|moment| AskRow {
            label: moment.title.clone(),
            n: 1,
            n_of: None,
            minutes: moment.minutes(),
            note: speaker.when(moment),
            moment_ids: vec![moment.id],
        });
        let parts = self.parts.ranked();
        let weekdays = self.weekdays.ranked();
        let activities = self.activities.ranked();
        non_empty(
            [
                (Title::Longest, longest.collect::<Vec<_>>()),
                (
                    Title::Parts,
                    parts.iter().map(|(part, c)| c.row(voice.hour(**part).into(), true)).collect(),
                ),
                (
                    Title::Weekdays,
                    weekdays.iter().map(|(day, c)| c.row(weekday(speaker, **day), true)).collect(),
                ),
                (
                    Title::Activities,
                    activities.iter().map(|(key, c)| c.row(activity(speaker, key), true)).collect(),
                ),
            ],
            speaker,
        )
    }
}

/// The row that stands out: the first with enough cases, or the one with the least share.
fn standing_out(rows: &[AskRow], is_least: bool) -> Option<AskRow> {
    let mut rows = rows.iter().filter(|row| row.n_of.is_some_and(|n| n >= FEWEST_TO_STAND_OUT));
    if !is_least {
        return rows.find(|row| row.n > 0).cloned();
    }
    let share = |row: &AskRow| f64::from(row.n) / f64::from(row.n_of.unwrap_or(1).max(1));
    rows.min_by(|a, b| share(a).total_cmp(&share(b)).then(b.n_of.cmp(&a.n_of))).cloned()
}

fn weekday(speaker: Speaker, from_monday: u32) -> String {
    let day = u8::try_from(from_monday).ok().and_then(|n| Weekday::try_from(n).ok());
    speaker.voice().weekday(day.unwrap_or(Weekday::Mon)).into()
}

/// "Mornings · work session".
fn activity(speaker: Speaker, (part, kind): &(u8, String)) -> String {
    format!("{} · {}", speaker.voice().hour(*part), speaker.kind(kind))
}

fn non_empty(
    tables: impl IntoIterator<Item = (Title, Vec<AskRow>)>,
    speaker: Speaker,
) -> Vec<AskTable> {
    tables
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(title, mut rows)| {
            rows.truncate(MOST_ROWS);
            AskTable { title: speaker.title(title), rows }
        })
        .collect()
}

/// What was counted of one feeling, or of all.
#[derive(Debug, Default)]
pub(super) struct Moods {
    label: Option<&'static str>,
    pub(super) n: usize,
    pub(super) n_felt: usize,
    /// Moments with the feeling.
    pub(super) n_with: u32,
    sum: f64,
    feelings: BTreeMap<String, u32>,
    tags: By<String>,
    parts: By<u8>,
    kinds: By<String>,
    activities: By<(u8, String)>,
    /// Moments in which something was felt, or the feeling that is asked about; the latest last.
    pub(super) ids: Vec<i64>,
}

impl Moods {
    /// Of one feeling; without a label of all.
    pub(super) fn of(label: Option<&'static str>) -> Self {
        Self { label, ..Self::default() }
    }

    pub(super) fn add(&mut self, moment: &Seen) {
        self.n += 1;
        if !moment.is_felt() {
            return;
        }
        self.n_felt += 1;
        self.sum += f64::from(moment.valence);
        let is_marked = self.label.is_none_or(|label| moment.feels(label));
        self.n_with += u32::from(is_marked);
        if is_marked {
            self.ids.push(moment.id);
        }
        for felt in &moment.emotions {
            *self.feelings.entry(felt.label.clone()).or_default() += 1;
        }
        for tag in &moment.tags {
            self.tags.add(tag.clone(), moment, is_marked);
        }
        self.kinds.add(moment.moment_type.clone(), moment, is_marked);
        if let Some(part) = part_of(moment) {
            self.parts.add(part, moment, is_marked);
            self.activities.add((part, moment.moment_type.clone()), moment, is_marked);
        }
    }

    /// Mean valence of what was felt.
    pub(super) fn valence(&self) -> Option<f32> {
        (self.n_felt > 0).then(|| (self.sum / self.n_felt as f64) as f32)
    }

    /// What was felt most often.
    pub(super) fn feelings(&self, most: usize) -> Vec<(String, u32)> {
        let mut all: Vec<(String, u32)> =
            self.feelings.iter().map(|(label, n)| (label.clone(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.truncate(most);
        all
    }

    /// With what the feeling goes most often, or least: a topic, an activity, a part of the day, an activity at
    /// a part of the day.
    pub(super) fn stands_out(&self, speaker: Speaker, is_least: bool) -> Vec<AskRow> {
        let tables = self.tables(speaker);
        let of = |table: &AskTable| standing_out(&table.rows, is_least);
        tables.iter().filter_map(of).collect()
    }

    /// By topic (by the number of its cases, as it is asked which topics it comes with), then by share: activity,
    /// part of the day, both. Without a feeling each topic with what was felt there.
    pub(super) fn tables(&self, speaker: Speaker) -> Vec<AskTable> {
        let voice = speaker.voice();
        let mut tags: Vec<(&String, &Cases)> = self
            .tags
            .0
            .iter()
            .filter(|(_, cases)| cases.n > 0 && cases.n_of >= FEWEST_OF_ROW)
            .collect();
        tags.sort_by(|a, b| b.1.n.cmp(&a.1.n).then(a.1.n_of.cmp(&b.1.n_of)).then(a.0.cmp(b.0)));
        let topics = tags.iter().take(MOST_ROWS).map(|(tag, cases)| {
            let row = cases.row(format!("#{tag}"), false);
            if self.label.is_some() {
                return row;
            }
            let mut felt: Vec<(&String, &u32)> = cases.feelings.iter().collect();
            felt.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let felt: Vec<String> = felt
                .iter()
                .take(4)
                .map(|(label, n)| format!("{} {n}", speaker.feeling(label)))
                .collect();
            AskRow { n_of: None, note: felt.join(", "), ..row }
        });
        let topics = (Title::Tags, topics.collect());
        if self.label.is_none() {
            return non_empty([topics], speaker);
        }
        let kinds = self.kinds.ranked();
        let parts = self.parts.ranked();
        let activities = self.activities.ranked();
        non_empty(
            [
                topics,
                (
                    Title::Kinds,
                    kinds.iter().map(|(kind, c)| c.row(speaker.kind(kind), false)).collect(),
                ),
                (
                    Title::Parts,
                    parts.iter().map(|(part, c)| c.row(voice.hour(**part).into(), false)).collect(),
                ),
                (
                    Title::Activities,
                    activities
                        .iter()
                        .map(|(key, c)| c.row(activity(speaker, key), false))
                        .collect(),
                ),
            ],
            speaker,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::moments::EmotionWeight, clock::Precision};

    const SPEAKER: Speaker = Speaker { is_german: false };

    /// On the day of October, from an hour, so many minutes long. UTC.
    fn moment(id: i64, day: u32, hour: i64, minutes: i64) -> Seen {
        let midnight = 1_790_812_800_000 + i64::from(day - 1) * 86_400_000;
        let starts_at = midnight + hour * 3_600_000;
        Seen {
            id,
            day: format!("2026-10-{day:02}"),
            starts_at,
            ends_at: starts_at + minutes * 60_000,
            offset_minutes: 0,
            precision: Precision::Exact,
            moment_type: "work_session".into(),
            title: format!("Moment {id}"),
            tags: Vec::new(),
            emotions: Vec::new(),
            valence: 0.0,
            has_outcome: false,
        }
    }

    fn felt(moment: Seen, label: &str, valence: f32) -> Seen {
        let emotions = vec![EmotionWeight { label: label.into(), weight: 0.8 }];
        Seen { emotions, valence, ..moment }
    }

    #[test]
    fn work_is_productive_by_its_outcome_its_feeling_or_its_tag() {
        let work = moment(1, 12, 9, 60);
        assert!(!is_productive(&work), "hours alone are not");
        let ended = Seen { has_outcome: true, ..work.clone() };
        assert!(is_productive(&ended));
        assert!(!is_productive(&felt(ended.clone(), "ashamed", -0.6)), "it ended badly");
        assert!(is_productive(&felt(work.clone(), "focused", 0.4)));
        let meal = Seen { moment_type: "meal".into(), has_outcome: true, ..work.clone() };
        assert!(!is_productive(&meal), "no work");
        assert!(is_productive(&Seen { tags: vec!["productive".into()], ..meal }));
    }

    #[test]
    fn the_part_of_the_day_with_the_greatest_share_is_the_most_productive() {
        let mut productive = Productive::default();
        for (id, hour, has_outcome) in [
            (1, 8, true),
            (2, 9, true),
            (3, 10, true),
            (4, 14, true),
            (6, 15, false),
            (7, 16, false),
        ] {
            productive.add(Seen { has_outcome, ..moment(id, 12, hour, 30) });
        }
        productive.add(Seen { has_outcome: true, ..moment(5, 13, 20, 600) });
        let best = productive.stands_out(SPEAKER, false);
        assert_eq!((best[0].label.as_str(), best[0].n, best[0].n_of), ("Mornings", 3, Some(3)));
        assert_eq!(best[0].minutes, Some(90));
        let worst = productive.stands_out(SPEAKER, true);
        assert_eq!(
            (worst[0].label.as_str(), worst[0].n, worst[0].n_of),
            ("Afternoons", 1, Some(3))
        );
        assert_eq!(productive.longest()[0].id, 5, "one evening is no pattern, but the longest");
    }

    #[test]
    fn no_more_than_ten_productive_moments_are_kept_the_longest_first() {
        let mut productive = Productive::default();
        for id in 0..40 {
            productive.add(Seen { has_outcome: true, ..moment(id, 12, 8, (id * 7) % 40 + 1) });
        }
        let lengths: Vec<_> = productive.longest().iter().map(Seen::minutes).collect();
        assert_eq!(lengths.len(), 10);
        assert!(lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
        assert_eq!(lengths[0], Some(40));
    }

    #[test]
    fn a_feeling_is_counted_by_topic_among_all_that_was_felt_there() {
        let mut moods = Moods::of(Some("frustrated"));
        for id in 0..6 {
            let label = if id < 4 { "frustrated" } else { "calm" };
            let tagged = Seen { tags: vec!["roof".into()], ..moment(id, 12, 9, 30) };
            moods.add(&felt(tagged, label, -0.2));
        }
        moods.add(&Seen { tags: vec!["roof".into()], ..moment(9, 12, 9, 30) });
        assert_eq!((moods.n, moods.n_felt, moods.n_with), (7, 6, 4));
        let table = &moods.tables(SPEAKER)[0];
        assert_eq!((table.rows[0].label.as_str(), table.rows[0].n), ("#roof", 4));
        assert_eq!(table.rows[0].n_of, Some(6), "one moment says nothing of what was felt");
    }

    #[test]
    fn without_a_feeling_each_topic_tells_what_was_felt() {
        let mut moods = Moods::of(None);
        let tagged = |id| Seen { tags: vec!["lake".into()], ..moment(id, 12, 9, 30) };
        moods.add(&felt(tagged(1), "calm", 0.6));
        moods.add(&felt(tagged(2), "calm", 0.6));
        moods.add(&felt(tagged(3), "tired", -0.3));
        let tables = moods.tables(SPEAKER);
        assert_eq!(tables[0].rows[0].note, "calm 2, tired 1");
        assert_eq!(moods.feelings(1), [("calm".to_owned(), 2)]);
    }
}
