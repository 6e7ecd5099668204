-- From what a stage that looks at the whole journal made what is there: while that is the same, it is left
-- alone.
CREATE TABLE stage_inputs (
  stage       TEXT NOT NULL PRIMARY KEY,
  input_hash  BLOB NOT NULL,
  revision_id INTEGER NOT NULL REFERENCES revisions (id)
) STRICT, WITHOUT ROWID;

-- A dream of some stages only is no night: the next one does not count from it.
ALTER TABLE dreams ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 1 CHECK (is_whole IN (0, 1));

UPDATE dreams SET is_whole = 0 WHERE cause IN ('affinity', 'decay', 'summarize');
