//! What every emitter writes: identifiers, and the lints of the expansion's modules.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// On the modules of the expansion: names, docs and numbers of parameters come from the WIT, and
/// clippy would blame the crate that `abi!` stands in for them. What is deprecated is so for
/// others. Hidden names have two underscores inside, and not every module needs `__abide`: rustc
/// says so where it sees the expansion as a file of the user's.
pub(super) fn lints() -> TokenStream {
    // A case called `lower` is not mixed up with the associated type of that name: only the latter
    // can be a type.
    quote! {
        #[allow(
            ambiguous_associated_items, clippy::all, clippy::pedantic, deprecated, non_snake_case,
            unused_imports
        )]
    }
}

/// An identifier of the emitted code.
pub(super) fn ident(name: &str) -> Ident {
    format_ident!("{name}", span = Span::call_site())
}

/// The path to the module that `abi!` stands in, from `depth` modules below it.
pub(super) fn root(depth: usize) -> TokenStream {
    match depth {
        0 => quote!(self),
        depth => {
            let supers = vec![quote!(super); depth];
            quote!(#(#supers)::*)
        }
    }
}
