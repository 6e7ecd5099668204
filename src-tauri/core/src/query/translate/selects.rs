//! One SELECT: what it reads from, what it keeps, how it groups, what it gives, in which order.

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, OrderByExpr, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, Value, WildcardAdditionalOptions,
};

use super::{
    MOST_COLUMNS, Made, Named, Sql, Translator, absent,
    expressions::usual_name,
    lists::unnested,
    place_of,
    queries::{direction, output},
    refused, simple_name, too_many_columns,
};
use crate::{
    Error, Result,
    api::query::ColumnKind,
    query::scope::{Column, Scope, Table},
};

/// What a SELECT gives, before it is written.
struct Item<'s> {
    named: Named,
    /// What the person wrote; absent for the columns that `*` stands for.
    expr: Option<&'s Expr>,
    /// What `*` stands for, already written.
    sql: Option<Sql>,
}

impl Translator<'_> {
    pub(super) fn select(&mut self, select: &Select, order: &[OrderByExpr]) -> Result<Made> {
        refuse_dialects(select)?;
        let mut scope = Scope::default();
        let mut from = self.from(&select.from, &mut scope)?;
        self.scopes.push(scope);
        let made = self.select_from(select, order, &mut from);
        self.scopes.pop();
        made
    }

    fn select_from(
        &mut self,
        select: &Select,
        order: &[OrderByExpr],
        from: &mut String,
    ) -> Result<Made> {
        let kept = select.selection.as_ref().map(|kept| self.truth(kept)).transpose()?;
        let items = self.items(&select.projection)?;
        // Lists that are taken apart come into the FROM, so grouping is looked at before what is given.
        let groups = self.groups(&select.group_by, &items, from)?;
        let (columns, given) = self.given(items, from)?;
        let having = match &select.having {
            Some(having) => Some(self.with_outputs(&columns, &given, |this| this.truth(having))?),
            None => None,
        };
        let by = self.order(order, &columns, &given)?;

        let word = match &select.distinct {
            None | Some(Distinct::All) => "SELECT",
            Some(Distinct::Distinct) => "SELECT DISTINCT",
            Some(Distinct::On(_)) => return Err(refused("DISTINCT ON", "")),
        };
        let listed: Vec<String> = given
            .iter()
            .enumerate()
            .map(|(n, sql)| format!("{} AS c{}", sql.text, n + 1))
            .collect();
        let mut sql = format!("{word} {}", listed.join(", "));
        let mut add = |word: &str, part: &str| {
            if !part.is_empty() {
                sql.push_str(word);
                sql.push_str(part);
            }
        };
        add(" FROM ", from);
        add(" WHERE ", &kept.unwrap_or_default());
        add(" GROUP BY ", &groups.join(", "));
        add(" HAVING ", &having.unwrap_or_default());
        add(" ORDER BY ", &by.join(", "));
        Ok(Made { sql, columns })
    }

    /// What is given, in the order it was written; `*` is taken apart.
    fn items<'s>(&mut self, projection: &'s [SelectItem]) -> Result<Vec<Item<'s>>> {
        let mut items = Vec::new();
        for item in projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = usual_name(expr);
                    let named = Named { name, kind: ColumnKind::Any };
                    items.push(Item { named, expr: Some(expr), sql: None });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let named = Named { name: alias.value.clone(), kind: ColumnKind::Any };
                    items.push(Item { named, expr: Some(expr), sql: None });
                }
                SelectItem::Wildcard(options) => {
                    refuse_options(options)?;
                    let tables =
                        self.scopes.last().map(|scope| scope.tables.clone()).unwrap_or_default();
                    if tables.is_empty() {
                        return Err(Error::invalid("SELECT * needs a FROM"));
                    }
                    items.extend(tables.into_iter().flat_map(|table| table.columns).map(whole));
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    refuse_options(options)?;
                    let name = simple_name(name)?;
                    items.extend(self.columns_of_table(&name.value)?.into_iter().map(whole));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _)
                | SelectItem::ExprWithAliases { .. } => {
                    return Err(refused("this kind of column", ""));
                }
            }
            if items.len() > MOST_COLUMNS {
                return Err(too_many_columns());
            }
        }
        Ok(items)
    }

    /// The columns of a table of this FROM.
    pub(super) fn columns_of_table(&self, name: &str) -> Result<Vec<Column>> {
        let table = self.scopes.last().and_then(|scope| scope.table(name));
        table.map(|table| table.columns.clone()).ok_or_else(|| {
            Error::invalid(super::clipped(&format!("nothing is called “{name}” in this FROM")))
        })
    }

    /// What is grouped by. A list that is grouped by is taken apart: each of its elements is a group of its
    /// own, and from here on its name stands for the element.
    fn groups(
        &mut self,
        group: &GroupByExpr,
        items: &[Item<'_>],
        from: &mut String,
    ) -> Result<Vec<String>> {
        let GroupByExpr::Expressions(exprs, modifiers) = group else {
            return Err(refused("GROUP BY ALL", ""));
        };
        absent(!modifiers.is_empty(), "WITH ROLLUP, WITH CUBE and WITH TOTALS")?;
        let names: Vec<Named> = items.iter().map(|item| item.named.clone()).collect();
        let mut groups = Vec::new();
        for expr in exprs {
            let by_number =
                matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)));
            let is_column = matches!(expr, Expr::Identifier(name) if self.is_column(&name.value));
            let item = match is_column {
                true => None,
                false => output(expr, &names)?.and_then(|n| items.get(n)),
            };
            let sql = match item {
                Some(Item { sql: Some(sql), .. }) => sql.clone(),
                Some(Item { expr: Some(expr), .. }) => match unnested(expr) {
                    Some(list) => self.apart(list, from)?,
                    None => self.value(expr)?,
                },
                _ if by_number => return Err(refused("this number", &place_of(expr))),
                _ => self.value(expr)?,
            };
            let is_apart = sql.is(ColumnKind::List) && self.is_plain_column(&sql.text);
            let sql = if is_apart { self.element_of(&sql, from)? } else { sql };
            groups.push(sql.text);
        }
        Ok(groups)
    }

    fn is_column(&self, name: &str) -> bool {
        let mut tables = self.scopes.iter().rev().flat_map(|scope| &scope.tables);
        tables.any(|table| table.columns.iter().any(|one| one.name.eq_ignore_ascii_case(name)))
    }

    fn is_plain_column(&self, sql: &str) -> bool {
        let mut tables = self.scopes.iter().rev().flat_map(|scope| &scope.tables);
        tables.any(|table| table.columns.iter().any(|column| column.sql == sql))
    }

    /// What is given, written.
    fn given(&mut self, items: Vec<Item<'_>>, from: &mut String) -> Result<(Vec<Named>, Vec<Sql>)> {
        let mut columns = Vec::new();
        let mut given = Vec::new();
        for mut item in items {
            let sql = match (item.sql.take(), item.expr) {
                (Some(sql), _) => sql,
                (None, Some(expr)) => match unnested(expr) {
                    Some(list) => self.apart(list, from)?,
                    None => self.value(expr)?,
                },
                (None, None) => continue,
            };
            item.named.kind = sql.kind;
            columns.push(item.named);
            given.push(sql);
        }
        Ok((columns, given))
    }

    /// The order: by number, by the name of what is given, or by anything else.
    fn order(
        &mut self,
        order: &[OrderByExpr],
        columns: &[Named],
        given: &[Sql],
    ) -> Result<Vec<String>> {
        let mut by = Vec::new();
        for one in order {
            let text = match output(&one.expr, columns)? {
                // By what it is rather than by its number, so that it stays right inside a UNION.
                Some(n) => format!("{}", n + 1),
                None => self.with_outputs(columns, given, |this| this.value(&one.expr))?.text,
            };
            by.push(format!("{text}{}", direction(one)?));
        }
        Ok(by)
    }

    /// Lets the names of what is given stand in an expression, too.
    fn with_outputs<T>(
        &mut self,
        columns: &[Named],
        given: &[Sql],
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let mut outputs = Table { name: String::new(), columns: Vec::new() };
        for (column, sql) in columns.iter().zip(given) {
            if !self.is_column(&column.name) {
                outputs.columns.push(Column {
                    name: column.name.clone(),
                    kind: column.kind,
                    sql: format!("({})", sql.text),
                });
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.tables.push(outputs);
        }
        let done = work(self);
        if let Some(scope) = self.scopes.last_mut() {
            scope.tables.pop();
        }
        done
    }
}

/// A column that `*` stands for.
fn whole<'s>(column: Column) -> Item<'s> {
    Item {
        named: Named { name: column.name, kind: column.kind },
        expr: None,
        sql: Some(Sql::of(column.kind, column.sql)),
    }
}

fn refuse_options(options: &WildcardAdditionalOptions) -> Result<()> {
    let is_plain = options.opt_ilike.is_none()
        && options.opt_exclude.is_none()
        && options.opt_except.is_none()
        && options.opt_replace.is_none()
        && options.opt_rename.is_none()
        && options.opt_alias.is_none();
    absent(!is_plain, "* with EXCEPT, REPLACE or RENAME")
}

fn refuse_dialects(select: &Select) -> Result<()> {
    absent(select.select_modifiers.is_some(), "a modifier of SELECT")?;
    absent(select.top.is_some(), "TOP")?;
    absent(select.exclude.is_some(), "EXCLUDE")?;
    absent(select.into.is_some(), "SELECT INTO")?;
    absent(!select.lateral_views.is_empty(), "LATERAL VIEW")?;
    absent(select.prewhere.is_some(), "PREWHERE")?;
    absent(!select.connect_by.is_empty(), "CONNECT BY")?;
    absent(!select.cluster_by.is_empty(), "CLUSTER BY")?;
    absent(!select.distribute_by.is_empty(), "DISTRIBUTE BY")?;
    absent(!select.sort_by.is_empty(), "SORT BY")?;
    absent(!select.named_window.is_empty(), "WINDOW (write it after OVER)")?;
    absent(select.qualify.is_some(), "QUALIFY")?;
    absent(select.value_table_mode.is_some(), "SELECT AS VALUE")?;
    absent(select.flavor != SelectFlavor::Standard, "FROM before SELECT")?;
    absent(select.projection.is_empty(), "SELECT without a column")
}
