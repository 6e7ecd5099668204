-- Who the person is lately, as dreams believe it. A version is never changed: another is laid beside it.
CREATE TABLE profiles (
  version        INTEGER PRIMARY KEY AUTOINCREMENT,
  layer          TEXT NOT NULL DEFAULT 'semantic' CHECK (layer IN ('episodic', 'semantic', 'reflective', 'procedural')),
  summary        TEXT NOT NULL,
  lines          TEXT NOT NULL CHECK (json_valid(lines)), -- the summary line by line: [{text, moments, records}]
  language       TEXT NOT NULL DEFAULT '',
  metadata       TEXT NOT NULL CHECK (json_valid(metadata)), -- counts, mood and activity of its days
  first_day      TEXT NOT NULL,
  last_day       TEXT NOT NULL,
  mind           TEXT NOT NULL,          -- who told the summary; the rest is counted
  is_provisional INTEGER NOT NULL CHECK (is_provisional IN (0, 1)), -- 1: a model was missed; told again when there is one
  revision_id    INTEGER NOT NULL REFERENCES revisions (id),
  generated_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE profile_interests (
  version   INTEGER NOT NULL REFERENCES profiles (version) ON DELETE CASCADE,
  key       TEXT NOT NULL,               -- its tag
  ordinal   INTEGER NOT NULL,
  name      TEXT NOT NULL,
  weight    REAL NOT NULL CHECK (weight BETWEEN 0 AND 1), -- the share of the days that had it
  lift      REAL NOT NULL CHECK (lift >= 0), -- that share by the share in the whole journal
  n_days    INTEGER NOT NULL,
  n_things  INTEGER NOT NULL,
  first_day TEXT NOT NULL,               -- in the whole journal
  last_day  TEXT NOT NULL,
  moments   TEXT NOT NULL CHECK (json_valid(moments)), -- ids
  records   TEXT NOT NULL CHECK (json_valid(records)), -- ids
  PRIMARY KEY (version, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_people (
  version   INTEGER NOT NULL REFERENCES profiles (version) ON DELETE CASCADE,
  key       TEXT NOT NULL,               -- folded name
  ordinal   INTEGER NOT NULL,
  name      TEXT NOT NULL,
  n_days    INTEGER NOT NULL,
  n_moments INTEGER NOT NULL,
  n_felt    INTEGER NOT NULL,            -- moments in which something was felt
  valence   REAL CHECK (valence BETWEEN -1 AND 1), -- their mean; absent where nothing was felt
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL,
  moments   TEXT NOT NULL CHECK (json_valid(moments)),
  PRIMARY KEY (version, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_rhythms (
  version       INTEGER NOT NULL REFERENCES profiles (version) ON DELETE CASCADE,
  activity_type TEXT NOT NULL,           -- a type of moment; empty: all
  ordinal       INTEGER NOT NULL,
  n_moments     INTEGER NOT NULL,
  n_timed       INTEGER NOT NULL,        -- moments whose hour is known
  hours         TEXT NOT NULL CHECK (json_valid(hours)),    -- 24 counts from midnight on
  weekdays      TEXT NOT NULL CHECK (json_valid(weekdays)), -- 7 counts from Monday on
  PRIMARY KEY (version, activity_type)
) STRICT, WITHOUT ROWID;

-- Whose records a version was made from: when one is forgotten, the version goes. No foreign key, because
-- the source is gone by then.
CREATE TABLE profile_sources (
  version   INTEGER NOT NULL REFERENCES profiles (version) ON DELETE CASCADE,
  source_id INTEGER NOT NULL,
  n_things  INTEGER NOT NULL,
  PRIMARY KEY (version, source_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX profile_sources_by_source ON profile_sources (source_id);

-- What the person says of themselves: laid over every version, and written by no dream.
CREATE TABLE profile_edits (
  field      TEXT NOT NULL CHECK (field IN ('summary', 'activity', 'interest', 'person')),
  key        TEXT NOT NULL,              -- the tag or folded name; empty for the fields there is one of
  op         TEXT NOT NULL CHECK (op IN ('set', 'add', 'rename', 'hide')),
  value      TEXT NOT NULL,              -- the text, the level or the name, as the person wrote it
  created_at INTEGER NOT NULL,
  PRIMARY KEY (field, key)
) STRICT, WITHOUT ROWID;
