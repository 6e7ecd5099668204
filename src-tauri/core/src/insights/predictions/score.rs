//! How well the journal foretells.

use crate::api::predictions::{CalibrationBin, Score, Settled};

/// So many made-up cases of the stated confidence stand beside the settled ones of a tenth, so that the
/// first few outcomes do not turn it upside down.
const PRIOR: f64 = 5.0;

/// The score of predictions with these confidences and outcomes: Brier (1950).
pub(super) fn score(all: &[(f64, Settled)]) -> Score {
    let mut score = Score::default();
    let mut bins: Vec<CalibrationBin> = (0..10_u32)
        .map(|n| CalibrationBin { from: f64::from(n) / 10.0, ..CalibrationBin::default() })
        .collect();
    let mut sum = 0.0;
    for (confidence, outcome) in all {
        let hit = match outcome {
            Settled::Hit => 1,
            Settled::Miss => 0,
            Settled::Unclear => {
                score.n_unclear += 1;
                continue;
            }
            Settled::Open => continue,
        };
        score.n += 1;
        score.n_hits += hit;
        sum += (confidence - f64::from(hit)).powi(2);
        let bin = &mut bins[tenth(*confidence)];
        bin.n += 1;
        bin.n_hits += hit;
        bin.mean_confidence += confidence;
    }
    if score.n > 0 {
        let n = f64::from(score.n);
        let share = f64::from(score.n_hits) / n;
        score.brier = Some(thousandths(sum / n));
        score.brier_of_base_rate = Some(thousandths(share * (1.0 - share)));
    }
    bins.retain(|bin| bin.n > 0);
    for bin in &mut bins {
        bin.mean_confidence = thousandths(bin.mean_confidence / f64::from(bin.n));
    }
    score.calibration = bins;
    score
}

/// A confidence, corrected by how those of its tenth turned out.
pub(super) fn calibrated(score: &Score, confidence: f64) -> f64 {
    let from = tenth(confidence) as f64 / 10.0;
    let bin = score.calibration.iter().find(|bin| (bin.from - from).abs() < 1e-9);
    bin.map_or(confidence, |bin| {
        let hits = f64::from(bin.n_hits) + PRIOR * confidence;
        thousandths(hits / (f64::from(bin.n) + PRIOR))
    })
}

fn tenth(confidence: f64) -> usize {
    ((confidence * 10.0 + 1e-9) as usize).min(9)
}

fn thousandths(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use Settled::{Hit, Miss, Open, Unclear};

    use super::*;

    #[test]
    fn briers_score_is_the_mean_square_of_what_was_said_less_what_came() {
        // (0.2² + 0.8² + 0.4²) / 3
        let score = score(&[(0.8, Hit), (0.8, Miss), (0.6, Hit), (0.9, Open), (0.9, Unclear)]);
        assert_eq!((score.n, score.n_hits, score.n_unclear), (3, 2, 1));
        assert_eq!(score.brier, Some(0.28));
        assert_eq!(score.brier_of_base_rate, Some(0.222));
    }

    #[test]
    fn who_is_always_right_scores_nothing_and_who_is_always_wrong_scores_one() {
        assert_eq!(score(&[(1.0, Hit), (0.0, Miss)]).brier, Some(0.0));
        assert_eq!(score(&[(0.0, Hit), (1.0, Miss)]).brier, Some(1.0));
        assert_eq!(score(&[(0.9, Open)]).brier, None);
    }

    #[test]
    fn calibration_goes_by_tenths() {
        let score = score(&[(0.7, Hit), (0.75, Miss), (0.3, Miss), (1.0, Hit)]);
        let bins: Vec<(f64, u32, u32, f64)> = score
            .calibration
            .iter()
            .map(|bin| (bin.from, bin.n, bin.n_hits, bin.mean_confidence))
            .collect();
        assert_eq!(bins, [(0.3, 1, 0, 0.3), (0.7, 2, 1, 0.725), (0.9, 1, 1, 1.0)]);
    }

    #[test]
    fn what_is_shown_is_corrected_by_what_came() {
        let missed = score(&[(0.8, Miss); 5]);
        assert_eq!(calibrated(&missed, 0.8), 0.4);
        assert_eq!(calibrated(&missed, 0.5), 0.5, "nothing is known of this tenth");
    }
}
