//! Where records come from: watched folders and imports.

pub mod formats;
