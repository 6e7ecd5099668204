//! Functions that a question may call, by the names that PostgreSQL gives them.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned as _,
};

use super::{Sql, Translator, absent, expressions::common, lists::as_json, place, simple_name};
use crate::{
    Error, Result,
    api::query::ColumnKind::{Any, Interval, List, Number, Object, Text},
    query::scope::did_you_mean,
    text::spelling::nearest,
};

/// Functions of one row, for whoever mistypes one.
const KNOWN: &[&str] = &[
    "abs",
    "age",
    "array_length",
    "array_to_string",
    "btrim",
    "cardinality",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "date_part",
    "date_trunc",
    "datetime",
    "exp",
    "floor",
    "greatest",
    "ifnull",
    "iif",
    "instr",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_object",
    "json_type",
    "jsonb_array_length",
    "least",
    "left",
    "length",
    "ln",
    "localtimestamp",
    "log",
    "lower",
    "ltrim",
    "mod",
    "now",
    "nullif",
    "position",
    "power",
    "random",
    "replace",
    "right",
    "round",
    "rtrim",
    "sign",
    "sqrt",
    "strftime",
    "strpos",
    "substr",
    "substring",
    "time",
    "to_char",
    "today",
    "trim",
    "trunc",
    "upper",
];

impl Translator<'_> {
    pub(super) fn function(&mut self, function: &Function) -> Result<Sql> {
        let at = place(function.name.span());
        absent(function.uses_odbc_syntax, "{fn …}")?;
        absent(
            !matches!(function.parameters, FunctionArguments::None),
            "a function with two lists of arguments",
        )?;
        absent(!function.within_group.is_empty(), "WITHIN GROUP")?;
        let name = simple_name(&function.name)?.value.to_lowercase();
        if let Some(sql) = self.aggregate(&name, function, &at)? {
            return Ok(sql);
        }
        absent(function.filter.is_some(), "FILTER after a function of one row")?;
        absent(function.over.is_some(), "OVER after a function of one row")?;
        absent(function.null_treatment.is_some(), "IGNORE NULLS")?;
        let exprs = arguments(function, &name, &at)?;
        let mut args = Vec::new();
        for expr in &exprs {
            args.push(self.value(expr)?);
        }
        self.plain(&name, args, &exprs, &at)
    }

    /// A function of one row.
    fn plain(&mut self, name: &str, mut args: Vec<Sql>, exprs: &[&Expr], at: &str) -> Result<Sql> {
        let n = args.len();
        let wrong = || Error::invalid(format!("{name} is not called with {n} values{at}"));
        let takes = |least: usize, most: usize| {
            if (least..=most).contains(&n) { Ok(()) } else { Err(wrong()) }
        };
        let texts =
            |args: &[Sql]| args.iter().map(|arg| arg.text.clone()).collect::<Vec<_>>().join(", ");
        match name {
            "now"
            | "current_timestamp"
            | "localtimestamp"
            | "transaction_timestamp"
            | "statement_timestamp"
            | "clock_timestamp" => {
                takes(0, 1)?;
                Ok(self.now())
            }
            "current_date" | "today" => {
                takes(0, 0)?;
                Ok(self.today())
            }
            "current_time" | "localtime" => {
                takes(0, 1)?;
                let now = self.now();
                Ok(Sql::of(Text, format!("rem_clock({})", now.text)))
            }
            "date" if n <= 1 => match args.pop() {
                None => Ok(self.today()),
                Some(value) => self.day(value, at),
            },
            "datetime" | "timestamp" if n <= 1 => match args.pop() {
                None => Ok(self.now()),
                Some(value) => self.time(value, at),
            },
            "time" if n == 1 => {
                let value = self.time(args.remove(0), at)?;
                Ok(Sql::of(Text, format!("rem_clock({})", value.text)))
            }
            "date" | "datetime" | "time" => Err(Error::invalid(format!(
                "{name} takes one value{at}: write CURRENT_DATE - 7, or NOW() - INTERVAL '2 hours'"
            ))),
            "strftime" => self.strftime(args, at),
            "to_char" => {
                takes(2, 2)?;
                let pattern = args.remove(1);
                let value = self.day_or_time(args.remove(0), at)?;
                Ok(Sql::of(Text, format!("rem_format({}, {})", value.text, pattern.text)))
            }
            "date_part" => {
                takes(2, 2)?;
                let value = args.remove(1);
                let part = args.remove(0).literal.ok_or_else(wrong)?;
                self.part(&part, value, at)
            }
            "date_trunc" => {
                takes(2, 2)?;
                let value = args.remove(1);
                let unit = args.remove(0);
                self.truncated(&unit, value, at)
            }
            "age" => {
                takes(1, 2)?;
                let to = self.day_or_time(args.remove(0), at)?;
                let (to, from) = match args.pop() {
                    Some(from) => (to, self.day_or_time(from, at)?),
                    None => (self.today(), to),
                };
                Ok(Sql::of(Interval, format!("rem_between({}, {})", to.text, from.text)))
            }
            "array_length" | "cardinality" | "json_array_length" | "jsonb_array_length" => {
                takes(1, 2)?;
                if n == 2 && args[1].text != "1" {
                    return Err(Error::invalid(format!("lists have one dimension{at}")));
                }
                let list = self.list_of(args.remove(0), at)?;
                Ok(Sql::of(Number, format!("json_array_length({})", list.text)))
            }
            "array_to_string" => {
                takes(2, 2)?;
                let between = args.remove(1);
                let list = self.list_of(args.remove(0), at)?;
                let one = self.new_name('e');
                Ok(Sql::of(
                    Text,
                    format!(
                        "(SELECT group_concat({one}.value, {}) FROM json_each({}) AS {one})",
                        between.text, list.text
                    ),
                ))
            }
            "coalesce" | "ifnull" | "greatest" | "least" => {
                takes(if name == "ifnull" { 2 } else { 1 }, if name == "ifnull" { 2 } else { 50 })?;
                let kind = common(&args.iter().map(|arg| arg.kind).collect::<Vec<_>>());
                if n == 1 {
                    return args.pop().ok_or_else(wrong);
                }
                let function = match name {
                    "greatest" => "max",
                    "least" => "min",
                    _ => "coalesce",
                };
                Ok(Sql::of(kind, format!("{function}({})", texts(&args))))
            }
            "nullif" => {
                takes(2, 2)?;
                let kind = args[0].kind;
                let second = args.remove(1);
                let (first, second) = self.alike(args.remove(0), second, at)?;
                Ok(Sql::of(kind, format!("nullif({}, {})", first.text, second.text)))
            }
            "iif" => {
                takes(3, 3)?;
                Ok(Sql::of(common(&[args[1].kind, args[2].kind]), format!("iif({})", texts(&args))))
            }
            "abs" => {
                takes(1, 1)?;
                let kind = if args[0].is(Interval) { Interval } else { Number };
                Ok(Sql::of(kind, format!("abs({})", texts(&args))))
            }
            "round" => {
                takes(1, 2)?;
                let kind = if args[0].is(Interval) { Interval } else { Number };
                Ok(Sql::of(kind, format!("round({})", texts(&args))))
            }
            "ceil" | "ceiling" | "floor" | "trunc" | "sqrt" | "exp" | "ln" | "log" | "sign" => {
                takes(1, 1)?;
                let function = if name == "ceiling" { "ceil" } else { name };
                match exprs.first() {
                    Some(expr) => self.math(function, expr),
                    None => Err(wrong()),
                }
            }
            "power" | "pow" => {
                takes(2, 2)?;
                Ok(Sql::of(Number, format!("rem_power({})", texts(&args))))
            }
            "mod" => {
                takes(2, 2)?;
                Ok(Sql::of(Number, format!("({} % {})", args[0].text, args[1].text)))
            }
            "random" => {
                takes(0, 0)?;
                // SQLite's are whole numbers of 64 bits, PostgreSQL's from 0 to 1.
                Ok(Sql::of(Number, "(random() / 18446744073709551616.0 + 0.5)"))
            }
            "lower" | "upper" => {
                takes(1, 1)?;
                Ok(Sql::of(Text, format!("rem_{name}({})", texts(&args))))
            }
            "length" | "char_length" | "character_length" => {
                takes(1, 1)?;
                Ok(Sql::of(Number, format!("length({})", texts(&args))))
            }
            "trim" | "btrim" | "ltrim" | "rtrim" => {
                takes(1, 2)?;
                let what = if n == 2 { args.pop() } else { None };
                let ends = match name {
                    "ltrim" => 1,
                    "rtrim" => 2,
                    _ => 3,
                };
                self.trim(&args[0], what, ends)
            }
            "substr" | "substring" => {
                takes(2, 3)?;
                Ok(Sql::of(Text, format!("substr({})", texts(&args))))
            }
            "left" => {
                takes(2, 2)?;
                Ok(Sql::of(Text, format!("substr({}, 1, {})", args[0].text, args[1].text)))
            }
            "right" => {
                takes(2, 2)?;
                Ok(Sql::of(Text, format!("substr({}, - {})", args[0].text, args[1].text)))
            }
            "strpos" | "instr" | "position" => {
                takes(2, 2)?;
                Ok(Sql::of(Number, format!("rem_position({})", texts(&args))))
            }
            "replace" => {
                takes(3, 3)?;
                Ok(Sql::of(Text, format!("rem_replace({})", texts(&args))))
            }
            "concat" => {
                takes(1, 50)?;
                let empty = self.bind("");
                let parts: Vec<String> =
                    args.iter().map(|arg| format!("coalesce({}, {empty})", arg.text)).collect();
                Ok(Sql::of(Text, format!("({})", parts.join(" || "))))
            }
            "concat_ws" => {
                takes(2, 50)?;
                let one = self.new_name('e');
                let between = args.remove(0);
                Ok(Sql::of(
                    Text,
                    format!(
                        "(SELECT group_concat({one}.value, {}) FROM json_each(json_array({})) AS {one} \
                         WHERE {one}.value IS NOT NULL)",
                        between.text,
                        texts(&args)
                    ),
                ))
            }
            "json_extract" | "json_type" => {
                takes(if name == "json_type" { 1 } else { 2 }, 2)?;
                Ok(Sql::of(
                    if name == "json_type" { Text } else { Any },
                    format!("{name}({})", texts(&args)),
                ))
            }
            "json_array" | "json_build_array" | "jsonb_build_array" => {
                takes(0, 50)?;
                let all: Vec<String> = args.iter().map(as_json).collect();
                Ok(Sql::of(List, format!("json_array({})", all.join(", "))))
            }
            "json_object" | "json_build_object" | "jsonb_build_object" => {
                takes(0, 50)?;
                if !n.is_multiple_of(2) {
                    return Err(wrong());
                }
                let all: Vec<String> = args.iter().map(as_json).collect();
                Ok(Sql::of(Object, format!("json_object({})", all.join(", "))))
            }
            "unnest" => Err(Error::invalid(format!(
                "unnest stands in FROM, or alone as a column{at}: FROM moments, unnest(tags) AS tag"
            ))),
            _ => Err(Error::invalid(super::clipped(&format!(
                "there is no function “{name}” here{at}{}",
                did_you_mean(nearest(name, KNOWN.iter().copied()))
            )))),
        }
    }

    /// SQLite's way of writing a time by a pattern, without its modifiers.
    fn strftime(&mut self, mut args: Vec<Sql>, at: &str) -> Result<Sql> {
        if args.is_empty() || args.len() > 2 {
            return Err(Error::invalid(format!(
                "strftime takes a pattern and a time{at}; move the time with INTERVAL, as in start_time - INTERVAL '1 day'"
            )));
        }
        let value = if args.len() == 2 { args.remove(1) } else { self.now() };
        let value = self.time(value, at)?;
        let pattern = args
            .remove(0)
            .literal
            .ok_or_else(|| Error::invalid(format!("strftime needs its pattern as a text{at}")))?;
        let known = |letter: char| {
            Some(match letter {
                'Y' => "YYYY",
                'm' => "MM",
                'd' => "DD",
                'H' => "HH24",
                'M' => "MI",
                'S' => "SS",
                'j' => "DDD",
                'V' => "IW",
                'u' => "ID",
                'G' => "IYYY",
                'F' => "YYYY\"-\"MM\"-\"DD",
                'T' => "HH24\":\"MI\":\"SS",
                '%' => "\"%\"",
                _ => return None,
            })
        };
        let mut translated = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => {
                    let part = letters
                        .next()
                        .and_then(|letter| if letter == 'w' { Some("") } else { known(letter) });
                    match part {
                        Some("") if pattern == "%w" => {
                            let part = self.part("dow", value, at)?;
                            return Ok(Sql::of(Text, format!("CAST({} AS TEXT)", part.text)));
                        }
                        Some(part) if !part.is_empty() => translated.push_str(part),
                        _ => {
                            return Err(Error::invalid(format!(
                                "strftime knows %Y %m %d %H %M %S %F %T %j %V %u %G here{at}, and %w alone"
                            )));
                        }
                    }
                }
                '"' => {
                    return Err(Error::invalid(format!(
                        "a double quote cannot stand in a pattern{at}"
                    )));
                }
                letter => {
                    translated.push('"');
                    translated.push(letter);
                    translated.push('"');
                }
            }
        }
        let pattern = self.bind(&translated);
        Ok(Sql::of(Text, format!("rem_format({}, {pattern})", value.text)))
    }

    /// `m.*` as a value: an object of all columns.
    pub(super) fn whole_row(&mut self, table: &str) -> Result<Sql> {
        let mut parts = Vec::new();
        for column in self.columns_of_table(table)? {
            let name = self.bind(&column.name);
            parts.push(format!("{name}, {}", as_json(&Sql::of(column.kind, column.sql))));
        }
        Ok(Sql::of(Object, format!("json_object({})", parts.join(", "))))
    }
}

/// The arguments of a function of one row.
fn arguments<'f>(function: &'f Function, name: &str, at: &str) -> Result<Vec<&'f Expr>> {
    match &function.args {
        FunctionArguments::None => Ok(Vec::new()),
        FunctionArguments::Subquery(_) => Err(Error::invalid(format!(
            "a subquery stands in parentheses of its own in {name}{at}"
        ))),
        FunctionArguments::List(list) => {
            absent(list.duplicate_treatment.is_some(), "DISTINCT in a function of one row")?;
            absent(!list.clauses.is_empty(), "a clause in a function of one row")?;
            list.args
                .iter()
                .map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
                    _ => Err(Error::invalid(format!("{name} takes values, not * or names{at}"))),
                })
                .collect()
        }
    }
}
