//! What stands in for the world outside in tests, on this machine's loopback only.

mod fate;
mod http;
pub mod ollama;
pub mod reader;
pub mod recorder;

pub use fate::{Fate, Reply};
pub use ollama::{Asked, FakeModel, FakeOllama};
pub use recorder::Recorder;
