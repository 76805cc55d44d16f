//! Makes wit-bindgen's code mean the same wherever it stands. It knows tokens, and nothing of WIT.
//!
//! - A macro that a crate defines comes before one of Rust's with its name, so Rust's are called by
//!   absolute paths.
//! - Everything else of Rust's prelude is not there in a crate with `#![no_implicit_prelude]`, so
//!   every module takes it from Abide, and the name `core` with it.
//! - What the code has from `abi!` it names from [`HERE`], which becomes a path from where the name
//!   stands.

use crate::rust_macros;
use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;

/// Stands for the module that `abi!` stands in, at the beginning of a path.
#[cfg(feature = "guest")]
pub(super) const HERE: &str = NAME;
const NAME: &str = "__abide_here";

/// How many modules deep the code stands below the one that `abi!` stands in: `guest::__bindings`.
const DEPTH: usize = 2;

/// The code with all its names found.
pub(super) fn independent(tokens: TokenStream) -> TokenStream {
    module(tokens, DEPTH)
}

/// What is in a module, `depth` modules below that of `abi!`.
fn module(tokens: TokenStream, depth: usize) -> TokenStream {
    let code = group(tokens, depth);
    // What is defined here comes before what a glob brings. Attributes of the module come first of
    // all.
    let up = path_up(depth);
    quote! {
        #code
        #[allow(unused_imports)]
        use #up::__abide::prelude::*;
    }
}

fn group(tokens: TokenStream, depth: usize) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out = TokenStream::new();
    for (at, token) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..at], &tokens[at + 1..]);
        out.extend(match token {
            TokenTree::Ident(ident) if ident == NAME => path_up(depth),
            TokenTree::Ident(ident) if is_call(ident, before, after) => quote!(::core::#ident),
            TokenTree::Group(of) => {
                let inner = match is_module(of, before) {
                    true => module(of.stream(), depth + 1),
                    false => group(of.stream(), depth),
                };
                let mut new = Group::new(of.delimiter(), inner);
                new.set_span(of.span());
                TokenTree::from(new).into()
            }
            token => token.clone().into(),
        });
    }
    out
}

/// `super::super`.
fn path_up(depth: usize) -> TokenStream {
    let more = (1..depth).map(|_| quote!(::super));
    quote!(super #(#more)*)
}

/// Whether a name is that of a macro of Rust's, called without a path: `panic!(…)`.
fn is_call(ident: &Ident, before: &[TokenTree], after: &[TokenTree]) -> bool {
    let called = matches!(after, [TokenTree::Punct(mark), TokenTree::Group(_), ..]
        if mark.as_char() == '!' && mark.spacing() == Spacing::Alone);
    let in_path = matches!(before.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    called && !in_path && rust_macros::has(&ident.to_string())
}

/// Whether a group is the body of a module.
fn is_module(group: &Group, before: &[TokenTree]) -> bool {
    let named =
        matches!(before, [.., TokenTree::Ident(word), TokenTree::Ident(_)] if word == "mod");
    named && group.delimiter() == Delimiter::Brace
}

#[cfg(test)]
mod tests {
    use super::independent;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap().to_string();
        let prelude =
            |up: &str| format!("#[allow(unused_imports)] use {up}::__abide::prelude:: * ;");
        let to = to.replace("PRELUDE4", &prelude("super::super::super::super"));
        let to = to.replace("PRELUDE3", &prelude("super::super::super"));
        let found = independent(from.parse().unwrap()).to_string();
        assert_eq!(found, tokens(&format!("{to} {}", prelude("super::super"))));
    }

    #[test]
    fn macros_of_rust_are_called_by_their_paths() {
        check(
            "fn f() { debug_assert!(a); match b { _ => unreachable!() } if cfg!(c) { assert_eq! { d, e } } }",
            "fn f() { ::core::debug_assert!(a); match b { _ => ::core::unreachable!() }
             if ::core::cfg!(c) { ::core::assert_eq! { d, e } } }",
        );
        let code =
            "::core::panic!(); x::write!(); macro_rules! panic { () => {} } __export_a_cabi!(T);
                    fn panic() { panic(); if panic != (0) {} }";
        check(code, code);
    }

    #[test]
    fn every_module_has_the_prelude() {
        check(
            "mod a { fn f() {} pub mod b {} } impl c { fn d() {} }",
            "mod a { fn f() {} pub mod b { PRELUDE4 } PRELUDE3 } impl c { fn d() {} }",
        );
    }

    #[test]
    fn paths_lead_to_where_abi_stands() {
        check(
            "use __abide_here::a; mod b { mod c { fn f(x: &__abide_here::k::R) {} } }",
            "use super::super::a;
             mod b { mod c { fn f(x: &super::super::super::super::k::R) {} PRELUDE4 } PRELUDE3 }",
        );
    }
}
