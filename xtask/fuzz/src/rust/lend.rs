//! How an owned value is passed: what a host passes to an export, what a guest passes to an import, and
//! what a host's import is given. The three differ.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Index;

use super::Context;
use crate::model::{Dealiased, Kind, Type};

/// Who passes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// Passes strings, lists, records and variants by reference.
    Host,
    /// Passes by reference what has memory of its own, and what has a name as a whole.
    Guest,
    /// The same inside of a type without a name that has memory of its own: there everything that has a
    /// name is passed by reference.
    GuestInside,
}

impl Context<'_> {
    /// The argument for `value`, an expression of the type `&T`.
    pub(super) fn lend(self, caller: Caller, ty: &Type, value: &TokenStream) -> TokenStream {
        let copied = quote!(::core::clone::Clone::clone(#value));
        let inside = match caller {
            Caller::Host => Caller::Host,
            Caller::Guest if !self.world.has_list(ty) => return copied,
            Caller::Guest | Caller::GuestInside => Caller::GuestInside,
        };
        let behind_names = match ty {
            Type::Named(_) if inside == Caller::GuestInside => return value.clone(),
            ty => self.world.dealias(ty),
        };
        let lend = |ty: &Type| self.lend(inside, ty, &quote!(value));
        match behind_names {
            Dealiased::Plain(Type::String) => quote!(#value.as_str()),
            Dealiased::Plain(Type::List(_)) => quote!(#value.as_slice()),
            Dealiased::Plain(Type::Option(of)) => {
                let of = lend(of);
                quote!(#value.as_ref().map(|value| #of))
            }
            Dealiased::Plain(Type::Result(ok, err)) => {
                let [ok, err] = [ok, err].map(|of| match of {
                    Some(of) => lend(of),
                    None => quote!(*value),
                });
                quote!(#value.as_ref().map(|value| #ok).map_err(|value| #err))
            }
            Dealiased::Plain(Type::Tuple(of)) => {
                let of = of.iter().enumerate().map(|(index, of)| {
                    let index = Index::from(index);
                    self.lend(inside, of, &quote!((&#value.#index)))
                });
                quote!((#(#of,)*))
            }
            Dealiased::Defined(Kind::Record(_) | Kind::Variant(_)) => value.clone(),
            _ => copied,
        }
    }

    /// The type of the parameter of a host's import.
    pub(super) fn received(self, ty: &Type) -> TokenStream {
        match self.world.dealias(ty) {
            Dealiased::Plain(Type::String) => quote!(&str),
            Dealiased::Plain(Type::List(of)) => match self.world.dealias(of) {
                Dealiased::Plain(Type::Plain(plain)) if !["bool", "char"].contains(plain) => {
                    let of = self.owned(&Type::Plain(plain));
                    quote!(&[#of])
                }
                _ => self.owned(ty),
            },
            _ => self.owned(ty),
        }
    }
}
