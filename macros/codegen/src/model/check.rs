//! Checks of names: those that Rust cannot have or would have twice, and those that a user got
//! wrong.
//!
//! They walk the WIT and not the model, because the WIT knows where things stand.

use super::abi::World;
use super::builder::{Builder, functions, types};
use super::names::Names;
use super::naming;
use super::scope::Scope;
use crate::args::names_function;
use crate::error::Message;
use std::collections::{HashMap, HashSet};
use wit_parser::{self as wp, Span, TypeDefKind};

impl Builder<'_> {
    /// Refuses names that differ in WIT and are the same in Rust, and names that cannot be written.
    pub(super) fn check_names(&mut self, world: &World, names: &Names, scopes: &[Scope]) {
        let (resolve, items) = (&self.package.resolve, self.world());
        self.function_names(functions(&items.imports));
        self.function_names(functions(&items.exports));
        self.type_names(types(&items.imports));
        let interfaces: Vec<_> = self.interfaces.iter().map(|of| of.id).collect();
        for id in interfaces {
            let interface = &resolve.interfaces[id];
            self.function_names(interface.functions.values());
            self.type_names(interface.types.values().copied());
        }

        let level = scopes.iter().take(1).map(|scope| (scope, items.span));
        let interfaces = self.scopes().map(|(id, of)| {
            let span = resolve.interfaces[of.id].span;
            (&scopes[id.0], span)
        });
        let placed: Vec<(&Scope, Span)> = level.chain(interfaces).collect();
        self.standing_names(world, names, &placed);
    }

    /// Refuses names that are taken in a module of ours, where modules and traits stand side by
    /// side. Nothing is generated for an interface without items.
    fn standing_names(&mut self, world: &World, names: &Names, placed: &[(&Scope, Span)]) {
        let modules = placed.iter().filter_map(|(scope, span)| {
            let module = names.module(scope.id)?;
            let is_there = scope.has_items() || !scope.types.is_empty();
            is_there.then(|| (&*scope.wit, module.to_owned(), *span))
        });
        self.scope(modules.collect());

        let handle = placed.iter().take(1);
        let handle = handle.map(|(_, span)| (&*world.id, names.world.clone(), *span));
        let on_host = traits(world, placed, |scope| {
            scope.import.as_ref().map(|_| names.import(scope.id))
        });
        // An import has two traits: its own, and that of whoever has an implementation of it. Of
        // two imports of one name, the second is refused for its own.
        let mut seen = HashSet::new();
        let first = on_host
            .iter()
            .filter(|(_, name, _)| seen.insert(name.clone()));
        let provides: Vec<_> = first
            .map(|(wit, name, span)| (*wit, format!("Provides{name}"), *span))
            .collect();
        let on_host = handle.chain(on_host).chain(provides);
        self.scope(on_host.collect());

        let on_guest = traits(world, placed, |scope| {
            scope.export.as_ref().map(|_| names.export(scope.id))
        });
        self.scope(on_guest);
    }

    fn function_names<'f>(&mut self, functions: impl Iterator<Item = &'f wp::Function>) {
        use wp::FunctionKind as Kind;
        let resolve = &self.package.resolve;
        let resource = |id: wp::TypeId| resolve.types[id].name.as_deref().unwrap_or_default();
        // Functions by where they stand: a resource's methods are in a trait of their own.
        let mut scopes: wp::IndexMap<Option<wp::TypeId>, Vec<(&str, String, Span)>> =
            wp::IndexMap::default();
        for function in functions {
            let item = function.item_name();
            if let Kind::Method(id) | Kind::Static(id) = function.kind
                && resource(id).eq_ignore_ascii_case(item)
            {
                let what = format!("a function with the name of its resource, `{item}`,");
                let instead = "a component would have two things of one name; choose another name";
                self.unsupported(function.span, what, instead);
            }
            let (trait_of, rust) = match function.kind {
                Kind::Freestanding | Kind::AsyncFreestanding => (None, naming::function(item)),
                Kind::Constructor(id) => (None, naming::of_resource(resource(id), "new")),
                Kind::Static(id) | Kind::AsyncStatic(id) => {
                    (None, naming::of_resource(resource(id), item))
                }
                Kind::Method(id) | Kind::AsyncMethod(id) => (Some(id), naming::function(item)),
            };
            let scope = scopes.entry(trait_of).or_default();
            scope.push((&*function.name, rust, function.span));
            let params = function.params.iter();
            self.scope(
                params
                    .map(|p| (&*p.name, naming::value(&p.name), p.span))
                    .collect(),
            );
        }
        for scope in scopes.into_values() {
            self.scope(scope);
        }
    }

    fn type_names(&mut self, types: impl Iterator<Item = wp::TypeId>) {
        let mut scope = Vec::new();
        for id in types {
            let def = &self.package.resolve.types[id];
            if let Some(name) = &def.name {
                let rust = match def.kind {
                    TypeDefKind::Flags(_) => naming::flags(name),
                    _ => naming::ty(name),
                };
                scope.push((&**name, rust, def.span));
                self.self_name(name, id);
            }
            match &def.kind {
                TypeDefKind::Record(of) => {
                    let fields = of.fields.iter();
                    self.scope(
                        fields
                            .map(|f| (&*f.name, naming::value(&f.name), f.span))
                            .collect(),
                    );
                }
                TypeDefKind::Variant(of) => {
                    self.case_names(
                        of.cases
                            .iter()
                            .map(|case| (&*case.name, case.span))
                            .collect(),
                    );
                }
                TypeDefKind::Enum(of) => {
                    self.case_names(
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

    /// Refuses types called `self` that wit-bindgen has of its own: it refers to them by that name.
    fn self_name(&mut self, name: &str, id: wp::TypeId) {
        if !name.eq_ignore_ascii_case("self") {
            return;
        }
        let types = &self.package.resolve.types;
        let mut of = id;
        while let TypeDefKind::Type(wp::Type::Id(next)) = types[of].kind {
            of = next;
        }
        let nominal = matches!(
            types[of].kind,
            TypeDefKind::Record(_)
                | TypeDefKind::Variant(_)
                | TypeDefKind::Enum(_)
                | TypeDefKind::Flags(_)
        );
        if !nominal || self.holds_handles(id) {
            let what = format!("the name `{name}` for a {}", types[of].kind.as_str());
            let instead = "`Self` is a keyword in Rust; choose another name";
            self.unsupported(types[id].span, what, instead);
        }
    }

    fn case_names(&mut self, cases: Vec<(&str, Span)>) {
        let cases = cases
            .into_iter()
            .map(|(name, span)| (name, naming::case(name), span));
        self.scope(cases.collect());
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

    /// Refuses names in `trappable` and `borrowed` that are no imports.
    pub(super) fn check_choices(&mut self, scopes: &[Scope]) {
        let args = self.args;
        let options = [("trappable", &args.trappable), ("borrowed", &args.borrowed)];
        // Interfaces, and then the world's own level.
        let functions = scopes.iter().skip(1).chain(scopes.first());
        let functions = functions.flat_map(Scope::imported);
        let known: Vec<String> = functions.map(|function| function.path.clone()).collect();
        for (option, choice) in options {
            for (found, span) in choice.names() {
                if !known.iter().any(|path| names_function(&found, path)) {
                    let message = Message::ImportUnknown {
                        option,
                        found,
                        known: known.clone(),
                    };
                    self.errors.push(span, message);
                }
            }
        }
    }
}

/// The traits on one side, with what they are for in WIT and where that stands.
fn traits<'s>(
    world: &'s World,
    placed: &[(&'s Scope, Span)],
    name: impl Fn(&'s Scope) -> Option<&'s str>,
) -> Vec<(&'s str, String, Span)> {
    let with_items = placed.iter().filter(|(scope, _)| scope.has_items());
    let traits = with_items.filter_map(|(scope, span)| {
        let wit = if scope.is_world() {
            &world.id
        } else {
            &scope.wit
        };
        Some((&**wit, name(scope)?.to_owned(), *span))
    });
    traits.collect()
}
