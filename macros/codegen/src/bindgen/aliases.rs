//! Tells wit-bindgen's aliases from types of the WIT. It knows tokens, and nothing of WIT.
//!
//! Where wit-bindgen takes a variant apart or puts one together, it gives it a short name first:
//! `use a::Shape as V1; match s { V1::Dot => …, V1::At(e) => … }`. A type of the WIT called `v1`
//! may be meant by `V1` in the same function. The alias becomes `V1_`, which is no name of a type,
//! and so it does where it is used: in the patterns of the `match` behind it, or at the ends of its
//! arms.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// The code with such aliases renamed.
pub(super) fn mended(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut alias: Option<String> = None;
    let mut matching = false;
    for at in 0..tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(name) if is_alias(name, &tokens[..at], &tokens[at + 1..]) => {
                alias = Some(name.to_string());
                matching = false;
                tokens[at] = renamed(name);
            }
            TokenTree::Ident(word) if word == "match" => matching = true,
            TokenTree::Group(group) => {
                let mut stream = mended(group.stream());
                if matching && group.delimiter() == Delimiter::Brace {
                    matching = false;
                    if let Some(alias) = alias.take() {
                        stream = arms(stream, &alias);
                    }
                }
                tokens[at] = with_stream(group, stream);
            }
            _ => {}
        }
    }
    tokens.into_iter().collect()
}

/// The arms of a `match`: everything that begins with the alias here is a pattern.
fn arms(stream: TokenStream, alias: &str) -> TokenStream {
    let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
    for at in 0..tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(name) if name == alias && is_path(&tokens[at + 1..]) => {
                tokens[at] = renamed(name);
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                tokens[at] = with_stream(group, end(group.stream(), alias));
            }
            _ => {}
        }
    }
    tokens.into_iter().collect()
}

/// An arm that ends with `V1::Dot` or `V1::At(e)`.
fn end(stream: TokenStream, alias: &str) -> TokenStream {
    let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
    let payload = matches!(tokens.last(), Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Parenthesis);
    let start = tokens.len().checked_sub(4 + usize::from(payload));
    if let Some(start) = start
        && let TokenTree::Ident(name) = &tokens[start]
        && name == alias
        && is_path(&tokens[start + 1..])
    {
        tokens[start] = renamed(name);
    }
    tokens.into_iter().collect()
}

/// Whether a name stands in `use a::Shape as V1;`.
fn is_alias(name: &Ident, before: &[TokenTree], after: &[TokenTree]) -> bool {
    let name = name.to_string();
    let number = name.strip_prefix('V').unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
    let is_as = matches!(before.last(), Some(TokenTree::Ident(word)) if word == "as");
    is_number && is_as && after.first().is_some_and(|token| is_punct(token, ';'))
}

fn is_path(after: &[TokenTree]) -> bool {
    matches!(after, [first, second, ..] if is_punct(first, ':') && is_punct(second, ':'))
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn renamed(name: &Ident) -> TokenTree {
    Ident::new(&format!("{name}_"), name.span()).into()
}

fn with_stream(group: &Group, stream: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new.into()
}

#[cfg(test)]
mod tests {
    use super::mended;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        assert_eq!(mended(tokens(from)).to_string(), tokens(to).to_string());
    }

    #[test]
    fn variants_are_taken_apart_under_another_name() {
        check(
            "fn f() { let V1 { a } = x; use m::S as V1; let r = match y {
                V1::A(e) => { let V1 { a } = e; (1, a) }, V1::B => { match z { V1::C => 0 } } };
                V1::from_handle(r) }",
            "fn f() { let V1 { a } = x; use m::S as V1_; let r = match y {
                V1_::A(e) => { let V1 { a } = e; (1, a) }, V1_::B => { match z { V1::C => 0 } } };
                V1::from_handle(r) }",
        );
    }

    #[test]
    fn variants_are_put_together_under_another_name() {
        check(
            "use m::S as V12; let v12 = match l {
                0 => { let e12 = V12::from_handle(l as u32); V12::A(e12) }
                n => { debug_assert_eq!(n, 1); V12::B } };",
            "use m::S as V12_; let v12 = match l {
                0 => { let e12 = V12::from_handle(l as u32); V12_::A(e12) }
                n => { debug_assert_eq!(n, 1); V12_::B } };",
        );
    }

    #[test]
    fn nothing_else_changes() {
        let other = "pub use a as V; use m::{S as V1}; match x { V1::A => 0 } struct V1 { of: V1 }";
        check(other, other);
    }
}
