//! `cargo xtask test`: everything that CI runs, in the same order.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{
    needs::{self, Need},
    shell::{self, headline, say},
    steps::{Kind, Machine, Outcome, STEPS, Step},
    system::System,
};

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    is_fast: bool,
    keeps_going: bool,
    only: Vec<String>,
    lists: bool,
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = parse(args)?;
    let steps: Vec<&Step> = STEPS.iter().filter(|step| is_chosen(step, &options)).collect();
    if options.lists {
        for step in STEPS {
            println!(
                "{:11} {}{}",
                step.name,
                step.title,
                if step.is_fast { "" } else { " (not --fast)" }
            );
        }
        return Ok(());
    }
    let start = Instant::now();
    let machine = Machine::new(System::detect(), options.is_fast);
    prepare(&machine, &steps)?;

    let mut report = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        headline(&format!("{}/{} {}: {}", n + 1, steps.len(), step.name, step.title));
        let begin = Instant::now();
        let outcome = (step.work)(&machine);
        match &outcome {
            Ok(Outcome::Done) => {}
            Ok(Outcome::Skipped(why)) => say(&format!("Skipped: {why}.")),
            Err(error) => say(&format!("FAILED: {error:#}")),
        }
        let has_failed = outcome.is_err();
        report.push(Line { name: step.name, outcome: Some(outcome), took: begin.elapsed() });
        if has_failed && !options.keeps_going {
            break;
        }
    }
    let not_reached = steps.iter().skip(report.len()).map(|step| step.name).collect::<Vec<_>>();
    for name in not_reached {
        report.push(Line { name, outcome: None, took: Duration::ZERO });
    }
    headline("Summary");
    eprint!("{}", table(&report, start.elapsed()));
    let failed: Vec<&str> = report
        .iter()
        .filter(|line| matches!(line.outcome, Some(Err(_))))
        .map(|line| line.name)
        .collect();
    match failed.first() {
        None => Ok(()),
        Some(first) => {
            bail!("{} failed; once more, alone: cargo xtask test --only {first}", failed.join(", "))
        }
    }
}

fn prepare(machine: &Machine, steps: &[&Step]) -> Result<()> {
    let wants = |kind| steps.iter().any(|step| step.kind == kind);
    let wants_rust = wants(Kind::Rust) || wants(Kind::Workspace) || wants(Kind::Window);
    let mut needed: Vec<&[Need]> = Vec::new();
    if wants_rust {
        needed.push(needs::BUILD);
    }
    if wants(Kind::Window) || (wants(Kind::Workspace) && !machine.is_fast) {
        needed.push(needs::WINDOW);
    }
    if wants(Kind::Window) {
        needed.push(needs::WINDOW_TESTS);
    }
    needs::meet(&machine.system, &needed)?;
    if wants_rust {
        needs::meet_rust_tools()?;
    }
    if wants(Kind::Pages) || wants(Kind::Window) {
        machine.node()?;
    }
    shell::headline(&format!("This machine ({}) has what the tests need", machine.system.name()));
    Ok(())
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "--fast" => options.is_fast = true,
            "--keep-going" => options.keeps_going = true,
            "--list" => options.lists = true,
            "--only" => match args.next() {
                Some(name) if STEPS.iter().any(|step| step.name == name) => {
                    options.only.push(name.into())
                }
                Some(name) => {
                    bail!("there is no step “{name}”; `cargo xtask test --list` names them")
                }
                None => {
                    bail!("--only wants the name of a step; `cargo xtask test --list` names them")
                }
            },
            other => bail!("`cargo xtask test` does not know “{other}”; see `cargo xtask help`"),
        }
    }
    Ok(options)
}

fn is_chosen(step: &Step, options: &Options) -> bool {
    if options.only.is_empty() {
        step.is_fast || !options.is_fast
    } else {
        options.only.iter().any(|name| name == step.name)
    }
}

#[derive(Debug)]
struct Line {
    name: &'static str,
    /// Nothing, where an earlier failure ended the run.
    outcome: Option<Result<Outcome>>,
    took: Duration,
}

fn table(report: &[Line], total: Duration) -> String {
    let mut text = String::new();
    for line in report {
        let word = match &line.outcome {
            Some(Ok(Outcome::Done)) => "ok",
            Some(Ok(Outcome::Skipped(_))) => "skipped",
            Some(Err(_)) => "FAILED",
            None => "not reached",
        };
        text.push_str(&format!("    {:11} {:11} {:>7}", line.name, word, clock(line.took)));
        if let Some(Ok(Outcome::Skipped(why))) = &line.outcome {
            text.push_str(&format!("  {why}"));
        }
        text.push('\n');
    }
    text.push_str(&format!("    {:11} {:11} {:>7}\n", "all", "", clock(total)));
    text
}

fn clock(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f32())
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn chosen(line: &str) -> Vec<&'static str> {
        let options = parse(&words(line)).unwrap();
        STEPS.iter().filter(|step| is_chosen(step, &options)).map(|step| step.name).collect()
    }

    #[test]
    fn without_arguments_every_step_is_run_and_the_window_last() {
        assert_eq!(chosen("").len(), STEPS.len());
        assert_eq!(chosen("").last(), Some(&"window"));
    }

    #[test]
    fn fast_leaves_out_what_needs_a_window_but_only_names_exactly_what_is_run() {
        assert!(!chosen("--fast").contains(&"window"));
        assert!(chosen("--fast").contains(&"test"));
        assert_eq!(chosen("--only clippy --only fmt"), ["fmt", "clippy"]);
        assert_eq!(chosen("--fast --only window"), ["window"]);
    }

    #[test]
    fn unknown_words_are_refused_with_advice() {
        for line in ["--only nonsense", "--only", "nonsense"] {
            let message = parse(&words(line)).unwrap_err().to_string();
            assert!(message.contains("cargo xtask"), "{message}");
        }
    }

    #[test]
    fn the_table_tells_skipped_and_not_reached_from_done() {
        let report = [
            Line {
                name: "fmt",
                outcome: Some(Ok(Outcome::Done)),
                took: Duration::from_millis(400),
            },
            Line {
                name: "licences",
                outcome: Some(Ok(Outcome::Skipped("no cargo-deny".into()))),
                took: Duration::ZERO,
            },
            Line {
                name: "clippy",
                outcome: Some(Err(anyhow::anyhow!("lint"))),
                took: Duration::from_secs(61),
            },
            Line { name: "window", outcome: None, took: Duration::ZERO },
        ];
        let text = table(&report, Duration::from_secs(62));
        for part in [
            "ok            0.4 s",
            "skipped",
            "no cargo-deny",
            "FAILED         1:01",
            "not reached",
        ] {
            assert!(text.contains(part), "{part:?} in\n{text}");
        }
    }
}
