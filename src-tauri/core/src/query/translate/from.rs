//! What a SELECT reads from: tables, tables that the query makes, lists taken apart, and how they are joined.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, Spanned as _,
    TableAlias, TableFactor, TableWithJoins,
};

use super::{
    MOST_TABLES, Named, Sql, Translator, absent, columns_of, place, queries::named, refused,
    simple_name,
};
use crate::{
    Error, Result,
    api::query::ColumnKind,
    query::{
        scope::{self, Column, Scope, Table},
        views,
    },
};

/// The columns of a value of JSON that is taken apart, as SQLite names them.
const PARTS_OF_JSON: &[(&str, ColumnKind)] = &[
    ("key", ColumnKind::Any),
    ("value", ColumnKind::Any),
    ("type", ColumnKind::Text),
    ("atom", ColumnKind::Any),
    ("id", ColumnKind::Number),
    ("parent", ColumnKind::Number),
    ("fullkey", ColumnKind::Text),
    ("path", ColumnKind::Text),
];

impl Translator<'_> {
    /// The whole FROM; what can be named by it comes into `scope`.
    pub(super) fn from(&mut self, from: &[TableWithJoins], scope: &mut Scope) -> Result<String> {
        let mut parts = Vec::new();
        for one in from {
            parts.push(self.joined(one, scope)?);
        }
        Ok(parts.join(", "))
    }

    fn joined(&mut self, one: &TableWithJoins, scope: &mut Scope) -> Result<String> {
        let mut sql = self.factor(&one.relation, scope)?;
        for join in &one.joins {
            sql.push_str(&self.join(join, scope)?);
        }
        Ok(sql)
    }

    fn join(&mut self, join: &Join, scope: &mut Scope) -> Result<String> {
        absent(join.global, "GLOBAL JOIN")?;
        let (word, constraint) = match &join.join_operator {
            JoinOperator::Join(on) | JoinOperator::Inner(on) => (" JOIN ", on),
            JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (" LEFT JOIN ", on),
            JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (" RIGHT JOIN ", on),
            JoinOperator::FullOuter(on) => (" FULL JOIN ", on),
            JoinOperator::CrossJoin(on) => (" CROSS JOIN ", on),
            _ => return Err(refused("this kind of JOIN", &place(join.span()))),
        };
        let n_before = scope.tables.len();
        let right = self.factor(&join.relation, scope)?;
        let on = match constraint {
            JoinConstraint::None => String::new(),
            JoinConstraint::Natural => {
                return Err(refused("NATURAL JOIN (write JOIN … USING)", &place(join.span())));
            }
            JoinConstraint::On(on) => {
                let on = self.within(scope, |this| this.truth(on))?;
                format!(" ON {on}")
            }
            JoinConstraint::Using(names) => {
                let mut pairs = Vec::new();
                for name in names {
                    let name = &simple_name(name)?.value;
                    let column = |tables: &[Table]| {
                        let mut columns = tables.iter().flat_map(|table| &table.columns);
                        columns.find(|one| one.name.eq_ignore_ascii_case(name)).cloned()
                    };
                    let (left, right) =
                        (column(&scope.tables[..n_before]), column(&scope.tables[n_before..]));
                    let (Some(left), Some(right)) = (left, right) else {
                        return Err(Error::invalid(super::clipped(&format!(
                            "USING ({name}) needs a column of this name on both sides{}",
                            place(join.span())
                        ))));
                    };
                    pairs.push(format!("{} = {}", left.sql, right.sql));
                    scope.shared.push(name.clone());
                }
                format!(" ON {}", pairs.join(" AND "))
            }
        };
        Ok(format!("{word}{right}{on}"))
    }

    /// Lets expressions of a FROM name what stands to their left in it.
    fn within<T>(
        &mut self,
        scope: &mut Scope,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.scopes.push(std::mem::take(scope));
        let done = work(self);
        *scope = self.scopes.pop().unwrap_or_default();
        done
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope) -> Result<String> {
        if scope.tables.len() >= MOST_TABLES {
            return Err(Error::invalid(format!("more than {MOST_TABLES} tables in one FROM")));
        }
        self.deeper(|this| match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version,
                with_ordinality: false,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                absent(!with_hints.is_empty() || !index_hints.is_empty(), "a hint")?;
                absent(version.is_some(), "FOR SYSTEM_TIME")?;
                absent(!partitions.is_empty(), "PARTITION")?;
                absent(json_path.is_some(), "a path after a table")?;
                absent(sample.is_some(), "TABLESAMPLE")?;
                this.table(&simple_name(name)?.value, alias.as_ref(), &place(name.span()), scope)
            }
            TableFactor::Table { name, alias, args: Some(args), with_ordinality, .. } => {
                absent(args.settings.is_some(), "SETTINGS")?;
                absent(*with_ordinality, "WITH ORDINALITY (json_each has a column “key”)")?;
                let name = &simple_name(name)?.value;
                this.list_function(name, &args.args, alias.as_ref(), &place(factor.span()), scope)
            }
            TableFactor::Function { name, args, with_ordinality, alias, .. } => {
                absent(*with_ordinality, "WITH ORDINALITY (json_each has a column “key”)")?;
                let name = &simple_name(name)?.value;
                this.list_function(name, args, alias.as_ref(), &place(factor.span()), scope)
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset, with_ordinality, .. } => {
                absent(*with_offset, "WITH OFFSET")?;
                absent(*with_ordinality, "WITH ORDINALITY (json_each has a column “key”)")?;
                let [list] = &array_exprs[..] else {
                    return Err(Error::invalid(
                        "unnest takes one list apart: write it once for each",
                    ));
                };
                this.elements(list, alias.as_ref(), "unnest", scope)
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                absent(*lateral, "LATERAL before a subquery")?;
                absent(sample.is_some(), "TABLESAMPLE")?;
                let made = this.query(subquery)?;
                let (name, names) = own_names(alias.as_ref(), "")?;
                let sql_name = this.new_name('t');
                let columns = named(made.columns, &names, &name)?;
                scope.tables.push(Table { columns: columns_of(&columns, &sql_name), name });
                Ok(format!("({}) AS {sql_name}", made.sql))
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                Ok(format!("({})", this.joined(table_with_joins, scope)?))
            }
            _ => Err(refused("this kind of table", &place(factor.span()))),
        })
    }

    /// A table of the journal, or one that the query made by WITH.
    fn table(
        &mut self,
        name: &str,
        alias: Option<&TableAlias>,
        at: &str,
        scope: &mut Scope,
    ) -> Result<String> {
        let sql_name = self.new_name('t');
        let own = self.own.iter().rev().find(|own| own.name.eq_ignore_ascii_case(name)).cloned();
        let (real, columns) = if let Some(own) = own {
            (own.sql_name, columns_of(&own.columns, &sql_name))
        } else if let Some(view) = views::named(name) {
            let columns = view.columns.iter().map(|(name, kind, _)| Column {
                name: (*name).to_owned(),
                kind: *kind,
                sql: format!("{sql_name}.{name}"),
            });
            (format!("temp.{}{}", self.present.prefix, view.name), columns.collect())
        } else {
            return Err(scope::no_table(name, self.own.iter().map(|own| own.name.as_str()), at));
        };
        let (name, names) = own_names(alias, name)?;
        let mut columns: Vec<Column> = columns;
        for (column, name) in columns.iter_mut().zip(names) {
            column.name = name.to_owned();
        }
        scope.tables.push(Table { name, columns });
        Ok(format!("{real} AS {sql_name}"))
    }

    /// A function that gives rows.
    fn list_function(
        &mut self,
        name: &str,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        at: &str,
        scope: &mut Scope,
    ) -> Result<String> {
        let name = name.to_lowercase();
        let [FunctionArg::Unnamed(FunctionArgExpr::Expr(list))] = args else {
            return Err(Error::invalid(format!("{name} takes one list{at}")));
        };
        match name.as_str() {
            "unnest"
            | "jsonb_array_elements"
            | "jsonb_array_elements_text"
            | "json_array_elements"
            | "json_array_elements_text" => self.elements(list, alias, &name, scope),
            "json_each" | "json_tree" | "jsonb_each" => {
                let list = self.within(scope, |this| this.list(list))?;
                let sql_name = self.new_name('t');
                let (called, names) = own_names(alias, &name)?;
                let columns = PARTS_OF_JSON
                    .iter()
                    .map(|(name, kind)| Named { name: (*name).to_owned(), kind: *kind });
                let columns = named(columns.collect(), &names, &called)?;
                let columns = columns
                    .into_iter()
                    .zip(PARTS_OF_JSON)
                    .map(|(named, (part, _))| Column {
                        name: named.name,
                        kind: named.kind,
                        sql: format!("{sql_name}.{part}"),
                    })
                    .collect();
                scope.tables.push(Table { name: called, columns });
                let function = if name == "json_tree" { "json_tree" } else { "json_each" };
                Ok(format!("{function}({}) AS {sql_name}", list.text))
            }
            _ => Err(Error::invalid(super::clipped(&format!(
                "“{name}” does not give rows{at}; unnest and json_each do"
            )))),
        }
    }

    /// A list of which each element is a row with one column, which is called as the whole is.
    fn elements(
        &mut self,
        list: &Expr,
        alias: Option<&TableAlias>,
        function: &str,
        scope: &mut Scope,
    ) -> Result<String> {
        let list = self.within(scope, |this| this.list(list))?;
        let (name, names) = own_names(alias, function)?;
        let sql_name = self.new_name('t');
        let column = Column {
            name: names.first().map_or_else(|| name.clone(), |name| (*name).to_owned()),
            kind: ColumnKind::Any,
            sql: format!("{sql_name}.value"),
        };
        scope.tables.push(Table { name, columns: vec![column] });
        Ok(format!("json_each({}) AS {sql_name}", list.text))
    }

    /// Takes a list apart beside all that the FROM of the SELECT at hand has.
    pub(super) fn beside(&mut self, list: &Sql, from: &mut String) -> Result<Sql> {
        let n_apart = from.matches(" CROSS JOIN json_each(").count();
        if n_apart >= MOST_TABLES {
            return Err(Error::invalid(format!(
                "more than {MOST_TABLES} lists are taken apart here"
            )));
        }
        let sql_name = self.new_name('g');
        let sql = format!("json_each({}) AS {sql_name}", list.text);
        if from.is_empty() {
            *from = sql;
        } else {
            from.push_str(&format!(" CROSS JOIN {sql}"));
        }
        Ok(Sql::of(ColumnKind::Any, format!("{sql_name}.value")))
    }
}

/// What a table is called in a query, and its columns where that is said.
fn own_names<'a>(alias: Option<&'a TableAlias>, usual: &str) -> Result<(String, Vec<&'a str>)> {
    let Some(alias) = alias else { return Ok((usual.to_lowercase(), Vec::new())) };
    absent(alias.at.is_some(), "AT after a table")?;
    let names = alias.columns.iter().map(|column| column.name.value.as_str()).collect();
    Ok((alias.name.value.to_lowercase(), names))
}
