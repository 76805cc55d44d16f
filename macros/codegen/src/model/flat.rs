//! Which types are flat: laid out by the canonical ABI in a fixed number of bytes that hold no
//! pointer, no handle and no variant's payload. The runtime reads and writes lists of these in one
//! pass.

use super::{Kind, Type, TypeDef};

/// Sets [`TypeDef::flat`]. Types stand behind what they use, so that one pass is enough.
pub(super) fn mark(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        if def.replacement.is_some() {
            // The user's own type is read and written in another way.
            continue;
        }
        def.flat = match &def.kind {
            Kind::Record(fields) => {
                !fields.is_empty() && fields.iter().all(|field| is_flat(before, &field.ty))
            }
            Kind::Enum(_) | Kind::Flags(_) => true,
            Kind::Variant(_) => false,
            Kind::Alias(of) => is_flat(before, of),
        };
    }
}

pub(super) fn is_flat(types: &[TypeDef], ty: &Type) -> bool {
    !ty.any(&|ty| match ty {
        Type::String | Type::List(_) | Type::Result(..) | Type::Handle(_) => true,
        Type::Tuple(of) => of.is_empty(),
        Type::Named(id) => !types[id.0].flat,
        Type::Bool | Type::Char | Type::Number(_) | Type::Option(_) => false,
    })
}
