//! The steps of `cargo xtask test`, in their order: cheap before dear, the core before the window.

use std::{cell::OnceCell, env};

use anyhow::{Context, Result};

use crate::{display::Virtual, needs, shell, system::System, ui};

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, for its headline.
    pub title: &'static str,
    /// What it needs of the machine.
    pub kind: Kind,
    /// Whether it also belongs to `--fast`.
    pub is_fast: bool,
    /// Does it.
    pub work: fn(&Machine) -> Result<Outcome>,
}

/// What a step needs of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rust, nothing else to build.
    Rust,
    /// Rust and the libraries of the window, unless it is done the fast way.
    Workspace,
    /// Node and npm.
    Pages,
    /// A display and a driver.
    Window,
}

/// How a step ended, if it did not fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// It was not done, and why.
    Skipped(String),
}

/// What the steps know of the machine.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Its system.
    pub system: System,
    /// Whether the desktop package is left out.
    pub is_fast: bool,
    node: OnceCell<String>,
}

impl Machine {
    /// A machine that is looked at only as far as a step needs it.
    pub(crate) fn new(system: System, is_fast: bool) -> Self {
        Self { system, is_fast, node: OnceCell::new() }
    }

    /// Node's version.
    ///
    /// # Errors
    /// Node is missing or too old.
    pub(crate) fn node(&self) -> Result<&str> {
        if let Some(version) = self.node.get() {
            return Ok(version);
        }
        let version = ui::meet_node(&self.system)?;
        Ok(self.node.get_or_init(|| version))
    }
}

/// Pages inside the program, as it is shipped.
const SHIPPED: &str = "rem-journal/custom-protocol";
const SHIPPED_AND_WINDOW_TESTS: &str = "rem-journal/custom-protocol,rem-tests/desktop";

/// All steps.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", title: "Rust is formatted", kind: Kind::Rust, is_fast: true, work: fmt },
    Step {
        name: "licences",
        title: "Licences and origins of what we build on",
        kind: Kind::Rust,
        is_fast: false,
        work: licences,
    },
    Step {
        name: "ui-install",
        title: "The packages of the pages",
        kind: Kind::Pages,
        is_fast: true,
        work: |machine| done(ui::install(machine.node()?)),
    },
    Step {
        name: "ui-lint",
        title: "The pages are linted and formatted",
        kind: Kind::Pages,
        is_fast: true,
        work: |machine| npm(machine, "lint"),
    },
    Step {
        name: "ui-check",
        title: "The types of the pages",
        kind: Kind::Pages,
        is_fast: true,
        work: |machine| npm(machine, "check"),
    },
    Step {
        name: "ui-test",
        title: "The tests of the pages",
        kind: Kind::Pages,
        is_fast: true,
        work: |machine| npm(machine, "test"),
    },
    Step {
        name: "ui-build",
        title: "The pages, built",
        kind: Kind::Pages,
        is_fast: false,
        work: |machine| done(ui::build(machine.node()?)),
    },
    Step {
        name: "clippy",
        title: "Rust without a warning",
        kind: Kind::Workspace,
        is_fast: true,
        work: clippy,
    },
    Step {
        name: "docs",
        title: "The documentation of the core",
        kind: Kind::Rust,
        is_fast: false,
        work: docs,
    },
    Step {
        name: "build",
        title: "Programs and tests, built",
        kind: Kind::Workspace,
        is_fast: true,
        work: build,
    },
    Step {
        name: "test",
        title: "The tests of core, command line, shell, rules and behaviour",
        kind: Kind::Workspace,
        is_fast: true,
        work: test,
    },
    Step {
        name: "window",
        title: "The real window, clicked",
        kind: Kind::Window,
        is_fast: false,
        work: window,
    },
];

fn done(result: Result<()>) -> Result<Outcome> {
    result.map(|()| Outcome::Done)
}

fn fmt(_: &Machine) -> Result<Outcome> {
    done(shell::finish(&mut shell::cargo(&["fmt", "--all", "--check"])))
}

fn npm(machine: &Machine, script: &str) -> Result<Outcome> {
    machine.node()?;
    done(shell::finish(&mut shell::npm(&["run", "--silent", script])))
}

/// Building cargo-deny takes longer than all other steps together, so it is used where it is and not
/// installed. The rules tests read the same `deny.toml` and are never skipped.
fn licences(_: &Machine) -> Result<Outcome> {
    if !shell::succeeds(&mut shell::cargo(&["deny", "--version"])) {
        return Ok(Outcome::Skipped(
            "no cargo-deny here (cargo install cargo-deny --locked); the rules tests check licences \
             and origins all the same, security advisories were not checked"
                .into(),
        ));
    }
    shell::finish(&mut shell::cargo(&["deny", "check", "licenses", "bans", "sources"]))?;
    if !shell::answers_at("github.com", 443) {
        shell::say(
            "Security advisories were NOT checked: their list is on github.com, which does not answer.",
        );
        return Ok(Outcome::Done);
    }
    done(shell::finish(&mut shell::cargo(&["deny", "check", "advisories"])))
}

fn clippy(machine: &Machine) -> Result<Outcome> {
    let mut clippy = shell::cargo(&["clippy", "--locked", "--all-targets"]);
    if !machine.is_fast {
        clippy.args(["--workspace", "--features", "rem-tests/desktop"]);
    }
    done(shell::finish(clippy.args(["--", "-D", "warnings"])))
}

fn docs(_: &Machine) -> Result<Outcome> {
    let mut doc = shell::cargo(&["doc", "--locked", "-p", "rem-core", "--no-deps"]);
    done(shell::finish(doc.env("RUSTDOCFLAGS", "-D warnings")))
}

/// All packages at once, here and in the steps after it: a package that is built alone gets other
/// features of the libraries it shares, and everything would be built twice.
fn build(machine: &Machine) -> Result<Outcome> {
    let mut build = shell::cargo(&["build", "--locked", "--bins", "--tests"]);
    if !machine.is_fast {
        build.args(["--workspace", "--features", SHIPPED]);
    }
    done(shell::finish(&mut build))
}

fn test(machine: &Machine) -> Result<Outcome> {
    let mut test = shell::cargo(&["test", "--locked", "--no-fail-fast"]);
    if !machine.is_fast {
        test.args(["--workspace", "--features", SHIPPED]);
    }
    done(shell::finish(&mut test))
}

fn window(machine: &Machine) -> Result<Outcome> {
    if matches!(machine.system, System::Mac | System::Windows) {
        return Ok(Outcome::Skipped(format!(
            "{} has no display without a screen, and no driver for its web view",
            machine.system.name()
        )));
    }
    ui::install(machine.node()?)?;
    ui::build(machine.node()?)?;
    let shared = ["--workspace", "--locked", "--features", SHIPPED_AND_WINDOW_TESTS];
    shell::finish(shell::cargo(&["build", "--bins", "--tests"]).args(shared))?;
    let tauri_driver = needs::tauri_driver()?;
    let webkit_driver = shell::find("WebKitWebDriver", &needs::driver_folders())
        .context("WebKitWebDriver is missing: `cargo xtask test` without --only installs it")?;
    let binary =
        shell::target().join("debug").join(format!("rem-journal{}", env::consts::EXE_SUFFIX));
    let display = Virtual::start()?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tests = shell::program("dbus-run-session");
    tests.arg("--").arg(cargo).arg("test").args(shared).args(["--test", "desktop"]);
    display.show_here(&mut tests);
    tests
        .env("REM_DESKTOP_BINARY", binary)
        .env("TAURI_DRIVER", tauri_driver)
        .env("WEBKIT_DRIVER", webkit_driver);
    done(shell::finish(&mut tests))
}
