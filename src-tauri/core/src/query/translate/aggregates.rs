//! Functions over many rows: aggregates and windows.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

use super::{Sql, Translator, absent, lists::as_json, simple_name};
use crate::{
    Error, Result,
    api::query::ColumnKind::{self, Any, Interval, List, Number, Object, Text, Truth},
};

/// What stands in the parentheses of an aggregate.
struct Given {
    args: Vec<Sql>,
    /// `count(*)`
    is_star: bool,
    is_distinct: bool,
    /// " ORDER BY …", or nothing.
    order: String,
}

impl Translator<'_> {
    /// A function over many rows, if it is one.
    pub(super) fn aggregate(
        &mut self,
        name: &str,
        function: &Function,
        at: &str,
    ) -> Result<Option<Sql>> {
        let is_window = matches!(
            name,
            "row_number"
                | "rank"
                | "dense_rank"
                | "percent_rank"
                | "cume_dist"
                | "ntile"
                | "lag"
                | "lead"
                | "first_value"
                | "last_value"
                | "nth_value"
        );
        let is_aggregate = matches!(
            name,
            "count"
                | "sum"
                | "total"
                | "avg"
                | "min"
                | "max"
                | "string_agg"
                | "group_concat"
                | "array_agg"
                | "json_agg"
                | "jsonb_agg"
                | "json_group_array"
                | "bool_and"
                | "bool_or"
                | "every"
                | "json_object_agg"
                | "jsonb_object_agg"
                | "json_group_object"
        );
        if !is_window && !is_aggregate {
            return Ok(None);
        }
        absent(function.null_treatment.is_some(), "IGNORE NULLS")?;
        let given = self.aggregated(function, name, at)?;
        let n = given.args.len();
        // As in SQLite, min and max of several values are of one row.
        if matches!(name, "min" | "max") && n > 1 {
            absent(
                function.over.is_some() || function.filter.is_some(),
                "OVER after several values",
            )?;
            let texts: Vec<&str> = given.args.iter().map(|arg| arg.text.as_str()).collect();
            return Ok(Some(Sql::of(Any, format!("{name}({})", texts.join(", ")))));
        }
        let wrong = || Error::invalid(format!("{name} is not called with {n} values{at}"));
        let takes = |least: usize, most: usize| {
            if (least..=most).contains(&n) { Ok(()) } else { Err(wrong()) }
        };
        if given.is_star && name != "count" {
            return Err(Error::invalid(format!("only count takes a *{at}")));
        }
        let distinct = if given.is_distinct { "DISTINCT " } else { "" };
        let first = given.args.first().cloned().unwrap_or_else(|| Sql::of(Any, "*"));
        let order = &given.order;
        let (kind, call) = match name {
            "count" => {
                takes(0, 1)?;
                (Number, format!("count({distinct}{})", first.text))
            }
            "sum" | "total" | "avg" => {
                takes(1, 1)?;
                if matches!(first.kind, List | Object | ColumnKind::Date | ColumnKind::Time) {
                    return Err(Error::invalid(format!(
                        "{name} needs numbers or lengths of time{at}"
                    )));
                }
                let kind = if first.is(Interval) { Interval } else { Number };
                (kind, format!("{name}({distinct}{})", first.text))
            }
            "min" | "max" => {
                takes(1, 1)?;
                (first.kind, format!("{name}({distinct}{})", first.text))
            }
            "string_agg" | "group_concat" => {
                takes(1, 2)?;
                let between = match given.args.get(1) {
                    // SQLite takes no separator beside DISTINCT, and joins with a comma then.
                    Some(between)
                        if given.is_distinct && between.literal.as_deref() != Some(",") =>
                    {
                        return Err(Error::invalid(format!(
                            "{name} with DISTINCT joins by ',' only{at}: take the values from a subquery with SELECT DISTINCT"
                        )));
                    }
                    Some(between) if !given.is_distinct => format!(", {}", between.text),
                    _ => String::new(),
                };
                (Text, format!("group_concat({distinct}{}{between}{order})", first.text))
            }
            "array_agg" | "json_agg" | "jsonb_agg" | "json_group_array" => {
                takes(1, 1)?;
                (List, format!("json_group_array({distinct}{}{order})", as_json(&first)))
            }
            "json_object_agg" | "jsonb_object_agg" | "json_group_object" => {
                takes(2, 2)?;
                let value = given.args.get(1).map(as_json).unwrap_or_default();
                (Object, format!("json_group_object({}, {value})", first.text))
            }
            "bool_and" | "every" => {
                takes(1, 1)?;
                (Truth, format!("min({} <> 0)", first.text))
            }
            "bool_or" => {
                takes(1, 1)?;
                (Truth, format!("max({} <> 0)", first.text))
            }
            "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" => {
                takes(0, 0)?;
                (Number, format!("{name}()"))
            }
            _ => {
                takes(1, 3)?;
                let texts: Vec<&str> = given.args.iter().map(|arg| arg.text.as_str()).collect();
                let kind = if name == "ntile" { Number } else { first.kind };
                (kind, format!("{name}({})", texts.join(", ")))
            }
        };
        let filter = match &function.filter {
            Some(filter) => format!(" FILTER (WHERE {})", self.truth(filter)?),
            None => String::new(),
        };
        let over = match &function.over {
            None if is_window => {
                return Err(Error::invalid(format!("{name} needs OVER (…) after it{at}")));
            }
            None => String::new(),
            Some(WindowType::WindowSpec(window)) => {
                absent(given.is_distinct, "DISTINCT before OVER")?;
                format!(" OVER ({})", self.window(window)?)
            }
            Some(WindowType::NamedWindow(_)) => {
                return Err(super::refused("a named WINDOW", at));
            }
        };
        Ok(Some(Sql::of(kind, format!("{call}{filter}{over}"))))
    }

    fn aggregated(&mut self, function: &Function, name: &str, at: &str) -> Result<Given> {
        let mut given =
            Given { args: Vec::new(), is_star: false, is_distinct: false, order: String::new() };
        let list = match &function.args {
            FunctionArguments::List(list) => list,
            FunctionArguments::None | FunctionArguments::Subquery(_) => {
                return Err(Error::invalid(format!("{name} needs its values in parentheses{at}")));
            }
        };
        given.is_distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        for arg in &list.args {
            match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => {
                    given.args.push(self.value(expr)?)
                }
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if list.args.len() == 1 => {
                    given.is_star = true;
                }
                FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(table)) => {
                    let row = self.whole_row(&simple_name(table)?.value)?;
                    given.args.push(row);
                }
                _ => return Err(Error::invalid(format!("{name} does not take this{at}"))),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(order) => {
                    given.order = format!(" ORDER BY {}", self.order_within(order)?);
                }
                _ => return Err(super::refused("this clause in an aggregate", at)),
            }
        }
        Ok(given)
    }

    fn window(&mut self, window: &WindowSpec) -> Result<String> {
        absent(window.window_name.is_some(), "a named WINDOW")?;
        let mut sql = String::new();
        if !window.partition_by.is_empty() {
            let mut by = Vec::new();
            for expr in &window.partition_by {
                by.push(self.value(expr)?.text);
            }
            sql.push_str(&format!("PARTITION BY {}", by.join(", ")));
        }
        if !window.order_by.is_empty() {
            sql.push_str(&format!(" ORDER BY {}", self.order_within(&window.order_by)?));
        }
        if let Some(frame) = &window.window_frame {
            let unit = match frame.units {
                WindowFrameUnits::Rows => "ROWS",
                WindowFrameUnits::Range => "RANGE",
                WindowFrameUnits::Groups => "GROUPS",
            };
            let start = bound(&frame.start_bound)?;
            match &frame.end_bound {
                Some(end) => sql.push_str(&format!(" {unit} BETWEEN {start} AND {}", bound(end)?)),
                None => sql.push_str(&format!(" {unit} {start}")),
            }
        }
        Ok(sql)
    }
}

fn bound(bound: &WindowFrameBound) -> Result<String> {
    let rows = |expr: &Expr| match expr {
        Expr::Value(value) => value.value.to_string().parse::<u32>().ok(),
        _ => None,
    };
    let (rows, side) = match bound {
        WindowFrameBound::CurrentRow => return Ok("CURRENT ROW".into()),
        WindowFrameBound::Preceding(rows_before) => (rows_before.as_deref().map(rows), "PRECEDING"),
        WindowFrameBound::Following(rows_after) => (rows_after.as_deref().map(rows), "FOLLOWING"),
    };
    match rows {
        None => Ok(format!("UNBOUNDED {side}")),
        Some(Some(n)) => Ok(format!("{n} {side}")),
        Some(None) => Err(Error::invalid("the frame of a window needs a whole number of rows")),
    }
}
