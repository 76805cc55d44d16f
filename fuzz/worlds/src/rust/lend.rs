//! How an owned value is passed: what a host passes to an export, what a guest passes to an import,
//! and what a host's import is given. The three differ.

use proc_macro2::{Ident, TokenStream};
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
    /// The same inside of a type without a name that has memory of its own: there everything that
    /// has a name is passed by reference.
    GuestInside,
}

impl Context<'_> {
    /// The argument for a parameter of which `name` is an owned value.
    pub(super) fn argument(self, caller: Caller, ty: &Type, name: &Ident) -> TokenStream {
        if self.world.handles(ty).is_empty() {
            return self.lend(caller, ty, &quote!((&#name)));
        }
        match ty {
            // Who lends several on a guest lends a slice.
            Type::List(of) if caller == Caller::Guest && is_lent(of) => {
                let of = lend_handles(ty, &quote!(#name));
                quote!(&#of)
            }
            ty if is_lent(ty) => lend_handles(ty, &quote!(#name)),
            _ => quote!(#name),
        }
    }

    /// The argument for `value`, an expression of the type `&T`.
    pub(super) fn lend(self, caller: Caller, ty: &Type, value: &TokenStream) -> TokenStream {
        let copied = quote!(::core::clone::Clone::clone(#value));
        let inside = match caller {
            Caller::Host => Caller::Host,
            Caller::Guest if !self.world.has_list(ty) => return copied,
            Caller::Guest | Caller::GuestInside => Caller::GuestInside,
        };
        let behind_names = match ty {
            Type::Named(_) if inside == Caller::GuestInside => {
                return match self.world.dealias(ty) {
                    Dealiased::Plain(Type::String | Type::List(_)) => {
                        quote!(::abide_fuzz_values::lend(#value))
                    }
                    _ => value.clone(),
                };
            }
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

    /// The type of the parameter of a host's import; `shared` says that one call may be lent
    /// several handles.
    pub(super) fn received(self, ty: &Type, shared: bool) -> TokenStream {
        if !self.world.handles(ty).is_empty() {
            return self.lent(ty, &|id| {
                let of = self.handle(id);
                if shared {
                    quote!(&#of)
                } else {
                    quote!(&mut #of)
                }
            });
        }
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

/// Whether a type lends handles. (No type that has a name does here, and none that has own
/// handles.)
pub(super) fn is_lent(ty: &Type) -> bool {
    match ty {
        Type::Borrow(_) => true,
        Type::List(of) | Type::Option(of) => is_lent(of),
        Type::Tuple(of) => of.iter().any(is_lent),
        _ => false,
    }
}

/// How many handles a value lends at most; 2 stands for any number beyond 1.
pub(super) fn most_lent(ty: &Type) -> usize {
    match ty {
        Type::Borrow(_) => 1,
        Type::List(of) => 2 * most_lent(of),
        Type::Option(of) => most_lent(of),
        Type::Tuple(of) => of.iter().map(most_lent).sum(),
        _ => 0,
    }
}

/// The value that lends what `value`, a place, owns.
fn lend_handles(ty: &Type, value: &TokenStream) -> TokenStream {
    match ty {
        Type::Borrow(_) => quote!(&#value),
        Type::List(of) => {
            let of = lend_handles(of, &quote!((*value)));
            quote!(#value.iter().map(|value| #of).collect::<::std::vec::Vec<_>>())
        }
        Type::Option(of) => {
            let of = lend_handles(of, &quote!((*value)));
            quote!(#value.as_ref().map(|value| #of))
        }
        Type::Tuple(of) => {
            let of = of.iter().enumerate().map(|(index, of)| {
                let index = Index::from(index);
                lend_handles(of, &quote!(#value.#index))
            });
            quote!((#(#of,)*))
        }
        // Beside lent handles stand plain numbers only.
        _ => quote!(#value),
    }
}
