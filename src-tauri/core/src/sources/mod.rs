//! Where records come from: watched folders and imports.

pub mod decode;
pub mod formats;
