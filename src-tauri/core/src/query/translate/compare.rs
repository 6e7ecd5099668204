//! Comparing: what is compared with a day, a time or a length of time is brought to the same form first.

use sqlparser::ast::Expr;

use super::{Sql, Translator, expressions::length_of_text, place_of};
use crate::{
    Error, Result,
    api::query::ColumnKind::{Any, Date, Interval, List, Number, Text, Time, Truth},
};

impl Translator<'_> {
    pub(super) fn compared(&mut self, left: &Expr, sign: &str, right: &Expr) -> Result<Sql> {
        let (a, b) = (self.value(left)?, self.value(right)?);
        self.compared_values(a, sign, b, &place_of(left))
    }

    pub(super) fn compared_values(
        &mut self,
        left: Sql,
        sign: &str,
        right: Sql,
        at: &str,
    ) -> Result<Sql> {
        let (left, right) = self.alike(left, right, at)?;
        Ok(Sql::of(Truth, format!("({} {sign} {})", left.text, right.text)))
    }

    /// Two values in the same form.
    pub(super) fn alike(&mut self, left: Sql, right: Sql, at: &str) -> Result<(Sql, Sql)> {
        match (left.kind, right.kind) {
            (Time, Time | Any) | (Any, Time) | (Date, Date | Any) | (Any, Date) => {
                Ok((left, right))
            }
            (Time, Date | Text) => Ok((left, self.time(right, at)?)),
            (Date | Text, Time) => Ok((self.time(left, at)?, right)),
            (Date, Text) => Ok((left, self.day(right, at)?)),
            (Text, Date) => Ok((self.day(left, at)?, right)),
            (Date | Time, _) | (_, Date | Time) => Err(Error::invalid(format!(
                "a day or time can be compared with a day or time only{at}"
            ))),
            (Interval, Text) => Ok((left, self.length(right, at)?)),
            (Text, Interval) => Ok((self.length(left, at)?, right)),
            (Interval, Number | Truth) | (Number | Truth, Interval) => Err(Error::invalid(
                format!("a length of time is compared with one{at}: write INTERVAL '30 minutes'"),
            )),
            (List, Text) if !is_written_as_list(&right) => Err(not_a_list(at)),
            (Text, List) if !is_written_as_list(&left) => Err(not_a_list(at)),
            (List, Text) => Ok((left, self.list_of(right, at)?)),
            (Text, List) => Ok((self.list_of(left, at)?, right)),
            _ => Ok((left, right)),
        }
    }

    pub(super) fn in_list(&mut self, expr: &Expr, list: &[Expr], negated: bool) -> Result<Sql> {
        let left = self.value(expr)?;
        let at = place_of(expr);
        let mut values = Vec::new();
        for value in list {
            let value = self.value(value)?;
            values.push(self.alike(left.clone(), value, &at)?.1.text);
        }
        let not = if negated { "NOT " } else { "" };
        Ok(Sql::of(Truth, format!("({} {not}IN ({}))", left.text, values.join(", "))))
    }

    pub(super) fn between(
        &mut self,
        expr: &Expr,
        low: &Expr,
        high: &Expr,
        negated: bool,
    ) -> Result<Sql> {
        let at = place_of(expr);
        let (value, low, high) = (self.value(expr)?, self.value(low)?, self.value(high)?);
        let (value, low) = self.alike(value, low, &at)?;
        let (value, high) = self.alike(value, high, &at)?;
        let not = if negated { "NOT " } else { "" };
        Ok(Sql::of(Truth, format!("({} {not}BETWEEN {} AND {})", value.text, low.text, high.text)))
    }

    pub(super) fn like(
        &mut self,
        expr: &Expr,
        pattern: &Expr,
        escape: Option<&Expr>,
        negated: bool,
        ignores_capitals: bool,
    ) -> Result<Sql> {
        let (text, pattern) = (self.value(expr)?, self.value(pattern)?);
        let escape = match escape {
            None => None,
            Some(escape) => {
                let letter = self.value(escape)?.literal.filter(|text| text.chars().count() <= 1);
                Some(letter.ok_or_else(|| {
                    Error::invalid(format!("ESCAPE needs one letter{}", place_of(escape)))
                })?)
            }
        };
        self.like_values(&text, &pattern, escape.as_deref(), negated, ignores_capitals)
    }

    pub(super) fn like_values(
        &mut self,
        text: &Sql,
        pattern: &Sql,
        escape: Option<&str>,
        negated: bool,
        ignores_capitals: bool,
    ) -> Result<Sql> {
        let escape = self.bind(escape.unwrap_or("\\"));
        let not = if negated { "NOT " } else { "" };
        let folds = u8::from(ignores_capitals);
        Ok(Sql::of(
            Truth,
            format!("({not}rem_like({}, {}, {escape}, {folds}))", text.text, pattern.text),
        ))
    }

    /// A length of time, of a text that says one.
    pub(super) fn length(&mut self, value: Sql, at: &str) -> Result<Sql> {
        match (&value.literal, value.kind) {
            (Some(text), _) => length_of_text(text, None, at),
            (None, Interval | Any) => Ok(Sql { kind: Interval, ..value }),
            _ => Err(Error::invalid(format!("this is not a length of time{at}"))),
        }
    }
}

/// `{a,b}` and `["a","b"]` are lists that stand in a text.
fn is_written_as_list(value: &Sql) -> bool {
    value.literal.as_deref().is_some_and(|text| text.trim_start().starts_with(['{', '[']))
}

fn not_a_list(at: &str) -> Error {
    Error::invalid(format!("a list cannot be compared with one text{at}: write 'rust' = ANY(tags)"))
}
