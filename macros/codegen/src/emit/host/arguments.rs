//! An argument of an import, on its way from the guest's memory to the host's method: borrowed from
//! there as far as it can be.

use crate::emit::convert;
use crate::emit::rust_type::{Form, Types};
use crate::emit::views::ToView;
use crate::model::Type;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// One argument.
pub(super) struct Argument<'a> {
    types: Types<'a>,
    ty: &'a Type,
    way: Way,
}

/// How an argument gets to the host's method.
#[derive(Clone, Copy)]
enum Way {
    /// A `&str` in guest memory.
    String,
    /// A slice of integers in guest memory.
    Integers,
    /// A slice of floats in guest memory.
    Floats,
    /// A view: strings and lists in it are borrowed from guest memory.
    View,
    /// A value of its own.
    Owned,
}

impl<'a> Argument<'a> {
    /// `borrowed` is whether the host asked for views.
    pub(super) fn new(types: Types<'a>, ty: &'a Type, borrowed: bool) -> Self {
        let (abi, facts) = (types.abi, types.abi.facts(ty));
        let owned = match borrowed && facts.lends && facts.handles.is_empty() {
            true => Way::View,
            false => Way::Owned,
        };
        let way = match abi.dealias(ty) {
            Type::String => Way::String,
            Type::List(of) => match abi.dealias(of) {
                Type::Number(number) if number.is_float() => Way::Floats,
                Type::Number(_) => Way::Integers,
                _ => owned,
            },
            _ => owned,
        };
        Self { types, ty, way }
    }

    /// The type that the host's method receives.
    pub(super) fn received(&self) -> TokenStream {
        let (nothing, here) = (TokenStream::new(), quote!('_));
        let form = match self.way {
            Way::String | Way::Integers | Way::Floats => Form::View(&nothing),
            Way::View => Form::View(&here),
            Way::Owned => Form::Owned,
        };
        self.types.rust_type(self.ty, form)
    }

    /// The type that the runtime lifts.
    pub(super) fn lifted(&self) -> TokenStream {
        match self.way {
            Way::String => quote!(__abide::WasmStr),
            Way::Integers | Way::Floats => self.types.rust_type(self.ty, Form::Wire),
            Way::View => {
                let wire = self.types.rust_type(self.ty, Form::Wire);
                quote!(__abide::Borrowed<#wire>)
            }
            Way::Owned => self.types.owned(self.ty),
        }
    }

    /// The statement by which what was lifted becomes what is passed, if it is not that already.
    pub(super) fn opened(&self, name: &Ident) -> Option<TokenStream> {
        match self.way {
            Way::String => Some(quote!(let #name = __guest.string(&#name)?;)),
            Way::Integers => Some(quote!(let #name = __guest.list(&#name);)),
            Way::Floats => Some(quote!(let #name = __guest.floats(&#name);)),
            Way::View => {
                let view = convert::value(&ToView(self.types.abi), self.ty, quote!(#name));
                Some(quote! {
                    let (#name, __memory) = __guest.open(#name)?;
                    let #name = #view;
                })
            }
            Way::Owned => None,
        }
    }

    /// The expression that is passed to the host's method.
    pub(super) fn passed(&self, name: &Ident) -> TokenStream {
        match self.way {
            Way::String => quote!(&#name),
            _ => quote!(#name),
        }
    }
}
