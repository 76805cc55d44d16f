//! WIT types → model types. What is not supported is refused here, at its place in the WIT.

use super::builder::Builder;
use super::facts::Facts;
use super::ids::{ResourceId, ScopeId, TypeId};
use super::naming;
use super::resource::{Leaf, Resource};
use super::types::{Case, Field, Kind, Number, Type, TypeDef};
use crate::error::Message;
use wit_parser::{self as wp, TypeDefKind};

/// A component can have no more flags in one type (wasmparser refuses it).
const MAX_FLAGS: usize = 32;

/// Rust's own traits (`Debug`, `PartialEq`, …) are there for no longer tuples.
const MAX_TUPLE: usize = 12;

impl Builder<'_> {
    /// The resources among `types`, which are defined in one place.
    pub(super) fn resources(&mut self, types: impl Iterator<Item = wp::TypeId>) -> Vec<ResourceId> {
        let resolve = &self.package.resolve;
        let mut ids = Vec::new();
        for id in types {
            let def = &resolve.types[id];
            if !matches!(def.kind, TypeDefKind::Resource) {
                continue;
            }
            let wit = def.name.clone().unwrap_or_default();
            let (scope, path) = match self.scope_of(def.owner) {
                Some((scope, interface)) => {
                    let owner = resolve.id_of(interface.id);
                    let owner = owner.as_deref().unwrap_or(&interface.name);
                    (scope, format!("{}.{wit}", naming::unversioned(owner)))
                }
                None => (ScopeId::WORLD, wit.clone()),
            };
            let new = ResourceId(self.resources.len());
            self.resources.push(Resource {
                path,
                docs: def.docs.contents.clone(),
                deprecated: self.note_of_type(id),
                scope,
                wit,
            });
            self.resource_ids.insert(id, new);
            ids.push(new);
        }
        ids
    }

    /// The resource that a type is, or is another name of.
    fn resource_of(&self, mut id: wp::TypeId) -> Option<ResourceId> {
        loop {
            match &self.package.resolve.types[id].kind {
                TypeDefKind::Resource => return self.resource_ids.get(&id).copied(),
                TypeDefKind::Type(wp::Type::Id(of)) => id = *of,
                _ => return None,
            }
        }
    }

    /// The types of values among `types`: a resource is none.
    pub(super) fn value_types(&mut self, types: impl Iterator<Item = wp::TypeId>) -> Vec<TypeId> {
        let mut ids = Vec::new();
        for id in types {
            if self.resource_of(id).is_none() {
                ids.push(self.type_def(id));
            }
        }
        ids
    }

    /// The model's id of a named type, building it and what it uses on first sight.
    fn type_def(&mut self, id: wp::TypeId) -> TypeId {
        if let Some(known) = self.ids.get(&id) {
            return *known;
        }
        let resolve = &self.package.resolve;
        let def = &resolve.types[id];
        let wit = def.name.clone().unwrap_or_default();
        let kind = self.kind(def, &wit);
        let (scope, path, replacement, whole) = match self.scope_of(def.owner) {
            Some((scope, interface)) => {
                let owner = resolve.id_of(interface.id);
                let owner = owner.unwrap_or_else(|| naming::module(&interface.name));
                let path = format!("{}.{wit}", naming::unversioned(&owner));
                let whole = self.replacement(&resolve.name_world_key(&interface.key), None);
                (scope, path, self.replacement(&owner, Some(&wit)), whole)
            }
            None => {
                let replacement = self.replacement("", Some(&wit));
                (ScopeId::WORLD, wit.clone(), replacement, None)
            }
        };
        let mut facts = Facts::of_kind(&self.types, &kind);
        if replacement.is_some() {
            facts = facts.of_replaced();
        }
        // A view would have to stand beside a type that is not generated here.
        facts.lends &= whole.is_none();
        let new = TypeId(self.types.len());
        self.types.push(TypeDef {
            path,
            scope,
            docs: def.docs.contents.clone(),
            deprecated: self.note_of_type(id),
            kind,
            replacement,
            facts,
            wit,
        });
        self.ids.insert(id, new);
        new
    }

    fn kind(&mut self, def: &wp::TypeDef, wit: &str) -> Kind {
        match &def.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|field| Field {
                    wit: field.name.clone(),
                    docs: field.docs.contents.clone(),
                    ty: self.ty(&field.ty, field.span),
                });
                Kind::Record(fields.collect())
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| Case {
                    wit: case.name.clone(),
                    docs: case.docs.contents.clone(),
                    ty: case.ty.as_ref().map(|ty| self.ty(ty, case.span)),
                });
                Kind::Variant(cases.collect())
            }
            TypeDefKind::Enum(of) => {
                let cases = of.cases.iter().map(|case| Case {
                    wit: case.name.clone(),
                    docs: case.docs.contents.clone(),
                    ty: None,
                });
                Kind::Enum(cases.collect())
            }
            TypeDefKind::Flags(of) => {
                let count = of.flags.len();
                if count > MAX_FLAGS {
                    let at = self.package.location(def.span);
                    let name = wit.to_owned();
                    let message = Message::TooManyFlags { at, name, count };
                    self.errors.push(self.args.wit_span(), message);
                }
                Kind::Flags(
                    of.flags
                        .iter()
                        .map(|flag| Case {
                            wit: flag.name.clone(),
                            docs: flag.docs.contents.clone(),
                            ty: None,
                        })
                        .collect(),
                )
            }
            other => Kind::Alias(self.anonymous(other, def.span)),
        }
    }

    pub(super) fn ty(&mut self, ty: &wp::Type, span: wp::Span) -> Type {
        match ty {
            wp::Type::Bool => Type::Bool,
            wp::Type::Char => Type::Char,
            wp::Type::String => Type::String,
            wp::Type::U8 => Type::Number(Number::U8),
            wp::Type::U16 => Type::Number(Number::U16),
            wp::Type::U32 => Type::Number(Number::U32),
            wp::Type::U64 => Type::Number(Number::U64),
            wp::Type::S8 => Type::Number(Number::S8),
            wp::Type::S16 => Type::Number(Number::S16),
            wp::Type::S32 => Type::Number(Number::S32),
            wp::Type::S64 => Type::Number(Number::S64),
            wp::Type::F32 => Type::Number(Number::F32),
            wp::Type::F64 => Type::Number(Number::F64),
            wp::Type::ErrorContext => self.not_yet("error-context", span),
            wp::Type::Id(id) => {
                let def = &self.package.resolve.types[*id];
                if let Some(resource) = self.resource_of(*id) {
                    // WIT has it that the bare name of a resource is a handle that owns it.
                    Type::Handle(Leaf {
                        resource,
                        own: true,
                    })
                } else if def.name.is_some() {
                    Type::Named(self.type_def(*id))
                } else {
                    self.anonymous(&def.kind, span)
                }
            }
        }
    }

    /// A type without a name of its own.
    fn anonymous(&mut self, kind: &TypeDefKind, span: wp::Span) -> Type {
        match kind {
            TypeDefKind::List(of) => Type::List(Box::new(self.ty(of, span))),
            TypeDefKind::Option(of) => Type::Option(Box::new(self.ty(of, span))),
            TypeDefKind::Result(of) => {
                let ok = of.ok.as_ref().map(|ty| Box::new(self.ty(ty, span)));
                let err = of.err.as_ref().map(|ty| Box::new(self.ty(ty, span)));
                Type::Result(ok, err)
            }
            TypeDefKind::Tuple(of) => {
                let count = of.types.len();
                if count > MAX_TUPLE {
                    let what = format!("a tuple of {count} elements");
                    self.unsupported(span, what, "use a record: Rust has tuples of up to 12");
                }
                Type::Tuple(of.types.iter().map(|ty| self.ty(ty, span)).collect())
            }
            TypeDefKind::Type(of) => self.ty(of, span),
            TypeDefKind::Handle(handle) => self.handle(*handle, span),
            other => self.not_yet(other.as_str(), span),
        }
    }

    fn handle(&mut self, handle: wp::Handle, span: wp::Span) -> Type {
        let (id, own) = match handle {
            wp::Handle::Own(id) => (id, true),
            wp::Handle::Borrow(id) => (id, false),
        };
        match self.resource_of(id) {
            Some(resource) => Type::Handle(Leaf { resource, own }),
            None => self.not_yet("handle", span),
        }
    }

    /// Refuses a kind of type, and stands in for it so that the rest is still checked.
    fn not_yet(&mut self, what: &str, span: wp::Span) -> Type {
        let instead = match what {
            "future" | "stream" | "error-context" => {
                "only synchronous worlds are; pass lists, or call again for the next part"
            }
            "map" => "wasmtime has it switched off; use `list<tuple<key, value>>`",
            _ => "wasmtime has it switched off; use `list`",
        };
        self.unsupported(span, format!("`{what}`"), instead);
        Type::Bool
    }
}
