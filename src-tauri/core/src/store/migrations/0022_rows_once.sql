-- A revision keeps each row once, as it was before it and as it became in the end.
UPDATE revision_rows SET
  after = (SELECT l.after FROM revision_rows l
           WHERE l.of_table = revision_rows.of_table AND l.row_key = revision_rows.row_key
             AND l.revision_id = revision_rows.revision_id ORDER BY l.id DESC LIMIT 1),
  is_forgotten = (SELECT max(l.is_forgotten) FROM revision_rows l
                  WHERE l.of_table = revision_rows.of_table AND l.row_key = revision_rows.row_key
                    AND l.revision_id = revision_rows.revision_id)
WHERE EXISTS (SELECT 1 FROM revision_rows l
              WHERE l.of_table = revision_rows.of_table AND l.row_key = revision_rows.row_key
                AND l.revision_id = revision_rows.revision_id AND l.id > revision_rows.id)
  AND NOT EXISTS (SELECT 1 FROM revision_rows l
                  WHERE l.of_table = revision_rows.of_table AND l.row_key = revision_rows.row_key
                    AND l.revision_id = revision_rows.revision_id AND l.id < revision_rows.id);

DELETE FROM revision_rows
WHERE EXISTS (SELECT 1 FROM revision_rows l
              WHERE l.of_table = revision_rows.of_table AND l.row_key = revision_rows.row_key
                AND l.revision_id = revision_rows.revision_id AND l.id < revision_rows.id);

DROP INDEX revision_rows_by_row;
CREATE UNIQUE INDEX revision_rows_by_row ON revision_rows (of_table, row_key, revision_id);
