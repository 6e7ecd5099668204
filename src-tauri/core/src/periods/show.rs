//! Days as the window and the command line show them.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Journal, Result,
    api::days::{DayMark, DayState, DayView},
    clock::parse_day,
    moments::{cards_of_day, n_hidden},
};

pub(crate) fn list_days(
    journal: &Journal,
    from: Option<&str>,
    until: Option<&str>,
) -> Result<Vec<DayMark>> {
    let from = from.map(parse_day).transpose()?.map_or_else(String::new, |day| day.to_string());
    let until = until
        .map(parse_day)
        .transpose()?
        .map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
    journal.store().read(|reader| {
        let waiting = waiting(reader)?;
        let mut dreamt: HashMap<String, (Option<f32>, Option<f32>, u32)> = HashMap::new();
        let mut find = reader.prepare(
            "SELECT p.starts_on, p.valence, p.arousal, p.n_moments FROM periods p
             WHERE p.kind = 'day' AND p.starts_on BETWEEN ?1 AND ?2",
        )?;
        let rows = find.query_map(params![from, until], |row| {
            Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?;
        for row in rows {
            let (day, told) = row?;
            dreamt.insert(day, told);
        }
        let mut find = reader.prepare(
            // A moment that was put on another day, or whose source is gone, is reached as well.
            "SELECT day, sum(n) FROM
               (SELECT day, count(*) AS n FROM chunks WHERE day BETWEEN ?1 AND ?2 GROUP BY day
                UNION ALL
                SELECT DISTINCT day, 0 FROM moments WHERE day BETWEEN ?1 AND ?2 AND is_hidden = 0)
             GROUP BY day ORDER BY day",
        )?;
        let marks = find.query_map(params![from, until], |row| {
            let day: String = row.get(0)?;
            let told = dreamt.get(&day);
            Ok(DayMark {
                state: state(true, told.is_some(), waiting.contains(&day)),
                valence: told.and_then(|told| told.0),
                arousal: told.and_then(|told| told.1),
                n_moments: told.map_or(0, |told| told.2),
                n_chunks: row.get(1)?,
                day,
            })
        })?;
        Ok(marks.collect::<rusqlite::Result<_>>()?)
    })
}

pub(crate) fn show_day(journal: &Journal, day: &str, with_hidden: bool) -> Result<DayView> {
    let date = parse_day(day)?;
    let day = date.to_string();
    let calendar = journal.calendar()?;
    let offset_minutes = calendar.offset_at(calendar.day_bounds(date).0 + 12 * 3_600_000);
    journal.store().read(|reader| {
        let told = reader
            .query_row(
                "SELECT summary, updated_at, mind, valence, arousal FROM periods
                 WHERE kind = 'day' AND starts_on = ?1",
                [&day],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, i64>(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, Option<f32>>(3)?,
                        row.get::<_, Option<f32>>(4)?,
                    ))
                },
            )
            .optional()?;
        let (n_notes, n_sessions, n_messages): (u32, u32, u32) = reader.query_row(
            "SELECT count(DISTINCT r.id) FILTER (WHERE r.kind = 'resource'),
                    count(DISTINCT r.session_id),
                    count(DISTINCT r.id) FILTER (WHERE r.kind = 'message')
             FROM chunks c JOIN records r ON r.id = c.record_id WHERE c.day = ?1",
            [&day],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let neighbour = |sql: &str| -> Result<Option<String>> {
            Ok(reader.query_row(sql, [&day], |row| row.get(0))?)
        };
        let is_waiting = waiting(reader)?.contains(&day);
        let has_writing = n_notes + n_messages > 0;
        Ok(DayView {
            state: state(has_writing, told.is_some(), is_waiting),
            summary: told.as_ref().map(|told| told.0.clone()),
            dreamt_at: told.as_ref().map(|told| told.1),
            mind: told.as_ref().map(|told| told.2.clone()),
            valence: told.as_ref().and_then(|told| told.3),
            arousal: told.as_ref().and_then(|told| told.4),
            offset_minutes,
            n_notes,
            n_sessions,
            n_messages,
            n_hidden: n_hidden(reader, &day)?,
            moments: cards_of_day(reader, &day, with_hidden)?,
            previous_day: neighbour(
                "SELECT max(day) FROM
                   (SELECT max(day) AS day FROM chunks WHERE day < ?1 UNION ALL
                    SELECT max(day) FROM moments WHERE day < ?1 AND is_hidden = 0)",
            )?,
            next_day: neighbour(
                "SELECT min(day) FROM
                   (SELECT min(day) AS day FROM chunks WHERE day > ?1 UNION ALL
                    SELECT min(day) FROM moments WHERE day > ?1 AND is_hidden = 0)",
            )?,
            day: day.clone(),
        })
    })
}

fn waiting(reader: &Connection) -> Result<HashSet<String>> {
    let mut find =
        reader.prepare_cached("SELECT key FROM jobs WHERE kind = 'dream' AND state = 'queued'")?;
    Ok(find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn state(has_writing: bool, is_dreamt: bool, is_waiting: bool) -> DayState {
    match (has_writing || is_dreamt, is_dreamt, is_waiting) {
        (false, _, _) => DayState::Empty,
        (true, false, _) => DayState::Waiting,
        (true, true, true) => DayState::Stale,
        (true, true, false) => DayState::Dreamt,
    }
}
