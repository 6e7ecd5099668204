//! What happens in the app is written to the log; so is where it stumbles, but not over what.

use std::{panic, path::Path};

use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Begins to log what `REM_LOG` says, or what is usual.
pub(crate) fn start(data_dir: &Path) {
    let filter = std::env::var("REM_LOG").unwrap_or_else(|_| rem_core::log::USUAL.into());
    let folder = rem_core::log::folder(data_dir);
    tracing_subscriber::registry()
        .with(rem_core::log::layer(&folder, "rem-journal", &filter))
        .init();
    // The message of a panic may quote the text it stumbled over: only the place is kept.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        tracing::error!("The program stumbled at {place}.");
        eprintln!("rem-journal: stumbled at {place}");
    }));
}
