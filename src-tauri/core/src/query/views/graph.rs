//! People, topics and other things that the records speak of, and how all of it goes together.

use super::View;
use crate::api::query::ColumnKind::{Date, List, Number, Object, Text, Time};

pub(super) const VIEWS: &[View] = &[PEOPLE, TOPICS, COMMUNITIES, ENTITIES, MENTIONS, EDGES];

const PEOPLE: View = View {
    name: "people",
    about: "who is named in moments",
    columns: &[
        ("id", Number, "the number of the entity"),
        ("name", Text, "the name"),
        ("aliases", List, "other names"),
        ("n_moments", Number, "moments that name them"),
        ("first_day", Date, "the day of the first"),
        ("last_day", Date, "the day of the last"),
        (
            "valence",
            Number,
            "the mean of the moments with them in which something was felt, -1 to 1",
        ),
    ],
    sql: "SELECT e.id, e.name, e.aliases, e.n_moments, e.first_day, e.last_day,
        (SELECT avg(m.valence) FROM main.moments m
         WHERE m.is_hidden = 0 AND m.emotions <> '[]'
           AND m.id IN (SELECT n.moment_id FROM main.mentions n WHERE n.entity_id = e.id))
      FROM {entities} e WHERE e.kind = 'person' AND e.n_moments > 0",
};

const TOPICS: View = View {
    name: "topics",
    about: "what the moments are about",
    columns: &[
        ("id", Number, "the number of the entity, as in `rem topics show 7`"),
        ("name", Text, "what it is called"),
        ("tags", List, "the tags that were gathered to it"),
        ("n_moments", Number, "moments that are about it"),
        ("first_day", Date, "the day of the first"),
        ("last_day", Date, "the day of the last"),
        ("importance", Number, "0 to 1, by how many moments it has and what they weigh"),
        ("valence", Number, "the mean of those in which something was felt, -1 to 1"),
        ("arousal", Number, "the same for how strongly, 0 to 1"),
        ("n_related", Number, "topics that share moments with it"),
        ("community_id", Number, "the community it belongs to"),
        ("broader_id", Number, "the topic that it is a part of"),
    ],
    sql: "SELECT t.id, e.name,
        (SELECT json_group_array(g.tag) FROM main.topic_tags g WHERE g.topic_id = t.id),
        e.n_moments, e.first_day, e.last_day, t.importance, t.valence, t.arousal, t.degree, t.community_id,
        t.broader_id
      FROM main.topics t JOIN {entities} e ON e.id = t.id WHERE t.n_moments >= 0",
};

const COMMUNITIES: View = View {
    name: "communities",
    about: "topics that belong together (level 1), and communities that do (level 2)",
    columns: &[
        ("id", Number, "its number"),
        ("level", Number, "1 or 2"),
        ("parent_id", Number, "the community of level 2 that it is in"),
        ("name", Text, "what it is called"),
        ("n_topics", Number, "its topics"),
        ("n_moments", Number, "moments about them"),
    ],
    sql: "SELECT c.id, c.level, c.parent_id, c.name, c.n_topics, c.n_moments
      FROM main.communities c WHERE c.level > 0",
};

const ENTITIES: View = View {
    name: "entities",
    about: "people, places, topics, projects, tools and organisations",
    columns: &[
        ("id", Number, "its number"),
        ("kind", Text, "person, place, topic, project, tool, organisation or other"),
        ("name", Text, "its name"),
        ("aliases", List, "other names"),
        ("n_moments", Number, "moments that name it or are about it"),
        ("first_day", Date, "the day of the first"),
        ("last_day", Date, "the day of the last"),
        ("created_at", Time, "when it was first found"),
    ],
    // A topic has its moments by its tags, everything else by being mentioned. What is only in moments that
    // the person hid is not there; what was found in notes alone is.
    sql: "SELECT e.id, e.kind,
        CASE WHEN e.kind <> 'topic' THEN e.name ELSE coalesce(
          (SELECT c.value FROM main.topic_tags g
             JOIN main.topic_corrections c ON c.kind = 'name' AND c.tag = g.tag
           WHERE g.topic_id = e.id ORDER BY c.created_at DESC, c.tag DESC LIMIT 1),
          CASE WHEN e.key = '' OR substr(e.key, 1, 1) = '~' THEN e.name ELSE e.key END) END,
        e.aliases,
        CASE WHEN e.kind <> 'topic'
          THEN (SELECT count(DISTINCT m.id) FROM main.mentions n JOIN main.moments m ON m.id = n.moment_id
                WHERE n.entity_id = e.id AND m.is_hidden = 0)
          ELSE (SELECT count(DISTINCT m.id) FROM main.topic_tags g
                  JOIN main.moment_tags l ON l.tag_id = g.id JOIN main.moments m ON m.id = l.moment_id
                WHERE g.topic_id = e.id AND m.is_hidden = 0) END,
        CASE WHEN e.kind <> 'topic'
          THEN (SELECT min(m.day) FROM main.mentions n JOIN main.moments m ON m.id = n.moment_id
                WHERE n.entity_id = e.id AND m.is_hidden = 0)
          ELSE (SELECT min(m.day) FROM main.topic_tags g
                  JOIN main.moment_tags l ON l.tag_id = g.id JOIN main.moments m ON m.id = l.moment_id
                WHERE g.topic_id = e.id AND m.is_hidden = 0) END,
        CASE WHEN e.kind <> 'topic'
          THEN (SELECT max(m.day) FROM main.mentions n JOIN main.moments m ON m.id = n.moment_id
                WHERE n.entity_id = e.id AND m.is_hidden = 0)
          ELSE (SELECT max(m.day) FROM main.topic_tags g
                  JOIN main.moment_tags l ON l.tag_id = g.id JOIN main.moments m ON m.id = l.moment_id
                WHERE g.topic_id = e.id AND m.is_hidden = 0) END,
        rem_local(e.created_at)
      FROM main.entities e
      WHERE CASE WHEN e.kind = 'topic'
        THEN EXISTS (SELECT 1 FROM main.topic_tags g
                       JOIN main.moment_tags l ON l.tag_id = g.id JOIN main.moments m ON m.id = l.moment_id
                     WHERE g.topic_id = e.id AND m.is_hidden = 0)
          AND NOT EXISTS (SELECT 1 FROM main.topic_tags g
                            JOIN main.topic_corrections c ON c.kind = 'hidden' AND c.tag = g.tag
                          WHERE g.topic_id = e.id)
        ELSE e.key = 'SELF'
          OR EXISTS (SELECT 1 FROM main.mentions n JOIN main.moments m ON m.id = n.moment_id
                       JOIN main.records r ON r.id = n.record_id
                     WHERE n.entity_id = e.id AND m.is_hidden = 0 AND r.deleted_at IS NULL) END",
};

const MENTIONS: View = View {
    name: "mentions",
    about: "which moments and records name whom or what",
    columns: &[
        ("id", Number, "its number"),
        ("entity_id", Number, "who or what is named"),
        ("moment_id", Number, "the moment"),
        ("record_id", Number, "the note or message with the words"),
        ("confidence", Number, "how sure that is, 0 to 1"),
    ],
    sql: "SELECT n.id, n.entity_id, n.moment_id, n.record_id, n.confidence
      FROM main.mentions n JOIN main.records r ON r.id = n.record_id
      WHERE r.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM main.moments m WHERE m.id = n.moment_id AND m.is_hidden = 0)",
};

const EDGES: View = View {
    name: "edges",
    about: "what goes with what, how strongly, and why",
    columns: &[
        ("id", Number, "its number"),
        ("source_kind", Text, "what it goes out from: record, moment or entity"),
        ("source_id", Number, "the number of that"),
        ("target_kind", Text, "what it goes to: record, moment or entity"),
        ("target_id", Number, "the number of that"),
        ("edge_type", Text, "extracted_from, semantic_similar, related_to, engaged_with, …"),
        ("weight", Number, "how strongly, 0 to 1"),
        ("confidence", Number, "how sure that is, 0 to 1"),
        ("context", Text, "why"),
        ("created_at", Time, "when it was found"),
        ("metadata", Object, "confidence, context and the revision that wrote it"),
    ],
    sql: "SELECT g.id, g.from_kind, g.from_id, g.to_kind, g.to_id, g.rel_type, g.weight, g.confidence,
        g.context, rem_local(g.created_at),
        json_object('confidence', g.confidence, 'context', g.context, 'revision', g.revision_id)
      FROM main.edges g
      WHERE CASE g.from_kind
          WHEN 'moment' THEN EXISTS (SELECT 1 FROM main.moments m WHERE m.id = g.from_id AND m.is_hidden = 0)
          WHEN 'record' THEN EXISTS (SELECT 1 FROM main.records r WHERE r.id = g.from_id AND r.deleted_at IS NULL)
          ELSE EXISTS (SELECT 1 FROM {entities} e WHERE e.id = g.from_id) END
        AND CASE g.to_kind
          WHEN 'moment' THEN EXISTS (SELECT 1 FROM main.moments m WHERE m.id = g.to_id AND m.is_hidden = 0)
          WHEN 'record' THEN EXISTS (SELECT 1 FROM main.records r WHERE r.id = g.to_id AND r.deleted_at IS NULL)
          ELSE EXISTS (SELECT 1 FROM {entities} e WHERE e.id = g.to_id) END",
};
