//! What lies around a journal on this machine: the environment's word about Ollama, memory, battery,
//! the keychain. A shell fills it; by default nothing is there, so that tests find nothing by accident.

use std::{fmt, sync::Arc, time::Duration};

use super::Server;

/// What a shell knows of the machine.
#[derive(Clone)]
pub struct Around {
    /// What `OLLAMA_HOST` says, or the address to look at where it says nothing; `None`: look nowhere.
    pub ollama_host: Option<String>,
    /// The machine's name, to say which one dreams; empty where unknown.
    pub host: String,
    /// What the program is called before people: "the app", or "rem".
    pub program: String,
    /// Bytes of memory of this machine; 0 where unknown.
    pub memory_bytes: u64,
    /// Battery and activity.
    pub senses: Arc<dyn Senses>,
    /// Where secrets are kept.
    pub keychain: Arc<dyn Keychain>,
    /// Takes the place of the server that the settings name: a script in tests.
    pub server: Option<Arc<dyn Server>>,
    /// How long to wait for a server in trouble.
    pub patience: Patience,
}

/// How long to wait for a server in trouble.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Before the first retry of a call; doubled before each further one, and jittered.
    pub first_wait: Duration,
    /// For a server that has gone, before the built-in analyser goes on.
    pub until_back: Duration,
    /// For the first piece of a reply: the model is loaded and the prompt read meanwhile.
    pub first_piece: Duration,
    /// Between two pieces of a reply.
    pub next_piece: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_secs(1),
            until_back: Duration::from_secs(30),
            first_piece: Duration::from_secs(300),
            next_piece: Duration::from_secs(60),
        }
    }
}

/// Where Ollama listens unless told otherwise.
pub const OLLAMA_HOST: &str = "127.0.0.1:11434";

impl Default for Around {
    fn default() -> Self {
        Self {
            ollama_host: None,
            host: String::new(),
            program: String::new(),
            memory_bytes: 0,
            senses: Arc::new(Numb),
            keychain: Arc::new(Numb),
            server: None,
            patience: Patience::default(),
        }
    }
}

impl fmt::Debug for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Around")
            .field("ollama_host", &self.ollama_host)
            .field("memory_bytes", &self.memory_bytes)
            .finish_non_exhaustive()
    }
}

/// What can be felt of the machine. What is unknown keeps no dream from going on: its hour was chosen by
/// the person.
pub trait Senses: Send + Sync {
    /// Whether it runs on its battery; `None` where nobody can say.
    fn is_on_battery(&self) -> Option<bool>;

    /// How long nobody has touched keyboard or mouse; `None` where nobody can say.
    fn idle_for(&self) -> Option<Duration>;

    /// The share of the machine's cores that had work in the last minute, 0 to 1 and above; `None` where
    /// nobody can say.
    fn load(&self) -> Option<f32> {
        None
    }
}

/// The operating system's keychain.
pub trait Keychain: Send + Sync {
    /// The secret under this name.
    ///
    /// # Errors
    /// The keychain cannot be reached or is locked; the text says what to do.
    fn get(&self, name: &str) -> Result<Option<String>, String>;

    /// Keeps a secret under this name; an empty one is forgotten.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn set(&self, name: &str, secret: &str) -> Result<(), String>;
}

/// Feels nothing and keeps nothing.
struct Numb;

impl Senses for Numb {
    fn is_on_battery(&self) -> Option<bool> {
        None
    }

    fn idle_for(&self) -> Option<Duration> {
        None
    }
}

impl Keychain for Numb {
    fn get(&self, _name: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn set(&self, _name: &str, _secret: &str) -> Result<(), String> {
        Err("there is no keychain here".into())
    }
}
