-- A job that runs gives signs of life; one that has given none for the length of its lease is taken over.
ALTER TABLE jobs ADD COLUMN heartbeat_at INTEGER NOT NULL DEFAULT 0;

-- Days that wait for a dream are told from work that the queue does itself.
CREATE INDEX jobs_in_turn ON jobs (priority DESC, id) WHERE state = 'queued' AND kind <> 'dream';
CREATE INDEX jobs_running ON jobs (kind, key) WHERE state = 'running';

-- What a job consists of: only the part that failed is tried again.
CREATE TABLE job_parts (
  job_id      INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  part        TEXT NOT NULL,
  ordinal     INTEGER NOT NULL,
  state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'skipped', 'failed')),
  reason      TEXT NOT NULL DEFAULT '',
  finished_at INTEGER,
  PRIMARY KEY (job_id, part)
) STRICT, WITHOUT ROWID;

-- Until when each schedule was looked after. A slot is a wall-clock time, not an instant: a repeated hour, a
-- flight or a clock that was set back names it only once.
CREATE TABLE schedule_runs (
  name      TEXT NOT NULL PRIMARY KEY,
  slot      TEXT,                       -- 2026-10-14T03:00:00
  queued_at INTEGER                     -- when it last gave work to the queue
) STRICT, WITHOUT ROWID;

-- Who holds a lock, for people: {"pid", "host", "program", "since"}.
ALTER TABLE locks ADD COLUMN holder TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(holder));

-- What a note or a conversation is about, found by the built-in analyser as soon as it is saved.
CREATE TABLE record_tags (
  record_id INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  tag       TEXT NOT NULL,
  score     REAL NOT NULL CHECK (score > 0 AND score <= 1), -- the best of a record has 1
  PRIMARY KEY (record_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_tags_by_tag ON record_tags (tag);

-- The words that a record's tags were found in; a text may be about nothing.
CREATE TABLE tagged_records (
  record_id INTEGER PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
  hash      BLOB NOT NULL
) STRICT;

-- Tags do not outlive the words they were found in.
CREATE TRIGGER record_tags_forget_changed AFTER UPDATE OF hash, deleted_at ON records
WHEN NEW.hash <> OLD.hash OR NEW.deleted_at IS NOT OLD.deleted_at BEGIN
  DELETE FROM record_tags WHERE record_id = coalesce(OLD.session_id, OLD.id);
  DELETE FROM tagged_records WHERE record_id = coalesce(OLD.session_id, OLD.id);
END;

CREATE TRIGGER record_tags_hear_messages AFTER INSERT ON records WHEN NEW.session_id IS NOT NULL BEGIN
  DELETE FROM tagged_records WHERE record_id = NEW.session_id;
END;

CREATE TRIGGER record_tags_forget_removed AFTER DELETE ON records WHEN OLD.session_id IS NOT NULL BEGIN
  DELETE FROM record_tags WHERE record_id = OLD.session_id;
  DELETE FROM tagged_records WHERE record_id = OLD.session_id;
END;

-- How much is new since a dream is asked often.
CREATE INDEX records_by_arrival ON records (updated_at);

-- What came in before is looked at in the background.
INSERT INTO jobs (kind, key, created_at, updated_at)
SELECT 'records', 'all', unixepoch() * 1000, unixepoch() * 1000
WHERE EXISTS (SELECT 1 FROM records WHERE kind <> 'message');
