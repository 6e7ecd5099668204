//! `rem people`: whom the moments name, and one person's page.

use clap::{Args, ValueEnum};
use rem_core::api::{
    looking_back::{ListMomentsOf, MomentsOf, list_moments_of},
    people::{ListPeople, PeopleOrder, ShowPerson, list_people, show_person},
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem people                        who was met last
  rem people --order moments        who is met most
  rem people --find vos             who has this in their names
  rem people \"Hester Voss\"          since when, how often, with what, and how it felt
  rem people \"Hester Voss\" --all    with all moments";

/// Whom to show; lists people if nobody is named.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct People {
    /// Somebody, by their name or as person:7.
    name: Option<String>,
    /// Only those who have this in their names.
    #[arg(long, value_name = "TEXT", conflicts_with = "name")]
    find: Option<String>,
    /// In which order.
    #[arg(long, value_name = "ORDER", default_value = "recent")]
    order: Order,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 40)]
    limit: u32,
    /// Leave out so many of the first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    skip: u32,
    /// All moments with somebody.
    #[arg(long, requires = "name")]
    all: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    Recent,
    Moments,
    Name,
}

impl From<Order> for PeopleOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Recent => Self::Recent,
            Order::Moments => Self::Moments,
            Order::Name => Self::Name,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &People) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let Some(name) = &args.name else {
        let request = ListPeople {
            query: args.find.clone().unwrap_or_default(),
            order: args.order.into(),
            limit: args.limit,
            skip: args.skip,
        };
        let found = list_people(&journal, request)?;
        if desk.is_json() {
            return desk.json(&found);
        }
        page::person::list(desk, &found, args.skip, present)?;
        return Ok(Exit::Done);
    };
    let mut detail = show_person(&journal, ShowPerson { name: name.clone() })?;
    while args.all && detail.next.is_some() {
        let before = detail.next.take();
        let request =
            ListMomentsOf { of: MomentsOf::Person, id: detail.person.id, before, limit: 500 };
        let page = list_moments_of(&journal, request)?;
        detail.moments.extend(page.moments);
        detail.next = page.next;
    }
    if desk.is_json() {
        return desk.json(&detail);
    }
    page::person::write(desk, &detail, args.all, present)?;
    Ok(Exit::Done)
}
