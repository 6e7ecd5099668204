//! The graph in a terminal: walks as trees, paths as chains, and lists.

use std::collections::BTreeMap;

use rem_core::api::graph::{
    EdgeType, GraphCommunity, GraphEdge, GraphNode, GraphPath, GraphPaths, GraphWalk, Neighbours,
    NodeKind,
};

use super::{dotted, glyph, heading};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{count, thousands},
    wrap,
};

/// What a node is, in a word.
fn word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Topic => "topic",
        NodeKind::Person => "person",
        NodeKind::Entity => "thing",
        NodeKind::Moment => "moment",
        NodeKind::Note => "note",
        NodeKind::Session => "conversation",
    }
}

fn facts(node: &GraphNode, present: Present) -> String {
    let moments = match node.kind {
        NodeKind::Moment => String::new(),
        _ if node.n_moments == 0 => String::new(),
        _ => count(node.n_moments, "moment"),
    };
    let day = node.day.as_deref().map_or(String::new(), |day| present.name(day));
    let day = match node.kind {
        NodeKind::Moment | NodeKind::Note | NodeKind::Session => day,
        _ if day.is_empty() => day,
        _ => format!("last {day}"),
    };
    dotted([word(node.kind), moments.as_str(), &day])
}

fn head(desk: &mut Desk<'_, '_>, node: &GraphNode, present: Present) -> Result {
    let key = Line::of(Ink::Quiet, &node.key);
    let name = glyph(node.valence).and(Ink::Plain, " ").and(Ink::Strong, &node.name);
    desk.line(&name.with_right(key, desk.width()))?;
    desk.text(&Line::of(Ink::Quiet, &facts(node, present)))
}

/// A node with the edge to it, indented by its place in a tree.
fn step(
    desk: &mut Desk<'_, '_>,
    node: &GraphNode,
    edge: Option<&GraphEdge>,
    indent: usize,
    (names, present): (&Names, Present),
) -> Result {
    let columns = desk.width();
    let name = Line::spaces(indent)
        .then(glyph(node.valence))
        .and(Ink::Plain, " ")
        .and(Ink::Plain, &node.name);
    desk.line(&name.with_right(Line::of(Ink::Quiet, &node.key), columns))?;
    let why = edge.map_or(String::new(), |edge| why(edge, &node.key, names));
    let told = dotted([why.as_str(), &facts(node, present)]);
    let margin = Line::spaces(indent + 2);
    desk.lines(&wrap::hang(&margin, &margin, &Line::of(Ink::Quiet, &told), columns))
}

/// "related_to 0.42: 12 moments together", as the edge is called from the end that is shown already.
fn why(edge: &GraphEdge, to: &str, names: &Names) -> String {
    let inverse = names.get(edge.rel_type.as_str()).filter(|_| edge.to != to);
    let name = inverse.unwrap_or(&edge.rel_type);
    let reason = if edge.reason.is_empty() { String::new() } else { format!(": {}", edge.reason) };
    format!("{name} {:.2}{reason}", edge.weight * edge.confidence)
}

/// What each type of edges is called from the other end.
type Names = BTreeMap<String, String>;

fn names(types: Vec<EdgeType>) -> Names {
    types.into_iter().map(|one| (one.name, one.inverse)).collect()
}

/// A walk as a tree: each node below the one that it was reached from.
pub(crate) fn walk(
    desk: &mut Desk<'_, '_>,
    walk: &GraphWalk,
    types: Vec<EdgeType>,
    present: Present,
) -> Result {
    let names = names(types);
    let Some(start) = walk.nodes.first() else { return Ok(()) };
    head(desk, &start.node, present)?;
    if walk.nodes.len() == 1 {
        return desk.confirm("Nothing is tied to it by such edges.");
    }
    let place: BTreeMap<&str, usize> =
        walk.nodes.iter().enumerate().map(|(at, w)| (w.node.key.as_str(), at)).collect();
    let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, walked) in walk.nodes.iter().enumerate() {
        let via = walked.via.and_then(|via| walk.edges.get(via as usize));
        let Some(edge) = via else { continue };
        let other = if edge.to == walked.node.key { &edge.from } else { &edge.to };
        if let Some(parent) = place.get(other.as_str()) {
            below.entry(*parent).or_default().push(at);
        }
    }
    for children in below.values_mut() {
        // What it is about before where it stands; within a kind as the walk has it.
        children.sort_by_key(|at| walk.nodes[*at].node.kind);
    }
    let mut open: Vec<usize> = below.get(&0).into_iter().flatten().rev().copied().collect();
    desk.blank()?;
    while let Some(at) = open.pop() {
        let walked = &walk.nodes[at];
        let edge = walked.via.and_then(|via| walk.edges.get(via as usize));
        let indent = 2 * (walked.depth.saturating_sub(1) as usize);
        step(desk, &walked.node, edge, indent.min(desk.width() / 3), (&names, present))?;
        open.extend(below.get(&at).into_iter().flatten().rev());
    }
    let n_seen = i64::try_from(walk.nodes.len() - 1).unwrap_or(i64::MAX);
    let mut said = format!("{} reached", count(n_seen, "node"));
    if walk.n_left_out > 0 {
        let left = count(walk.n_left_out, "weaker edge");
        said = format!("{said}; {left} not followed: --fan-out and --limit take more");
    }
    desk.blank()?;
    desk.text(&Line::of(Ink::Quiet, &format!("{said}.")))
}

/// Ways from one node to another.
pub(crate) fn paths(
    desk: &mut Desk<'_, '_>,
    found: &GraphPaths,
    types: Vec<EdgeType>,
    present: Present,
) -> Result {
    let names = names(types);
    if found.paths.is_empty() {
        let given_up = if found.is_cut {
            format!(" among the {} that were looked at", count(found.n_looked_at, "node"))
        } else {
            String::new()
        };
        return desk.confirm(&format!(
            "No way leads from “{}” to “{}”{given_up}.",
            found.from.name, found.to.name
        ));
    }
    for (n, path) in found.paths.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        one_path(desk, path, (&names, present))?;
    }
    if found.is_cut {
        let looked = count(found.n_looked_at, "node");
        desk.aside(&format!("after {looked} the search was given up: there may be cheaper ways"))?;
    }
    Ok(())
}

fn one_path(
    desk: &mut Desk<'_, '_>,
    path: &GraphPath,
    (names, present): (&Names, Present),
) -> Result {
    let n_steps = i64::try_from(path.edges.len()).unwrap_or(i64::MAX);
    let told = format!("{}, cost {:.2}", count(n_steps, "step"), path.cost);
    desk.line(&heading(&told))?;
    for (n, node) in path.nodes.iter().enumerate() {
        let edge = n.checked_sub(1).and_then(|before| path.edges.get(before));
        step(desk, node, edge, 2, (names, present))?;
    }
    Ok(())
}

/// What a node is tied to.
pub(crate) fn neighbours(
    desk: &mut Desk<'_, '_>,
    found: &Neighbours,
    types: Vec<EdgeType>,
    present: Present,
) -> Result {
    let names = names(types);
    head(desk, &found.node, present)?;
    if found.neighbours.is_empty() {
        return desk.confirm("Nothing is tied to it by such edges.");
    }
    let counts: Vec<String> = found
        .counts
        .iter()
        .map(|one| format!("{} {}", one.rel_type, count(one.n, word(one.kind))))
        .collect();
    desk.text(&Line::of(Ink::Quiet, &counts.join(", ")))?;
    let mut sorted: Vec<_> = found.neighbours.iter().collect();
    sorted.sort_by_key(|neighbour| neighbour.node.kind);
    for of_kind in sorted.chunk_by(|a, b| a.node.kind == b.node.kind) {
        desk.blank()?;
        let kind = of_kind.first().map_or("", |neighbour| word(neighbour.node.kind));
        desk.line(&heading(&plural(kind)))?;
        for neighbour in of_kind {
            step(desk, &neighbour.node, Some(&neighbour.edge), 2, (&names, present))?;
        }
    }
    if found.n_left_out > 0 {
        desk.blank()?;
        let left = format!("{} more: --limit takes more.", thousands(found.n_left_out));
        desk.text(&Line::of(Ink::Quiet, &left))?;
    }
    Ok(())
}

fn plural(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(char::to_uppercase);
    let name: String = first.into_iter().flatten().chain(letters).collect();
    if name == "Person" { "People".into() } else { format!("{name}s") }
}

/// Communities with how they hold together.
pub(crate) fn communities(desk: &mut Desk<'_, '_>, all: &[GraphCommunity]) -> Result {
    if all.is_empty() {
        return desk.confirm(
            "No communities yet: topics that share moments make them, with the next `rem dream`.",
        );
    }
    let columns = desk.width();
    for (n, community) in all.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        let level = if community.level == 2 { " (of communities)" } else { "" };
        let name = Line::of(Ink::Strong, &community.name).and(Ink::Quiet, level);
        let id = Line::of(Ink::Quiet, &community.id.to_string());
        desk.line(&name.with_right(id, columns))?;
        let held = format!("{:.0} % of their ties stay inside", community.strength * 100.0);
        let told = dotted([
            count(community.n_topics, "topic").as_str(),
            &count(community.n_moments, "moment"),
            &count(community.n_edges, "edge"),
            &held,
        ]);
        desk.indented(2, &Line::of(Ink::Quiet, &told))?;
        let members: Vec<String> = community
            .members
            .iter()
            .map(|member| format!("{} ({:.2})", member.node.name, member.strength))
            .collect();
        let left = i64::from(community.n_topics) - i64::try_from(members.len()).unwrap_or(0);
        let more = if left > 0 { format!(" and {left} more") } else { String::new() };
        desk.indented(2, &Line::plain(&format!("{}{more}", members.join(", "))))?;
    }
    Ok(())
}

/// What a name may mean.
pub(crate) fn meanings(
    desk: &mut Desk<'_, '_>,
    name: &str,
    found: &[GraphNode],
    present: Present,
) -> Result {
    if found.is_empty() {
        desk.aside(&format!("nothing is called {name}"))?;
    }
    for node in found {
        step(desk, node, None, 0, (&Names::new(), present))?;
    }
    Ok(())
}

/// The vocabulary of edges.
pub(crate) fn types(desk: &mut Desk<'_, '_>, types: &[EdgeType]) -> Result {
    for (n, one) in types.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        let inverse = if one.inverse == one.name {
            "either way".to_owned()
        } else {
            format!("the other way {}", one.inverse)
        };
        let name = Line::of(Ink::Strong, &one.name).and(Ink::Quiet, &format!(" · {inverse}"));
        desk.text(&name)?;
        desk.indented(2, &Line::plain(&format!("{}: {}", one.between, one.meaning)))?;
        let also = if one.aliases.is_empty() {
            String::new()
        } else {
            format!("also {}", one.aliases.join(", "))
        };
        let kept = if one.is_stored { "kept by dreams" } else { "follows from what is kept" };
        let weight = format!("weight: {}", one.weight);
        let told = dotted([weight.as_str(), kept, &also]);
        desk.indented(2, &Line::of(Ink::Quiet, &told))?;
    }
    Ok(())
}
