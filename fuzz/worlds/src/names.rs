//! Names: those that generated WIT has, and what becomes of them in Rust.
//!
//! The second half is written from the prose at the head of `macros/codegen/src/model/naming.rs`,
//! not from its code: where the two disagree, one of them is wrong.

use std::collections::HashSet;

use abide_fuzz_values::Rng;

use crate::words::{KEYWORDS, LOCALS, PLAIN_LOCALS, TAILS, TAKEN, WIT_KEYWORDS, WORDS};

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// A function, a parameter or a field.
    Value,
    /// A function that a world exports at its own level: guests export it as a symbol of this name.
    Symbol,
    /// An interface, a world or a resource.
    Interface,
    /// A type that is not of any other name.
    Type,
    /// A type that may be a number, a list or a tuple, or has to do with resources.
    Alias,
    /// A namespace or a package.
    Package,
    /// A case or a flag.
    Case,
}

/// Names that stand side by side and have to differ, in every way of writing them.
#[derive(Debug, Default)]
pub(crate) struct Scope(HashSet<String>);

impl Scope {
    /// A new name.
    pub(crate) fn name(&mut self, rng: &mut Rng, of: For) -> String {
        loop {
            let mut name = any(rng, of);
            if self.0.len() > 40 {
                name = format!("{name}-n{}", self.0.len());
            }
            if self.take(&name) {
                return name;
            }
        }
    }

    /// Takes a name; says whether it was free.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.0.insert(camel(name).to_lowercase())
    }
}

fn any(rng: &mut Rng, of: For) -> String {
    let plain = |rng: &mut Rng| {
        let mut name = (*rng.pick(WORDS)).to_owned();
        for _ in 0..rng.pick(&[1, 1, 1, 2]).to_owned() {
            name = format!("{name}-{}", rng.pick(TAILS));
        }
        name
    };
    let mut name = match rng.below(5) {
        0 => (*rng.pick(KEYWORDS)).to_owned(),
        1 if of != For::Symbol => (*rng.pick(TAKEN)).to_owned(),
        2 if of == For::Value => local(rng),
        _ => plain(rng),
    };
    if rng.once_in(4) {
        name = name.to_uppercase();
    }
    match (of, &*name.to_lowercase()) {
        // Refused by Abide, with words of its own.
        (For::Alias, "self") => plain(rng),
        // Resources get their names like aliases, and in the guest's code `Guest` is a trait, and
        // the associated types of exports are not called `Copy_` and `Option_`.
        (For::Alias, "guest" | "copy" | "option") => plain(rng),
        // Whether such an interface gets an underscore depends on all that is there with it:
        // `tests/runtime/called_like_ours` and its neighbour have both.
        (For::Interface, "exports" | "imports" | "provides") => plain(rng),
        // A component's binary has no capital letters there.
        (For::Package, _) => name.to_lowercase(),
        _ => name,
    }
}

/// The name of a local, as a parameter or a field may have it. Fields become locals with a number
/// themselves: `x1` and `x` are both `x12` somewhere.
fn local(rng: &mut Rng) -> String {
    if rng.once_in(4) {
        return (*rng.pick(PLAIN_LOCALS)).to_owned();
    }
    let number = match rng.below(3) {
        0 => String::new(),
        1 => rng.below(4).to_string(),
        _ => rng.below(17).to_string(),
    };
    format!("{}{number}", rng.pick(LOCALS))
}

/// A name as WIT wants it written.
pub(crate) fn wit(name: &str) -> String {
    // Others may have the sign, too. Which ones do is as good as random.
    let sign = WIT_KEYWORDS.contains(&name) || name.len().is_multiple_of(5);
    if sign {
        format!("%{name}")
    } else {
        name.to_owned()
    }
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split('-').map(str::to_lowercase)
}

pub(crate) fn snake(name: &str) -> String {
    words(name).collect::<Vec<_>>().join("_")
}

fn camel(name: &str) -> String {
    words(name)
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

/// A function in Rust.
pub(crate) fn function(name: &str) -> String {
    let name = value(name);
    if ["into", "try_into"].contains(&&*name) {
        name + "_"
    } else {
        name
    }
}

/// A parameter or a field in Rust.
pub(crate) fn value(name: &str) -> String {
    let name = snake(name);
    if KEYWORDS.contains(&&*name) {
        name + "_"
    } else {
        name
    }
}

/// Flags in Rust.
pub(crate) fn flags(name: &str) -> String {
    let name = ty(name);
    match ["None", "Ok", "Some"].contains(&&*name) {
        true => name + "_",
        false => name,
    }
}

/// A type, a world or a trait in Rust. Of an interface, a version may stand behind the name:
/// `kv-1_0_0`.
pub(crate) fn ty(name: &str) -> String {
    let mut parts = name.split('_');
    let name = camel(parts.next().unwrap_or_default());
    if ["Copy", "Option", "Self"].contains(&&*name) {
        return name + "_";
    }
    // Between digits there is a `_`.
    let is_digit = |c: char| c.is_ascii_digit();
    parts.fold(name, |name, part| {
        let both = name.ends_with(is_digit) && part.starts_with(is_digit);
        let between = if both { "_" } else { "" };
        name + between + &camel(part)
    })
}

/// A case in Rust.
pub(crate) fn case(name: &str) -> String {
    let name = camel(name);
    if name == "Self" { name + "_" } else { name }
}

/// A flag in Rust.
pub(crate) fn flag(name: &str) -> String {
    snake(name).to_uppercase()
}

/// The module of an interface in Rust.
pub(crate) fn module(name: &str) -> String {
    let name = value(name);
    let ours = ["host", "guest", "host_async"];
    if ours.contains(&&*name) {
        name + "_"
    } else {
        name
    }
}

/// A method of the handle in Rust, beside those that are `taken`.
pub(crate) fn method(name: &str, taken: &HashSet<String>) -> String {
    let mut name = function(name);
    while ["load", "builder", "session", "clone"].contains(&&*name) || taken.contains(&name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_a_hyphen_are_one() {
        let mut scope = Scope::default();
        assert!(scope.take("http2"));
        assert!(!scope.take("HTTP-2"));
    }

    #[test]
    fn a_scope_never_runs_out() {
        let (mut scope, mut rng) = (Scope::default(), Rng::new(&[1]));
        let names: HashSet<_> = (0..400).map(|_| scope.name(&mut rng, For::Case)).collect();
        assert_eq!(names.len(), 400);
    }

    #[test]
    fn names_in_rust() {
        assert_eq!(value("is-HTTP2-0"), "is_http2_0");
        assert_eq!(value("type"), "type_");
        assert_eq!(value("into"), "into");
        assert_eq!(function("try-into"), "try_into_");
        assert_eq!(ty("copy"), "Copy_");
        assert_eq!(flag("p2p-ID"), "P2P_ID");
        assert_eq!(ty("kv-2_0_0_rc_1"), "Kv2_0_0Rc1");
        assert_eq!(case("self"), "Self_");
        assert_eq!(module("host"), "host_");
    }
}
