//! The rules of the house, as tests: each is a sentence, says what to do when it is broken, and is
//! shown a broken sample first, so that it is known to be able to fail.
//!
//! A rule is a function from files to complaints. What it knows of Rust it knows from the text alone
//! ([`code`]), without comments, strings and tests.

mod capabilities;
mod code;
mod configuration;
mod decisions;
mod files;
mod generated;
mod layers;
mod licences;
mod owners;
mod pages;
mod prose;
mod tree;

/// Fails with all complaints and with the way out.
fn forbid(complaints: &[String], advice: &str) {
    assert!(complaints.is_empty(), "\n\n  {}\n\n  What to do: {advice}\n", complaints.join("\n  "));
}
