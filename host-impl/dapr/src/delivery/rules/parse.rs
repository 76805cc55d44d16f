//! Understands rules: of CEL, what there is to say about an event.

use serde_json::Value;

use super::expression::{Comparison, Expression, TextTest};

/// How deep parentheses and the like may nest.
const DEPTH: usize = 32;

/// Understands a rule, or says what is not understood, and where.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let expression = parser.or()?;
    match parser.rest().is_empty() {
        true => Ok(expression),
        false => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// What is still to be understood, without the space before it.
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn unexpected(&mut self) -> String {
        let next = self.rest().chars().next();
        let at = self.at;
        match next {
            Some(next) => format!("at {at}: `{next}` is not expected here"),
            None => format!("at {at}: the end is not expected here"),
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        match self.take(token) {
            true => Ok(()),
            false => Err(self.unexpected()),
        }
    }

    /// A name, if one is next.
    fn name(&mut self) -> Option<(usize, &'a str)> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = &rest[..end];
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let at = self.at;
        self.at += end;
        Some((at, name))
    }

    fn or(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("at {}: this is too deep", self.at));
        }
        let mut one = self.and()?;
        while self.take("||") {
            one = Expression::Or(Box::new(one), Box::new(self.and()?));
        }
        self.depth -= 1;
        Ok(one)
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut one = self.comparison()?;
        while self.take("&&") {
            one = Expression::And(Box::new(one), Box::new(self.comparison()?));
        }
        Ok(one)
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let one = self.unary()?;
        let operators = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        for (token, operator) in operators {
            if self.take(token) {
                let other = Box::new(self.unary()?);
                return Ok(Expression::Compare(operator, Box::new(one), other));
            }
        }
        let before = self.at;
        match self.name() {
            Some((_, "in")) => Ok(Expression::In(Box::new(one), Box::new(self.unary()?))),
            _ => {
                self.at = before;
                Ok(one)
            }
        }
    }

    fn unary(&mut self) -> Result<Expression, String> {
        if !self.rest().starts_with("!=") && self.take("!") {
            self.depth += 1;
            if self.depth > DEPTH {
                return Err(format!("at {}: this is too deep", self.at));
            }
            let not = Expression::Not(Box::new(self.unary()?));
            self.depth -= 1;
            return Ok(not);
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Expression, String> {
        if self.take("(") {
            let inside = self.or()?;
            self.expect(")")?;
            return Ok(inside);
        }
        if self.take("[") {
            return self.list();
        }
        let rest = self.rest();
        if rest.starts_with(['"', '\'']) {
            let text = self.string()?;
            return self.tests(Expression::Literal(Value::String(text)));
        }
        if rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return self.number();
        }
        match self.name() {
            Some((_, "true")) => Ok(Expression::Literal(Value::Bool(true))),
            Some((_, "false")) => Ok(Expression::Literal(Value::Bool(false))),
            Some((_, "null")) => Ok(Expression::Literal(Value::Null)),
            Some((_, "event")) => self.event(),
            Some((_, "has")) => {
                self.expect("(")?;
                let argument = self.or()?;
                self.expect(")")?;
                match argument {
                    Expression::Event(path) => Ok(Expression::Has(path)),
                    _ => Err(format!("at {}: `has` is for parts of the event", self.at)),
                }
            }
            Some((at, name)) => Err(format!("at {at}: `{name}` is not known")),
            None => Err(self.unexpected()),
        }
    }

    fn list(&mut self) -> Result<Expression, String> {
        let mut all = Vec::new();
        while !self.take("]") {
            if !all.is_empty() {
                self.expect(",")?;
            }
            all.push(self.or()?);
        }
        Ok(Expression::List(all))
    }

    /// What stands behind `event`.
    fn event(&mut self) -> Result<Expression, String> {
        let mut path = Vec::new();
        loop {
            let before = self.at;
            if !self.take(".") {
                break;
            }
            let Some((_, name)) = self.name() else {
                return Err(self.unexpected());
            };
            if self.rest().starts_with('(') {
                self.at = before;
                break;
            }
            path.push(name.to_owned());
        }
        if path.is_empty() {
            return Err(self.unexpected());
        }
        self.tests(Expression::Event(path))
    }

    /// Tests of a text, written behind it.
    fn tests(&mut self, text: Expression) -> Result<Expression, String> {
        if !self.take(".") {
            return Ok(text);
        }
        let test = match self.name() {
            Some((_, "startsWith")) => TextTest::StartsWith,
            Some((_, "endsWith")) => TextTest::EndsWith,
            Some((_, "contains")) => TextTest::Contains,
            Some((at, name)) => return Err(format!("at {at}: `{name}` is not known")),
            None => return Err(self.unexpected()),
        };
        self.expect("(")?;
        let part = Box::new(self.or()?);
        self.expect(")")?;
        Ok(Expression::Text(test, Box::new(text), part))
    }

    fn string(&mut self) -> Result<String, String> {
        let (start, rest) = (self.at, self.rest());
        let mut chars = rest.char_indices();
        let quote = chars.next().map(|(_, quote)| quote);
        let mut text = String::new();
        while let Some((at, next)) = chars.next() {
            match next {
                _ if Some(next) == quote => {
                    self.at += at + next.len_utf8();
                    return Ok(text);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, escaped @ ('"' | '\'' | '\\'))) => text.push(escaped),
                    _ => return Err(format!("at {}: an escape is not known", start + at)),
                },
                _ => text.push(next),
            }
        }
        Err(format!("at {start}: a text does not end"))
    }

    fn number(&mut self) -> Result<Expression, String> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_digit() || ".-+eE".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let number = serde_json::from_str::<Value>(&rest[..end]);
        let number = number.map_err(|_| format!("at {}: this is no number", self.at))?;
        self.at += end;
        Ok(Expression::Literal(number))
    }
}
