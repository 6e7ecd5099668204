//! The language of Graphviz (<https://graphviz.org/doc/info/lang.html>). All that comes from the journal
//! stands in quoted strings; the names of nodes are made of kind and number.

use std::fmt::Write as _;

use super::{clean, cut, paint};
use crate::{
    api::graph::{GraphPicture, NodeKind},
    graph::kinds,
};

/// Characters of a label.
const LONGEST: usize = 48;

pub(super) fn write(picture: &GraphPicture) -> String {
    let colors = paint::of_communities(picture);
    let mut text = String::from(
        "digraph rem {\n  graph [charset=\"UTF-8\", layout=sfdp, overlap=prism, splines=line, \
         outputorder=edgesfirst, bgcolor=\"#fbf8f1\"];\n  node [fontname=\"serif\", fontsize=11, \
         style=filled, fontcolor=\"#2a2620\", penwidth=0];\n  edge [color=\"#00000040\", \
         fontname=\"serif\", fontsize=8, arrowsize=0.5];\n",
    );
    for drawn in &picture.nodes {
        let node = &drawn.node;
        let color = node.community_id.and_then(|id| colors.get(&id).copied());
        let _ = writeln!(
            text,
            "  {} [label={}, tooltip={}, shape={}, fillcolor=\"{}60\", width={:.2}];",
            id(&node.key),
            quoted(&cut(&clean(&node.name), LONGEST)),
            quoted(&clean(&node.key)),
            shape(node.kind),
            color.unwrap_or_else(|| paint::of_kind(node.kind)),
            0.4 + 1.2 * node.importance,
        );
    }
    for edge in &picture.edges {
        let direction = if kinds::is_symmetric(&edge.rel_type) { "none" } else { "forward" };
        let strength = edge.weight * edge.confidence;
        let _ = writeln!(
            text,
            "  {} -> {} [dir={direction}, weight={}, penwidth={:.2}, class={}, tooltip={}];",
            id(&edge.from),
            id(&edge.to),
            (strength * 100.0).round().max(1.0),
            0.4 + 3.0 * strength,
            quoted(&clean(&edge.rel_type)),
            quoted(&format!("{}: {}", clean(&edge.rel_type), clean(&edge.reason))),
        );
    }
    text.push_str("}\n");
    text
}

/// `topic:5` as a name that needs no quotes.
fn id(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Topic | NodeKind::Entity => "ellipse",
        NodeKind::Person => "box",
        NodeKind::Moment => "circle",
        NodeKind::Note => "note",
        NodeKind::Session => "tab",
    }
}

/// In quotes, with nothing in it that means something: Graphviz reads `\N`, `\"` and `&amp;`.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, process};

    use super::*;
    use crate::graph::export::testing::{EVIL, picture};

    #[test]
    fn nothing_gets_out_of_its_quotes() {
        assert_eq!(quoted("a \"b\" \\N &lt; c\\"), "\"a \\\"b\\\" \\\\N &amp;lt; c\\\\\"");
        let text = write(&picture());
        assert_eq!(text.lines().count(), 4 + 4 + 3 + 1, "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\0') && !text.contains('\u{202e}'));
        for line in text.lines().skip(4).filter(|line| line.starts_with("  ")) {
            let n_quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
            assert_eq!(n_quotes % 2, 0, "{line}");
            let outside: String =
                line.replace("\\\\", "").replace("\\\"", "").split('"').step_by(2).collect();
            assert!(!outside.contains("evil") && !outside.contains("script"), "{outside}");
        }
    }

    /// Graphviz itself, where it is at hand; not on every machine that builds.
    #[test]
    fn graphviz_reads_it_where_it_is_at_hand() {
        let started = process::Command::new("dot")
            .args(["-Tplain"])
            .stdin(process::Stdio::piped())
            .stdout(process::Stdio::piped())
            .stderr(process::Stdio::piped())
            .spawn();
        let Ok(mut dot) = started else {
            println!("skipped: there is no Graphviz on this machine");
            return;
        };
        let mut input = dot.stdin.take().expect("an input");
        input.write_all(write(&picture()).as_bytes()).expect("it listens");
        drop(input);
        let done = dot.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
        let plain = String::from_utf8_lossy(&done.stdout).into_owned();
        let nodes = plain.lines().filter(|line| line.starts_with("node ")).count();
        assert_eq!(nodes, picture().nodes.len(), "no node came out of {EVIL:?}: {plain}");
    }
}
