/** The graph of the pretended journal: a handful of nodes that hang together. */
import type {
  Commands,
  GraphEdge,
  GraphNode,
  GraphPicture,
  Neighbour,
  WalkedNode,
} from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";

type GraphCommand =
  | "find_nodes"
  | "traverse_graph"
  | "find_paths"
  | "list_neighbours"
  | "list_graph_communities"
  | "list_edge_types"
  | "draw_graph"
  | "export_graph";

type Answers = { [N in GraphCommand & keyof Commands]: (request: Request<N>) => Reply<N> };

function node(kind: GraphNode["kind"], id: number, name: string, n: number): GraphNode {
  return {
    key: `${kind}:${id}`,
    kind,
    id,
    name,
    day: "2026-10-14",
    n_moments: n,
    importance: n / (n + 8),
    valence: 0.2,
    community_id: kind === "topic" ? 1 : null,
  };
}

const NODES: GraphNode[] = [
  node("topic", 100, "harmonium", 14),
  node("topic", 101, "reeds", 12),
  node("topic", 102, "bellows", 10),
  node("person", 7, "Ilse", 9),
  node("person", 8, "Tomas", 4),
];

function edge(from: string, to: string, rel_type: string, n: number): GraphEdge {
  return {
    from,
    to,
    rel_type,
    weight: n / 12,
    confidence: 1,
    reason: `${n} moments together`,
    n_moments: n,
    moments: [],
  };
}

const EDGES: GraphEdge[] = [
  edge("topic:100", "topic:101", "related_to", 6),
  edge("topic:100", "topic:102", "related_to", 5),
  edge("topic:101", "topic:102", "related_to", 4),
  edge("person:7", "topic:100", "together_with", 3),
  edge("person:8", "topic:101", "together_with", 2),
];

function find(name: string): GraphNode {
  const wanted = name.trim().replace(/^#/, "").toLowerCase();
  const found = NODES.find((one) => one.key === wanted || one.name.toLowerCase() === wanted);
  if (!found) throw new HostError("not-found", `there is no node “${name}”`);
  return found;
}

/** The neighbours of a node, each with its edge. */
function around(key: string): Neighbour[] {
  return EDGES.filter((one) => one.from === key || one.to === key).map((one) => ({
    node: find(one.from === key ? one.to : one.from),
    edge: one,
  }));
}

function walkFrom(start: GraphNode, depth: number): { nodes: WalkedNode[]; edges: GraphEdge[] } {
  const nodes: WalkedNode[] = [{ node: start, depth: 0, strength: 1, via: null, n_left_out: 0 }];
  const edges: GraphEdge[] = [];
  // It grows while it is walked through.
  for (const here of nodes) {
    if (here.depth === depth) break;
    for (const { node: other, edge: by } of around(here.node.key)) {
      if (edges.includes(by)) continue;
      edges.push(by);
      if (nodes.some((known) => known.node.key === other.key)) continue;
      nodes.push({
        node: other,
        depth: here.depth + 1,
        strength: here.strength * by.weight,
        via: edges.length - 1,
        n_left_out: 0,
      });
    }
  }
  return { nodes, edges };
}

function picture(): GraphPicture {
  const nodes = NODES.map((one, n) => ({
    ...one,
    x: 60 * Math.cos((2 * Math.PI * n) / NODES.length),
    y: 60 * Math.sin((2 * Math.PI * n) / NODES.length),
  }));
  return {
    nodes,
    edges: EDGES,
    communities: [{ id: 1, name: "harmonium, reeds, bellows", n_nodes: 3 }],
    n_nodes_left_out: 0,
    n_edges_left_out: 0,
  };
}

export function fakeGraph(): Answers {
  return {
    find_nodes: ({ name }) =>
      NODES.filter((one) => one.name.toLowerCase().includes(name.toLowerCase())),
    traverse_graph: ({ start, depth }) => ({ ...walkFrom(find(start), depth), n_left_out: 0 }),
    find_paths: ({ from, to }) => {
      const [a, b] = [find(from), find(to)];
      const straight = around(a.key).find((one) => one.node.key === b.key);
      const paths = straight
        ? [{ cost: 1 - Math.log(straight.edge.weight), nodes: [a, b], edges: [straight.edge] }]
        : [];
      return { from: a, to: b, paths, is_cut: false, n_looked_at: 2 };
    },
    list_neighbours: ({ node: name }) => {
      const neighbours = around(find(name).key);
      const counts = neighbours.map(({ node: other, edge: by }) => ({
        rel_type: by.rel_type,
        kind: other.kind,
        n: 1,
      }));
      return { node: find(name), counts, neighbours, n_left_out: 0 };
    },
    list_graph_communities: () => [
      {
        id: 1,
        level: 1,
        parent_id: null,
        name: "harmonium, reeds, bellows",
        n_topics: 3,
        n_moments: 20,
        n_edges: 3,
        strength: 1,
        members: NODES.slice(0, 3).map((one) => ({ node: one, strength: 0.8 })),
      },
    ],
    list_edge_types: () => [
      {
        name: "related_to",
        inverse: "related_to",
        aliases: [],
        between: "topic – topic",
        meaning: "they share moments",
        weight: "shared moments by all of either, times n / (n + 1)",
        is_stored: true,
      },
    ],
    draw_graph: () => picture(),
    export_graph: ({ format }) => ({
      format,
      text: `${JSON.stringify(picture(), null, 2)}\n`,
      n_nodes: NODES.length,
      n_edges: EDGES.length,
      n_nodes_left_out: 0,
      n_edges_left_out: 0,
    }),
  };
}
