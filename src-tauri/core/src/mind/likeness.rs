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

/// For the built-in embedder the least cosine of two related moments, and of two resources between which
/// there is an edge. Measured on the sample journal: of 8,911 pairs of its moments one in 250 lies above
/// the first, of 406 pairs of its notes and conversations one in 70 above the second; below, pairs
/// share no more than common words.
const BUILT_IN: (f32, f32) = (0.28, 0.30);
/// How many deviations above the mean of unlike texts a model's thresholds lie: as many as the built-in
/// ones do on the sample journal, where its mean is 0.021 and its deviation 0.074.
const DEVIATIONS: (f32, f32) = (3.5, 3.8);
/// Where too few texts were there to measure: the threshold of REM's affinity (`affinity.threshold`)
/// for both.
const UNMEASURED: (f32, f32) = (0.7, 0.7);
/// No measure makes everything alike, or nothing.
const LEAST: f32 = 0.25;
const MOST: f32 = 0.95;

/// The least cosine of two related moments.
pub(crate) fn related(embedder: &EmbedderRow) -> f32 {
    threshold(embedder, |pair| pair.0)
}

/// The least cosine of two resources between which there is an edge.
pub(crate) fn affinity(embedder: &EmbedderRow) -> f32 {
    threshold(embedder, |pair| pair.1)
}

fn threshold(embedder: &EmbedderRow, of: fn((f32, f32)) -> f32) -> f32 {
    if embedder.is_built_in() {
        return of(BUILT_IN);
    }
    match embedder.alike {
        Some((mean, spread)) => (mean + of(DEVIATIONS) * spread).clamp(LEAST, MOST),
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
        assert!((tight - 0.79).abs() < 1e-6 && (wide - 0.48).abs() < 1e-6, "{tight} {wide}");
        assert!(related(&model(Some((0.6, 0.05)))) < tight);
    }

    #[test]
    fn no_measure_makes_everything_alike_or_nothing() {
        assert!((affinity(&model(Some((0.0, 0.01)))) - LEAST).abs() < 1e-6);
        assert!((affinity(&model(Some((0.9, 0.2)))) - MOST).abs() < 1e-6);
        assert!((affinity(&model(None)) - 0.7).abs() < 1e-6);
    }
}
