//! The macros of Rust's own that others' code calls by their names alone, where a crate may have
//! one of its own with such a name: that one would be called.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// Their names. Each is in `core`.
const NAMES: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "format_args",
    "matches",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "write",
];

/// Whether Rust has a macro of that name.
#[cfg(any(feature = "guest", test))]
pub(crate) fn has(name: &str) -> bool {
    NAMES.contains(&name)
}

/// What a module of ours begins with, in which the derives of others are expanded: Rust's macros
/// and its prelude. What the module has itself comes before these.
pub(crate) fn scope(abide: &TokenStream) -> TokenStream {
    let names = NAMES.iter().map(|name| Ident::new(name, Span::call_site()));
    quote! {
        #[allow(unused_imports)]
        use #abide::prelude::*;
        #(
            #[allow(unused_macros)]
            macro_rules! #names { ($($all:tt)*) => { ::core::#names!($($all)*) }; }
        )*
    }
}
