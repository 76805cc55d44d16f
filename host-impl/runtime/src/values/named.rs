//! Functions that are called by names which are chosen at run time, and that no world declares.

use std::collections::HashMap;
use std::sync::LazyLock;

use parking_lot::RwLock;

use super::signature::{Function, Signature};
use crate::error::untrusted;

/// Those that were called. They are kept for as long as the process runs, since a function is passed on
/// as one pointer; so there are not many of them.
static NAMED: LazyLock<RwLock<HashMap<Box<str>, &'static Signature>>> =
    LazyLock::new(Default::default);

/// How many are kept.
const MOST: usize = 500;

/// How long the name of such a function is at most, in bytes.
const LONGEST: usize = 100;

/// What the others are called.
const CHOSEN: Function = Function(&Signature::unnamed("a function chosen by its name"));

impl Function {
    /// The function of a name that is chosen at run time.
    pub(crate) fn named(name: &str) -> Self {
        if let Some(known) = NAMED.read().get(name) {
            return Self(known);
        }
        let mut named = NAMED.write();
        if let Some(known) = named.get(name) {
            return Self(known);
        }
        if named.len() >= MOST || name.len() > LONGEST {
            return CHOSEN;
        }
        let shown: &'static str = Box::leak(untrusted::line(name, LONGEST));
        let signature: &'static Signature = Box::leak(Box::new(Signature::unnamed(shown)));
        named.insert(name.into(), signature);
        Self(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_chosen_are_kept_up_to_a_point() {
        let named = |name: &str| Function::named(name).to_string();
        assert_eq!(named("say"), "say");
        let (one, other) = (Function::named("say"), Function::named("say"));
        assert!(std::ptr::eq(one.0, other.0));
        assert_eq!(named("clear\u{1b}[2J"), "clear\u{fffd}[2J");
        let chosen = CHOSEN.to_string();
        assert_eq!(named(&"n".repeat(LONGEST + 1)), chosen);
        for number in 0..MOST {
            named(&format!("f{number}"));
        }
        assert_eq!(NAMED.read().len(), MOST);
        assert_eq!(named("one more"), chosen);
        assert_eq!(named("say"), "say", "what is known stays known");
    }
}
