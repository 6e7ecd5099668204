//! The display as a window manager sees it: which windows are shown, and the button that closes one.

use std::time::Duration;

use x11rb::{
    connection::Connection,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window},
    rust_connection::RustConnection,
};

use crate::home::wait_until;

const PATIENCE: Duration = Duration::from_secs(20);

/// The display.
pub(crate) struct Screen {
    display: RustConnection,
    root: Window,
}

impl Screen {
    pub(crate) fn open() -> Self {
        let (display, number) = x11rb::connect(None).expect("a display");
        let root = display.setup().roots[number].root;
        Self { display, root }
    }

    /// Waits until a window of this title is shown.
    pub(crate) fn wait_for(&self, title: &str) -> Window {
        wait_until(&format!("a window “{title}”"), PATIENCE, || self.shown(title))
    }

    /// Waits until no window of this title is shown.
    pub(crate) fn wait_until_hidden(&self, title: &str) {
        wait_until(&format!("no window “{title}”"), PATIENCE, || {
            self.shown(title).is_none().then_some(())
        });
    }

    /// Does what the button in a window's corner does.
    pub(crate) fn close(&self, title: &str) {
        let window = self.wait_for(title);
        let (protocols, delete) = (self.atom("WM_PROTOCOLS"), self.atom("WM_DELETE_WINDOW"));
        let event = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        self.display.send_event(false, window, EventMask::NO_EVENT, event).expect("it is sent");
        self.display.flush().expect("it arrives");
    }

    fn shown(&self, title: &str) -> Option<Window> {
        let tree = self.display.query_tree(self.root).ok()?.reply().ok()?;
        tree.children
            .into_iter()
            .find(|window| self.title(*window).as_deref() == Some(title) && self.is_mapped(*window))
    }

    fn title(&self, window: Window) -> Option<String> {
        let (name, text) = (AtomEnum::WM_NAME, AtomEnum::ANY);
        let reply =
            self.display.get_property(false, window, name, text, 0, 64).ok()?.reply().ok()?;
        String::from_utf8(reply.value).ok()
    }

    fn is_mapped(&self, window: Window) -> bool {
        self.display
            .get_window_attributes(window)
            .ok()
            .and_then(|asked| asked.reply().ok())
            .is_some_and(|reply| reply.map_state == MapState::VIEWABLE)
    }

    fn atom(&self, name: &str) -> u32 {
        let asked = self.display.intern_atom(false, name.as_bytes()).expect("it is asked");
        asked.reply().expect("an atom").atom
    }
}
