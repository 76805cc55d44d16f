//! What follows from the model: which types are errors, which can be `Copy`, which hold floats.

use super::{Interface, Kind, Type, TypeDef, World, dealias};

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

/// Sets [`TypeDef::copy`] and [`TypeDef::float`]. Types stand behind what they use, so that one pass
/// is enough.
pub(super) fn mark_copy_and_float(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        let parts: Vec<&Type> = match &def.kind {
            Kind::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
            Kind::Variant(cases) => cases.iter().filter_map(|case| case.ty.as_ref()).collect(),
            Kind::Enum(_) | Kind::Flags(_) => Vec::new(),
            Kind::Alias(of) => vec![of],
        };
        if def.replacement.is_some() {
            // Nobody knows what the user's own type can do.
            def.float = true;
            continue;
        }
        def.copy = parts.iter().all(|ty| is_copy(before, ty));
        def.float = parts.iter().any(|ty| has_float(before, ty));
    }
}

fn is_copy(types: &[TypeDef], ty: &Type) -> bool {
    match ty {
        // A handle's type is a parameter, and derives put their bounds on it.
        Type::Bool | Type::Char | Type::Number(_) | Type::Handle(_) => true,
        Type::String | Type::List(_) => false,
        Type::Option(of) => is_copy(types, of),
        Type::Result(ok, err) => [ok, err].into_iter().flatten().all(|ty| is_copy(types, ty)),
        Type::Tuple(of) => of.iter().all(|ty| is_copy(types, ty)),
        Type::Named(id) => types[id.0].copy,
    }
}

fn has_float(types: &[TypeDef], ty: &Type) -> bool {
    match ty {
        Type::Number(number) => number.is_float(),
        Type::Bool | Type::Char | Type::String | Type::Handle(_) => false,
        Type::List(of) | Type::Option(of) => has_float(types, of),
        Type::Result(ok, err) => [ok, err]
            .into_iter()
            .flatten()
            .any(|ty| has_float(types, ty)),
        Type::Tuple(of) => of.iter().any(|ty| has_float(types, ty)),
        Type::Named(id) => types[id.0].float,
    }
}
