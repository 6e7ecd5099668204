//! `cargo xtask dev`: the window with pages that follow every save in `ui/`.

use std::{
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    display, needs,
    shell::{self, headline},
    system::System,
    ui,
};

/// The address in `tauri.conf.json` (`devUrl`).
const HOST: &str = "127.0.0.1";
const PORT: u16 = 5173;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let args = shell::passed_on("dev", args)?;
    if let Err(why) = display::usable() {
        bail!(
            "there is no display here ({why}): `cargo xtask run` plays the first night in the terminal"
        );
    }
    let system = System::detect();
    needs::meet(&system, &[needs::BUILD, needs::WINDOW])?;
    ui::install(&ui::meet_node(&system)?)?;
    headline("The pages, served while you write them");
    let _server = Server::start()?;
    headline("The journal");
    shell::finish(shell::cargo(&["run", "-p", "rem-journal", "--"]).args(args))
}

/// Vite; it ends with this value.
#[derive(Debug)]
struct Server(Child);

impl Server {
    fn start() -> Result<Self> {
        if shell::answers_at(HOST, PORT) {
            bail!("port {PORT} is taken: is another `cargo xtask dev` open?");
        }
        // Vite itself and not `npm run dev`: npm would stay between us and the server when it has to end.
        let mut vite = shell::program("node");
        vite.current_dir(shell::root().join("ui"))
            .arg("node_modules/vite/bin/vite.js")
            .args(["--host", HOST, "--port", &PORT.to_string(), "--strictPort"])
            .stdin(Stdio::null());
        let mut server = Self(vite.spawn().context("starting Vite")?);
        let begin = Instant::now();
        while !shell::answers_at(HOST, PORT) {
            if let Some(status) = server.0.try_wait()? {
                bail!("Vite ended before it served anything ({status})");
            }
            if begin.elapsed() > Duration::from_secs(60) {
                bail!("Vite did not answer at {HOST}:{PORT} within a minute");
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
