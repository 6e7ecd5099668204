//! What REM Journal does, in sentences. Everything here is asked from outside, with a fixed clock and
//! real files in a temporary folder.

/// The command `rem`, run in this process.
mod cli;
