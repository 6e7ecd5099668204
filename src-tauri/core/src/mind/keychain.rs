//! The operating system's keychain: Keychain on a Mac, Credential Manager on Windows, the Secret Service
//! elsewhere.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use keyring::{Entry, Error};

use super::around::Keychain;

/// The service under which our secrets are found in the keychain's own program.
const SERVICE: &str = "rem-journal";
/// A locked keychain asks the person, and a broken one never answers: nobody waits longer than this.
const LONGEST: Duration = Duration::from_secs(5);
/// Questions that wait for an answer at the same time; a keychain that leaves so many open is broken.
const MOST_WAITING: usize = 3;

/// The keychain of this machine.
#[derive(Debug, Clone, Default)]
pub struct SystemKeychain {
    n_waiting: Arc<AtomicUsize>,
}

impl SystemKeychain {
    /// Asks on a thread of its own, which is left behind if no answer comes.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, String> {
        let silent = || {
            "the keychain does not answer: unlock it, and start the keychain program of your desktop \
             if it does not run"
                .to_owned()
        };
        if self.n_waiting.load(Ordering::SeqCst) >= MOST_WAITING {
            return Err(silent());
        }
        let (sender, answer) = mpsc::channel();
        let waiting = Arc::clone(&self.n_waiting);
        waiting.fetch_add(1, Ordering::SeqCst);
        thread::spawn(move || {
            // Who asked may have gone.
            let _ = sender.send(question());
            waiting.fetch_sub(1, Ordering::SeqCst);
        });
        match answer.recv_timeout(LONGEST) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(silent()),
        }
    }
}

/// The library's errors may carry what is in the keychain; only their kind is told.
fn told(error: &Error) -> String {
    match error {
        Error::NoStorageAccess(_) => "the keychain is locked: unlock it and try again",
        Error::NoDefaultStore => {
            "there is no keychain here: on Linux, install and start one such as GNOME Keyring or KWallet"
        }
        Error::BadEncoding(_) => "what the keychain has under this name is no text",
        _ => "the keychain refuses: look into your system’s program for passwords",
    }
    .to_owned()
}

impl Keychain for SystemKeychain {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        let name = name.to_owned();
        self.ask(move || match Entry::new(SERVICE, &name)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), String> {
        let (name, secret) = (name.to_owned(), secret.to_owned());
        self.ask(move || {
            let entry = Entry::new(SERVICE, &name)?;
            if !secret.is_empty() {
                return entry.set_password(&secret);
            }
            match entry.delete_credential() {
                Err(Error::NoEntry) => Ok(()),
                ended => ended,
            }
        })
    }
}
