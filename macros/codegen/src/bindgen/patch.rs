//! Mends names in wit-bindgen's code. It knows tokens, and nothing of WIT.
//!
//! - `gen` became a keyword with Rust's edition 2024, and `Self` is one that types and cases can meet:
//!   wit-bindgen writes both as they are. A package's name it never looks at at all.
//! - Its code for exports takes `From`, `Into` and `Option` from the prelude, in modules where a type of
//!   the WIT may have that name.
//! - Its macros are named after worlds and interfaces, and stand at the root of the crate, where those of
//!   another `abi!` may have the same names.

use proc_macro2::{Group, Ident, Punct, Spacing, TokenStream, TokenTree};

use crate::model::naming;

/// The code with its names mended; `suffix` goes behind the names of macros.
pub(super) fn patch(tokens: TokenStream, suffix: &str) -> TokenStream {
    inside(tokens, suffix, false)
}

/// The same for what stands in one group. `cases` says that the group has the cases of an enum.
fn inside(tokens: TokenStream, suffix: &str, cases: bool) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let before = &tokens[..at];
        match token {
            TokenTree::Ident(ident) if cases && ident == "Self" => out.push(renamed(ident, "_")),
            TokenTree::Ident(ident) => name(ident, before, suffix, &mut out),
            TokenTree::Group(group) => {
                let cases = matches!(before, [.., word, _] if word.to_string() == "enum");
                let stream = inside(group.stream(), suffix, cases);
                let mut new = Group::new(group.delimiter(), stream);
                new.set_span(group.span());
                out.push(new.into());
            }
            other => out.push(other.clone()),
        }
    }
    out.into_iter().collect()
}

fn renamed(ident: &Ident, suffix: &str) -> TokenTree {
    Ident::new(&format!("{ident}{suffix}"), ident.span()).into()
}

/// Writes one name, as it is or mended. `before` is what stands before it in its group.
fn name(ident: &Ident, before: &[TokenTree], suffix: &str, out: &mut Vec<TokenTree>) {
    let text = ident.to_string();
    out.extend(match &*text {
        "gen" => vec![renamed(ident, "_")],
        "Self" if is_defined(before) || in_path(before).is_some() => vec![renamed(ident, "_")],
        "From" | "Into" if ends_with(before, &["as"]) => absolute(&["core", "convert"], ident),
        "Option" if ends_with(before, &["LAST_TYPE", ":"]) => absolute(&["core", "option"], ident),
        macro_name if is_macro(macro_name) => vec![renamed(ident, suffix)],
        word if naming::is_keyword(word) && is_module(before) => vec![renamed(ident, "_")],
        _ => vec![ident.clone().into()],
    });
}

/// Whether a name stands where a type gets it, or gets an `impl`: there is no `Self` there yet.
fn is_defined(before: &[TokenTree]) -> bool {
    ["struct", "enum", "type", "impl", "for"]
        .iter()
        .any(|word| ends_with(before, &[word]))
}

/// `__export_demo_notes_render_cabi`, `__export_notes_impl`.
fn is_macro(name: &str) -> bool {
    name.starts_with("__export_") && (name.ends_with("_cabi") || name.ends_with("_impl"))
}

/// Whether a name that is a keyword stands where only a module's can: behind `mod`, or in a path behind a
/// part that is none of `self`, `super` and `crate`.
fn is_module(before: &[TokenTree]) -> bool {
    if ends_with(before, &["mod"]) {
        return true;
    }
    let Some(TokenTree::Ident(part)) = in_path(before) else {
        return false;
    };
    !["self", "super", "crate"].contains(&part.to_string().as_str())
}

/// What stands before the `::` that `before` ends with.
fn in_path(before: &[TokenTree]) -> Option<&TokenTree> {
    match before {
        [.., part, TokenTree::Punct(first), TokenTree::Punct(second)]
            if first.as_char() == ':' && second.as_char() == ':' =>
        {
            Some(part)
        }
        _ => None,
    }
}

/// Whether the last tokens read like this.
fn ends_with(before: &[TokenTree], last: &[&str]) -> bool {
    let Some(start) = before.len().checked_sub(last.len()) else {
        return false;
    };
    let tokens = before[start..].iter().map(ToString::to_string);
    tokens.eq(last.iter().copied())
}

/// `::core::convert::From`.
fn absolute(modules: &[&str], ident: &Ident) -> Vec<TokenTree> {
    let mut path = Vec::new();
    let idents = modules
        .iter()
        .map(|module| Ident::new(module, ident.span()));
    for part in idents.chain([ident.clone()]) {
        path.push(Punct::new(':', Spacing::Joint).into());
        path.push(Punct::new(':', Spacing::Alone).into());
        path.push(part.into());
    }
    path
}

#[cfg(test)]
mod tests {
    use super::patch;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        let patched = patch(tokens(from), "_v1").to_string();
        assert_eq!(patched, tokens(to).to_string());
    }

    #[test]
    fn keywords_become_names() {
        check(
            "pub fn gen(gen: u32) { r.gen }",
            "pub fn gen_(gen_: u32) { r.gen_ }",
        );
        check(
            "enum Kind { Self, Other(Self) }",
            "enum Kind { Self_, Other(Self) }",
        );
        check(
            "pub struct Self { a: u8 } impl Debug for Self { fn f(&self) -> Self; }",
            "pub struct Self_ { a: u8 } impl Debug for Self_ { fn f(&self) -> Self; }",
        );
        check(
            "match e { Kind::Self => 0, Self::A => 1 }",
            "match e { Kind::Self_ => 0, Self::A => 1 }",
        );
        check(
            "fn f() -> Self { <Self as X>::f(self) }",
            "fn f() -> Self { <Self as X>::f(self) }",
        );
    }

    #[test]
    fn modules_may_have_the_names_of_keywords() {
        check(
            "mod type { mod super { use super::super::demo::type::kv; } }",
            "mod type_ { mod super_ { use super::super::demo::type_::kv; } }",
        );
        check(
            "self::super::crate_::demo::self::kv",
            "self::super::crate_::demo::self_::kv",
        );
        check(
            "use core::{fmt, marker}; crate::v1::kv",
            "use core::{fmt, marker}; crate::v1::kv",
        );
    }

    #[test]
    fn names_of_the_prelude_become_absolute() {
        check(
            "<_ as Into<Vec<_>>>::into(x); <_ as From<Vec<_>>>::from(y)",
            "<_ as ::core::convert::Into<Vec<_>>>::into(x); <_ as ::core::convert::From<Vec<_>>>::from(y)",
        );
        check(
            "fn f(a: From, b: Option) -> Into;",
            "fn f(a: From, b: Option) -> Into;",
        );
        check(
            "static mut LAST_TYPE: Option<TypeId> = None;",
            "static mut LAST_TYPE: ::core::option::Option<TypeId> = None;",
        );
    }

    #[test]
    fn macros_are_told_apart() {
        check(
            "macro_rules! __export_a_b_cabi { () => {} } pub use __export_w_impl as __export;",
            "macro_rules! __export_a_b_cabi_v1 { () => {} } pub use __export_w_impl_v1 as __export;",
        );
    }
}
