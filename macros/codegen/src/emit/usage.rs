//! A WIT type where it is used → the Rust type that stands there.
//!
//! The same WIT type looks different by place: owned in fields and results, borrowed in what a
//! caller passes. The same handle on a resource looks different by place, too: a type parameter in
//! the definition of a type, the host's own value in the traits that a host implements, a number to
//! the runtime.

use super::colour::Colour;
use super::tokens::ident;
use crate::model::{Abi, Associated, Kind, Leaf, Number, ResourceId, Type, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

/// Types as seen from one module of the expansion.
#[derive(Clone, Copy)]
pub(super) struct Usage<'a> {
    pub(super) abi: &'a Abi,
    /// How many modules deep the code stands: `super` as often.
    pub(super) depth: usize,
    /// What handles on resources are there.
    pub(super) handles: Handles<'a>,
}

impl<'a> Usage<'a> {
    /// Types without handles.
    pub(super) fn new(abi: &'a Abi, depth: usize) -> Self {
        let handles = Handles::None;
        Self {
            abi,
            depth,
            handles,
        }
    }

    /// The same place with other handles.
    pub(super) fn with<'b>(self, handles: Handles<'b>) -> Usage<'b>
    where
        'a: 'b,
    {
        Usage { handles, ..self }
    }

    /// Whether handles are in a type.
    pub(super) fn has_handles(self, ty: &Type) -> bool {
        !self.abi.handles(ty).is_empty()
    }

    /// The path to the module that `abi!` stands in.
    pub(super) fn root(self) -> TokenStream {
        match self.depth {
            0 => quote!(self),
            depth => {
                let supers = vec![quote!(super); depth];
                quote!(#(#supers)::*)
            }
        }
    }

    /// The path of a type, without its parameters.
    pub(super) fn path(self, id: TypeId) -> TokenStream {
        let root = self.root();
        let def = self.abi.def(id);
        let name = ident(&def.rust());
        let module = self.abi.names.module(def.scope).map(ident).into_iter();
        quote!(#root #(::#module)*::#name)
    }

    /// The type with everything in it owned.
    pub(super) fn owned(self, ty: &Type) -> TokenStream {
        match ty {
            Type::Bool => quote!(bool),
            Type::Char => quote!(char),
            Type::String => quote!(::std::string::String),
            Type::Number(number) => self.number(*number),
            Type::List(of) => {
                let of = self.owned(of);
                quote!(::std::vec::Vec<#of>)
            }
            Type::Option(of) => {
                let of = self.owned(of);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let ok = self.optional(ok.as_deref());
                let err = self.optional(err.as_deref());
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|ty| self.owned(ty));
                quote!((#(#of,)*))
            }
            Type::Named(id) => {
                let path = self.path(*id);
                let handles = &self.abi.def(*id).facts.handles;
                if handles.is_empty() {
                    return path;
                }
                let handles = handles.iter().map(|leaf| self.handles.ty(self, *leaf));
                quote!(#path<#(#handles),*>)
            }
            Type::Handle(leaf) => self.handles.ty(self, *leaf),
        }
    }

    /// A payload that may be absent: `()` then.
    pub(super) fn optional(self, ty: Option<&Type>) -> TokenStream {
        ty.map_or(quote!(()), |ty| self.owned(ty))
    }

    pub(super) fn number(self, number: Number) -> TokenStream {
        match number {
            Number::U8 => quote!(u8),
            Number::U16 => quote!(u16),
            Number::U32 => quote!(u32),
            Number::U64 => quote!(u64),
            Number::S8 => quote!(i8),
            Number::S16 => quote!(i16),
            Number::S32 => quote!(i32),
            Number::S64 => quote!(i64),
            Number::F32 => quote!(f32),
            Number::F64 => quote!(f64),
        }
    }

    /// What a caller of an export passes: strings, lists and named types by reference, and by value
    /// whatever has handles in it. `lifetime` is that of the references, `'static` or nothing.
    pub(super) fn borrowed(self, ty: &Type, lifetime: &TokenStream) -> TokenStream {
        if self.has_handles(ty) {
            return self.owned(ty);
        }
        match self.abi.dealias(ty) {
            Type::String => quote!(&#lifetime str),
            Type::List(of) => {
                let of = self.owned(of);
                quote!(&#lifetime [#of])
            }
            Type::Option(of) => {
                let of = self.borrowed(of, lifetime);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|ty| match ty {
                    Some(ty) => self.borrowed(ty, lifetime),
                    None => quote!(()),
                });
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|ty| self.borrowed(ty, lifetime));
                quote!((#(#of,)*))
            }
            Type::Named(id) => {
                let path = self.path(*id);
                match self.abi.def(*id).kind {
                    Kind::Enum(_) | Kind::Flags(_) => path,
                    _ => quote!(&#lifetime #path),
                }
            }
            plain => self.owned(plain),
        }
    }
}

/// Where a handle stands.
#[derive(Clone, Copy)]
pub(super) enum Handles<'a> {
    /// Nowhere: types without handles only.
    None,
    /// In the definition of a type, which has them for parameters.
    Parameters(&'a [(Leaf, String)]),
    /// In the traits that a host implements.
    Trait {
        /// The resource whose trait it is, if it is no interface's.
        me: Option<ResourceId>,
        associated: &'a [Associated],
        /// Of these, a call may be lent several.
        shared: &'a [ResourceId],
    },
    /// In a method that calls an export.
    Call {
        colour: Colour,
        /// The names of the host's resources there.
        generics: &'a [Associated],
        exported: bool,
    },
    /// Between generated code and the runtime.
    Wire { colour: Colour, exported: bool },
}

impl Handles<'_> {
    /// The type of a handle.
    pub(super) fn ty(self, usage: Usage<'_>, leaf: Leaf) -> TokenStream {
        match self {
            Handles::None => quote!(()),
            Handles::Parameters(names) => {
                let names = names.iter().filter(|(known, _)| *known == leaf);
                let names = names.map(|(_, name)| ident(name));
                quote!(#(#names)*)
            }
            Handles::Trait {
                me,
                associated,
                shared,
            } => {
                let ty = match me == Some(leaf.resource) {
                    true => quote!(Self),
                    false => {
                        let name = name(associated, leaf.resource);
                        quote!(Self::#name)
                    }
                };
                match (leaf.own, shared.contains(&leaf.resource)) {
                    (true, _) => ty,
                    (false, true) => quote!(&#ty),
                    (false, false) => quote!(&mut #ty),
                }
            }
            Handles::Call {
                colour,
                generics,
                exported,
            } => {
                if usage.abi.is_guests(leaf, exported) {
                    let path = exported_handle(usage, colour, leaf.resource);
                    return if leaf.own { path } else { quote!(&#path) };
                }
                let name = name(generics, leaf.resource);
                if leaf.own { name } else { quote!(&mut #name) }
            }
            Handles::Wire { colour, exported } => {
                if usage.abi.is_guests(leaf, exported) {
                    quote!(__abide::ResourceAny)
                } else {
                    let tag = tag(usage, colour, leaf.resource);
                    quote!(__abide::Resource<#tag>)
                }
            }
        }
    }
}

fn name(names: &[Associated], resource: ResourceId) -> TokenStream {
    let names = names.iter().filter(|name| name.resource == resource);
    let names = names.map(|name| ident(&name.rust));
    quote!(#(#names)*)
}

/// The type that tells the resources of the host apart for the runtime.
pub(super) fn tag(usage: Usage<'_>, colour: Colour, resource: ResourceId) -> TokenStream {
    let (root, host) = (usage.root(), colour.module());
    let name = ident(&usage.abi.names.field(usage.abi.resource(resource)));
    quote!(#root::#host::__resources::#name)
}

/// The handle on a resource that a guest exports.
pub(super) fn exported_handle(
    usage: Usage<'_>,
    colour: Colour,
    resource: ResourceId,
) -> TokenStream {
    let (root, host) = (usage.root(), colour.module());
    let resource = usage.abi.resource(resource);
    let name = ident(&resource.rust());
    let modules = usage
        .abi
        .names
        .module(resource.scope)
        .map(ident)
        .into_iter();
    quote!(#root::#host::exports::#(#modules::)*#name)
}
