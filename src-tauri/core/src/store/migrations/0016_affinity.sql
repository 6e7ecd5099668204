-- What a dream did to edges between records, which come by the ten thousand: a narrow row each instead of
-- two images, and no names beside it. An edge keeps its ends and its type as long as it lives.
CREATE TABLE revision_edges (
  revision_id    INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  edge_id        INTEGER NOT NULL,
  from_id        INTEGER NOT NULL,
  to_id          INTEGER NOT NULL,
  rel_type       TEXT NOT NULL,
  old_weight     REAL,                  -- all that is old is absent: it was added
  old_confidence REAL,
  old_context    TEXT,
  old_revision_id INTEGER,
  old_created_at INTEGER,
  new_weight     REAL,                  -- all that is new is absent: it was removed
  new_confidence REAL,
  new_context    TEXT,
  new_revision_id INTEGER,
  new_created_at INTEGER,
  PRIMARY KEY (revision_id, edge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_edges_by_ends ON revision_edges (from_id, to_id);

INSERT INTO revision_edges
SELECT revision_id, json_extract(row_key, '$[0]'),
  json_extract(coalesce(after, before), '$.from_id'), json_extract(coalesce(after, before), '$.to_id'),
  json_extract(coalesce(after, before), '$.rel_type'),
  CAST(json_extract(before, '$.weight.real') AS REAL), CAST(json_extract(before, '$.confidence.real') AS REAL),
  json_extract(before, '$.context'), json_extract(before, '$.revision_id'), json_extract(before, '$.created_at'),
  CAST(json_extract(after, '$.weight.real') AS REAL), CAST(json_extract(after, '$.confidence.real') AS REAL),
  json_extract(after, '$.context'), json_extract(after, '$.revision_id'), json_extract(after, '$.created_at')
FROM (
  -- A dream may have come back to an edge: the first image before and the last one after are what it did.
  SELECT DISTINCT revision_id, row_key,
    first_value(before) OVER one AS before, last_value(after) OVER one AS after
  FROM revision_rows
  WHERE of_table = 'edges' AND is_forgotten = 0
    AND json_extract(coalesce(after, before), '$.from_kind') = 'record'
    AND json_extract(coalesce(after, before), '$.to_kind') = 'record'
  WINDOW one AS (PARTITION BY revision_id, row_key ORDER BY id
                 ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
) WHERE before IS NOT NULL OR after IS NOT NULL;
DELETE FROM revision_rows
WHERE of_table = 'edges'
  AND json_extract(coalesce(after, before), '$.from_kind') = 'record'
  AND json_extract(coalesce(after, before), '$.to_kind') = 'record';
DELETE FROM revision_touches WHERE touched LIKE 'edge record %';
DELETE FROM revision_changes WHERE thing = 'edge';

-- Why two texts are alike is found when somebody looks, and stands nowhere.
UPDATE edges SET context = '' WHERE rel_type = 'semantic_similar';
UPDATE revision_edges SET old_context = '' WHERE rel_type = 'semantic_similar' AND old_context IS NOT NULL;
UPDATE revision_edges SET new_context = '' WHERE rel_type = 'semantic_similar' AND new_context IS NOT NULL;

-- The vector of a whole note or conversation, made of those of its chunks by the embedder in `compared`.
CREATE TABLE whole_vectors (
  record_id INTEGER PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
  day       TEXT,                       -- of its latest chunk that has one
  vector    BLOB NOT NULL               -- as in `vectors`
) STRICT;
CREATE INDEX whole_vectors_by_day ON whole_vectors (day);

-- Wholes of which something came or went since they were compared with all others. One may stand here
-- several times: the numbers say through where this was read.
CREATE TABLE whole_changes (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id INTEGER NOT NULL
) STRICT;

-- What the edges that say what is alike rest on; without a threshold all are to be found anew.
CREATE TABLE compared (
  only        INTEGER PRIMARY KEY CHECK (only = 1),
  embedder_id INTEGER NOT NULL,
  threshold   REAL,
  n_edges     INTEGER                   -- that say what is alike; absent: to be counted
) STRICT;

CREATE TRIGGER wholes_get_vectors AFTER INSERT ON chunk_vectors BEGIN
  INSERT INTO whole_changes (record_id)
  SELECT coalesce(r.session_id, r.id) FROM chunks c JOIN records r ON r.id = c.record_id WHERE c.id = NEW.chunk_id;
END;
CREATE TRIGGER wholes_change_vectors AFTER UPDATE OF vector_id ON chunk_vectors
WHEN NEW.vector_id <> OLD.vector_id BEGIN
  INSERT INTO whole_changes (record_id)
  SELECT coalesce(r.session_id, r.id) FROM chunks c JOIN records r ON r.id = c.record_id WHERE c.id = NEW.chunk_id;
END;
-- With a stretch goes what was made of it.
CREATE TRIGGER wholes_lose_chunks AFTER DELETE ON chunks BEGIN
  INSERT INTO whole_changes (record_id)
  VALUES (coalesce((SELECT session_id FROM records WHERE id = OLD.record_id), OLD.record_id));
  DELETE FROM whole_vectors
  WHERE record_id = coalesce((SELECT session_id FROM records WHERE id = OLD.record_id), OLD.record_id);
END;
CREATE TRIGGER wholes_lose_messages AFTER DELETE ON records WHEN OLD.session_id IS NOT NULL BEGIN
  INSERT INTO whole_changes (record_id) VALUES (OLD.session_id);
  DELETE FROM whole_vectors WHERE record_id = OLD.session_id;
END;
