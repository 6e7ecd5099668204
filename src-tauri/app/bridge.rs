//! The page's only door: one command for the journal, and a few for the shell itself.
//!
//! Which of them a window may call at all is said in `tauri.conf.json`; a command that is not listed
//! there is refused before it gets here.

use std::io::{self, Write};

use rem_core::{Error, api, error::WireError};
use serde_json::Value;
use tauri::{AppHandle, Manager, WebviewWindow, async_runtime};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::oneshot;

use crate::{shell::Shell, window};

/// The longest request in bytes. A day's note is a thousandth of this.
const LONGEST_REQUEST: usize = 1_000_000;

type Reply<T> = Result<T, WireError>;

/// Answers one command of the journal's api.
#[tauri::command]
pub(crate) async fn call(window: WebviewWindow, name: String, request: Value) -> Reply<Value> {
    check_caller(&window)?;
    check_size(&request)?;
    let app = window.app_handle().clone();
    on_a_thread(move || api::dispatch(&app.state::<Shell>().journal()?, &name, request)).await
}

/// Lets the person choose a folder.
#[tauri::command]
pub(crate) async fn choose_folder(window: WebviewWindow) -> Reply<Option<String>> {
    check_caller(&window)?;
    let (send, chosen) = oneshot::channel();
    let dialog = window.dialog().file().set_parent(&window).set_title("Choose a folder");
    dialog.pick_folder(move |path| {
        let _ = send.send(path);
    });
    as_text(chosen.await.ok().flatten())
}

/// Lets the person choose a file.
#[tauri::command]
pub(crate) async fn choose_file(window: WebviewWindow) -> Reply<Option<String>> {
    check_caller(&window)?;
    let (send, chosen) = oneshot::channel();
    let dialog = window.dialog().file().set_parent(&window).set_title("Choose a file");
    dialog.pick_file(move |path| {
        let _ = send.send(path);
    });
    as_text(chosen.await.ok().flatten())
}

/// Opens the quick note.
#[tauri::command]
pub(crate) async fn open_quick_note(window: WebviewWindow) -> Reply<()> {
    check_caller(&window)?;
    let app = window.app_handle().clone();
    on_a_thread(move || {
        window::open_quick_note(&app)
            .map_err(|error| refusal(format!("the quick note cannot be opened: {error}")))
    })
    .await
}

/// Closes the quick note.
#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the window over by value")]
pub(crate) fn close_quick_note(window: WebviewWindow) -> Reply<()> {
    check_caller(&window)?;
    window::close_quick_note(window.app_handle());
    Ok(())
}

/// The page can be read.
#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the window over by value")]
pub(crate) fn ready(window: WebviewWindow) -> Reply<()> {
    check_caller(&window)?;
    if window.label() == window::MAIN {
        painted(window.app_handle());
    }
    Ok(())
}

fn painted(app: &AppHandle) {
    if let Some(took) = app.state::<Shell>().painted() {
        let ms = took.as_millis();
        tracing::info!("The window was painted after {ms} ms.");
        if std::env::var_os("REM_PRINT_PAINT").is_some_and(|wish| wish == "1") {
            println!("The window was painted after {ms} ms.");
        }
    }
}

/// A second wall behind the capability: only our own windows may ask.
fn check_caller(window: &WebviewWindow) -> Reply<()> {
    if [window::MAIN, window::QUICK_NOTE].contains(&window.label()) {
        Ok(())
    } else {
        Err(refusal("this window may not ask the journal"))
    }
}

fn check_size(request: &Value) -> Reply<()> {
    let mut size = Size(0);
    match serde_json::to_writer(&mut size, request) {
        Ok(()) => Ok(()),
        Err(_) => Err(refusal("this is too long: at most 1 MB can be sent at once")),
    }
}

/// Counts bytes, and fails when there are too many.
struct Size(usize);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        if self.0 > LONGEST_REQUEST {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Reply<T> + Send + 'static,
) -> Reply<T> {
    match async_runtime::spawn_blocking(work).await {
        Ok(reply) => reply,
        Err(_) => Err(refusal("the app stumbled over this; its log says where")),
    }
}

fn as_text(path: Option<FilePath>) -> Reply<Option<String>> {
    let Some(path) = path else { return Ok(None) };
    let path = path.into_path().map_err(|_| refusal("this is not a place on this machine"))?;
    match path.into_os_string().into_string() {
        Ok(path) => Ok(Some(path)),
        Err(path) => Err(refusal(format!("the name “{}” cannot be read", path.display()))),
    }
}

fn refusal(message: impl Into<String>) -> WireError {
    WireError::from(&Error::invalid(message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_of_a_megabyte_is_refused_whatever_its_shape() {
        assert!(check_size(&json!({ "text": "a".repeat(900_000) })).is_ok());
        assert!(check_size(&json!({ "text": "a".repeat(1_000_001) })).is_err());
        assert!(check_size(&json!({ "list": vec![1; 600_000] })).is_err());
    }
}
