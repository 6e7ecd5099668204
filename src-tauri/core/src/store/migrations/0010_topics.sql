-- Tags gathered to topics. A topic is an entity of the kind 'topic', which keeps its number from night to
-- night; here stands what dreams count of it. No row here refers to another by a foreign key: nights are
-- undone in other orders than they were dreamt in, and what dangles then is taken away in the end.
CREATE TABLE topics (
  id             INTEGER PRIMARY KEY,   -- the entity's
  n_moments      INTEGER NOT NULL,
  first_day      TEXT NOT NULL,
  last_day       TEXT NOT NULL,
  last_moment_id INTEGER NOT NULL,
  importance     REAL NOT NULL CHECK (importance BETWEEN 0 AND 1),
  valence        REAL CHECK (valence BETWEEN -1 AND 1),  -- mean of the moments in which something was felt
  arousal        REAL CHECK (arousal BETWEEN 0 AND 1),
  degree         INTEGER NOT NULL,      -- related topics
  weight         REAL NOT NULL,         -- sum of the weights of the edges to them
  community_id   INTEGER,
  broader_id     INTEGER,               -- the topic of which this one is a part
  revision_id    INTEGER NOT NULL REFERENCES revisions (id),
  updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX topics_by_community ON topics (community_id) WHERE community_id IS NOT NULL;
CREATE INDEX topics_by_broader ON topics (broader_id) WHERE broader_id IS NOT NULL;
CREATE INDEX topics_by_last_day ON topics (last_day);

-- Every tag of a moment that is not hidden, and the topic it belongs to.
CREATE TABLE topic_tags (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  tag       TEXT NOT NULL,
  topic_id  INTEGER NOT NULL,
  n_moments INTEGER NOT NULL
) STRICT;
CREATE INDEX topic_tags_by_tag ON topic_tags (tag);
CREATE INDEX topic_tags_by_topic ON topic_tags (topic_id);

CREATE TABLE moment_tags (
  moment_id INTEGER NOT NULL,
  tag_id    INTEGER NOT NULL,
  PRIMARY KEY (moment_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX moment_tags_by_tag ON moment_tags (tag_id, moment_id);

-- Topics that belong together (level 1), and communities that do (level 2).
CREATE TABLE communities (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  level          INTEGER NOT NULL CHECK (level IN (1, 2)),
  parent_id      INTEGER,               -- the community of level 2
  name           TEXT NOT NULL,
  mind           TEXT NOT NULL,         -- who named it
  is_provisional INTEGER NOT NULL CHECK (is_provisional IN (0, 1)), -- 1: a model was missed
  named_from     TEXT NOT NULL CHECK (json_valid(named_from)), -- its most central topics then, their numbers
  n_topics       INTEGER NOT NULL,
  n_moments      INTEGER NOT NULL,
  revision_id    INTEGER NOT NULL REFERENCES revisions (id),
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;

-- What the person said of topics, by tag, because numbers of topics may go and tags come back. No dream
-- writes here.
--   name    the topic that has the tag is called `value`
--   with    the tag belongs to the topic that has the tag `value`
--   apart   the tag is a topic of its own, whatever it is like
--   hidden  the topic that has the tag is out of sight
CREATE TABLE topic_corrections (
  kind       TEXT NOT NULL CHECK (kind IN ('name', 'with', 'apart', 'hidden')),
  tag        TEXT NOT NULL,
  value      TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (kind, tag)
) STRICT, WITHOUT ROWID;
