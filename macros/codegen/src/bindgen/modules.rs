//! Makes one module of those that have one name. It knows tokens, and nothing of WIT.
//!
//! wit-bindgen has a module for every namespace, with one for each of its packages in it, and one
//! for every interface that is written inside the world. Where such an interface is called like a
//! namespace there are two modules of one name, side by side. What is in them has different names:
//! in the one there are modules, in the other functions and types.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::HashMap;

/// The code with the second of two modules moved into the first, at every depth.
pub(super) fn merged(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    // Where the bodies of the modules are in `out`.
    let mut bodies: HashMap<String, usize> = HashMap::new();
    for token in tokens {
        let module = match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => module(&out),
            _ => None,
        };
        let Some(name) = module else {
            out.push(token);
            continue;
        };
        match bodies.get(&name) {
            Some(first) => {
                remove_head(&mut out);
                let streams = [&out[*first], &token].map(inside);
                out[*first] = braces(streams.into_iter().collect());
            }
            None => {
                bodies.insert(name, out.len());
                out.push(token);
            }
        }
    }
    for body in bodies.into_values() {
        out[body] = braces(merged(inside(&out[body])));
    }
    out.into_iter().collect()
}

/// The name of the module whose body comes behind `before`.
fn module(before: &[TokenTree]) -> Option<String> {
    match before {
        [.., TokenTree::Ident(word), TokenTree::Ident(name)] if word == "mod" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// Takes `mod name` away from the end, and the attributes and the `pub` before it.
fn remove_head(out: &mut Vec<TokenTree>) {
    out.truncate(out.len().saturating_sub(2));
    if matches!(out.last(), Some(TokenTree::Ident(word)) if word == "pub") {
        out.pop();
    }
    while let [.., TokenTree::Punct(sign), TokenTree::Group(group)] = &out[..]
        && sign.as_char() == '#'
        && group.delimiter() == Delimiter::Bracket
    {
        out.truncate(out.len() - 2);
    }
}

/// What is in a group.
fn inside(token: &TokenTree) -> TokenStream {
    match token {
        TokenTree::Group(group) => group.stream(),
        _ => TokenStream::new(),
    }
}

fn braces(stream: TokenStream) -> TokenTree {
    Group::new(Delimiter::Brace, stream).into()
}

#[cfg(test)]
mod tests {
    use super::merged;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        assert_eq!(merged(tokens(from)).to_string(), tokens(to).to_string());
    }

    #[test]
    fn modules_of_one_name_become_one() {
        check(
            "/// Namespace.
             pub mod a { pub mod b { fn f() {} } }
             fn a() {}
             /// Interface.
             #[allow(dead_code)]
             pub mod a { fn b() {} }
             #[used]
             static S: u8 = 0;",
            "/// Namespace.
             pub mod a { pub mod b { fn f() {} } fn b() {} }
             fn a() {}
             #[used]
             static S: u8 = 0;",
        );
    }

    #[test]
    fn so_do_those_inside_of_them() {
        check(
            "mod exports { mod a { fn f() {} } mod b {} } mod exports { mod a { fn g() {} } }",
            "mod exports { mod a { fn f() {} fn g() {} } mod b {} }",
        );
    }

    #[test]
    fn nothing_else_changes() {
        let code = "mod a {} mod b { mod a {} } impl a { fn a() { a {} } } struct a {}";
        check(code, code);
    }
}
