-- By what texts find those that are nearly the same, and what they state, as numbers without a word of
-- theirs (decision 17). Kept by the text's hash: what is known is not read again.
CREATE TABLE text_signatures (
  hash       BLOB NOT NULL PRIMARY KEY, -- of a record's text, or of a moment's words
  is_moment  INTEGER NOT NULL CHECK (is_moment IN (0, 1)),
  n_words    INTEGER NOT NULL,
  bands      BLOB NOT NULL,             -- 32-bit numbers; empty: too short to be compared
  statements TEXT NOT NULL CHECK (json_valid(statements))
) STRICT, WITHOUT ROWID;

-- What a dream proposes. Who decides is the person.
CREATE TABLE proposals (
  key             BLOB NOT NULL PRIMARY KEY, -- BLAKE3 of its kind and of what it speaks of, by hashes
  kind            TEXT NOT NULL CHECK (kind IN ('summary', 'preference', 'constraint', 'project_state',
                    'stale_fact', 'contradiction', 'merge', 'promotion', 'decay', 'temporal_update')),
  proposed_action TEXT NOT NULL CHECK (proposed_action IN ('create', 'update', 'merge', 'supersede',
                    'expire', 'promote', 'demote', 'ignore')),
  confidence      REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  reason_codes    TEXT NOT NULL CHECK (json_valid(reason_codes)),
  strategy_used   TEXT NOT NULL,
  sources         TEXT NOT NULL CHECK (json_valid(sources)),
  text            TEXT NOT NULL,             -- what would stand for the sources
  tokens_before   INTEGER NOT NULL,
  tokens_after    INTEGER NOT NULL,
  language        TEXT NOT NULL DEFAULT '',
  mind            TEXT NOT NULL,
  is_provisional  INTEGER NOT NULL CHECK (is_provisional IN (0, 1)), -- 1: a model was missed; redone when there is one
  revision_id     INTEGER NOT NULL REFERENCES revisions (id),
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The records in whose words a proposal rests, by way of moments, too.
CREATE TABLE proposal_records (
  record_id    INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  proposal_key BLOB NOT NULL,
  PRIMARY KEY (record_id, proposal_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX proposal_records_by_proposal ON proposal_records (proposal_key);

CREATE TRIGGER proposals_take_their_records AFTER DELETE ON proposals BEGIN
  DELETE FROM proposal_records WHERE proposal_key = OLD.key;
END;

-- What the person said to a proposal. No dream writes here; a dream that makes the same proposal again
-- finds its answer.
CREATE TABLE proposal_decisions (
  key         BLOB NOT NULL PRIMARY KEY, -- the proposal's
  kind        TEXT NOT NULL,
  decision    TEXT NOT NULL CHECK (decision IN ('accepted', 'rejected')),
  source_keys BLOB NOT NULL,             -- hashes, 32 bytes each, sorted: none of these is proposed together again
  text        TEXT,                      -- in the person's words, if they changed it
  decided_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What stands for its sources since the person accepted it. The sources themselves are as they were.
CREATE TABLE consolidated_memories (
  key             BLOB NOT NULL PRIMARY KEY, -- the proposal's
  proposed_action TEXT NOT NULL,
  source_ids      TEXT NOT NULL CHECK (json_valid(source_ids)),
  summary         TEXT NOT NULL,
  strategy_used   TEXT NOT NULL,
  tokens_before   INTEGER NOT NULL,
  tokens_after    INTEGER NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consolidated_sources (
  thing      TEXT NOT NULL CHECK (thing IN ('record', 'moment')),
  key        BLOB NOT NULL,             -- a record's hash, a moment's key: holds while its words are the same
  memory_key BLOB NOT NULL REFERENCES consolidated_memories (key) ON DELETE CASCADE,
  is_folded  INTEGER NOT NULL CHECK (is_folded IN (0, 1)), -- 1: another of the sources stands in its place
  PRIMARY KEY (thing, key, memory_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX consolidated_sources_by_memory ON consolidated_sources (memory_key);

-- The records in whose words an accepted text, or one the person wrote of it, rests.
CREATE TABLE decided_records (
  record_id    INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  proposal_key BLOB NOT NULL REFERENCES proposal_decisions (key) ON DELETE CASCADE,
  PRIMARY KEY (record_id, proposal_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX decided_records_by_proposal ON decided_records (proposal_key);

-- With a record that is deleted for good goes what was made of it, then and before; that a proposal was
-- refused stays known by hashes.
CREATE TRIGGER proposals_forget BEFORE DELETE ON records BEGIN
  DELETE FROM revision_rows WHERE of_table = 'proposals' AND row_key IN
    (SELECT '[' || json_extract(row_key, '$[1]') || ']' FROM revision_rows
     WHERE of_table = 'proposal_records'
       AND row_key >= '[' || OLD.id || ',' AND row_key < '[' || OLD.id || '-');
  DELETE FROM revision_rows WHERE of_table = 'proposal_records'
    AND row_key >= '[' || OLD.id || ',' AND row_key < '[' || OLD.id || '-';
  DELETE FROM proposals WHERE key IN
    (SELECT proposal_key FROM proposal_records WHERE record_id = OLD.id);
  DELETE FROM consolidated_memories WHERE key IN
    (SELECT proposal_key FROM decided_records WHERE record_id = OLD.id);
  UPDATE proposal_decisions SET text = NULL WHERE key IN
    (SELECT proposal_key FROM decided_records WHERE record_id = OLD.id);
  DELETE FROM text_signatures WHERE hash = OLD.hash;
END;

CREATE TRIGGER signatures_follow_records AFTER UPDATE OF hash ON records WHEN OLD.hash <> NEW.hash BEGIN
  DELETE FROM text_signatures WHERE hash = OLD.hash;
END;

-- What a dream came to, in a sentence or two of numbers.
CREATE TABLE digests (
  dream_id    INTEGER PRIMARY KEY REFERENCES dreams (id) ON DELETE CASCADE,
  memory_type TEXT NOT NULL CHECK (memory_type = 'Summary'),
  content     TEXT NOT NULL,
  tags        TEXT NOT NULL CHECK (json_valid(tags)),
  importance  REAL NOT NULL CHECK (importance BETWEEN 0 AND 1),
  workspace   TEXT NOT NULL,
  revision_id INTEGER NOT NULL REFERENCES revisions (id),
  created_at  INTEGER NOT NULL
) STRICT;
