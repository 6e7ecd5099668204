//! Dreams and what they changed, as far as it is told; undoing them is not exported.

use super::super::table::{Child, Table, json, number, text, truth, whole};

pub(super) const TABLES: &[Table] = &[
    Table {
        children: &[Child {
            field: "digest",
            says: "What it came to, in numbers.",
            table: "digests",
            parent: "dream_id",
            columns: &[
                text("memory_type", "Always Summary."),
                text("content", "The numbers, in sentences."),
                json("tags", "Tags."),
                number("importance", "0 to 1."),
                text("workspace", "The journal's name."),
                whole("revision_id", "The revision that wrote it."),
                whole("created_at", "Unix milliseconds."),
            ],
            only: "",
            order: "dream_id",
            is_one: true,
        }],
        ..Table::new(
            "dream",
            "dreams",
            "One run in which the journal read what was new.",
            &[
                whole("id", "Its number."),
                text("cause", "What set it off."),
                text("mind", "What dreamt."),
                json("options", "What was asked for."),
                text("state", "done, cancelled or failed.")
                    .read_as("CASE state WHEN 'running' THEN 'cancelled' ELSE state END"),
                json("report", "What its stages came to."),
                text("reason", "Why it failed."),
                whole("started_at", "Unix milliseconds."),
                whole("finished_at", "Unix milliseconds.")
                    .or_not()
                    .read_as("CASE state WHEN 'running' THEN started_at ELSE finished_at END"),
                whole("undone_by", "The revision that undid it.").or_not(),
                truth("is_whole", "Whether it was a whole dream, or one stage."),
            ],
        )
    },
    Table {
        children: &[Child {
            field: "changes",
            says: "What it added, changed and removed.",
            table: "revision_changes",
            parent: "revision_id",
            columns: &[
                whole("id", "Its number."),
                text("op", "added, changed or removed."),
                text("thing", "What kind of thing."),
                whole("thing_id", "Its number."),
                json("before", "As it was.").or_not(),
                json("after", "As it became.").or_not(),
            ],
            only: "",
            order: "id",
            is_one: false,
        }],
        ..Table::new(
            "revision",
            "revisions",
            "What one dream, or one act of the person, changed.",
            &[
                whole("id", "Its number; other lines name it by this."),
                whole("dream_id", "The dream.").or_not(),
                text("author", "dream or person."),
                text("label", "What it was, for people."),
                whole("created_at", "Unix milliseconds."),
            ],
        )
    },
    Table {
        fixed: Some(("kind", "dream")),
        only: "state = 'queued'",
        order: "key",
        ..Table::new(
            "waiting_day",
            "jobs",
            "A day that waits for a dream.",
            &[
                text("key", "The day, YYYY-MM-DD."),
                whole("created_at", "Since when, in Unix milliseconds."),
                whole("updated_at", "When it last changed."),
            ],
        )
    },
];
