//! The window's pages: Node, their packages, and the built pages in `ui/dist`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{
    needs,
    shell::{self, headline, say},
    stamp::Stamp,
    system::System,
};

/// Sees to it that Node and npm are there and new enough; installs them where the system's own
/// packages are.
///
/// # Errors
/// They are not; the error says how to get them.
pub(crate) fn meet_node(system: &System) -> Result<String> {
    if let Some(version) = present() {
        return Ok(version);
    }
    let found = shell::answer("node", &["--version"]);
    let what = found.map_or_else(
        || "Node is missing".to_owned(),
        |version| match shell::find("npm", &[]) {
            Some(_) => format!("Node {version} is too old"),
            None => format!("Node {version} is here, but npm is not"),
        },
    );
    if is_offered_by(system) {
        headline(&format!("{what}: it builds the window's pages, and is not part of the program"));
        needs::install(system, &["nodejs", "npm"])?;
        if let Some(version) = present() {
            return Ok(version);
        }
    }
    bail!(
        "{what}. The window's pages are built with Node 20.19, 22.12 or newer, and npm.\n\
         Get it from https://nodejs.org/en/download, with a version manager (`fnm install 22`, \
         `nvm install 22`)\nor, where it is new enough, from your system; then start this again."
    )
}

fn present() -> Option<String> {
    let version = shell::answer("node", &["--version"])?;
    (is_new_enough(&version)
        && shell::find(if cfg!(windows) { "npm.cmd" } else { "npm" }, &[]).is_some())
    .then_some(version)
}

/// Vite's own demand: 20.19 or later in its line, 22.12 or later.
fn is_new_enough(version: &str) -> bool {
    let mut parts =
        version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    match (parts.next(), parts.next()) {
        (Some(20_u32), Some(minor)) => minor >= 19_u32,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        _ => false,
    }
}

fn is_offered_by(system: &System) -> bool {
    match system {
        System::Debian => shell::answer("apt-cache", &["policy", "nodejs"])
            .and_then(|text| candidate(&text))
            .is_some_and(|version| is_new_enough(&version)),
        System::Fedora | System::Arch => true,
        _ => false,
    }
}

/// The version that apt would install.
fn candidate(policy: &str) -> Option<String> {
    let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    let version = line.trim();
    (version != "(none)")
        .then(|| version.split(['+', '~', '-']).next().unwrap_or(version).to_owned())
}

/// Installs the pages' packages, if they are not the ones of the lock file.
///
/// # Errors
/// npm failed.
pub(crate) fn install(node: &str) -> Result<()> {
    let ui = shell::root().join("ui");
    let stamp =
        Stamp::of("npm-ci", &[ui.join("package-lock.json"), ui.join("package.json")], node)?;
    if stamp.is_fresh() && ui.join("node_modules").is_dir() {
        say("the packages are those of package-lock.json");
        return Ok(());
    }
    shell::finish(&mut shell::npm(&["ci", "--no-audit", "--no-fund"]))?;
    stamp.keep()
}

/// Builds `ui/dist`, if its sources changed since the last time.
///
/// # Errors
/// The build failed.
pub(crate) fn build(node: &str) -> Result<()> {
    let stamp = Stamp::of("ui-build", &inputs(), node)?;
    if stamp.is_fresh() && shell::root().join("ui/dist/index.html").is_file() {
        say("ui/dist is up to date");
        return Ok(());
    }
    shell::finish(&mut shell::npm(&["run", "--silent", "build"]))?;
    stamp.keep()
}

/// All of `ui/` but what is made from it.
fn inputs() -> Vec<PathBuf> {
    let made = ["node_modules", "dist", "coverage", "test-results", ".vite", ".svelte-kit"];
    let Ok(entries) = shell::root().join("ui").read_dir() else { return Vec::new() };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| !made.iter().any(|made| name == *made)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_has_to_be_as_new_as_vite_wants_it() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "v23.0.0"] {
            assert!(is_new_enough(good), "{good}");
        }
        for bad in ["v18.20.4", "v20.9.0", "v21.7.0", "v22.3.0", "", "what"] {
            assert!(!is_new_enough(bad), "{bad}");
        }
    }

    #[test]
    fn the_candidate_of_apt_is_read_without_its_revision() {
        let policy = "nodejs:\n  Installed: (none)\n  Candidate: 18.20.4+dfsg-1~deb12u1\n";
        assert_eq!(candidate(policy).as_deref(), Some("18.20.4"));
        assert_eq!(candidate("nodejs:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate(""), None);
    }

    #[test]
    fn what_is_made_from_the_pages_is_not_an_input_of_them() {
        assert!(
            inputs().iter().all(|path| !path.ends_with("node_modules") && !path.ends_with("dist"))
        );
        assert!(inputs().iter().any(|path| path.ends_with("package.json")));
    }
}
