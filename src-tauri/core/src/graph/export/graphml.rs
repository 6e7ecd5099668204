//! GraphML (<http://graphml.graphdrawing.org/>), as yEd, Gephi and networkx read it.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::clean;
use crate::{
    api::graph::{GraphEdge, GraphNode, GraphPicture},
    graph::{kinds, node::word},
};

/// The columns: whose, name, type.
const KEYS: [(&str, &str, &str); 14] = [
    ("node", "label", "string"),
    ("node", "kind", "string"),
    ("node", "day", "string"),
    ("node", "n_moments", "int"),
    ("node", "importance", "double"),
    ("node", "valence", "double"),
    ("node", "community", "string"),
    ("node", "x", "double"),
    ("node", "y", "double"),
    ("edge", "type", "string"),
    ("edge", "weight", "double"),
    ("edge", "confidence", "double"),
    ("edge", "reason", "string"),
    ("edge", "is_directed", "boolean"),
];

type Xml = Writer<Vec<u8>>;

pub(super) fn write(picture: &GraphPicture) -> io::Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("graphml")
        .with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"))
        .write_inner_content(|xml| {
            for (of, name, kind) in KEYS {
                xml.create_element("key")
                    .with_attribute(("id", format!("{of}_{name}").as_str()))
                    .with_attribute(("for", of))
                    .with_attribute(("attr.name", name))
                    .with_attribute(("attr.type", kind))
                    .write_empty()?;
            }
            xml.create_element("graph")
                .with_attribute(("id", "rem"))
                .with_attribute(("edgedefault", "directed"))
                .write_inner_content(|xml| graph(xml, picture))?;
            Ok(())
        })?;
    let mut text = String::from_utf8(xml.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn graph(xml: &mut Xml, picture: &GraphPicture) -> io::Result<()> {
    for drawn in &picture.nodes {
        xml.create_element("node")
            .with_attribute(("id", drawn.node.key.as_str()))
            .write_inner_content(|xml| {
                node(xml, &drawn.node, picture)?;
                data(xml, "node_x", &drawn.x.to_string())?;
                data(xml, "node_y", &drawn.y.to_string())
            })?;
    }
    for (n, one) in picture.edges.iter().enumerate() {
        let is_directed = !kinds::is_symmetric(&one.rel_type);
        xml.create_element("edge")
            .with_attribute(("id", format!("e{n}").as_str()))
            .with_attribute(("source", one.from.as_str()))
            .with_attribute(("target", one.to.as_str()))
            .write_inner_content(|xml| edge(xml, one, is_directed))?;
    }
    Ok(())
}

fn node(xml: &mut Xml, node: &GraphNode, picture: &GraphPicture) -> io::Result<()> {
    data(xml, "node_label", &clean(&node.name))?;
    data(xml, "node_kind", word(node.kind))?;
    if let Some(day) = &node.day {
        data(xml, "node_day", day)?;
    }
    data(xml, "node_n_moments", &node.n_moments.to_string())?;
    data(xml, "node_importance", &node.importance.to_string())?;
    if let Some(valence) = node.valence {
        data(xml, "node_valence", &valence.to_string())?;
    }
    let community = picture.communities.iter().find(|one| Some(one.id) == node.community_id);
    community.map_or(Ok(()), |one| data(xml, "node_community", &clean(&one.name)))
}

fn edge(xml: &mut Xml, edge: &GraphEdge, is_directed: bool) -> io::Result<()> {
    data(xml, "edge_type", &clean(&edge.rel_type))?;
    data(xml, "edge_weight", &edge.weight.to_string())?;
    data(xml, "edge_confidence", &edge.confidence.to_string())?;
    data(xml, "edge_reason", &clean(&edge.reason))?;
    data(xml, "edge_is_directed", if is_directed { "true" } else { "false" })
}

fn data(xml: &mut Xml, key: &str, value: &str) -> io::Result<()> {
    xml.create_element("data")
        .with_attribute(("key", key))
        .write_text_content(BytesText::new(value))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::graph::export::testing::picture;

    #[test]
    fn it_is_xml_with_every_node_and_edge_whatever_their_names_hold() {
        let text = write(&picture()).expect("it is written");
        assert!(!text.contains('\u{1b}') && !text.contains('\0') && !text.contains('\u{202e}'));
        let mut reader = Reader::from_str(&text);
        let mut names = Vec::new();
        loop {
            match reader.read_event().expect("it is XML") {
                Event::Start(tag) | Event::Empty(tag) => {
                    names.push(tag.name().as_ref().to_owned());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let n = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        assert_eq!((n("node"), n("edge"), n("key"), n("script")), (4, 3, KEYS.len(), 0), "{text}");
    }
}
