//! What was felt with which topic.

use std::collections::{BTreeMap, HashMap};

use rusqlite::params;

use super::felt::{self, Felt, Tally, Window};
use crate::{
    Journal, Result,
    api::{
        moods::{MoodByTopic, MoodRequest, TopicMoods},
        topics::TopicRef,
    },
    topics,
};

const LISTED: u32 = 12;

pub(crate) fn by_topic(journal: &Journal, request: &MoodRequest) -> Result<MoodByTopic> {
    let window = Window::read(request, LISTED)?;
    journal.store().read(|reader| {
        let moments = felt::of_days(reader, &window)?;
        let mut all = Tally::default();
        moments.iter().for_each(|moment| all.add(moment));
        let by_id: HashMap<i64, &Felt> =
            moments.iter().map(|moment| (moment.id, moment)).collect();
        let mut find = reader.prepare_cached(
            "SELECT DISTINCT t.topic_id, m.id FROM moments m JOIN moment_tags l ON l.moment_id = m.id
                  JOIN topic_tags t ON t.id = l.tag_id
             WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0",
        )?;
        let mut of_topic: BTreeMap<i64, Tally> = BTreeMap::new();
        let mut rows = find.query(params![window.since, window.until])?;
        while let Some(row) = rows.next()? {
            if let Some(moment) = by_id.get(&row.get(1)?) {
                of_topic.entry(row.get(0)?).or_default().add(moment);
            }
        }
        let mut ranked: Vec<(TopicRef, Tally)> = Vec::new();
        let names = topics::names(reader)?;
        for (id, tally) in of_topic {
            let counts = window.emotion.as_ref().map_or(tally.n_felt, |label| tally.of(label));
            if let Some(name) = names.get(&id).filter(|_| counts > 0) {
                let name = name.clone();
                ranked.push((TopicRef { id, name, n_moments: tally.n_moments }, tally));
            }
        }
        let rank = |tally: &Tally| {
            (window.emotion.as_ref().map_or(0, |label| tally.of(label)), tally.n_felt)
        };
        ranked.sort_by(|a, b| rank(&b.1).cmp(&rank(&a.1)).then_with(|| a.0.name.cmp(&b.0.name)));
        let n_left_out = ranked.len().saturating_sub(window.limit);
        ranked.truncate(window.limit);
        let rows = ranked.into_iter().map(|(topic, tally)| TopicMoods {
            topic,
            n_moments: tally.n_moments,
            n_felt: tally.n_felt,
            valence: tally.valence(),
            emotions: tally.emotions(),
        });
        Ok(MoodByTopic {
            n_moments: all.n_moments,
            n_felt: all.n_felt,
            emotions: all.emotions(),
            topics: rows.collect(),
            n_left_out: u32::try_from(n_left_out).unwrap_or(u32::MAX),
        })
    })
}
