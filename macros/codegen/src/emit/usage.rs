//! A WIT type where it is used → the Rust type that stands there.
//!
//! The same WIT type looks different by place: owned in fields and results, borrowed in what a
//! caller passes, borrowed from guest memory in what an import receives.

use super::handles::Handles;
use super::ident;
use super::view::Views;
use crate::model::{Abi, Kind, Number, Type, TypeId};
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

/// How an argument of an import gets from guest memory to the host's method.
pub(super) enum Lifted {
    /// A `&str` in guest memory.
    String,
    /// A slice of integers in guest memory.
    Integers(Number),
    /// A slice of floats in guest memory.
    Floats(Number),
    /// A view: strings and lists in it are borrowed from guest memory.
    View,
    /// A value of its own.
    Owned,
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
        let name = ident(&def.rust);
        match &def.module {
            Some(module) => {
                let module = ident(module);
                quote!(#root::#module::#name)
            }
            None => quote!(#root::#name),
        }
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
                let handles = &self.abi.def(*id).handles;
                if handles.is_empty() {
                    return path;
                }
                let handles = handles.iter().map(|(leaf, _)| self.handles.ty(self, *leaf));
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

    /// `borrowed` is whether the host asked for views.
    pub(super) fn lifted(self, ty: &Type, borrowed: bool) -> Lifted {
        let owned = match borrowed && self.abi.lends(ty) && !self.has_handles(ty) {
            true => Lifted::View,
            false => Lifted::Owned,
        };
        match self.abi.dealias(ty) {
            Type::String => Lifted::String,
            Type::List(of) => match self.abi.dealias(of) {
                Type::Number(number) if number.is_float() => Lifted::Floats(*number),
                Type::Number(number) => Lifted::Integers(*number),
                _ => owned,
            },
            _ => owned,
        }
    }

    /// What the host's method receives.
    pub(super) fn received(self, ty: &Type, borrowed: bool) -> TokenStream {
        match self.lifted(ty, borrowed) {
            Lifted::String => quote!(&str),
            Lifted::Integers(number) | Lifted::Floats(number) => {
                let number = self.number(number);
                quote!(&[#number])
            }
            Lifted::View => Views { usage: self }.view(ty, &quote!('_)),
            Lifted::Owned => self.owned(ty),
        }
    }

    /// What wasmtime lifts the argument to before the host's method receives it.
    pub(super) fn lift_type(self, ty: &Type, borrowed: bool) -> TokenStream {
        match self.lifted(ty, borrowed) {
            Lifted::String => quote!(__abide::WasmStr),
            Lifted::Integers(number) => {
                let number = self.number(number);
                quote!(__abide::WasmList<#number>)
            }
            Lifted::Floats(number) => {
                let number = self.number(number);
                quote!(__abide::FloatList<#number>)
            }
            Lifted::View => {
                let wire = Views { usage: self }.wire(ty);
                quote!(__abide::Lent<#wire>)
            }
            Lifted::Owned => self.owned(ty),
        }
    }
}
