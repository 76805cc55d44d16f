//! Types, as WIT has them.

use super::facts::Facts;
use super::ids::{ScopeId, TypeId};
use super::resource::Leaf;
use crate::args::Replacement;

/// A type where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Char,
    String,
    Number(Number),
    List(Box<Type>),
    Option(Box<Type>),
    Result(Option<Box<Type>>, Option<Box<Type>>),
    Tuple(Vec<Type>),
    Named(TypeId),
    /// A handle on a resource.
    Handle(Leaf),
}

impl Type {
    /// What WIT calls a type that is written with others, and those, in their order: `_` stands for
    /// one that is not there. `None` for a type that is written with none.
    pub(crate) fn generic(&self) -> Option<(&'static str, Vec<Option<&Self>>)> {
        Some(match self {
            Self::List(of) => ("list", vec![Some(of)]),
            Self::Option(of) => ("option", vec![Some(of)]),
            Self::Result(ok, err) => ("result", vec![ok.as_deref(), err.as_deref()]),
            Self::Tuple(of) => ("tuple", of.iter().map(Some).collect()),
            Self::Bool
            | Self::Char
            | Self::String
            | Self::Number(_)
            | Self::Named(_)
            | Self::Handle(_) => return None,
        })
    }

    /// The types that this one is written with. What a named type is made of, its definition says.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        let written = self.generic().map(|(_, of)| of);
        written.into_iter().flatten().flatten()
    }

    /// What WIT calls a type that is nothing but its name; nothing for others.
    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Char => "char",
            Self::String => "string",
            Self::Number(number) => number.wit(),
            _ => "",
        }
    }

    /// Visits this type and all that it is written with, from the outside in.
    pub(crate) fn walk<'t>(&'t self, visit: &mut dyn FnMut(&'t Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    U8,
    U16,
    U32,
    U64,
    S8,
    S16,
    S32,
    S64,
    F32,
    F64,
}

impl Number {
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    pub(crate) fn wit(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::S8 => "s8",
            Self::S16 => "s16",
            Self::S32 => "s32",
            Self::S64 => "s64",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

/// A type with a name.
#[derive(Debug)]
pub(crate) struct TypeDef {
    /// `page`.
    pub(crate) wit: String,
    /// `demo:notes/render.page`, for docs and messages.
    pub(crate) path: String,
    /// Where it is defined.
    pub(crate) scope: ScopeId,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
    pub(crate) kind: Kind,
    /// The user's own type that stands for this one.
    pub(crate) replacement: Option<Replacement>,
    pub(crate) facts: Facts,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Record(Vec<Field>),
    /// A variant, or an enum where no case has a payload and WIT says `enum`.
    Variant(Vec<Case>),
    Enum(Vec<Case>),
    Flags(Vec<Case>),
    Alias(Type),
}

impl Kind {
    /// The types that a named type is made of.
    pub(crate) fn parts(&self) -> Vec<&Type> {
        match self {
            Self::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
            Self::Variant(cases) => cases.iter().filter_map(|case| case.ty.as_ref()).collect(),
            Self::Enum(_) | Self::Flags(_) => Vec::new(),
            Self::Alias(of) => vec![of],
        }
    }
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) wit: String,
    pub(crate) docs: Option<String>,
    pub(crate) ty: Type,
}

/// A case of a variant or an enum, or one flag.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) wit: String,
    pub(crate) docs: Option<String>,
    pub(crate) ty: Option<Type>,
}

/// The type that `ty` means when aliases are followed.
pub(crate) fn dealias<'a>(types: &'a [TypeDef], mut ty: &'a Type) -> &'a Type {
    while let Type::Named(id) = ty
        && let Kind::Alias(of) = &types[id.0].kind
    {
        ty = of;
    }
    ty
}
