//! Hostile texts: a fixed list, questions with something wrong in them, and questions by a grammar, which
//! reach further in because they are nearly right. The same number gives the same text.

use rem_core::api::query::query_views;

/// A generator of numbers that is the same on every machine: `SplitMix64` (Steele, Lea and Flood, 2014).
pub(super) struct Hostile(u64);

impl Hostile {
    /// The first `n` texts.
    pub(super) fn texts(n: usize) -> impl Iterator<Item = String> {
        (0..n).map(|n| Self(n as u64 ^ 0x5eed).text(n))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or_default()
    }

    /// A table that is there, and some of its columns.
    fn table(&mut self) -> (String, Vec<String>) {
        let views = query_views();
        let view = &views[self.below(views.len())];
        let columns = view.columns.iter().map(|column| column.name.clone()).collect();
        (view.name.clone(), columns)
    }

    fn one<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.below(list.len())]
    }

    fn text(&mut self, n: usize) -> String {
        // Each of the fixed ones comes once, early; the rest is made.
        if let Some(fixed) = NASTY.get(n) {
            return (*fixed).to_owned();
        }
        match n % 100 {
            0..8 => self.large(n),
            8..50 => self.mutant(),
            50..90 => self.question(0),
            _ => self.noise(),
        }
    }

    /// Texts that are long or deep.
    fn large(&mut self, n: usize) -> String {
        let (size, part) = (1 << 20, self.one(NASTY));
        match n % 8 {
            0 => "a".repeat(size),
            1 => format!("SELECT '{}'", "'".repeat(size)),
            2 => format!("SELECT {}1{}", "(".repeat(20_000), ")".repeat(20_000)),
            3 => format!("SELECT 1{}", " + 1".repeat(2_000)),
            4 => format!("SELECT 1 WHERE {}1", "NOT ".repeat(2_000)),
            5 => part.repeat(1 + 60_000 / part.len().max(1)),
            6 => format!("SELECT * FROM moments WHERE id IN ({}1)", "1, ".repeat(2_000)),
            _ => format!("SELECT 1{}", " UNION SELECT 1".repeat(1 + self.below(400))),
        }
    }

    /// A question with something wrong in it.
    fn mutant(&mut self) -> String {
        let mut words: Vec<String> =
            self.one(QUESTIONS).split(' ').map(ToOwned::to_owned).collect();
        for _ in 0..=self.below(3) {
            let at = self.below(words.len());
            match self.below(7) {
                0 => drop(words.remove(at)),
                1 => words.insert(at, self.one(PIECES).to_owned()),
                2 => words[at] = self.one(PIECES).to_owned(),
                3 => words[at] = self.one(BEHIND).to_owned(),
                4 => {
                    let other = self.below(words.len());
                    words.swap(at, other);
                }
                5 => words.push(self.one(NASTY).to_owned()),
                _ => {
                    let word = words[at].clone();
                    words.insert(at, word);
                }
            }
            if words.is_empty() {
                words.push(self.one(PIECES).to_owned());
            }
        }
        let mut text = words.join(" ");
        if self.below(6) == 0 {
            let end = text.char_indices().map(|(at, _)| at).nth(self.below(text.chars().count()));
            text.truncate(end.unwrap_or(text.len()));
        }
        text
    }

    /// A question by a grammar: its parts fit together more often than not.
    fn question(&mut self, depth: usize) -> String {
        let (mut table, columns) = self.table();
        if self.below(8) == 0 {
            table = self.one(TABLES).to_owned();
        }
        let mut text = String::new();
        if depth == 0 && self.below(6) == 0 {
            let inner = self.question(2);
            text = format!(
                "WITH {} AS ({inner}) ",
                self.one(&["x", "moments", "records", "\"main\""])
            );
        }
        let distinct = self.one(&["", "", "", "DISTINCT "]);
        let n = 1 + self.below(3);
        let given: Vec<String> = (0..n)
            .map(|_| match self.below(3) {
                0 => self.expression(depth + 1),
                _ => format!("t.{}", columns[self.below(columns.len())]),
            })
            .collect();
        text.push_str(&format!("SELECT {distinct}{} FROM {table} t", given.join(", ")));
        if self.below(4) == 0 {
            let (other, on) = (self.one(TABLES), self.expression(depth + 2));
            text.push_str(&format!(
                " {} JOIN {other} o ON {on}",
                self.one(&["", "LEFT", "FULL", "RIGHT"])
            ));
        }
        if self.below(5) == 0 {
            text.push_str(&format!(
                ", unnest({}) AS u",
                self.one(&["t.tags", "tags", "'{a,b}'", "ARRAY[1]", "t.id"])
            ));
        }
        match self.below(4) {
            0 => text.push_str(&format!(" WHERE {}", self.expression(depth + 1))),
            1 => {
                let column = &columns[self.below(columns.len())];
                let value = self.one(ATOMS);
                text.push_str(&format!(" WHERE t.{column} {} {value}", self.one(SIGNS)));
            }
            _ => {}
        }
        if self.below(4) == 0 {
            text.push_str(&format!(
                " GROUP BY {}",
                self.one(&["1", "tags", "t.day", "name", "9", "people, tags", "t.tags"])
            ));
        }
        if self.below(5) == 0 {
            text.push_str(&format!(
                " ORDER BY {} {}",
                self.expression(depth + 2),
                self.one(&["", "DESC", "NULLS FIRST"])
            ));
        }
        if self.below(4) == 0 {
            text.push_str(&format!(
                " LIMIT {}",
                self.one(&["1", "10", "0", "-1", "1e9", "99999999999999999999", "NULL", "ALL"])
            ));
        }
        if depth == 0 && self.below(8) == 0 {
            let other = self.question(1);
            text.push_str(&format!(
                " {} {other}",
                self.one(&["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])
            ));
        }
        text
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth > 4 {
            return self.one(ATOMS).to_owned();
        }
        match self.below(14) {
            0..4 => self.one(ATOMS).to_owned(),
            4 => self.one(COLUMNS).to_owned(),
            5 | 6 => {
                let (a, b) = (self.expression(depth + 1), self.expression(depth + 1));
                format!("{a} {} {b}", self.one(SIGNS))
            }
            7 => {
                let (a, b) = (self.expression(depth + 1), self.expression(depth + 2));
                let function = self.one(FUNCTIONS);
                let args =
                    [String::new(), a.clone(), format!("{a}, {b}"), format!("{a}, {b}, {a}")];
                format!("{function}({})", args[self.below(4)])
            }
            8 => {
                let inner = self.question(depth + 2);
                format!("{}({inner})", self.one(&["", "EXISTS ", "NOT EXISTS ", "1 IN "]))
            }
            9 => format!("({})", self.expression(depth + 1)),
            10 => format!("CAST({} AS {})", self.expression(depth + 1), self.one(TYPES)),
            11 => {
                let (a, b) = (self.expression(depth + 1), self.expression(depth + 1));
                format!("CASE WHEN {a} THEN {b} ELSE {a} END")
            }
            12 => {
                let a = self.expression(depth + 1);
                format!(
                    "{a} {}",
                    self.one(&[
                        "= ANY(tags)",
                        "<> ALL(people)",
                        "IS NULL",
                        "LIKE '%a%'",
                        "BETWEEN 1 AND 2",
                        "::date",
                        "IN ('a', 1, NULL)"
                    ])
                )
            }
            _ => format!(
                "{} OVER (PARTITION BY {} ORDER BY 1)",
                self.one(&["COUNT(*)", "RANK()", "SUM(t.id)"]),
                self.one(COLUMNS)
            ),
        }
    }

    /// Letters of all kinds without a plan.
    fn noise(&mut self) -> String {
        let n = 1 + self.below(60);
        (0..n)
            .map(|_| match self.below(5) {
                0 => self.one(PIECES).to_owned(),
                1 => self.one(COLUMNS).to_owned(),
                2 => format!("{} ", self.one(TABLES)),
                3 => char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap_or(0))
                    .unwrap_or(' ')
                    .to_string(),
                _ => char::from(u8::try_from(self.below(128)).unwrap_or(0)).to_string(),
            })
            .collect()
    }
}

const NASTY: &[&str] = &[
    "",
    " ",
    ";",
    ";;;",
    "'",
    "\"",
    "`",
    "\\",
    "--",
    "/*",
    "/* a",
    "*/",
    "\0",
    "SELECT '\0'",
    "a\0b",
    "' OR '1'='1",
    "'; DROP TABLE moments; --",
    "\"; DELETE FROM records; --",
    "1; SELECT 1",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM main.records",
    "SELECT body FROM records",
    "SELECT reply FROM mind_cache",
    "SELECT * FROM main.mind_cache",
    "SELECT value FROM settings",
    "SELECT * FROM moments WHERE is_hidden = 1",
    "SELECT * FROM temp.sqlite_temp_master",
    "SELECT * FROM pragma_table_list",
    "SELECT * FROM pragma_function_list()",
    "PRAGMA table_info(records)",
    "ATTACH '/tmp/hostile.db' AS h",
    "VACUUM INTO '/tmp/hostile.db'",
    "SELECT load_extension('/tmp/h.so')",
    "SELECT writefile('/tmp/h', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x')",
    "SELECT fts5_decode(1, x'00')",
    "SELECT * FROM records_fts_data",
    "SELECT * FROM json_each('[')",
    "SELECT json('{')",
    "SELECT json_extract('{}', '$[')",
    "SELECT x'414243'",
    "SELECT 'a' COLLATE evil",
    "SELECT * FROM moments INDEXED BY x",
    "SELECT * FROM moments NOT INDEXED",
    "SELECT ?1",
    "SELECT :a, @b, $c",
    "SELECT $1",
    "SELECT E'\\x41\\'",
    "SELECT U&'\\0041'",
    "SELECT $a$ ' $a$",
    "SELECT N'a'",
    "SELECT B'1'",
    "SELECT 9223372036854775807 + 1",
    "SELECT -9223372036854775808",
    "SELECT abs(-9223372036854775807 - 1)",
    "SELECT 1 / 0",
    "SELECT 1 % 0",
    "SELECT 1e999",
    "SELECT -1e999",
    "SELECT 0x7fffffffffffffff",
    "SELECT power(10, 400)",
    "SELECT sqrt(-1)",
    "SELECT ln(0)",
    "SELECT sum(9223372036854775807) FROM moments",
    "SELECT SUM(id) OVER (ORDER BY id ROWS BETWEEN 4294967296 PRECEDING AND CURRENT ROW) FROM moments",
    "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 1 FROM a) SELECT COUNT(*) FROM a",
    "WITH RECURSIVE a(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM a) SELECT length(t) FROM a",
    "WITH RECURSIVE a(t) AS (SELECT 'x' UNION SELECT t || 'y' FROM a) SELECT COUNT(*) FROM a",
    "WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a",
    "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a",
    "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x FROM a, a) SELECT * FROM a",
    "SELECT COUNT(*) FROM edges a, edges b, edges c, edges d, edges e, edges f, edges g",
    "SELECT string_agg(a.context || b.context, '') FROM edges a, edges b, edges c, edges d",
    "SELECT json_group_array(a.id) FROM edges a, edges b, edges c, edges d",
    "SELECT replace(replace(replace('aaaaaaaaaa', 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa')",
    "SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b'",
    "SELECT 'a' LIKE 'a' ESCAPE ''",
    "SELECT 'a' LIKE 'a' ESCAPE 'ab'",
    "SELECT 'a' LIKE '\\'",
    "SELECT trim('aaaa', 'a')",
    "SELECT substr('abc', -9223372036854775808, 9223372036854775807)",
    "SELECT substr('abc', 1, -1)",
    "SELECT left('abc', -1), right('abc', -1)",
    "SELECT NOW() - INTERVAL '99999999999 years'",
    "SELECT NOW() + INTERVAL '1e300 seconds'",
    "SELECT CURRENT_DATE + 9223372036854775807",
    "SELECT CURRENT_DATE - 99999999999",
    "SELECT DATE '0000-00-00'",
    "SELECT DATE '9999-12-31' + 1",
    "SELECT TIMESTAMP '2026-02-30 25:61'",
    "SELECT EXTRACT(EPOCH FROM NULL)",
    "SELECT DATE_TRUNC(NULL, NOW())",
    "SELECT to_char(NOW(), '\"')",
    "SELECT strftime('%', NOW())",
    "SELECT strftime('%s%f%J', NOW())",
    "SELECT date('now', 'localtime')",
    "SELECT tags[0], tags[-1], tags[99999999999999999999] FROM moments",
    "SELECT tags[1][1] FROM moments",
    "SELECT ARRAY[]",
    "SELECT ARRAY[ARRAY[1], NULL] && ARRAY[NULL]",
    "SELECT '{' && '{}'",
    "SELECT '{a' = ANY('{b')",
    "SELECT unnest(unnest(tags)) FROM moments",
    "SELECT unnest(tags), unnest(people), unnest(tags) FROM moments",
    "SELECT (SELECT unnest(tags)) FROM moments",
    "SELECT COUNT(unnest(tags)) FROM moments",
    "SELECT * FROM unnest(tags)",
    "SELECT * FROM unnest(ARRAY[1]) WITH ORDINALITY",
    "SELECT * FROM json_tree(NULL)",
    "SELECT MAX(COUNT(*)) FROM moments",
    "SELECT * FROM moments WHERE COUNT(*) > 1",
    "SELECT *, * , * FROM moments",
    "SELECT COUNT(*) OVER () OVER () FROM moments",
    "SELECT RANK() FROM moments",
    "SELECT m.* FROM moments",
    "SELECT array_agg(m.*) FROM moments m",
    "SELECT array_agg(x.*) FROM moments m",
    "SELECT * FROM moments GROUP BY *",
    "SELECT 1 ORDER BY 2",
    "SELECT 1 GROUP BY 2",
    "SELECT 1 HAVING 1",
    "SELECT id FROM moments HAVING id > 1",
    "SELECT id FROM moments LIMIT (SELECT 1)",
    "SELECT id FROM moments LIMIT 1 OFFSET -1",
    "SELECT * FROM moments FETCH FIRST 5 PERCENT ROWS ONLY",
    "SELECT * FROM (moments)",
    "SELECT * FROM ((moments m JOIN people p ON 1 = 1))",
    "SELECT * FROM moments NATURAL JOIN people",
    "SELECT * FROM moments JOIN people USING (id, name)",
    "SELECT * FROM moments JOIN people USING (nothing)",
    "SELECT * FROM moments m, LATERAL (SELECT m.id) x",
    "SELECT * FROM moments TABLESAMPLE SYSTEM (1)",
    "SELECT DISTINCT ON (id) * FROM moments",
    "SELECT * FROM moments FOR UPDATE SKIP LOCKED",
    "VALUES (1), (2, 3)",
    "VALUES ()",
    "TABLE records",
    "(SELECT 1)",
    "((SELECT 1) UNION (SELECT 2)) ORDER BY 1",
    "SELECT",
    "FROM moments",
    "WITH",
    "EXPLAIN QUERY PLAN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1 INTO OUTFILE '/tmp/h'",
    "CALL x()",
    "EXECUTE x",
    "SET search_path TO main",
    "GRANT ALL ON records TO me",
    "LISTEN x",
    "DO $$ BEGIN END $$",
    "MERGE INTO a USING b ON 1 WHEN MATCHED THEN DELETE",
    "\u{feff}SELECT 1",
    "SELECT\u{a0}1",
    "SELECT\u{2028}1",
    "SELECT 'ü\u{202e}\u{0}'",
    "SELECT \"ü\u{301}\"",
    "😀",
    "SELECT 😀 FROM 😀",
    "NEAR(a b, 99999999999)",
    "a AND OR NOT",
    "^a",
    "a*b*c*",
    "col:a",
    "{a b}:c",
    "-\"",
    "\"\"\"\"",
    "a\"b\"c",
    "- - -",
    "****",
];

const QUESTIONS: &[&str] = &[
    "SELECT * FROM moments WHERE DATE(start_time) = CURRENT_DATE - 1",
    "SELECT * FROM moments WHERE start_time >= CURRENT_DATE - 7 ORDER BY start_time",
    "SELECT * FROM moments WHERE 'productive' = ANY(emotion_tags) ORDER BY (end_time - start_time) DESC LIMIT 10",
    "SELECT tags, COUNT(*) FROM moments WHERE 'frustrated' = ANY(emotion_tags) GROUP BY tags ORDER BY COUNT(*) DESC",
    "SELECT s.*, array_agg(m.* ORDER BY m.created_at) AS messages FROM sessions s JOIN messages m ON m.session_id = s.id GROUP BY s.id",
    "SELECT topic, COUNT(*) AS n FROM moments, unnest(tags) AS topic GROUP BY topic HAVING n > 1 ORDER BY n DESC",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT SUM(i) FROM n",
    "SELECT name, ROW_NUMBER() OVER (PARTITION BY day ORDER BY start_time) FROM moments",
    "SELECT e.name, m.day FROM entities e JOIN mentions n ON n.entity_id = e.id JOIN moments m ON m.id = n.moment_id",
    "SELECT AVG(EXTRACT(EPOCH FROM (end_time - start_time)) / 60) FROM moments WHERE tags && ARRAY['rust', 'docs']",
    "SELECT CASE WHEN valence > 0 THEN 'good' ELSE 'low' END AS mood, COUNT(*) FILTER (WHERE is_pinned) FROM moments GROUP BY mood",
    "SELECT id FROM resources UNION SELECT id FROM sessions EXCEPT SELECT id FROM messages ORDER BY id",
    "bellows \"suction test\" -glue clo",
];

const PIECES: &[&str] = &[
    "(",
    ")",
    "((",
    "))",
    ",",
    ";",
    "'",
    "\"",
    "''",
    "*",
    "=",
    "<>",
    "||",
    "&&",
    "@>",
    "::",
    "->",
    "->>",
    ".",
    "..",
    "--",
    "/*",
    "*/",
    "NULL",
    "SELECT",
    "FROM",
    "WHERE",
    "UNION ALL",
    "AND",
    "OR",
    "NOT",
    "IN",
    "ANY(",
    "ALL(",
    "CASE",
    "END",
    "LIMIT",
    "0",
    "-1",
    "1e308",
    "9223372036854775808",
    "'a'",
    "\\",
    "%",
    "\0",
    "\u{202e}",
    "ORDER BY",
    "GROUP BY",
    "AS",
    "OVER (",
    "WITH RECURSIVE",
    "VALUES (",
    "EXISTS (",
    "INTERVAL '1 day'",
    "CURRENT_DATE",
    "tags",
    "x.y.z",
    "$1",
    "?",
];

/// What lies behind the tables.
const BEHIND: &[&str] = &[
    "records",
    "main.records",
    "main.moments",
    "temp.moments",
    "sqlite_schema",
    "sqlite_master",
    "mind_cache",
    "settings",
    "main.settings",
    "records_fts",
    "moments_fts",
    "revision_rows",
    "pragma_database_list",
    "dbstat",
    "vec_version()",
    "load_extension('x')",
    "is_hidden",
    "deleted_at",
    "rowid",
    "\"main\".\"records\"",
    "[records]",
    "`records`",
    "rem_local(1)",
];

const TABLES: &[&str] = &[
    "moments",
    "resources",
    "sessions",
    "messages",
    "entities",
    "edges",
    "people",
    "topics",
    "periods",
    "moods",
    "evidence",
    "mentions",
    "sources",
    "dreams",
    "communities",
    "insights",
    "predictions",
    "reflections",
    "records",
    "x",
    "main.records",
    "(SELECT 1 AS id, 'a' AS name)",
    "json_each('[1,2]')",
];

const COLUMNS: &[&str] = &[
    "id",
    "t.id",
    "name",
    "t.name",
    "day",
    "tags",
    "t.tags",
    "people",
    "start_time",
    "end_time",
    "duration",
    "valence",
    "content",
    "metadata",
    "emotion_tags",
    "t.*",
    "*",
    "o.id",
    "u",
    "created_at",
    "is_pinned",
    "nothing",
    "t.nothing",
];

const ATOMS: &[&str] = &[
    "1",
    "0",
    "-1",
    "NULL",
    "TRUE",
    "'a'",
    "''",
    "'2026-10-14'",
    "t.id",
    "id",
    "name",
    "tags",
    "day",
    "CURRENT_DATE",
    "NOW()",
    "INTERVAL '1 day'",
    "ARRAY['a', 'b']",
    "1.5",
    "1e30",
    "COUNT(*)",
    "t.valence",
    "start_time",
    "'{a,b}'",
    "'%'",
    "people",
];

const SIGNS: &[&str] = &[
    "=",
    "<>",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "AND",
    "OR",
    "&&",
    "@>",
    "<@",
    "->",
    "->>",
    "LIKE",
    "ILIKE",
    "IS",
    "IS NOT",
    "IS DISTINCT FROM",
    "~",
    "^",
    "&",
    "|",
    "#",
    "?",
];

const FUNCTIONS: &[&str] = &[
    "lower",
    "upper",
    "length",
    "substr",
    "replace",
    "trim",
    "coalesce",
    "nullif",
    "round",
    "abs",
    "floor",
    "power",
    "date",
    "date_trunc",
    "to_char",
    "strftime",
    "array_length",
    "array_to_string",
    "json_extract",
    "json_object",
    "concat_ws",
    "greatest",
    "min",
    "max",
    "sum",
    "avg",
    "count",
    "string_agg",
    "array_agg",
    "json_group_array",
    "unnest",
    "age",
    "strpos",
    "random",
    "printf",
    "load_extension",
    "sqlite_version",
    "rem_like",
    "glob",
    "like",
    "hex",
    "randomblob",
    "date_part",
];

const TYPES: &[&str] = &[
    "TEXT",
    "INTEGER",
    "REAL",
    "DATE",
    "TIMESTAMP",
    "INTERVAL",
    "BOOLEAN",
    "JSON",
    "TEXT[]",
    "BLOB",
    "NUMERIC(10, 2)",
    "evil",
];
