//! What the option `with` replaces: interfaces that another ABI's crate generated, and single types
//! by the user's own.
//!
//! A key is a name in WIT, `demo:shapes/geometry` or `demo:shapes/geometry.point`, with or without
//! the version of the package; or the package alone, `demo:shapes`, for all interfaces of it that have
//! no entry of their own.

use super::abi::Abi;
use super::builder::Builder;
use super::naming;
use super::scope::Scope;
use super::types::{Kind, Type, TypeDef};
use crate::args::{Replacement, With};
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
        let position = |is_meant: &dyn Fn(&str) -> bool| {
            let mut keys = self.args.with.iter().map(With::key);
            keys.position(|key| is_meant(&key)).map(Replacement)
        };
        let own = position(&|key| is_named(key, interface) || is_named(key, unversioned));
        own.or_else(|| {
            let packages = packages(interface)?;
            let of_all = || position(&|key| packages.iter().any(|package| package == key));
            ty.is_none().then(of_all).flatten()
        })
    }

    /// Refuses entries that name nothing, or something that cannot be replaced.
    pub(super) fn check_with(&mut self, scopes: &[Scope]) {
        let interfaces = || scopes.iter().filter(|scope| !scope.is_world());
        for (index, entry) in self.args.with.iter().enumerate() {
            let this = Some(Replacement(index));
            let of_interface = interfaces().any(|i| i.replacement == this);
            let ty = self.types.iter().find(|def| def.replacement == this);
            let found = entry.key();
            let message = if entry.is_relative() {
                Message::WithRelative { found }
            } else if of_interface && !entry.has_module() && !entry.is_package() {
                Message::WithModule { found }
            } else if !of_interface && ty.is_none() {
                let interfaces = interfaces().map(|i| naming::unversioned(&i.wit).to_owned());
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
            self.errors.push(entry.span(), message);
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

/// The package of an interface, `demo:shapes`, and with its version, `demo:shapes@0.1.0`, which stands
/// behind the interface's name; an interface written in a world has none.
fn packages(interface: &str) -> Option<[String; 2]> {
    let (package, rest) = interface.split_once('/')?;
    let version = rest.split_once('@').map_or("", |(_, version)| version);
    Some([package.to_owned(), format!("{package}@{version}")])
}

/// Whether a type of the user's own can stand for a type.
fn can_be_replaced(def: &TypeDef) -> bool {
    let kind = matches!(def.kind, Kind::Record(_) | Kind::Variant(_) | Kind::Enum(_));
    kind && def.facts.handles.is_empty()
}
