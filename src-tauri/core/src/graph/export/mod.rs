//! A picture of the graph as the text of a file.

mod dot;
mod graphml;
mod paint;
mod svg;

use crate::{
    Error, Result,
    api::graph::{GraphFormat, GraphPicture},
};

/// Writes it.
///
/// # Errors
/// The text cannot be made, which no picture should bring about.
pub(crate) fn write(picture: &GraphPicture, format: GraphFormat) -> Result<String> {
    match format {
        GraphFormat::Dot => Ok(dot::write(picture)),
        GraphFormat::Graphml => graphml::write(picture).map_err(|error| failed(&error)),
        GraphFormat::Svg => svg::write(picture).map_err(|error| failed(&error)),
        GraphFormat::Json => {
            let text = serde_json::to_string_pretty(picture).map_err(|error| failed(&error))?;
            Ok(text + "\n")
        }
    }
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("the graph cannot be written: {error}"))
}

/// The text without what no file of text should hold: control characters, marks that turn the reading order
/// around, and what XML forbids.
fn clean(text: &str) -> String {
    let is_kept = |c: &char| {
        let is_reordering = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        !c.is_control()
            && !is_reordering
            && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
    };
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(is_kept).collect()
}

/// The text cut to so many characters, with an ellipsis where something is left out.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod testing {
    //! A small picture with names that no format likes.

    use crate::api::graph::{
        DrawnCommunity, DrawnNode, GraphEdge, GraphNode, GraphPicture, NodeKind,
    };

    pub(super) const EVIL: &str = "\"]; evil -> node [label=\"x\\N\\\" </text><script>a&b;</script> ]]> \u{1b}[2J\u{0}\u{202e}日本 é";

    pub(super) fn node(kind: NodeKind, id: i64, name: &str, community: Option<i64>) -> DrawnNode {
        let word = crate::graph::node::word(kind);
        DrawnNode {
            node: GraphNode {
                key: format!("{word}:{id}"),
                kind,
                id,
                name: name.into(),
                day: Some("2026-10-14".into()),
                n_moments: 3,
                importance: 0.5,
                valence: Some(-0.25),
                community_id: community,
            },
            x: 30.0 * id as f32,
            y: -20.0 * id as f32,
        }
    }

    pub(super) fn edge(from: &str, to: &str, rel_type: &str) -> GraphEdge {
        GraphEdge {
            from: from.into(),
            to: to.into(),
            rel_type: rel_type.into(),
            weight: 0.5,
            confidence: 1.0,
            reason: EVIL.into(),
            n_moments: 2,
            moments: vec![1, 2],
        }
    }

    pub(super) fn picture() -> GraphPicture {
        GraphPicture {
            nodes: vec![
                node(NodeKind::Topic, 1, EVIL, Some(4)),
                node(NodeKind::Topic, 2, "harmonium", Some(4)),
                node(NodeKind::Person, 3, "Hester Voss", None),
                node(NodeKind::Note, 4, "", None),
            ],
            edges: vec![
                edge("topic:1", "topic:2", "related_to"),
                edge("person:3", "topic:2", "together_with"),
                edge("topic:2", "note:4", "no & known \"type\""),
            ],
            communities: vec![DrawnCommunity { id: 4, name: EVIL.into(), n_nodes: 2 }],
            n_nodes_left_out: 5,
            n_edges_left_out: 0,
        }
    }
}
