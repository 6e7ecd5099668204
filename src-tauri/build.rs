//! Makes a permission of every command of the bridge: without this list Tauri lets a page call any.

use tauri_build::{AppManifest, Attributes};

fn main() {
    let commands = AppManifest::new().commands(&[
        "call",
        "choose_folder",
        "choose_file",
        "open_quick_note",
        "close_quick_note",
        "ready",
    ]);
    if let Err(error) = tauri_build::try_build(Attributes::new().app_manifest(commands)) {
        // A build script has no other way to say why it failed.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
