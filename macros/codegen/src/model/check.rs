//! Checks of names: those that Rust cannot have or would have twice, and those that a user got wrong.
//!
//! They walk the WIT and not the model, because the WIT knows where things stand.

use super::{Interface, World, naming};
use crate::args::{Args, Trappable};
use crate::error::{Errors, Message};
use crate::wit::Package;
use std::collections::HashMap;
use wit_parser::{self as wp, Span, TypeDefKind, WorldItem};

/// Refuses names that differ in WIT and are the same in Rust, and names that cannot be written.
pub(super) fn names(
    package: &Package,
    world: &World,
    interfaces: &[Interface],
    args: &Args,
    errors: &mut Errors,
) {
    let resolve = &package.resolve;
    let items = &resolve.worlds[package.world];
    let mut names = Names {
        package,
        args,
        errors,
    };
    let both = [&items.imports, &items.exports];
    for side in both {
        names.functions(side.values().filter_map(|item| match item {
            WorldItem::Function(function) => Some(function),
            _ => None,
        }));
    }
    names.types(items.imports.values().filter_map(|item| match item {
        WorldItem::Type { id, .. } => Some(*id),
        _ => None,
    }));
    let ids = both.into_iter().flat_map(|side| side.values());
    let mut seen: Vec<wp::InterfaceId> = Vec::new();
    for item in ids {
        if let WorldItem::Interface { id, .. } = item
            && !seen.contains(id)
        {
            seen.push(*id);
            let interface = &resolve.interfaces[*id];
            names.functions(interface.functions.values());
            names.types(interface.types.values().copied());
        }
    }

    // What stands side by side in a module that is ours.
    let at = |interface: &Interface| {
        let mut items = items.imports.iter().chain(&items.exports);
        let item = items.find(|(key, _)| resolve.name_world_key(key) == interface.id);
        match item {
            Some((_, WorldItem::Interface { id, .. })) => resolve.interfaces[*id].span,
            _ => Span::default(),
        }
    };
    let module = interfaces.iter().map(|i| (&*i.id, i.module.clone(), at(i)));
    names.scope(module.collect());
    let own = (&*world.id, world.rust.clone(), items.span);
    let functions = (&*world.id, format!("{}Imports", world.rust), items.span);
    let traits = |which: fn(&&Interface) -> bool| {
        interfaces
            .iter()
            .filter(which)
            .map(|i| (&*i.id, i.rust.clone(), at(i)))
    };
    names.scope(
        [own.clone(), functions]
            .into_iter()
            .chain(traits(|i| i.imported))
            .collect(),
    );
    names.scope([own].into_iter().chain(traits(|i| i.exported)).collect());
}

struct Names<'a> {
    package: &'a Package,
    args: &'a Args,
    errors: &'a mut Errors,
}

impl Names<'_> {
    fn functions<'f>(&mut self, functions: impl Iterator<Item = &'f wp::Function>) {
        let mut scope = Vec::new();
        for function in functions {
            self.value(&function.name, function.span);
            scope.push((
                &*function.name,
                naming::value(&function.name),
                function.span,
            ));
            for param in &function.params {
                self.value(&param.name, param.span);
            }
            let params = function.params.iter();
            self.scope(
                params
                    .map(|p| (&*p.name, naming::value(&p.name), p.span))
                    .collect(),
            );
        }
        self.scope(scope);
    }

    fn types(&mut self, types: impl Iterator<Item = wp::TypeId>) {
        let mut scope = Vec::new();
        for id in types {
            let def = &self.package.resolve.types[id];
            if let Some(name) = &def.name {
                scope.push((&**name, naming::ty(name), def.span));
            }
            match &def.kind {
                TypeDefKind::Record(of) => {
                    of.fields
                        .iter()
                        .for_each(|field| self.value(&field.name, field.span));
                    let fields = of.fields.iter();
                    self.scope(
                        fields
                            .map(|f| (&*f.name, naming::value(&f.name), f.span))
                            .collect(),
                    );
                }
                TypeDefKind::Variant(of) => {
                    self.cases(
                        of.cases
                            .iter()
                            .map(|case| (&*case.name, case.span))
                            .collect(),
                    );
                }
                TypeDefKind::Enum(of) => {
                    self.cases(
                        of.cases
                            .iter()
                            .map(|case| (&*case.name, case.span))
                            .collect(),
                    );
                }
                TypeDefKind::Flags(of) => {
                    let flags = of.flags.iter();
                    self.scope(
                        flags
                            .map(|f| (&*f.name, naming::flag(&f.name), f.span))
                            .collect(),
                    );
                }
                _ => {}
            }
        }
        self.scope(scope);
    }

    fn cases(&mut self, cases: Vec<(&str, Span)>) {
        for (name, span) in &cases {
            if *name == "self" {
                let instead = "`Self` is a keyword in Rust; choose another name";
                self.unsupported(*span, "a case called `self`", instead);
            }
        }
        let cases = cases
            .into_iter()
            .map(|(name, span)| (name, naming::case(name), span));
        self.scope(cases.collect());
    }

    /// Refuses what wit-bindgen cannot write as a function, parameter or field: it does not know the
    /// newest keyword of Rust.
    fn value(&mut self, name: &str, span: Span) {
        if name == "gen" {
            let instead = "it is a keyword in Rust's edition 2024; choose another name";
            self.unsupported(span, "the name `gen`", instead);
        }
    }

    fn unsupported(&mut self, span: Span, what: &str, instead: &'static str) {
        let message = Message::Unsupported {
            at: self.package.location(span),
            what: what.to_owned(),
            instead,
        };
        self.errors.push(self.args.wit_span(), message);
    }

    /// Refuses the second of two WIT names that are one Rust name where they stand.
    fn scope(&mut self, names: Vec<(&str, String, Span)>) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (wit, rust, span) in names {
            if let Some(first) = seen.get(&rust) {
                let message = Message::NameTaken {
                    at: self.package.location(span),
                    wit: wit.to_owned(),
                    first: (*first).to_owned(),
                    rust,
                };
                self.errors.push(self.args.wit_span(), message);
            } else {
                seen.insert(rust, wit);
            }
        }
    }
}

/// Refuses names in `trappable` that are no imports.
pub(super) fn trappable(world: &World, interfaces: &[Interface], args: &Args, errors: &mut Errors) {
    let Trappable::Some(names) = &args.trappable else {
        return;
    };
    let imported = interfaces.iter().filter(|interface| interface.imported);
    let functions = imported.flat_map(|interface| &interface.functions);
    let known: Vec<String> = functions
        .chain(&world.imports)
        .map(|function| function.path.clone())
        .collect();
    for name in names {
        let found = name.value();
        if !known.iter().any(|path| names_function(&found, path)) {
            let known = known.clone();
            errors.push(name.span(), Message::TrappableUnknown { found, known });
        }
    }
}

/// Whether a user means the function at `path` by `name`: `demo:notes/clock.now-ms` in full, or
/// `clock.now-ms`.
pub(super) fn names_function(name: &str, path: &str) -> bool {
    path == name || path.split_once('/').is_some_and(|(_, short)| short == name)
}
