//! Moments as reflections read them: as they are shown, corrections laid over, hidden ones left out.

use std::{
    collections::BTreeMap,
    ops::Bound::{Included, Unbounded},
};

use rusqlite::Connection;

use crate::{
    Result,
    api::moments::EmotionWeight,
    clock::Precision,
    store::{Hash, json_list},
    text::tags::tag_key,
};

/// Valence from which on a moment is a good one, and below which, negated, a bad one: half of the way to
/// the mildest of the feelings that the analyser knows (`text/feelings.rs`).
pub(crate) const CLEAR: f64 = 0.25;

/// A moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lived {
    pub(crate) id: i64,
    pub(crate) day: String,
    /// Unix milliseconds.
    pub(crate) starts_at: i64,
    /// Minutes east of UTC.
    pub(crate) offset_minutes: i32,
    pub(crate) precision: Precision,
    pub(crate) moment_type: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) outcome: String,
    /// A language's code.
    pub(crate) language: String,
    /// In kebab-case, sorted, each once.
    pub(crate) tags: Vec<String>,
    pub(crate) people: Vec<String>,
    pub(crate) emotions: Vec<EmotionWeight>,
    /// -1 to 1.
    pub(crate) valence: f64,
    pub(crate) is_pinned: bool,
    /// Bytes of writing that it rests on.
    pub(crate) n_bytes: u32,
    /// 0 to 1; see `importance.rs`.
    pub(crate) importance: f64,
}

impl Lived {
    /// Whether anything was felt in it: only then its valence says anything.
    pub(crate) fn is_felt(&self) -> bool {
        !self.emotions.is_empty()
    }

    pub(crate) fn is_low(&self) -> bool {
        self.is_felt() && self.valence <= -CLEAR
    }

    pub(crate) fn is_good(&self) -> bool {
        self.is_felt() && self.valence >= CLEAR
    }

    /// Of all that is read of it.
    fn hash(&self) -> Hash {
        let precision = self.precision.as_str();
        let numbers = format!(
            "{} {} {} {precision} {} {} {}",
            self.id,
            self.starts_at,
            self.offset_minutes,
            self.valence,
            self.is_pinned,
            self.importance
        );
        let lists = [json_list(&self.tags), json_list(&self.people), json_list(&self.emotions)];
        Hash::of_fields(
            [&numbers, &self.moment_type, &self.title, &self.summary, &self.outcome]
                .into_iter()
                .chain([&self.language, &self.day])
                .chain(&lists)
                .map(String::as_bytes),
        )
    }
}

/// Every moment that is shown, in order of time, weighed.
pub(crate) fn all(reader: &Connection) -> Result<Vec<Lived>> {
    let mut sizes: BTreeMap<i64, u32> = BTreeMap::new();
    let mut find =
        reader.prepare("SELECT moment_id, sum(ends - starts) FROM evidence GROUP BY 1")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        sizes.insert(row.get(0)?, row.get(1)?);
    }
    let mut find = reader.prepare(
        "SELECT id, day, starts_at, offset_minutes, precision, moment_type, title, summary, outcome,
                language, tags, people, emotions, valence, is_pinned
         FROM moments WHERE is_hidden = 0 ORDER BY day, starts_at, id",
    )?;
    let found = find.query_map([], |row| {
        let id = row.get(0)?;
        let mut tags: Vec<String> = list::<String>(&row.get::<_, String>(10)?)
            .iter()
            .map(|tag| tag_key(tag))
            .filter(|tag| !tag.is_empty())
            .collect();
        tags.sort();
        tags.dedup();
        Ok(Lived {
            id,
            day: row.get(1)?,
            starts_at: row.get(2)?,
            offset_minutes: row.get(3)?,
            precision: row.get::<_, String>(4)?.parse().unwrap_or(Precision::Unknown),
            moment_type: row.get(5)?,
            title: row.get(6)?,
            summary: row.get(7)?,
            outcome: row.get(8)?,
            language: row.get(9)?,
            tags,
            people: list(&row.get::<_, String>(11)?),
            emotions: list(&row.get::<_, String>(12)?),
            valence: row.get(13)?,
            is_pinned: row.get(14)?,
            n_bytes: sizes.get(&id).copied().unwrap_or_default(),
            importance: 0.0,
        })
    })?;
    let mut all: Vec<Lived> = found.collect::<rusqlite::Result<_>>()?;
    super::importance::weigh(&mut all);
    Ok(all)
}

fn list<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The moments of each day, and a hash of all that is read of them.
pub(crate) struct Days<'a> {
    all: &'a [Lived],
    of_day: BTreeMap<&'a str, (std::ops::Range<usize>, Hash)>,
}

impl<'a> Days<'a> {
    /// `all` is in order of days.
    pub(crate) fn new(all: &'a [Lived]) -> Self {
        let mut of_day = BTreeMap::new();
        let mut at = 0;
        for moments in all.chunk_by(|a, b| a.day == b.day) {
            let hashes: Vec<Hash> = moments.iter().map(Lived::hash).collect();
            let hash = Hash::of_fields(hashes.iter().map(|hash| hash.0.as_slice()));
            of_day.insert(moments[0].day.as_str(), (at..at + moments.len(), hash));
            at += moments.len();
        }
        Self { all, of_day }
    }

    /// The newest day up to this one, if there is any.
    pub(crate) fn newest(&self, until: &str) -> Option<&'a str> {
        self.of_day.range::<str, _>((Unbounded, Included(until))).next_back().map(|(day, _)| *day)
    }

    /// Whether a day has moments.
    pub(crate) fn has(&self, day: &str) -> bool {
        self.of_day.contains_key(day)
    }

    /// The moments of these days, first and last included, in order of time.
    pub(crate) fn between(&self, from: &str, until: &str) -> &'a [Lived] {
        if from > until {
            return &[];
        }
        let mut days = self.of_day.range::<str, _>((Included(from), Included(until)));
        let Some((_, (first, _))) = days.next() else { return &[] };
        let end = days.next_back().map_or(first.end, |(_, (last, _))| last.end);
        &self.all[first.start..end]
    }

    /// Of all that is read of the moments of these days.
    pub(crate) fn hash(&self, from: &str, until: &str) -> Hash {
        if from > until {
            return Hash::of(&[]);
        }
        let days = self.of_day.range::<str, _>((Included(from), Included(until)));
        Hash::of_fields(days.map(|(_, (_, hash))| hash.0.as_slice()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A moment of no particular kind, at noon.
    pub(crate) fn moment(id: i64, day: &str) -> Lived {
        let date: chrono::NaiveDate = day.parse().expect("a day");
        let noon = date.and_hms_opt(12, 0, 0).expect("noon").and_utc().timestamp_millis();
        Lived {
            id,
            day: day.into(),
            starts_at: noon,
            offset_minutes: 0,
            precision: Precision::Exact,
            moment_type: "note".into(),
            title: format!("Moment {id}"),
            summary: String::new(),
            outcome: String::new(),
            language: "en".into(),
            tags: Vec::new(),
            people: Vec::new(),
            emotions: Vec::new(),
            valence: 0.0,
            is_pinned: false,
            n_bytes: 100,
            importance: 0.7,
        }
    }

    /// The same with tags, and a feeling of this valence.
    pub(crate) fn felt(id: i64, day: &str, tags: &[&str], valence: f64) -> Lived {
        let label = if valence < 0.0 { "sad" } else { "content" };
        Lived {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            emotions: vec![EmotionWeight { label: label.into(), weight: 0.6 }],
            valence,
            ..moment(id, day)
        }
    }

    #[test]
    fn days_are_found_with_their_moments() {
        let all = [moment(1, "2026-10-01"), moment(2, "2026-10-01"), moment(3, "2026-10-04")];
        let days = Days::new(&all);
        let ids = |from, until| -> Vec<i64> {
            days.between(from, until).iter().map(|moment| moment.id).collect()
        };
        assert_eq!(ids("2026-10-01", "2026-10-04"), [1, 2, 3]);
        assert_eq!(ids("2026-10-02", "2026-10-04"), [3]);
        assert_eq!(ids("2026-10-02", "2026-10-03"), [] as [i64; 0]);
        assert_eq!(ids("2026-10-05", "2026-10-01"), [] as [i64; 0]);
        assert_eq!(days.newest("2026-10-03"), Some("2026-10-01"));
        assert_eq!(days.newest("2026-09-30"), None);
    }

    #[test]
    fn whatever_is_read_of_a_day_is_in_its_hash() {
        let hash = |moment: Lived| Days::new(&[moment]).hash("2026-10-01", "2026-10-01");
        let plain = moment(1, "2026-10-01");
        let other = [
            Lived { title: "Another".into(), ..plain.clone() },
            Lived { outcome: "Done.".into(), ..plain.clone() },
            Lived { valence: 0.5, ..plain.clone() },
            Lived { tags: vec!["reed".into()], ..plain.clone() },
            Lived { importance: 0.6, ..plain.clone() },
            moment(2, "2026-10-01"),
        ];
        let same = hash(plain.clone());
        assert_eq!(same, hash(plain));
        for moment in other {
            assert_ne!(same, hash(moment.clone()), "{moment:?}");
        }
    }
}
