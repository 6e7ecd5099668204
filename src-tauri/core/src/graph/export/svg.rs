//! A still picture: nodes by their importance, in the colours of their communities, with the names that fit.
//! No script, no style sheet, no address of anything else.

use std::{collections::BTreeSet, io};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{clean, cut, paint};
use crate::api::graph::{DrawnNode, GraphPicture, NodeKind};

/// The shortest and the longest side, in pixels.
const SMALLEST: f32 = 720.0;
const GREATEST: f32 = 4_000.0;
/// Pixels of a side by the root of the number of nodes.
const PER_NODE: f32 = 72.0;
/// Around the picture, and below it for the legend's lines.
const MARGIN: f32 = 70.0;
const LINE: f32 = 20.0;
/// Names that are tried; those that would lie on another are left out and stand in the titles.
const MOST_NAMES: usize = 600;
const LONGEST_NAME: usize = 34;
const LONGEST_LEGEND: usize = 60;
const PAPER: &str = "#fbf8f1";
const INK: &str = "#2a2620";
const QUIET: &str = "#6f685d";

type Xml = Writer<Vec<u8>>;

/// Times that nodes are pushed off each other, and the gap that is left between them.
const SPREADS: usize = 24;
const GAP: f32 = 2.0;

/// Where everything stands on the paper.
struct Paper {
    width: f32,
    height: f32,
    /// Of each node, in pixels.
    places: Vec<(f32, f32)>,
}

impl Paper {
    fn of(picture: &GraphPicture, n_lines: usize) -> Self {
        let mut places: Vec<(f32, f32)> =
            picture.nodes.iter().map(|node| (node.x, node.y)).collect();
        let side = (PER_NODE * (places.len() as f32).sqrt()).clamp(SMALLEST, GREATEST);
        let (_, _, wide, high) = bounds(&places);
        let scale = (side / wide.max(1.0)).min(side / high.max(1.0));
        for place in &mut places {
            *place = (place.0 * scale, place.1 * scale);
        }
        let radii: Vec<f32> = picture.nodes.iter().map(radius).collect();
        spread(&mut places, &radii);
        let (left, top, wide, high) = bounds(&places);
        let to_left = left - (SMALLEST - wide).max(0.0) / 2.0 - MARGIN;
        for place in &mut places {
            *place = (place.0 - to_left, place.1 - top + MARGIN);
        }
        Self {
            width: wide.max(SMALLEST) + 2.0 * MARGIN,
            height: high + 2.0 * MARGIN + LINE * n_lines as f32,
            places,
        }
    }
}

/// Left, top, width and height of what is there.
fn bounds(places: &[(f32, f32)]) -> (f32, f32, f32, f32) {
    let least = |of: fn(&(f32, f32)) -> f32| places.iter().map(of).fold(f32::INFINITY, f32::min);
    let most = |of: fn(&(f32, f32)) -> f32| places.iter().map(of).fold(f32::NEG_INFINITY, f32::max);
    if places.is_empty() {
        return (0.0, 0.0, 0.0, 0.0);
    }
    let (left, top) = (least(|p| p.0), least(|p| p.1));
    (left, top, most(|p| p.0) - left, most(|p| p.1) - top)
}

/// Pushes nodes that lie on each other apart: closely tied ones stand at nearly one place.
fn spread(places: &mut [(f32, f32)], radii: &[f32]) {
    let widest = radii.iter().copied().fold(0.0, f32::max);
    for _ in 0..SPREADS {
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by(|a, b| places[*a].0.total_cmp(&places[*b].0).then(a.cmp(b)));
        let mut is_spread = true;
        for (n, a) in order.iter().enumerate() {
            for b in &order[n + 1..] {
                let (dx, dy) = (places[*b].0 - places[*a].0, places[*b].1 - places[*a].1);
                if dx > 2.0 * widest + GAP {
                    break;
                }
                let (far, wanted) = (dx.hypot(dy), radii[*a] + radii[*b] + GAP);
                if far >= wanted {
                    continue;
                }
                is_spread = false;
                // Two at one place go apart by their order.
                let (x, y) = if far < 0.01 { (1.0, 0.3) } else { (dx / far, dy / far) };
                let push = (wanted - far) / 2.0;
                places[*a] = (places[*a].0 - x * push, places[*a].1 - y * push);
                places[*b] = (places[*b].0 + x * push, places[*b].1 + y * push);
            }
        }
        if is_spread {
            break;
        }
    }
}

pub(super) fn write(picture: &GraphPicture) -> io::Result<String> {
    let legend = legend(picture);
    let paper = Paper::of(picture, legend.len());
    let (width, height) = (number(paper.width), number(paper.height));
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("svg")
        .with_attribute(("xmlns", "http://www.w3.org/2000/svg"))
        .with_attribute(("viewBox", format!("0 0 {width} {height}").as_str()))
        .with_attribute(("width", width.as_str()))
        .with_attribute(("height", height.as_str()))
        .with_attribute(("role", "img"))
        .with_attribute(("font-family", "Georgia, 'Times New Roman', serif"))
        .write_inner_content(|xml| {
            text(xml, "title", &[], "The graph of a journal")?;
            let sheet = [("width", "100%"), ("height", "100%"), ("fill", PAPER)];
            empty(xml, "rect", &sheet)?;
            edges(xml, picture, &paper)?;
            nodes(xml, picture, &paper)?;
            names(xml, picture, &paper)?;
            let top = paper.height - LINE * legend.len() as f32 - MARGIN / 3.0;
            for (n, line) in legend.iter().enumerate() {
                line.draw(xml, top + LINE * n as f32)?;
            }
            Ok(())
        })?;
    let mut text = String::from_utf8(xml.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn number(of: f32) -> String {
    let rounded = (of * 10.0).round() / 10.0;
    // No "-0" for what is nearly nothing.
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element(name).with_attributes(attributes.iter().copied()).write_empty()?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

fn edges(xml: &mut Xml, picture: &GraphPicture, paper: &Paper) -> io::Result<()> {
    let places: std::collections::HashMap<&str, usize> =
        picture.nodes.iter().enumerate().map(|(at, node)| (node.node.key.as_str(), at)).collect();
    xml.create_element("g").with_attribute(("stroke", INK)).write_inner_content(|xml| {
        // The strongest last, on top.
        for edge in picture.edges.iter().rev() {
            let ends = [&edge.from, &edge.to].map(|key| places.get(key.as_str()).copied());
            let [Some(from), Some(to)] = ends else { continue };
            let (a, b) = (paper.places[from], paper.places[to]);
            let strength = (edge.weight * edge.confidence).clamp(0.0, 1.0);
            let attributes = [
                ("x1", number(a.0)),
                ("y1", number(a.1)),
                ("x2", number(b.0)),
                ("y2", number(b.1)),
                ("stroke-width", format!("{:.2}", 0.5 + 2.5 * strength)),
                ("stroke-opacity", format!("{:.2}", 0.08 + 0.3 * strength)),
            ];
            let attributes = attributes.each_ref().map(|(name, value)| (*name, value.as_str()));
            let said = format!(
                "{} – {}: {}, {}",
                clean(&picture.nodes[from].node.name),
                clean(&picture.nodes[to].node.name),
                clean(&edge.rel_type),
                clean(&edge.reason)
            );
            xml.create_element("line")
                .with_attributes(attributes)
                .write_inner_content(|xml| self::text(xml, "title", &[], &said))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn radius(node: &DrawnNode) -> f32 {
    4.0 + 14.0 * node.node.importance.clamp(0.0, 1.0).sqrt()
}

fn nodes(xml: &mut Xml, picture: &GraphPicture, paper: &Paper) -> io::Result<()> {
    let colors = paint::of_communities(picture);
    for (node, place) in picture.nodes.iter().zip(&paper.places).rev() {
        let face = &node.node;
        let color = face.community_id.and_then(|id| colors.get(&id).copied());
        let color = color.unwrap_or_else(|| paint::of_kind(face.kind));
        let said = format!("{} ({})", clean(&face.name), clean(&face.key));
        xml.create_element("g").write_inner_content(|xml| {
            self::text(xml, "title", &[], &said)?;
            shape(xml, face.kind, *place, radius(node), color)
        })?;
    }
    Ok(())
}

/// Topics are round, people square, what was written has a corner.
fn shape(xml: &mut Xml, kind: NodeKind, (x, y): (f32, f32), r: f32, color: &str) -> io::Result<()> {
    match kind {
        NodeKind::Topic | NodeKind::Entity | NodeKind::Moment => {
            let r = if kind == NodeKind::Moment { r * 0.7 } else { r };
            let (x, y, r) = (number(x), number(y), number(r));
            let circle = [("cx", x.as_str()), ("cy", &y), ("r", &r), ("fill", color)];
            empty(xml, "circle", &circle)
        }
        NodeKind::Person | NodeKind::Note | NodeKind::Session => {
            let corner = if kind == NodeKind::Person { 0.4 } else { 0.0 };
            let r = r * 0.85;
            let values = [x - r, y - r, 2.0 * r, corner * r].map(number);
            let rect = [
                ("x", values[0].as_str()),
                ("y", &values[1]),
                ("width", &values[2]),
                ("height", &values[2]),
                ("rx", &values[3]),
                ("fill", color),
            ];
            empty(xml, "rect", &rect)
        }
    }
}

/// A name on the paper: left, top, right, bottom.
type Box = [f32; 4];

fn lies_on(a: &Box, b: &Box) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// How wide a text is, in its own height: letters of East Asia and pictures are as wide as high.
fn ems(text: &str) -> f32 {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 1.0 } else { 0.52 }).sum()
}

fn names(xml: &mut Xml, picture: &GraphPicture, paper: &Paper) -> io::Result<()> {
    let mut taken: Vec<Box> = Vec::new();
    let attributes = [
        ("text-anchor", "middle"),
        ("fill", INK),
        ("stroke", PAPER),
        ("stroke-width", "3"),
        ("stroke-linejoin", "round"),
        ("paint-order", "stroke"),
    ];
    xml.create_element("g").with_attributes(attributes).write_inner_content(|xml| {
        for (node, (x, y)) in picture.nodes.iter().zip(&paper.places).take(MOST_NAMES) {
            let name = cut(&clean(&node.node.name), LONGEST_NAME);
            if name.trim().is_empty() {
                continue;
            }
            let size = 11.0 + 7.0 * node.node.importance.clamp(0.0, 1.0);
            let half = ems(&name) * size / 2.0;
            let base = y + radius(node) + size;
            let own = [x - half, base - size, x + half, base + size * 0.3];
            let is_outside = own[0] < 0.0 || own[2] > paper.width;
            if is_outside || taken.iter().any(|other| lies_on(other, &own)) {
                continue;
            }
            taken.push(own);
            let (x, y, size) = (number(*x), number(base), number(size));
            let place = [("x", x.as_str()), ("y", &y), ("font-size", &size)];
            text(xml, "text", &place, &name)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A line of the legend.
struct Legend {
    kind: Option<NodeKind>,
    color: &'static str,
    says: String,
}

impl Legend {
    fn draw(&self, xml: &mut Xml, y: f32) -> io::Result<()> {
        let x = MARGIN / 2.0;
        if let Some(kind) = self.kind {
            shape(xml, kind, (x, y), 6.0, self.color)?;
        }
        let left = if self.kind.is_some() { x + 16.0 } else { x - 6.0 };
        let (left, base) = (number(left), number(y + 4.0));
        let place = [("x", left.as_str()), ("y", &base), ("font-size", "13"), ("fill", QUIET)];
        text(xml, "text", &place, &self.says)
    }
}

fn legend(picture: &GraphPicture) -> Vec<Legend> {
    let mut lines: Vec<Legend> = picture
        .communities
        .iter()
        .zip(paint::COMMUNITIES)
        .map(|(community, color)| Legend {
            kind: Some(NodeKind::Topic),
            color,
            says: cut(&clean(&community.name), LONGEST_LEGEND),
        })
        .collect();
    let kinds: BTreeSet<NodeKind> = picture.nodes.iter().map(|node| node.node.kind).collect();
    lines.extend(kinds.into_iter().map(|kind| Legend {
        kind: Some(kind),
        color: paint::of_kind(kind),
        says: match kind {
            NodeKind::Topic => "topic of another community, or of none".into(),
            kind => paint::called(kind).into(),
        },
    }));
    let left_out = [(picture.n_nodes_left_out, "node"), (picture.n_edges_left_out, "edge")];
    let left_out: Vec<String> = left_out
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, thing)| crate::graph::explain::counted(n, thing))
        .collect();
    if !left_out.is_empty() {
        let says = format!("{} more, not shown", left_out.join(" and "));
        lines.push(Legend { kind: None, color: QUIET, says });
    }
    lines
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::graph::export::testing::{node, picture};

    /// The names of all elements; the texts of those with this name.
    fn read(svg: &str, of: &str) -> (Vec<String>, Vec<String>) {
        let mut reader = Reader::from_str(svg);
        let (mut names, mut texts, mut open) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            match reader.read_event().expect("it is XML") {
                Event::Start(tag) => {
                    open.push(tag.name().as_ref().to_owned());
                    names.extend(open.last().cloned());
                    if open.last().is_some_and(|name| name == of) {
                        texts.push(String::new());
                    }
                }
                Event::Empty(tag) => {
                    names.push(tag.name().as_ref().to_owned());
                }
                Event::End(_) => drop(open.pop()),
                Event::Text(part) if open.last().is_some_and(|name| name == of) => {
                    if let Some(text) = texts.last_mut() {
                        text.push_str(&part);
                    }
                }
                Event::Eof => return (names, texts),
                _ => {}
            }
        }
    }

    #[test]
    fn it_is_xml_without_anything_that_runs_whatever_the_names_hold() {
        let svg = write(&picture()).expect("it is drawn");
        let (names, _) = read(&svg, "text");
        let n = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        assert_eq!((n("script"), n("style"), n("a"), n("image"), n("line")), (0, 0, 0, 0, 3));
        assert!(!svg.contains('\u{1b}') && !svg.contains('\u{202e}') && !svg.contains("href"));
    }

    #[test]
    fn no_name_lies_on_another_and_the_weightier_one_is_there() {
        let mut crowded = picture();
        crowded.nodes = (0..30)
            .map(|id| node(NodeKind::Topic, id, &format!("topic number {id}"), None))
            .map(|node| DrawnNode { x: node.x / 30.0, y: 0.0, ..node })
            .collect();
        crowded.edges.clear();
        let svg = write(&crowded).expect("it is drawn");
        let (_, texts) = read(&svg, "text");
        assert!(texts.contains(&"topic number 0".into()), "{texts:?}");
        let n_names = texts.iter().filter(|text| text.starts_with("topic number")).count();
        assert!((2..20).contains(&n_names), "{n_names}");
    }

    #[test]
    fn an_empty_graph_is_an_empty_picture() {
        let empty = GraphPicture {
            nodes: Vec::new(),
            edges: Vec::new(),
            communities: Vec::new(),
            n_nodes_left_out: 0,
            n_edges_left_out: 0,
        };
        assert!(write(&empty).expect("it is drawn").contains("<svg"));
    }
}
