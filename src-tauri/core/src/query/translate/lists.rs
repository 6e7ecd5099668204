//! Lists, which the journal keeps as JSON: being in one, having elements in common, taking one apart.

use sqlparser::ast::{BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::{Sql, Translator, place_of, refused};
use crate::{
    Error, Result,
    api::query::ColumnKind::{Any, List, Object, Text, Truth},
    query::scope::Column,
};

/// The list of `unnest(list)`, where the expression is that and nothing else.
pub(super) fn unnested(expr: &Expr) -> Option<&Expr> {
    let Expr::Function(function) = expr else { return None };
    let name = function.name.to_string().to_lowercase();
    let takes_apart = matches!(
        name.as_str(),
        "unnest"
            | "jsonb_array_elements"
            | "jsonb_array_elements_text"
            | "json_array_elements"
            | "json_array_elements_text"
    );
    let FunctionArguments::List(args) = &function.args else { return None };
    match &args.args[..] {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(list))] if takes_apart => Some(list),
        _ => None,
    }
}

impl Translator<'_> {
    /// An expression that is a list.
    pub(super) fn list(&mut self, expr: &Expr) -> Result<Sql> {
        let value = self.value(expr)?;
        self.list_of(value, &place_of(expr))
    }

    pub(super) fn list_of(&mut self, value: Sql, at: &str) -> Result<Sql> {
        match (&value.literal, value.kind) {
            (Some(text), _) => {
                let list = list_of_text(text).ok_or_else(|| {
                    Error::invalid(super::clipped(&format!(
                        "“{text}” is not a list{at}: write ARRAY['rust', 'music']"
                    )))
                })?;
                Ok(Sql::of(List, self.bind(&list)))
            }
            (None, List | Object) => Ok(value),
            // What a list is taken from may be anything; what is no JSON is an empty list.
            (None, Any | Text) => Ok(Sql::of(
                List,
                format!("(CASE WHEN json_valid({}) THEN {} END)", value.text, value.text),
            )),
            _ => Err(Error::invalid(format!("this is not a list{at}"))),
        }
    }

    pub(super) fn array(&mut self, elements: &[Expr]) -> Result<Sql> {
        let mut all = Vec::new();
        for element in elements {
            let element = self.value(element)?;
            all.push(as_json(&element));
        }
        Ok(Sql::of(List, format!("json_array({})", all.join(", "))))
    }

    /// `left = ANY(right)`, and with other signs.
    pub(super) fn any(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        negated: bool,
    ) -> Result<Sql> {
        let at = place_of(left);
        let sign = sign(op, &at)?;
        if let Some(query) = subquery(right) {
            let (value, inner) = (self.value(left)?, self.one_column(query)?);
            if sign != "=" {
                return Err(refused("ANY with a subquery and another sign than =", &at));
            }
            let not = if negated { "NOT " } else { "" };
            return Ok(Sql::of(Truth, format!("({} {not}IN {})", value.text, inner.text)));
        }
        let (value, list) = (self.value(left)?, self.list(right)?);
        self.any_value(&value, sign, list, negated, &at)
    }

    pub(super) fn any_value(
        &mut self,
        value: &Sql,
        sign: &str,
        list: Sql,
        negated: bool,
        at: &str,
    ) -> Result<Sql> {
        let list = self.list_of(list, at)?;
        let name = self.new_name('e');
        let not = if negated { "NOT " } else { "" };
        let test = self.tested_element(value, sign, &name);
        Ok(Sql::of(
            Truth,
            format!(
                "({not}EXISTS (SELECT 1 FROM json_each({}) AS {name} WHERE {test}))",
                list.text
            ),
        ))
    }

    fn tested_element(&mut self, value: &Sql, sign: &str, name: &str) -> String {
        match sign {
            "LIKE" | "ILIKE" => {
                let escape = self.bind("\\");
                let folds = u8::from(sign == "ILIKE");
                format!("rem_like({}, {name}.value, {escape}, {folds})", value.text)
            }
            sign => format!("{} {sign} {name}.value", value.text),
        }
    }

    /// `left <> ALL(right)`, and with other signs.
    pub(super) fn all(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Sql> {
        let at = place_of(left);
        let sign = sign(op, &at)?;
        if let Some(query) = subquery(right) {
            let (value, inner) = (self.value(left)?, self.one_column(query)?);
            if sign != "<>" {
                return Err(refused("ALL with a subquery and another sign than <>", &at));
            }
            return Ok(Sql::of(Truth, format!("({} NOT IN {})", value.text, inner.text)));
        }
        let (value, list) = (self.value(left)?, self.list(right)?);
        let name = self.new_name('e');
        let test = self.tested_element(&value, sign, &name);
        Ok(Sql::of(
            Truth,
            format!(
                "(NOT EXISTS (SELECT 1 FROM json_each({}) AS {name} WHERE NOT ({test})))",
                list.text
            ),
        ))
    }

    /// `a && b`: whether they have an element in common.
    pub(super) fn overlap(&mut self, a: Sql, b: Sql, at: &str) -> Result<Sql> {
        let (a, b) = (self.list_of(a, at)?, self.list_of(b, at)?);
        let (one, other) = (self.new_name('e'), self.new_name('e'));
        Ok(Sql::of(
            Truth,
            format!(
                "(EXISTS (SELECT 1 FROM json_each({}) AS {one} WHERE {one}.value IN \
                 (SELECT {other}.value FROM json_each({}) AS {other})))",
                a.text, b.text
            ),
        ))
    }

    /// `a @> b`: whether a has all elements of b.
    pub(super) fn contains(&mut self, a: Sql, b: Sql, at: &str) -> Result<Sql> {
        let (a, b) = (self.list_of(a, at)?, self.list_of(b, at)?);
        let (one, other) = (self.new_name('e'), self.new_name('e'));
        Ok(Sql::of(
            Truth,
            format!(
                "(NOT EXISTS (SELECT 1 FROM json_each({}) AS {other} WHERE {other}.value NOT IN \
                 (SELECT {one}.value FROM json_each({}) AS {one} WHERE {one}.value IS NOT NULL)))",
                b.text, a.text
            ),
        ))
    }

    /// Takes apart a list that is given; the same list only once.
    pub(super) fn apart(&mut self, list: &Expr, from: &mut String) -> Result<Sql> {
        let list = self.list(list)?;
        let known = self.scopes.last().and_then(|scope| {
            scope
                .apart
                .iter()
                .find(|(one, _)| *one == list.text)
                .map(|(_, element)| element.clone())
        });
        if let Some(element) = known {
            return Ok(Sql::of(Any, element));
        }
        let element = self.beside(&list, from)?;
        if let Some(scope) = self.scopes.last_mut() {
            scope.apart.push((list.text, element.text.clone()));
        }
        Ok(element)
    }

    /// Takes apart a list that is grouped by; from here on its column stands for its elements.
    pub(super) fn element_of(&mut self, list: &Sql, from: &mut String) -> Result<Sql> {
        let element = self.beside(list, from)?;
        if let Some(scope) = self.scopes.last_mut() {
            let column = Column { name: String::new(), kind: Any, sql: element.text.clone() };
            scope.elements.push((list.text.clone(), column));
        }
        Ok(element)
    }
}

/// A value inside a list or an object: a list in it is a list there, too, and not a text.
pub(super) fn as_json(value: &Sql) -> String {
    match value.kind {
        List | Object => format!("json({})", value.text),
        _ => value.text.clone(),
    }
}

fn subquery(expr: &Expr) -> Option<&sqlparser::ast::Query> {
    match expr {
        Expr::Subquery(query) => Some(query),
        Expr::Nested(inner) => subquery(inner),
        _ => None,
    }
}

fn sign(op: &BinaryOperator, at: &str) -> Result<&'static str> {
    Ok(match op {
        BinaryOperator::Eq => "=",
        BinaryOperator::NotEq => "<>",
        BinaryOperator::Lt => "<",
        BinaryOperator::LtEq => "<=",
        BinaryOperator::Gt => ">",
        BinaryOperator::GtEq => ">=",
        BinaryOperator::PGLikeMatch => "LIKE",
        BinaryOperator::PGILikeMatch => "ILIKE",
        other => return Err(refused(&format!("“{other}” before ANY or ALL"), at)),
    })
}

/// `{a,"b c"}` as PostgreSQL writes lists, or `["a", "b c"]` as JSON does, as JSON.
fn list_of_text(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with('[') {
        let list: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
        return serde_json::to_string(&list).ok();
    }
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut list: Vec<String> = Vec::new();
    let mut letters = inner.chars().peekable();
    while letters.peek().is_some() {
        let mut element = String::new();
        let mut is_quoted = false;
        while let Some(letter) = letters.next() {
            match letter {
                '"' => is_quoted = !is_quoted,
                '\\' if is_quoted => element.extend(letters.next()),
                ',' if !is_quoted => break,
                letter => element.push(letter),
            }
        }
        list.push(element.trim().to_owned());
    }
    serde_json::to_string(&list).ok()
}
