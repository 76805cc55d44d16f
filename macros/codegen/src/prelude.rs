//! `#![no_implicit_prelude]`: a crate that has it has no attributes of tools either,
//! `#[diagnostic::on_unimplemented]` among them, and there is no other way to write these. So there
//! they are left out, and the compiler's own words have to do.
//!
//! A macro is not told of the attributes of the crate that it stands in. But the compiler's
//! arguments name the file that the crate begins in, and the attribute stands there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::{env, fs};

/// The tokens without what the crate that is being compiled cannot have.
pub(crate) fn fitting(tokens: TokenStream) -> TokenStream {
    let mut files = env::args().filter(|arg| arg.ends_with(".rs"));
    match files.any(|file| fs::read_to_string(file).is_ok_and(|text| is_off(&text))) {
        true => without_tools(tokens),
        false => tokens,
    }
}

/// Whether the file of a crate says that it takes nothing from the prelude.
fn is_off(text: &str) -> bool {
    let attributes = text
        .lines()
        .filter(|line| line.trim_start().starts_with('#'));
    attributes
        .into_iter()
        .any(|line| line.contains("no_implicit_prelude"))
}

fn without_tools(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            out.push(token);
            continue;
        };
        let is_attribute = group.delimiter() == Delimiter::Bracket
            && matches!(out.last(), Some(TokenTree::Punct(sign)) if sign.as_char() == '#');
        let mut inner = group.stream().into_iter();
        let first = inner.next();
        if is_attribute && matches!(first, Some(TokenTree::Ident(tool)) if tool == "diagnostic") {
            out.pop();
            continue;
        }
        let mut new = Group::new(group.delimiter(), without_tools(group.stream()));
        new.set_span(group.span());
        out.push(new.into());
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{is_off, without_tools};
    use quote::quote;

    #[test]
    fn the_attribute_is_found_where_it_is_one() {
        for (text, off) in [
            ("//! Docs.\n#![no_implicit_prelude]\n", true),
            ("#![allow(x)]\n  #![ no_implicit_prelude ]", true),
            ("//! Has no `#![no_implicit_prelude]`.\nfn f() {}", false),
            ("", false),
        ] {
            assert_eq!(is_off(text), off, "{text}");
        }
    }

    #[test]
    fn attributes_of_tools_are_left_out() {
        let code = quote! {
            #[diagnostic::on_unimplemented(message = "m")]
            #[doc = "A trait."]
            pub trait T { fn diagnostic(&self) -> [u8; 2]; }
        };
        let expected = quote! {
            #[doc = "A trait."]
            pub trait T { fn diagnostic(&self) -> [u8; 2]; }
        };
        assert_eq!(without_tools(code).to_string(), expected.to_string());
    }
}
