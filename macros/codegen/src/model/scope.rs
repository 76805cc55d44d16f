//! Where things stand in a world: in an interface, or at the world's own level.

use super::ids::{ResourceId, ScopeId, TypeId};
use super::naming;
use super::types::Type;
use crate::args::Replacement;

/// An interface that the world imports, exports, or takes types from; or the world's own level.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) id: ScopeId,
    /// The name in the component: `demo:notes/clock@0.1.0`, or the plain name of an inline one;
    /// empty for the world's own level.
    pub(crate) wit: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
    pub(crate) types: Vec<TypeId>,
    /// Resources that are defined here.
    pub(crate) resources: Vec<ResourceId>,
    /// What another ABI generated for the interface, if that is to be used.
    pub(crate) replacement: Option<Replacement>,
    pub(crate) import: Option<Import>,
    pub(crate) export: Option<Export>,
}

/// What of a scope the world imports.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) functions: Vec<ImportedFunction>,
    /// Whether the runtime links it by itself, so that no host implements it: see
    /// [`wasi`](super::wasi).
    pub(crate) linked: bool,
}

/// What of a scope the world exports.
#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) functions: Vec<Function>,
}

impl Scope {
    pub(crate) fn is_world(&self) -> bool {
        self.id == ScopeId::WORLD
    }

    /// What its module is called in an ABI that has no other interface of its name.
    pub(crate) fn plain_module(&self) -> String {
        let name = naming::unversioned(&self.wit);
        naming::module(name.rsplit('/').next().unwrap_or(name))
    }

    /// Whether there is anything in it but types of values.
    pub(crate) fn has_items(&self) -> bool {
        let imports = self
            .import
            .as_ref()
            .is_some_and(|i| !i.functions.is_empty());
        let exports = self
            .export
            .as_ref()
            .is_some_and(|e| !e.functions.is_empty());
        imports || exports || !self.resources.is_empty()
    }

    /// Whether its resources are a guest's where it is exported: those of the world's own level are
    /// the host's in any case.
    pub(crate) fn exports_resources(&self) -> bool {
        self.export.is_some() && !self.is_world()
    }

    /// The functions of the import, as functions.
    pub(crate) fn imported(&self) -> impl Iterator<Item = &Function> {
        let functions = self.import.iter().flat_map(|import| &import.functions);
        functions.map(|imported| &imported.function)
    }

    pub(crate) fn exported(&self) -> impl Iterator<Item = &Function> {
        self.export.iter().flat_map(|export| &export.functions)
    }
}

/// A function that a host implements.
#[derive(Debug)]
pub(crate) struct ImportedFunction {
    pub(crate) function: Function,
    /// Whether the host may abort the guest from it.
    pub(crate) trappable: bool,
    /// Whether the host asked to borrow its arguments from the guest's memory.
    pub(crate) borrowed: bool,
}

/// A function of the world or of an interface.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    /// The name in the component: `now-ms`, `[method]bucket.get`.
    pub(crate) wit: String,
    pub(crate) kind: FunctionKind,
    /// `demo:notes/clock.now-ms`, for messages.
    pub(crate) path: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
    /// Of a method, the first is the resource itself.
    pub(crate) params: Vec<Param>,
    pub(crate) result: Option<Type>,
}

impl Function {
    /// The types of its parameters and its result.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.params
            .iter()
            .map(|param| &param.ty)
            .chain(&self.result)
    }

    /// The name without that of the resource: `now-ms`, `get`.
    pub(crate) fn item(&self) -> &str {
        self.wit.rsplit(['.', ']']).next().unwrap_or_default()
    }
}

/// What a function belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    Free,
    Constructor(ResourceId),
    Method(ResourceId),
    Static(ResourceId),
}

#[derive(Debug, Clone)]
pub(crate) struct Param {
    pub(crate) wit: String,
    pub(crate) ty: Type,
}
