//! Which types are errors: what stands in the `E` of a `result`, aliases followed.

use super::ids::TypeId;
use super::scope::Scope;
use super::types::{Type, TypeDef, dealias};
use std::collections::HashSet;

/// The errors among `types`, as what is in `scopes` and the types themselves use them.
pub(super) fn of(types: &[TypeDef], scopes: &[Scope]) -> HashSet<TypeId> {
    let functions = scopes
        .iter()
        .flat_map(|scope| scope.imported().chain(scope.exported()));
    let used = functions.flat_map(|function| function.types());
    let parts = types.iter().flat_map(|def| def.kind.parts());
    let mut errors = HashSet::new();
    for ty in used.chain(parts) {
        ty.walk(&mut |ty| {
            if let Type::Result(_, Some(err)) = ty
                && let Type::Named(id) = dealias(types, err)
            {
                errors.insert(*id);
            }
        });
    }
    errors
}
