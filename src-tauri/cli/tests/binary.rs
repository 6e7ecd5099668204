//! What only a real process shows: the exit code, pipes, the environment, standard input.

#![expect(clippy::unwrap_used, reason = "what a test prepares is there, or the test is broken")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use assert_cmd::{assert::OutputAssertExt as _, cargo::cargo_bin_cmd};
use predicates::str::{contains, ends_with, is_empty, starts_with};
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn rem(&self) -> assert_cmd::Command {
        let mut command = cargo_bin_cmd!("rem");
        command.env_remove("REM_JOURNAL").env("REM_DATA_DIR", self.0.path());
        // The person's own models are none of these tests' business.
        command.env("OLLAMA_HOST", "127.0.0.1:1");
        command
    }
}

#[test]
fn exit_codes_reach_the_shell() {
    let home = Home::new();
    home.rem().args(["add", "hello"]).assert().code(0).stderr(is_empty());
    home.rem().args(["frobnicate"]).assert().code(2).stderr(contains("frobnicate"));
    home.rem().assert().code(2).stderr(contains("Usage"));
    home.rem().args(["show", "99"]).assert().code(3).stderr(starts_with("rem: there is no moment"));
    home.rem().args(["import", "/no/such/place"]).assert().code(1);
}

#[test]
fn a_note_comes_from_standard_input() {
    let home = Home::new();
    home.rem().args(["add", "-"]).write_stdin("from a pipe\n").assert().success();
    home.rem().args(["show", "record:1"]).assert().success().stdout(ends_with("\nfrom a pipe\n"));
}

#[test]
fn the_environment_names_the_journal_and_flags_win_over_it() {
    let home = Home::new();
    home.rem().args(["init"]).env("REM_JOURNAL", "work").assert().success();
    home.rem().args(["journals"]).assert().success().stdout("work\n");
    let elsewhere = Home::new();
    let dir = elsewhere.0.path().as_os_str();
    home.rem().arg("--data-dir").arg(dir).arg("journals").assert().success().stdout("");
    home.rem().args(["--journal", "nope", "status"]).assert().code(3);
}

#[test]
fn columns_are_respected_and_a_pipe_has_eighty() {
    let home = Home::new();
    let long =
        "a fairly long note that has to be wrapped because it is wider than most terminals are";
    home.rem().args(["add", long]).assert().success();
    let widest = |command: &mut assert_cmd::Command| {
        let out = command.args(["show", "record:1"]).output().unwrap().stdout;
        String::from_utf8(out).unwrap().lines().map(|line| line.chars().count()).max()
    };
    assert!(widest(&mut home.rem()) > Some(60));
    assert!(widest(home.rem().env("COLUMNS", "40")) <= Some(40));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let home = Home::new();
    for n in 0..20 {
        home.rem().args(["add", &format!("note {n}")]).assert().success();
    }
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rem"))
        .args(["completions", "bash"])
        .env("REM_DATA_DIR", home.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::with_capacity(16, child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);
    child.wait_with_output().unwrap().assert().code(0).stderr(is_empty());
}

#[test]
fn a_pipe_that_is_closed_at_once_is_no_error_either() {
    let home = Home::new();
    home.rem().args(["add", "a note"]).assert().success();
    for words in [&["today"][..], &["--help"], &["status", "--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(assert_cmd::cargo::cargo_bin!("rem"))
            .args(words)
            .env("REM_DATA_DIR", home.0.path())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        output.assert().code(0).stderr(is_empty());
    }
}

#[test]
fn completions_are_a_script() {
    let home = Home::new();
    home.rem().args(["completions", "bash"]).assert().success().stdout(contains("_rem()"));
    home.rem().args(["completions", "tcsh"]).assert().code(2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_watching_politely() {
    let home = Home::new();
    let notes = home.0.path().join("notes");
    std::fs::create_dir(&notes).unwrap();
    home.rem().arg("init").arg(&notes).assert().success();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rem"))
        .arg("watch")
        .env("REM_DATA_DIR", home.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.contains("following notes"), "{line}");
    let pid = child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    child.wait_with_output().unwrap().assert().code(0);
}
