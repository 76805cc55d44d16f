//! Which path an event has: that of the first rule that matches it.

mod expression;
mod parse;

use abide_dapr::app::{Event, Subscription};

use self::expression::Expression;
use crate::failure::{Error, Result};

/// The rules of a subscription.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<(Expression, String)>,
    otherwise: String,
}

impl Rules {
    /// Understands them, or says which part of which rule is not understood.
    pub(super) fn new(subscription: &Subscription) -> Result<Self> {
        let rules = subscription.rules.iter().map(|rule| {
            let parsed = parse::parse(&rule.matching);
            let parsed = parsed
                .map_err(|error| Error::Invalid(format!("the rule `{}`: {error}", rule.matching)));
            Ok((parsed?, rule.path.clone()))
        });
        Ok(Self {
            rules: rules.collect::<Result<_>>()?,
            otherwise: subscription.path.clone(),
        })
    }

    /// The path of an event; none is that nobody wants it.
    pub(super) fn path(&self, event: &Event) -> Option<&str> {
        let mut rules = self.rules.iter();
        let found = rules.find(|(rule, _)| rule.matches(event));
        let path = found.map_or(&*self.otherwise, |(_, path)| path);
        // Without rules there is nothing to be chosen.
        (!path.is_empty() || self.rules.is_empty()).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression, parse::parse};
    use crate::cloud_event::decode;

    const EVENT: &str = r#"{
        "id": "7", "type": "order.paid", "source": "shop", "subject": "x", "n": 3,
        "datacontenttype": "application/json",
        "data": {"total": 12.5, "vip": true, "tags": ["a"], "who": {"name": "Ada \"A\""}}
    }"#;

    fn matches(rule: &str) -> bool {
        let event = decode(EVENT.as_bytes(), "pubsub", "orders").unwrap();
        parse(rule).unwrap().matches(&event)
    }

    #[test]
    fn rules_match_what_they_say() {
        for rule in [
            "true",
            r#"event.type == "order.paid""#,
            r#"event.type == 'order.paid' && event.source != "x""#,
            "event.data.total > 10.0 && event.data.total <= 12.5",
            "event.data.vip == true",
            "event.data.vip",
            "!(event.data.total < 3) || false",
            r#"event.data.who.name == "Ada \"A\"""#,
            r#"event.type.startsWith("order.") && event.type.endsWith("paid")"#,
            r#"event.type.contains("er.p")"#,
            "has(event.subject) && !has(event.other)",
            r#"event.topic == "orders""#,
            r#"event.n == "3""#,
            r#"event.type in ["order.new", "order.paid"]"#,
        ] {
            assert!(matches(rule), "{rule}");
        }
        for rule in [
            "false",
            r#"event.type == "order""#,
            // There is no such attribute.
            r#"event.other == "x""#,
            r#"event.other != "x""#,
            // These cannot be compared.
            r#"event.data.total > "1""#,
            "event.data.who",
            r#"event.type in ["order.new"]"#,
        ] {
            assert!(!matches(rule), "{rule}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_place() {
        let error = |rule: &str| parse(rule).map(|_: Expression| ()).unwrap_err();
        for (rule, expected) in [
            ("", "at 0: the end is not expected here"),
            ("event.type = 'x'", "at 11: `=` is not expected here"),
            ("size(event.type) == 3", "at 0: `size` is not known"),
            ("event.type.matches('x')", "at 11: `matches` is not known"),
            ("event.type == 'x", "at 14: a text does not end"),
            ("(true", "at 5: the end is not expected here"),
            ("request.x == 1", "at 0: `request` is not known"),
        ] {
            assert_eq!(error(rule), expected, "{rule}");
        }
        assert!(error(&"(".repeat(1000)).contains("too deep"));
        assert!(error(&"!".repeat(1000)).contains("too deep"));
    }
}
