//! A rule, understood, and whether an event matches it.

use std::cmp::Ordering;

use abide_dapr::app::Event;
use serde_json::Value;

/// What CEL calls an expression, as far as rules need it.
#[derive(Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    /// `event` and what is behind the dots.
    Event(Vec<String>),
    List(Vec<Expression>),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Box<Expression>),
    Has(Vec<String>),
    Text(TextTest, Box<Expression>, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

impl Expression {
    /// Whether it is true of an event. What cannot be said of it, such as that an attribute is `x`
    /// which is not there, is not true.
    pub(super) fn matches(&self, event: &Event) -> bool {
        self.truth(event) == Some(true)
    }

    fn truth(&self, event: &Event) -> Option<bool> {
        match self.value(event)? {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn value(&self, event: &Event) -> Option<Value> {
        Some(match self {
            Self::Literal(value) => value.clone(),
            Self::Event(path) => attribute(event, path)?,
            Self::List(all) => {
                let all = all.iter().map(|one| one.value(event));
                Value::Array(all.collect::<Option<_>>()?)
            }
            Self::Not(one) => Value::Bool(!one.truth(event)?),
            // One side may decide where nothing can be said of the other, as in CEL.
            Self::And(one, other) => match (one.truth(event), other.truth(event)) {
                (Some(false), _) | (_, Some(false)) => Value::Bool(false),
                (one, other) => Value::Bool(one? && other?),
            },
            Self::Or(one, other) => match (one.truth(event), other.truth(event)) {
                (Some(true), _) | (_, Some(true)) => Value::Bool(true),
                (one, other) => Value::Bool(one? || other?),
            },
            Self::Compare(how, one, other) => {
                Value::Bool(how.holds(&one.value(event)?, &other.value(event)?)?)
            }
            Self::In(one, list) => {
                let (one, list) = (one.value(event)?, list.value(event)?);
                let mut list = list.as_array()?.iter();
                Value::Bool(list.any(|other| Comparison::Equal.holds(&one, other) == Some(true)))
            }
            Self::Has(path) => Value::Bool(attribute(event, path).is_some()),
            Self::Text(test, text, part) => {
                let (text, part) = (text.value(event)?, part.value(event)?);
                let (text, part) = (text.as_str()?, part.as_str()?);
                Value::Bool(match test {
                    TextTest::StartsWith => text.starts_with(part),
                    TextTest::EndsWith => text.ends_with(part),
                    TextTest::Contains => text.contains(part),
                })
            }
        })
    }
}

impl Comparison {
    fn holds(self, one: &Value, other: &Value) -> Option<bool> {
        let order = match (one, other) {
            (Value::Number(one), Value::Number(other)) => {
                one.as_f64()?.partial_cmp(&other.as_f64()?)
            }
            (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
            _ => None,
        };
        match (self, order) {
            (Self::Equal, Some(order)) => Some(order == Ordering::Equal),
            (Self::NotEqual, Some(order)) => Some(order != Ordering::Equal),
            (Self::Equal, None) => Some(one == other),
            (Self::NotEqual, None) => Some(one != other),
            (Self::Less, order) => Some(order?.is_lt()),
            (Self::LessOrEqual, order) => Some(order?.is_le()),
            (Self::Greater, order) => Some(order?.is_gt()),
            (Self::GreaterOrEqual, order) => Some(order?.is_ge()),
        }
    }
}

/// What an event says under a path.
fn attribute(event: &Event, path: &[String]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let text = match first.as_str() {
        "data" => return inside(data(event), rest),
        "id" => &event.id,
        "source" => &event.source,
        "type" => &event.kind,
        "specversion" => &event.spec_version,
        "datacontenttype" => &event.content_type,
        "topic" => &event.topic,
        "pubsubname" => &event.pubsub,
        other => {
            let extension = event.extensions.iter().find(|(name, _)| name == other);
            &extension?.1
        }
    };
    rest.is_empty().then(|| Value::String(text.clone()))
}

/// The data: a value where it is JSON, or else text.
fn data(event: &Event) -> Value {
    serde_json::from_slice(&event.data)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&event.data).into_owned()))
}

fn inside(mut value: Value, path: &[String]) -> Option<Value> {
    for name in path {
        value = value.get_mut(name)?.take();
    }
    Some(value)
}
