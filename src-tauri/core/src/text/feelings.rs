//! The feelings that the journal has words for, and where they lie.

/// A feeling: the label, valence (-1 unpleasant to 1 pleasant), arousal (0 still to 1 stirred).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// The word a person would use.
    pub label: &'static str,
    /// -1 to 1.
    pub valence: f32,
    /// 0 to 1.
    pub arousal: f32,
}

const fn at(label: &'static str, valence: f32, arousal: f32) -> Placement {
    Placement { label, valence, arousal }
}

/// All feelings, placed by hand after the circumplex of Russell (1980): the angles follow his Figure
/// 2, the distances from the middle our own judgement of how strong the everyday word is.
pub const FEELINGS: [Placement; 30] = [
    at("joyful", 0.85, 0.65),
    at("content", 0.7, 0.3),
    at("grateful", 0.75, 0.4),
    at("proud", 0.7, 0.6),
    at("loving", 0.85, 0.5),
    at("excited", 0.7, 0.9),
    at("hopeful", 0.6, 0.5),
    at("calm", 0.6, 0.1),
    at("focused", 0.4, 0.55),
    at("energetic", 0.6, 0.8),
    at("curious", 0.4, 0.6),
    at("amused", 0.65, 0.6),
    at("relieved", 0.6, 0.25),
    at("surprised", 0.1, 0.85),
    at("tired", -0.35, 0.1),
    at("bored", -0.4, 0.1),
    at("sad", -0.75, 0.3),
    at("lonely", -0.7, 0.3),
    at("anxious", -0.65, 0.85),
    at("worried", -0.55, 0.65),
    at("frustrated", -0.6, 0.7),
    at("angry", -0.75, 0.85),
    at("guilty", -0.6, 0.5),
    at("ashamed", -0.65, 0.55),
    at("disgusted", -0.75, 0.6),
    at("confused", -0.3, 0.55),
    at("hurt", -0.7, 0.55),
    at("overwhelmed", -0.6, 0.8),
    at("determined", 0.45, 0.7),
    at("nostalgic", 0.1, 0.3),
];

/// Where a label lies; `None` for a word that is not one of [`FEELINGS`].
#[must_use]
pub fn placement(label: &str) -> Option<Placement> {
    FEELINGS.iter().copied().find(|feeling| feeling.label == label)
}

/// The label nearest to a point, for a mood given as numbers.
#[must_use]
pub fn nearest(valence: f32, arousal: f32) -> Placement {
    // Arousal spans 1 and valence 2: doubling it makes the plane square.
    let distance = |feeling: &Placement| {
        (feeling.valence - valence).powi(2) + (2.0 * (feeling.arousal - arousal)).powi(2)
    };
    FEELINGS
        .iter()
        .copied()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(FEELINGS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feeling_lies_on_the_plane() {
        for feeling in FEELINGS {
            assert!((-1.0..=1.0).contains(&feeling.valence), "{}", feeling.label);
            assert!((0.0..=1.0).contains(&feeling.arousal), "{}", feeling.label);
            assert_eq!(placement(feeling.label), Some(feeling));
            assert_eq!(nearest(feeling.valence, feeling.arousal).label, feeling.label);
        }
    }
}
