//! A value from one form to another: the parts that are different are converted, and what holds them
//! is put together anew.
//!
//! The code that is emitted stands in functions that return the runtime's `Step`.

use super::tokens::ident;
use crate::model::{Abi, Kind, Param, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// What is converted, and how.
pub(super) trait Conversion {
    fn abi(&self) -> &Abi;

    /// Whether anything in a type is converted.
    fn concerns(&self, ty: &Type) -> bool;

    /// The expression that converts a value, if its type is one that is converted as a whole.
    fn whole(&self, ty: &Type, value: &TokenStream) -> Option<TokenStream>;
}

/// The expression of `value` converted.
pub(super) fn value(by: &dyn Conversion, ty: &Type, value: TokenStream) -> TokenStream {
    if !by.concerns(ty) {
        return value;
    }
    let ty = by.abi().dealias(ty);
    if let Some(whole) = by.whole(ty, &value) {
        return whole;
    }
    match ty {
        Type::List(of) => {
            let item = self::value(by, of, quote!(__item));
            quote!({
                let __list = #value;
                let mut __items = ::std::vec::Vec::with_capacity(__list.len());
                for __item in __list {
                    __items.push(#item);
                }
                __items
            })
        }
        Type::Option(of) => {
            let some = self::value(by, of, quote!(__some));
            quote!(match #value {
                ::core::option::Option::Some(__some) => ::core::option::Option::Some(#some),
                ::core::option::Option::None => ::core::option::Option::None,
            })
        }
        Type::Result(ok, err) => {
            let [ok, err] = [ok, err].map(|ty| match ty {
                Some(ty) => self::value(by, ty, quote!(__payload)),
                None => quote!(__payload),
            });
            quote!(match #value {
                ::core::result::Result::Ok(__payload) => ::core::result::Result::Ok(#ok),
                ::core::result::Result::Err(__payload) => ::core::result::Result::Err(#err),
            })
        }
        Type::Tuple(of) => {
            let names: Vec<Ident> = (0..of.len())
                .map(|index| format_ident!("__element{index}"))
                .collect();
            let each = of.iter().zip(&names);
            let each = each.map(|(ty, name)| self::value(by, ty, quote!(#name)));
            quote!({
                let (#(#names,)*) = #value;
                (#(#each,)*)
            })
        }
        Type::Bool
        | Type::Char
        | Type::String
        | Type::Number(_)
        | Type::Named(_)
        | Type::Handle(_) => value,
    }
}

/// The expression of `self`, a value of a record or a variant, as one of the type `to`, which has
/// the same fields or cases.
pub(super) fn of_self(by: &dyn Conversion, kind: &Kind, to: &Ident) -> TokenStream {
    match kind {
        Kind::Record(fields) => {
            let fields = fields.iter().map(|field| {
                let name = ident(&field.rust());
                let value = value(by, &field.ty, quote!(self.#name));
                quote!(#name: #value)
            });
            quote!(#to { #(#fields,)* })
        }
        Kind::Variant(cases) => {
            let arms = cases.iter().map(|case| {
                let name = ident(&case.rust());
                let Some(ty) = &case.ty else {
                    return quote!(Self::#name => #to::#name);
                };
                let value = value(by, ty, quote!(__payload));
                quote!(Self::#name(__payload) => #to::#name(#value))
            });
            quote!(match self { #(#arms,)* })
        }
        Kind::Enum(_) | Kind::Flags(_) | Kind::Alias(_) => quote!(self),
    }
}

/// The statements that convert parameters, each under its name.
pub(super) fn params<'p>(
    by: &dyn Conversion,
    params: impl Iterator<Item = (&'p Param, &'p Ident)>,
) -> TokenStream {
    let concerned = params.filter(|(param, _)| by.concerns(&param.ty));
    concerned
        .map(|(param, name)| {
            let value = value(by, &param.ty, quote!(#name));
            quote!(let #name = #value;)
        })
        .collect()
}
