-- Types of moments that the person registered, or described in their own words. No dream writes here.
CREATE TABLE moment_types (
  name        TEXT NOT NULL PRIMARY KEY CHECK (name <> ''), -- small letters, words joined by "_"
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What people decided or learnt together in a moment: [{"text": …, "places": [{"span", "start", "end"}, …]}, …],
-- where `span` counts the moment's evidence and the bytes are those of its words.
ALTER TABLE moments ADD COLUMN insights TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(insights));

-- Which fields of a moment can be corrected is said by the code that corrects them.
ALTER TABLE corrections RENAME TO corrections_before;

CREATE TABLE corrections (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  moment_id  INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
  field      TEXT NOT NULL CHECK (field <> ''),
  value      TEXT NOT NULL CHECK (json_valid(value)),
  created_at INTEGER NOT NULL,
  UNIQUE (moment_id, field)
) STRICT;

INSERT INTO corrections (id, moment_id, field, value, created_at)
SELECT id, moment_id, field, value, created_at FROM corrections_before;

DROP TABLE corrections_before;

-- One word per type: "work" is "work_session" and "note" is "other", in what is shown, in what was derived,
-- and in what is kept to undo dreams.
UPDATE moments SET
  derived = json_set(derived, '$.moment_type',
    CASE moment_type WHEN 'work' THEN 'work_session' ELSE 'other' END),
  moment_type = CASE moment_type WHEN 'work' THEN 'work_session' ELSE 'other' END
WHERE moment_type IN ('work', 'note');

UPDATE revision_rows SET before = json_set(before,
  '$.moment_type', CASE json_extract(before, '$.moment_type') WHEN 'work' THEN 'work_session' ELSE 'other' END,
  -- A text again, which holds JSON, as it stood there.
  '$.derived', json_set(json_extract(before, '$.derived'), '$.moment_type',
    CASE json_extract(before, '$.moment_type') WHEN 'work' THEN 'work_session' ELSE 'other' END) || '')
WHERE of_table = 'moments' AND json_extract(before, '$.moment_type') IN ('work', 'note');

UPDATE revision_rows SET after = json_set(after,
  '$.moment_type', CASE json_extract(after, '$.moment_type') WHEN 'work' THEN 'work_session' ELSE 'other' END,
  -- A text again, which holds JSON, as it stood there.
  '$.derived', json_set(json_extract(after, '$.derived'), '$.moment_type',
    CASE json_extract(after, '$.moment_type') WHEN 'work' THEN 'work_session' ELSE 'other' END) || '')
WHERE of_table = 'moments' AND json_extract(after, '$.moment_type') IN ('work', 'note');

-- The hours of weeks, months and years by type.
UPDATE periods SET hours = replace(replace(hours,
  '"moment_type":"work"', '"moment_type":"work_session"'), '"moment_type":"note"', '"moment_type":"other"')
WHERE hours <> '[]';

UPDATE revision_rows SET
  before = replace(replace(before,
    '\"moment_type\":\"work\"', '\"moment_type\":\"work_session\"'),
    '\"moment_type\":\"note\"', '\"moment_type\":\"other\"'),
  after = replace(replace(after,
    '\"moment_type\":\"work\"', '\"moment_type\":\"work_session\"'),
    '\"moment_type\":\"note\"', '\"moment_type\":\"other\"')
WHERE of_table = 'periods';
