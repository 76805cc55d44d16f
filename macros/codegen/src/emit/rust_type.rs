//! A WIT type where it stands → its Rust type.
//!
//! The same WIT type looks different by the form that a value has there: owned in fields and
//! results, borrowed in what a caller passes or what lies in a guest's memory.

use super::handles::Handles;
use super::tokens::{ident, root};
use crate::model::{Abi, Kind, Number, Type, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The forms of a value. References have the lifetime that is given, or none.
#[derive(Clone, Copy)]
pub(super) enum Form<'l> {
    /// With everything in it owned.
    Owned,
    /// As a caller of an export passes it: strings, lists and named types by reference, and by value
    /// whatever has handles in it.
    Passed(&'l TokenStream),
    /// As an import gets it that asked to borrow: strings and lists of numbers are in the guest's
    /// memory, and records and variants around them are views. What has nothing to borrow is owned.
    View(&'l TokenStream),
    /// What the runtime lifts for a view: places in memory instead of strings and lists.
    Wire,
}

/// The types of a world as seen from one module of the expansion.
#[derive(Clone, Copy)]
pub(super) struct Types<'a> {
    pub(super) abi: &'a Abi,
    /// How many modules deep the code stands: `super` as often.
    depth: usize,
    /// What handles on resources are there.
    handles: Handles<'a>,
}

impl<'a> Types<'a> {
    pub(super) fn new(abi: &'a Abi, depth: usize, handles: Handles<'a>) -> Self {
        Self {
            abi,
            depth,
            handles,
        }
    }

    /// The type that stands for `ty` where the value has a form.
    pub(super) fn rust_type(self, ty: &Type, form: Form<'_>) -> TokenStream {
        let facts = self.abi.facts(ty);
        let (ty, form) = match form {
            // Names of types are kept where nothing has to be known of what they stand for.
            Form::Owned => (ty, form),
            Form::Passed(_) if !facts.handles.is_empty() => (ty, Form::Owned),
            Form::View(_) | Form::Wire if !facts.lends => (ty, Form::Owned),
            _ => (self.abi.dealias(ty), form),
        };
        match ty {
            Type::Bool => quote!(bool),
            Type::Char => quote!(char),
            Type::Number(number) => rust_number(*number),
            Type::String => match form {
                Form::Owned => quote!(::std::string::String),
                Form::Passed(lifetime) | Form::View(lifetime) => quote!(&#lifetime str),
                Form::Wire => quote!(__abide::Text),
            },
            Type::List(of) => self.list(of, form),
            Type::Option(of) => {
                let of = self.rust_type(of, form);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|ty| self.optional(ty.as_deref(), form));
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|ty| self.rust_type(ty, form));
                quote!((#(#of,)*))
            }
            Type::Named(id) => self.named(*id, form),
            Type::Handle(leaf) => self.handles.ty(self.abi, &self.root(), *leaf),
        }
    }

    /// The type with everything in it owned.
    pub(super) fn owned(self, ty: &Type) -> TokenStream {
        self.rust_type(ty, Form::Owned)
    }

    /// A payload that may be absent: `()` then.
    pub(super) fn optional(self, ty: Option<&Type>, form: Form<'_>) -> TokenStream {
        ty.map_or(quote!(()), |ty| self.rust_type(ty, form))
    }

    fn list(self, of: &Type, form: Form<'_>) -> TokenStream {
        let number = match self.abi.dealias(of) {
            Type::Number(number) => Some(*number),
            _ => None,
        };
        match (form, number) {
            (Form::Passed(lifetime), _) => {
                let of = self.owned(of);
                quote!(&#lifetime [#of])
            }
            (Form::View(lifetime), Some(number)) => {
                let number = rust_number(number);
                quote!(&#lifetime [#number])
            }
            (Form::Wire, Some(number)) => {
                let list = match number.is_float() {
                    true => quote!(FloatList),
                    false => quote!(WasmList),
                };
                let number = rust_number(number);
                quote!(__abide::#list<#number>)
            }
            (Form::Wire, None) => {
                let of = self.rust_type(of, form);
                quote!(__abide::WireList<#of>)
            }
            (Form::Owned | Form::View(_), _) => {
                let of = self.rust_type(of, form);
                quote!(::std::vec::Vec<#of>)
            }
        }
    }

    fn named(self, id: TypeId, form: Form<'_>) -> TokenStream {
        let def = self.abi.def(id);
        match (form, &def.kind) {
            (Form::Passed(_), Kind::Enum(_) | Kind::Flags(_)) => self.path(id),
            (Form::Passed(lifetime), _) => {
                let path = self.path(id);
                quote!(&#lifetime #path)
            }
            (Form::View(lifetime), _) => {
                let view = self.abi.view(id).into_iter();
                let view = view.map(|view| self.beside(id, &ident(&view.rust)));
                quote!(#(#view)*<#lifetime>)
            }
            (Form::Wire, _) => self.beside(id, &wire_name(def)),
            (Form::Owned, _) => {
                let path = self.path(id);
                let handles = &def.facts.handles;
                if handles.is_empty() {
                    return path;
                }
                let root = self.root();
                let handles = handles.iter();
                let handles = handles.map(|leaf| self.handles.ty(self.abi, &root, *leaf));
                quote!(#path<#(#handles),*>)
            }
        }
    }

    /// The path of a type, without its parameters.
    pub(super) fn path(self, id: TypeId) -> TokenStream {
        self.beside(id, &ident(&self.abi.def(id).rust()))
    }

    /// The path of something that stands in the module of a type.
    pub(super) fn beside(self, id: TypeId, name: &Ident) -> TokenStream {
        let root = self.root();
        let module = self.abi.names.module(self.abi.def(id).scope);
        let module = module.map(ident).into_iter();
        quote!(#root #(::#module)*::#name)
    }

    /// The path to the module that `abi!` stands in.
    pub(super) fn root(self) -> TokenStream {
        root(self.depth)
    }
}

fn rust_number(number: Number) -> TokenStream {
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

/// The name of a type's wire form. No name that comes from WIT begins with underscores.
pub(super) fn wire_name(def: &TypeDef) -> Ident {
    format_ident!("__{}Wire", def.rust())
}
