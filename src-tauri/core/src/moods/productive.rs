//! The longest stretches in which something was done well, by what was felt.

use rusqlite::params;

use super::felt::Window;
use crate::{
    Journal, Result,
    api::moods::{MoodRequest, ProductiveStretch, ProductiveStretches},
    clock::Precision,
    moments,
};

const LISTED: u32 = 10;
/// What is felt while something gets done: the journal has no feeling called "productive".
const FEELINGS: [&str; 4] = ["focused", "energetic", "determined", "proud"];

pub(crate) fn productive(journal: &Journal, request: &MoodRequest) -> Result<ProductiveStretches> {
    let window = Window::read(request, LISTED)?;
    let feelings: Vec<String> = match &window.emotion {
        Some(own) => vec![own.clone()],
        None => FEELINGS.map(str::to_owned).to_vec(),
    };
    journal.store().read(|reader| {
        let mut find = reader.prepare_cached(
            "SELECT m.id, m.ends_at - m.starts_at, m.precision FROM moments m
             WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0 AND m.emotions <> '[]'
               AND EXISTS (SELECT 1 FROM json_each(m.emotions) e
                           WHERE json_extract(e.value, '$.label') IN
                             (SELECT value FROM json_each(?3)))
             ORDER BY m.ends_at - m.starts_at DESC, m.day DESC, m.id DESC",
        )?;
        let named = crate::store::json_list(&feelings);
        let mut rows = find.query(params![window.since, window.until, named])?;
        let (mut found, mut n_productive, mut n_without_length) = (Vec::new(), 0, 0);
        while let Some(row) = rows.next()? {
            let (id, took): (i64, i64) = (row.get(0)?, row.get(1)?);
            let precision: String = row.get(2)?;
            let precision = precision.parse().unwrap_or(Precision::Unknown);
            if precision < Precision::Hour || took <= 0 {
                n_without_length += 1;
                continue;
            }
            n_productive += 1;
            if found.len() < window.limit {
                let minutes = u32::try_from((took + 30_000) / 60_000).unwrap_or(u32::MAX);
                found.push((id, minutes, precision < Precision::Exact));
            }
        }
        let mut stretches = Vec::new();
        for (id, minutes, is_approximate) in found {
            let card = moments::cards_of(reader, &[id])?.pop();
            stretches.extend(card.map(|moment| ProductiveStretch {
                moment,
                minutes,
                is_approximate,
            }));
        }
        Ok(ProductiveStretches { stretches, n_productive, n_without_length, feelings })
    })
}
