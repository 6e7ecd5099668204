//! What REM Journal does, in sentences. Everything here is asked from outside, with a fixed clock and
//! real files in a temporary folder.

#![expect(clippy::expect_used, reason = "what a test prepares is there, or the test is broken")]

/// Affinity: edges between notes and conversations, by vectors and by a model.
mod affinity;
/// Asking a model: what it costs, what is remembered, what is tried again.
mod asking;
/// Files that no program should trust: named, with the reason, and the rest is read.
mod bad_input;
/// The command `rem`, run in this process.
mod cli;
mod consolidating;
/// The person's corrections win over every dream.
mod corrections;
/// Dreaming: what is dreamt, when nothing is to do, how it is stopped.
mod dreaming;
/// Carrying the journal out, and a whole one in again.
mod exporting;
/// Fading: what nobody returns to loses strength, and how it is kept.
mod fading;
/// What a search finds, in which order, and what it shows of it.
mod finding;
/// What happens to notes when their files change, move, double and vanish.
mod following;
/// Foretelling: plans, rhythms and a model, and what became of them.
mod foretelling;
/// The graph: walking, finding ways, drawing; and what is never in it.
mod graph;
/// Whatever is typed: no door into the journal breaks, writes, tells or hangs.
mod hostile;
/// Folders and files that come in, and those that are refused.
mod importing;
/// Work that waits, schedules, and what is done as soon as something is saved.
mod jobs;
/// Types of moments, what groups came to, and events that several sources tell of.
mod kinds;
/// Looking back: this day in earlier years, days in a row, people, topics, moods.
mod looking_back;
/// Dreams with a model: what is asked, what becomes of the replies, and what happens without it.
mod minds;
/// Neighbours: comparing what is new finds what comparing everything finds, whatever came between.
mod neighbours;
/// Weeks, months and years: told, reckoned, left alone, forgotten, undone.
mod periods;
/// The profile: who the person is lately, in versions, with evidence, and by their own word.
mod profile;
/// Questions in SQL: as the papers ask them, and as nobody should.
mod querying;
/// Asking in one's own words: answers that cite, by rule and by a model that is held to its citations.
mod questions;
/// Real vaults, chats and diaries, where they are at hand.
mod real_data;
/// Every moment shows the words it rests on, and claims no more than they say.
mod receipts;
/// Reflecting: on what, from what, when again, and what the person thinks of it.
mod reflecting;
/// Search finds what was written, and nothing that was typed breaks it.
mod searching;
/// Summaries of conversations: of which, from what, when again, and gone with their messages.
mod sessions;
/// Whole dreams against the stand-in for Ollama, where it is at hand.
mod standin;
/// The journal's file: private, safe from other programs, never half written.
mod store;
/// Days that are longer, shorter, older or begin later than others.
mod times;
/// Topics: what tags become, what the person says of them, and what they are called.
mod topics;
/// Nights that are undone: exactly, in any order that is allowed, and never what the person did.
mod undo;
/// Vectors: made by the built-in embedder or by a model, one after the other, never mixed.
mod vectors;
/// Watched folders are followed while the app runs.
mod watching;
/// Whole dreams: twice, in any order of stages, killed at any moment.
mod whole;
/// The wire to model servers: what is sent where, and what becomes of it.
mod wire;
/// A temporary folder with notes in it and a journal beside it.
mod world;
