-- What is told of a whole conversation: derived, one row a session, gone with it.
CREATE TABLE session_summaries (
  session_id     INTEGER PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
  summary        TEXT NOT NULL,
  key_topics     TEXT NOT NULL CHECK (json_valid(key_topics)),
  valence        REAL NOT NULL CHECK (valence BETWEEN -1 AND 1),
  language       TEXT NOT NULL DEFAULT '',
  n_messages     INTEGER NOT NULL,      -- that it was told from
  input_hash     BLOB NOT NULL,         -- of what was read: an unchanged conversation is left alone
  mind           TEXT NOT NULL,
  is_provisional INTEGER NOT NULL CHECK (is_provisional IN (0, 1)), -- 1: a model was missed; redone when there is one
  revision_id    INTEGER NOT NULL REFERENCES revisions (id),
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;

-- Which things there are is said by the code that changes them.
ALTER TABLE revision_changes RENAME TO revision_changes_before;

CREATE TABLE revision_changes (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  op          TEXT NOT NULL CHECK (op IN ('added', 'changed', 'removed')),
  thing       TEXT NOT NULL CHECK (thing <> ''),
  thing_id    INTEGER NOT NULL,
  before      TEXT CHECK (before IS NULL OR json_valid(before)),
  after       TEXT CHECK (after IS NULL OR json_valid(after))
) STRICT;

INSERT INTO revision_changes (id, revision_id, op, thing, thing_id, before, after)
SELECT id, revision_id, op, thing, thing_id, before, after FROM revision_changes_before;

DROP TABLE revision_changes_before;

CREATE INDEX revision_changes_by_revision ON revision_changes (revision_id);

CREATE INDEX revision_changes_by_thing ON revision_changes (thing, thing_id);

-- With a message that is deleted for good goes what was told of it, then and before.
CREATE TRIGGER session_summaries_forget AFTER DELETE ON records WHEN OLD.kind IN ('session', 'message') BEGIN
  DELETE FROM session_summaries WHERE session_id = OLD.session_id;
  DELETE FROM revision_rows
  WHERE of_table = 'session_summaries' AND row_key = '[' || coalesce(OLD.session_id, OLD.id) || ']';
END;
