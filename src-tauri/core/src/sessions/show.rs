//! What is told of a conversation, as it is shown.

use rusqlite::OptionalExtension;

use super::read::outlines;
use crate::{Journal, Result, api::sessions::SessionSummary, mind::builtin, store::Hash};

/// How the papers this follows tag what is told of a conversation: it was made, and by nobody's hand.
const TAGS: [&str; 2] = ["session_summary", "auto_generated"];

/// What lies nearer to nothing than this is neither good nor bad.
const NEUTRAL: f32 = 0.15;

/// What is told of the conversation that a record is or belongs to.
pub(crate) fn of_record(journal: &Journal, record_id: i64) -> Result<Option<SessionSummary>> {
    journal.store().read(|reader| {
        let found = reader
            .prepare_cached(
                "SELECT session_id, summary, key_topics, valence, language, n_messages, input_hash,
                        mind, is_provisional, updated_at
                 FROM session_summaries
                 WHERE session_id = coalesce((SELECT session_id FROM records WHERE id = ?1), ?1)",
            )?
            .query_row([record_id], |row| {
                let mind: String = row.get(7)?;
                let summary = SessionSummary {
                    session_id: row.get(0)?,
                    summary: row.get(1)?,
                    key_topics: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
                    valence: row.get(3)?,
                    language: row.get(4)?,
                    n_messages: row.get(5)?,
                    is_by_model: mind != builtin::NAME,
                    mind,
                    is_provisional: row.get(8)?,
                    is_outdated: false,
                    told_at: row.get(9)?,
                    tags: TAGS.map(str::to_owned).to_vec(),
                    text: String::new(),
                };
                Ok((summary, row.get::<_, Hash>(6)?))
            })
            .optional()?;
        let Some((mut summary, hash)) = found else { return Ok(None) };
        let now = outlines(reader, Some(summary.session_id))?;
        summary.is_outdated = now.first().is_none_or(|outline| outline.hash != hash);
        summary.text = layout(&summary.summary, &summary.key_topics, summary.valence);
        Ok(Some(summary))
    })
}

/// The one text that the papers keep: a paragraph, the topics, the sentiment.
pub(crate) fn layout(summary: &str, key_topics: &[String], valence: f32) -> String {
    let sentiment = match valence {
        v if v > NEUTRAL => "positive",
        v if v < -NEUTRAL => "negative",
        _ => "neutral",
    };
    format!("{summary}\n\nKey Topics: {}\n\nSentiment: {sentiment}", key_topics.join(", "))
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn the_text_is_a_paragraph_the_topics_and_the_sentiment() {
        let topics = ["reeds".to_owned(), "the lake".to_owned()];
        assert_eq!(
            layout("We glued reeds.", &topics, 0.5),
            "We glued reeds.\n\nKey Topics: reeds, the lake\n\nSentiment: positive"
        );
        assert!(layout("", &[], 0.1).ends_with("neutral"));
        assert!(layout("", &[], -0.5).ends_with("negative"));
    }
}
