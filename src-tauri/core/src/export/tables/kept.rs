//! What the person said of it, which no dream writes.

use super::{
    super::table::{Child, Table, bytes, json, text, truth, whole},
    written::LIVING,
};

pub(super) const TABLES: &[Table] = &[
    Table {
        key: "name",
        order: "name",
        ..Table::new(
            "moment_type",
            "moment_types",
            "A type of moment that the person registered or described.",
            &[
                text("name", "Its name."),
                text("description", "What it is, in the person's words."),
                whole("created_at", "Unix milliseconds."),
                whole("updated_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "tag",
        order: "kind, tag",
        ..Table::new(
            "topic_correction",
            "topic_corrections",
            "What the person changed about topics.",
            &[
                text("kind", "name, with, apart or hidden."),
                text("tag", "The tag it is about."),
                text("value", "The name, or the tag it goes with."),
                whole("created_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "key",
        order: "kind, key",
        ..Table::new(
            "insight_decision",
            "insight_decisions",
            "That the person confirmed an insight, or hid it.",
            &[
                text("kind", "pattern, theme or strategy."),
                bytes("key", "The insight's."),
                text("decision", "hidden or confirmed."),
                whole("decided_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "key",
        order: "key",
        ..Table::new(
            "prediction_decision",
            "prediction_decisions",
            "How the person settled a prediction.",
            &[
                bytes("key", "The prediction's."),
                text("outcome", "hit, miss or unclear."),
                whole("decided_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "key",
        order: "key",
        children: &[Child {
            field: "records",
            says: "Records whose words it speaks of.",
            table: "decided_records",
            parent: "proposal_key",
            columns: &[whole("record_id", "The record.")],
            only: LIVING,
            order: "record_id",
            is_one: false,
        }],
        ..Table::new(
            "proposal_decision",
            "proposal_decisions",
            "That the person accepted a proposal, or refused it.",
            &[
                bytes("key", "The proposal's."),
                text("kind", "What kind of change."),
                text("decision", "accepted or rejected."),
                bytes("source_keys", "Hashes of what it speaks of, 32 bytes each."),
                text("text", "In the person's words, if they changed it.").or_not(),
                whole("decided_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "key",
        order: "key",
        children: &[Child {
            field: "sources",
            says: "What it stands for.",
            table: "consolidated_sources",
            parent: "memory_key",
            columns: &[
                text("thing", "record or moment."),
                bytes("key", "A record's hash, a moment's key."),
                truth("is_folded", "Whether another of the sources stands in its place."),
            ],
            only: "",
            order: "thing, key",
            is_one: false,
        }],
        ..Table::new(
            "consolidated_memory",
            "consolidated_memories",
            "The one text that stands for a group since the person accepted it.",
            &[
                bytes("key", "The proposal's."),
                text("proposed_action", "What was done."),
                json("source_ids", "What it was made from."),
                text("summary", "The text."),
                text("strategy_used", "How it was found."),
                whole("tokens_before", "Length of what it stands for."),
                whole("tokens_after", "Its length."),
                whole("created_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        key: "key",
        order: "field, key",
        ..Table::new(
            "profile_edit",
            "profile_edits",
            "What the person says of themselves; it is laid over every version of the profile.",
            &[
                text("field", "summary, activity, interest or person."),
                text("key", "The tag or folded name; empty for the fields there is one of."),
                text("op", "set, add, rename or hide."),
                text("value", "As the person wrote it."),
                whole("created_at", "Unix milliseconds."),
            ],
        )
    },
];
