//! Expressions: columns, values, operators, CASE, casts, subqueries.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, DataType, Expr, Function, Spanned as _, Subscript,
    TrimWhereField, UnaryOperator, Value,
};

use super::{Span, Sql, Translator, absent, place, place_of, refused};
use crate::{
    Error, Result,
    api::query::ColumnKind::{self, Any, Interval, List, Number, Object, Text, Truth},
    query::scope,
};

/// Characters of a name that is made of what the person wrote.
const LONGEST_NAME: usize = 40;

impl Translator<'_> {
    /// A condition.
    pub(super) fn truth(&mut self, expr: &Expr) -> Result<String> {
        let value = self.value(expr)?;
        if matches!(value.kind, List | Object | Interval) || value.is_time() {
            return Err(Error::invalid(format!(
                "this is not something that is true or false{}",
                place_of(expr)
            )));
        }
        Ok(value.text)
    }

    /// Any expression.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Sql> {
        self.deeper(|this| this.value_at_hand(expr))
    }

    fn value_at_hand(&mut self, expr: &Expr) -> Result<Sql> {
        match expr {
            Expr::Identifier(name) => self.column(None, &name.value, &place(name.span)),
            Expr::CompoundIdentifier(names) => match &names[..] {
                [table, name] => self.column(Some(&table.value), &name.value, &place(name.span)),
                _ => Err(refused("a name with more than one dot", &place_of(expr))),
            },
            Expr::Nested(inner) => {
                let inner = self.value(inner)?;
                Ok(Sql { text: format!("({})", inner.text), ..inner })
            }
            Expr::Value(value) => self.constant(&value.value, &place(value.span)),
            Expr::TypedString(typed) => {
                let Some(text) = typed.value.clone().into_string() else {
                    return Err(refused("this value", &place_of(expr)));
                };
                let text = self.text(&text);
                self.cast(text, &typed.data_type, &place(typed.value.span))
            }
            Expr::Interval(interval) => self.interval(interval),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op, expr: inner } => self.unary(*op, inner),
            Expr::IsNull(inner) => self.tested(inner, "IS NULL"),
            Expr::IsNotNull(inner) => self.tested(inner, "IS NOT NULL"),
            Expr::IsTrue(inner) => self.tested(inner, "IS TRUE"),
            Expr::IsNotTrue(inner) => self.tested(inner, "IS NOT TRUE"),
            Expr::IsFalse(inner) => self.tested(inner, "IS FALSE"),
            Expr::IsNotFalse(inner) => self.tested(inner, "IS NOT FALSE"),
            Expr::IsUnknown(inner) => self.tested(inner, "IS NULL"),
            Expr::IsNotUnknown(inner) => self.tested(inner, "IS NOT NULL"),
            Expr::IsDistinctFrom(left, right) => self.compared(left, "IS NOT", right),
            Expr::IsNotDistinctFrom(left, right) => self.compared(left, "IS", right),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::InSubquery { expr, subquery, negated } => {
                let left = self.value(expr)?;
                let inner = self.one_column(subquery)?;
                let not = if *negated { "NOT " } else { "" };
                Ok(Sql::of(Truth, format!("({} {not}IN ({}))", left.text, inner.text)))
            }
            Expr::InUnnest { expr: left, array_expr, negated } => {
                self.any(left, &BinaryOperator::Eq, array_expr, *negated)
            }
            Expr::Between { expr, negated, low, high } => self.between(expr, low, high, *negated),
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated, false)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated, true)
            }
            Expr::AnyOp { left, compare_op, right, .. } => self.any(left, compare_op, right, false),
            Expr::AllOp { left, compare_op, right } => self.all(left, compare_op, right),
            Expr::Cast { expr: inner, data_type, format, .. } => {
                absent(format.is_some(), "FORMAT in a cast")?;
                let value = self.value(inner)?;
                self.cast(value, data_type, &place_of(inner))
            }
            Expr::Extract { field, expr: inner, .. } => {
                let value = self.value(inner)?;
                self.part(&field.to_string(), value, &place_of(inner))
            }
            Expr::Ceil { expr: inner, .. } => self.math("ceil", inner),
            Expr::Floor { expr: inner, .. } => self.math("floor", inner),
            Expr::Position { expr: part, r#in } => {
                let (part, text) = (self.value(part)?, self.value(r#in)?);
                Ok(Sql::of(Number, format!("rem_position({}, {})", text.text, part.text)))
            }
            Expr::Substring { expr: text, substring_from, substring_for, .. } => {
                let mut args = vec![self.value(text)?.text];
                args.push(match substring_from {
                    Some(from) => self.value(from)?.text,
                    None => "1".into(),
                });
                if let Some(length) = substring_for {
                    args.push(self.value(length)?.text);
                }
                Ok(Sql::of(Text, format!("substr({})", args.join(", "))))
            }
            Expr::Trim { trim_where, trim_what, expr: text, trim_characters: None } => {
                let what = trim_what.as_deref().map(|what| self.value(what)).transpose()?;
                let ends = match trim_where {
                    None | Some(TrimWhereField::Both) => 3,
                    Some(TrimWhereField::Leading) => 1,
                    Some(TrimWhereField::Trailing) => 2,
                };
                let text = self.value(text)?;
                self.trim(&text, what, ends)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Exists { subquery, negated } => {
                let made = self.query(subquery)?;
                let not = if *negated { "NOT " } else { "" };
                Ok(Sql::of(Truth, format!("({not}EXISTS ({}))", made.sql)))
            }
            Expr::Subquery(subquery) => self.one_column(subquery),
            Expr::Array(array) => self.array(&array.elem),
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.element(root, access_chain, expr)
            }
            Expr::Function(function) => self.function(function),
            _ => Err(refused("this expression", &place_of(expr))),
        }
    }

    fn column(&mut self, table: Option<&str>, name: &str, at: &str) -> Result<Sql> {
        let column = scope::column(&self.scopes, table, name, at)?;
        Ok(Sql::of(column.kind, column.sql))
    }

    fn constant(&mut self, value: &Value, at: &str) -> Result<Sql> {
        Ok(match value {
            Value::Null => Sql::of(Any, "NULL"),
            Value::Boolean(true) => Sql::of(Truth, "1"),
            Value::Boolean(false) => Sql::of(Truth, "0"),
            Value::Number(digits, _) => {
                let text = match (digits.parse::<i64>(), digits.parse::<f64>()) {
                    (Ok(whole), _) => whole.to_string(),
                    (_, Ok(number)) if number.is_finite() => format!("{number:e}"),
                    _ => return Err(refused("this number", at)),
                };
                Sql::of(Number, text)
            }
            Value::SingleQuotedString(text)
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text)
            | Value::NationalStringLiteral(text) => self.text(text),
            Value::DollarQuotedString(quoted) => self.text(&quoted.value),
            Value::Placeholder(_) => {
                return Err(Error::invalid(format!(
                    "values cannot be handed in: write the value itself{at}"
                )));
            }
            _ => return Err(refused("this kind of value", at)),
        })
    }

    /// `a AND b AND c …`: the left side of a long chain is deep, so it is walked, not descended.
    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Sql> {
        let mut chain = vec![(op, right)];
        let mut first = left;
        while let Expr::BinaryOp { left, op, right } = first {
            chain.push((op, &**right));
            first = left;
        }
        let mut value = self.value(first)?;
        let mut at = first;
        for (op, right) in chain.into_iter().rev() {
            let other = self.value(right)?;
            value = self.combined(value, op, other, &place_of(at))?;
            at = right;
        }
        Ok(value)
    }

    /// Two values and what stands between them.
    fn combined(&mut self, left: Sql, op: &BinaryOperator, right: Sql, at: &str) -> Result<Sql> {
        use BinaryOperator as Op;
        let plain = |kind: ColumnKind, sign: &str| {
            Ok(Sql::of(kind, format!("({} {sign} {})", left.text, right.text)))
        };
        match op {
            Op::And => plain(Truth, "AND"),
            Op::Or => plain(Truth, "OR"),
            Op::Eq => self.compared_values(left, "=", right, at),
            Op::NotEq => self.compared_values(left, "<>", right, at),
            Op::Lt => self.compared_values(left, "<", right, at),
            Op::LtEq => self.compared_values(left, "<=", right, at),
            Op::Gt => self.compared_values(left, ">", right, at),
            Op::GtEq => self.compared_values(left, ">=", right, at),
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => {
                self.reckoned(left, op, right, at)
            }
            Op::PGExp | Op::BitwiseXor => {
                Ok(Sql::of(Number, format!("rem_power({}, {})", left.text, right.text)))
            }
            Op::StringConcat if left.is(List) || right.is(List) => {
                Err(refused("|| between lists", at))
            }
            Op::StringConcat => plain(Text, "||"),
            Op::Arrow => plain(Object, "->"),
            Op::LongArrow => plain(Any, "->>"),
            Op::BitwiseAnd => plain(Number, "&"),
            Op::BitwiseOr => plain(Number, "|"),
            Op::PGOverlap => self.overlap(left, right, at),
            Op::AtArrow => self.contains(left, right, at),
            Op::ArrowAt => self.contains(right, left, at),
            Op::Question => self.any_value(&right, "=", left, false, at),
            Op::PGLikeMatch => self.like_values(&left, &right, None, false, false),
            Op::PGNotLikeMatch => self.like_values(&left, &right, None, true, false),
            Op::PGILikeMatch => self.like_values(&left, &right, None, false, true),
            Op::PGNotILikeMatch => self.like_values(&left, &right, None, true, true),
            Op::PGRegexMatch | Op::PGRegexIMatch | Op::PGRegexNotMatch | Op::PGRegexNotIMatch => {
                Err(Error::invalid(format!(
                    "regular expressions are not understood here{at}: write LIKE or ILIKE, with % for any letters"
                )))
            }
            other => Err(refused(&format!("“{other}”"), at)),
        }
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Expr) -> Result<Sql> {
        match op {
            UnaryOperator::Not => {
                let inner = self.truth(inner)?;
                Ok(Sql::of(Truth, format!("(NOT {inner})")))
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {
                let value = self.value(inner)?;
                if !matches!(value.kind, Number | Any | Interval | Truth) {
                    return Err(refused(
                        "a sign before something that is no number",
                        &place_of(inner),
                    ));
                }
                let is_minus = op == UnaryOperator::Minus;
                let sign = if is_minus { "-" } else { "+" };
                let span = value.span.map(|span| match is_minus {
                    true => Span { months: -span.months, seconds: -span.seconds },
                    false => span,
                });
                let kind = if value.is(Interval) { Interval } else { Number };
                Ok(Sql { span, ..Sql::of(kind, format!("({sign} {})", value.text)) })
            }
            other => Err(refused(&format!("“{other}”"), &place_of(inner))),
        }
    }

    fn tested(&mut self, inner: &Expr, test: &str) -> Result<Sql> {
        let inner = self.value(inner)?;
        Ok(Sql::of(Truth, format!("({} {test})", inner.text)))
    }

    /// A subquery that stands for a value.
    pub(super) fn one_column(&mut self, query: &sqlparser::ast::Query) -> Result<Sql> {
        let made = self.query(query)?;
        let [column] = &made.columns[..] else {
            return Err(Error::invalid(format!(
                "a subquery that stands for a value has one column, not {}{}",
                made.columns.len(),
                place(query.span())
            )));
        };
        Ok(Sql::of(column.kind, format!("({})", made.sql)))
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Result<Sql> {
        let mut sql = String::from("CASE");
        let mut kinds = Vec::new();
        for CaseWhen { condition, result } in conditions {
            let condition = match operand {
                Some(operand) => self.compared(operand, "=", condition)?.text,
                None => self.truth(condition)?,
            };
            let result = self.value(result)?;
            kinds.push(result.kind);
            sql.push_str(&format!(" WHEN {condition} THEN {}", result.text));
        }
        if let Some(otherwise) = otherwise {
            let otherwise = self.value(otherwise)?;
            kinds.push(otherwise.kind);
            sql.push_str(&format!(" ELSE {}", otherwise.text));
        }
        Ok(Sql::of(common(&kinds), format!("({sql} END)")))
    }

    /// An element of a list by its place, which SQL counts from 1.
    fn element(&mut self, root: &Expr, chain: &[AccessExpr], whole: &Expr) -> Result<Sql> {
        let [AccessExpr::Subscript(Subscript::Index { index })] = chain else {
            return Err(refused("more than one element of a list", &place_of(whole)));
        };
        let list = self.list(root)?;
        let index = self.value(index)?;
        let path = self.bind("$[");
        let end = self.bind("]");
        let place = format!("CAST({} AS INTEGER) - 1", index.text);
        // Before the first there is nothing; "$[#-1]" would count from the end.
        Ok(Sql::of(
            Any,
            format!(
                "(CASE WHEN {} >= 1 THEN json_extract({}, {path} || ({place}) || {end}) END)",
                index.text, list.text
            ),
        ))
    }

    pub(super) fn trim(&mut self, text: &Sql, what: Option<Sql>, ends: u8) -> Result<Sql> {
        let what = match what {
            Some(what) => what,
            None => self.text(" "),
        };
        Ok(Sql::of(Text, format!("rem_trim({}, {}, {ends})", text.text, what.text)))
    }

    pub(super) fn math(&mut self, name: &str, inner: &Expr) -> Result<Sql> {
        let inner = self.value(inner)?;
        let name = self.bind(name);
        Ok(Sql::of(Number, format!("rem_math({name}, {})", inner.text)))
    }

    fn cast(&mut self, value: Sql, to: &DataType, at: &str) -> Result<Sql> {
        match to {
            DataType::Date => self.day(value, at),
            DataType::Timestamp(..) | DataType::TimestampNtz(_) | DataType::Datetime(_) => {
                self.time(value, at)
            }
            DataType::Time(..) => {
                let value = self.time(value, at)?;
                Ok(Sql::of(Text, format!("rem_clock({})", value.text)))
            }
            DataType::Interval { .. } => self.length(value, at),
            DataType::Text
            | DataType::String(_)
            | DataType::Varchar(_)
            | DataType::CharacterVarying(_)
            | DataType::Char(_)
            | DataType::Character(_) => Ok(match value.kind {
                Interval => Sql::of(Text, format!("rem_length({})", value.text)),
                Truth => {
                    let (yes, no) = (self.bind("true"), self.bind("false"));
                    Sql::of(
                        Text,
                        format!(
                            "(CASE WHEN {} THEN {yes} WHEN NOT {} THEN {no} END)",
                            value.text, value.text
                        ),
                    )
                }
                _ => Sql::of(Text, format!("CAST({} AS TEXT)", value.text)),
            }),
            DataType::Int(_)
            | DataType::Integer(_)
            | DataType::BigInt(_)
            | DataType::SmallInt(_)
            | DataType::Int2(_)
            | DataType::Int4(_)
            | DataType::Int8(_) => {
                Ok(Sql::of(Number, format!("CAST(round({}) AS INTEGER)", number(&value, at)?)))
            }
            DataType::Float(_)
            | DataType::Real
            | DataType::Float4
            | DataType::Float8
            | DataType::Double(_)
            | DataType::DoublePrecision
            | DataType::Numeric(_)
            | DataType::Decimal(_) => {
                Ok(Sql::of(Number, format!("CAST({} AS REAL)", number(&value, at)?)))
            }
            DataType::Bool | DataType::Boolean => {
                match value.literal.as_deref().map(str::to_lowercase) {
                    None => Ok(Sql::of(Truth, format!("({} <> 0)", value.text))),
                    Some(word) if ["true", "t", "yes", "1"].contains(&word.as_str()) => {
                        Ok(Sql::of(Truth, "1"))
                    }
                    Some(word) if ["false", "f", "no", "0"].contains(&word.as_str()) => {
                        Ok(Sql::of(Truth, "0"))
                    }
                    Some(_) => {
                        Err(Error::invalid(format!("this text is neither true nor false{at}")))
                    }
                }
            }
            DataType::JSON | DataType::JSONB => Ok(match value.kind {
                List | Object => value,
                _ => Sql::of(Object, format!("json({})", value.text)),
            }),
            DataType::Array(_) => self.list_of(value, at),
            other => Err(refused(&format!("a cast to {other}"), at)),
        }
    }

    fn interval(&mut self, interval: &sqlparser::ast::Interval) -> Result<Sql> {
        absent(interval.last_field.is_some(), "INTERVAL … TO …")?;
        let at = place_of(&interval.value);
        let (Expr::Value(value), unit) = (&*interval.value, &interval.leading_field) else {
            return Err(Error::invalid(format!(
                "INTERVAL needs a text, as in INTERVAL '7 days'{at}"
            )));
        };
        let text = match &value.value {
            Value::Number(digits, _) => digits.clone(),
            other => other.clone().into_string().unwrap_or_default(),
        };
        let unit = unit.as_ref().map(ToString::to_string);
        length_of_text(&text, unit.as_deref(), &at)
    }
}

/// A length of time that the person wrote.
pub(super) fn length_of_text(text: &str, unit: Option<&str>, at: &str) -> Result<Sql> {
    let span = Span::read(text, unit).ok_or_else(|| {
        Error::invalid(super::clipped(&format!(
            "“{text}” is not a length of time{at}: write it like '7 days' or '1 hour 30 minutes'"
        )))
    })?;
    Ok(Sql { span: Some(span), ..Sql::of(Interval, format!("{:?}", span.in_seconds())) })
}

fn number(value: &Sql, at: &str) -> Result<String> {
    match value.kind {
        List | Object | ColumnKind::Date | ColumnKind::Time => {
            Err(Error::invalid(format!("this cannot become a number{at}")))
        }
        _ => Ok(value.text.clone()),
    }
}

/// What values are that may be of any of these kinds.
pub(super) fn common(kinds: &[ColumnKind]) -> ColumnKind {
    let mut known = kinds.iter().filter(|kind| **kind != Any);
    match known.next() {
        Some(first) if known.all(|kind| kind == first) => *first,
        _ => Any,
    }
}

/// What PostgreSQL calls a column that nobody gave a name.
pub(super) fn usual_name(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(name) => name.value.clone(),
        Expr::CompoundIdentifier(names) => {
            names.last().map_or_else(String::new, |name| name.value.clone())
        }
        Expr::Nested(inner) => usual_name(inner),
        Expr::Cast { expr: inner, .. } => usual_name(inner),
        Expr::Function(Function { name, .. }) => name.to_string().to_lowercase(),
        Expr::Case { .. } => "case".into(),
        Expr::Exists { .. } => "exists".into(),
        Expr::Extract { .. } => "extract".into(),
        _ => {
            let text: String = expr.to_string().chars().take(LONGEST_NAME + 1).collect();
            match text.char_indices().nth(LONGEST_NAME) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        }
    }
}
