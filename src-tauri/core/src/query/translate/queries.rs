//! Queries as a whole: WITH, UNION and its kind, VALUES, ORDER BY, LIMIT.

use sqlparser::ast::{
    Cte, Expr, Fetch, LimitClause, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, OrderBySort,
    Query, SetExpr, SetOperator, SetQuantifier, Spanned as _, Value, Values, With,
};

use super::{
    MOST_COLUMNS, Made, Named, Own, Sql, Translator, absent, place, place_of, refused,
    too_many_columns,
};
use crate::{Error, Result, api::query::ColumnKind};

/// SELECTs that one query may join by UNION and its kind.
const MOST_OPERANDS: usize = 50;
/// Tables that one query may make by WITH.
const MOST_OWN: usize = 30;

impl Translator<'_> {
    /// A query, with the tables it makes and its order.
    pub(super) fn query(&mut self, query: &Query) -> Result<Made> {
        self.deeper(|this| {
            absent(!query.locks.is_empty(), "FOR UPDATE")?;
            absent(query.for_clause.is_some(), "FOR XML and FOR JSON")?;
            absent(query.settings.is_some(), "SETTINGS")?;
            absent(query.format_clause.is_some(), "FORMAT")?;
            absent(!query.pipe_operators.is_empty(), "|>")?;
            let n_own = this.own.len();
            let with = query.with.as_ref().map(|with| this.with(with)).transpose()?;
            let made = this.body_in_order(&query.body, query.order_by.as_ref())?;
            let limit = this.limit(query.limit_clause.as_ref(), query.fetch.as_ref())?;
            this.own.truncate(n_own);
            Ok(Made {
                sql: format!("{}{}{limit}", with.unwrap_or_default(), made.sql),
                columns: made.columns,
            })
        })
    }

    fn body_in_order(&mut self, body: &SetExpr, order: Option<&OrderBy>) -> Result<Made> {
        let order = match order {
            None => &[][..],
            Some(order) => {
                absent(order.interpolate.is_some(), "INTERPOLATE")?;
                match &order.kind {
                    OrderByKind::Expressions(by) => by,
                    OrderByKind::All(_) => return Err(refused("ORDER BY ALL", "")),
                }
            }
        };
        if let SetExpr::Select(select) = body {
            return self.select(select, order);
        }
        let made = self.set(body)?;
        let mut by = Vec::new();
        for one in order {
            let n = output(&one.expr, &made.columns)?.ok_or_else(|| {
                Error::invalid(format!(
                    "what UNION, EXCEPT, INTERSECT and VALUES give is ordered by the name or number of a column{}",
                    place_of(&one.expr)
                ))
            })?;
            by.push(format!("{}{}", n + 1, direction(one)?));
        }
        let sql = if by.is_empty() {
            made.sql
        } else {
            format!("SELECT * FROM ({}) ORDER BY {}", made.sql, by.join(", "))
        };
        Ok(Made { sql, columns: made.columns })
    }

    /// Operands that stand beside each other; each is a SELECT for SQLite.
    fn set(&mut self, body: &SetExpr) -> Result<Made> {
        // The left side of a long UNION is deep: it is walked, not descended.
        let mut parts = Vec::new();
        let mut leftmost = body;
        while let SetExpr::SetOperation { left, op, set_quantifier, right } = leftmost {
            parts.push((operator(*op, *set_quantifier)?, &**right));
            if parts.len() >= MOST_OPERANDS {
                return Err(Error::invalid(format!(
                    "more than {MOST_OPERANDS} SELECTs in one UNION"
                )));
            }
            leftmost = left;
        }
        let first = self.operand(leftmost)?;
        let mut columns = first.columns;
        let mut sql = first.sql;
        for (operator, right) in parts.into_iter().rev() {
            let right = self.operand(right)?;
            if right.columns.len() != columns.len() {
                return Err(Error::invalid(format!(
                    "both sides of {operator} need as many columns: {} and {} here",
                    columns.len(),
                    right.columns.len()
                )));
            }
            for (column, other) in columns.iter_mut().zip(&right.columns) {
                if column.kind != other.kind {
                    column.kind = ColumnKind::Any;
                }
            }
            sql = format!("{sql} {operator} {}", right.sql);
        }
        Ok(Made { sql, columns })
    }

    fn operand(&mut self, body: &SetExpr) -> Result<Made> {
        self.deeper(|this| match body {
            SetExpr::Select(select) => this.select(select, &[]),
            SetExpr::Values(values) => this.values(values),
            SetExpr::Query(query) => {
                let made = this.query(query)?;
                Ok(Made { sql: format!("SELECT * FROM ({})", made.sql), columns: made.columns })
            }
            SetExpr::SetOperation { .. } => {
                let made = this.set(body)?;
                Ok(Made { sql: format!("SELECT * FROM ({})", made.sql), columns: made.columns })
            }
            SetExpr::Table(_) => Err(refused("TABLE", "")),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(Error::invalid("only questions can be asked; nothing can be changed by one"))
            }
        })
    }

    fn values(&mut self, values: &Values) -> Result<Made> {
        let width = values.rows.first().map_or(0, |row| row.content.len());
        if width == 0 || values.rows.iter().any(|row| row.content.len() != width) {
            return Err(Error::invalid("all rows of VALUES need as many values"));
        }
        if width > MOST_COLUMNS {
            return Err(too_many_columns());
        }
        let mut kinds: Vec<Option<ColumnKind>> = vec![None; width];
        let mut rows = Vec::new();
        for row in &values.rows {
            let mut cells = Vec::new();
            for (kind, value) in kinds.iter_mut().zip(&row.content) {
                let value = self.value(value)?;
                let mixed = kind.is_some_and(|kind| kind != value.kind);
                *kind = Some(if mixed { ColumnKind::Any } else { value.kind });
                cells.push(value.text);
            }
            rows.push(format!("({})", cells.join(", ")));
        }
        let names: Vec<String> = (1..=width).map(|n| format!("column{n} AS c{n}")).collect();
        let columns = kinds
            .into_iter()
            .enumerate()
            .map(|(n, kind)| Named {
                name: format!("column{}", n + 1),
                kind: kind.unwrap_or(ColumnKind::Any),
            })
            .collect();
        Ok(Made {
            sql: format!("SELECT {} FROM (VALUES {})", names.join(", "), rows.join(", ")),
            columns,
        })
    }

    fn with(&mut self, with: &With) -> Result<String> {
        if with.cte_tables.len() > MOST_OWN {
            return Err(Error::invalid(format!("more than {MOST_OWN} tables in one WITH")));
        }
        let mut made = Vec::new();
        for cte in &with.cte_tables {
            made.push(self.own_table(cte, with.recursive)?);
        }
        let word = if with.recursive { "WITH RECURSIVE" } else { "WITH" };
        Ok(format!("{word} {} ", made.join(", ")))
    }

    fn own_table(&mut self, cte: &Cte, is_recursive: bool) -> Result<String> {
        let name = cte.alias.name.value.to_lowercase();
        let names: Vec<&str> =
            cte.alias.columns.iter().map(|column| column.name.value.as_str()).collect();
        let sql_name = self.new_name('w');
        let first = first_operand(&cte.query.body);
        let made = match first {
            // It may name itself: what its columns are is known from its first part.
            Some(first) if is_recursive => {
                let n_names = self.n_names;
                let columns = named(self.operand(first)?.columns, &names, &name)?;
                self.n_names = n_names;
                self.own.push(Own { name: name.clone(), sql_name: sql_name.clone(), columns });
                let made = self.query(&cte.query);
                self.own.pop();
                let made = made?;
                // ORDER BY wraps a compound, and then it is not recursive any more.
                absent(cte.query.order_by.is_some(), "ORDER BY in a recursive WITH")?;
                made
            }
            _ => self.query(&cte.query)?,
        };
        let columns = named(made.columns, &names, &name)?;
        let list: Vec<String> = (1..=columns.len()).map(|n| format!("c{n}")).collect();
        let sql = format!("{sql_name} ({}) AS ({})", list.join(", "), made.sql);
        self.own.push(Own { name, sql_name, columns });
        Ok(sql)
    }

    fn limit(&mut self, clause: Option<&LimitClause>, fetch: Option<&Fetch>) -> Result<String> {
        let mut limit = None;
        let mut offset = None;
        match clause {
            None => {}
            Some(LimitClause::LimitOffset { limit: most, offset: from, limit_by }) => {
                absent(!limit_by.is_empty(), "LIMIT … BY")?;
                limit = most.as_ref();
                offset = from.as_ref().map(|from| &from.value);
            }
            Some(LimitClause::OffsetCommaLimit { offset: from, limit: most }) => {
                limit = Some(most);
                offset = Some(from);
            }
        }
        if let Some(fetch) = fetch {
            absent(fetch.with_ties, "WITH TIES")?;
            absent(fetch.percent, "FETCH … PERCENT")?;
            if limit.is_some() {
                return Err(Error::invalid("LIMIT and FETCH say the same: one of them is enough"));
            }
            limit = fetch.quantity.as_ref();
            if limit.is_none() {
                return Ok(" LIMIT 1".into());
            }
        }
        let limit = limit.map(count).transpose()?.flatten();
        let offset = offset.map(count).transpose()?.flatten();
        Ok(match (limit, offset) {
            (None, None) => String::new(),
            (Some(limit), None) => format!(" LIMIT {limit}"),
            (limit, Some(offset)) => {
                format!(
                    " LIMIT {} OFFSET {offset}",
                    limit.map_or(-1, |n| n.min(i64::MAX as u64) as i64)
                )
            }
        })
    }

    /// `ORDER BY` inside an aggregate or a window.
    pub(super) fn order_within(&mut self, order: &[OrderByExpr]) -> Result<String> {
        let mut by = Vec::new();
        for one in order {
            let Sql { text, .. } = self.value(&one.expr)?;
            by.push(format!("{text}{}", direction(one)?));
        }
        Ok(by.join(", "))
    }
}

/// A number of rows; `None` for ALL and NULL.
fn count(expr: &Expr) -> Result<Option<u64>> {
    if let Expr::Value(value) = expr {
        match &value.value {
            Value::Number(digits, _) => {
                if let Ok(n) = digits.parse::<u64>() {
                    return Ok(Some(n.min(i64::MAX as u64)));
                }
            }
            Value::Null => return Ok(None),
            _ => {}
        }
    }
    Err(Error::invalid(format!("LIMIT and OFFSET need a whole number{}", place_of(expr))))
}

/// Which column of the answer is meant: by its number or its name.
pub(super) fn output(expr: &Expr, columns: &[Named]) -> Result<Option<usize>> {
    match expr {
        Expr::Value(value) => {
            let Value::Number(digits, _) = &value.value else { return Ok(None) };
            let n = digits.parse::<usize>().ok().filter(|n| (1..=columns.len()).contains(n));
            let n = n.ok_or_else(|| {
                Error::invalid(format!(
                    "there is no column number {} in this answer{}",
                    super::clipped(digits),
                    place(value.span)
                ))
            })?;
            Ok(Some(n - 1))
        }
        Expr::Identifier(name) => {
            let is_meant = |named: &Named| named.name.eq_ignore_ascii_case(&name.value);
            Ok(columns.iter().position(is_meant))
        }
        Expr::Nested(inner) => output(inner, columns),
        _ => Ok(None),
    }
}

/// " DESC NULLS LAST": what is absent comes last either way, unless it is said.
pub(super) fn direction(by: &OrderByExpr) -> Result<&'static str> {
    absent(by.with_fill.is_some(), "WITH FILL")?;
    let OrderByOptions { sort, nulls_first } = &by.options;
    let is_down = match sort {
        None | Some(OrderBySort::Asc) => false,
        Some(OrderBySort::Desc) => true,
        Some(OrderBySort::Using(_)) => return Err(refused("ORDER BY … USING", &place(by.span()))),
    };
    Ok(match (is_down, nulls_first) {
        (false, Some(true)) => " ASC NULLS FIRST",
        (false, _) => " ASC NULLS LAST",
        (true, Some(true)) => " DESC NULLS FIRST",
        (true, _) => " DESC NULLS LAST",
    })
}

fn operator(op: SetOperator, quantifier: SetQuantifier) -> Result<&'static str> {
    Ok(match (op, quantifier) {
        (SetOperator::Union, SetQuantifier::All) => "UNION ALL",
        (SetOperator::Union, SetQuantifier::None | SetQuantifier::Distinct) => "UNION",
        (
            SetOperator::Except | SetOperator::Minus,
            SetQuantifier::None | SetQuantifier::Distinct,
        ) => "EXCEPT",
        (SetOperator::Intersect, SetQuantifier::None | SetQuantifier::Distinct) => "INTERSECT",
        _ => return Err(refused("EXCEPT ALL, INTERSECT ALL and BY NAME", "")),
    })
}

/// The first SELECT of a compound.
fn first_operand(body: &SetExpr) -> Option<&SetExpr> {
    let mut first = body;
    let mut is_compound = false;
    while let SetExpr::SetOperation { left, .. } = first {
        first = left;
        is_compound = true;
    }
    is_compound.then_some(first)
}

/// The columns under the names that the person gave them.
pub(super) fn named(mut columns: Vec<Named>, names: &[&str], table: &str) -> Result<Vec<Named>> {
    if names.len() > columns.len() {
        return Err(Error::invalid(super::clipped(&format!(
            "“{table}” has {} columns, and {} names for them",
            columns.len(),
            names.len()
        ))));
    }
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = (*name).to_owned();
    }
    Ok(columns)
}
