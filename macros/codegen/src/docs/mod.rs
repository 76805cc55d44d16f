//! Doc comments: what WIT says, and where it says nothing, what the item is in WIT.
//!
//! Every public item gets one: a user's crate may deny `missing_docs`.
//!
//! The code in WIT's docs is anything but Rust, and rustdoc would run it as tests of the crate that
//! `abi!` stands in. So where there may be some, the docs are not there for rustdoc while it looks
//! for tests.

mod code;

use proc_macro2::TokenStream;
use quote::quote;

/// The docs of an item: WIT's, or `otherwise`.
pub(crate) fn of(wit: Option<&str>, otherwise: &str) -> TokenStream {
    let wit = wit.map(str::trim).filter(|text| !text.is_empty());
    wit.map_or_else(|| lines(otherwise), of_wit)
}

/// The docs of an item, with a paragraph of ours behind WIT's.
pub(crate) fn of_and(wit: Option<&str>, otherwise: &str, more: &str) -> TokenStream {
    let first = of(wit, otherwise);
    let blank = lines("");
    let more = lines(more);
    quote!(#first #blank #more)
}

/// What a WIT says of an item.
pub(crate) fn of_wit(text: &str) -> TokenStream {
    if !code::is_possible(text) {
        return lines(text);
    }
    let text: Vec<String> = code::marked(text).lines().map(line).collect();
    let text = text.join("\n");
    // What is left unmarked is shown as Rust, and need not be any.
    quote! {
        #[cfg_attr(
            not(doctest),
            doc = #text,
            allow(rustdoc::invalid_codeblock_attributes, rustdoc::invalid_rust_codeblocks)
        )]
    }
}

/// What stands behind the docs of an item that is deprecated.
pub(crate) fn deprecated(since: Option<&str>) -> Option<TokenStream> {
    since.map(|note| quote!(#[deprecated(note = #note)]))
}

fn lines(text: &str) -> TokenStream {
    let lines = text.split('\n').map(line);
    quote!(#(#[doc = #lines])*)
}

/// rustdoc strips one leading space, as `/// text` has.
fn line(text: &str) -> String {
    match text.trim_end() {
        "" => String::new(),
        text => format!(" {text}"),
    }
}
