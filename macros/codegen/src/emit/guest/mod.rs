//! The guest side: wit-bindgen's code for the canonical ABI, under Abide's names.
//!
//! The types are not wit-bindgen's: it is told by `with` to use those of the interfaces' modules.

mod export;

use super::tokens::ident;
use super::with;
use crate::args::{Args, Place};
use crate::docs;
use crate::error::Message;
use crate::model::{Abi, FunctionKind, ResourceId, Scope, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// The module `guest` and the macro `export!`.
pub(super) fn module(abi: &Abi, args: &Args) -> TokenStream {
    let docs = docs::of(
        None,
        &format!(
            "The guest side of the world `{}`: traits to implement for what it exports, functions \
             to call for what it imports.",
            abi.world.id
        ),
    );
    let bindings = bindings(args);
    let world = world(abi);
    let traits = abi.exported().map(|scope| exported_trait(abi, scope));
    let modules = abi
        .interfaces()
        .iter()
        .filter_map(|scope| interface_module(abi, args, scope));
    let exports = exports(abi);
    let export = export::for_guests(abi, args);
    let check = export::check(abi);
    let native = export::for_hosts(abi, args);
    let refused = abi.refused_on_guests.iter();
    let refused = refused.map(|message| self::refused(args, message));
    quote! {
        #(#refused)*
        #docs
        #[cfg(target_family = "wasm")]
        #[allow(deprecated)]
        pub mod guest {
            #bindings
            #world
            #(#traits)*
            #(#modules)*
            #exports
            #check
        }
        #export
        #native
    }
}

/// Says that no guest can be compiled. Hosts can call guests that were made otherwise, so to them
/// it is a warning: whoever writes an ABI may compile nothing but a host's half before it is
/// published.
fn refused(args: &Args, message: &Message) -> TokenStream {
    let span = args.wit_span();
    let message = message.to_string();
    let warning = Message::GuestsOnly {
        message: message.clone(),
    };
    let warning = warning.to_string();
    quote_spanned! {span=>
        #[cfg(target_family = "wasm")]
        ::core::compile_error!(#message);
        // There is no other warning that a macro can give.
        #[cfg(not(target_family = "wasm"))]
        const _: () = {
            #[deprecated(note = #warning)]
            const NO_GUEST_COMPILES: () = ();
            NO_GUEST_COMPILES
        };
    }
}

/// The code of the canonical ABI. Here is not known whether a guest is compiled; the macro called
/// is there for guests only.
fn bindings(args: &Args) -> TokenStream {
    let input = &args.input;
    quote! {
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, missing_docs)]
        pub mod __bindings {
            super::super::__abide::bindings! { #input }
        }
    }
}

/// The trait and the functions of the world's own level.
fn world(abi: &Abi) -> TokenStream {
    let level = abi.level();
    let export = level.export.as_ref().map(|_| {
        let name = ident(&abi.names.world);
        quote!(pub use self::__bindings::Guest as #name;)
    });
    let mut types = resources(abi, &level.resources);
    types.extend(of_bindings(abi, &level.types));
    let types = (!types.is_empty()).then(|| quote!(pub use self::__bindings::{#(#types),*};));
    // Beside a function `kv` there may be a module of that name, both in wit-bindgen's code and in
    // ours. What a glob brings gives way to what is there.
    let functions = functions(level);
    let functions = (!functions.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            mod __functions {
                pub use super::__bindings::{#(#functions),*};
            }
            pub use self::__functions::*;
        }
    });
    quote!(#export #types #functions)
}

fn exported_trait(abi: &Abi, scope: &Scope) -> TokenStream {
    let path = path(abi, scope);
    let name = ident(abi.names.export(scope.id));
    quote!(pub use self::__bindings::exports::#(#path::)*Guest as #name;)
}

/// An interface's types and, where it is imported, its functions and resources. Where it is
/// exported only, its resources are the guest's own.
fn interface_module(abi: &Abi, args: &Args, scope: &Scope) -> Option<TokenStream> {
    let name = ident(abi.names.module_of_traits(scope.id));
    if abi.is_used_whole(scope) {
        let Place { abi, module } = with::place(args, scope)?;
        return Some(quote! {
            #[doc(inline)]
            #[allow(unreachable_pub)]
            pub use #abi::guest::#module as #name;
        });
    }
    let mut items = resources(abi, &scope.resources);
    items.extend(of_bindings(abi, &scope.types));
    // What an export has of its own stands beside its other types already.
    let has_types = !scope.types.is_empty() && (scope.import.is_some() || items.is_empty());
    let types = has_types.then(|| quote!(pub use super::super::#name::*;));
    let items = if scope.import.is_some() {
        items.extend(functions(scope));
        let path = path(abi, scope);
        (!items.is_empty()).then(|| quote!(pub use super::__bindings::#(#path::)*{#(#items),*};))
    } else {
        (!items.is_empty()).then(|| quote!(pub use super::exports::#name::*;))
    };
    if types.is_none() && items.is_none() {
        return None;
    }
    let otherwise = format!("The interface `{}`.", scope.wit);
    let docs = docs::of(scope.docs.as_deref(), &otherwise);
    Some(quote!(#docs pub mod #name { #types #items }))
}

/// The exported interfaces that have types of wit-bindgen's, which are resources and what holds
/// handles on them: these are other types than those of an import of the same scope.
fn exports(abi: &Abi) -> Option<TokenStream> {
    let modules: Vec<_> = abi
        .interfaces()
        .iter()
        .filter(|scope| scope.export.is_some())
        .filter_map(|scope| {
            let mut items = resources(abi, &scope.resources);
            items.extend(scope.resources.iter().flat_map(|id| {
                let resource = abi.resource(*id);
                let (name, theirs) = (resource.rust(), resource.in_bindings());
                [
                    item(&format!("{theirs}Borrow"), &format!("{name}Borrow")),
                    item(&format!("Guest{theirs}"), &format!("Guest{name}")),
                ]
            }));
            items.extend(of_bindings(abi, &scope.types));
            if items.is_empty() {
                return None;
            }
            let name = ident(abi.names.module_of_traits(scope.id));
            let types =
                (!scope.types.is_empty()).then(|| quote!(pub use super::super::super::#name::*;));
            let path = path(abi, scope);
            let docs = docs::of(None, &format!("The export `{}`.", scope.wit));
            Some(quote! {
                #docs
                pub mod #name {
                    #types
                    pub use super::super::__bindings::exports::#(#path::)*{#(#items),*};
                }
            })
        })
        .collect();
    (!modules.is_empty()).then(|| {
        quote! {
            /// Exported interfaces with resources: `Guest…` are the traits to implement, beside
            /// them are handles on what implements them.
            pub mod exports { #(#modules)* }
        }
    })
}

/// Where wit-bindgen has an interface.
fn path(abi: &Abi, scope: &Scope) -> impl Iterator<Item = Ident> {
    abi.bindings
        .module(scope.id)
        .iter()
        .map(|segment| ident(segment))
}

/// Functions that are no resource's.
fn functions(scope: &Scope) -> Vec<TokenStream> {
    let free = scope.imported();
    let free = free.filter(|function| function.kind == FunctionKind::Free);
    let names = free.map(|function| item(&function.rust(), &function.rust()));
    names.collect()
}

fn resources(abi: &Abi, resources: &[ResourceId]) -> Vec<TokenStream> {
    let resources = resources.iter().map(|id| abi.resource(*id));
    let names = resources.map(|resource| item(&resource.in_bindings(), &resource.rust()));
    names.collect()
}

/// The types that on a guest are wit-bindgen's: those that hold handles, and those that it cannot
/// be told of. (Handles themselves have no name there.)
fn of_bindings(abi: &Abi, types: &[TypeId]) -> Vec<TokenStream> {
    let is_handle = |id| matches!(abi.dealias(&Type::Named(id)), Type::Handle(_));
    let defs = types.iter().copied().filter(|id| !is_handle(*id));
    let theirs = defs.filter(|id| abi.bindings.writes(*id));
    let names = theirs.map(|id| item(&abi.bindings.name(id), &abi.def(id).rust()));
    names.collect()
}

/// An item of wit-bindgen's under our name.
fn item(theirs: &str, ours: &str) -> TokenStream {
    let (from, to) = (ident(theirs), ident(ours));
    if from == to {
        quote!(#to)
    } else {
        quote!(#from as #to)
    }
}
