//! Says in the user's words what a guest lacks: puts attributes on the traits in wit-bindgen's code
//! that a guest implements. It knows tokens, and nothing of WIT.

use proc_macro2::{Group, TokenStream, TokenTree};
use std::collections::HashMap;

/// The code with attributes on its traits. `attributes` are those by the path of a trait,
/// `exports::demo::kv::Guest`.
pub(super) fn explained(
    tokens: TokenStream,
    attributes: &HashMap<String, TokenStream>,
) -> TokenStream {
    module(tokens, "", attributes)
}

fn module(
    tokens: TokenStream,
    path: &str,
    attributes: &HashMap<String, TokenStream>,
) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out = TokenStream::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token, &tokens[..at], &tokens[at + 1..]) {
            (TokenTree::Ident(word), _, [TokenTree::Ident(item), TokenTree::Ident(name), ..])
                if word == "pub" && item == "trait" =>
            {
                out.extend(attributes.get(&format!("{path}{name}")).cloned());
                out.extend([token.clone()]);
            }
            (TokenTree::Group(group), [.., TokenTree::Ident(word), TokenTree::Ident(name)], _)
                if word == "mod" =>
            {
                let inner = module(group.stream(), &format!("{path}{name}::"), attributes);
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                out.extend([TokenTree::from(new)]);
            }
            _ => out.extend([token.clone()]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::explained;
    use proc_macro2::TokenStream;
    use quote::quote;

    #[test]
    fn traits_get_their_attributes_where_they_are() {
        let code: TokenStream = quote! {
            pub trait Guest {}
            pub mod exports { pub mod kv { pub trait Guest { fn f(); } pub trait GuestBag {} } }
            pub mod kv { pub trait Guest {} }
        };
        let attributes = [
            ("Guest".to_owned(), quote!(#[a])),
            ("exports::kv::GuestBag".to_owned(), quote!(#[b])),
        ];
        let expected = quote! {
            #[a] pub trait Guest {}
            pub mod exports { pub mod kv { pub trait Guest { fn f(); } #[b] pub trait GuestBag {} } }
            pub mod kv { pub trait Guest {} }
        };
        let found = explained(code, &attributes.into());
        assert_eq!(found.to_string(), expected.to_string());
    }
}
