-- What a moment weighs unfaded, by a rule (insights/importance.rs). A narrow table, because all of it is
-- looked at every night. No foreign key: a row of a moment that is gone says nothing and is cleared away.
CREATE TABLE moment_importance (
  moment_id  INTEGER PRIMARY KEY,
  importance REAL NOT NULL CHECK (importance BETWEEN 0 AND 1)
) STRICT;

-- A look at what mattered up to the end of a day. Derived; one row for each depth and day.
CREATE TABLE reflections (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  depth           TEXT NOT NULL CHECK (depth IN ('surface', 'analytical', 'meta')),
  ends_on         TEXT NOT NULL,         -- the last day it looks at
  starts_at       INTEGER NOT NULL,
  ends_at         INTEGER NOT NULL CHECK (ends_at >= starts_at),
  lookback_hours  INTEGER NOT NULL CHECK (lookback_hours > 0),
  min_importance  REAL NOT NULL,
  max_samples     INTEGER NOT NULL,
  text            TEXT NOT NULL,         -- empty: its words were forgotten, and it is told anew
  outcome         TEXT NOT NULL CHECK (outcome IN ('success', 'partial', 'failure')),
  sentiment       REAL NOT NULL CHECK (sentiment BETWEEN -1 AND 1),
  sentiment_label TEXT NOT NULL CHECK (sentiment_label IN ('positive', 'negative', 'neutral', 'mixed')),
  language        TEXT NOT NULL DEFAULT '',
  sample_ids      TEXT NOT NULL CHECK (json_valid(sample_ids)), -- the moments it looked at, the weightiest first
  found           TEXT NOT NULL CHECK (json_valid(found)),      -- patterns, themes and strategies, with evidence
  moment_ids      TEXT NOT NULL CHECK (json_valid(moment_ids)), -- all moments whose words may be in it
  input_hash      BLOB NOT NULL,         -- of what was read: while that is the same, it is left alone
  mind            TEXT NOT NULL,
  is_provisional  INTEGER NOT NULL CHECK (is_provisional IN (0, 1)),
  revision_id     INTEGER NOT NULL REFERENCES revisions (id),
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  UNIQUE (depth, ends_on)
) STRICT;

-- What reflections found, the same thing of several nights in one row: gathered from them, never told anew.
CREATE TABLE insights (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  kind          TEXT NOT NULL CHECK (kind IN ('pattern', 'theme', 'strategy')),
  key           BLOB NOT NULL,           -- BLAKE3 of what it is about
  statement     TEXT NOT NULL,
  language      TEXT NOT NULL DEFAULT '',
  tags          TEXT NOT NULL CHECK (json_valid(tags)),
  moment_ids    TEXT NOT NULL CHECK (json_valid(moment_ids)), -- its evidence, the newest first
  confidence    REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  sample        TEXT CHECK (sample IS NULL OR json_valid(sample)), -- how often, of how many; absent: a model said it
  n_seen        INTEGER NOT NULL CHECK (n_seen > 0), -- reflections that found it
  first_seen_on TEXT NOT NULL,
  last_seen_on  TEXT NOT NULL,
  mind          TEXT NOT NULL,
  revision_id   INTEGER NOT NULL REFERENCES revisions (id),
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  UNIQUE (kind, key)
) STRICT;

-- What the person thinks of an insight; no dream writes it.
CREATE TABLE insight_decisions (
  kind       TEXT NOT NULL,
  key        BLOB NOT NULL,
  decision   TEXT NOT NULL CHECK (decision IN ('hidden', 'confirmed')),
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- What was foretold, and what became of it. Derived.
CREATE TABLE predictions (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL CHECK (kind IN ('plan', 'rhythm', 'foretold')),
  key         BLOB NOT NULL UNIQUE,      -- BLAKE3 of what is foretold, and for when
  statement   TEXT NOT NULL,
  language    TEXT NOT NULL DEFAULT '',
  made_on     TEXT NOT NULL,             -- the last day of writing that was known
  due_from    TEXT NOT NULL,
  due_on      TEXT NOT NULL CHECK (due_on >= due_from),
  confidence  REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  tags        TEXT NOT NULL CHECK (json_valid(tags)),
  people      TEXT NOT NULL CHECK (json_valid(people)),
  words       TEXT NOT NULL CHECK (json_valid(words)),           -- stems by which it is known again
  moment_ids  TEXT NOT NULL CHECK (json_valid(moment_ids)),      -- its evidence
  mind        TEXT NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('open', 'hit', 'miss', 'unclear')),
  settled_on  TEXT,
  settled_by  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(settled_by)), -- the moments that settle it
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX predictions_by_due ON predictions (due_on);

-- How the person settled a prediction; no dream writes it.
CREATE TABLE prediction_decisions (
  key        BLOB NOT NULL PRIMARY KEY,
  outcome    TEXT NOT NULL CHECK (outcome IN ('hit', 'miss', 'unclear')),
  decided_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
