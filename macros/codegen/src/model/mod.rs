//! The model of an ABI: what `abi!` generates code for, and nothing about how that code looks.
//!
//! The model knows neither `syn` nor `wasmtime`. Every name in it is final: emitters only print.

mod abi;
mod analysis;
pub(crate) mod bindings;
mod build;
mod check;
mod define;
mod fingerprint;
mod flat;
mod gates;
mod guests;
mod handles;
mod limits;
mod modules;
pub(crate) mod naming;
mod resource;
mod shape;
mod view;
mod wasi;
mod with;

pub(crate) use build::build;
pub(crate) use resource::{Associated, Leaf, Resource, ResourceId};
pub(crate) use view::View;
pub use wasi::PACKAGES as WASI_PACKAGES;

use crate::args::Replacement;
use crate::error::Message;
use std::path::PathBuf;

/// One world, with everything that it imports, exports and uses.
#[derive(Debug)]
pub(crate) struct Abi {
    /// How deep its types are nested at most.
    pub(crate) depth: usize,
    /// `demo:notes`.
    pub(crate) package: String,
    pub(crate) version: Option<String>,
    pub(crate) world: World,
    pub(crate) interfaces: Vec<Interface>,
    /// Every named type. A [`TypeId`] is an index in here.
    pub(crate) types: Vec<TypeDef>,
    /// Every resource. A [`ResourceId`] is an index in here.
    pub(crate) resources: Vec<Resource>,
    pub(crate) sources: Vec<Source>,
    /// Why no guest can be compiled: see [`guests`].
    pub(crate) refused_on_guests: Vec<Message>,
    /// See [`fingerprint`].
    pub(crate) fingerprint: u64,
}

/// A WIT text that the model was made from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file: its path as the user would write it, and its absolute path.
    File { shown: String, path: PathBuf },
    /// Text that stands in the macro.
    Inline(String),
}

/// The world itself.
#[derive(Debug)]
pub(crate) struct World {
    /// `notes`.
    pub(crate) wit: String,
    /// `demo:notes/notes@0.1.0`.
    pub(crate) id: String,
    /// The handle on the host, the trait on the guest.
    pub(crate) rust: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`].
    pub(crate) deprecated: Option<String>,
    /// Functions imported and exported at world level.
    pub(crate) imports: Vec<Function>,
    pub(crate) exports: Vec<Function>,
    /// Types defined in the world.
    pub(crate) types: Vec<TypeId>,
    /// Resources defined in the world. The host provides them.
    pub(crate) resources: Vec<ResourceId>,
    /// See [`Interface::associated`].
    pub(crate) associated: Vec<Associated>,
}

impl World {
    /// Whether the world imports anything at its own level that a host implements.
    pub(crate) fn has_imports(&self) -> bool {
        !(self.imports.is_empty() && self.resources.is_empty())
    }
}

/// An interface that the world imports, exports, or takes types from.
#[derive(Debug)]
pub(crate) struct Interface {
    /// The name in the component: `demo:notes/clock@0.1.0`, or the plain name of an inline one.
    pub(crate) id: String,
    pub(crate) module: String,
    /// The trait on both sides, and the view of an exported interface.
    pub(crate) rust: String,
    /// The method of the handle that gives the view.
    pub(crate) accessor: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`].
    pub(crate) deprecated: Option<String>,
    pub(crate) types: Vec<TypeId>,
    /// Resources defined in the interface.
    pub(crate) resources: Vec<ResourceId>,
    /// The resources that the interface defines, and those of others that its functions name: the
    /// associated types of the trait that a host implements.
    pub(crate) associated: Vec<Associated>,
    pub(crate) functions: Vec<Function>,
    pub(crate) imported: bool,
    pub(crate) exported: bool,
    /// Whether the runtime links the import by itself, so that no host implements it: see [`wasi`].
    pub(crate) linked: bool,
    /// What another ABI generated for the interface, if that is to be used.
    pub(crate) replacement: Option<Replacement>,
    /// Where wit-bindgen puts the functions of an import: `demo`, `notes`, `clock`.
    pub(crate) bindings: Vec<String>,
}

/// A function of the world or of an interface.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name in the component: `now-ms`, `[method]bucket.get`.
    pub(crate) wit: String,
    pub(crate) kind: FunctionKind,
    pub(crate) rust: String,
    /// The method of the handle, for a function at world level. Elsewhere the same as `rust`.
    pub(crate) method: String,
    /// `demo:notes/clock.now-ms`, for messages.
    pub(crate) path: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`].
    pub(crate) deprecated: Option<String>,
    /// Of a method, the first is the resource itself.
    pub(crate) params: Vec<Param>,
    pub(crate) result: Option<Type>,
    /// Resources of which one call may be lent several: the guest may lend the same one twice.
    pub(crate) shared: Vec<ResourceId>,
    /// As an export: the host's resources that it names, which are generic where it is called.
    pub(crate) generics: Vec<Associated>,
    /// As an import: whether the host may abort the guest from it.
    pub(crate) trappable: bool,
    /// As an import: whether the host asked to borrow its arguments from the guest's memory.
    pub(crate) borrowed: bool,
}

/// What a function belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    Free,
    Constructor(ResourceId),
    Method(ResourceId),
    Static(ResourceId),
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) wit: String,
    pub(crate) rust: String,
    pub(crate) ty: Type,
}

/// An index into [`Abi::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TypeId(pub(crate) usize);

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
    /// Whether this or a type in it is so. What a named type is made of is not looked at.
    fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::List(of) | Self::Option(of) => of.any(is),
                Self::Result(ok, err) => [ok, err].into_iter().flatten().any(|ty| ty.any(is)),
                Self::Tuple(of) => of.iter().any(|ty| ty.any(is)),
                Self::Bool
                | Self::Char
                | Self::String
                | Self::Number(_)
                | Self::Named(_)
                | Self::Handle(_) => false,
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
    /// `demo:notes/render.page`, for docs and messages.
    pub(crate) path: String,
    /// The name by which wit-bindgen's `with` knows the type; for a type of the world, the part
    /// behind the world's name.
    pub(crate) bindings: String,
    pub(crate) rust: String,
    /// The module that the type is in; the ABI's own for types of the world.
    pub(crate) module: Option<String>,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`].
    pub(crate) deprecated: Option<String>,
    pub(crate) kind: Kind,
    /// Whether the type is the `E` of some `result<T, E>`.
    pub(crate) is_error: bool,
    /// The user's own type that stands for this one.
    pub(crate) replacement: Option<Replacement>,
    /// Whether Rust's type can be `Copy`.
    pub(crate) copy: bool,
    /// Whether wit-bindgen writes a type of its own for guests, which cannot be told to use this
    /// one.
    pub(crate) unmapped: bool,
    /// Whether a float is somewhere in the type: then there is no `Eq` and no `Hash`.
    pub(crate) float: bool,
    /// The handles in the type, each sort once, with the name of the type parameter that stands for
    /// it: what a handle is in Rust depends on the side and on who implements the resource.
    pub(crate) handles: Vec<(Leaf, String)>,
    /// See [`flat`].
    pub(crate) flat: bool,
    /// Whether strings or lists of numbers are somewhere in the type: see [`view`].
    pub(crate) lends: bool,
    /// What a host's method gets in place of the type, where it asked to borrow.
    pub(crate) view: Option<View>,
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
    fn parts(&self) -> Vec<&Type> {
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
    pub(crate) rust: String,
    pub(crate) docs: Option<String>,
    pub(crate) ty: Type,
}

/// A case of a variant or an enum, or one flag.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) wit: String,
    pub(crate) rust: String,
    pub(crate) docs: Option<String>,
    pub(crate) ty: Option<Type>,
}

impl TypeDef {
    /// What wit-bindgen calls the type where it has one of its own.
    pub(crate) fn in_bindings(&self) -> String {
        let wit = self.bindings.rsplit('/').next().unwrap_or_default();
        bindings::type_name(wit)
    }
}

impl Resource {
    /// What wit-bindgen calls its handle on the resource.
    pub(crate) fn in_bindings(&self) -> String {
        bindings::type_name(&self.wit)
    }
}

/// The type that `ty` means when aliases are followed.
fn dealias<'a>(types: &'a [TypeDef], mut ty: &'a Type) -> &'a Type {
    while let Type::Named(id) = ty
        && let Kind::Alias(of) = &types[id.0].kind
    {
        ty = of;
    }
    ty
}
