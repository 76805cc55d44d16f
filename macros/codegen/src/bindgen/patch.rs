//! Mends wit-bindgen's code. It knows tokens, and nothing of WIT.
//!
//! - Its locals stand in one scope with parameters and fields of the WIT: see [`standins`].
//! - It defines a struct `RetArea` in functions that may take a type of the WIT called so.
//! - It asks whether a function's name is a keyword before it makes the name Rust's, and so
//!   overlooks `LOOP`.
//! - `gen` became a keyword with Rust's edition 2024, and `Self` is one that types and cases can
//!   meet: wit-bindgen writes both as they are. A package's name it never looks at at all.
//! - Functions called `into` and `try_into` could not be told from those that every value has.
//! - Its code for exports takes `From`, `Into`, `Option` and `Sized` from the prelude, in modules
//!   where a type of the WIT may have that name.
//! - Its code for exports defines flags called `guest` under the name of the trait beside them.
//! - It has a type parameter `T` where it asks something of a resource that may be called so.
//! - It leaves out what is deprecated.
//! - Its macros are named after worlds and interfaces, and stand at the root of the crate, where
//!   those of another `abi!` may have the same names.

use super::standins;
use crate::model::naming;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashMap;

/// What there is to mend beside the rules above.
pub(super) struct Patch {
    /// Goes behind the names of macros.
    pub(super) suffix: String,
    /// What is deprecated, by its path in the code, `demo::notes::kv::Bucket::get`, and since when.
    pub(super) deprecated: HashMap<String, String>,
}

/// What the tokens of a group are.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// Those of a module or an `impl`, by its path.
    Items(&'a str),
    /// The cases of an enum.
    Cases,
    Other,
}

impl Patch {
    /// The code with its names mended.
    pub(super) fn apply(&self, tokens: TokenStream) -> TokenStream {
        self.inside(tokens, Place::Items(""))
    }

    /// The same for what stands in one group.
    fn inside(&self, tokens: TokenStream, place: Place<'_>) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let before = &tokens[..at];
            match (token, place) {
                (TokenTree::Ident(ident), Place::Cases) if ident == "Self" => {
                    out.push(renamed(ident, "_"));
                }
                (TokenTree::Ident(ident), Place::Items(path))
                    if ident == "pub" && !is_module(before) && !is_function(before) =>
                {
                    out.extend(self.attribute(path, &tokens[at + 1..]));
                    out.push(token.clone());
                }
                (TokenTree::Ident(ident), _) => {
                    let after = &tokens[at + 1..];
                    match standins::name(ident, before, after) {
                        Some(name) => out.push(name),
                        None if is_area(ident, before, after, place) => {
                            out.push(renamed(ident, "_"));
                        }
                        None => {
                            if is_guarded(ident, before, after) {
                                out.extend(quote!(self::));
                            }
                            self.name(ident, before, &mut out);
                        }
                    }
                }
                (TokenTree::Literal(literal), _) => {
                    let name = standins::text(literal, before);
                    out.push(name.unwrap_or_else(|| literal.clone()).into());
                }
                (TokenTree::Group(group), _) => {
                    let stream = self.group(group, before, place);
                    let mut new = Group::new(group.delimiter(), stream);
                    new.set_span(group.span());
                    out.push(new.into());
                }
                _ => out.push(token.clone()),
            }
        }
        out.into_iter().collect()
    }

    /// What stands in a group, which is what the words before it say.
    fn group(&self, group: &Group, before: &[TokenTree], place: Place<'_>) -> TokenStream {
        let [.., word, TokenTree::Ident(name)] = before else {
            return self.body(group, before, place);
        };
        let inner = match (word.to_string().as_str(), place) {
            ("enum", _) => return self.inside(group.stream(), Place::Cases),
            ("mod" | "impl", Place::Items(path)) => self.path(path, name),
            _ => return self.body(group, before, place),
        };
        self.inside(group.stream(), Place::Items(&inner))
    }

    /// What stands in a group that may be the body of a function.
    fn body(&self, group: &Group, before: &[TokenTree], place: Place<'_>) -> TokenStream {
        let body = self.inside(group.stream(), Place::Other);
        match place {
            Place::Items(_) if group.delimiter() == Delimiter::Brace => {
                let mut beginning = standins::beginning(before).unwrap_or_default();
                beginning.extend(body);
                beginning
            }
            _ => body,
        }
    }

    /// The path of a name in a module or an `impl`, as it is when it is mended.
    fn path(&self, outer: &str, name: &Ident) -> String {
        let name = match name.to_string() {
            word if naming::is_keyword(&word) || word == "Self" => format!("{word}_"),
            word => word,
        };
        match outer {
            "" => name,
            outer => format!("{outer}::{name}"),
        }
    }

    /// `#[deprecated]`, where the item whose `pub` stands before `rest` is.
    fn attribute(&self, path: &str, rest: &[TokenTree]) -> TokenStream {
        let [TokenTree::Ident(word), TokenTree::Ident(name), ..] = rest else {
            return TokenStream::new();
        };
        if word != "fn" && word != "struct" {
            return TokenStream::new();
        }
        let mut path = self.path(path, name);
        if word == "fn" && naming::is_value_method(&name.to_string()) {
            path.push('_');
        }
        let note = self.deprecated.get(&path);
        note.map_or(
            TokenStream::new(),
            |note| quote!(#[deprecated(note = #note)]),
        )
    }

    /// Writes one name, as it is or mended. `before` is what stands before it in its group.
    fn name(&self, ident: &Ident, before: &[TokenTree], out: &mut Vec<TokenTree>) {
        let text = ident.to_string();
        out.extend(match &*text {
            "gen" => vec![renamed(ident, "_")],
            "Self" if is_defined(before) || in_path(before).is_some() => vec![renamed(ident, "_")],
            "From" | "Into" if ends_with(before, &["as"]) => absolute(&["core", "convert"], ident),
            "Option" if ends_with(before, &["LAST_TYPE", ":"]) => {
                absolute(&["core", "option"], ident)
            }
            // Only flags are defined like this: records and resources of that name it renames
            // itself.
            "Guest" if ends_with(before, &["struct"]) => vec![renamed(ident, "_")],
            "Sized" if ends_with(before, &["Self", ":"]) => absolute(&["core", "marker"], ident),
            macro_name if is_macro(macro_name) => vec![renamed(ident, &self.suffix)],
            word if naming::is_keyword(word) && is_module(before) => vec![renamed(ident, "_")],
            word if is_function(before)
                && (naming::is_keyword(word) || naming::is_value_method(word)) =>
            {
                vec![renamed(ident, "_")]
            }
            _ => vec![ident.clone().into()],
        });
    }
}

fn renamed(ident: &Ident, suffix: &str) -> TokenTree {
    Ident::new(&format!("{ident}{suffix}"), ident.span()).into()
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

/// Whether a name is that of the room for a result: a tuple, as of what comes from the WIT only
/// cases are.
fn is_area(name: &Ident, before: &[TokenTree], after: &[TokenTree], place: Place<'_>) -> bool {
    let is_tuple = matches!(after.first(), Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Parenthesis);
    let is_case = matches!(place, Place::Cases) || in_path(before).is_some();
    name == "RetArea" && is_tuple && !is_case
}

/// Whether a name is that of a resource whose guard is asked for, in functions whose type parameter
/// is called `T`, as the resource may be.
fn is_guarded(name: &Ident, before: &[TokenTree], after: &[TokenTree]) -> bool {
    let asks = matches!(after, [TokenTree::Punct(_), TokenTree::Punct(_), TokenTree::Ident(guard), ..]
        if guard == "type_guard");
    asks && name != "Self" && in_path(before).is_none()
}

/// Whether a name that is a keyword stands where only a module's can: behind `mod`, or in a path
/// behind a part that is none of `self`, `super` and `crate`, or is a module of such a name.
fn is_module(before: &[TokenTree]) -> bool {
    if ends_with(before, &["mod"]) {
        return true;
    }
    let Some(TokenTree::Ident(part)) = in_path(before) else {
        return false;
    };
    let leads = ["self", "super", "crate"].contains(&part.to_string().as_str());
    // The part and the `::` behind it.
    !leads || is_module(&before[..before.len() - 3])
}

/// Whether a name stands where a function gets it, or is called as an export.
fn is_function(before: &[TokenTree]) -> bool {
    ends_with(before, &["fn"]) || ends_with(before, &["T_", ":", ":"])
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
    use super::Patch;
    use proc_macro2::TokenStream;

    #[track_caller]
    fn check(from: &str, to: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        let patch = Patch {
            suffix: "_v1".to_owned(),
            deprecated: [
                ("demo::async_::kv::Bucket::gen_", "1"),
                ("old", "2"),
                ("try_into_", "3"),
            ]
            .map(|(path, note)| (path.to_owned(), note.to_owned()))
            .into(),
        };
        let patched = patch.apply(tokens(from)).to_string();
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
        check(
            "pub fn loop() { T_::loop(1) } pub mod m { pub fn pub() {} }",
            "pub fn loop_() { T_::loop_(1) } pub mod m { pub fn pub_() {} }",
        );
    }

    #[test]
    fn parameters_and_fields_are_no_locals() {
        check(
            "pub fn f(&self, a_ø: u32, fn_ø: ::x::R<'_>,) -> R { unsafe { let a0 = g(&a_ø, fn_ø); R { a_ø: a0, } } }",
            "pub fn f(&self, a: u32, fn_: ::x::R<'_>,) -> R {
                let (a_wit, fn_wit,) = (a, fn_,);
                unsafe { let a0 = g(&a_wit, fn_wit); R { a: a0, } }
             }",
        );
        check(
            "let R { a1_ø: a1_ø2, in_ø: in_ø2, } = r; f(a1_ø2, in_ø2); x.field(\"a1-ø\", &self.a1_ø)",
            "let R { a1: a1_wit_2, in_: in_wit_2, } = r; f(a1_wit_2, in_wit_2); x.field(\"a1\", &self.a1)",
        );
        // What stands behind a function is not its body.
        check(
            "pub fn f(a_ø: u32) {} pub struct S { b: u32 } macro_rules! m { () => {}; }",
            "pub fn f(a: u32) { let (a_wit,) = (a,); } pub struct S { b: u32 } macro_rules! m { () => {}; }",
        );
        // What others write stays as it is.
        check(
            "#[doc = \"a-ø\"] trait T { fn f(a_ø: u32); }",
            "#[doc = \"a-ø\"] trait T { fn f(a: u32); }",
        );
    }

    #[test]
    fn the_room_for_a_result_has_a_name_of_its_own() {
        check(
            "struct RetArea([u8; 4]); let mut ret_area = RetArea([0; 4]); let RetArea { a: b } = c; RetArea::d(e)",
            "struct RetArea_([u8; 4]); let mut ret_area = RetArea_([0; 4]); let RetArea { a: b } = c; RetArea::d(e)",
        );
        let case = "enum E { RetArea(u8) } match e { E::RetArea(e) => {} }";
        check(case, case);
    }

    #[test]
    fn a_resource_may_be_called_like_a_type_parameter() {
        check(
            "impl T { fn new<T: G>(v: T) { Self::type_guard::<T>(); } fn as_ptr<T: G>(&self) { T::type_guard::<T>(); } }",
            "impl T { fn new<T: G>(v: T) { Self::type_guard::<T>(); } fn as_ptr<T: G>(&self) { self::T::type_guard::<T>(); } }",
        );
    }

    #[test]
    fn modules_may_have_the_names_of_keywords() {
        check(
            "mod type { mod super { use super::super::demo::type::kv; } }",
            "mod type_ { mod super_ { use super::super::demo::type_::kv; } }",
        );
        check(
            "pub mod a { pub mod pub { pub use super::super::a::pub::kv; pub fn f() {} } }",
            "pub mod a { pub mod pub_ { pub use super::super::a::pub_::kv; pub fn f() {} } }",
        );
        check(
            "self::super::crate_::demo::self::kv",
            "self::super::crate_::demo::self_::kv",
        );
        check(
            "use core::{fmt, marker}; crate::v1::kv",
            "use core::{fmt, marker}; crate::v1::kv",
        );
        check(
            "$p::exports::panic::self::use::f!(); super::super::a::super::crate::kv",
            "$p::exports::panic::self_::use_::f!(); super::super::a::super_::crate_::kv",
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
    fn functions_are_told_from_those_that_every_value_has() {
        check(
            "pub fn into(into: u32) { let x = T_::into(into); <_ as X>::into(x); y.into() }
             trait Guest { fn try_into(&self); }",
            "pub fn into_(into: u32) { let x = T_::into_(into); <_ as X>::into(x); y.into() }
             trait Guest { fn try_into_(&self); }",
        );
    }

    #[test]
    fn what_is_deprecated_says_so() {
        check(
            "pub fn try_into() {} pub fn old() { pub fn old() {} } pub mod demo { pub mod async { pub mod kv {
                pub fn old() {}
                impl Bucket { pub fn gen(&self) {} pub fn get(&self) {} }
            } } }",
            "#[deprecated(note = \"3\")] pub fn try_into_() {}
             #[deprecated(note = \"2\")] pub fn old() { pub fn old() {} }
             pub mod demo { pub mod async_ { pub mod kv {
                pub fn old() {}
                impl Bucket { #[deprecated(note = \"1\")] pub fn gen_(&self) {} pub fn get(&self) {} }
            } } }",
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
