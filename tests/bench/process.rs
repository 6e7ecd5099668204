//! Runs the real command and takes its time and memory.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// What one run of `rem import` needed.
pub(crate) struct Ran {
    pub(crate) took: Duration,
    /// Bytes; 0 where the system does not tell.
    pub(crate) peak_memory: u64,
}

/// The release build of `rem`, which `cargo xtask bench` makes before.
pub(crate) fn rem() -> Result<PathBuf> {
    let own = env::current_exe().context("finding the bench itself")?;
    let folder = own.parent().and_then(Path::parent).context("finding the build folder")?;
    let rem = folder.join(if cfg!(windows) { "rem.exe" } else { "rem" });
    if !rem.is_file() {
        bail!("{} is not built: run cargo xtask bench", rem.display());
    }
    Ok(rem)
}

/// Imports `folder` into the journal below `data`.
pub(crate) fn run(rem: &Path, data: &Path, folder: &Path) -> Result<Ran> {
    let began = Instant::now();
    let mut child = Command::new(rem)
        .args(["--quiet", "--data-dir"])
        .arg(data)
        .arg("import")
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .context("starting rem import")?;
    let status_file = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_memory = 0;
    let status = loop {
        if let Some(status) = child.try_wait().context("waiting for rem import")? {
            break status;
        }
        peak_memory = peak_memory.max(peak(&status_file));
        thread::sleep(Duration::from_millis(5));
    };
    let took = began.elapsed();
    if !status.success() {
        bail!("rem import ended with {status}");
    }
    Ok(Ran { took, peak_memory })
}

/// The most resident memory a process has had so far.
fn peak(status: &Path) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}

/// An answer, and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let answer = work();
    (answer, began.elapsed())
}
