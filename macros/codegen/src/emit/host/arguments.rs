//! An argument of an import, on its way from the guest's memory to the host's method: borrowed from
//! there as far as it can be.

use crate::emit::usage::Usage;
use crate::emit::views::Views;
use crate::model::{Number, Type};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// One argument.
pub(super) struct Argument<'a> {
    usage: Usage<'a>,
    ty: &'a Type,
    way: Way,
}

/// How an argument gets to the host's method.
#[derive(Clone, Copy)]
enum Way {
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

impl<'a> Argument<'a> {
    /// `borrowed` is whether the host asked for views.
    pub(super) fn new(usage: Usage<'a>, ty: &'a Type, borrowed: bool) -> Self {
        let abi = usage.abi;
        let owned = match borrowed && abi.facts(ty).lends && !usage.has_handles(ty) {
            true => Way::View,
            false => Way::Owned,
        };
        let way = match abi.dealias(ty) {
            Type::String => Way::String,
            Type::List(of) => match abi.dealias(of) {
                Type::Number(number) if number.is_float() => Way::Floats(*number),
                Type::Number(number) => Way::Integers(*number),
                _ => owned,
            },
            _ => owned,
        };
        Self { usage, ty, way }
    }

    /// The type that the host's method receives.
    pub(super) fn received(&self) -> TokenStream {
        match self.way {
            Way::String => quote!(&str),
            Way::Integers(number) | Way::Floats(number) => {
                let number = self.usage.number(number);
                quote!(&[#number])
            }
            Way::View => Views { usage: self.usage }.view(self.ty, &quote!('_)),
            Way::Owned => self.usage.owned(self.ty),
        }
    }

    /// The type that the runtime lifts.
    pub(super) fn lifted(&self) -> TokenStream {
        match self.way {
            Way::String => quote!(__abide::WasmStr),
            Way::Integers(number) => {
                let number = self.usage.number(number);
                quote!(__abide::WasmList<#number>)
            }
            Way::Floats(number) => {
                let number = self.usage.number(number);
                quote!(__abide::FloatList<#number>)
            }
            Way::View => {
                let wire = Views { usage: self.usage }.wire(self.ty);
                quote!(__abide::Lent<#wire>)
            }
            Way::Owned => self.usage.owned(self.ty),
        }
    }

    /// The statement by which what was lifted becomes what is passed, if it is not that already.
    pub(super) fn opened(&self, name: &Ident) -> Option<TokenStream> {
        match self.way {
            Way::String => Some(quote!(let #name = __guest.string(&#name)?;)),
            Way::Integers(_) => Some(quote!(let #name = __guest.list(&#name);)),
            Way::Floats(_) => Some(quote!(let #name = __guest.floats(&#name);)),
            Way::View => {
                let view = Views { usage: self.usage }.to_view(self.ty, quote!(#name));
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
