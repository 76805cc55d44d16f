//! The types of the ABI: one Rust type per WIT type, the same text on both sides.

mod define;
mod flat;
mod view;

use super::handles::Handles;
use super::rust_type::Types;
use super::tokens::{ident, lints};
use super::with;
use crate::args::Args;
use crate::docs;
use crate::model::{Abi, Scope, TypeId};
use crate::rust_macros;
use define::Emitter;
use proc_macro2::TokenStream;
use quote::quote;

/// All types, each in the module of its interface.
pub(super) fn modules(abi: &Abi, args: &Args) -> TokenStream {
    let interfaces = abi.interfaces().iter();
    let interfaces = interfaces.filter_map(|scope| {
        let module = abi.names.module(scope.id)?;
        Some(interface(abi, scope, module, args))
    });
    let world = world(abi, args);
    quote!(#(#interfaces)* #world)
}

/// The module of an interface's types; nothing where it has none.
fn interface(abi: &Abi, scope: &Scope, module: &str, args: &Args) -> TokenStream {
    if scope.types.is_empty() {
        return TokenStream::new();
    }
    if let Some(place) = with::place(args, scope) {
        return with::types(&place, module);
    }
    let name = ident(module);
    let otherwise = format!("Types of the interface `{}`.", scope.wit);
    let docs = docs::of(scope.docs.as_deref(), &otherwise);
    let types = definitions(abi, &scope.types, args);
    let lints = lints();
    let scope = rust_macros::scope(&quote!(__abide));
    quote! {
        #docs
        #lints
        pub mod #name {
            use super::__abide;
            #scope
            #types
        }
    }
}

/// Types defined in the world itself. They stand in a module of their own so that nothing of the
/// user's is in scope, and are used from where `abi!` stands.
fn world(abi: &Abi, args: &Args) -> TokenStream {
    if abi.level().types.is_empty() {
        return TokenStream::new();
    }
    let types = definitions(abi, &abi.level().types, args);
    let names = abi
        .level()
        .types
        .iter()
        .map(|id| ident(&abi.def(*id).rust()));
    let views: Vec<_> = abi
        .level()
        .types
        .iter()
        .flat_map(|id| view::names(abi, *id))
        .collect();
    let views = (!views.is_empty())
        .then(|| quote!(#[cfg(not(target_family = "wasm"))] pub use __world::{#(#views),*};));
    let lints = lints();
    let scope = rust_macros::scope(&quote!(__abide));
    quote! {
        #lints
        mod __world {
            use super::__abide;
            #scope
            #types
        }
        #[allow(deprecated)]
        pub use __world::{#(#names),*};
        #views
    }
}

fn definitions(abi: &Abi, ids: &[TypeId], args: &Args) -> TokenStream {
    ids.iter()
        .map(|id| {
            let parameters = abi.parameters(abi.def(*id));
            let types = Types::new(abi, 1, Handles::Parameters(&parameters));
            let emitter = Emitter {
                types,
                args,
                parameters: &parameters,
            };
            emitter.definition(*id)
        })
        .collect()
}
