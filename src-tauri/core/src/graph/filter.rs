//! Which edges are looked at: of some types, of some days, and of at least some strength.

use std::collections::BTreeSet;

use super::{kinds, links::Link};
use crate::{Error, Result, api::graph::EdgeFilter, clock::parse_day};

/// Before and after every day.
const FIRST: &str = "";
const LAST: &str = "9999-12-31";

/// Which edges are looked at.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    types: Option<BTreeSet<&'static str>>,
    pub(super) since: String,
    pub(super) until: String,
    /// The least strength.
    least: f64,
}

impl Filter {
    /// # Errors
    /// A type, a day or the least weight is none.
    pub(crate) fn read(wanted: &EdgeFilter) -> Result<Self> {
        let day = |day: &Option<String>, default: &str| -> Result<String> {
            match day {
                Some(day) => Ok(parse_day(day)?.to_string()),
                None => Ok(default.to_owned()),
            }
        };
        let least = f64::from(wanted.min_weight);
        if !(0.0..=1.0).contains(&least) {
            return Err(Error::invalid("the least weight of an edge is a number from 0 to 1"));
        }
        Ok(Self {
            types: kinds::wanted(&wanted.edge_types)?,
            since: day(&wanted.since, FIRST)?,
            until: day(&wanted.until, LAST)?,
            least,
        })
    }

    pub(crate) fn wants(&self, rel_type: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(rel_type))
    }

    /// Whether only some days count.
    pub(super) fn has_days(&self) -> bool {
        self.since != FIRST || self.until != LAST
    }

    pub(super) fn is_strong(&self, link: &Link) -> bool {
        link.strength() >= self.least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_knows_its_days_and_its_least_weight() {
        let filter = |since: Option<&str>, min_weight| {
            let since = since.map(str::to_owned);
            Filter::read(&EdgeFilter { since, min_weight, ..EdgeFilter::default() })
        };
        assert!(!filter(None, 0.0).expect("a filter").has_days());
        assert!(filter(Some("2026-10-14"), 0.5).expect("a filter").has_days());
        assert!(filter(Some("yesterday"), 0.5).is_err() && filter(None, 1.5).is_err());
        assert!(filter(None, f32::NAN).is_err());
    }
}
