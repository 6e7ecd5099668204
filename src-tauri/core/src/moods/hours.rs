//! What was felt at which hour, with which kind of activity.

use std::collections::BTreeMap;

use super::felt::{self, Tally, Window};
use crate::{
    Journal, Result,
    api::moods::{DayPart, HourMoods, MoodByHour, MoodPeak, MoodRequest},
};

/// Felt moments that a share is said of, and moments with the feeling itself: fewer say nothing.
const FEWEST: u32 = 5;
const LISTED: u32 = 12;

pub(crate) fn by_hour(journal: &Journal, request: &MoodRequest) -> Result<MoodByHour> {
    let window = Window::read(request, LISTED)?;
    journal.store().read(|reader| {
        let mut cells: BTreeMap<(u8, String), Tally> = BTreeMap::new();
        let mut parts: BTreeMap<(DayPart, String), Tally> = BTreeMap::new();
        let (mut all, mut n_without_hour) = (Tally::default(), 0);
        let moments = felt::of_days(reader, &window)?;
        for moment in &moments {
            let Some(hour) = moment.hour else {
                n_without_hour += 1;
                continue;
            };
            all.add(moment);
            let kind = || moment.moment_type.clone();
            cells.entry((hour, kind())).or_default().add(moment);
            parts.entry((part_of(hour), kind())).or_default().add(moment);
        }
        let (mut peaks, mut lows) = (Vec::new(), Vec::new());
        let often = all.emotions().into_iter().filter(|count| count.n >= FEWEST);
        let wanted = often.map(|count| count.label);
        let wanted = wanted.filter(|label| window.emotion.as_ref().is_none_or(|one| one == label));
        for label in wanted.take(window.limit) {
            let usual = f64::from(all.of(&label)) / f64::from(all.n_felt.max(1));
            let (peak, low) = extremes(&parts, &label, usual as f32);
            peaks.extend(peak);
            lows.extend(low);
        }
        let cells = cells.into_iter().map(|((hour, moment_type), tally)| HourMoods {
            hour,
            moment_type,
            n_moments: tally.n_moments,
            n_felt: tally.n_felt,
            valence: tally.valence(),
            emotions: tally.emotions(),
        });
        Ok(MoodByHour {
            n_moments: u32::try_from(moments.len()).unwrap_or(u32::MAX),
            n_without_hour,
            n_felt: all.n_felt,
            cells: cells.collect(),
            peaks,
            lows,
        })
    })
}

fn part_of(hour: u8) -> DayPart {
    match hour {
        0..6 => DayPart::Night,
        6..12 => DayPart::Morning,
        12..18 => DayPart::Afternoon,
        _ => DayPart::Evening,
    }
}

/// Where a feeling has its greatest share, and where its smallest; of equals where most was felt. With one
/// part alone there is nothing to compare.
fn extremes(
    parts: &BTreeMap<(DayPart, String), Tally>,
    emotion: &str,
    usual: f32,
) -> (Option<MoodPeak>, Option<MoodPeak>) {
    let mut peaks: Vec<MoodPeak> = parts
        .iter()
        .filter(|(_, tally)| tally.n_felt >= FEWEST)
        .map(|((part, moment_type), tally)| MoodPeak {
            emotion: emotion.to_owned(),
            moment_type: moment_type.clone(),
            part: *part,
            n: tally.of(emotion),
            of: tally.n_felt,
            usual,
        })
        .collect();
    let share = |peak: &MoodPeak| f64::from(peak.n) / f64::from(peak.of);
    // Stable: equals stay in the order of the day.
    peaks.sort_by(|a, b| share(b).total_cmp(&share(a)).then(b.of.cmp(&a.of)));
    if peaks.len() < 2 {
        return (None, None);
    }
    let low =
        peaks.iter().min_by(|a, b| share(a).total_cmp(&share(b)).then(b.of.cmp(&a.of))).cloned();
    let peak = peaks.into_iter().next().filter(|peak| peak.n > 0);
    let low = low.filter(|low| peak.as_ref().is_some_and(|peak| share(low) < share(peak)));
    (peak, low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moods::felt::Felt;

    fn parts(all: &[(DayPart, &str, u32, u32)]) -> BTreeMap<(DayPart, String), Tally> {
        let mut parts: BTreeMap<(DayPart, String), Tally> = BTreeMap::new();
        for (part, kind, with, of) in all {
            let tally = parts.entry((*part, (*kind).to_owned())).or_default();
            for n in 0..*of {
                let label = if n < *with { "frustrated" } else { "calm" };
                tally.add(&Felt {
                    id: 0,
                    moment_type: (*kind).into(),
                    hour: None,
                    emotions: vec![label.into()],
                    valence: 0.0,
                });
            }
        }
        parts
    }

    #[test]
    fn a_feeling_has_its_peak_where_its_share_is_greatest_not_its_number() {
        let parts = parts(&[
            (DayPart::Morning, "work_session", 6, 60),
            (DayPart::Afternoon, "meeting", 5, 10),
            (DayPart::Evening, "rest", 0, 9),
        ]);
        let (peak, low) = extremes(&parts, "frustrated", 0.1);
        let peak = peak.expect("there is one");
        assert_eq!((peak.moment_type.as_str(), peak.n, peak.of), ("meeting", 5, 10));
        assert_eq!(low.expect("there is one").moment_type, "rest");
    }

    #[test]
    fn of_fewer_than_five_nothing_is_said() {
        let parts =
            parts(&[(DayPart::Morning, "debugging", 4, 4), (DayPart::Evening, "rest", 1, 9)]);
        assert_eq!(extremes(&parts, "frustrated", 0.1), (None, None));
    }
}
