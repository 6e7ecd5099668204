//! The address of a model server: every form in which people write it, and whether it may be asked.
//!
//! An address is read with [`Address::ollama`] or [`Address::openai`] and becomes [`Agreed`] only if it
//! lies on this machine or the person has agreed to it. No request goes to anything but an [`Agreed`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use super::Fault;

/// Where Ollama listens (`envconfig.Host` of Ollama).
const OLLAMA_PORT: u16 = 11_434;

/// Where a model server is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Ends with a slash.
    base: Url,
    is_local: bool,
    is_open_to_network: bool,
}

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed(Address);

impl Address {
    /// Reads an address as Ollama reads `OLLAMA_HOST`: `host`, `:port`, `host:port`,
    /// `http(s)://host[:port][/path]`, `[::1]:port`; empty for Ollama's own default. Where a server is
    /// told to listen everywhere (`0.0.0.0`, `::`, no host) it is asked on this machine.
    ///
    /// # Errors
    /// [`Fault::Refused`] if it is none of these.
    pub fn ollama(text: &str) -> Result<Self, Fault> {
        Self::read(text, Some(OLLAMA_PORT))
    }

    /// Reads the address of a server that speaks the OpenAI API. There is no default port: without
    /// `http(s)://` it has to be named. `/v1` is added where it is missing.
    ///
    /// # Errors
    /// [`Fault::Refused`] if it is no address.
    pub fn openai(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(Fault::Refused(
                "no address is set for the OpenAI server: write one into the settings, for example \
                 127.0.0.1:8080"
                    .into(),
            ));
        }
        let mut address = Self::read(text, None)?;
        let path = address.base.path();
        if !path.ends_with("/v1/") {
            let longer = format!("{path}v1/");
            address.base.set_path(&longer);
        }
        Ok(address)
    }

    fn read(text: &str, port: Option<u16>) -> Result<Self, Fault> {
        let text = text.trim().trim_matches(['"', '\'']).trim();
        let (scheme, rest, port) = match text.split_once("://") {
            None => ("http".to_owned(), text, port),
            Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
                scheme @ "http" => (scheme.to_owned(), rest, Some(80)),
                scheme @ "https" => (scheme.to_owned(), rest, Some(443)),
                _ => return Err(unreadable("it must begin with http:// or https://")),
            },
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(unreadable("a name or password has no place in it"));
        }
        if rest.contains(['?', '#']) {
            return Err(unreadable("it must have no ? and no #"));
        }
        let (host, named_port) = split(authority)?;
        let port = match named_port {
            None => port.ok_or_else(|| unreadable("it has no port"))?,
            Some(digits) => match digits.parse() {
                Ok(0) | Err(_) => return Err(unreadable("its port is no number from 1 to 65535")),
                Ok(port) => port,
            },
        };
        let is_unnamed = host.is_empty() && named_port.is_some();
        let host = match host.to_ascii_lowercase().as_str() {
            // The server listens on IPv4 alone, and a system may try ::1 first and wait.
            "" | "localhost" => Ipv4Addr::LOCALHOST.to_string(),
            host => host.to_owned(),
        };
        let slash = if path.is_empty() || path.ends_with('/') { "" } else { "/" };
        let mut base = Url::parse(&format!("{scheme}://{host}:{port}/{path}{slash}"))
            .map_err(|_| unreadable("it names no host"))?;
        let named = ip(&base);
        let is_everywhere = named.is_some_and(|ip| ip.is_unspecified());
        if is_everywhere {
            let here = match named {
                Some(IpAddr::V6(_)) => IpAddr::from(Ipv6Addr::LOCALHOST),
                _ => IpAddr::from(Ipv4Addr::LOCALHOST),
            };
            base.set_ip_host(here).map_err(|()| unreadable("it names no host"))?;
        }
        let is_local = ip(&base).is_some_and(|ip| ip.to_canonical().is_loopback());
        Ok(Self { base, is_local, is_open_to_network: is_everywhere || is_unnamed })
    }

    /// Whether it lies on this machine. A name is never taken for that: who answers to it may change.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.is_local
    }

    /// As people read it, and as it can be read again: `127.0.0.1:11434`.
    #[must_use]
    pub fn shown(&self) -> String {
        let scheme = if self.base.scheme() == "https" { "https://" } else { "" };
        let host = self.base.host_str().unwrap_or_default();
        let port = self.base.port_or_known_default().unwrap_or_default();
        let path = self.base.path().trim_end_matches('/');
        format!("{scheme}{host}:{port}{path}")
    }

    /// What to know although it may be asked.
    #[must_use]
    pub fn caution(&self) -> Option<String> {
        self.is_open_to_network.then(|| {
            format!(
                "the address says that the server listens to the whole network: everybody in it may use \
                 your models; 127.0.0.1:{} would keep it to this machine",
                self.base.port_or_known_default().unwrap_or_default()
            )
        })
    }

    /// What would be sent where, for an address outside this machine.
    #[must_use]
    pub fn asks_consent(&self) -> Option<String> {
        if self.is_local {
            return None;
        }
        let way = if self.base.scheme() == "https" { "" } else { ", readable on the way" };
        Some(format!(
            "the notes and chats that are dreamt about would be sent to {}, which is not this \
             machine{way}; nothing is sent before you agree to this address in the settings",
            self.shown()
        ))
    }

    /// The address, if it may be asked: it lies on this machine, or `agreed_address` is the same.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] with what would be sent where.
    pub fn agreed(self, agreed_address: &str) -> Result<Agreed, Fault> {
        let Some(question) = self.asks_consent() else { return Ok(Agreed(self)) };
        let has_agreed = !agreed_address.trim().is_empty()
            && [Self::ollama(agreed_address), Self::openai(agreed_address)]
                .into_iter()
                .flatten()
                .any(|agreed| agreed.base == self.base);
        if has_agreed { Ok(Agreed(self)) } else { Err(Fault::Forbidden(question)) }
    }
}

impl Agreed {
    /// The address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.0
    }

    /// A place below it, for example "api/chat".
    pub(super) fn url(&self, place: &str) -> Result<Url, Fault> {
        self.0.base.join(place).map_err(|_| unreadable("it cannot be continued"))
    }
}

/// Host and port of an authority; an IPv6 host keeps or gets its brackets.
fn split(authority: &str) -> Result<(String, Option<&str>), Fault> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) =
            rest.split_once(']').ok_or_else(|| unreadable("a bracket is not closed"))?;
        let port = match after.strip_prefix(':') {
            Some(port) => Some(port),
            None if after.is_empty() => None,
            None => return Err(unreadable("after the bracket only a port may follow")),
        };
        return Ok((format!("[{host}]"), port));
    }
    if authority.parse::<Ipv6Addr>().is_ok() {
        return Ok((format!("[{authority}]"), None));
    }
    Ok(match authority.rsplit_once(':') {
        Some((host, port)) => (host.to_owned(), Some(port)),
        None => (authority.to_owned(), None),
    })
}

fn ip(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

fn unreadable(why: &str) -> Fault {
    Fault::Refused(format!(
        "the address of the model server cannot be used: {why}; write it as 127.0.0.1:11434 or \
         http://127.0.0.1:11434"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_ollama_host_is_read() {
        for (text, shown) in [
            ("", "127.0.0.1:11434"),
            ("  \"127.0.0.1\" ", "127.0.0.1:11434"),
            ("localhost", "127.0.0.1:11434"),
            (":8080", "127.0.0.1:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("https://models.example", "https://models.example:443"),
            ("HTTP://models.example:99/behind/proxy", "models.example:99/behind/proxy"),
            ("[::1]:11435", "[::1]:11435"),
            ("[::1]", "[::1]:11434"),
            ("::1", "[::1]:11434"),
            ("0.0.0.0:7000", "127.0.0.1:7000"),
            ("0.0.0.0", "127.0.0.1:11434"),
            ("[::]:7000", "[::1]:7000"),
            ("127.1:7000", "127.0.0.1:7000"),
        ] {
            let address = Address::ollama(text).unwrap();
            assert_eq!(address.shown(), shown, "{text}");
            assert_eq!(Address::ollama(&address.shown()).unwrap().base, address.base, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in [
            "ftp://127.0.0.1",
            "http://anna:secret@127.0.0.1:11434",
            "127.0.0.1:port",
            "127.0.0.1:0",
            "127.0.0.1:70000",
            "[::1",
            "[::1]x",
            "two words",
            "127.0.0.1:80/?x=1",
        ] {
            let fault = Address::ollama(text).unwrap_err();
            assert!(matches!(fault, Fault::Refused(_)), "{text}: {fault:?}");
            assert!(!fault.to_string().contains("secret"), "{text}");
        }
        assert!(matches!(Address::openai(""), Err(Fault::Refused(_))));
        assert!(matches!(Address::openai("127.0.0.1"), Err(Fault::Refused(_))));
    }

    #[test]
    fn only_loopback_is_this_machine() {
        for text in ["", "localhost", "127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "[::]:1", ":9"] {
            assert!(Address::ollama(text).unwrap().is_local(), "{text}");
        }
        for text in
            ["192.168.1.20", "10.0.0.1:11434", "models.localhost", "ollama.com", "169.254.1.1"]
        {
            assert!(!Address::ollama(text).unwrap().is_local(), "{text}");
        }
    }

    #[test]
    fn a_server_that_listens_everywhere_is_asked_here_and_comes_with_a_caution() {
        for text in ["0.0.0.0", "[::]:11434", ":11434", "http://0.0.0.0:11434"] {
            assert!(Address::ollama(text).unwrap().caution().is_some(), "{text}");
        }
        assert!(Address::ollama("127.0.0.1").unwrap().caution().is_none());
    }

    #[test]
    fn another_machine_is_asked_only_after_consent_to_this_very_address() {
        let there = || Address::ollama("192.168.1.20").unwrap();
        for agreed in ["", "192.168.1.21", "192.168.1.20:99", "https://192.168.1.20:11434"] {
            let fault = there().agreed(agreed).unwrap_err();
            assert!(matches!(&fault, Fault::Forbidden(why) if why.contains("192.168.1.20:11434")));
        }
        for agreed in ["192.168.1.20", "192.168.1.20:11434", "http://192.168.1.20:11434/"] {
            assert!(there().agreed(agreed).is_ok(), "{agreed}");
        }
        assert!(Address::ollama("127.0.0.1").unwrap().agreed("").is_ok());
    }

    #[test]
    fn an_openai_address_gets_its_version() {
        for text in ["127.0.0.1:8080", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"] {
            let agreed = Address::openai(text).unwrap().agreed("").unwrap();
            let url = agreed.url("models").unwrap();
            assert_eq!(url.as_str(), "http://127.0.0.1:8080/v1/models", "{text}");
        }
    }
}
