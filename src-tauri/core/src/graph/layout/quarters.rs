//! The plane cut into quarters of quarters, each with the mass and the middle of what is in it: what is far
//! away pushes as one.

use super::Point;

/// Quarters of quarters; what stands nearer to each other than this tells apart is one heap.
const DEEPEST: u32 = 40;
/// Nodes that stand at one place push each other as if they stood so far apart.
const NEAREST: f64 = 0.01;

const NONE: usize = usize::MAX;

#[derive(Debug, Clone)]
struct Square {
    middle: Point,
    /// Half of its side.
    half: f64,
    mass: f64,
    /// Of what is in it.
    centre: Point,
    children: [usize; 4],
    /// Nodes, where it is not cut: one, or a heap at one place.
    nodes: Vec<usize>,
}

impl Square {
    fn new(middle: Point, half: f64) -> Self {
        Self {
            middle,
            half,
            mass: 0.0,
            centre: Point::default(),
            children: [NONE; 4],
            nodes: Vec::new(),
        }
    }

    fn is_cut(&self) -> bool {
        self.children.iter().any(|child| *child != NONE)
    }
}

/// All squares, the whole plane first.
pub(super) struct Quarters(Vec<Square>);

impl Quarters {
    pub(super) fn of(places: &[Point], mass: &[f64]) -> Self {
        let least = |of: fn(&Point) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Point) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (left, right) = (least(|p| p.x), most(|p| p.x));
        let (top, bottom) = (least(|p| p.y), most(|p| p.y));
        let middle = Point { x: f64::midpoint(left, right), y: f64::midpoint(top, bottom) };
        let half = ((right - left).max(bottom - top) / 2.0).max(NEAREST);
        let mut quarters = Self(Vec::with_capacity(2 * places.len() + 1));
        quarters.0.push(Square::new(middle, half));
        for at in 0..places.len() {
            quarters.put(at, places, mass);
        }
        for square in &mut quarters.0 {
            square.centre.x /= square.mass.max(f64::MIN_POSITIVE);
            square.centre.y /= square.mass.max(f64::MIN_POSITIVE);
        }
        quarters
    }

    fn put(&mut self, node: usize, places: &[Point], mass: &[f64]) {
        let mut at = 0;
        for depth in 0.. {
            self.weigh(at, places[node], mass[node]);
            let square = &self.0[at];
            if !square.is_cut() {
                if square.nodes.is_empty() || depth >= DEEPEST {
                    self.0[at].nodes.push(node);
                    return;
                }
                // Who was here goes one deeper, and so does this one.
                for other in std::mem::take(&mut self.0[at].nodes) {
                    let child = self.child(at, places[other]);
                    self.weigh(child, places[other], mass[other]);
                    self.0[child].nodes.push(other);
                }
            }
            at = self.child(at, places[node]);
        }
    }

    fn weigh(&mut self, at: usize, place: Point, mass: f64) {
        let square = &mut self.0[at];
        square.mass += mass;
        square.centre.x += place.x * mass;
        square.centre.y += place.y * mass;
    }

    /// The quarter of a square in which a place lies.
    fn child(&mut self, at: usize, place: Point) -> usize {
        let Square { middle, half, children, .. } = self.0[at];
        let (is_right, is_below) = (place.x >= middle.x, place.y >= middle.y);
        let which = usize::from(is_right) + 2 * usize::from(is_below);
        if children[which] != NONE {
            return children[which];
        }
        let half = half / 2.0;
        let middle = Point {
            x: middle.x + if is_right { half } else { -half },
            y: middle.y + if is_below { half } else { -half },
        };
        let new = self.0.len();
        self.0.push(Square::new(middle, half));
        self.0[at].children[which] = new;
        new
    }

    /// How all others push a node, by their masses.
    pub(super) fn push(&self, node: usize, place: Point, mass: &[f64], angle: f64) -> Point {
        let mut sum = Point::default();
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            let square = &self.0[at];
            let (dx, dy) = (place.x - square.centre.x, place.y - square.centre.y);
            let far = dx.hypot(dy);
            if !square.is_cut() {
                for other in square.nodes.iter().filter(|other| **other != node) {
                    // Of a heap each goes another way.
                    let (dx, dy, far) = if far < NEAREST {
                        let turn = (node as f64 - *other as f64) * super::GOLDEN_ANGLE;
                        (turn.cos() * NEAREST, turn.sin() * NEAREST, NEAREST)
                    } else {
                        (dx, dy, far)
                    };
                    sum.x += mass[*other] * dx / (far * far);
                    sum.y += mass[*other] * dy / (far * far);
                }
            } else if 2.0 * square.half < angle * far {
                sum.x += square.mass * dx / (far * far);
                sum.y += square.mass * dy / (far * far);
            } else {
                open.extend(square.children.iter().copied().filter(|child| *child != NONE));
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exactly(node: usize, places: &[Point]) -> Point {
        let mut sum = Point::default();
        for (at, other) in places.iter().enumerate().filter(|(at, _)| *at != node) {
            let (dx, dy) = (places[node].x - other.x, places[node].y - other.y);
            let far = dx.hypot(dy);
            sum.x += (1.0 + at as f64) * dx / (far * far);
            sum.y += (1.0 + at as f64) * dy / (far * far);
        }
        sum
    }

    proptest! {
        #[test]
        fn no_quarter_is_taken_as_one_at_angle_0_and_the_push_is_exact(
            places in prop::collection::btree_set((-300i32..300, -300i32..300), 2..40),
        ) {
            let places: Vec<Point> = places
                .into_iter()
                .map(|(x, y)| Point { x: f64::from(x), y: f64::from(y) })
                .collect();
            let mass: Vec<f64> = (0..places.len()).map(|at| 1.0 + at as f64).collect();
            let quarters = Quarters::of(&places, &mass);
            for at in 0..places.len() {
                let (found, wanted) = (quarters.push(at, places[at], &mass, 0.0), exactly(at, &places));
                prop_assert!((found.x - wanted.x).abs() < 1e-6 && (found.y - wanted.y).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn what_is_far_pushes_nearly_as_it_would_one_by_one() {
        let places: Vec<Point> = (0..400).map(super::super::on_spiral).collect();
        let mass: Vec<f64> = (0..400).map(|at| 1.0 + f64::from(at)).collect();
        let quarters = Quarters::of(&places, &mass);
        let (mut off, mut all) = (0.0, 0.0);
        for at in 0..400 {
            let (found, wanted) = (quarters.push(at, places[at], &mass, 1.0), exactly(at, &places));
            off += (found.x - wanted.x).hypot(found.y - wanted.y);
            all += wanted.x.hypot(wanted.y);
        }
        assert!(off < 0.1 * all, "{off} of {all}");
    }
}
