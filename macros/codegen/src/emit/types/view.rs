//! Views: arguments whose strings and lists are borrowed from the guest's memory for the time of a
//! call.
//!
//! What the runtime lifts is the wire form of a view: the same record with places in memory instead
//! of strings and lists. It becomes the view when the host's method is called. Types without
//! strings and lists of numbers in them are the same in all forms.

use crate::docs;
use crate::emit::tokens::ident;
use crate::emit::usage::Usage;
use crate::emit::views::{Views, wire_name};
use crate::model::{Abi, Case, Kind, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The names of what [`definitions`] defines.
pub(super) fn names(abi: &Abi, id: TypeId) -> Vec<Ident> {
    let (def, view) = (abi.def(id), abi.view(id));
    let wire = view.filter(|_| !matches!(def.kind, Kind::Alias(_)));
    let view = view.map(|view| ident(&view.rust));
    view.into_iter()
        .chain(wire.map(|_| wire_name(def)))
        .collect()
}

/// The view of a type, its wire form, and the ways between them; nothing if no import asked for it.
pub(super) fn definitions(usage: Usage<'_>, id: TypeId) -> Option<TokenStream> {
    let (def, of) = (usage.abi.def(id), usage.abi.view(id)?);
    let view = ident(&of.rust);
    let emitter = Views { usage };
    let (name, wire) = (ident(&def.rust()), wire_name(def));
    let text = format!(
        "[`{name}`] as a guest lends it: strings and lists of numbers are in the guest's memory."
    );
    let docs = match &def.docs {
        Some(docs) => docs::of_and(Some(docs), "", &text),
        None => docs::of(None, &text),
    };
    let copy = of.copy.then(|| quote!(::core::marker::Copy,));
    let eq = (!def.facts.float).then(|| quote!(::core::cmp::Eq, ::core::hash::Hash,));
    let here = quote!('a);
    let (view_body, wire_form, to_view, to_owned);
    let keyword = match &def.kind {
        Kind::Record(fields) => {
            let each = |of: &dyn Fn(&Ident, &str, &Type) -> TokenStream| -> TokenStream {
                let each = fields.iter();
                each.map(|field| of(&ident(&field.rust()), &field.wit, &field.ty))
                    .collect()
            };
            let documented = fields.iter().map(|field| {
                let otherwise = format!("The field `{}`.", field.wit);
                let docs = docs::of(field.docs.as_deref(), &otherwise);
                let (name, ty) = (ident(&field.rust()), emitter.view(&field.ty, &here));
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
                let name = ident(&case.rust());
                let payload = case.ty.iter().map(|ty| emitter.view(ty, &here));
                let payload = case.ty.is_some().then(|| quote!((#(#payload)*)));
                quote!(#docs #name #payload,)
            });
            view_body = quote!(#(#documented)*);
            let wires = cases.iter().map(|case| {
                let (name, wit) = (ident(&case.rust()), &case.wit);
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
            let to = usage.abi.view(*id)?;
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
            pub fn __view<'a>(self, __memory: __abide::Memory<'a>) -> __abide::Result<#view<'a>> {
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
        let name = ident(&case.rust());
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
