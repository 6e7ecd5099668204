//! How the journal is, in numbers.

use rusqlite::OptionalExtension;

use super::Journal;
use crate::{Result, api::status::Status, jobs::schedule, settings::ServerKind};

/// How the journal is, for [`crate::api::status`].
pub(crate) fn status(journal: &Journal) -> Result<Status> {
    let settings = journal.settings();
    let calendar = settings.calendar()?;
    let now = journal.clock().now_ms();
    let dream = journal.dream_state();
    journal.store().read(|reader| {
        let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, u32>(0));
        let of_kind = |kind: &str| {
            reader.query_row(
                "SELECT count(*) FROM records WHERE kind = ?1 AND deleted_at IS NULL",
                [kind],
                |row| row.get::<_, u32>(0),
            )
        };
        let (first_day, last_day) = reader.query_row(
            "SELECT min(day), max(day) FROM chunks WHERE day IS NOT NULL",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let last_dream_at = reader.query_row(
            "SELECT max(finished_at) FROM dreams WHERE state = 'done'
               AND is_whole = 1",
            [],
            |row| row.get(0),
        )?;
        let next_dream_at = if settings.is_paused {
            None
        } else {
            let (slots, _) = schedule::slots(reader)?;
            let slot = slots.get(&schedule::Name::Night).copied();
            let from = settings.schedule.paused_until.map_or(now, |until| until.max(now));
            schedule::next_at(&settings, schedule::Name::Night, slot, from, &calendar)?
        };
        Ok(Status {
            journal: journal.name().to_owned(),
            path: journal.path().to_string_lossy().into_owned(),
            size: std::fs::metadata(journal.path()).map_or(0, |file| file.len()),
            version: env!("CARGO_PKG_VERSION").into(),
            zone: settings.zone.clone(),
            today: calendar.day_of(now).to_string(),
            now,
            n_notes: of_kind("resource")?,
            n_sessions: of_kind("session")?,
            n_messages: of_kind("message")?,
            n_moments: count("SELECT count(*) FROM moments WHERE is_hidden = 0")?,
            n_sources: count("SELECT count(*) FROM sources WHERE kind <> 'capture'")?,
            n_days: count("SELECT count(DISTINCT day) FROM chunks WHERE day IS NOT NULL")?,
            n_days_waiting: count(
                "SELECT count(*) FROM jobs WHERE kind = 'dream' AND state = 'queued'",
            )?,
            n_days_provisional: if settings.mind.server == ServerKind::Off {
                0
            } else {
                count("SELECT count(*) FROM periods WHERE kind = 'day' AND is_provisional = 1")?
            },
            n_jobs: count("SELECT count(*) FROM jobs WHERE state = 'queued' AND kind <> 'dream'")?,
            n_jobs_dead: count("SELECT count(*) FROM jobs WHERE state = 'dead'")?,
            first_day,
            last_day,
            last_dream_at,
            next_dream_at,
            is_paused: settings.is_paused,
            mind: reader
                .query_row(
                    "SELECT mind FROM dreams WHERE is_whole = 1
                     ORDER BY id DESC LIMIT 1",
                    [],
                    |row| row.get(0),
                )
                .optional()?
                .unwrap_or_else(|| crate::mind::builtin::NAME.into()),
            dream,
        })
    })
}
