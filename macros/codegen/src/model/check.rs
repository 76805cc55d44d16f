//! Checks of names: those that Rust cannot have or would have twice, and those that a user got
//! wrong.
//!
//! They walk the WIT and not the model, because the WIT knows where things stand.

use super::build::{Builder, functions, types};
use super::{Interface, World, naming};
use crate::args::{Imports, names_function};
use crate::error::Message;
use std::collections::{HashMap, HashSet};
use wit_parser::{self as wp, Span, TypeDefKind, WorldKey};

impl Builder<'_> {
    /// Refuses names that differ in WIT and are the same in Rust, and names that cannot be written.
    ///
    /// `keys` are those of `interfaces`, in the same order.
    pub(super) fn check_names(
        &mut self,
        keys: &[(wp::InterfaceId, WorldKey)],
        world: &World,
        interfaces: &[Interface],
    ) {
        let resolve = &self.package.resolve;
        let items = &resolve.worlds[self.package.world];
        self.function_names(functions(&items.imports));
        self.function_names(functions(&items.exports));
        self.type_names(types(&items.imports));
        for (id, _) in keys {
            let interface = &resolve.interfaces[*id];
            self.function_names(interface.functions.values());
            self.type_names(interface.types.values().copied());
        }

        // What stands side by side in a module that is ours. Nothing is generated for an interface
        // without items.
        let spans = keys.iter().map(|(id, _)| resolve.interfaces[*id].span);
        let placed: Vec<(&Interface, Span)> = interfaces.iter().zip(spans).collect();
        let modules = placed
            .iter()
            .filter(|(i, _)| i.has_items() || !i.types.is_empty())
            .map(|(i, span)| (&*i.id, i.module.clone(), *span));
        self.scope(modules.collect());
        let own = |name: String| (&*world.id, name, items.span);
        let traits = |which: fn(&Interface) -> bool| {
            let placed = placed
                .iter()
                .filter(move |(i, _)| i.has_items() && which(i));
            placed.map(|(i, span)| (&*i.id, i.rust.clone(), *span))
        };
        let imports = world
            .has_imports()
            .then(|| own(format!("{}Imports", world.rust)));
        let imports: Vec<_> = imports.into_iter().chain(traits(|i| i.imported)).collect();
        // An import has two traits: its own, and that of whoever has an implementation of it. Of
        // two imports of one name, the second is refused for its own.
        let mut seen = HashSet::new();
        let first = imports
            .iter()
            .filter(|(_, name, _)| seen.insert(name.clone()));
        let provides: Vec<_> = first
            .map(|(id, name, span)| (*id, format!("Provides{name}"), *span))
            .collect();
        let on_host = std::iter::once(own(world.rust.clone()))
            .chain(imports)
            .chain(provides);
        let on_guest = (!world.exports.is_empty()).then(|| own(world.rust.clone()));
        let on_guest = on_guest.into_iter().chain(traits(|i| i.exported));
        self.scope(on_host.collect());
        self.scope(on_guest.collect());
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
                scope.push((&**name, naming::ty(name), def.span));
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
    pub(super) fn check_choices(&mut self, world: &World, interfaces: &[Interface]) {
        let args = self.args;
        let options = [("trappable", &args.trappable), ("borrowed", &args.borrowed)];
        let imported = interfaces.iter().filter(|interface| interface.imported);
        let functions = imported.flat_map(|interface| &interface.functions);
        let known: Vec<String> = functions
            .chain(&world.imports)
            .map(|function| function.path.clone())
            .collect();
        for (option, choice) in options {
            let Imports::Some(names) = choice else {
                continue;
            };
            for name in names {
                let found = name.value();
                if !known.iter().any(|path| names_function(&found, path)) {
                    let message = Message::ImportUnknown {
                        option,
                        found,
                        known: known.clone(),
                    };
                    self.errors.push(name.span(), message);
                }
            }
        }
    }
}
