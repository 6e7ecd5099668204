//! What the person wrote: resources, sessions, messages. Read from sources, never changed.
//!
//! A format turns bytes into [`draft`]s; the rest of this room keeps them in the store.

pub mod draft;
