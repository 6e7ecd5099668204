//! Builds Tauri's lists into the app.

use tauri_build::{AppManifest, Attributes};

/// Without a list of our own Tauri lets a page call every command. Letting it generate the list would
/// leave a folder at the root after each build.
const PERMISSIONS: &str = "src-tauri/app/permissions.toml";

fn main() {
    println!("cargo:rerun-if-changed={PERMISSIONS}");
    let manifest = AppManifest::new().permissions_path_pattern(PERMISSIONS);
    if let Err(error) = tauri_build::try_build(Attributes::new().app_manifest(manifest)) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
