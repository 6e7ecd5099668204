//! Colours of communities and kinds, the same in every picture.

use std::collections::HashMap;

use crate::api::graph::{GraphPicture, NodeKind};

/// Of the largest communities: told apart by people who see fewer colours, too (Okabe and Ito 2008, made
/// calmer, and two more).
pub(super) const COMMUNITIES: [&str; 9] = [
    "#3b78ab", "#d08a1d", "#2f8f74", "#c2577f", "#8a6fb8", "#7a8f2a", "#b5533c", "#4a9fb5",
    "#8c6d46",
];
/// Of topics in none, or in a smaller one.
pub(super) const OTHER: &str = "#8b8a94";

/// The colour of a kind that has no communities.
pub(super) fn of_kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Topic | NodeKind::Entity => OTHER,
        NodeKind::Person => "#5b4a3f",
        NodeKind::Moment => "#c9b48a",
        NodeKind::Note => "#b9bec7",
        NodeKind::Session => "#9fb3a6",
    }
}

/// The colour of each community that has one.
pub(super) fn of_communities(picture: &GraphPicture) -> HashMap<i64, &'static str> {
    picture.communities.iter().map(|community| community.id).zip(COMMUNITIES).collect()
}

/// What a kind is called.
pub(super) fn called(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Topic => "topic",
        NodeKind::Person => "person",
        NodeKind::Entity => "thing",
        NodeKind::Moment => "moment",
        NodeKind::Note => "note",
        NodeKind::Session => "conversation",
    }
}
