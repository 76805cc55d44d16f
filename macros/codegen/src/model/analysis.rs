//! What follows from the model: which types are errors, which can be `Copy`, which hold floats,
//! which wit-bindgen can be told of.

use super::{Interface, Kind, Type, TypeDef, World, dealias};
use std::collections::HashMap;

/// Sets [`TypeDef::is_error`] on what stands in the `E` of a result, aliases followed.
pub(super) fn mark_errors(types: &mut [TypeDef], world: &World, interfaces: &[Interface]) {
    let functions = interfaces.iter().flat_map(|interface| &interface.functions);
    let functions = functions.chain(&world.imports).chain(&world.exports);
    let mut errors: Vec<usize> = Vec::new();
    for function in functions {
        let params = function.params.iter().map(|param| &param.ty);
        for ty in params.chain(&function.result) {
            error_types(types, ty, &mut errors);
        }
    }
    for def in types.iter() {
        match &def.kind {
            Kind::Record(fields) => {
                fields
                    .iter()
                    .for_each(|field| error_types(types, &field.ty, &mut errors));
            }
            Kind::Variant(cases) => {
                let payloads = cases.iter().filter_map(|case| case.ty.as_ref());
                payloads.for_each(|ty| error_types(types, ty, &mut errors));
            }
            Kind::Alias(of) => error_types(types, of, &mut errors),
            Kind::Enum(_) | Kind::Flags(_) => {}
        }
    }
    for index in errors {
        types[index].is_error = true;
    }
}

/// The named types in the `E` of the results in `ty`, without looking into named types.
fn error_types(types: &[TypeDef], ty: &Type, found: &mut Vec<usize>) {
    match ty {
        Type::List(of) | Type::Option(of) => error_types(types, of, found),
        Type::Tuple(of) => of.iter().for_each(|ty| error_types(types, ty, found)),
        Type::Result(ok, err) => {
            for of in [ok, err].into_iter().flatten() {
                error_types(types, of, found);
            }
            if let Some(err) = err
                && let Type::Named(id) = dealias(types, err)
            {
                found.push(id.0);
            }
        }
        Type::Bool
        | Type::Char
        | Type::String
        | Type::Number(_)
        | Type::Named(_)
        | Type::Handle(_) => {}
    }
}

/// Sets [`TypeDef::copy`] and [`TypeDef::float`]. Types stand behind what they use, so that one
/// pass is enough.
pub(super) fn mark_copy_and_float(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        let parts = def.kind.parts();
        if def.replacement.is_some() {
            // Nobody knows what the user's own type can do.
            def.float = true;
            continue;
        }
        def.copy = parts.iter().all(|ty| is_copy(before, ty));
        def.float = parts.iter().any(|ty| has_float(before, ty));
    }
}

/// Sets [`TypeDef::unmapped`]. wit-bindgen knows the types of inline interfaces by nothing but
/// their names, and two interfaces may have one of the same name, or an interface may have that
/// name itself. What is made of such a type is not mapped either.
pub(super) fn mark_unmapped(types: &mut [TypeDef], interfaces: &[Interface]) {
    let names = types.iter().filter(|def| is_inline(def));
    let names = names.map(|def| &def.bindings);
    let mut count: HashMap<String, usize> = HashMap::new();
    for name in names.chain(interfaces.iter().map(|interface| &interface.id)) {
        *count.entry(name.clone()).or_default() += 1;
    }
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        let twice = is_inline(def) && count.get(&def.bindings).is_some_and(|count| *count > 1);
        let mut parts = def.kind.parts().into_iter();
        def.unmapped = twice || parts.any(|ty| has_unmapped(before, ty));
    }
}

/// Whether a type is one of an interface that has no name but the world's for it. (To wit-bindgen,
/// what stands for a type with a name has the name of that.)
fn is_inline(def: &TypeDef) -> bool {
    let stands_for = matches!(def.kind, Kind::Alias(Type::Named(_)));
    !stands_for && def.module.is_some() && !def.bindings.contains('/')
}

fn has_unmapped(types: &[TypeDef], ty: &Type) -> bool {
    ty.any(&|ty| matches!(ty, Type::Named(id) if types[id.0].unmapped))
}

fn is_copy(types: &[TypeDef], ty: &Type) -> bool {
    // A handle's type is a parameter, and derives put their bounds on it.
    !ty.any(&|ty| match ty {
        Type::String | Type::List(_) => true,
        Type::Named(id) => !types[id.0].copy,
        _ => false,
    })
}

fn has_float(types: &[TypeDef], ty: &Type) -> bool {
    ty.any(&|ty| match ty {
        Type::Number(number) => number.is_float(),
        Type::Named(id) => types[id.0].float,
        _ => false,
    })
}
