//! The desktop shell: window, tray, one instance per journal, and the bridge to `rem_core::api`.
//!
//! This is the only code that knows Tauri. It decides nothing about the journal itself.
// Windows would open a console beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod acts;
mod args;
mod bridge;
mod forward;
mod instance;
mod log;
mod night;
mod opening;
mod senses;
mod shell;
mod tray;
mod tray_words;
mod window;

use std::{process::ExitCode, time::Instant};

use anyhow::Context;
use tauri::WindowEvent;

use crate::{
    args::{Ask, Wish},
    instance::{Instance, Start},
    opening::Opened,
    shell::{Place, Shell},
};

fn main() -> ExitCode {
    let started = Instant::now();
    let asked = match args::parse(std::env::args_os().skip(1)) {
        Ok(Ask::Run(asked)) => asked,
        Ok(Ask::Say(text)) => {
            println!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    prepare_environment();
    match run(started, &asked) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("The app could not start: {error:#}");
            eprintln!("rem-journal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(started: Instant, asked: &args::Asked) -> anyhow::Result<ExitCode> {
    let place = Place::find(asked.journal.as_deref())?;
    log::start(&place.data_dir);
    let instance = match instance::start(&place.desktop, asked.wish)? {
        Start::First(instance) => instance,
        Start::Passed => return Ok(ExitCode::SUCCESS),
    };
    anyhow::ensure!(
        has_screen(),
        "there is no screen (neither WAYLAND_DISPLAY nor DISPLAY is set); the command `rem` works without one"
    );
    // The window does not wait for the journal, nor the journal for the window.
    let opened = Opened::begin(&place);
    run_window(Shell::new(started, place, opened), instance, asked.wish)
}

fn run_window(shell: Shell, instance: Instance, wish: Wish) -> anyhow::Result<ExitCode> {
    let window_state = tauri_plugin_window_state::Builder::new()
        .with_state_flags(window::remembered())
        // An absolute name takes the place of the plugin's own folder: the app keeps to one.
        .with_filename(shell.place.desktop.join("window.json").to_string_lossy())
        .with_denylist(&[window::QUICK_NOTE])
        .build();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(window_state)
        .manage(shell)
        .invoke_handler(tauri::generate_handler![
            bridge::call,
            bridge::choose_folder,
            bridge::choose_file,
            bridge::open_quick_note,
            bridge::close_quick_note,
            bridge::ready,
        ])
        .setup(move |app| {
            let app = app.handle();
            tray::put_up(app);
            window::open_main(app, wish)?;
            acts::grant(app, wish);
            night::start(app, instance);
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                window::on_close(window, api);
            }
        })
        .build(tauri::generate_context!())
        .context("the window's machinery could not be set up")?;
    let code = app.run_return(|_app, _event| {
        #[cfg(target_os = "macos")]
        if let tauri::RunEvent::Reopen { .. } = _event {
            acts::grant(_app, Wish::Show);
        }
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// On some graphics drivers WebKit's zero-copy buffers leave the window blank (tauri#9304).
#[expect(unsafe_code, reason = "WebKit takes this switch from the environment only")]
fn prepare_environment() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux") && std::env::var_os(SWITCH).is_none() {
        // SAFETY: called first thing in `main`, when this process has a single thread.
        unsafe { std::env::set_var(SWITCH, "1") };
    }
}

fn has_screen() -> bool {
    !cfg!(target_os = "linux")
        || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}
