//! What the option `with` replaces: interfaces that another ABI's crate generated, and single types
//! by the user's own.
//!
//! A key is a name in WIT, `demo:shapes/geometry` or `demo:shapes/geometry.point`, with or without
//! the version of the package.

use super::build::Builder;
use super::{Abi, Interface, Kind, Type, TypeDef, naming};
use crate::args::Replacement;
use crate::error::Message;

impl Builder<'_> {
    /// The entry for an interface, or for a type of it; the world itself has no name.
    pub(super) fn replacement(&self, interface: &str, ty: Option<&str>) -> Option<Replacement> {
        let is_named = |key: &str, interface: &str| match ty {
            None => key == interface,
            Some(ty) if interface.is_empty() => key == ty,
            Some(ty) => key
                .rsplit_once('.')
                .is_some_and(|(of, name)| of == interface && name == ty),
        };
        let unversioned = naming::unversioned(interface);
        let entries = self.args.with.iter();
        let mut keys = entries.map(|(key, _)| key.value());
        let index = keys.position(|key| is_named(&key, interface) || is_named(&key, unversioned));
        index.map(Replacement)
    }

    /// Refuses entries that name nothing, or something that cannot be replaced.
    pub(super) fn check_with(&mut self, interfaces: &[Interface]) {
        for (index, (key, path)) in self.args.with.iter().enumerate() {
            let this = Some(Replacement(index));
            let first = path
                .segments
                .first()
                .map(|segment| segment.ident.to_string());
            let relative = matches!(first.as_deref(), Some("self" | "super"));
            let of_interface = interfaces.iter().any(|i| i.replacement == this);
            let ty = self.types.iter().find(|def| def.replacement == this);
            let found = key.value();
            let message = if relative {
                Message::WithRelative { found }
            } else if of_interface && path.segments.len() < 2 && path.leading_colon.is_none() {
                Message::WithModule { found }
            } else if !of_interface && ty.is_none() {
                let interfaces = interfaces
                    .iter()
                    .map(|i| naming::unversioned(&i.id).to_owned());
                let types = self.types.iter().filter(|def| can_be_replaced(def));
                let types = types.map(|def| def.path.clone());
                Message::WithUnknown {
                    found,
                    known: interfaces.chain(types).collect(),
                }
            } else if ty.is_some_and(|def| !can_be_replaced(def)) {
                Message::WithKind { found }
            } else {
                continue;
            };
            self.errors.push(key.span(), message);
        }
    }
}

impl Abi {
    /// Whether wit-bindgen passes lists of a type as they lie in the guest's memory: it does with
    /// records of nothing but numbers, and of such records.
    pub(crate) fn passed_as_it_lies(&self, def: &TypeDef) -> bool {
        let Kind::Record(fields) = &def.kind else {
            return false;
        };
        fields.iter().all(|field| match self.dealias(&field.ty) {
            Type::Number(_) => true,
            Type::Named(id) => self.passed_as_it_lies(self.def(*id)),
            _ => false,
        })
    }
}

/// Whether a type of the user's own can stand for a type.
fn can_be_replaced(def: &TypeDef) -> bool {
    let kind = matches!(def.kind, Kind::Record(_) | Kind::Variant(_) | Kind::Enum(_));
    kind && def.handles.is_empty()
}
