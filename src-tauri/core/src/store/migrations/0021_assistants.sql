-- What assistant programs asked, and what became of it. It is the person's own: it stays in this file, goes into
-- no log, and is taken away after the days that are set.
CREATE TABLE assistant_calls (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  client    TEXT NOT NULL,               -- name and version, as it told them
  tool      TEXT NOT NULL,
  arguments TEXT NOT NULL CHECK (json_valid(arguments)), -- long texts cut, texts of notes only counted
  outcome   TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'failed', 'cancelled')),
  reason    TEXT NOT NULL DEFAULT '',
  n_bytes   INTEGER NOT NULL,            -- of the reply
  took_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX assistant_calls_by_time ON assistant_calls (at);
