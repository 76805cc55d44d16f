//! The forms of a value that is borrowed from the guest's memory: its wire form, which the runtime
//! lifts, the view that the host's method sees, and the value of its own that a view can become.

use super::tokens::ident;
use super::usage::Usage;
use crate::model::{Type, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// No name that comes from WIT begins with underscores.
pub(super) fn wire_name(def: &TypeDef) -> Ident {
    format_ident!("__{}Wire", def.rust())
}

/// Types and expressions as seen from one module of the expansion.
#[derive(Clone, Copy)]
pub(super) struct Views<'a> {
    pub(super) usage: Usage<'a>,
}

impl Views<'_> {
    /// What the host's method sees.
    pub(super) fn view(self, ty: &Type, lifetime: &TokenStream) -> TokenStream {
        let abi = self.usage.abi;
        if !abi.facts(ty).lends {
            return self.usage.owned(ty);
        }
        match abi.dealias(ty) {
            Type::String => quote!(&#lifetime str),
            Type::List(of) => match abi.dealias(of) {
                Type::Number(number) => {
                    let number = self.usage.number(*number);
                    quote!(&#lifetime [#number])
                }
                of => {
                    let of = self.view(of, lifetime);
                    quote!(::std::vec::Vec<#of>)
                }
            },
            Type::Named(id) => {
                let view = abi.view(*id).into_iter();
                let view = view.map(|view| self.path(*id, &ident(&view.rust)));
                quote!(#(#view)*<#lifetime>)
            }
            of => self.compound(of, &|ty| self.view(ty, lifetime)),
        }
    }

    /// What the runtime lifts.
    pub(super) fn wire(self, ty: &Type) -> TokenStream {
        let abi = self.usage.abi;
        if !abi.facts(ty).lends {
            return self.usage.owned(ty);
        }
        match abi.dealias(ty) {
            Type::String => quote!(__abide::Text),
            Type::List(of) => match abi.dealias(of) {
                Type::Number(number) => {
                    let list = match number.is_float() {
                        true => quote!(FloatList),
                        false => quote!(WasmList),
                    };
                    let number = self.usage.number(*number);
                    quote!(__abide::#list<#number>)
                }
                of => {
                    let of = self.wire(of);
                    quote!(__abide::WireList<#of>)
                }
            },
            Type::Named(id) => self.path(*id, &wire_name(abi.def(*id))),
            of => self.compound(of, &|ty| self.wire(ty)),
        }
    }

    /// How the runtime lifts a field of a record from memory.
    pub(super) fn sort(self, ty: &Type) -> Ident {
        let abi = self.usage.abi;
        match abi.dealias(ty) {
            Type::String => ident("text"),
            ty if abi.facts(ty).flat => ident("flat"),
            _ => ident("other"),
        }
    }

    /// An option, a result or a tuple of other types.
    fn compound(self, ty: &Type, part: &dyn Fn(&Type) -> TokenStream) -> TokenStream {
        match ty {
            Type::Option(of) => {
                let of = part(of);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|ty| match ty {
                    Some(ty) => part(ty),
                    None => quote!(()),
                });
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(part);
                quote!((#(#of,)*))
            }
            plain => self.usage.owned(plain),
        }
    }

    /// The expression of a value in its wire form as the view: in a function that returns the
    /// runtime's `Result` and has the memory as `__memory`.
    pub(super) fn to_view(self, ty: &Type, value: TokenStream) -> TokenStream {
        self.convert(ty, value, &|ty, value| match ty {
            Type::String => quote!(__memory.text(#value)?),
            Type::Number(number) => {
                let method = match number.is_float() {
                    true => quote!(floats),
                    false => quote!(list),
                };
                quote!(__memory.#method(#value))
            }
            _ => quote!(#value.__view(__memory)?),
        })
    }

    /// The expression of a view as a value of its own.
    pub(super) fn to_owned(self, ty: &Type, value: TokenStream) -> TokenStream {
        self.convert(ty, value, &|ty, value| match ty {
            Type::String => quote!(::std::string::String::from(#value)),
            Type::Number(_) => quote!(<[_]>::to_vec(#value)),
            _ => quote!(#value.into_owned()),
        })
    }

    /// The expression of a value converted. `leaf` converts strings, named types, and lists of
    /// numbers, for which it is given the number.
    fn convert(
        self,
        ty: &Type,
        value: TokenStream,
        leaf: &dyn Fn(&Type, TokenStream) -> TokenStream,
    ) -> TokenStream {
        let abi = self.usage.abi;
        if !abi.facts(ty).lends {
            return value;
        }
        let inner = |ty: &Type, name: TokenStream| self.convert(ty, name, leaf);
        match abi.dealias(ty) {
            Type::List(of) => match abi.dealias(of) {
                number @ Type::Number(_) => leaf(number, value),
                of => {
                    let item = inner(of, quote!(__item));
                    quote!({
                        let __list = #value;
                        let mut __items = ::std::vec::Vec::with_capacity(__list.len());
                        for __item in __list {
                            __items.push(#item);
                        }
                        __items
                    })
                }
            },
            Type::Option(of) => {
                let some = inner(of, quote!(__some));
                quote!(match #value {
                    ::core::option::Option::Some(__some) => ::core::option::Option::Some(#some),
                    ::core::option::Option::None => ::core::option::Option::None,
                })
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|ty| match ty {
                    Some(ty) => inner(ty, quote!(__payload)),
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
                let each = of
                    .iter()
                    .zip(&names)
                    .map(|(ty, name)| inner(ty, quote!(#name)));
                quote!({
                    let (#(#names,)*) = #value;
                    (#(#each,)*)
                })
            }
            of => leaf(of, value),
        }
    }

    pub(super) fn path(self, id: TypeId, name: &Ident) -> TokenStream {
        let root = self.usage.root();
        let scope = self.usage.abi.def(id).scope;
        let module = self.usage.abi.names.module(scope).map(ident).into_iter();
        quote!(#root #(::#module)*::#name)
    }
}
