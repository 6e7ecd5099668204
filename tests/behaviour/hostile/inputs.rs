//! Hostile texts: a fixed list, questions with something wrong in them, and questions by a grammar, which
//! reach further in because they are nearly right. The same number gives the same text.

use rem_core::api::query::query_views;

use super::words::{
    ATOMS, BEHIND, COLUMNS, FUNCTIONS, NASTY, PIECES, QUESTIONS, SIGNS, TABLES, TYPES,
};

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
