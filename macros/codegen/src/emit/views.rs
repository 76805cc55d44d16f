//! Values that are borrowed from a guest's memory: what the runtime lifts becomes the view that a
//! host's method sees, and a view becomes a value of its own.

use super::convert::Conversion;
use crate::model::{Abi, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// The wire form as the view, in a function that has the memory as `__memory`.
pub(super) struct ToView<'a>(pub(super) &'a Abi);

/// A view as a value of its own.
pub(super) struct ToOwned<'a>(pub(super) &'a Abi);

impl Conversion for ToView<'_> {
    fn abi(&self) -> &Abi {
        self.0
    }

    fn concerns(&self, ty: &Type) -> bool {
        self.0.facts(ty).lends
    }

    fn whole(&self, ty: &Type, value: &TokenStream) -> Option<TokenStream> {
        match ty {
            Type::String => Some(quote!(__memory.text(#value)?)),
            Type::List(of) => match self.0.dealias(of) {
                Type::Number(number) if number.is_float() => Some(quote!(__memory.floats(#value))),
                Type::Number(_) => Some(quote!(__memory.list(#value))),
                _ => None,
            },
            Type::Named(_) => Some(quote!(#value.__view(__memory)?)),
            _ => None,
        }
    }
}

impl Conversion for ToOwned<'_> {
    fn abi(&self) -> &Abi {
        self.0
    }

    fn concerns(&self, ty: &Type) -> bool {
        self.0.facts(ty).lends
    }

    fn whole(&self, ty: &Type, value: &TokenStream) -> Option<TokenStream> {
        match ty {
            Type::String => Some(quote!(::std::string::String::from(#value))),
            Type::List(of) if matches!(self.0.dealias(of), Type::Number(_)) => {
                Some(quote!(<[_]>::to_vec(#value)))
            }
            Type::Named(_) => Some(quote!(#value.into_owned())),
            _ => None,
        }
    }
}
