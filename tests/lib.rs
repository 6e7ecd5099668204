//! What the tests of this package share.

#![expect(clippy::expect_used, reason = "what a test prepares is there, or the test is broken")]

pub mod support;
