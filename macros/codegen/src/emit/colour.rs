//! How a host waits for its guests, and they for it. The emitters of the host's side are given a
//! colour and write what it says; what the colours differ in stands here and nowhere else.

use super::tokens::ident;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// One way of calling and being called.
#[derive(Clone, Copy)]
pub(super) enum Colour {
    /// A call returns when it is done, and its thread waits until then.
    Sync,
}

impl Colour {
    /// The module of the host's side.
    pub(super) fn module(self) -> Ident {
        match self {
            Self::Sync => ident("host"),
        }
    }

    /// What a function begins with that waits for a guest.
    pub(super) fn keyword(self) -> TokenStream {
        match self {
            Self::Sync => quote!(fn),
        }
    }

    /// The method of a trait that a host implements. `head` is its name and its parameters, `result`
    /// the type that it returns.
    pub(super) fn import(self, head: &TokenStream, result: Option<&TokenStream>) -> TokenStream {
        match self {
            Self::Sync => {
                let result = result.map(|ty| quote!(-> #ty));
                quote!(fn #head #result;)
            }
        }
    }

    /// The value of a call that has been waited for.
    pub(super) fn awaited(self, call: TokenStream) -> TokenStream {
        match self {
            Self::Sync => call,
        }
    }

    /// The runtime's function of this colour.
    pub(super) fn runtime(self, name: &str) -> Ident {
        match self {
            Self::Sync => ident(name),
        }
    }

    /// What a host has to be beside what it provides: each instance has a clone, on any thread.
    pub(super) fn bounds(self) -> TokenStream {
        match self {
            Self::Sync => quote! {
                ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
            },
        }
    }
}
