//! Doc comments: what WIT says, and where it says nothing, what the item is in WIT.
//!
//! Every public item gets one: a user's crate may deny `missing_docs`.

use proc_macro2::TokenStream;
use quote::quote;

/// The docs of an item: WIT's, or `otherwise`.
pub(super) fn of(wit: Option<&str>, otherwise: &str) -> TokenStream {
    let text = wit
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .unwrap_or(otherwise);
    lines(text)
}

/// The docs of an item, with a paragraph of ours behind WIT's.
pub(super) fn of_and(wit: Option<&str>, otherwise: &str, more: &str) -> TokenStream {
    let first = of(wit, otherwise);
    let blank = lines("");
    let more = lines(more);
    quote!(#first #blank #more)
}

/// What stands behind the docs of an item that is deprecated.
pub(super) fn deprecated(since: Option<&str>) -> Option<TokenStream> {
    since.map(|note| quote!(#[deprecated(note = #note)]))
}

fn lines(text: &str) -> TokenStream {
    // rustdoc strips one leading space, as `/// text` has.
    let lines = text.split('\n').map(|line| match line.trim_end() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}
