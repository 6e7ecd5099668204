-- The index of full text: notes and messages apart, so that many of one never stand before the others, with
-- the stems of the language a text is written in beside its words. It keeps no text of its own.
ALTER TABLE records ADD COLUMN language TEXT; -- whose stems are indexed, '' for none; absent: not looked at yet
CREATE INDEX records_by_language ON records (language) WHERE language > '';
CREATE INDEX records_of_no_language ON records (id) WHERE language IS NULL;
-- A search for who wrote or what came from where asks for a few of many.
CREATE INDEX records_by_author ON records (author) WHERE author > '';

DROP TABLE records_fts;
DROP TABLE moments_fts;

CREATE VIRTUAL TABLE records_fts USING fts5 (
  title, body, stems,
  content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE messages_fts USING fts5 (
  body, stems,
  content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Filled again when the journal is opened: its stems are made by the program.
CREATE VIRTUAL TABLE moments_fts USING fts5 (
  title, summary, tags, people, stems,
  content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
INSERT INTO records_fts (records_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO messages_fts (messages_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO moments_fts (moments_fts, rank) VALUES ('secure-delete', 1);

INSERT INTO records_fts (rowid, title, body, stems)
SELECT id, title, body, '' FROM records WHERE kind <> 'message' AND deleted_at IS NULL;
INSERT INTO messages_fts (rowid, body, stems)
SELECT id, body, '' FROM records WHERE kind = 'message' AND deleted_at IS NULL;

-- The words of the indices in order, to finish one that is being typed.
CREATE VIRTUAL TABLE records_fts_vocab USING fts5vocab (records_fts, instance);
CREATE VIRTUAL TABLE messages_fts_vocab USING fts5vocab (messages_fts, instance);
CREATE VIRTUAL TABLE moments_fts_vocab USING fts5vocab (moments_fts, instance);

-- How the tables of signs changed, for those who hold them in memory.
CREATE TABLE vector_changes (
  index_name TEXT NOT NULL PRIMARY KEY,
  n_changes  INTEGER NOT NULL,          -- all but vectors that were added in order
  last_id    INTEGER NOT NULL           -- of the vectors that were added in order
) STRICT, WITHOUT ROWID;
