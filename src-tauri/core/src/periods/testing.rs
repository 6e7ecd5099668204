//! Moments for the tests of this room.

use crate::{api::moments::MomentCard, clock::Precision};

/// A moment of Monday, 12 October 2026, at no known time.
pub(super) fn card(id: i64, summary: &str) -> MomentCard {
    MomentCard {
        id,
        day: "2026-10-12".into(),
        starts_at: 1_791_763_200_000,
        ends_at: 1_791_763_200_000,
        offset_minutes: 0,
        precision: Precision::Day,
        moment_type: "other".into(),
        title: summary.split(' ').take(4).collect::<Vec<_>>().join(" "),
        summary: summary.into(),
        outcome: String::new(),
        tags: Vec::new(),
        people: Vec::new(),
        emotions: Vec::new(),
        valence: 0.0,
        arousal: 0.0,
        is_pinned: false,
        is_hidden: false,
        is_corrected: false,
        sources: Vec::new(),
    }
}
