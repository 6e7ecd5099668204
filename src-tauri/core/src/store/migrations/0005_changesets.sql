-- What a dream did to the rows it derived, so that it can be undone to the letter.
CREATE TABLE revision_rows (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  of_table    TEXT NOT NULL,
  row_key     TEXT NOT NULL CHECK (json_valid(row_key)),    -- the row's primary key, as a list
  before      TEXT CHECK (before IS NULL OR json_valid(before)), -- the whole row; absent: it was added
  after       TEXT CHECK (after IS NULL OR json_valid(after)),   -- the whole row; absent: it was removed
  is_forgotten INTEGER NOT NULL DEFAULT 0 CHECK (is_forgotten IN (0, 1)) -- 1: its words went with their source
) STRICT;
CREATE INDEX revision_rows_by_revision ON revision_rows (revision_id, of_table);
CREATE INDEX revision_rows_by_row ON revision_rows (of_table, row_key);

-- The things a revision touched, by names that no other thing ever gets: two dreams that touched the
-- same thing can only be undone one after the other.
CREATE TABLE revision_touches (
  touched     TEXT NOT NULL,
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  PRIMARY KEY (touched, revision_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_touches_by_revision ON revision_touches (revision_id);

-- 0: made before rows were kept; it cannot be undone.
ALTER TABLE revisions ADD COLUMN keeps_rows INTEGER NOT NULL DEFAULT 0 CHECK (keeps_rows IN (0, 1));

-- The person's revision that undid a dream.
ALTER TABLE dreams ADD COLUMN undone_by INTEGER REFERENCES revisions (id);

-- What dreams said stood in these lists too, where forgetting a source did not reach it.
UPDATE revision_changes SET before = NULL, after = NULL
WHERE revision_id IN (SELECT id FROM revisions WHERE author = 'dream');
UPDATE dreams SET report = json_set(report, '$.days', (
  SELECT json_group_array(json_set(value, '$.summary', '')) FROM json_each(report, '$.days')
)) WHERE json_type(report, '$.days') = 'array';

-- Words that are taken out of a full-text index are overwritten, not only marked as gone.
INSERT INTO moments_fts (moments_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO records_fts (records_fts, rank) VALUES ('secure-delete', 1);
