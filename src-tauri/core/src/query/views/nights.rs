//! What the nights found and foretold, and the nights themselves.

use super::View;
use crate::api::query::ColumnKind::{Date, Interval, List, Number, Text, Time, Truth};

pub(super) const VIEWS: &[View] = &[INSIGHTS, REFLECTIONS, PREDICTIONS, DREAMS];

const INSIGHTS: View = View {
    name: "insights",
    about: "patterns, themes and strategies that were found",
    columns: &[
        ("id", Number, "its number"),
        ("kind", Text, "pattern, theme or strategy"),
        ("statement", Text, "what was found"),
        ("tags", List, "what it is about"),
        ("moment_ids", List, "the moments it rests on, the newest first"),
        ("confidence", Number, "how sure that is, 0 to 1"),
        ("n_seen", Number, "reflections that found it"),
        ("first_seen_on", Date, "when it was first found"),
        ("last_seen_on", Date, "when it was last found"),
        ("is_confirmed", Truth, "whether you confirmed it"),
        ("mind", Text, "who found it"),
    ],
    sql: "SELECT i.id, i.kind, i.statement, i.tags,
        (SELECT json_group_array(j.value) FROM json_each(i.moment_ids) j
           JOIN main.moments m ON m.id = j.value WHERE m.is_hidden = 0),
        i.confidence, i.n_seen, i.first_seen_on, i.last_seen_on,
        EXISTS (SELECT 1 FROM main.insight_decisions d
                WHERE d.kind = i.kind AND d.key = i.key AND d.decision = 'confirmed'),
        i.mind
      FROM main.insights i
      WHERE NOT EXISTS (SELECT 1 FROM main.insight_decisions d
                        WHERE d.kind = i.kind AND d.key = i.key AND d.decision = 'hidden')
        AND (i.moment_ids = '[]' OR EXISTS
          (SELECT 1 FROM json_each(i.moment_ids) j JOIN main.moments m ON m.id = j.value
           WHERE m.is_hidden = 0))",
};

const REFLECTIONS: View = View {
    name: "reflections",
    about: "looks at what mattered up to the end of a day",
    columns: &[
        ("id", Number, "its number"),
        ("depth", Text, "surface, analytical or meta"),
        ("ends_on", Date, "the last day it looks at"),
        ("text", Text, "what it says"),
        ("outcome", Text, "success, partial or failure"),
        ("sentiment", Number, "-1 (bad) to 1 (good)"),
        ("sentiment_label", Text, "positive, negative, neutral or mixed"),
        ("sample_ids", List, "the moments it looked at, the weightiest first"),
        ("mind", Text, "who told it"),
        ("created_at", Time, "when it was told"),
    ],
    sql: "SELECT f.id, f.depth, f.ends_on, f.text, f.outcome, f.sentiment, f.sentiment_label,
        (SELECT json_group_array(j.value) FROM json_each(f.sample_ids) j
           JOIN main.moments m ON m.id = j.value WHERE m.is_hidden = 0),
        f.mind, rem_local(f.created_at)
      FROM main.reflections f WHERE f.text <> ''",
};

const PREDICTIONS: View = View {
    name: "predictions",
    about: "what was foretold, and what became of it",
    columns: &[
        ("id", Number, "its number"),
        ("kind", Text, "plan, rhythm or foretold"),
        ("statement", Text, "what is foretold"),
        ("made_on", Date, "the last day that was known then"),
        ("due_from", Date, "the first day it is foretold for"),
        ("due_on", Date, "the last"),
        ("confidence", Number, "how sure that was, 0 to 1"),
        ("tags", List, "what it is about"),
        ("people", List, "who is in it"),
        ("moment_ids", List, "the moments it rests on"),
        ("outcome", Text, "open, hit, miss or unclear, by your word before a dream's"),
        ("settled_on", Date, "when a dream settled it"),
        ("mind", Text, "who foretold it"),
    ],
    sql: "SELECT p.id, p.kind, p.statement, p.made_on, p.due_from, p.due_on, p.confidence, p.tags, p.people,
        (SELECT json_group_array(j.value) FROM json_each(p.moment_ids) j
           JOIN main.moments m ON m.id = j.value WHERE m.is_hidden = 0),
        coalesce((SELECT d.outcome FROM main.prediction_decisions d WHERE d.key = p.key), p.outcome),
        p.settled_on, p.mind
      FROM main.predictions p
      WHERE p.moment_ids = '[]' OR EXISTS
        (SELECT 1 FROM json_each(p.moment_ids) j JOIN main.moments m ON m.id = j.value
         WHERE m.is_hidden = 0)",
};

const DREAMS: View = View {
    name: "dreams",
    about: "the nights: one row for each dream",
    columns: &[
        ("id", Number, "its number, as in `rem dreams show 3`"),
        ("cause", Text, "why it was dreamt"),
        ("mind", Text, "who did the understanding"),
        ("state", Text, "running, done, cancelled or failed"),
        ("is_whole", Truth, "whether all stages were run"),
        ("is_undone", Truth, "whether it was undone since"),
        ("started_at", Time, "when it began"),
        ("finished_at", Time, "when it ended"),
        ("duration", Interval, "how long it took"),
        ("reason", Text, "why it failed or was cancelled"),
    ],
    sql: "SELECT d.id, d.cause, d.mind, d.state, d.is_whole, d.undone_by IS NOT NULL,
        rem_local(d.started_at), rem_local(d.finished_at), (d.finished_at - d.started_at) / 1000.0, d.reason
      FROM main.dreams d WHERE d.state <> ''",
};
