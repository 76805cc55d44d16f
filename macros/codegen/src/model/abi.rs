//! The model of a world, and what emitters ask of it.

use super::bindings::Bindings;
use super::facts::Facts;
use super::ids::{ResourceId, ScopeId, TypeId};
use super::names::Names;
use super::resource::{Leaf, Resource};
use super::scope::{Function, Import, Scope};
use super::types::{Type, TypeDef, dealias};
use super::view::View;
use crate::error::Message;
use std::collections::HashSet;
use std::path::PathBuf;

/// One world, with everything that it imports, exports and uses: the facts of its WIT, what they
/// are called in Rust, and where wit-bindgen has them.
#[derive(Debug)]
pub(crate) struct Abi {
    /// `demo:notes`.
    pub(crate) package: String,
    pub(crate) version: Option<String>,
    pub(crate) world: World,
    /// The world's own level, and then every interface. A [`ScopeId`] is an index in here.
    pub(crate) scopes: Vec<Scope>,
    /// Every named type, behind those that it is made of. A [`TypeId`] is an index in here.
    pub(crate) types: Vec<TypeDef>,
    /// Every resource. A [`ResourceId`] is an index in here.
    pub(crate) resources: Vec<Resource>,
    /// How deep the types are nested at most.
    pub(crate) depth: usize,
    /// See [`fingerprint`](super::fingerprint).
    pub(crate) fingerprint: u64,
    pub(crate) sources: Vec<Source>,
    /// Why no guest can be compiled: see [`guests`](super::guests).
    pub(crate) refused_on_guests: Vec<Message>,
    pub(crate) names: Names,
    pub(crate) bindings: Bindings,
    /// The types that are the `E` of some `result<T, E>`.
    pub(super) errors: HashSet<TypeId>,
    /// What a host's method gets in place of a type, where it asked to borrow; by [`TypeId`].
    pub(super) views: Vec<Option<View>>,
}

/// A WIT text that the model was made from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file: its path as the user would write it, and its absolute path.
    File { shown: String, path: PathBuf },
    /// Text that stands in the macro.
    Inline(String),
}

/// The world as a whole. What it has at its own level is a scope.
#[derive(Debug)]
pub(crate) struct World {
    /// `notes`.
    pub(crate) wit: String,
    /// `demo:notes/notes@0.1.0`.
    pub(crate) id: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
}

impl Abi {
    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The type that `ty` means when aliases are followed.
    pub(crate) fn dealias<'a>(&'a self, ty: &'a Type) -> &'a Type {
        dealias(&self.types, ty)
    }

    pub(crate) fn facts(&self, ty: &Type) -> Facts {
        Facts::of(&self.types, ty)
    }

    /// Every sort of handle in a type, each once.
    pub(crate) fn handles(&self, ty: &Type) -> Vec<Leaf> {
        self.facts(ty).handles
    }

    /// Whether a type is the `E` of some `result<T, E>`.
    pub(crate) fn is_error(&self, id: TypeId) -> bool {
        self.errors.contains(&id)
    }

    /// What a host's method gets in place of a type, where it asked to borrow.
    pub(crate) fn view(&self, id: TypeId) -> Option<&View> {
        self.views[id.0].as_ref()
    }

    pub(crate) fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0]
    }

    /// The world's own level.
    pub(crate) fn level(&self) -> &Scope {
        self.scope(ScopeId::WORLD)
    }

    pub(crate) fn interfaces(&self) -> &[Scope] {
        &self.scopes[1..]
    }

    /// Every sort of handle in the parameters and the result of a function.
    pub(crate) fn mentioned(&self, function: &Function) -> Vec<Leaf> {
        function.types().flat_map(|ty| self.handles(ty)).collect()
    }

    /// Whether a guest provides a resource.
    pub(crate) fn is_exported(&self, id: ResourceId) -> bool {
        self.scope(self.resource(id).scope).exports_resources()
    }

    /// Whether a handle in the signature of a function is one on a resource that the guest
    /// provides. `exported` is whether the function is one of an interface that the guest exports:
    /// there, a name means the export of an interface that is imported as well.
    pub(crate) fn is_guests(&self, leaf: Leaf, exported: bool) -> bool {
        exported && self.is_exported(leaf.resource)
    }

    /// Whether all of an interface is used from another ABI: not what a guest exports, which is its
    /// own.
    pub(crate) fn is_used_whole(&self, scope: &Scope) -> bool {
        let is_empty = scope.types.is_empty() && !scope.has_items();
        scope.replacement.is_some() && scope.export.is_none() && !is_empty
    }

    /// What a host implements: interfaces, and then the world's own level.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&Scope, &Import)> {
        let scopes = self.interfaces().iter().chain([self.level()]);
        let imports = scopes.filter_map(|scope| Some((scope, scope.import.as_ref()?)));
        imports.filter(|(scope, import)| !import.linked && scope.has_items())
    }

    /// Interfaces that a guest implements.
    pub(crate) fn exported(&self) -> impl Iterator<Item = &Scope> {
        let exported = self.interfaces().iter();
        exported.filter(|scope| scope.export.is_some() && scope.has_items())
    }

    /// Resources that a host provides, in the order of their tables.
    pub(crate) fn host_resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        let all = self.resources.iter().enumerate();
        let imported = all.filter(|(_, resource)| {
            let import = &self.scope(resource.scope).import;
            import.as_ref().is_some_and(|import| !import.linked)
        });
        imported.map(|(index, resource)| (ResourceId(index), resource))
    }
}
