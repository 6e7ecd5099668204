//! The tray: how the journal is, and what can be asked of it without the window.

use std::panic::{self, AssertUnwindSafe};

use rem_core::api::{Empty, status};
use tauri::{
    AppHandle, Manager, Wry,
    image::Image,
    include_image,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

use crate::{
    acts,
    shell::Shell,
    tray_words::{Face, Look},
};

const RESTING: Image<'_> = include_image!("icons/tray.png");
const DREAMING: Image<'_> = include_image!("icons/tray-dreaming.png");
const PAUSED: Image<'_> = include_image!("icons/tray-paused.png");

/// The tray and the lines of its menu that change.
pub(crate) struct Tray {
    icon: TrayIcon,
    status: MenuItem<Wry>,
    dream: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    shown: Look,
    /// Whether something happened since it was last brought up to date.
    pub(crate) is_stale: bool,
}

/// Puts the tray up. A desktop without one is no failure.
pub(crate) fn put_up(app: &AppHandle) {
    // The Linux library panics where the system's own tray library is not installed.
    let tray = match panic::catch_unwind(AssertUnwindSafe(|| build(app))) {
        Ok(Ok(tray)) => Some(tray),
        Ok(Err(error)) => {
            tracing::warn!(%error, "There is no tray.");
            None
        }
        Err(_) => {
            tracing::warn!("There is no tray: the system's tray library is missing.");
            None
        }
    };
    app.state::<Shell>().with_tray(|place| *place = tray);
}

/// Whether there is a tray that a person can see, so that a hidden window can be brought back.
pub(crate) fn is_reachable(app: &AppHandle) -> bool {
    app.state::<Shell>().with_tray(|tray| tray.is_some()) && has_host()
}

/// Brings the tray up to date, if something happened.
pub(crate) fn refresh(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let is_stale = shell
        .with_tray(|tray| tray.as_mut().is_some_and(|tray| std::mem::take(&mut tray.is_stale)));
    if !is_stale {
        return;
    }
    let Ok(journal) = shell.journal() else { return };
    let look = status::show_status(&journal, Empty {})
        .and_then(|status| Ok(Look::of(&status, &journal.calendar()?)));
    match look {
        Ok(look) => {
            // The menu is changed on the main thread, which may itself want the tray: the lock is let
            // go before.
            let change = shell.with_tray(|tray| {
                let tray = tray.as_mut()?;
                let before = std::mem::replace(&mut tray.shown, look.clone());
                let parts = (
                    tray.icon.clone(),
                    tray.status.clone(),
                    tray.dream.clone(),
                    tray.pause.clone(),
                );
                (before != look).then_some((before, parts))
            });
            let Some((before, (icon, status, dream, pause))) = change else { return };
            let shown = status
                .set_text(&look.status)
                .and_then(|()| dream.set_text(look.dream))
                .and_then(|()| pause.set_text(look.pause))
                .and_then(|()| {
                    if before.face == look.face {
                        return Ok(());
                    }
                    icon.set_icon(Some(picture(look.face)))
                });
            if let Err(error) = shown {
                tracing::warn!(%error, "The tray could not be brought up to date.");
            }
        }
        Err(error) => tracing::warn!(%error, "The tray cannot tell how the journal is."),
    }
}

fn build(app: &AppHandle) -> tauri::Result<Tray> {
    let look = Look::opening();
    let line = |id: &str, text: &str| MenuItem::with_id(app, id, text, true, None::<&str>);
    let status = MenuItem::with_id(app, "status", &look.status, false, None::<&str>)?;
    let dream = line("dream", look.dream)?;
    let pause = line("pause", look.pause)?;
    let menu = Menu::with_items(
        app,
        &[
            &status,
            &PredefinedMenuItem::separator(app)?,
            &dream,
            &line("quick-note", "Quick note…")?,
            &line("open", "Open REM Journal")?,
            &PredefinedMenuItem::separator(app)?,
            &pause,
            &line("quit", "Quit")?,
        ],
    )?;
    let icon = TrayIconBuilder::with_id("rem-journal")
        .icon(picture(look.face))
        .tooltip("REM Journal")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .temp_dir_path(app.state::<Shell>().place.desktop.join("tray"))
        .on_menu_event(|app, event| match event.id().as_ref() {
            "dream" => acts::toggle_dream(app, false),
            "quick-note" => acts::quick_note(app),
            "open" => acts::open(app),
            "pause" => acts::toggle_pause(app),
            "quit" => acts::quit(app),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                acts::open(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray { icon, status, dream, pause, shown: look, is_stale: true })
}

fn picture(face: Face) -> Image<'static> {
    match face {
        Face::Resting => RESTING,
        Face::Dreaming => DREAMING,
        Face::Paused => PAUSED,
    }
}

/// Whether the desktop shows trays. On Linux many do not, and only the bus can tell.
#[cfg(target_os = "linux")]
fn has_host() -> bool {
    use gio::{
        BusType, Cancellable, DBusCallFlags,
        glib::{ToVariant, VariantTy},
    };
    const PATIENCE_MS: i32 = 300;
    gio::bus_get_sync(BusType::Session, Cancellable::NONE)
        .and_then(|bus| {
            bus.call_sync(
                Some("org.freedesktop.DBus"),
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus",
                "NameHasOwner",
                Some(&("org.kde.StatusNotifierWatcher",).to_variant()),
                VariantTy::new("(b)").ok(),
                DBusCallFlags::NONE,
                PATIENCE_MS,
                Cancellable::NONE,
            )
        })
        .is_ok_and(|reply| reply.get::<(bool,)>() == Some((true,)))
}

#[cfg(not(target_os = "linux"))]
fn has_host() -> bool {
    true
}
