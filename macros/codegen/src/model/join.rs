//! The facts of types, joined from those of their parts in one pass.

use super::facts::Facts;
use super::types::{Kind, Type, TypeDef, dealias};

impl Facts {
    /// Of a type where it is used.
    pub(crate) fn of(types: &[TypeDef], ty: &Type) -> Self {
        let facts = ty.children().map(|of| Self::of(types, of));
        let mut all = facts.fold(Self::nothing(), Self::and);
        match ty {
            Type::Bool | Type::Char | Type::Option(_) => {}
            Type::Number(number) => all.float = number.is_float(),
            Type::String => {
                (all.copy, all.flat, all.lends) = (false, false, true);
            }
            Type::List(of) => {
                (all.copy, all.flat) = (false, false);
                all.lends |= matches!(dealias(types, of), Type::Number(_));
            }
            Type::Result(..) => all.flat = false,
            Type::Tuple(of) => all.flat &= !of.is_empty(),
            Type::Handle(leaf) => {
                all.flat = false;
                all.handles.push(*leaf);
            }
            Type::Named(id) => return types[id.0].facts.clone(),
        }
        all
    }

    /// Of what a named type is made of. Types stand behind what they use, so all of that is known.
    pub(crate) fn of_kind(types: &[TypeDef], kind: &Kind) -> Self {
        let parts = kind.parts().into_iter();
        let facts = parts.map(|of| Self::of(types, of));
        let mut all = facts.fold(Self::nothing(), Self::and);
        match kind {
            Kind::Record(fields) => all.flat &= !fields.is_empty(),
            Kind::Variant(_) => all.flat = false,
            Kind::Enum(_) | Kind::Flags(_) | Kind::Alias(_) => {}
        }
        all
    }
}
