//! Writes the docs in wit-bindgen's code as those of the host side are written: what is code in
//! them is no Rust, and no test. It knows tokens, and nothing of WIT.

use crate::docs;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Expr, ExprLit, Lit, Meta};

/// The code with its docs written anew, all lines of an item at once.
pub(super) fn written(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut docs: Vec<String> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_sign = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == '#');
        if let Some(line) = tokens.peek().filter(|_| is_sign).and_then(doc) {
            docs.push(line);
            tokens.next();
            continue;
        }
        flush(&mut docs, &mut out);
        out.extend([match token {
            TokenTree::Group(group) => {
                let mut new = Group::new(group.delimiter(), written(group.stream()));
                new.set_span(group.span());
                new.into()
            }
            token => token,
        }]);
    }
    flush(&mut docs, &mut out);
    out
}

fn flush(docs: &mut Vec<String>, out: &mut TokenStream) {
    if !docs.is_empty() {
        out.extend(docs::of_wit(&docs.join("\n")));
        docs.clear();
    }
}

/// The line of docs in `[doc = "…"]`, without the space that it begins with.
fn doc(token: &TokenTree) -> Option<String> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    match syn::parse2(group.stream()).ok()? {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::written;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        assert_eq!(written(tokens(from)).to_string(), tokens(to).to_string());
    }

    #[test]
    fn code_in_docs_is_hidden_from_tests() {
        check(
            "mod a {
                /// Like
                ///
                /// ```
                /// x
                /// ```
                #[inline]
                pub fn f() {}
                /// Plain.
                pub fn g() {}
            }",
            r#"mod a {
                #[cfg_attr(not(doctest),
                    doc = " Like\n\n ```text\n x\n ```",
                    allow(rustdoc::invalid_codeblock_attributes, rustdoc::invalid_rust_codeblocks))]
                #[inline]
                pub fn f() {}
                #[doc = " Plain."]
                pub fn g() {}
            }"#,
        );
    }

    #[test]
    fn what_is_no_docs_stays() {
        let code = "#[doc(hidden)] #[cfg(doc)] fn f() { #![allow(unused)] x[doc = 1] }";
        check(code, code);
    }
}
