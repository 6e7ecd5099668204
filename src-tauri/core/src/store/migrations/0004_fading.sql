-- How much of its weight a thing still has. Narrow tables of their own, because all of it is written
-- anew every night: a row beside the thing's text would be ten times as much to write.
CREATE TABLE moment_fading (
  moment_id  INTEGER PRIMARY KEY REFERENCES moments (id) ON DELETE CASCADE,
  importance REAL NOT NULL DEFAULT 1 CHECK (importance BETWEEN 0 AND 1), -- what it weighs unfaded
  since_at   INTEGER NOT NULL,            -- when it came in
  visited_at INTEGER NOT NULL,            -- when the person last opened it; before that, when it came in
  n_visits   INTEGER NOT NULL DEFAULT 0,  -- days on which they did
  is_pinned  INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
  strength   REAL NOT NULL DEFAULT 1 CHECK (strength BETWEEN 0 AND 1)
) STRICT;

-- Notes and conversations; a message fades with its conversation.
CREATE TABLE record_fading (
  record_id  INTEGER PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
  importance REAL NOT NULL DEFAULT 1 CHECK (importance BETWEEN 0 AND 1),
  since_at   INTEGER NOT NULL,
  visited_at INTEGER NOT NULL,
  n_visits   INTEGER NOT NULL DEFAULT 0,
  is_pinned  INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
  strength   REAL NOT NULL DEFAULT 1 CHECK (strength BETWEEN 0 AND 1)
) STRICT;

-- The instant of which the strengths are: they are never those of an earlier one again.
CREATE TABLE faded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  at   INTEGER NOT NULL
) STRICT;

INSERT INTO moment_fading (moment_id, since_at, visited_at, is_pinned)
SELECT id, created_at, created_at, is_pinned FROM moments;

INSERT INTO record_fading (record_id, since_at, visited_at)
SELECT id, created_at, created_at FROM records WHERE kind <> 'message';

-- What comes in now came in after all that has faded, whatever a wrong clock says.
CREATE TRIGGER moments_begin_to_fade AFTER INSERT ON moments BEGIN
  INSERT INTO moment_fading (moment_id, since_at, visited_at, is_pinned)
  SELECT NEW.id, at, at, NEW.is_pinned
  FROM (SELECT max(NEW.created_at, coalesce((SELECT at FROM faded), NEW.created_at)) AS at);
END;

CREATE TRIGGER records_begin_to_fade AFTER INSERT ON records WHEN NEW.kind <> 'message' BEGIN
  INSERT INTO record_fading (record_id, since_at, visited_at)
  SELECT NEW.id, at, at
  FROM (SELECT max(NEW.created_at, coalesce((SELECT at FROM faded), NEW.created_at)) AS at);
END;

CREATE TRIGGER pinned_moments_do_not_fade AFTER UPDATE OF is_pinned ON moments
WHEN NEW.is_pinned <> OLD.is_pinned BEGIN
  UPDATE moment_fading SET is_pinned = NEW.is_pinned WHERE moment_id = NEW.id;
END;
