//! What the person wrote, and where it came from.

use super::super::table::{Child, Column, Table, bytes, json, number, text, truth, whole};

/// Records whose file is gone are out of the person's sight, and out of the export.
pub(super) const LIVING: &str = "record_id IN (SELECT id FROM records WHERE deleted_at IS NULL)";

const FADING: &[Column] = &[
    number("importance", "What it weighs unfaded, 0 to 1."),
    whole("since_at", "When it came in, in Unix milliseconds."),
    whole("visited_at", "When the person last opened it; before that, when it came in."),
    whole("n_visits", "Days on which they did."),
    truth("is_pinned", "Whether it does not fade."),
    number("strength", "How much of its weight it still has, 0 to 1."),
];

pub(super) const fn fading(table: &'static str, parent: &'static str) -> Child {
    Child {
        field: "fading",
        says: "How it fades.",
        table,
        parent,
        columns: FADING,
        only: "",
        order: parent,
        is_one: true,
    }
}

const PARTS: Child = Child {
    field: "parts",
    says: "Its text cut where time or heading changes: what dreams read.",
    table: "chunks",
    parent: "record_id",
    columns: &[
        whole("ordinal", "Its place, from 0."),
        whole("starts", "First byte in the body."),
        whole("ends", "Byte after its last."),
        text("heading", "The heading it stands under; empty for none."),
        whole("occurred_at", "When it happened, in Unix milliseconds.").or_not(),
        whole("until_at", "When it ended, where that is told.").or_not(),
        whole("offset_minutes", "Minutes east of UTC then."),
        text("day", "The journal's day, YYYY-MM-DD.").or_not(),
        text("precision", "How precisely the time is known: unknown, day, hour, exact."),
    ],
    only: "",
    order: "ordinal, id",
    is_one: false,
};

const VERSIONS: Child = Child {
    field: "versions",
    says: "What its body was before it was edited, while moments rest on that.",
    table: "record_versions",
    parent: "record_id",
    columns: &[
        whole("id", "Its number."),
        bytes("hash", "BLAKE3 of the body."),
        text("body", "The text."),
        whole("replaced_at", "Until when it stood, in Unix milliseconds."),
    ],
    only: "",
    order: "id",
    is_one: false,
};

const SUMMARY: Child = Child {
    field: "summary",
    says: "What is told of the whole conversation.",
    table: "session_summaries",
    parent: "session_id",
    columns: &[
        text("summary", "A paragraph."),
        json("key_topics", "What it was about."),
        number("valence", "-1 (unpleasant) to 1 (pleasant)."),
        text("language", "Its language's code; empty where nobody can say."),
        whole("n_messages", "Messages it was told from."),
        bytes("input_hash", "Of what was read."),
        text("mind", "Who told it."),
        truth("is_provisional", "Whether it is told again when there is a model."),
        whole("revision_id", "The revision that wrote it."),
        whole("created_at", "Unix milliseconds."),
        whole("updated_at", "Unix milliseconds."),
    ],
    only: "",
    order: "session_id",
    is_one: true,
};

const RECORD: &[Column] = &[
    whole("id", "Its number in the journal; other lines name it by this."),
    whole("source_id", "The source it came from."),
    whole("file_id", "The file it stands in.").or_not(),
    whole("session_id", "Of a message: its conversation.").or_not(),
    whole("ordinal", "Of a message: its place in the conversation."),
    bytes("key", "What tells it from all others, whatever its file is called."),
    text("title", "Its title."),
    text("body", "The text, exactly as it was written; empty for conversations."),
    text("role", "Of a message: user, assistant, person or system; otherwise empty."),
    text("author", "Of a message: who wrote it."),
    json("tags", "Tags as written."),
    json("links", "Targets of wikilinks, as written."),
    whole("occurred_at", "When it happened, in Unix milliseconds.").or_not(),
    whole("until_at", "When it ended, where that is told.").or_not(),
    whole("offset_minutes", "Minutes east of UTC then."),
    text("day", "The journal's day, YYYY-MM-DD.").or_not(),
    text("precision", "How precisely the time is known: unknown, day, hour, exact."),
    bytes("hash", "BLAKE3 of the body."),
    whole("created_at", "When it came in, in Unix milliseconds."),
    whole("updated_at", "When it last changed in the journal."),
];

const fn record(
    thing: &'static str,
    says: &'static str,
    part: &'static str,
    children: &'static [Child],
) -> Table {
    Table {
        fixed: Some(("kind", thing)),
        only: "deleted_at IS NULL",
        part,
        children,
        ..Table::new(thing, "records", says, RECORD)
    }
}

const OF_DAYS: &str = "id IN (SELECT record_id FROM chunks WHERE day BETWEEN ?1 AND ?2)";

pub(super) const TABLES: &[Table] = &[
    Table {
        part: "?1 <= ?2",
        ..Table::new(
            "source",
            "sources",
            "Where records come from: a folder, a file, or the capture box.",
            &[
                whole("id", "Its number in the journal."),
                text("kind", "folder, file or capture."),
                text("path", "Where it lies on the machine it was exported from."),
                text("label", "Its name for people."),
                truth("is_watched", "Whether it is followed."),
                text("state", "new, ok or missing."),
                text("state_reason", "Why it is missing."),
                whole("created_at", "Unix milliseconds."),
                whole("scanned_at", "When it was last read.").or_not(),
            ],
        )
    },
    Table {
        only: "status <> 'missing'",
        ..Table::new(
            "file",
            "files",
            "A file of a source, as it was when it was last read.",
            &[
                whole("id", "Its number in the journal."),
                whole("source_id", "Its source."),
                bytes("path", "Its path below the source, as the file system gives it."),
                text("name", "The same for people."),
                whole("size", "Bytes."),
                whole("mtime_ns", "When it was changed, in nanoseconds of Unix time."),
                whole("ctime_ns", "When its entry was changed."),
                whole("inode", "Its number in the file system."),
                bytes("hash", "BLAKE3 of its bytes.").or_not(),
                text("format", "The format it was read as."),
                text("status", "read, partial, duplicate, skipped or failed."),
                text("reason", "Why it was not read, or what to know about it."),
                whole("read_at", "Unix milliseconds."),
            ],
        )
    },
    record(
        "resource",
        "A note, document, transcript, commit or summary, taken as a whole.",
        OF_DAYS,
        &[PARTS, VERSIONS, fading("record_fading", "record_id")],
    ),
    record(
        "session",
        "A conversation. Its messages have lines of their own.",
        "id IN (SELECT r.session_id FROM chunks c JOIN records r ON r.id = c.record_id
                WHERE c.day BETWEEN ?1 AND ?2)",
        &[SUMMARY, fading("record_fading", "record_id")],
    ),
    record("message", "One line in a conversation.", OF_DAYS, &[PARTS, VERSIONS]),
];
