//! The display as a window manager sees it: which windows are shown, what is on them, and the button
//! that closes one.

use std::{
    env,
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    time::Duration,
};

use x11rb::{
    connection::Connection,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, MapState, Window,
    },
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

    /// Draws a window into a file. Not by WebDriver: WebKit's own way to make a picture hangs with
    /// larger windows where its zero-copy buffers are off (seen with 2.50.6).
    pub(crate) fn picture(&self, title: &str, name: &str) {
        let window = self.wait_for(title);
        let asked = self.display.get_geometry(window).expect("it is asked");
        let place = asked.reply().expect("a size");
        let (width, height) = (place.width, place.height);
        let (all, format) = (u32::MAX, ImageFormat::Z_PIXMAP);
        let asked = self.display.get_image(format, window, 0, 0, width, height, all);
        let image = asked.expect("it is asked").reply().expect("the window's pixels").data;
        let rgb: Vec<u8> = image.chunks_exact(4).flat_map(|p| [p[2], p[1], p[0]]).collect();
        let folder = screenshots();
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = File::create(folder.join(format!("{name}-{width}x{height}.png")));
        let file = BufWriter::new(file.expect("a file"));
        let mut encoder = png::Encoder::new(file, width.into(), height.into());
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().expect("a picture begins");
        writer.write_image_data(&rgb).expect("a picture is written");
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

/// Where the pictures go.
fn screenshots() -> PathBuf {
    env::var_os("REM_SCREENSHOTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots"),
        PathBuf::from,
    )
}
