//! What becomes of insights when the person forgets a source: whatever may hold a word of its moments
//! goes at once, in what is kept to undo dreams, too. The next dream tells the reflections anew.

use std::collections::BTreeSet;

use rusqlite::params;

use super::gather;
use crate::{
    Result,
    moments::write::Writing,
    store::{Hash, json_list},
};

/// Whether a list of numbers (an expression of SQL) has one of those that are forgotten, `?1`.
fn has_forgotten(list: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM json_each({list}) j
                 WHERE j.value IN (SELECT value FROM json_each(?1)))"
    )
}

/// Forgets what rests, or once rested, on these moments.
pub(crate) fn forget(writing: &Writing<'_>, moments: &BTreeSet<i64>) -> Result<()> {
    if moments.is_empty() {
        return Ok(());
    }
    let tx = writing.tx;
    let forgotten = json_list(&moments.iter().collect::<Vec<_>>());
    let rests = has_forgotten("moment_ids");
    // The row stays, so that the next dream knows for which day to reflect again.
    tx.execute(
        &format!(
            "UPDATE reflections SET text = '', language = '', sentiment = 0,
               sentiment_label = 'neutral', sample_ids = '[]', found = '[]', moment_ids = '[]',
               input_hash = ?2, updated_at = ?3 WHERE {rests}"
        ),
        params![forgotten, Hash([0; 32]), writing.now],
    )?;
    tx.execute(&format!("DELETE FROM predictions WHERE {rests}"), [&forgotten])?;
    tx.execute(
        &format!(
            "UPDATE predictions SET outcome = 'open', settled_on = NULL, settled_by = '[]'
             WHERE {}",
            has_forgotten("settled_by")
        ),
        [&forgotten],
    )?;
    let image = |image: &str| {
        let of = |column: &str| has_forgotten(&format!("json_extract({image}, '$.{column}')"));
        format!("({image} IS NOT NULL AND ({} OR {}))", of("moment_ids"), of("settled_by"))
    };
    tx.execute(
        &format!(
            "DELETE FROM revision_rows
             WHERE of_table IN ('reflections', 'insights', 'predictions') AND ({} OR {})",
            image("before"),
            image("after")
        ),
        [&forgotten],
    )?;
    tx.execute(
        "DELETE FROM moment_importance WHERE moment_id NOT IN (SELECT id FROM moments)",
        [],
    )?;
    gather::gather(tx)?.write(writing)
}
