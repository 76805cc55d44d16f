//! A type of WIT → the Rust type that owns its values, and the paths to what `abi!` makes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::Context;
use crate::model::{Owner, Type, TypeId};
use crate::names;

/// An identifier of the generated code.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

impl Context<'_> {
    /// The path of a named type.
    pub(super) fn path(self, id: TypeId) -> TokenStream {
        let (root, def) = (self.root, self.world.def(id));
        let name = ident(&names::ty(&def.name));
        match def.owner {
            Owner::Interface(index) => {
                let module = ident(&self.names.modules[index]);
                quote!(#root::#module::#name)
            }
            Owner::World => quote!(#root::#name),
        }
    }

    /// The type whose values own all that is in them.
    pub(super) fn owned(self, ty: &Type) -> TokenStream {
        match ty {
            Type::Plain(plain) => {
                let rust = ident(&plain.replace('s', "i"));
                quote!(#rust)
            }
            Type::String => quote!(::std::string::String),
            Type::List(of) => {
                let of = self.owned(of);
                quote!(::std::vec::Vec<#of>)
            }
            Type::Option(of) => {
                let of = self.owned(of);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|of| self.optional(of.as_deref()));
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|of| self.owned(of));
                quote!((#(#of,)*))
            }
            Type::Named(id) => self.path(*id),
        }
    }

    /// A type that may be absent: `()` then.
    pub(super) fn optional(self, ty: Option<&Type>) -> TokenStream {
        ty.map_or(quote!(()), |ty| self.owned(ty))
    }
}
