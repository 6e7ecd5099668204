//! Numbers about dreams, counted from their rows and reports.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::{
    Result,
    api::{
        dreams::{Stage, StageReport},
        health::{Metric, MetricKind, Sample},
    },
};

/// Bounds of durations, in seconds: a night without a model takes seconds, with one hours.
const BOUNDS: [f64; 8] = [0.1, 0.5, 2.0, 10.0, 60.0, 600.0, 3_600.0, 14_400.0];

type Labels = BTreeMap<String, String>;

/// Durations of things with the same labels.
#[derive(Debug, Default, Clone)]
struct Durations {
    within: [u64; BOUNDS.len()],
    n: u64,
    sum: f64,
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        for (count, bound) in self.within.iter_mut().zip(BOUNDS) {
            *count += u64::from(seconds <= bound);
        }
        self.n += 1;
        self.sum += seconds;
    }
}

/// Numbers by their labels.
#[derive(Debug, Default)]
struct Sums(BTreeMap<Labels, f64>);

impl Sums {
    fn add(&mut self, labels: &[(&str, &str)], n: f64) {
        *self.0.entry(Sample::new(labels, 0.0).labels).or_default() += n;
    }

    fn counter(self, name: &str, help: &str) -> Metric {
        let sample = |(labels, value)| Sample { suffix: String::new(), labels, value };
        Metric::new(MetricKind::Counter, name, help, self.0.into_iter().map(sample))
    }
}

/// Durations by their labels.
#[derive(Debug, Default)]
struct Took(BTreeMap<Labels, Durations>);

impl Took {
    fn add(&mut self, labels: &[(&str, &str)], seconds: f64) {
        self.0.entry(Sample::new(labels, 0.0).labels).or_default().add(seconds);
    }

    fn histogram(self, name: &str, help: &str) -> Metric {
        let mut samples = Vec::new();
        for (labels, took) in self.0 {
            let mut add = |suffix: &str, bound: Option<String>, value: f64| {
                let mut labels = labels.clone();
                labels.extend(bound.map(|bound| ("le".to_owned(), bound)));
                samples.push(Sample { suffix: suffix.into(), labels, value });
            };
            for (bound, n) in BOUNDS.iter().zip(took.within) {
                add("_bucket", Some(bound.to_string()), n as f64);
            }
            add("_bucket", Some("+Inf".into()), took.n as f64);
            add("_sum", None, took.sum);
            add("_count", None, took.n as f64);
        }
        Metric::new(MetricKind::Histogram, name, help, samples)
    }
}

/// The numbers of all dreams that this journal remembers.
pub(crate) fn metrics(reader: &Connection, journal: &str) -> Result<Vec<Metric>> {
    let mut find = reader.prepare(
        "SELECT cause, state, started_at, finished_at,
           CASE WHEN json_type(report, '$.stages') = 'array' THEN json_extract(report, '$.stages') END
         FROM dreams ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    let (mut dreams, mut stages, mut counts, mut decayed) =
        (Sums::default(), Sums::default(), Sums::default(), Sums::default());
    let (mut dreams_took, mut stages_took, mut decay_took) =
        (Took::default(), Took::default(), Took::default());
    while let Some(row) = rows.next()? {
        let (cause, state): (String, String) = (row.get(0)?, row.get(1)?);
        let (began, ended): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
        dreams.add(&[("cause", &cause), ("state", &state)], 1.0);
        if let Some(ended) = ended {
            dreams_took.add(&[("cause", &cause)], (ended - began).max(0) as f64 / 1_000.0);
        }
        let reports: Option<String> = row.get(4)?;
        let reports: Vec<StageReport> =
            reports.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        for report in reports {
            let (stage, end) = (word(&report.stage), word(&report.end));
            let seconds = report.took_ms as f64 / 1_000.0;
            stages.add(&[("stage", &stage), ("end", &end)], 1.0);
            stages_took.add(&[("stage", &stage)], seconds);
            if report.stage == Stage::Decay {
                decay_took.add(&[("journal", journal)], seconds);
                let n = report.counts.get("updated").copied().unwrap_or_default();
                decayed.add(&[("journal", journal)], n);
            }
            for (name, n) in &report.counts {
                counts.add(&[("stage", &stage), ("name", name)], *n);
            }
        }
    }
    Ok(vec![
        dreams.counter("rem_dreams_total", "Dreams, by what set them off and how they ended."),
        dreams_took.histogram("rem_dream_duration_seconds", "How long dreams took."),
        stages.counter("rem_stages_total", "Stages of dreams, by how they ended."),
        stages_took.histogram("rem_stage_duration_seconds", "How long stages took."),
        counts.counter("rem_stage_counts_total", "What stages came to, by their own names."),
        decayed.counter("decay_updated_total", "Strengths that decay has changed."),
        decay_took.histogram("decay_duration_seconds", "How long decay took."),
    ])
}

/// The name of a value on the wire.
fn word(value: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(value).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}
