//! The model in the making, and what is asked of the WIT that it is made from.

use super::ids::{ResourceId, ScopeId, TypeId};
use super::resource::Resource;
use super::types::TypeDef;
use crate::args::Args;
use crate::error::{Errors, Message};
use crate::wit::Package;
use std::collections::HashMap;
use wit_parser::{self as wp, WorldItem, WorldKey};

/// What is known of the model so far.
pub(super) struct Builder<'a> {
    pub(super) package: &'a Package,
    pub(super) args: &'a Args,
    pub(super) errors: Errors,
    /// The interfaces of the world, in the order of their scopes.
    pub(super) interfaces: Vec<InterfaceKey>,
    pub(super) types: Vec<TypeDef>,
    pub(super) ids: HashMap<wp::TypeId, TypeId>,
    pub(super) resources: Vec<Resource>,
    pub(super) resource_ids: HashMap<wp::TypeId, ResourceId>,
}

/// An interface of the world, before anything in it is looked at.
pub(super) struct InterfaceKey {
    pub(super) id: wp::InterfaceId,
    pub(super) key: WorldKey,
    pub(super) imported: bool,
    pub(super) exported: bool,
    /// The shortest name that no other interface of the world has, in kebab-case.
    pub(super) name: String,
}

impl<'a> Builder<'a> {
    pub(super) fn new(package: &'a Package, args: &'a Args) -> Self {
        Self {
            package,
            args,
            errors: Errors::default(),
            interfaces: Vec::new(),
            types: Vec::new(),
            ids: HashMap::new(),
            resources: Vec::new(),
            resource_ids: HashMap::new(),
        }
    }

    pub(super) fn world(&self) -> &'a wp::World {
        &self.package.resolve.worlds[self.package.world]
    }

    /// The interfaces with the ids of their scopes: the world's own level comes before them.
    pub(super) fn scopes(&self) -> impl Iterator<Item = (ScopeId, &InterfaceKey)> {
        let interfaces = self.interfaces.iter().enumerate();
        interfaces.map(|(index, interface)| (ScopeId(index + 1), interface))
    }

    /// The scope of what an interface of the world owns.
    pub(super) fn scope_of(&self, owner: wp::TypeOwner) -> Option<(ScopeId, &InterfaceKey)> {
        let wp::TypeOwner::Interface(interface) = owner else {
            return None;
        };
        self.scopes().find(|(_, known)| known.id == interface)
    }

    /// Refuses something that the WIT has, at its place.
    pub(super) fn unsupported(&mut self, span: wp::Span, what: String, instead: &'static str) {
        let at = self.package.location(span);
        let message = Message::Unsupported { at, what, instead };
        self.errors.push(self.args.wit_span(), message);
    }
}

/// The functions of one side of a world, at its own level.
pub(super) fn functions(
    items: &wp::IndexMap<WorldKey, WorldItem>,
) -> impl Iterator<Item = &wp::Function> {
    items.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    })
}

/// The types of a world, which stand among its imports.
pub(super) fn types(items: &wp::IndexMap<WorldKey, WorldItem>) -> impl Iterator<Item = wp::TypeId> {
    items.values().filter_map(|item| match item {
        WorldItem::Type { id, .. } => Some(*id),
        _ => None,
    })
}
