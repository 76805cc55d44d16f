//! Parameter lists as wasmtime takes them: tuples as far as it has them, chains beyond.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// wasmtime implements its traits for tuples of up to 17 elements (`for_each_function_signature!`).
const LONGEST_TUPLE: usize = 17;

/// A parameter list, as a pattern or as a value: they look the same.
pub(super) fn values(names: &[Ident]) -> TokenStream {
    if names.len() <= LONGEST_TUPLE {
        return quote!((#(#names,)*));
    }
    let end = quote!(__abide::End);
    names
        .iter()
        .rev()
        .fold(end, |rest, name| quote!(__abide::Chain(#name, #rest)))
}

/// The type of a parameter list.
pub(super) fn types(types: &[TokenStream]) -> TokenStream {
    if types.len() <= LONGEST_TUPLE {
        return quote!((#(#types,)*));
    }
    let end = quote!(__abide::End);
    types
        .iter()
        .rev()
        .fold(end, |rest, ty| quote!(__abide::Chain<#ty, #rest>))
}
