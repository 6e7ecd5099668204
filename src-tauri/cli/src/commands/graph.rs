//! `rem graph`: walks the graph, finds ways through it, and writes it as a file.

use std::{fs, io::Write as _, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use rem_core::{
    Journal,
    api::{
        Empty,
        graph::{
            DrawGraph, EdgeFilter, ExportGraph, FindNodes, FindPaths, GraphFile, GraphFormat,
            ListGraphCommunities, ListNeighbours, NodeKind, TraverseGraph, export_graph,
            find_nodes, find_paths, list_edge_types, list_graph_communities, list_neighbours,
            traverse_graph,
        },
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page,
    times::{DayWord, count},
};

const EXAMPLES: &str = "\
Examples:
  rem graph traverse harmonium                       what it has to do with, and why
  rem graph traverse --start-entity \"Hester Voss\" --edge-type together_with --depth 2
  rem graph path harmonium lake -n 3                 how two things hang together
  rem graph neighbours moment:12                     all that a moment is tied to, by kind
  rem graph communities                              which topics hold together
  rem graph export --format svg --output graph.svg   a picture of topics and people
  rem graph export --around harmonium --format dot | dot -Tpng > harmonium.png

A node is named by its name (harmonium, \"Hester Voss\", \"#lake\"), or by kind and number: topic:5, person:7,
moment:12, note:34, session:40; record:34 and entity:7 do, too, and “me” is you.";

/// What to do with the graph.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Graph {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Walk from a node along its strongest edges.
    Traverse(Traverse),
    /// Find how two nodes hang together.
    Path(PathArgs),
    /// List what a node is tied to, with how many there are of each kind.
    #[command(visible_alias = "neighbors")]
    Neighbours(Neighbours),
    /// List communities of topics and how they hold together.
    Communities(Communities),
    /// Look a name up: which nodes it may mean.
    Find {
        /// The name.
        name: String,
    },
    /// List the types of edges: what they say, and what they are called from the other end.
    Types,
    /// Write the graph, or what is around a node, as a file.
    Export(Export),
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Which edges")]
struct Edges {
    /// Only edges of this type (`rem graph types` lists them); may be given several times.
    #[arg(long = "edge-type", value_name = "TYPE")]
    edge_types: Vec<String>,
    /// Only what moments, notes and conversations of this day and later show.
    #[arg(long, value_name = "DAY")]
    since: Option<DayWord>,
    /// The same up to this day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<DayWord>,
    /// Only edges at least as strong, 0 to 1.
    #[arg(long, value_name = "WEIGHT", default_value_t = 0.0)]
    min_weight: f32,
}

impl Edges {
    fn filter(&self, present: Present) -> EdgeFilter {
        EdgeFilter {
            edge_types: self.edge_types.clone(),
            since: self.since.map(|day| present.day(day)),
            until: self.until.map(|day| present.day(day)),
            min_weight: self.min_weight,
        }
    }
}

#[derive(Debug, Args)]
struct Traverse {
    /// The node to begin at.
    #[arg(value_name = "NODE", required_unless_present = "start_entity")]
    start: Option<String>,
    /// The same.
    #[arg(long, value_name = "NODE", conflicts_with = "start")]
    start_entity: Option<String>,
    /// Steps.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=6))]
    depth: u32,
    /// Edges that are followed from each node, the strongest of each type in turn.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=2000))]
    fan_out: u32,
    /// Nodes in all.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=2000))]
    limit: u32,
    #[command(flatten)]
    edges: Edges,
}

#[derive(Debug, Args)]
struct PathArgs {
    /// One node.
    from: String,
    /// The other.
    to: String,
    /// Paths; none goes over a node of a cheaper one.
    #[arg(short = 'n', long = "paths", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=5))]
    n: u32,
    #[command(flatten)]
    edges: Edges,
}

#[derive(Debug, Args)]
struct Neighbours {
    /// The node.
    node: String,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=2000))]
    limit: u32,
    #[command(flatten)]
    edges: Edges,
}

#[derive(Debug, Args)]
struct Communities {
    /// Only this one, by its number, with all of its topics.
    id: Option<i64>,
}

#[derive(Debug, Args)]
struct Export {
    /// In which form.
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    format: Format,
    /// The file; if absent, it is written to the output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// Only what is around this node.
    #[arg(long, value_name = "NODE")]
    around: Option<String>,
    /// Steps from it.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=6))]
    depth: u32,
    /// At most so many nodes, the most important first.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=5000))]
    limit: u32,
    /// Only these kinds, with commas between them; if absent, topics and people, or around a node all.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kinds: Vec<Kind>,
    #[command(flatten)]
    edges: Edges,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Dot,
    Graphml,
    Json,
    Svg,
}

impl From<Format> for GraphFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Dot => Self::Dot,
            Format::Graphml => Self::Graphml,
            Format::Json => Self::Json,
            Format::Svg => Self::Svg,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Topic,
    Person,
    Entity,
    Moment,
    Note,
    Session,
}

impl From<Kind> for NodeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Topic => Self::Topic,
            Kind::Person => Self::Person,
            Kind::Entity => Self::Entity,
            Kind::Moment => Self::Moment,
            Kind::Note => Self::Note,
            Kind::Session => Self::Session,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Graph) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    match &args.action {
        Action::Traverse(args) => traverse(desk, &journal, args, present),
        Action::Path(args) => {
            let request = FindPaths {
                from: args.from.clone(),
                to: args.to.clone(),
                n: args.n,
                filter: args.edges.filter(present),
            };
            let found = find_paths(&journal, request)?;
            if desk.is_json() {
                return desk.json(&found);
            }
            let types = list_edge_types(&journal, Empty {})?;
            page::graph::paths(desk, &found, types, present)?;
            Ok(Exit::Done)
        }
        Action::Neighbours(args) => {
            let request = ListNeighbours {
                node: args.node.clone(),
                limit: args.limit,
                filter: args.edges.filter(present),
            };
            let found = list_neighbours(&journal, request)?;
            if desk.is_json() {
                return desk.json(&found);
            }
            let types = list_edge_types(&journal, Empty {})?;
            page::graph::neighbours(desk, &found, types, present)?;
            Ok(Exit::Done)
        }
        Action::Communities(Communities { id }) => {
            let n_members = if id.is_some() { 5_000 } else { 8 };
            let request = ListGraphCommunities { id: *id, n_members };
            let found = list_graph_communities(&journal, request)?;
            if desk.is_json() {
                return desk.json(&found);
            }
            page::graph::communities(desk, &found)?;
            Ok(Exit::Done)
        }
        Action::Find { name } => {
            let found = find_nodes(&journal, FindNodes { name: name.clone(), limit: 0 })?;
            if desk.is_json() {
                return desk.json(&found);
            }
            page::graph::meanings(desk, name, &found, present)?;
            Ok(Exit::Done)
        }
        Action::Types => {
            let types = list_edge_types(&journal, Empty {})?;
            if desk.is_json() {
                return desk.json(&types);
            }
            page::graph::types(desk, &types)?;
            Ok(Exit::Done)
        }
        Action::Export(args) => export(desk, &journal, args, present),
    }
}

fn traverse(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    args: &Traverse,
    present: Present,
) -> Result<Exit> {
    let start = args.start.as_ref().or(args.start_entity.as_ref());
    let start = start.cloned().unwrap_or_default();
    let request = TraverseGraph {
        start,
        depth: args.depth,
        fan_out: args.fan_out,
        limit: args.limit,
        filter: args.edges.filter(present),
    };
    let walk = traverse_graph(journal, request)?;
    if desk.is_json() {
        return desk.json(&walk);
    }
    let types = list_edge_types(journal, Empty {})?;
    page::graph::walk(desk, &walk, types, present)?;
    Ok(Exit::Done)
}

fn export(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    args: &Export,
    present: Present,
) -> Result<Exit> {
    let part = DrawGraph {
        around: args.around.clone(),
        depth: args.depth,
        kinds: args.kinds.iter().map(|kind| NodeKind::from(*kind)).collect(),
        limit: args.limit,
        filter: args.edges.filter(present),
    };
    let file = export_graph(journal, ExportGraph { format: args.format.into(), part })?;
    let Some(path) = &args.output else {
        if desk.is_json() {
            return desk.json(&file);
        }
        desk.terminal.out.write_all(file.text.as_bytes())?;
        told(desk, &file)?;
        return Ok(Exit::Done);
    };
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if args.force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options.open(path).and_then(|mut to| to.write_all(file.text.as_bytes()));
    if let Err(error) = written {
        let advice = if error.kind() == std::io::ErrorKind::AlreadyExists {
            ": choose another name, or say --force to write over it"
        } else {
            ""
        };
        return Err(invalid(format!("writing {}: {error}{advice}", path.display())));
    }
    if desk.is_json() {
        return desk.json(&GraphFile { text: String::new(), ..file });
    }
    told(desk, &file)?;
    Ok(Exit::Done)
}

/// What is in the file, and what is not.
fn told(desk: &mut Desk<'_, '_>, file: &GraphFile) -> Result {
    let left_out = match (file.n_nodes_left_out, file.n_edges_left_out) {
        (0, 0) => String::new(),
        (nodes, 0) => format!("; {} left out, --limit takes more", count(nodes, "node")),
        (0, edges) => format!("; {} left out", count(edges, "weaker edge")),
        (nodes, edges) => format!(
            "; {} left out, --limit takes more, and {}",
            count(nodes, "node"),
            count(edges, "weaker edge")
        ),
    };
    let held = format!("{} and {}", count(file.n_nodes, "node"), count(file.n_edges, "edge"));
    desk.aside(&format!("{held}{left_out}"))
}
