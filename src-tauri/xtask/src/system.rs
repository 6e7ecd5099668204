//! Which system this is, as far as installing packages is concerned.

use std::{env, fs};

/// A family of systems that install packages alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian, Ubuntu and what follows them: apt.
    Debian,
    /// Fedora and what follows it: dnf.
    Fedora,
    /// Arch and what follows it: pacman.
    Arch,
    /// macOS brings its own web view.
    Mac,
    /// Windows brings its own web view.
    Windows,
    /// Anything else, by its own name.
    Other(String),
}

impl System {
    /// This machine's system.
    pub(crate) fn detect() -> Self {
        match env::consts::OS {
            "macos" => Self::Mac,
            "windows" => Self::Windows,
            "linux" => {
                let text = fs::read_to_string("/etc/os-release")
                    .or_else(|_| fs::read_to_string("/usr/lib/os-release"))
                    .unwrap_or_default();
                Self::from_os_release(&text)
            }
            other => Self::Other(other.to_owned()),
        }
    }

    /// The system that an os-release file describes.
    pub(crate) fn from_os_release(text: &str) -> Self {
        let value = |key: &str| {
            text.lines()
                .filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))
                .map(|value| value.trim_matches(['"', '\'']).to_owned())
                .next_back()
                .unwrap_or_default()
        };
        let id = value("ID");
        let like = value("ID_LIKE");
        // The own name comes before the relatives: a system may be like several.
        for word in std::iter::once(id.as_str()).chain(like.split_whitespace()) {
            match word {
                "debian" | "ubuntu" => return Self::Debian,
                "fedora" => return Self::Fedora,
                "arch" => return Self::Arch,
                _ => {}
            }
        }
        let name = value("PRETTY_NAME");
        Self::Other([name, id].into_iter().find(|name| !name.is_empty()).unwrap_or("Linux".into()))
    }

    /// Its name in a sentence.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Debian => "Debian or Ubuntu (apt)",
            Self::Fedora => "Fedora (dnf)",
            Self::Arch => "Arch (pacman)",
            Self::Mac => "macOS",
            Self::Windows => "Windows",
            Self::Other(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_tells_the_family() {
        let of = System::from_os_release;
        assert_eq!(
            of("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"),
            System::Debian
        );
        assert_eq!(of("ID=ubuntu\nID_LIKE=debian\n"), System::Debian);
        assert_eq!(of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), System::Debian);
        assert_eq!(of("NAME=\"Fedora Linux\"\nID=fedora\n"), System::Fedora);
        assert_eq!(of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), System::Fedora);
        assert_eq!(of("ID=manjaro\nID_LIKE=arch\n"), System::Arch);
    }

    #[test]
    fn a_system_without_known_relatives_keeps_its_own_name() {
        let text = "ID=alpine\nPRETTY_NAME=\"Alpine Linux v3.22\"\n";
        assert_eq!(System::from_os_release(text), System::Other("Alpine Linux v3.22".into()));
        assert_eq!(System::from_os_release(""), System::Other("Linux".into()));
    }

    #[test]
    fn other_keys_that_end_alike_are_not_taken_for_the_name() {
        assert_eq!(
            System::from_os_release("VERSION_ID=12\nBUILD_ID=debian\nID=arch\n"),
            System::Arch
        );
    }
}
