//! What the tests of formats share.

use super::{Format, Input};
use crate::{
    Error,
    records::draft::{Draft, ResourceDraft, SessionDraft},
};

/// Reads a file that has to be readable.
pub(crate) fn read(format: &dyn Format, path: &str, mut bytes: &[u8]) -> (Vec<Draft>, Vec<String>) {
    let mut drafts = Vec::new();
    let notices = format
        .parse(Input { path, reader: &mut bytes }, &mut |draft| {
            drafts.push(draft);
            Ok(())
        })
        .unwrap();
    (drafts, notices.into_iter().map(|notice| notice.0).collect())
}

/// Reads a file that has to fail, and gives what came before.
pub(crate) fn read_until_broken(
    format: &dyn Format,
    path: &str,
    mut bytes: &[u8],
) -> (Vec<Draft>, String) {
    let mut drafts = Vec::new();
    let failed: Error = format
        .parse(Input { path, reader: &mut bytes }, &mut |draft| {
            drafts.push(draft);
            Ok(())
        })
        .unwrap_err();
    (drafts, failed.to_string())
}

/// The conversations among drafts.
pub(crate) fn sessions(drafts: &[Draft]) -> Vec<&SessionDraft> {
    drafts
        .iter()
        .filter_map(|draft| match draft {
            Draft::Session(session) => Some(session),
            Draft::Resource(_) => None,
        })
        .collect()
}

/// The notes among drafts.
pub(crate) fn resources(drafts: &[Draft]) -> Vec<&ResourceDraft> {
    drafts
        .iter()
        .filter_map(|draft| match draft {
            Draft::Resource(resource) => Some(resource),
            Draft::Session(_) => None,
        })
        .collect()
}
