//! What the person wrote, and where it came from.

use super::View;
use crate::api::query::ColumnKind::{Date, List, Number, Object, Text, Time, Truth};

pub(super) const VIEWS: &[View] = &[RESOURCES, SESSIONS, MESSAGES, SOURCES];

const RESOURCES: View = View {
    name: "resources",
    about: "notes, documents, transcripts, taken as a whole",
    columns: &[
        ("id", Number, "its number, as in `rem show record:5`"),
        ("name", Text, "its title"),
        ("content", Text, "its whole text"),
        ("type", Text, "what it was read as: notes, capture, …"),
        ("source_id", Number, "where it came from"),
        ("source", Text, "what that is called"),
        ("file", Text, "the file's name; empty for quick notes"),
        ("tags", List, "tags that you wrote in it"),
        ("found_tags", List, "what it is about, found without a model, the best first"),
        ("links", List, "what it links to"),
        ("occurred_at", Time, "when it happened, as far as it says so"),
        ("ends_at", Time, "when that ended, where it says so"),
        ("day", Date, "the journal's day"),
        ("precision", Text, "how well the time is known: unknown, day, hour, exact"),
        ("created_at", Time, "when it came in"),
        ("updated_at", Time, "when it last changed"),
        ("metadata", Object, "format and file"),
    ],
    sql: "SELECT r.id, r.title, r.body,
        coalesce((SELECT f.format FROM main.files f WHERE f.id = r.file_id), 'capture'),
        r.source_id, (SELECT s.label FROM main.sources s WHERE s.id = r.source_id),
        coalesce((SELECT f.name FROM main.files f WHERE f.id = r.file_id), ''),
        r.tags,
        (SELECT json_group_array(t.tag ORDER BY t.score DESC, t.tag)
         FROM main.record_tags t WHERE t.record_id = r.id),
        r.links,
        datetime(r.occurred_at / 1000 + r.offset_minutes * 60, 'unixepoch'),
        datetime(r.until_at / 1000 + r.offset_minutes * 60, 'unixepoch'),
        r.day, r.precision, rem_local(r.created_at), rem_local(r.updated_at),
        json_object(
          'format', coalesce((SELECT f.format FROM main.files f WHERE f.id = r.file_id), 'capture'),
          'file', (SELECT f.name FROM main.files f WHERE f.id = r.file_id))
      FROM main.records r WHERE r.kind = 'resource' AND r.deleted_at IS NULL",
};

const SESSIONS: View = View {
    name: "sessions",
    about: "conversations, with people or with an assistant",
    columns: &[
        ("id", Number, "its number, as in `rem show record:5`"),
        ("name", Text, "its title"),
        ("source_id", Number, "where it came from"),
        ("source", Text, "what that is called"),
        ("start_time", Time, "when its first message was sent"),
        ("end_time", Time, "when its last message was sent"),
        ("day", Date, "the journal's day on which it began"),
        ("n_messages", Number, "its messages"),
        ("summary", Text, "what it was about, once a dream told it"),
        ("key_topics", List, "its topics, once a dream told it"),
        ("sentiment", Number, "how it felt, -1 (bad) to 1 (good), once a dream told it"),
        ("created_at", Time, "when it came in"),
        ("updated_at", Time, "when it last changed"),
        ("metadata", Object, "format and file"),
    ],
    sql: "SELECT r.id, r.title, r.source_id,
        (SELECT s.label FROM main.sources s WHERE s.id = r.source_id),
        coalesce(
          (SELECT datetime(m.occurred_at / 1000 + m.offset_minutes * 60, 'unixepoch') FROM main.records m
           WHERE m.session_id = r.id AND m.deleted_at IS NULL AND m.occurred_at IS NOT NULL
           ORDER BY m.ordinal LIMIT 1),
          datetime(r.occurred_at / 1000 + r.offset_minutes * 60, 'unixepoch')),
        coalesce(
          (SELECT datetime(m.occurred_at / 1000 + m.offset_minutes * 60, 'unixepoch') FROM main.records m
           WHERE m.session_id = r.id AND m.deleted_at IS NULL AND m.occurred_at IS NOT NULL
           ORDER BY m.ordinal DESC LIMIT 1),
          datetime(coalesce(r.until_at, r.occurred_at) / 1000 + r.offset_minutes * 60, 'unixepoch')),
        r.day,
        (SELECT count(*) FROM main.records m WHERE m.session_id = r.id AND m.deleted_at IS NULL),
        (SELECT t.summary FROM main.session_summaries t WHERE t.session_id = r.id),
        (SELECT t.key_topics FROM main.session_summaries t WHERE t.session_id = r.id),
        (SELECT t.valence FROM main.session_summaries t WHERE t.session_id = r.id),
        rem_local(r.created_at), rem_local(r.updated_at),
        json_object('format', (SELECT f.format FROM main.files f WHERE f.id = r.file_id),
          'file', (SELECT f.name FROM main.files f WHERE f.id = r.file_id))
      FROM main.records r WHERE r.kind = 'session' AND r.deleted_at IS NULL",
};

const MESSAGES: View = View {
    name: "messages",
    about: "the lines of conversations",
    columns: &[
        ("id", Number, "its number, as in `rem show record:5`"),
        ("session_id", Number, "the conversation"),
        ("ordinal", Number, "its place in it"),
        ("role", Text, "user (you), assistant, person or system"),
        ("author", Text, "who wrote it"),
        ("content", Text, "what was written"),
        ("sent_at", Time, "when it was sent"),
        ("day", Date, "the journal's day"),
        ("precision", Text, "how well the time is known: unknown, day, hour, exact"),
        ("created_at", Time, "when it came in"),
    ],
    sql: "SELECT r.id, r.session_id, r.ordinal, r.role, r.author, r.body,
        datetime(r.occurred_at / 1000 + r.offset_minutes * 60, 'unixepoch'), r.day, r.precision,
        rem_local(r.created_at)
      FROM main.records r
      WHERE r.kind = 'message' AND r.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM main.records s
                        WHERE s.id = r.session_id AND s.deleted_at IS NOT NULL)",
};

const SOURCES: View = View {
    name: "sources",
    about: "where records come from",
    columns: &[
        ("id", Number, "its number"),
        ("kind", Text, "folder, file or capture"),
        ("name", Text, "what it is called"),
        ("path", Text, "where it lies"),
        ("is_watched", Truth, "whether it is followed"),
        ("state", Text, "new, ok or missing"),
        ("n_resources", Number, "notes from it"),
        ("n_messages", Number, "messages from it"),
        ("created_at", Time, "when it was added"),
        ("scanned_at", Time, "when it was last read"),
    ],
    sql: "SELECT s.id, s.kind, s.label, s.path, s.is_watched, s.state,
        (SELECT count(*) FROM main.records r
         WHERE r.source_id = s.id AND r.kind = 'resource' AND r.deleted_at IS NULL),
        (SELECT count(*) FROM main.records r
         WHERE r.source_id = s.id AND r.kind = 'message' AND r.deleted_at IS NULL),
        rem_local(s.created_at), rem_local(s.scanned_at)
      FROM main.sources s WHERE s.kind <> ''",
};
