//! What a machine needs before this repository can be built and tested, and how it gets it.
//!
//! A need is met when what the build looks for is there (a program, a library known to pkg-config),
//! whoever put it there. Only otherwise is the package manager asked, and then told.

use std::{
    env,
    io::IsTerminal,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{
    shell::{self, say},
    system::System,
};

/// One thing that has to be there.
#[derive(Debug)]
pub(crate) struct Need {
    /// What it is, for systems whose package names we do not know.
    what: &'static str,
    /// Why we want it.
    why: &'static str,
    probe: Probe,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    pacman: &'static [&'static str],
}

#[derive(Debug)]
enum Probe {
    Program(&'static str),
    Library(&'static str),
    /// Loaded at run time only: just the package manager knows.
    Package,
}

/// Enough for everything without a window.
pub(crate) const BUILD: &[Need] = &[Need {
    what: "a C compiler (cc) and the C library's headers",
    why: "SQLite and sqlite-vec are C, and are built into the program",
    probe: Probe::Program("cc"),
    apt: &["gcc", "libc6-dev"],
    dnf: &["gcc"],
    pacman: &["gcc"],
}];

/// What the desktop package needs beyond [`BUILD`].
pub(crate) const WINDOW: &[Need] = &[
    Need {
        what: "pkg-config",
        why: "finds the libraries of the window for the build",
        probe: Probe::Program("pkg-config"),
        apt: &["pkg-config"],
        dnf: &["pkgconf-pkg-config"],
        pacman: &["pkgconf"],
    },
    Need {
        what: "WebKitGTK 4.1 with its headers",
        why: "draws the window",
        probe: Probe::Library("webkit2gtk-4.1"),
        apt: &["libwebkit2gtk-4.1-dev"],
        dnf: &["webkit2gtk4.1-devel"],
        pacman: &["webkit2gtk-4.1"],
    },
    Need {
        what: "libdbus with its headers",
        why: "lets a second start find the window that is already open",
        probe: Probe::Library("dbus-1"),
        apt: &["libdbus-1-dev"],
        dnf: &["dbus-devel"],
        pacman: &["dbus"],
    },
    Need {
        what: "the Ayatana appindicator library for GTK 3",
        why: "shows the moon in the tray",
        probe: Probe::Package,
        apt: &["libayatana-appindicator3-1"],
        dnf: &["libayatana-appindicator-gtk3"],
        pacman: &["libayatana-appindicator"],
    },
];

/// What the tests of the real window need beyond [`WINDOW`].
pub(crate) const WINDOW_TESTS: &[Need] = &[
    Need {
        what: "Xvfb",
        why: "a display without a screen, for the tests of the real window",
        probe: Probe::Program("Xvfb"),
        apt: &["xvfb"],
        dnf: &["xorg-x11-server-Xvfb"],
        pacman: &["xorg-server-xvfb"],
    },
    Need {
        what: "WebKitWebDriver",
        why: "clicks in the real window",
        probe: Probe::Program("WebKitWebDriver"),
        apt: &["webkit2gtk-driver"],
        dnf: &["/usr/bin/WebKitWebDriver"],
        pacman: &["webkitgtk-6.0"],
    },
    Need {
        what: "dbus-run-session",
        why: "a message bus of the tests' own, so that they never talk to your session",
        probe: Probe::Program("dbus-run-session"),
        apt: &["dbus"],
        dnf: &["dbus-daemon"],
        pacman: &["dbus"],
    },
];

impl Need {
    fn packages(&self, system: &System) -> &'static [&'static str] {
        match system {
            System::Debian => self.apt,
            System::Fedora => self.dnf,
            System::Arch => self.pacman,
            _ => &[],
        }
    }
}

/// Where drivers lie on systems that keep them off the search path.
pub(crate) fn driver_folders() -> Vec<PathBuf> {
    ["/usr/lib/webkit2gtk-4.1", "/usr/libexec/webkit2gtk-4.1", "/usr/lib64/webkit2gtk-4.1"]
        .map(PathBuf::from)
        .to_vec()
}

/// Sees to it that all of `needs` are met: says what is missing and why, and installs it.
///
/// # Errors
/// Something is missing that cannot be installed here; the error says what to type.
pub(crate) fn meet(system: &System, needs: &[&[Need]]) -> Result<()> {
    match system {
        System::Windows => return Ok(()),
        System::Mac => {
            if shell::answer("xcode-select", &["-p"]).is_none() {
                bail!(
                    "Apple's command line tools are missing (compiler, SDK): xcode-select --install"
                );
            }
            return Ok(());
        }
        _ => {}
    }
    let unmet: Vec<&Need> =
        needs.iter().copied().flatten().filter(|need| !is_there(&need.probe)).collect();
    let lacks = lacking(system, &unmet, &|package| is_installed(system, package));
    if lacks.is_empty() {
        return Ok(());
    }
    shell::headline(&format!("This machine ({}) lacks:", system.name()));
    for (need, packages) in &lacks {
        let name = if packages.is_empty() { need.what.to_owned() } else { packages.join(" ") };
        say(&format!("{name}: {}", need.why));
    }
    let packages: Vec<&str> = lacks.iter().flat_map(|(_, packages)| packages.clone()).collect();
    if packages.is_empty() {
        bail!("please install the above in the way of your system, then start this again");
    }
    install(system, &packages)
}

/// Installs packages by name, with the rights this takes.
///
/// # Errors
/// There are no rights to install; the error says what to type.
pub(crate) fn install(system: &System, packages: &[&str]) -> Result<()> {
    let rights = Rights::of_this_process();
    let commands = install_commands(system, packages, rights == Rights::Sudo);
    if rights == Rights::None {
        let lines: Vec<String> =
            install_commands(system, packages, shell::find("sudo", &[]).is_some())
                .iter()
                .map(|words| words.join(" "))
                .collect();
        bail!(
            "installing needs an administrator's rights, and nobody is here to be asked. Please run\n\n    \
             {}\n\nas an administrator, then start this again.",
            lines.join(" && ")
        );
    }
    for (n, words) in commands.iter().enumerate() {
        let Some((name, args)) = words.split_first() else { continue };
        let outcome = shell::finish(shell::program(name).args(args));
        // A list of packages that cannot be refreshed may still be good enough to install from.
        if n + 1 == commands.len() {
            outcome?;
        } else if let Err(error) = outcome {
            say(&format!("{error:#}; trying to install all the same"));
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    None,
}

impl Rights {
    fn of_this_process() -> Self {
        let is_root = shell::answer("id", &["-u"]).is_some_and(|id| id == "0");
        let has_sudo = shell::find("sudo", &[]).is_some();
        let can_be_asked = std::io::stdin().is_terminal();
        let asks_nothing = || shell::succeeds(shell::program("sudo").args(["-n", "true"]));
        if is_root {
            Self::Root
        } else if has_sudo && (can_be_asked || asks_nothing()) {
            Self::Sudo
        } else {
            Self::None
        }
    }
}

/// The packages that are not installed, each with the need it answers.
fn lacking<'a>(
    system: &System,
    unmet: &[&'a Need],
    is_installed: &dyn Fn(&str) -> bool,
) -> Vec<(&'a Need, Vec<&'static str>)> {
    unmet
        .iter()
        .filter_map(|need| {
            let all = need.packages(system);
            let absent: Vec<_> =
                all.iter().copied().filter(|package| !is_installed(package)).collect();
            let is_met = if all.is_empty() {
                // Nobody can tell whether it is there: the program itself says so when it starts.
                matches!(need.probe, Probe::Package)
            } else {
                absent.is_empty()
            };
            (!is_met).then_some((*need, absent))
        })
        .collect()
}

fn install_commands(system: &System, packages: &[&str], with_sudo: bool) -> Vec<Vec<String>> {
    let tool: &[&[&str]] = match system {
        System::Debian => &[
            &["apt-get", "update"],
            &[
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
            ],
        ],
        System::Fedora => &[&["dnf", "install", "--assumeyes"]],
        System::Arch => &[&["pacman", "-S", "--needed", "--noconfirm"]],
        _ => &[],
    };
    let mut commands: Vec<Vec<String>> = tool
        .iter()
        .map(|words| {
            let sudo = if with_sudo { &["sudo"][..] } else { &[] };
            sudo.iter().chain(words.iter()).map(|word| (*word).to_owned()).collect()
        })
        .collect();
    if let Some(last) = commands.last_mut() {
        last.extend(packages.iter().map(|package| (*package).to_owned()));
    }
    commands
}

fn is_there(probe: &Probe) -> bool {
    match probe {
        Probe::Program(name) => shell::find(name, &driver_folders()).is_some(),
        Probe::Library(name) => {
            shell::succeeds(shell::program("pkg-config").args(["--exists", name]))
        }
        Probe::Package => false,
    }
}

fn is_installed(system: &System, package: &str) -> bool {
    if package.starts_with('/') {
        return Path::new(package).exists();
    }
    match system {
        System::Debian => {
            shell::answer("dpkg-query", &["-W", "-f=${db:Status-Status}", package])
                // One line per architecture, without a separator.
                .is_some_and(|status| status.starts_with("installed"))
        }
        System::Fedora => shell::succeeds(shell::program("rpm").args(["-q", package])),
        System::Arch => shell::succeeds(shell::program("pacman").args(["-Q", package])),
        _ => false,
    }
}

/// Sees to it that Cargo's `fmt` and `clippy` are there.
///
/// # Errors
/// They are not, and there is no rustup to get them.
pub(crate) fn meet_rust_tools() -> Result<()> {
    let absent: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .iter()
        .filter(|(command, _)| !shell::succeeds(&mut shell::cargo(&[command, "--version"])))
        .map(|(_, component)| *component)
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    if shell::find("rustup", &[]).is_none() {
        bail!(
            "this Rust has no {}: please install it in the way you installed Rust",
            absent.join(" and ")
        );
    }
    shell::headline(&format!("This Rust lacks {}", absent.join(" and ")));
    shell::finish(shell::program("rustup").args(["component", "add"]).args(absent))
}

/// The driver that stands between a test and WebKit's own driver; built once if it is nowhere.
///
/// # Errors
/// It could not be built.
pub(crate) fn tauri_driver() -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = shell::own_folder();
    let folders: Vec<PathBuf> =
        home.into_iter().chain([own.clone()]).map(|folder| folder.join("bin")).collect();
    if let Some(found) = shell::find("tauri-driver", &folders) {
        return Ok(found);
    }
    shell::headline("tauri-driver is missing: it hands the tests' clicks to WebKit's driver");
    let root = own.to_string_lossy().into_owned();
    shell::finish(&mut shell::cargo(&[
        "install",
        "tauri-driver",
        "--locked",
        "--version",
        "^2",
        "--root",
        &root,
    ]))?;
    Ok(own.join("bin/tauri-driver"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<&'static Need> {
        BUILD.iter().chain(WINDOW).chain(WINDOW_TESTS).collect()
    }

    #[test]
    fn only_absent_packages_are_named_and_each_with_its_reason() {
        let lacks = lacking(&System::Debian, &all(), &|package| {
            package != "libc6-dev" && package != "xvfb"
        });
        let named: Vec<_> =
            lacks.iter().map(|(need, packages)| (need.what, packages.clone())).collect();
        assert_eq!(
            named,
            [
                ("a C compiler (cc) and the C library's headers", vec!["libc6-dev"]),
                ("Xvfb", vec!["xvfb"])
            ]
        );
    }

    #[test]
    fn a_machine_with_everything_lacks_nothing() {
        for system in [System::Debian, System::Fedora, System::Arch] {
            assert!(lacking(&system, &all(), &|_| true).is_empty());
        }
    }

    #[test]
    fn an_unknown_system_is_told_what_to_look_for() {
        let system = System::Other("Alpine Linux".into());
        let lacks = lacking(&system, &all(), &|_| false);
        assert!(lacks.iter().all(|(_, packages)| packages.is_empty()));
        assert!(lacks.iter().any(|(need, _)| need.what.contains("WebKitGTK")));
    }

    #[test]
    fn every_need_has_packages_on_every_system_that_installs_them() {
        for need in all() {
            for system in [System::Debian, System::Fedora, System::Arch] {
                assert!(!need.packages(&system).is_empty(), "{} on {}", need.what, system.name());
            }
        }
    }

    #[test]
    fn the_command_line_is_the_one_a_person_would_type() {
        let lines = |system: &System, with_sudo| {
            install_commands(system, &["one", "two"], with_sudo)
                .iter()
                .map(|words| words.join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            lines(&System::Debian, true),
            [
                "sudo apt-get update",
                "sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes \
                 --no-install-recommends one two"
            ]
        );
        assert_eq!(lines(&System::Fedora, false), ["dnf install --assumeyes one two"]);
        assert_eq!(lines(&System::Arch, true), ["sudo pacman -S --needed --noconfirm one two"]);
        assert!(lines(&System::Mac, true).is_empty());
    }
}
