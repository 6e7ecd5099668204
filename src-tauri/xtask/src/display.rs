//! Whether a window can be shown here, and a display without a screen for the tests.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::shell;

/// Whether a window can be shown; if not, why not.
pub(crate) fn usable() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let wayland = env::var("WAYLAND_DISPLAY").unwrap_or_default();
    let x11 = env::var("DISPLAY").unwrap_or_default();
    if wayland.is_empty() && x11.is_empty() {
        return Err("neither DISPLAY nor WAYLAND_DISPLAY is set".into());
    }
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
    if !wayland.is_empty() && listens(&Place::Socket(runtime.join(&wayland))) {
        return Ok(());
    }
    match x11_place(&x11) {
        Some(place) if listens(&place) => Ok(()),
        _ => Err(format!("nobody answers at DISPLAY={x11:?} WAYLAND_DISPLAY={wayland:?}")),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Place {
    Socket(PathBuf),
    Port(String, u16),
}

/// Where the X server of a display such as `:0`, `:99.0` or `localhost:10.0` listens.
fn x11_place(display: &str) -> Option<Place> {
    let (host, rest) = display.rsplit_once(':')?;
    let number: u16 = rest.split('.').next()?.parse().ok()?;
    if host.is_empty() || host == "unix" {
        Some(Place::Socket(PathBuf::from(format!("/tmp/.X11-unix/X{number}"))))
    } else {
        Some(Place::Port(host.to_owned(), 6000_u16.checked_add(number)?))
    }
}

#[cfg(unix)]
fn listens(place: &Place) -> bool {
    match place {
        Place::Socket(path) => {
            std::os::unix::net::UnixStream::connect(path).is_ok() || listens_abstract(path)
        }
        Place::Port(host, port) => shell::answers_at(host, *port),
    }
}

#[cfg(not(unix))]
fn listens(_place: &Place) -> bool {
    true
}

/// X servers also listen at a name that is not a file, which is all that some containers see.
#[cfg(target_os = "linux")]
fn listens_abstract(path: &std::path::Path) -> bool {
    use std::os::{
        linux::net::SocketAddrExt,
        unix::{ffi::OsStrExt, net::SocketAddr, net::UnixStream},
    };
    SocketAddr::from_abstract_name(path.as_os_str().as_bytes())
        .is_ok_and(|address| UnixStream::connect_addr(&address).is_ok())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn listens_abstract(_path: &std::path::Path) -> bool {
    false
}

/// An X server that draws into memory; it ends with this value.
#[derive(Debug)]
pub(crate) struct Virtual {
    server: Child,
    number: String,
}

impl Virtual {
    /// Starts one at the first free number.
    ///
    /// # Errors
    /// Xvfb is missing or did not come up.
    pub(crate) fn start() -> Result<Self> {
        let mut server = shell::program("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x900x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting Xvfb")?;
        let mut line = String::new();
        if let Some(output) = server.stdout.as_mut() {
            BufReader::new(output).read_line(&mut line).context("waiting for Xvfb")?;
        }
        let number = line.trim().to_owned();
        let started = Self { server, number };
        if started.number.is_empty() {
            bail!("Xvfb ended before it had a display; `Xvfb :99` may say why");
        }
        Ok(started)
    }

    /// Makes `command` show its windows here, whatever screens there are beside it.
    pub(crate) fn show_here(&self, command: &mut Command) {
        command
            .env("DISPLAY", format!(":{}", self.number))
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            // There is no accessibility bus on a virtual display, and WebKit would wait for one.
            .env("NO_AT_BRIDGE", "1")
            // Without a GPU the DMABUF renderer shows nothing on some machines.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
}

impl Drop for Virtual {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_says_where_its_server_listens() {
        assert_eq!(x11_place(":0"), Some(Place::Socket("/tmp/.X11-unix/X0".into())));
        assert_eq!(x11_place(":99.0"), Some(Place::Socket("/tmp/.X11-unix/X99".into())));
        assert_eq!(x11_place("unix:1"), Some(Place::Socket("/tmp/.X11-unix/X1".into())));
        assert_eq!(x11_place("localhost:10.0"), Some(Place::Port("localhost".into(), 6010)));
        assert_eq!(x11_place(""), None);
        assert_eq!(x11_place("nonsense"), None);
        assert_eq!(x11_place(":60000"), Some(Place::Socket("/tmp/.X11-unix/X60000".into())));
        assert_eq!(x11_place("far:60000"), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_listens_where_there_is_no_server() {
        assert!(!listens(&Place::Socket("/tmp/.X11-unix/X59999".into())));
    }
}
