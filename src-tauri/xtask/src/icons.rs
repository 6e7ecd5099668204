//! `cargo xtask icons`: draws every picture in `icons/` from its five drawings.

use std::fs;

use anyhow::{Result, bail};

use crate::shell::{self, say};

/// Drawing, width in pixels, picture.
const PICTURES: &[(&str, u32, &str)] = &[
    ("icon-small.svg", 32, "32x32.png"),
    ("icon.svg", 64, "64x64.png"),
    ("icon.svg", 128, "128x128.png"),
    ("icon.svg", 256, "128x128@2x.png"),
    ("icon.svg", 512, "icon.png"),
    ("tray.svg", 64, "tray.png"),
    ("tray-dreaming.svg", 64, "tray-dreaming.png"),
    ("tray-paused.svg", 64, "tray-paused.png"),
];

/// Pictures that are needed only inside the two containers.
const PASSING: &[(&str, u32, &str)] = &[
    ("icon-small.svg", 16, "16.tmp.png"),
    ("icon-small.svg", 24, "24.tmp.png"),
    ("icon.svg", 48, "48.tmp.png"),
    ("icon.svg", 1024, "1024.tmp.png"),
];

const WINDOWS_ICON: &[&str] = &[
    "-c",
    "-o",
    "icon.ico",
    "16.tmp.png",
    "24.tmp.png",
    "32x32.png",
    "48.tmp.png",
    "64x64.png",
    "--raw=128x128@2x.png",
];

const MAC_ICON: &[&str] = &[
    "icon.icns",
    "16.tmp.png",
    "32x32.png",
    "48.tmp.png",
    "128x128.png",
    "128x128@2x.png",
    "icon.png",
    "1024.tmp.png",
];

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::no_args("icons", args)?;
    let tools =
        [("rsvg-convert", "librsvg2-bin"), ("icotool", "icoutils"), ("png2icns", "icnsutils")];
    let missing: Vec<String> = tools
        .iter()
        .filter(|(tool, _)| shell::find(tool, &[]).is_none())
        .map(|(tool, package)| format!("{tool} (Debian: {package})"))
        .collect();
    if !missing.is_empty() {
        bail!("the icons are drawn with {}, which this machine lacks", missing.join(", "));
    }
    let outcome = draw();
    for (_, _, picture) in PASSING {
        fs::remove_file(shell::root().join("icons").join(picture)).ok();
    }
    outcome?;
    say(
        "Look at the result at 16, 32 and 128 px, and at the tray marks on a dark and a light ground.",
    );
    Ok(())
}

fn draw() -> Result<()> {
    let tool = |name: &str| {
        let mut command = shell::program(name);
        command.current_dir(shell::root().join("icons"));
        command
    };
    for (drawing, width, picture) in PICTURES.iter().chain(PASSING) {
        let width = width.to_string();
        shell::finish(
            tool("rsvg-convert").args(["-w", &width, "-h", &width, drawing, "-o", picture]),
        )?;
    }
    shell::finish(tool("icotool").args(WINDOWS_ICON))?;
    shell::finish(tool("png2icns").args(MAC_ICON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_has_a_drawing() {
        for (drawing, _, _) in PICTURES.iter().chain(PASSING) {
            assert!(shell::root().join("icons").join(drawing).is_file(), "{drawing}");
        }
    }
}
