//! Views: arguments whose strings and lists are borrowed from the guest's memory for the time of a
//! call.
//!
//! What the runtime lifts is the wire form of a view: the same record with places in memory instead
//! of strings and lists. It becomes the view when the host's method is called. Types without
//! strings and lists of numbers in them are the same in all forms.

use super::docs;
use super::ident;
use super::usage::Usage;
use crate::model::{Case, Kind, Type, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The names of what [`definitions`] defines.
pub(super) fn names(def: &TypeDef) -> impl Iterator<Item = Ident> {
    let view = def.view.iter().map(|view| ident(&view.rust));
    let is_alias = matches!(def.kind, Kind::Alias(_));
    let wire = def.view.iter().filter(move |_| !is_alias);
    view.chain(wire.map(|_| wire_name(def)))
}

/// No name that comes from WIT begins with underscores.
fn wire_name(def: &TypeDef) -> Ident {
    format_ident!("__{}Wire", def.rust)
}

/// The view of a type, its wire form, and the ways between them; nothing if no import asked for it.
pub(super) fn definitions(usage: Usage<'_>, def: &TypeDef) -> Option<TokenStream> {
    let of = def.view.as_ref()?;
    let view = ident(&of.rust);
    let emitter = Views { usage };
    let (name, wire) = (ident(&def.rust), wire_name(def));
    let text = format!(
        "[`{name}`] as a guest lends it: strings and lists of numbers are in the guest's memory."
    );
    let docs = match &def.docs {
        Some(docs) => docs::of_and(Some(docs), "", &text),
        None => docs::of(None, &text),
    };
    let copy = of.copy.then(|| quote!(::core::marker::Copy,));
    let eq = (!def.float).then(|| quote!(::core::cmp::Eq, ::core::hash::Hash,));
    let here = quote!('a);
    let (view_body, wire_form, to_view, to_owned);
    let keyword = match &def.kind {
        Kind::Record(fields) => {
            let each = |of: &dyn Fn(&Ident, &str, &Type) -> TokenStream| -> TokenStream {
                let each = fields.iter();
                each.map(|field| of(&ident(&field.rust), &field.wit, &field.ty))
                    .collect()
            };
            let documented = fields.iter().map(|field| {
                let otherwise = format!("The field `{}`.", field.wit);
                let docs = docs::of(field.docs.as_deref(), &otherwise);
                let (name, ty) = (ident(&field.rust), emitter.view(&field.ty, &here));
                quote!(#docs pub #name: #ty,)
            });
            view_body = quote!(#(#documented)*);
            let wires = each(&|name, wit, ty| {
                let sort = emitter.sort(ty);
                let ty = emitter.wire(ty);
                quote!(#name: #ty = #wit as #sort,)
            });
            wire_form = quote!(__abide::wire_record!(#wire { #wires }););
            let views = each(&|name, _, ty| {
                let value = emitter.to_view(ty, quote!(self.#name));
                quote!(#name: #value,)
            });
            to_view = quote!(#view { #views });
            let owned = each(&|name, _, ty| {
                let value = emitter.to_owned(ty, quote!(self.#name));
                quote!(#name: #value,)
            });
            to_owned = quote!(#name { #owned });
            quote!(struct)
        }
        Kind::Variant(cases) => {
            let documented = cases.iter().map(|case| {
                let otherwise = format!("The case `{}`.", case.wit);
                let docs = docs::of(case.docs.as_deref(), &otherwise);
                let name = ident(&case.rust);
                let payload = case.ty.iter().map(|ty| emitter.view(ty, &here));
                let payload = case.ty.is_some().then(|| quote!((#(#payload)*)));
                quote!(#docs #name #payload,)
            });
            view_body = quote!(#(#documented)*);
            let wires = cases.iter().map(|case| {
                let (name, wit) = (ident(&case.rust), &case.wit);
                let payload = case.ty.iter().map(|ty| emitter.wire(ty));
                let payload = case.ty.is_some().then(|| quote!((#(#payload)*)));
                quote!(#[component(name = #wit)] #name #payload,)
            });
            wire_form = quote! {
                #[doc(hidden)]
                #[allow(missing_debug_implementations)]
                #[derive(__abide::ComponentType, __abide::Lift)]
                #[component(variant)]
                #[component(wasmtime_crate = __abide::wasmtime)]
                pub enum #wire { #(#wires)* }
            };
            to_view = variant(&view, cases, &|ty, value| emitter.to_view(ty, value));
            to_owned = variant(&name, cases, &|ty, value| emitter.to_owned(ty, value));
            quote!(enum)
        }
        Kind::Alias(Type::Named(id)) => {
            let to = usage.abi.def(*id).view.as_ref()?;
            let path = emitter.path(*id, &ident(&to.rust));
            return Some(quote! {
                #[cfg(not(target_family = "wasm"))]
                #[doc(inline)]
                pub use #path as #view;
            });
        }
        Kind::Enum(_) | Kind::Flags(_) | Kind::Alias(_) => return None,
    };
    Some(quote! {
        #docs
        #[cfg(not(target_family = "wasm"))]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, #copy ::core::cmp::PartialEq, #eq)]
        pub #keyword #view<'a> { #view_body }

        #[cfg(not(target_family = "wasm"))]
        impl #view<'_> {
            /// The same with nothing borrowed.
            pub fn into_owned(self) -> #name { #to_owned }
        }

        #[cfg(not(target_family = "wasm"))]
        #wire_form

        #[cfg(not(target_family = "wasm"))]
        impl #wire {
            #[doc(hidden)]
            pub fn __view<'a>(self, __memory: __abide::Memory<'a>) -> __abide::Step<#view<'a>> {
                ::core::result::Result::Ok(#to_view)
            }
        }
    })
}

/// The cases of `self` as those of another type.
fn variant(
    to: &Ident,
    cases: &[Case],
    payload: &dyn Fn(&Type, TokenStream) -> TokenStream,
) -> TokenStream {
    let arms = cases.iter().map(|case| {
        let name = ident(&case.rust);
        match &case.ty {
            Some(ty) => {
                let value = payload(ty, quote!(__payload));
                quote!(Self::#name(__payload) => #to::#name(#value),)
            }
            None => quote!(Self::#name => #to::#name,),
        }
    });
    quote!(match self { #(#arms)* })
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
        if !abi.lends(ty) {
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
                let def = abi.def(*id);
                let view = def.view.iter();
                let view = view.map(|view| self.path(*id, &ident(&view.rust)));
                quote!(#(#view)*<#lifetime>)
            }
            of => self.compound(of, &|ty| self.view(ty, lifetime)),
        }
    }

    /// What the runtime lifts.
    pub(super) fn wire(self, ty: &Type) -> TokenStream {
        let abi = self.usage.abi;
        if !abi.lends(ty) {
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
    fn sort(self, ty: &Type) -> Ident {
        let abi = self.usage.abi;
        match abi.dealias(ty) {
            Type::String => ident("text"),
            ty if abi.is_flat(ty) => ident("flat"),
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
    /// runtime's `Step` and has the memory as `__memory`.
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
    fn to_owned(self, ty: &Type, value: TokenStream) -> TokenStream {
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
        if !abi.lends(ty) {
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

    fn path(self, id: TypeId, name: &Ident) -> TokenStream {
        let root = self.usage.root();
        match &self.usage.abi.def(id).module {
            Some(module) => {
                let module = ident(module);
                quote!(#root::#module::#name)
            }
            None => quote!(#root::#name),
        }
    }
}
