-- Every value that the person wrote lives in `records`; everything else is derived and can be dreamt again.
-- Times are Unix milliseconds (UTC) beside the offset in force then; days are local, 'YYYY-MM-DD', and stored.

CREATE TABLE settings (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

-- Where records come from: a watched folder, a single import, the capture box.
CREATE TABLE sources (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  kind         TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'capture')),
  path         TEXT NOT NULL UNIQUE,
  label        TEXT NOT NULL,
  is_watched   INTEGER NOT NULL DEFAULT 1 CHECK (is_watched IN (0, 1)),
  state        TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'ok', 'missing')),
  state_reason TEXT NOT NULL DEFAULT '',
  created_at   INTEGER NOT NULL,
  scanned_at   INTEGER
) STRICT;

-- Every file a scan has met, read or not, with the reason when not.
CREATE TABLE files (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  path      BLOB NOT NULL,             -- below the source, as the file system gives it
  name      TEXT NOT NULL,             -- the same for people
  size      INTEGER NOT NULL,
  mtime_ns  INTEGER NOT NULL,
  ctime_ns  INTEGER NOT NULL,
  inode     INTEGER NOT NULL,
  hash      BLOB,                      -- BLAKE3 of the bytes
  format    TEXT NOT NULL DEFAULT '',
  status    TEXT NOT NULL CHECK (status IN ('read', 'partial', 'duplicate', 'skipped', 'failed', 'missing')),
  reason    TEXT NOT NULL DEFAULT '',
  read_at   INTEGER NOT NULL,
  UNIQUE (source_id, path)
) STRICT;
CREATE INDEX files_by_hash ON files (hash);

-- What the person wrote: notes, conversations and their messages.
CREATE TABLE records (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  kind           TEXT NOT NULL CHECK (kind IN ('resource', 'session', 'message')),
  source_id      INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  file_id        INTEGER REFERENCES files (id) ON DELETE SET NULL,
  session_id     INTEGER REFERENCES records (id) ON DELETE CASCADE,
  ordinal        INTEGER NOT NULL DEFAULT 0,
  key            BLOB NOT NULL UNIQUE, -- stable over renames and re-exports
  title          TEXT NOT NULL DEFAULT '',
  body           TEXT NOT NULL DEFAULT '',
  role           TEXT NOT NULL DEFAULT '' CHECK (role IN ('', 'user', 'assistant', 'person', 'system')),
  author         TEXT NOT NULL DEFAULT '',
  tags           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  links          TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(links)),
  occurred_at    INTEGER,
  until_at       INTEGER,
  offset_minutes INTEGER NOT NULL DEFAULT 0,
  day            TEXT,
  precision      TEXT NOT NULL DEFAULT 'unknown' CHECK (precision IN ('unknown', 'day', 'hour', 'exact')),
  hash           BLOB NOT NULL,        -- BLAKE3 of the body
  created_at     INTEGER NOT NULL,     -- when it came in
  updated_at     INTEGER NOT NULL,
  deleted_at     INTEGER               -- when its file was seen to be gone
) STRICT;
CREATE INDEX records_by_file ON records (file_id);
CREATE INDEX records_by_session ON records (session_id, ordinal) WHERE session_id IS NOT NULL;

-- The texts that edited records had before, so that evidence always resolves.
CREATE TABLE record_versions (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id   INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  hash        BLOB NOT NULL,
  body        TEXT NOT NULL,
  replaced_at INTEGER NOT NULL,
  UNIQUE (record_id, hash)
) STRICT;

CREATE VIRTUAL TABLE records_fts USING fts5 (
  title, body,
  content = 'records', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

-- A stretch of a record under one heading and one time: the unit of reading and of embedding.
CREATE TABLE chunks (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id      INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  ordinal        INTEGER NOT NULL,
  starts         INTEGER NOT NULL,     -- bytes in the record's body
  ends           INTEGER NOT NULL CHECK (ends >= starts),
  heading        TEXT NOT NULL DEFAULT '',
  occurred_at    INTEGER,
  until_at       INTEGER,
  offset_minutes INTEGER NOT NULL DEFAULT 0,
  day            TEXT,
  precision      TEXT NOT NULL CHECK (precision IN ('unknown', 'day', 'hour', 'exact'))
) STRICT;
CREATE INDEX chunks_by_record ON chunks (record_id, ordinal);
CREATE INDEX chunks_by_day ON chunks (day) WHERE day IS NOT NULL;

-- Which embedder made the vectors, and how far through the chunks it has come.
CREATE TABLE embedders (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL UNIQUE,
  dimensions   INTEGER NOT NULL,
  counted_chunk INTEGER NOT NULL DEFAULT 0, -- the last chunk whose words are counted in the corpus
  through_chunk INTEGER NOT NULL DEFAULT 0, -- the last chunk that has a vector
  corpus       BLOB NOT NULL DEFAULT x'', -- word frequencies of the journal, for embedders that weigh by them
  updated_at   INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE chunk_embeddings USING vec0 (
  chunk_id INTEGER PRIMARY KEY,
  embedding FLOAT[256] DISTANCE_METRIC = cosine
);
CREATE VIRTUAL TABLE moment_embeddings USING vec0 (
  moment_id INTEGER PRIMARY KEY,
  embedding FLOAT[256] DISTANCE_METRIC = cosine
);

CREATE TABLE dreams (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  cause       TEXT NOT NULL,            -- 'now', 'night', 'sample'
  mind        TEXT NOT NULL,
  options     TEXT NOT NULL CHECK (json_valid(options)),
  state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
  report      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report)),
  reason      TEXT NOT NULL DEFAULT '',
  started_at  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

-- What one dream, or one correction by the person, changed.
CREATE TABLE revisions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  dream_id   INTEGER REFERENCES dreams (id) ON DELETE SET NULL,
  author     TEXT NOT NULL CHECK (author IN ('dream', 'person')),
  label      TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE revision_changes (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  op          TEXT NOT NULL CHECK (op IN ('added', 'changed', 'removed')),
  thing       TEXT NOT NULL CHECK (thing IN ('moment', 'period', 'edge', 'entity')),
  thing_id    INTEGER NOT NULL,
  before      TEXT CHECK (before IS NULL OR json_valid(before)),
  after       TEXT CHECK (after IS NULL OR json_valid(after))
) STRICT;
CREATE INDEX revision_changes_by_revision ON revision_changes (revision_id);
CREATE INDEX revision_changes_by_thing ON revision_changes (thing, thing_id);

-- Something that happened. The columns hold what is shown; `derived` what the mind said before the
-- person's corrections were laid over it.
CREATE TABLE moments (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  key            BLOB NOT NULL UNIQUE,  -- BLAKE3 of its evidence: dreaming twice finds it again
  day            TEXT NOT NULL,
  dreamt_day     TEXT NOT NULL,         -- the day whose writing it rests on, wherever it was moved
  starts_at      INTEGER NOT NULL,
  ends_at        INTEGER NOT NULL CHECK (ends_at >= starts_at),
  offset_minutes INTEGER NOT NULL,
  precision      TEXT NOT NULL CHECK (precision IN ('unknown', 'day', 'hour', 'exact')),
  moment_type    TEXT NOT NULL,
  title          TEXT NOT NULL,
  summary        TEXT NOT NULL,
  outcome        TEXT NOT NULL DEFAULT '',
  language       TEXT NOT NULL DEFAULT '',
  tags           TEXT NOT NULL CHECK (json_valid(tags)),
  people         TEXT NOT NULL CHECK (json_valid(people)),
  emotions       TEXT NOT NULL CHECK (json_valid(emotions)),
  valence        REAL NOT NULL CHECK (valence BETWEEN -1 AND 1),
  arousal        REAL NOT NULL CHECK (arousal BETWEEN 0 AND 1),
  confidence     REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  is_hidden      INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
  is_pinned      INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
  mind           TEXT NOT NULL,
  derived        TEXT NOT NULL CHECK (json_valid(derived)),
  revision_id    INTEGER NOT NULL REFERENCES revisions (id),
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX moments_by_day ON moments (day, starts_at);
CREATE INDEX moments_by_dreamt_day ON moments (dreamt_day);
CREATE VIRTUAL TABLE moments_fts USING fts5 (
  title, summary, tags, people,
  content = 'moments', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

-- The exact words a moment rests on.
CREATE TABLE evidence (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  moment_id   INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
  record_id   INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  ordinal     INTEGER NOT NULL,
  starts      INTEGER NOT NULL,         -- bytes in the body that has the hash
  ends        INTEGER NOT NULL CHECK (ends > starts),
  record_hash BLOB NOT NULL,
  marks       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(marks)) -- [[start, end], …] inside the span
) STRICT;
CREATE INDEX evidence_by_moment ON evidence (moment_id, ordinal);
CREATE INDEX evidence_by_record ON evidence (record_id);

-- What the person changed by hand; it wins over every later dream.
CREATE TABLE corrections (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  moment_id  INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
  field      TEXT NOT NULL CHECK (field IN ('title', 'summary', 'time', 'tags', 'emotions', 'hidden', 'pinned')),
  value      TEXT NOT NULL CHECK (json_valid(value)),
  created_at INTEGER NOT NULL,
  UNIQUE (moment_id, field)
) STRICT;

CREATE TABLE entities (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL CHECK (kind IN ('person', 'place', 'topic', 'project', 'tool', 'organisation', 'other')),
  name       TEXT NOT NULL,
  key        TEXT NOT NULL,             -- folded name
  aliases    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases)),
  created_at INTEGER NOT NULL,
  UNIQUE (kind, key)
) STRICT;
CREATE TABLE mentions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id  INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  moment_id  INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
  record_id  INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  starts     INTEGER NOT NULL,
  ends       INTEGER NOT NULL,
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1)
) STRICT;
CREATE INDEX mentions_by_entity ON mentions (entity_id);
CREATE INDEX mentions_by_moment ON mentions (moment_id);
CREATE INDEX mentions_by_record ON mentions (record_id);

CREATE TABLE edges (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  from_kind  TEXT NOT NULL CHECK (from_kind IN ('record', 'moment', 'entity')),
  from_id    INTEGER NOT NULL,
  to_kind    TEXT NOT NULL CHECK (to_kind IN ('record', 'moment', 'entity')),
  to_id      INTEGER NOT NULL,
  rel_type   TEXT NOT NULL,
  weight     REAL NOT NULL CHECK (weight BETWEEN 0 AND 1),
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  context    TEXT NOT NULL DEFAULT '',
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  created_at INTEGER NOT NULL,
  UNIQUE (from_kind, from_id, to_kind, to_id, rel_type)
) STRICT;
CREATE INDEX edges_by_target ON edges (to_kind, to_id);

-- Valence and arousal at a time: read from a moment, or checked in by hand.
CREATE TABLE moods (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  moment_id      INTEGER UNIQUE REFERENCES moments (id) ON DELETE CASCADE,
  day            TEXT NOT NULL,
  at             INTEGER NOT NULL,
  offset_minutes INTEGER NOT NULL,
  precision      TEXT NOT NULL CHECK (precision IN ('unknown', 'day', 'hour', 'exact')),
  valence        REAL NOT NULL CHECK (valence BETWEEN -1 AND 1),
  arousal        REAL NOT NULL CHECK (arousal BETWEEN 0 AND 1),
  note           TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX moods_by_day ON moods (day);

-- A day (later: week, month, year) and its story.
CREATE TABLE periods (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL CHECK (kind IN ('day', 'week', 'month', 'year')),
  starts_on   TEXT NOT NULL,
  ends_on     TEXT NOT NULL,
  summary     TEXT NOT NULL,
  valence     REAL,
  arousal     REAL,
  n_moments   INTEGER NOT NULL,
  n_records   INTEGER NOT NULL,
  input_hash  BLOB NOT NULL,           -- of what was dreamt: an unchanged day is left alone
  mind        TEXT NOT NULL,
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (kind, starts_on)
) STRICT;

-- Work that waits, written in the same transaction as its cause so that nothing is lost in between.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL,
  key         TEXT NOT NULL,            -- one queued job per kind and key
  payload     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
  priority    INTEGER NOT NULL DEFAULT 0,
  state       TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'dead')),
  n_attempts  INTEGER NOT NULL DEFAULT 0,
  run_after   INTEGER NOT NULL DEFAULT 0,
  leased_by   TEXT NOT NULL DEFAULT '',
  leased_until INTEGER NOT NULL DEFAULT 0,
  reason      TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, key) WHERE state = 'queued';

-- Who is doing a thing that only one may do at a time, over all processes.
CREATE TABLE locks (
  name         TEXT NOT NULL PRIMARY KEY,
  owner        TEXT NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
