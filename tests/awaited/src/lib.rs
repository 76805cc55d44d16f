//! `#[awaited::test]` stands where `#[test]` stands, before an `async fn`.
//!
//! It knows no executor: it gives the test to the function `block_on` of the crate that the test
//! stands in. Tokio has such an attribute, too, but behind a feature with which everything that
//! uses tokio would be compiled again.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};

/// Has `crate::block_on` run what the function does.
#[proc_macro_attribute]
pub fn test(_: TokenStream, function: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = function.into_iter().collect();
    let keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word.to_string() == "async");
    let (Some(at), Some(TokenTree::Group(body))) = (tokens.iter().position(keyword), tokens.pop())
    else {
        return told("`#[awaited::test]` stands before an `async fn`");
    };
    // Both are where they were, and so is what the compiler says of them.
    let keyword = TokenStream::from(tokens.remove(at));
    let block: TokenStream = [keyword, TokenTree::Group(body).into()]
        .into_iter()
        .collect();
    let run = parsed("crate::block_on");
    let argument = TokenTree::Group(Group::new(Delimiter::Parenthesis, block));
    let body = run.into_iter().chain([argument]).collect();
    let body = TokenTree::Group(Group::new(Delimiter::Brace, body));
    let attribute = parsed("#[::core::prelude::v1::test]");
    attribute.into_iter().chain(tokens).chain([body]).collect()
}

fn told(message: &str) -> TokenStream {
    parsed(&format!("::core::compile_error!({message:?});"))
}

fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
