//! How far the embedding is, for the window.

use crate::{
    Journal, Result,
    api::minds::EmbeddingView,
    store::vectors::{self, EmbedderRow, State},
};

/// Where vectors come from, and how far a change has come.
pub(crate) fn view(journal: &Journal) -> Result<EmbeddingView> {
    journal.store().read(|reader| {
        let used = super::used(reader)?;
        let next = vectors::embedder(reader, State::Next)?;
        let asked = next.as_ref().unwrap_or(&used).id;
        let (n_total, n_done) = reader.query_row(
            "SELECT (SELECT count(*) FROM chunks),
                    (SELECT count(*) FROM chunk_vectors WHERE embedder_id = ?1)",
            [asked],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(EmbeddingView { in_use: name(&used), next: next.as_ref().map(name), n_done, n_total })
    })
}

/// What an embedder is called before people.
pub(crate) fn name(embedder: &EmbedderRow) -> String {
    if embedder.is_built_in() { "built-in embedder".into() } else { embedder.name.clone() }
}
