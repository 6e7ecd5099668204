//! Which embedder is wanted, and from which cosine on two texts count as alike under one.

use super::Embedder;
use crate::store::vectors::EmbedderRow;

/// Which embedder a journal's vectors are to come from.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The built-in one, by the person's choice.
    BuiltIn,
    /// A model that can be asked now.
    Model(&'a dyn Embedder),
    /// Whichever is used already: the model that is wanted cannot be asked now, and its vectors must
    /// not be mixed with others or thrown away for that.
    Same,
}

/// How far above the likeness of two texts that have nothing to do with each other, in deviations of it,
/// a text counts as related.
const RELATED_DEVIATIONS: f32 = 2.0;
/// The same for an edge between two resources. One unlike pair in about 700 lies above, if their cosines
/// are spread normally.
const AFFINITY_DEVIATIONS: f32 = 3.0;
/// Where too few texts were there to measure: the threshold of REM's affinity (`affinity.threshold`),
/// and the same less what lies between ours.
const UNMEASURED: (f32, f32) = (0.6, 0.7);
/// No measure makes everything alike, or nothing.
const LEAST: f32 = 0.25;
const MOST: f32 = 0.95;

/// Cosines of hashed words have a scale of their own. Related moments: as measured with the first
/// embedder, no more than common words are shared below.
const BUILT_IN: (f32, f32) = (0.28, 0.35);

/// The least cosine of two related moments.
pub(crate) fn related(embedder: &EmbedderRow) -> f32 {
    threshold(embedder, RELATED_DEVIATIONS, |pair| pair.0)
}

/// The least cosine of two resources between which there is an edge.
pub(crate) fn affinity(embedder: &EmbedderRow) -> f32 {
    threshold(embedder, AFFINITY_DEVIATIONS, |pair| pair.1)
}

fn threshold(embedder: &EmbedderRow, deviations: f32, of: fn((f32, f32)) -> f32) -> f32 {
    if embedder.is_built_in() {
        return of(BUILT_IN);
    }
    match embedder.alike {
        Some((mean, spread)) => (mean + deviations * spread).clamp(LEAST, MOST),
        None => of(UNMEASURED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(alike: Option<(f32, f32)>) -> EmbedderRow {
        EmbedderRow {
            id: 2,
            name: "nomic-embed-text".into(),
            digest: "a".into(),
            dimensions: 768,
            prefix: String::new(),
            alike,
        }
    }

    #[test]
    fn a_model_whose_unlike_texts_are_near_each_other_has_a_higher_threshold() {
        let tight = affinity(&model(Some((0.6, 0.05))));
        let wide = affinity(&model(Some((0.1, 0.1))));
        assert!((tight - 0.75).abs() < 1e-6 && (wide - 0.4).abs() < 1e-6, "{tight} {wide}");
        assert!(related(&model(Some((0.6, 0.05)))) < tight);
    }

    #[test]
    fn no_measure_makes_everything_alike_or_nothing() {
        assert!((affinity(&model(Some((0.0, 0.01)))) - LEAST).abs() < 1e-6);
        assert!((affinity(&model(Some((0.9, 0.2)))) - MOST).abs() < 1e-6);
        assert!((affinity(&model(None)) - 0.7).abs() < 1e-6);
    }
}
