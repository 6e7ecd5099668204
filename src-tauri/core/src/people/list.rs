//! Whom the moments name, with how often and since when.

use rusqlite::{Connection, Row};

use crate::{
    Journal, Result,
    api::people::{ListPeople, PeopleList, PeopleOrder, PersonCard},
    entities,
    text::words::fold,
};

/// People of a list where nobody says how many.
const LISTED: u32 = 100;

/// Everybody with a moment that is shown, but the journal's owner. `{which}` picks some of them.
const PEOPLE: &str = "SELECT e.id, e.name, count(*), count(DISTINCT m.day), min(m.day), max(m.day),
      count(CASE WHEN m.emotions <> '[]' THEN 1 END),
      avg(CASE WHEN m.emotions <> '[]' THEN m.valence END), e.key
    FROM entities e
      JOIN edges x ON x.to_kind = 'entity' AND x.to_id = e.id AND x.from_kind = 'moment'
        AND x.rel_type = 'involves'
      JOIN moments m ON m.id = x.from_id AND m.is_hidden = 0
    WHERE e.kind = 'person' AND {which} GROUP BY e.id";

/// Somebody, and their folded name.
fn card(row: &Row<'_>) -> rusqlite::Result<(PersonCard, String)> {
    let id: i64 = row.get(0)?;
    let card = PersonCard {
        id,
        key: format!("person:{id}"),
        name: row.get(1)?,
        n_moments: row.get(2)?,
        n_days: row.get(3)?,
        first_day: row.get(4)?,
        last_day: row.get(5)?,
        n_felt: row.get(6)?,
        valence: row.get(7)?,
    };
    Ok((card, row.get(8)?))
}

pub(crate) fn list(journal: &Journal, request: &ListPeople) -> Result<PeopleList> {
    journal.store().read(|reader| {
        let owner = entities::own(reader)?;
        let wanted = fold(request.query.trim()).into_owned();
        let mut find = reader.prepare_cached(&PEOPLE.replace("{which}", "1"))?;
        let mut rows = find.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            let (person, key) = card(row)?;
            let is_wanted = key.contains(&wanted) || fold(&person.name).contains(&wanted);
            if Some(person.id) != owner && is_wanted {
                people.push(person);
            }
        }
        people.sort_by(|a, b| {
            let by = match request.order {
                PeopleOrder::Recent => {
                    b.last_day.cmp(&a.last_day).then(b.n_moments.cmp(&a.n_moments))
                }
                PeopleOrder::Moments => b.n_moments.cmp(&a.n_moments),
                PeopleOrder::Name => std::cmp::Ordering::Equal,
            };
            by.then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id))
        });
        let n_total = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let limit = if request.limit == 0 { LISTED } else { request.limit };
        let people = people.into_iter().skip(request.skip as usize).take(limit as usize).collect();
        Ok(PeopleList { people, n_total })
    })
}

/// One of them.
pub(super) fn one(reader: &Connection, id: i64) -> Result<Option<PersonCard>> {
    let mut find = reader.prepare_cached(&PEOPLE.replace("{which}", "e.id = ?1"))?;
    let found = find.query_map([id], card)?.next().transpose()?;
    Ok(found.map(|(person, _)| person))
}
