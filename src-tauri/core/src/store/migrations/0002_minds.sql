-- What a model replied, so that it is never asked the same thing twice.
CREATE TABLE mind_cache (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  key        BLOB NOT NULL UNIQUE,      -- BLAKE3 of model digest, prompt, schema, content
  model      TEXT NOT NULL,
  prompt     TEXT NOT NULL,             -- name and version, for example "moments-1"
  reply      TEXT,                      -- the JSON that passed its checks; absent: the model could not do it
  created_at INTEGER NOT NULL
) STRICT;

-- The records a reply rests on: with the last of them it is forgotten.
CREATE TABLE mind_cache_records (
  cache_id  INTEGER NOT NULL REFERENCES mind_cache (id) ON DELETE CASCADE,
  record_id INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  PRIMARY KEY (cache_id, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mind_cache_records_by_record ON mind_cache_records (record_id);

CREATE TRIGGER mind_cache_forgets AFTER DELETE ON mind_cache_records BEGIN
  DELETE FROM mind_cache WHERE id = OLD.cache_id;
END;

-- One row per call. No word of a prompt or a reply stands here.
CREATE TABLE mind_calls (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  dream_id      INTEGER REFERENCES dreams (id) ON DELETE SET NULL,
  stage         TEXT NOT NULL,
  prompt        TEXT NOT NULL,
  model         TEXT NOT NULL,
  digest        TEXT NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('first', 'retry', 'repair')),
  outcome       TEXT NOT NULL CHECK (outcome IN ('good', 'unusable', 'too-long', 'fault', 'cancelled')),
  reason        TEXT NOT NULL DEFAULT '',
  remarks       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(remarks)), -- what had to be put right: {kind: n}
  estimated_tokens INTEGER NOT NULL,    -- of the prompt, before it was sent
  prompt_tokens INTEGER,
  reply_tokens  INTEGER,
  load_ms       INTEGER NOT NULL DEFAULT 0,
  took_ms       INTEGER NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX mind_calls_by_dream ON mind_calls (dream_id);

CREATE INDEX mind_calls_by_time ON mind_calls (created_at);

-- What was learnt of a model by using it.
CREATE TABLE mind_models (
  digest          TEXT NOT NULL PRIMARY KEY,
  name            TEXT NOT NULL,
  token_ratio     REAL NOT NULL DEFAULT 1 CHECK (token_ratio > 0), -- counted tokens by estimated ones, the highest seen lately
  ms_per_prompt_token REAL NOT NULL DEFAULT 0,
  ms_per_reply_token  REAL NOT NULL DEFAULT 0,
  n_calls         INTEGER NOT NULL DEFAULT 0,
  updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 1: the built-in analyser did a part of it for want of the model; redone when there is one.
ALTER TABLE periods ADD COLUMN is_provisional INTEGER NOT NULL DEFAULT 0 CHECK (is_provisional IN (0, 1));
UPDATE periods SET is_provisional = 1;
