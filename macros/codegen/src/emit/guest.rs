//! The guest side: wit-bindgen's code for the canonical ABI, under Abide's names.
//!
//! The types are not wit-bindgen's: it is told by `with` to use those of the interfaces' modules.

use super::docs;
use super::ident;
use crate::args::Args;
use crate::model::{Abi, Function, Interface};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

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
    let traits = abi.exported().map(exported_trait);
    let modules = abi.interfaces.iter().filter_map(interface_module);
    let export = export(abi, args);
    let clashes = abi.world.c_clashes().map(c_clash);
    quote! {
        #(#clashes)*
        #docs
        #[cfg(target_family = "wasm")]
        pub mod guest {
            #bindings
            #world
            #(#traits)*
            #(#modules)*
        }
        #export
    }
}

/// Refuses an export on the guest side only: hosts can call guests that were made otherwise.
fn c_clash(name: &str) -> TokenStream {
    let message = format!(
        "the world exports `{name}` at its own level, and that is the name of a C function which the \
         guest's standard library uses; export it in an interface, or under another name"
    );
    quote! {
        #[cfg(target_family = "wasm")]
        ::core::compile_error!(#message);
    }
}

/// The path of the module that `abi!` stands in, from the root of its crate.
fn module_path(args: &Args, krate: &TokenStream) -> TokenStream {
    let segments = &args.module;
    quote!(#krate #(::#segments)*)
}

/// The code of the canonical ABI. Here is not known whether a guest is compiled; the macro called is there
/// for guests only.
fn bindings(args: &Args) -> TokenStream {
    let input = &args.input;
    quote! {
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, deprecated, missing_docs)]
        pub mod __bindings {
            super::super::__abide::bindings! { #input }
        }
    }
}

/// The trait and the functions of the world's own level.
fn world(abi: &Abi) -> TokenStream {
    let export = (!abi.world.exports.is_empty()).then(|| {
        let name = ident(&abi.world.rust);
        quote!(pub use self::__bindings::Guest as #name;)
    });
    let imports = functions(&abi.world.imports);
    let imports = (!imports.is_empty()).then(|| quote!(pub use self::__bindings::{#(#imports),*};));
    quote!(#export #imports)
}

fn exported_trait(interface: &Interface) -> TokenStream {
    let path = interface.bindings.iter().map(|segment| ident(segment));
    let name = ident(&interface.rust);
    quote!(pub use self::__bindings::exports::#(#path::)*Guest as #name;)
}

/// An interface's types and, where it is imported, its functions.
fn interface_module(interface: &Interface) -> Option<TokenStream> {
    let name = ident(&interface.module);
    let types = (!interface.types.is_empty()).then(|| quote!(pub use super::super::#name::*;));
    let functions = functions(&interface.functions);
    let functions = (interface.imported && !functions.is_empty()).then(|| {
        let path = interface.bindings.iter().map(|segment| ident(segment));
        quote!(pub use super::__bindings::#(#path::)*{#(#functions),*};)
    });
    if types.is_none() && functions.is_none() {
        return None;
    }
    let otherwise = format!("The interface `{}`.", interface.id);
    let docs = docs::of(interface.docs.as_deref(), &otherwise);
    Some(quote!(#docs pub mod #name { #types #functions }))
}

fn functions(functions: &[Function]) -> Vec<Ident> {
    functions
        .iter()
        .map(|function| ident(&function.rust))
        .collect()
}

/// The macro `export!`, where there is something to export.
fn export(abi: &Abi, args: &Args) -> Option<TokenStream> {
    if abi.world.exports.is_empty() && abi.exported().next().is_none() {
        return None;
    }
    // A macro that is exported stands at the crate's root, so its name has to tell several apart.
    let mut name = format_ident!("__abide_export");
    for segment in &args.module {
        name = format_ident!("{name}_{segment}");
    }
    // `$crate` means the crate that its span comes from. The span of the user's own tokens is in the
    // ABI crate; any other here is in `abide`, whose `macro_rules!` this expansion is part of.
    let krate = Ident::new("crate", args.wit_span());
    let here = module_path(args, &quote!($ #krate));
    Some(quote! {
        #[cfg(target_family = "wasm")]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #name {
            ($plugin:ident) => {
                #here::guest::__bindings::__export!(
                    $plugin with_types_in #here::guest::__bindings
                );
                #here::__abide::report_panics!();
            };
        }

        /// Exports a type as the guest's implementation of this world: `export!(Plugin);`, once.
        #[cfg(target_family = "wasm")]
        pub use #name as export;
    })
}
