//! The binary `rem`: gives [`rem_cli::run`] the process's streams, clock, place and signals.

mod senses;

use std::{
    env,
    io::{self, BufWriter, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
    thread,
};

use console::Term;
use rem_cli::{Exit, Terminal};
use rem_core::{
    clock::Clock,
    journal::Cancel,
    mind::{
        around::{Around, OLLAMA_HOST},
        keychain::SystemKeychain,
    },
};

use crate::senses::Machine;

fn main() -> ExitCode {
    let stdout = io::stdout();
    #[expect(clippy::disallowed_methods, reason = "a shell is where the clock comes from")]
    let clock = Clock::from_fn(chrono::Utc::now);
    let mut terminal = Terminal {
        is_input_terminal: io::stdin().is_terminal(),
        is_out_terminal: stdout.is_terminal(),
        is_err_terminal: io::stderr().is_terminal(),
        width: columns(),
        is_plain: is_set("NO_COLOR") || env::var_os("TERM").is_some_and(|term| term == "dumb"),
        clock,
        zone: iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".into()),
        data_dir: directories::ProjectDirs::from("", "", "rem-journal")
            .map(|places| places.data_dir().to_path_buf()),
        program: env::current_exe().ok(),
        keeps_log: true,
        around: around(),
        on_interrupt: &listen,
        ask_secret: &ask_secret,
        // Not locked: a secret is read from the same input.
        input: &mut io::stdin(),
        // Not locked either: what assistant programs are told is written by another thread.
        out: &mut BufWriter::new(stdout),
        err: &mut io::stderr(),
    };
    rem_cli::run(env::args_os(), &mut terminal).into()
}

fn around() -> Around {
    Around {
        ollama_host: Some(env::var("OLLAMA_HOST").unwrap_or_else(|_| OLLAMA_HOST.into())),
        memory_bytes: memory_bytes(),
        keychain: Arc::new(SystemKeychain::default()),
        senses: Arc::new(Machine),
        host: sysinfo::System::host_name().unwrap_or_default(),
        program: "rem".into(),
        ..Around::default()
    }
}

fn memory_bytes() -> u64 {
    let memory = sysinfo::MemoryRefreshKind::nothing().with_ram();
    let kinds = sysinfo::RefreshKind::nothing().with_memory(memory);
    sysinfo::System::new_with_specifics(kinds).map_or(0, |system| system.total_memory())
}

/// On whichever of both streams a person can read the question.
fn ask_secret(question: &str) -> io::Result<String> {
    let terminal = [Term::stderr(), Term::stdout()].into_iter().find(Term::is_term);
    let terminal = terminal.ok_or_else(|| io::Error::other("no terminal to ask on"))?;
    terminal.write_str(question)?;
    terminal.read_secure_line()
}

/// `COLUMNS` wins over the terminal's own answer; a pipe has neither.
fn columns() -> Option<usize> {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| comfy_table::Table::new().width().map(usize::from)).filter(|width| *width > 0)
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The first interrupt asks to stop at the next safe place, the second stops at once. Both are safe:
/// what was not committed is not there.
fn listen(cancel: &Cancel) {
    let cancel = cancel.clone();
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(interrupts(|| {
            if cancel.is_cancelled() {
                std::process::exit(i32::from(Exit::Cancelled as u8));
            }
            cancel.cancel();
            let message = "stopping at the next safe place; press Ctrl-C again to stop at once";
            let _ = writeln!(io::stderr(), "rem: {message}");
        }));
    });
}

#[cfg(unix)]
async fn interrupts(mut tell: impl FnMut()) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    loop {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tell();
    }
}

#[cfg(not(unix))]
async fn interrupts(mut tell: impl FnMut()) {
    while tokio::signal::ctrl_c().await.is_ok() {
        tell();
    }
}
