//! What dreams made of the days: moments and what hangs on them, periods, moods.

use super::View;
use crate::api::query::ColumnKind::{Date, Interval, List, Number, Object, Text, Time, Truth};

pub(super) const VIEWS: &[View] = &[MOMENTS, EVIDENCE, PERIODS, MOODS];

const MOMENTS: View = View {
    name: "moments",
    about: "what happened, from a start to an end",
    columns: &[
        ("id", Number, "its number, as in `rem show 12`"),
        ("name", Text, "its title"),
        ("summary", Text, "what happened, in a few sentences"),
        ("outcome", Text, "what came of it; empty where nothing did"),
        ("start_time", Time, "when it began"),
        ("end_time", Time, "when it ended"),
        ("duration", Interval, "from start to end"),
        ("day", Date, "the journal's day"),
        ("precision", Text, "how well its time is known: unknown, day, hour, exact"),
        ("moment_type", Text, "its type: work_session, meeting, learning, …"),
        ("tags", List, "its tags"),
        ("emotion_tags", List, "what was felt; productive, too, where something came of it and it did not feel bad"),
        ("people", List, "who was there"),
        ("resource_ids", List, "the notes that tell of it"),
        ("session_ids", List, "the conversations that tell of it"),
        ("collaborative_insights", List, "what the people in it decided or learnt together"),
        ("valence", Number, "how it felt, -1 (bad) to 1 (good)"),
        ("arousal", Number, "how strongly, 0 (calm) to 1 (stirred)"),
        ("confidence", Number, "how sure whoever told it was, 0 to 1"),
        ("importance", Number, "what it weighs, 0 to 1; absent until it was weighed"),
        ("is_pinned", Truth, "whether you pinned it"),
        ("is_folded", Truth, "whether by your word another stands in its place, or none"),
        ("created_at", Time, "when it was first dreamt"),
        ("updated_at", Time, "when it last changed"),
        ("metadata", Object, "mind, language, revision, and which fields you corrected"),
    ],
    sql: "SELECT m.id, m.title,
        coalesce(
          (SELECT c.summary FROM main.consolidated_sources s
             JOIN main.consolidated_memories c ON c.key = s.memory_key
           WHERE s.thing = 'moment' AND s.key = m.key AND s.is_folded = 0 AND c.proposed_action = 'merge'
             AND NOT EXISTS (SELECT 1 FROM main.corrections k
                             WHERE k.moment_id = m.id AND k.field = 'summary')
           ORDER BY c.created_at DESC, c.key LIMIT 1),
          m.summary),
        m.outcome,
        datetime(m.starts_at / 1000 + m.offset_minutes * 60, 'unixepoch'),
        datetime(m.ends_at / 1000 + m.offset_minutes * 60, 'unixepoch'),
        (m.ends_at - m.starts_at) / 1000,
        m.day, m.precision, m.moment_type, m.tags,
        CASE WHEN m.outcome <> '' AND m.valence >= 0
          THEN json_insert(
            (SELECT json_group_array(json_extract(f.value, '$.label')) FROM json_each(m.emotions) f),
            '$[#]', 'productive')
          ELSE (SELECT json_group_array(json_extract(f.value, '$.label')) FROM json_each(m.emotions) f) END,
        m.people,
        (SELECT json_group_array(DISTINCT e.record_id) FROM main.evidence e
           JOIN main.records r ON r.id = e.record_id
         WHERE e.moment_id = m.id AND r.kind = 'resource' AND r.deleted_at IS NULL),
        (SELECT json_group_array(DISTINCT r.session_id) FROM main.evidence e
           JOIN main.records r ON r.id = e.record_id
         WHERE e.moment_id = m.id AND r.kind = 'message' AND r.deleted_at IS NULL),
        (SELECT json_group_array(json_extract(i.value, '$.text')) FROM json_each(m.insights) i),
        m.valence, m.arousal, m.confidence,
        (SELECT i.importance FROM main.moment_importance i WHERE i.moment_id = m.id),
        m.is_pinned,
        EXISTS (SELECT 1 FROM main.consolidated_sources s
                  JOIN main.consolidated_memories c ON c.key = s.memory_key
                WHERE s.thing = 'moment' AND s.key = m.key AND s.is_folded = 1
                  AND (c.proposed_action = 'demote' OR EXISTS
                    (SELECT 1 FROM main.consolidated_sources f JOIN main.moments o ON o.key = f.key
                     WHERE f.memory_key = s.memory_key AND f.is_folded = 0 AND o.is_hidden = 0))),
        rem_local(m.created_at), rem_local(m.updated_at),
        json_object('mind', m.mind, 'language', m.language, 'revision', m.revision_id, 'corrected',
          json((SELECT json_group_array(k.field) FROM main.corrections k WHERE k.moment_id = m.id)))
      FROM main.moments m WHERE m.is_hidden = 0",
};

const EVIDENCE: View = View {
    name: "evidence",
    about: "the words that moments rest on",
    columns: &[
        ("id", Number, "its number"),
        ("moment_id", Number, "the moment"),
        ("record_id", Number, "the note or message, as in `rem show record:5`"),
        ("record_kind", Text, "resource or message"),
        ("ordinal", Number, "its place among the evidence of the moment"),
        ("quote", Text, "the words; absent where the note reads otherwise by now"),
    ],
    sql: "SELECT e.id, e.moment_id, e.record_id, r.kind, e.ordinal,
        CASE WHEN r.hash = e.record_hash
          THEN CAST(substr(CAST(r.body AS BLOB), e.starts + 1, e.ends - e.starts) AS TEXT) END
      FROM main.evidence e JOIN main.records r ON r.id = e.record_id
      WHERE r.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM main.moments m WHERE m.id = e.moment_id AND m.is_hidden = 0)",
};

const PERIODS: View = View {
    name: "periods",
    about: "days, weeks, months and years, each with what is told of it",
    columns: &[
        ("id", Number, "its number"),
        ("kind", Text, "day, week, month or year"),
        ("start_date", Date, "its first day"),
        ("end_date", Date, "its last day"),
        ("title", Text, "its title; empty for days"),
        ("summary", Text, "what is told of it"),
        ("valence", Number, "how it felt, -1 to 1"),
        ("arousal", Number, "how strongly, 0 to 1"),
        ("n_moments", Number, "moments in it"),
        ("n_records", Number, "notes and messages in it"),
        ("n_days", Number, "days of it that have moments; not counted for days"),
        ("duration", Interval, "how long its moments took, not counted for days"),
        ("hours", List, "how long each type took: {moment_type, minutes, …}"),
        ("people", List, "who was met, with counts"),
        ("topics", List, "what it was about, with counts"),
        ("updated_at", Time, "when it was last told"),
    ],
    sql: "SELECT p.id, p.kind, p.starts_on, p.ends_on, p.title, p.summary, p.valence, p.arousal,
        p.n_moments, p.n_records, p.n_days, p.minutes * 60, p.hours, p.people, p.topics,
        rem_local(p.updated_at)
      FROM main.periods p WHERE p.kind <> ''",
};

const MOODS: View = View {
    name: "moods",
    about: "how it felt, moment by moment, and what you entered by hand",
    columns: &[
        ("id", Number, "its number"),
        ("moment_id", Number, "the moment; absent where you entered it by hand"),
        ("at", Time, "when"),
        ("day", Date, "the journal's day"),
        ("precision", Text, "how well the time is known: unknown, day, hour, exact"),
        ("valence", Number, "-1 (bad) to 1 (good)"),
        ("arousal", Number, "0 (calm) to 1 (stirred)"),
        ("note", Text, "what you wrote with it"),
    ],
    sql: "SELECT d.id, d.moment_id, datetime(d.at / 1000 + d.offset_minutes * 60, 'unixepoch'), d.day,
        d.precision, d.valence, d.arousal, d.note
      FROM main.moods d
      WHERE d.moment_id IS NULL
        OR EXISTS (SELECT 1 FROM main.moments m WHERE m.id = d.moment_id AND m.is_hidden = 0)",
};
