//! Gives room to handles that are lent in lists. It knows tokens, and nothing of WIT.
//!
//! wit-bindgen's code for an export keeps every handle that is lent to it in a variable, from which
//! the implementation borrows: `let handle0; … { handle0 = R::from_handle(l1); &handle0 }`. For the
//! elements of a list the second part stands in a loop, and what is borrowed cannot be assigned.
//! There, the variable becomes a place for any number of handles: `let handle0 = Lent::new(); … {
//! handle0.lend(R::from_handle(l1)) }`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

/// The code with such places, of the type at the path `place`.
pub(super) fn mended(tokens: TokenStream, place: &TokenStream) -> TokenStream {
    inside(tokens, place, &[])
}

/// The same for what stands in a group. `outer` are the variables of groups around it that are
/// places.
fn inside(tokens: TokenStream, place: &TokenStream, outer: &[String]) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut places = outer.to_vec();
    let mut out = TokenStream::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let stream = lending(group, &places)
                    .unwrap_or_else(|| inside(group.stream(), place, &places));
                let mut new = Group::new(group.delimiter(), stream);
                new.set_span(group.span());
                out.extend([TokenTree::from(new)]);
            }
            TokenTree::Ident(name)
                if is_declared(name, &tokens[..at], &tokens[at + 1..])
                    && is_assigned_in_loop(&tokens[at + 1..], name, false) =>
            {
                places.push(name.to_string());
                out.extend(quote!(#name = #place::new()));
            }
            _ => out.extend([token.clone()]),
        }
    }
    out
}

/// `handle0.lend(R::from_handle(l1))`, where a group assigns to a place and borrows from it.
fn lending(group: &Group, places: &[String]) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let [TokenTree::Ident(name), equals, value @ .., end, _, _] = &*tokens else {
        return None;
    };
    if !is_punct(equals, '=') || !is_punct(end, ';') || !places.iter().any(|place| name == place) {
        return None;
    }
    let value = value.iter().cloned().collect::<TokenStream>();
    Some(quote!(#name.lend(#value)))
}

/// Whether a name stands in `let handle0;`.
fn is_declared(name: &Ident, before: &[TokenTree], after: &[TokenTree]) -> bool {
    let is_let = matches!(before.last(), Some(TokenTree::Ident(word)) if word == "let");
    let is_handle = name
        .to_string()
        .strip_prefix("handle")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit()));
    is_let && is_handle && after.first().is_some_and(|token| is_punct(token, ';'))
}

/// Whether something is assigned to a variable in a loop, or in a closure, which is what lists of a
/// fixed length are made by.
fn is_assigned_in_loop(tokens: &[TokenTree], name: &Ident, mut looped: bool) -> bool {
    let around = looped;
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(word) if word == "for" => {
            looped = true;
            false
        }
        TokenTree::Ident(word) if word == name => {
            around && tokens.get(at + 1).is_some_and(|next| is_punct(next, '='))
        }
        // What a group begins with is no operator: here begins a closure.
        token if at == 0 && is_punct(token, '|') => {
            looped = true;
            false
        }
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let found = is_assigned_in_loop(&inner, name, looped);
            if group.delimiter() == Delimiter::Brace {
                looped = around;
            }
            found
        }
        _ => false,
    })
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[cfg(test)]
mod tests {
    use super::mended;
    use proc_macro2::TokenStream;
    use quote::quote;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        let mended = mended(tokens(from), &quote!(Lent)).to_string();
        assert_eq!(mended, tokens(to).to_string());
    }

    #[test]
    fn what_is_assigned_in_a_loop_gets_a_place() {
        check(
            "{ let handle1; for i in 0..n { let e = { { handle1 = a::R::from_handle(l0 as u32); &handle1 } }; } }",
            "{ let handle1 = Lent::new(); for i in 0..n { let e = { { handle1.lend(a::R::from_handle(l0 as u32)) } }; } }",
        );
        check(
            "let handle1; for i in 0..n { for i in 0..m { x(R { a: { handle1 = f(); &handle1 } }) } }",
            "let handle1 = Lent::new(); for i in 0..n { for i in 0..m { x(R { a: { handle1.lend(f()) } }) } }",
        );
        check(
            "let handle1; let array2: [_; 3] = from_fn(|idx2| { { handle1 = f(); &handle1 } });",
            "let handle1 = Lent::new(); let array2: [_; 3] = from_fn(|idx2| { { handle1.lend(f()) } });",
        );
    }

    #[test]
    fn what_is_assigned_once_stays_a_variable() {
        for once in [
            "let handle1; let e = { handle1 = f(); &handle1 };",
            "let handle1; for i in 0..n { g(i); } match x { 1 => Some({ handle1 = f(); &handle1 }), _ => None }",
            "fn f() { let handle1; { handle1 = f(); &handle1 } } fn g() { for i in x { handle1 = f(); } }",
        ] {
            check(once, once);
        }
    }

    #[test]
    fn one_functions_places_are_not_anothers() {
        let once = "fn g() { let handle1; { handle1 = f(); &handle1 } }";
        check(
            &format!(
                "fn f() {{ let handle1; for i in x {{ {{ handle1 = f(); &handle1 }} }} }} {once}"
            ),
            &format!(
                "fn f() {{ let handle1 = Lent::new(); for i in x {{ {{ handle1.lend(f()) }} }} }} {once}"
            ),
        );
    }
}
