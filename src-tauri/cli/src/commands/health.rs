//! `rem metrics`, `rem doctor` and `rem logs`: the journal seen from outside.

use std::{thread, time::Duration};

use clap::{Args, ValueEnum};
use rem_core::{
    api::{
        Empty,
        health::{Metric, MetricKind, Sample, Verdict, examine, show_metrics},
    },
    error::Attempt as _,
    log,
};

use crate::{
    clean,
    desk::Desk,
    exit::{Exit, Result},
    line::Line,
    page::table,
    palette::Ink,
    wrap,
};

/// Where a finding's words begin.
const COLUMN: usize = 20;
/// How long `--follow` sleeps between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// In which form to tell the numbers.
#[derive(Debug, Args)]
pub(crate) struct Metrics {
    /// In the text format of Prometheus, for a program that collects numbers.
    #[arg(long)]
    prometheus: bool,
}

pub(crate) fn metrics(desk: &mut Desk<'_, '_>, args: &Metrics) -> Result<Exit> {
    let all = show_metrics(&desk.open()?, Empty {})?;
    if desk.is_json() {
        return desk.json(&all);
    }
    if args.prometheus {
        write!(desk.terminal.out, "{}", prometheus(&all))?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = all.iter().flat_map(in_short).collect();
    table::write(desk, &["name", "of", " value"], &rows)?;
    Ok(Exit::Done)
}

/// A line for each number that is not 0; of a histogram how many there were and how long they took in all.
fn in_short(metric: &Metric) -> Vec<Vec<String>> {
    let plain = |suffix: &str| {
        let shown = metric.samples.iter().filter(move |s| s.suffix == suffix && s.value != 0.0);
        shown.map(|sample| (of(sample), sample.value)).collect::<Vec<_>>()
    };
    if metric.kind == MetricKind::Histogram {
        let sums = plain("_sum");
        let took = |of: &str| sums.iter().find(|sum| sum.0 == of).map_or(0.0, |sum| sum.1);
        let row = |(of, n): &(String, f64)| {
            let value = format!("{n:.0} in {} s", number(took(of)));
            vec![metric.name.clone(), of.clone(), value]
        };
        return plain("_count").iter().map(row).collect();
    }
    plain("").into_iter().map(|(of, n)| vec![metric.name.clone(), of, number(n)]).collect()
}

fn of(sample: &Sample) -> String {
    sample.labels.values().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

/// The text format, version 0.0.4: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
fn prometheus(all: &[Metric]) -> String {
    let mut text = String::new();
    for metric in all.iter().filter(|metric| !metric.samples.is_empty()) {
        let kind = match metric.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        };
        let help = metric.help.replace('\\', "\\\\").replace('\n', "\\n");
        text += &format!("# HELP {} {help}\n# TYPE {} {kind}\n", metric.name, metric.name);
        for sample in &metric.samples {
            text +=
                &format!("{}{}{} {}\n", metric.name, sample.suffix, labels(sample), sample.value);
        }
    }
    text
}

fn labels(sample: &Sample) -> String {
    if sample.labels.is_empty() {
        return String::new();
    }
    let label = |(name, value): (&String, &String)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    };
    let all: Vec<String> = sample.labels.iter().map(label).collect();
    format!("{{{}}}", all.join(","))
}

/// Examines the journal, and ends with an error code where something is wrong.
pub(crate) fn doctor(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let found = examine(&desk.open()?, Empty {})?;
    let worst = found.iter().map(|finding| finding.verdict).max();
    if desk.is_json() {
        desk.json(&found)?;
    } else {
        for finding in &found {
            let (sign, ink) = match finding.verdict {
                Verdict::Good => ("well    ", Ink::Quiet),
                Verdict::Notice => ("notice  ", Ink::Warning),
                Verdict::Problem => ("wrong   ", Ink::Warning),
            };
            let first = Line::of(ink, sign).and(Ink::Strong, &finding.name).pad(COLUMN);
            let rest = Line::spaces(COLUMN);
            let says = Line::plain(&finding.says);
            desk.lines(&wrap::hang(&first, &rest, &says, desk.width()))?;
            if !finding.advice.is_empty() {
                desk.indented(COLUMN, &Line::of(Ink::Quiet, &finding.advice))?;
            }
        }
    }
    Ok(if worst == Some(Verdict::Problem) { Exit::Failed } else { Exit::Done })
}

/// Which lines of the log to show.
#[derive(Debug, Args)]
pub(crate) struct Logs {
    /// Go on showing what comes, until Ctrl-C.
    #[arg(long, short)]
    follow: bool,
    /// The last so many lines.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 50)]
    lines: usize,
    /// Only lines that matter at least so much.
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    level: Level,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

pub(crate) fn logs(desk: &mut Desk<'_, '_>, args: &Logs) -> Result<Exit> {
    let folder = log::folder(&desk.data_dir()?);
    let read =
        || log::read(&folder).attempt(|| format!("reading the logs in {}", folder.display()));
    let mut lines = read()?;
    lines.retain(|line| level(line) >= args.level);
    let first = lines.len().saturating_sub(args.lines);
    for line in &lines[first..] {
        show(desk, line)?;
    }
    if lines.is_empty() && !args.follow {
        desk.aside("the log is empty: dreams and faults are written to it")?;
    }
    if !args.follow {
        return Ok(Exit::Done);
    }
    let cancel = desk.interruptible();
    let mut last = lines.last().map(|line| line.at.clone()).unwrap_or_default();
    while !cancel.is_cancelled() {
        desk.flush()?;
        thread::sleep(BETWEEN_LOOKS);
        for line in read()?.iter().filter(|line| line.at > last && level(line) >= args.level) {
            show(desk, line)?;
        }
        if let Some(newest) = read()?.last() {
            last = last.max(newest.at.clone());
        }
    }
    Ok(Exit::Done)
}

fn level(line: &log::Line) -> Level {
    Level::from_str(&line.level, true).unwrap_or(Level::Error)
}

fn show(desk: &mut Desk<'_, '_>, line: &log::Line) -> Result {
    if desk.is_json() {
        writeln!(desk.terminal.out, "{}", clean::json(&line.whole.to_string()))?;
        return Ok(());
    }
    let known = ["timestamp", "level", "message", "target", "spans"];
    let fields = line.whole.as_object().into_iter().flatten();
    let fields: Vec<String> = fields
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name}={text}"),
            None => format!("{name}={value}"),
        })
        .collect();
    let ink = if level(line) >= Level::Warn { Ink::Warning } else { Ink::Plain };
    let text = Line::of(Ink::Quiet, &line.at).and(ink, &format!("  {}  ", line.message));
    desk.text(&text.and(Ink::Quiet, &fields.join(" ")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn labels_cannot_break_out_of_their_quotes() {
        let labels = BTreeMap::from([("model".to_owned(), "a\"} 1\nrem_x{b=\"\\".to_owned())]);
        let metric = Metric {
            name: "rem_calls_total".into(),
            help: "Calls.".into(),
            kind: MetricKind::Counter,
            samples: vec![Sample { suffix: String::new(), labels, value: 3.0 }],
        };
        let text = prometheus(&[metric]);
        assert_eq!(
            text,
            "# HELP rem_calls_total Calls.\n# TYPE rem_calls_total counter\n\
             rem_calls_total{model=\"a\\\"} 1\\nrem_x{b=\\\"\\\\\"} 3\n"
        );
    }
}
