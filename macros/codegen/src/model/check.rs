//! Checks of a whole model, once every name in it is known.

use super::{Interface, Kind, TypeDef, World};
use crate::args::{Args, Trappable};
use crate::error::{Errors, Message};
use std::collections::HashMap;

/// Refuses WIT names that are different in WIT and the same in Rust.
pub(super) fn names(
    types: &[TypeDef],
    world: &World,
    interfaces: &[Interface],
    args: &Args,
    errors: &mut Errors,
) {
    let mut scopes: Vec<Vec<(String, String)>> = Vec::new();
    let pair = |wit: &str, rust: &str| (wit.to_owned(), rust.to_owned());
    for def in types {
        match &def.kind {
            Kind::Record(fields) => {
                scopes.push(fields.iter().map(|f| pair(&f.wit, &f.rust)).collect());
            }
            Kind::Variant(cases) | Kind::Enum(cases) | Kind::Flags(cases) => {
                scopes.push(cases.iter().map(|c| pair(&c.wit, &c.rust)).collect());
            }
            Kind::Alias(_) => {}
        }
    }
    let function_lists = interfaces.iter().map(|i| &i.functions);
    for list in function_lists.chain([&world.imports, &world.exports]) {
        scopes.push(list.iter().map(|f| pair(&f.wit, &f.rust)).collect());
        for function in list {
            let params = function.params.iter();
            scopes.push(params.map(|p| pair(&p.wit, &p.rust)).collect());
        }
    }
    let type_lists = interfaces.iter().map(|i| &i.types);
    for list in type_lists.chain([&world.types]) {
        let defs = list.iter().map(|id| &types[id.0]);
        scopes.push(defs.map(|def| pair(&def.wit, &def.rust)).collect());
    }
    let modules = interfaces.iter().map(|i| pair(&i.id, &i.module));
    scopes.push(modules.collect());
    for scope in scopes {
        let mut seen: HashMap<String, String> = HashMap::new();
        for (wit, rust) in scope {
            if let Some(first) = seen.get(&rust) {
                let message = Message::NameTaken {
                    at: world.id.clone(),
                    wit,
                    rust,
                    first: first.clone(),
                };
                errors.push(args.wit_span(), message);
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
