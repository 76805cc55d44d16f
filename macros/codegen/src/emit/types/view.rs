//! Views: arguments whose strings and lists are borrowed from the guest's memory for the time of a
//! call.
//!
//! What the runtime lifts is the wire form of a view: the same record with places in memory instead
//! of strings and lists. It becomes the view when the host's method is called. Types without
//! strings and lists of numbers in them are the same in all forms.

use crate::docs;
use crate::emit::convert;
use crate::emit::rust_type::{Form, Types, wire_name};
use crate::emit::tokens::ident;
use crate::emit::views::{ToOwned, ToView};
use crate::model::{Abi, Case, Field, Kind, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The names of what [`definitions`] defines.
pub(super) fn names(abi: &Abi, id: TypeId) -> Vec<Ident> {
    let (def, view) = (abi.def(id), abi.view(id));
    let wire = view.filter(|_| !matches!(def.kind, Kind::Alias(_)));
    let view = view.map(|view| ident(&view.rust));
    let wire = wire.map(|_| wire_name(def));
    view.into_iter().chain(wire).collect()
}

/// The view of a type, its wire form, and the ways between them; nothing if no import asked for it.
pub(super) fn definitions(types: Types<'_>, id: TypeId) -> Option<TokenStream> {
    let abi = types.abi;
    let (def, of) = (abi.def(id), abi.view(id)?);
    let (name, view, wire) = (ident(&def.rust()), ident(&of.rust), wire_name(def));
    let (body, wire_form) = match &def.kind {
        Kind::Record(fields) => {
            let body = record(types, fields);
            (
                quote!(struct #view<'a> { #body }),
                wire_record(types, &wire, fields),
            )
        }
        Kind::Variant(cases) => {
            let body = variant(types, cases);
            (
                quote!(enum #view<'a> { #body }),
                wire_variant(types, &wire, cases),
            )
        }
        Kind::Alias(Type::Named(id)) => {
            let path = types.beside(*id, &ident(&abi.view(*id)?.rust));
            return Some(quote! {
                #[cfg(not(target_family = "wasm"))]
                #[doc(inline)]
                pub use #path as #view;
            });
        }
        Kind::Enum(_) | Kind::Flags(_) | Kind::Alias(_) => return None,
    };
    let text = format!(
        "[`{name}`] as a guest lends it: strings and lists of numbers are in the guest's memory."
    );
    let docs = match &def.docs {
        Some(docs) => docs::of_and(Some(docs), "", &text),
        None => docs::of(None, &text),
    };
    let copy = of.copy.then(|| quote!(::core::marker::Copy,));
    let eq = (!def.facts.float).then(|| quote!(::core::cmp::Eq, ::core::hash::Hash,));
    let to_view = convert::of_self(&ToView(abi), &def.kind, &view);
    let to_owned = convert::of_self(&ToOwned(abi), &def.kind, &name);
    Some(quote! {
        #docs
        #[cfg(not(target_family = "wasm"))]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, #copy ::core::cmp::PartialEq, #eq)]
        pub #body

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

/// The fields of the view of a record.
fn record(types: Types<'_>, fields: &[Field]) -> TokenStream {
    let here = quote!('a);
    let fields = fields.iter().map(|field| {
        let otherwise = format!("The field `{}`.", field.wit);
        let docs = docs::of(field.docs.as_deref(), &otherwise);
        let name = ident(&field.rust());
        let ty = types.rust_type(&field.ty, Form::View(&here));
        quote!(#docs pub #name: #ty,)
    });
    fields.collect()
}

/// The wire form of a record. The runtime lifts its fields from memory, each in its own way.
fn wire_record(types: Types<'_>, wire: &Ident, fields: &[Field]) -> TokenStream {
    let abi = types.abi;
    let fields = fields.iter().map(|field| {
        let (name, wit) = (ident(&field.rust()), &field.wit);
        let sort = match abi.dealias(&field.ty) {
            Type::String => quote!(text),
            ty if abi.facts(ty).flat => quote!(flat),
            _ => quote!(other),
        };
        let ty = types.rust_type(&field.ty, Form::Wire);
        quote!(#name: #ty = #wit as #sort,)
    });
    quote!(__abide::wire_record!(#wire { #(#fields)* });)
}

/// The cases of the view of a variant.
fn variant(types: Types<'_>, cases: &[Case]) -> TokenStream {
    let here = quote!('a);
    let cases = cases.iter().map(|case| {
        let otherwise = format!("The case `{}`.", case.wit);
        let docs = docs::of(case.docs.as_deref(), &otherwise);
        let head = payload(types, case, Form::View(&here));
        quote!(#docs #head,)
    });
    cases.collect()
}

fn wire_variant(types: Types<'_>, wire: &Ident, cases: &[Case]) -> TokenStream {
    let cases = cases.iter().map(|case| {
        let (wit, head) = (&case.wit, payload(types, case, Form::Wire));
        quote!(#[component(name = #wit)] #head,)
    });
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations)]
        #[derive(__abide::ComponentType, __abide::Lift)]
        #[component(variant)]
        #[component(wasmtime_crate = __abide::wasmtime)]
        pub enum #wire { #(#cases)* }
    }
}

/// A case with its payload.
fn payload(types: Types<'_>, case: &Case, form: Form<'_>) -> TokenStream {
    let name = ident(&case.rust());
    let payload = case.ty.as_ref().map(|ty| types.rust_type(ty, form));
    let payload = payload.map(|ty| quote!((#ty)));
    quote!(#name #payload)
}
