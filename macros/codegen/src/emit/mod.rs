//! Model → tokens. Emitters print: what they are given has been checked, and they cannot fail.
//!
//! In what is emitted, every path is absolute or goes through `__abide`, an alias of the facade's
//! hidden module: users may have types called `Result`, `String` or `Option`, and `abide` under
//! another name. The names of hidden runtime items stand in the emitters of this folder only.

mod about;
mod calls;
mod code;
mod convert;
mod docs;
mod export;
mod exported;
mod flat;
mod guest;
mod handle;
mod handles;
mod host;
mod link;
mod traits;
mod types;
mod usage;
mod view;
mod with;
mod world;

#[cfg(any(feature = "guest", test))]
pub(crate) use docs::of_wit;
#[cfg(feature = "guest")]
pub(crate) use export::guests_traits;
#[cfg(feature = "guest")]
#[cfg(feature = "guest")]
pub(crate) use with::{Place, place};

use crate::args::Args;
use crate::model::Abi;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// The whole expansion of an `abi!`.
pub(crate) fn abi(abi: &Abi, args: &Args) -> TokenStream {
    let abide = &args.abide;
    let modules = abi
        .interfaces
        .iter()
        .map(|interface| types::interface(abi, interface, args));
    let world_types = types::world(abi, args);
    let shapes = with::shapes(abi, args);
    let about = about::abi_const(abi);
    let place = about::place_check(args);
    let depth = about::depth_check(abi);
    let host = host::module(abi, args);
    let guest = guest::module(abi, args);
    quote! {
        #[doc(hidden)]
        pub use #abide::__private as __abide;
        #place
        #depth
        #(#modules)*
        #world_types
        #shapes
        #about
        #host
        #guest
    }
}

/// On the modules of the expansion: names, docs and numbers of parameters come from the WIT, and
/// clippy would blame the crate that `abi!` stands in for them. What is deprecated is so for
/// others.
fn lints() -> TokenStream {
    // A case called `lower` is not mixed up with the associated type of that name: only the latter
    // can be a type.
    quote!(#[allow(ambiguous_associated_items, clippy::all, clippy::pedantic, deprecated)])
}

/// An identifier of the emitted code.
fn ident(name: &str) -> Ident {
    format_ident!("{name}", span = Span::call_site())
}
