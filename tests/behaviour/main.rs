//! What REM Journal does, in sentences. Everything here is asked from outside, with a fixed clock and
//! real files in a temporary folder.

#![expect(clippy::expect_used, reason = "what a test prepares is there, or the test is broken")]

/// The command `rem`, run in this process.
mod cli;
