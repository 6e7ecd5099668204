//! The main window and the quick note. Both show only what is inside the app.

use std::time::Duration;

use tauri::{
    AppHandle, CloseRequestApi, Manager, Theme, Url, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, Window,
    webview::{Color, NewWindowResponse},
};
use tauri_plugin_window_state::StateFlags;

use crate::{acts, args::Wish, shell::Shell, tray};

/// The label of the main window.
pub(crate) const MAIN: &str = "main";
/// The label of the quick note.
pub(crate) const QUICK_NOTE: &str = "quick-note";

/// The page's own background in its two themes: the window has it before the page is there.
const NIGHT: Color = Color(0x0f, 0x11, 0x22, 0xff);
const PAPER: Color = Color(0xfa, 0xf7, 0xf1, 0xff);

/// How long a window waits to learn its theme. A journal is open in a tenth of this, unless its file is
/// being brought up to date; then the system's theme will do.
const PATIENCE: Duration = Duration::from_millis(150);

/// What is remembered of the main window.
pub(crate) fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// Opens the main window. For a quick note it stays out of sight if the tray can bring it back.
pub(crate) fn open_main(app: &AppHandle, wish: Wish) -> tauri::Result<()> {
    let window = build(app, MAIN, "index.html")
        .title("REM Journal")
        .inner_size(1280.0, 800.0)
        .min_inner_size(760.0, 520.0)
        .center()
        .build()?;
    paint_ground(&window);
    if wish != Wish::QuickNote || !tray::is_reachable(app) {
        window.show()?;
    }
    Ok(())
}

/// Opens the quick note, or brings it to the front.
pub(crate) fn open_quick_note(app: &AppHandle) -> tauri::Result<()> {
    let window = match app.get_webview_window(QUICK_NOTE) {
        Some(window) => window,
        None => build(app, QUICK_NOTE, "quick-note.html")
            .title("Quick note")
            .inner_size(480.0, 220.0)
            .resizable(false)
            .maximizable(false)
            .minimizable(false)
            .always_on_top(true)
            .skip_taskbar(true)
            .center()
            .build()?,
    };
    paint_ground(&window);
    window.show()?;
    window.set_focus()
}

/// Puts the quick note out of sight, if it is open. What was not kept is still in it when it comes back.
pub(crate) fn close_quick_note(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(QUICK_NOTE) {
        note_failure(window.hide());
    }
}

/// Brings the main window to the front.
pub(crate) fn show_main(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(MAIN) else { return Ok(()) };
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}

/// Closing the main window keeps the app dreaming where a tray can bring it back. Where none can, it
/// ends the app: one that goes on unseen and cannot be ended is worse than a night's dream made up for
/// at the next start.
pub(crate) fn on_close(window: &Window, api: &CloseRequestApi) {
    let app = window.app_handle();
    if app.state::<Shell>().is_quitting() {
        return;
    }
    api.prevent_close();
    if window.label() == MAIN && !tray::is_reachable(app) {
        acts::quit(app);
    } else {
        note_failure(window.hide());
    }
}

fn note_failure(hidden: tauri::Result<()>) {
    if let Err(error) = hidden {
        tracing::warn!(%error, "A window could not be hidden.");
    }
}

/// Gives the windows the theme of the settings.
pub(crate) fn apply_theme(app: &AppHandle) {
    for window in app.webview_windows().values() {
        paint_ground(window);
    }
}

fn build<'a>(
    app: &'a AppHandle,
    label: &str,
    page: &str,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    let theme = chosen_theme(app, PATIENCE);
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .visible(false)
        .background_color(ground(theme))
        .theme(theme)
        // One for each window: in private mode a second one in the same folder would not know the
        // addresses inside the app.
        .data_directory(app.state::<Shell>().place.desktop.join("webview").join(label))
        // WebKit is to keep nothing of a note on disk. Its private mode does not listen to WebDriver,
        // so that a test does without.
        .incognito(!is_driven())
        .devtools(cfg!(debug_assertions))
        .general_autofill_enabled(false)
        .browser_extensions_enabled(false)
        .initialization_script(opening_script(theme))
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    #[cfg(target_os = "macos")]
    let builder = builder.allow_link_preview(false);
    builder
}

/// Tells the page its theme before its first line runs, and says when its first content is painted.
fn opening_script(theme: Option<Theme>) -> String {
    let word = match theme {
        Some(Theme::Dark) => "night",
        Some(Theme::Light) => "paper",
        _ => "system",
    };
    include_str!("opening.js").replace("THEME", word)
}

/// The theme of the settings; none is the system's. A journal that takes long to open is not waited for.
fn chosen_theme(app: &AppHandle, patience: Duration) -> Option<Theme> {
    match app.state::<Shell>().journal_within(patience)?.settings().theme.as_str() {
        "night" => Some(Theme::Dark),
        "paper" => Some(Theme::Light),
        _ => None,
    }
}

fn ground(theme: Option<Theme>) -> Color {
    if theme == Some(Theme::Light) { PAPER } else { NIGHT }
}

fn paint_ground(window: &WebviewWindow) {
    let chosen = chosen_theme(window.app_handle(), Duration::ZERO);
    let painted = window.set_theme(chosen).and_then(|()| {
        let shown = chosen.or_else(|| window.theme().ok());
        window.set_background_color(Some(ground(shown)))
    });
    if let Err(error) = painted {
        tracing::warn!(%error, "The window's colours could not be set.");
    }
}

fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|word| word == "true")
}

/// Whether an address is inside the app.
fn is_own(url: &Url) -> bool {
    let origin = (url.scheme(), url.host_str(), url.port());
    origin == ("tauri", Some("localhost"), None)
        || (cfg!(windows) && origin == ("http", Some("tauri.localhost"), None))
        || (tauri::is_dev() && origin == ("http", Some("127.0.0.1"), Some(5173)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_inside_the_app_may_be_gone_to() {
        let is_own = |address: &str| is_own(&address.parse().unwrap());
        assert!(is_own("tauri://localhost/index.html#/day/2026-10-05"));
        for foreign in [
            "https://example.org/?q=secret",
            "http://localhost/",
            "tauri://evil/",
            "tauri://localhost:81/",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,hello",
            "javascript:alert(1)",
        ] {
            assert!(!is_own(foreign), "{foreign}");
        }
    }
}
