//! The rules by which WIT names become Rust names. All of them, and nothing else.
//!
//! - **Functions, parameters and fields** are in `snake_case`: `now-ms` is `now_ms`. A name that is
//!   a Rust keyword gets an underscore behind it: `type` is `type_`. (So do wit-bindgen's, and the
//!   guest side is matched against what wit-bindgen writes.)
//! - **A function** called `into` or `try-into` gets an underscore, too: every value in Rust has
//!   methods of these names, and those would be called in its place. So does the method of the
//!   handle that gives the view of an interface called so.
//! - **Types, cases, worlds and traits** are in `UpperCamelCase`: `not-found` is `NotFound`. What
//!   would be `Self` is `Self_`. Types called `option` and `copy` are `Option_` and `Copy_`, and
//!   flags called `ok`, `some` and `none`, which are structs with a constructor, are `Ok_`, `Some_`
//!   and `None_`: the derives of wasmtime use these names and mean Rust's.
//! - **Flags** are constants in `SHOUTY_SNAKE_CASE`.
//! - **An interface** is a module in `snake_case` and a trait in `UpperCamelCase`. Where two
//!   interfaces of one world have the same name, each takes the first of these that no other has:
//!   its package in front (`store_kv`), its namespace too (`wasi_store_kv`), its version behind
//!   (`kv_1_0_0`, `Kv1_0_0`), package and version, all three. For an inline interface that is
//!   exported, `exported` is the package. The modules `host`, `guest` and `host_async` are ours: an
//!   interface of that name gets an underscore behind it. So do interfaces called `exports`,
//!   `imports` and `provides`, where a module of ours with that name stands beside theirs: see
//!   [`names`](super::names).
//! - **A resource** is a type; its methods are named like functions. Its constructor and its static
//!   functions are methods of the interface's trait and view, with the resource's name in front:
//!   `bucket_new`, `bucket_open`. (Methods and static functions called like their resource are
//!   refused: a component can have no such names.)
//! - **The world** gives its name to the handle on the host and to the trait on the guest. Where an
//!   interface has that name too, the world's gets `World` behind it.
//! - **Methods of the handle** that Abide adds (`load`, `builder`, `session`, `cancellable`,
//!   `reload`, `reload_bytes`, `stats`) keep their names; an export of that name, or an exported
//!   interface that shares its name with an exported function, gets an underscore behind it.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use std::collections::HashSet;

/// Rust's keywords, in the editions that a user's crate may have.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Methods that the handle of every world has.
const HANDLE_METHODS: &[&str] = &[
    "load",
    "builder",
    "session",
    "cancellable",
    "reload",
    "reload_bytes",
    "stats",
    "clone",
];

/// Methods that every value has. They take it as it is, and so come before those that take a
/// reference.
const VALUE_METHODS: &[&str] = &["into", "try_into"];

/// Modules that `abi!` makes beside those of the interfaces.
const OWN_MODULES: &[&str] = &[
    "host",
    "guest",
    "host_async",
    "exports",
    "imports",
    "provides",
];

/// An interface's name in WIT without its version: what messages call it.
pub(crate) fn unversioned(wit: &str) -> &str {
    wit.split_once('@').map_or(wit, |(name, _)| name)
}

/// Whether Rust keeps a word for itself, in some edition.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether every value has a method of that name.
pub(crate) fn is_value_method(word: &str) -> bool {
    VALUE_METHODS.contains(&word)
}

/// A parameter or field, or the module of an interface.
pub(crate) fn value(wit: &str) -> String {
    let name = wit.to_snake_case();
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// A function.
pub(crate) fn function(wit: &str) -> String {
    let name = value(wit);
    if is_value_method(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// A constructor or a static function of a resource, where it is a method of something else.
pub(crate) fn of_resource(resource: &str, function: &str) -> String {
    format!("{resource}-{function}").to_snake_case()
}

/// A type, a world or a trait.
pub(crate) fn ty(wit: &str) -> String {
    let (name, version) = wit.split_once('_').unwrap_or((wit, ""));
    match name.to_upper_camel_case().as_str() {
        name @ ("Copy" | "Option" | "Self") => format!("{name}_"),
        name => version.split('_').fold(name.to_owned(), versioned),
    }
}

/// A type that is flags.
pub(crate) fn flags(wit: &str) -> String {
    match ty(wit) {
        name if ["None", "Ok", "Some"].contains(&&*name) => format!("{name}_"),
        name => name,
    }
}

/// A name with one more part of its version behind it: `Kv1_0_0`, `Kv1_0_0Rc1`. Rust's lints want
/// no `_` but between digits.
fn versioned(mut name: String, part: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    if name.ends_with(is_digit) && part.starts_with(is_digit) {
        name.push('_');
    }
    name.push_str(&part.to_upper_camel_case());
    name
}

/// A case of a variant or an enum. (`Self` is a keyword; no other case clashes with anything.)
pub(crate) fn case(wit: &str) -> String {
    match wit.to_upper_camel_case().as_str() {
        name @ "Self" => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// One flag of a flags type.
pub(crate) fn flag(wit: &str) -> String {
    wit.to_shouty_snake_case()
}

/// A method of the handle, unlike those of its name that are there already.
pub(crate) fn method(wit: &str, taken: &HashSet<String>) -> String {
    let mut name = function(wit);
    while HANDLE_METHODS.contains(&name.as_str()) || taken.contains(&name) {
        name.push('_');
    }
    name
}

/// What an interface may be called, the shortest first: the first that is free wins.
#[derive(Debug, Clone)]
pub(crate) struct InterfaceName<'a> {
    pub(crate) namespace: Option<&'a str>,
    pub(crate) package: Option<&'a str>,
    pub(crate) version: Option<String>,
    pub(crate) name: &'a str,
}

impl InterfaceName<'_> {
    /// The name in kebab-case, longer with every step; the version's numbers are joined by `_`,
    /// which stands in no name of WIT.
    fn at(&self, step: usize) -> String {
        let (namespace, package, version) = STEPS[step];
        let joined = self
            .version
            .as_deref()
            .map(|v| v.replace(['.', '-', '+'], "_"));
        let parts = [
            self.namespace.filter(|_| namespace),
            self.package.filter(|_| package),
            Some(self.name),
            joined.as_deref().filter(|_| version),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("-")
    }
}

/// What stands around an interface's name, the shortest first: its namespace, its package, its
/// version.
const STEPS: [(bool, bool, bool); 6] = [
    (false, false, false),
    (false, true, false),
    (true, true, false),
    (false, false, true),
    (false, true, true),
    (true, true, true),
];

/// Names for all interfaces of a world at once, each as short as the others let it be. The result
/// is in kebab-case; [`module`] and [`ty`] turn it into Rust.
pub(crate) fn interfaces(names: &[InterfaceName<'_>]) -> Vec<String> {
    let all: Vec<Vec<String>> = names
        .iter()
        .map(|name| (0..STEPS.len()).map(|step| name.at(step)).collect())
        .collect();
    let free = |name: &[String], step: usize| {
        let same = all.iter().filter(|other| other[step] == name[step]);
        same.count() == 1
    };
    let last = STEPS.len() - 1;
    all.iter()
        .map(|name| {
            let step = (0..last).find(|step| free(name, *step)).unwrap_or(last);
            name[step].clone()
        })
        .collect()
}

/// The module of an interface.
pub(crate) fn module(wit: &str) -> String {
    let name = value(wit);
    if OWN_MODULES.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name<'a>(namespace: &'a str, package: &'a str, name: &'a str) -> InterfaceName<'a> {
        InterfaceName {
            namespace: Some(namespace),
            package: Some(package),
            version: Some("0.1.0".to_owned()),
            name,
        }
    }

    #[test]
    fn names_follow_the_rules() {
        assert_eq!(value("now-ms"), "now_ms");
        assert_eq!(value("type"), "type_");
        assert_eq!(value("into"), "into");
        assert_eq!(function("into"), "into_");
        assert_eq!(function("try-into"), "try_into_");
        assert_eq!(function("type"), "type_");
        assert_eq!(method("into", &HashSet::new()), "into_");
        assert_eq!(ty("not-found"), "NotFound");
        assert_eq!(ty("option"), "Option_");
        assert_eq!(ty("ok"), "Ok");
        assert_eq!(flags("ok"), "Ok_");
        assert_eq!(flags("option"), "Option_");
        assert_eq!(flag("read-only"), "READ_ONLY");
        assert_eq!(module("host"), "host_");
        assert_eq!(method("load", &HashSet::new()), "load_");
        assert_eq!(method("kv", &HashSet::from(["kv".to_owned()])), "kv_");
    }

    #[test]
    fn interfaces_are_as_short_as_the_others_let_them_be() {
        let names = [
            name("a", "store", "kv"),
            name("a", "cache", "kv"),
            name("b", "cache", "kv"),
            name("a", "store", "log"),
        ];
        assert_eq!(
            interfaces(&names),
            ["store-kv", "a-cache-kv", "b-cache-kv", "log"]
        );
    }

    #[test]
    fn versions_tell_apart_what_nothing_else_does() {
        let version = |version: &str| InterfaceName {
            version: Some(version.to_owned()),
            ..name("a", "store", "kv")
        };
        let names = interfaces(&[
            version("1.10.0"),
            version("11.0.0"),
            version("2.0.0-rc.1+x"),
        ]);
        assert_eq!(names, ["kv-1_10_0", "kv-11_0_0", "kv-2_0_0_rc_1_x"]);
        let types: Vec<String> = names.iter().map(|name| ty(name)).collect();
        assert_eq!(types, ["Kv1_10_0", "Kv11_0_0", "Kv2_0_0Rc1X"]);
        assert_eq!(module(&names[0]), "kv_1_10_0");
    }
}
