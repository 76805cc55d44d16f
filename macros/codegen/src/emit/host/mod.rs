//! The host side: the module `host`. Nothing here names a type of wasmtime.

mod arguments;
mod calls;
mod export;
mod exported;
mod functions;
mod handle;
mod link;
mod names;
mod tables;
mod traits;
mod world;

use super::colour::Colour;
use super::tokens::lints;
use crate::args::Args;
use crate::docs;
use crate::model::Abi;
use functions::Functions;
use names::Host;
use proc_macro2::TokenStream;
use quote::quote;

/// The module of the host's side in one colour.
pub(super) fn module(abi: &Abi, args: &Args, colour: Colour) -> TokenStream {
    let docs = docs::of(
        None,
        &format!(
            "The host side of the world `{}`: the handle to call a guest with, and the traits that \
             a host implements for what guests import.{}",
            abi.world.id,
            colour.module_docs(),
        ),
    );
    let functions = Functions::of(abi);
    let host = Host {
        abi,
        functions: &functions,
        colour,
    };
    let traits = traits::items(host, args);
    let handle = handle::items(host);
    let exports = exported::module(host);
    let tables = tables::items(host);
    let lints = lints();
    let name = colour.module();
    quote! {
        #docs
        #lints
        #[cfg(not(target_family = "wasm"))]
        pub mod #name {
            use super::__abide;
            #traits
            #handle
            #exports
            #tables
        }
    }
}
