//! How active the person is lately: by rule, from the days on which they wrote, whenever it is asked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, params};

use crate::{
    Result,
    api::profile::{Activity, Level},
    clock::parse_day,
    settings::ProfileSettings,
};

/// Calendar days that are looked at, back from the newest day with writing.
const DAYS: u32 = 30;

/// Counts the days on which the person wrote, back from the newest day with writing that is not in the
/// future: what was imported years later is told as it was then.
pub(crate) fn look(
    reader: &Connection,
    settings: &ProfileSettings,
    today: NaiveDate,
) -> Result<Activity> {
    let newest: Option<String> = reader
        .prepare_cached("SELECT max(day) FROM chunks WHERE day IS NOT NULL AND day <= ?1")?
        .query_row([today.to_string()], |row| row.get(0))?;
    let mut activity = unknown(settings);
    let Some(last) = newest else { return Ok(activity) };
    let first = parse_day(&last)?
        .checked_sub_days(Days::new(u64::from(DAYS - 1)))
        .map_or_else(|| last.clone(), |day| day.to_string());
    let mut find = reader.prepare_cached(
        "SELECT c.day, r.kind, r.role, r.session_id, count(DISTINCT r.id)
         FROM chunks c JOIN records r ON r.id = c.record_id
         WHERE c.day BETWEEN ?1 AND ?2 AND r.deleted_at IS NULL
         GROUP BY 1, 2, 3, 4",
    )?;
    let mut rows = find.query(params![first, last])?;
    let mut days: BTreeSet<String> = BTreeSet::new();
    let mut knows_owner: BTreeMap<i64, bool> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (kind, role): (String, String) = (row.get(1)?, row.get(2)?);
        let session: Option<i64> = row.get(3)?;
        let is_own = match (kind.as_str(), role.as_str(), session) {
            ("resource", ..) | (_, "user", _) => true,
            // Where nobody is known to be the owner, anybody may be.
            (_, "person", Some(id)) => match knows_owner.get(&id) {
                Some(knows) => !knows,
                None => {
                    let knows = has_owner(reader, id)?;
                    knows_owner.insert(id, knows);
                    !knows
                }
            },
            _ => false,
        };
        if is_own {
            days.insert(row.get(0)?);
            activity.n_records = activity.n_records.saturating_add(row.get::<_, u32>(4)?);
        }
    }
    activity.n_days = u32::try_from(days.len()).unwrap_or(u32::MAX);
    activity.counted = level(activity.n_days, settings);
    activity.level = activity.counted;
    (activity.first_day, activity.last_day) = (Some(first), Some(last));
    Ok(activity)
}

/// Of somebody who wrote nothing.
pub(super) fn unknown(settings: &ProfileSettings) -> Activity {
    Activity {
        level: Level::Inactive,
        counted: Level::Inactive,
        n_days: 0,
        of_days: DAYS,
        n_records: 0,
        first_day: None,
        last_day: None,
        active_days: settings.active_days,
        moderate_days: settings.moderate_days,
    }
}

fn has_owner(reader: &Connection, session_id: i64) -> Result<bool> {
    Ok(reader
        .prepare_cached("SELECT 1 FROM records WHERE session_id = ?1 AND role = 'user' LIMIT 1")?
        .exists([session_id])?)
}

/// What so many days with writing are called.
fn level(n_days: u32, settings: &ProfileSettings) -> Level {
    match n_days {
        n if n >= u32::from(settings.active_days) => Level::Active,
        n if n >= u32::from(settings.moderate_days) => Level::Moderate,
        _ => Level::Inactive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_belong_to_the_level_above() {
        let settings = ProfileSettings::default();
        let (active, moderate) =
            (u32::from(settings.active_days), u32::from(settings.moderate_days));
        for (n_days, wanted) in [
            (0, Level::Inactive),
            (moderate - 1, Level::Inactive),
            (moderate, Level::Moderate),
            (active - 1, Level::Moderate),
            (active, Level::Active),
            (DAYS, Level::Active),
        ] {
            assert_eq!(level(n_days, &settings), wanted, "{n_days} days");
        }
    }
}
