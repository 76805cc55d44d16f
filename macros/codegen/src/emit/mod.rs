//! Model → tokens. Emitters print: what they are given has been checked, and they cannot fail.
//!
//! In what is emitted, every path is absolute or goes through `__abide`, an alias of the facade's
//! hidden module: users may have types called `Result`, `String` or `Option`, and `abide` under
//! another name. The names of hidden runtime items stand in the emitters of this folder only.

mod about;
mod colour;
mod convert;
mod guest;
mod handles;
mod host;
mod passing;
mod rust_type;
mod tokens;
mod types;
mod views;
mod with;

use crate::args::Args;
use crate::model::Abi;
use colour::Colour;
use proc_macro2::TokenStream;
use quote::quote;

/// The whole expansion of an `abi!`.
pub(crate) fn abi(abi: &Abi, args: &Args) -> TokenStream {
    let abide = &args.abide;
    let types = types::modules(abi, args);
    let shapes = with::shapes(abi, args);
    let about = about::abi_const(abi);
    let place = about::place_check(args);
    let depth = about::depth_check(abi);
    let host = host::module(abi, args, Colour::Sync);
    let host_async = args
        .host_async
        .then(|| host::module(abi, args, Colour::Async));
    let guest = guest::module(abi, args);
    quote! {
        #[doc(hidden)]
        pub use #abide::__private as __abide;
        #place
        #depth
        #types
        #shapes
        #about
        #host
        #host_async
        #guest
    }
}
