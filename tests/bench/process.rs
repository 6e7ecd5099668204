//! Runs the real command and takes its time and memory.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// What one run of `rem` needed.
pub(crate) struct Ran {
    pub(crate) took: Duration,
    /// Of all its threads, as far as it was seen before it ended; 0 where the system does not tell.
    pub(crate) cpu: Duration,
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
    run_words(rem, data, &["import", &folder.to_string_lossy()])
}

/// Runs a command on the journal below `data`.
pub(crate) fn run_words(rem: &Path, data: &Path, words: &[&str]) -> Result<Ran> {
    let what = || format!("rem {}", words.join(" "));
    let began = Instant::now();
    let mut child = Command::new(rem)
        .args(["--quiet", "--data-dir"])
        .arg(data)
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| format!("starting {}", what()))?;
    let folder = PathBuf::from(format!("/proc/{}", child.id()));
    let (mut peak_memory, mut cpu) = (0, Duration::ZERO);
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("waiting for {}", what()))? {
            break status;
        }
        peak_memory = peak_memory.max(peak(&folder.join("status")));
        cpu = cpu.max(spent(&folder.join("stat")));
        thread::sleep(Duration::from_millis(2));
    };
    let took = began.elapsed();
    if !status.success() {
        bail!("{} ended with {status}", what());
    }
    Ok(Ran { took, cpu, peak_memory })
}

/// The time that this process has computed so far.
pub(crate) fn own_cpu() -> Duration {
    spent(Path::new("/proc/self/stat"))
}

/// The time that a process has computed so far.
fn spent(stat: &Path) -> Duration {
    // The name, which may hold spaces, ends with the last bracket; Linux counts hundredths of a second.
    let text = fs::read_to_string(stat).unwrap_or_default();
    let words: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| words.get(n).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
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
