//! What a person can ask of the shell from the tray, the command line or a second start.

use std::{
    thread,
    time::{Duration, Instant},
};

use rem_core::{
    Journal,
    api::dreams::{DreamRequest, DreamState},
    error::WireError,
};
use tauri::{AppHandle, Emitter, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::{
    args::Wish,
    shell::{Shell, ShellEvent},
    window,
};

/// How long the end of the app waits for a dream to reach a safe point. It may be cut off anywhere;
/// this only spares the next one some work.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// Does what a start of the app asked for.
pub(crate) fn grant(app: &AppHandle, wish: Wish) {
    match wish {
        Wish::Show => open(app),
        Wish::QuickNote => quick_note(app),
        Wish::Search => search(app),
        Wish::DreamNow => toggle_dream(app, true),
    }
}

/// Brings the main window to the front.
pub(crate) fn open(app: &AppHandle) {
    if let Err(error) = window::show_main(app) {
        tracing::warn!(%error, "The window could not be brought to the front.");
    }
}

/// Brings the main window to the front with the cursor in its search box.
fn search(app: &AppHandle) {
    open(app);
    let event = ShellEvent { action: "search", id: None };
    if let Err(error) = app.emit_to(window::MAIN, "shell", event) {
        tracing::warn!(%error, "The page could not be told.");
    }
}

/// Opens the quick note.
pub(crate) fn quick_note(app: &AppHandle) {
    aside(app, |app| {
        if let Err(error) = window::open_quick_note(app) {
            tracing::warn!(%error, "The quick note could not be opened.");
        }
    });
}

/// Begins a dream or stops the running one. With `is_start` a running one goes on.
pub(crate) fn toggle_dream(app: &AppHandle, is_start: bool) {
    with_journal(app, move |journal| {
        if matches!(journal.dream_state(), DreamState::Dreaming { .. }) {
            if !is_start {
                journal.cancel_dream();
            }
        } else if let Err(error) = journal.start_dream(&request("now")) {
            tracing::warn!(%error, "A dream could not begin.");
        }
    });
}

/// Pauses watching and nightly dreams, or takes them up again.
pub(crate) fn toggle_pause(app: &AppHandle) {
    with_journal(app, |journal| {
        let mut settings = journal.settings();
        settings.is_paused = !settings.is_paused;
        let is_paused = settings.is_paused;
        match journal.change_settings(settings) {
            Ok(_) if is_paused => {}
            // What was written in the meantime.
            Ok(_) => journal.start_scan(None, false),
            Err(error) => tracing::warn!(%error, "Pausing or resuming failed."),
        }
    });
}

/// Ends the app.
pub(crate) fn quit(app: &AppHandle) {
    if !app.state::<Shell>().begin_to_quit() {
        return;
    }
    for window in app.webview_windows().values() {
        let _ = window.hide();
    }
    aside(app, |app| {
        if let Some(journal) = app.state::<Shell>().journal_within(Duration::ZERO) {
            journal.stop();
            let began = Instant::now();
            while matches!(journal.dream_state(), DreamState::Dreaming { .. })
                && began.elapsed() < LAST_WAIT
            {
                thread::sleep(Duration::from_millis(20));
            }
        }
        app.exit(0);
    });
}

/// Says why the journal cannot be opened, and ends. Nothing is made in its place.
pub(crate) fn give_up(app: &AppHandle, error: &WireError) {
    tracing::error!("The journal could not be opened: {}", error.message);
    eprintln!("rem-journal: {}", error.message);
    for window in app.webview_windows().values() {
        let _ = window.hide();
    }
    app.dialog()
        .message(&error.message)
        .title("The journal cannot be opened")
        .kind(MessageDialogKind::Error)
        .blocking_show();
    app.exit(1);
}

/// A dream about everything that is new.
pub(crate) fn request(cause: &str) -> DreamRequest {
    DreamRequest { cause: cause.into(), ..DreamRequest::default() }
}

fn with_journal(app: &AppHandle, work: impl FnOnce(&Journal) + Send + 'static) {
    aside(app, move |app| {
        // If it cannot be opened, the person is being told.
        if let Ok(journal) = app.state::<Shell>().journal() {
            work(&journal);
        }
    });
}

/// Tray and window events arrive on the main thread, which must neither wait for the journal nor build
/// a window inside an event.
fn aside(app: &AppHandle, work: impl FnOnce(&AppHandle) + Send + 'static) {
    let app = app.clone();
    thread::spawn(move || work(&app));
}
