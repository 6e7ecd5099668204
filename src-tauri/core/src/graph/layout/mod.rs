//! Places the nodes of a graph in the plane. Pure: the same graph, in the same order, gives the same picture.
//!
//! Forces as in ForceAtlas2 (Jacomy, Venturini, Heymann and Bastian 2014, doi:10.1371/journal.pone.0098679):
//! nodes push each other away by their degrees, edges pull by their weights, and everything is drawn a little
//! to the middle; how far a node goes in a step is less the more it swings. Far nodes push as one (Barnes and
//! Hut 1986, doi:10.1038/324446a0), so that a step costs n log n.
//!
//! Where most nodes have former places, the picture keeps still: those are drawn back to where they were and
//! settle in small steps, and what is new begins between its neighbours.

mod quarters;

use quarters::Quarters;

/// A place in the plane; the unit is free, the middle is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// An edge, by the places of its nodes in the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tie {
    pub(crate) a: usize,
    pub(crate) b: usize,
    /// Above 0, at most 1.
    pub(crate) weight: f64,
}

/// How strongly nodes push each other away.
const REPULSION: f64 = 10.0;
/// How strongly they are drawn to the middle.
const GRAVITY: f64 = 5.0;
/// A quarter pushes as one node where it is seen under a smaller angle (side by distance).
const ANGLE: f64 = 1.0;
/// How much swinging is borne: ForceAtlas2's tolerance.
const TOLERANCE: f64 = 1.0;
/// Steps are about so many by nodes: large graphs settle less finely.
const STEPS_BY_NODES: usize = 600_000;
const FEWEST_STEPS: usize = 120;
const MOST_STEPS: usize = 300;
/// Steps where the picture keeps still, and how far a node that was there goes in one of them.
const STILL_STEPS: usize = 60;
const STILL_STEP: f64 = 1.5;
/// How strongly a node is drawn back to where it was.
const ANCHOR: f64 = 8.0;
/// The share of nodes with former places from which the picture keeps still.
const STILL_SHARE: f64 = 0.5;
/// The distance between neighbours of the first spiral.
const SPIRAL: f64 = 12.0;
/// π (3 - √5): how far around the next point of a sunflower's spiral stands.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// The places of `n` nodes. `former` has the place of each node that had one, or is empty; ties that lead
/// out of the list, or to the node itself, count for nothing.
pub(crate) fn lay_out(n: usize, ties: &[Tie], former: &[Option<Point>]) -> Vec<Point> {
    let is_sound = |tie: &&Tie| tie.a < n && tie.b < n && tie.a != tie.b && tie.weight > 0.0;
    let ties: Vec<Tie> = ties.iter().filter(is_sound).copied().collect();
    let former: Vec<Option<Point>> =
        (0..n).map(|at| former.get(at).copied().flatten().filter(is_finite)).collect();
    let n_former = former.iter().flatten().count();
    let is_still = n_former > 0 && n_former as f64 >= STILL_SHARE * n as f64;
    let mut mass = vec![1.0; n];
    for tie in &ties {
        mass[tie.a] += 1.0;
        mass[tie.b] += 1.0;
    }
    let places = if is_still { beside(n, &ties, &former) } else { spiral(&mass) };
    let steps = if is_still {
        STILL_STEPS
    } else {
        (STEPS_BY_NODES / n.max(1)).clamp(FEWEST_STEPS, MOST_STEPS)
    };
    let anchors = if is_still { former } else { vec![None; n] };
    settle(places, &mass, &ties, &anchors, steps)
}

fn is_finite(point: &Point) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

/// The first places: a sunflower, with what has the most edges in the middle.
fn spiral(mass: &[f64]) -> Vec<Point> {
    let mut order: Vec<usize> = (0..mass.len()).collect();
    order.sort_by(|a, b| mass[*b].total_cmp(&mass[*a]).then(a.cmp(b)));
    let mut places = vec![Point::default(); mass.len()];
    for (turn, node) in order.into_iter().enumerate() {
        places[node] = on_spiral(turn);
    }
    places
}

fn on_spiral(turn: usize) -> Point {
    let (far, angle) = (SPIRAL * (turn as f64 + 0.5).sqrt(), turn as f64 * GOLDEN_ANGLE);
    Point { x: far * angle.cos(), y: far * angle.sin() }
}

/// Former places, and new nodes between their neighbours that have one; who has none stands outside.
fn beside(n: usize, ties: &[Tie], former: &[Option<Point>]) -> Vec<Point> {
    let mut sums = vec![(0.0, 0.0, 0.0); n];
    for tie in ties {
        for (own, other) in [(tie.a, tie.b), (tie.b, tie.a)] {
            if let Some(point) = former[other] {
                let sum: &mut (f64, f64, f64) = &mut sums[own];
                *sum = (
                    sum.0 + point.x * tie.weight,
                    sum.1 + point.y * tie.weight,
                    sum.2 + tie.weight,
                );
            }
        }
    }
    let farthest = former.iter().flatten().map(|point| point.x.hypot(point.y)).fold(0.0, f64::max);
    (0..n)
        .map(|at| {
            let little = on_spiral(at % 97);
            match (former[at], sums[at]) {
                (Some(point), _) => point,
                // A little beside each other, or two that have the same neighbours would stay one.
                (None, (x, y, weight)) if weight > 0.0 => {
                    Point { x: x / weight + little.x / SPIRAL, y: y / weight + little.y / SPIRAL }
                }
                (None, _) => {
                    let far = (farthest + 2.0 * SPIRAL) / little.x.hypot(little.y);
                    Point { x: little.x * far, y: little.y * far }
                }
            }
        })
        .collect()
}

fn settle(
    mut places: Vec<Point>,
    mass: &[f64],
    ties: &[Tie],
    anchors: &[Option<Point>],
    steps: usize,
) -> Vec<Point> {
    let n = places.len();
    let is_still = anchors.iter().any(Option::is_some);
    let mut before = vec![Point::default(); n];
    let mut speed: f64 = 1.0;
    for _ in 0..steps {
        let mut forces = vec![Point::default(); n];
        let quarters = Quarters::of(&places, mass);
        for (at, force) in forces.iter_mut().enumerate() {
            let push = quarters.push(at, places[at], mass, ANGLE);
            *force = Point { x: push.x * REPULSION * mass[at], y: push.y * REPULSION * mass[at] };
            let far = places[at].x.hypot(places[at].y).max(1e-9);
            force.x -= GRAVITY * mass[at] * places[at].x / far;
            force.y -= GRAVITY * mass[at] * places[at].y / far;
            if let Some(anchor) = anchors[at] {
                force.x += ANCHOR * mass[at] * (anchor.x - places[at].x);
                force.y += ANCHOR * mass[at] * (anchor.y - places[at].y);
            }
        }
        for tie in ties {
            let (dx, dy) = (places[tie.b].x - places[tie.a].x, places[tie.b].y - places[tie.a].y);
            forces[tie.a].x += tie.weight * dx;
            forces[tie.a].y += tie.weight * dy;
            forces[tie.b].x -= tie.weight * dx;
            forces[tie.b].y -= tie.weight * dy;
        }
        let (mut swinging, mut traction) = (0.0, 0.0);
        let swing = |at: usize| (forces[at].x - before[at].x).hypot(forces[at].y - before[at].y);
        for at in 0..n {
            swinging += mass[at] * swing(at);
            traction +=
                mass[at] * (forces[at].x + before[at].x).hypot(forces[at].y + before[at].y) / 2.0;
        }
        // It may get faster by half in a step, and slower at once.
        let wanted = TOLERANCE * traction / swinging.max(1e-9);
        speed = wanted.min(speed * 1.5).max(1e-3);
        for at in 0..n {
            let force = forces[at];
            let strength = force.x.hypot(force.y);
            let mut factor = 0.1 * speed / (1.0 + speed * swing(at).sqrt());
            // However strong the force: not farther than this in one step.
            let most = if is_still { STILL_STEP } else { 10.0 };
            if factor * strength > most {
                factor = most / strength;
            }
            places[at].x += force.x * factor;
            places[at].y += force.y * factor;
        }
        before = forces;
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `n` rings of `size` nodes, each ring closely tied, neighbouring rings by one edge.
    fn rings(n: usize, size: usize) -> (usize, Vec<Tie>) {
        let mut ties = Vec::new();
        for ring in 0..n {
            for a in 0..size {
                for b in a + 1..size {
                    ties.push(Tie { a: ring * size + a, b: ring * size + b, weight: 1.0 });
                }
            }
            if ring > 0 {
                ties.push(Tie { a: (ring - 1) * size, b: ring * size, weight: 0.2 });
            }
        }
        (n * size, ties)
    }

    fn apart(a: Point, b: Point) -> f64 {
        (a.x - b.x).hypot(a.y - b.y)
    }

    #[test]
    fn the_same_graph_gives_the_same_picture() {
        let (n, ties) = rings(6, 8);
        assert_eq!(lay_out(n, &ties, &[]), lay_out(n, &ties, &[]));
    }

    #[test]
    fn what_is_tied_stands_nearer_than_what_is_not() {
        let (n, ties) = rings(5, 8);
        let places = lay_out(n, &ties, &[]);
        let mean = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
            let all: Vec<f64> = pairs.map(|(a, b)| apart(places[a], places[b])).collect();
            all.iter().sum::<f64>() / all.len() as f64
        };
        let pairs = || (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
        let inside = mean(&mut pairs().filter(|(a, b)| a / 8 == b / 8));
        let outside = mean(&mut pairs().filter(|(a, b)| a / 8 != b / 8));
        assert!(inside * 2.0 < outside, "{inside} {outside}");
    }

    #[test]
    fn a_picture_keeps_still_when_a_little_is_added() {
        let (n, mut ties) = rings(5, 8);
        let first = lay_out(n, &ties, &[]);
        ties.push(Tie { a: 3, b: n, weight: 0.8 });
        let former: Vec<Option<Point>> = first.iter().copied().map(Some).chain([None]).collect();
        let second = lay_out(n + 1, &ties, &former);
        let size = first.iter().map(|p| p.x.hypot(p.y)).fold(0.0, f64::max);
        let farthest = (0..n).map(|at| apart(first[at], second[at])).fold(0.0, f64::max);
        assert!(farthest < size / 20.0, "{farthest} of {size}");
        let nearest = (0..n)
            .min_by(|a, b| apart(second[*a], second[n]).total_cmp(&apart(second[*b], second[n])));
        assert_eq!(nearest.map(|at| at / 8), Some(0), "what is new stands by its neighbour");
    }

    #[test]
    fn nothing_one_node_and_a_heap_of_nodes_at_one_place_are_no_trouble() {
        assert!(lay_out(0, &[], &[]).is_empty());
        assert_eq!(lay_out(1, &[], &[]).len(), 1);
        let heap = vec![Some(Point { x: 1.0, y: 1.0 }); 50];
        let places = lay_out(50, &[], &heap);
        assert!(places.iter().all(is_finite));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_node_of_any_graph_gets_a_place(
            n in 0usize..30,
            ties in prop::collection::vec((0usize..40, 0usize..40, -1.0f64..2.0), 0..60),
            former in prop::collection::vec(prop::option::of((-1e9f64..1e9, -1e9f64..1e9)), 0..30),
        ) {
            let ties: Vec<Tie> =
                ties.into_iter().map(|(a, b, weight)| Tie { a, b, weight }).collect();
            let former: Vec<Option<Point>> =
                former.into_iter().map(|point| point.map(|(x, y)| Point { x, y })).collect();
            let places = lay_out(n, &ties, &former);
            prop_assert_eq!(places.len(), n);
            prop_assert!(places.iter().all(is_finite));
        }
    }
}
