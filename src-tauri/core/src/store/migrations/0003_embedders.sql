-- Embedders side by side: while a new one is prepared, the old one is used.
ALTER TABLE embedders RENAME TO embedders_before;

-- Vectors of two rows of this table are never compared.
CREATE TABLE embedders (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL,
  digest         TEXT NOT NULL DEFAULT '', -- empty: built in
  dimensions     INTEGER NOT NULL CHECK (dimensions > 0),
  prefix         TEXT NOT NULL DEFAULT '', -- what it puts before a document
  state          TEXT NOT NULL CHECK (state IN ('used', 'next', 'old', 'idle')),
  alike          REAL, -- mean and deviation of the cosine of two texts that have nothing to do with
  alike_spread   REAL, -- each other; absent until measured
  counted_chunk  INTEGER NOT NULL DEFAULT 0, -- the last chunk whose words are counted in the corpus
  through_chunk  INTEGER NOT NULL DEFAULT 0, -- the last chunk that has a vector, where it goes by order
  corpus         BLOB NOT NULL DEFAULT x'', -- word frequencies of the journal, for embedders that weigh by them
  updated_at     INTEGER NOT NULL,
  UNIQUE (name, digest, dimensions, prefix)
) STRICT;

INSERT INTO embedders (id, name, dimensions, state, counted_chunk, corpus, updated_at)
SELECT id, name, dimensions, 'used', counted_chunk, corpus, updated_at FROM embedders_before;

INSERT INTO embedders (name, dimensions, state, updated_at)
SELECT 'builtin-1', 256, 'used', 0 WHERE NOT EXISTS (SELECT 1 FROM embedders);

DROP TABLE embedders_before;

CREATE UNIQUE INDEX embedders_in_use ON embedders (state) WHERE state IN ('used', 'next');

-- What an embedder made of a text, once for all places where the text stands. The search over them is
-- in tables of sqlite-vec named near_chunks_<embedder> and near_moments_<embedder>, which are made when
-- an embedder is first used and can be made anew from this table.
CREATE TABLE vectors (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  embedder_id INTEGER NOT NULL REFERENCES embedders (id),
  hash        BLOB NOT NULL,           -- BLAKE3 of the text
  vector      BLOB,                    -- one byte a number, as fractions of the greatest; absent: it has none
  UNIQUE (embedder_id, hash)
) STRICT;

CREATE TABLE chunk_vectors (
  embedder_id INTEGER NOT NULL REFERENCES embedders (id),
  chunk_id    INTEGER NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
  vector_id   INTEGER NOT NULL REFERENCES vectors (id) ON DELETE CASCADE,
  PRIMARY KEY (embedder_id, chunk_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chunk_vectors_by_chunk ON chunk_vectors (chunk_id);

CREATE INDEX chunk_vectors_by_vector ON chunk_vectors (vector_id);

CREATE TABLE moment_vectors (
  embedder_id INTEGER NOT NULL REFERENCES embedders (id),
  moment_id   INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
  vector_id   INTEGER NOT NULL REFERENCES vectors (id) ON DELETE CASCADE,
  PRIMARY KEY (embedder_id, moment_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX moment_vectors_by_moment ON moment_vectors (moment_id);

CREATE INDEX moment_vectors_by_vector ON moment_vectors (vector_id);

-- The old ones are made anew with the next look at what is new.
DROP TABLE chunk_embeddings;

DROP TABLE moment_embeddings;
