//! Stand-ins for the names of parameters and fields: no other name in wit-bindgen's code is like
//! them.
//!
//! wit-bindgen writes the parameters of an import as the WIT names them, and its own locals
//! (`ptr0`, `len1`, `result2`) into the same scope; a local for a field is the field's name and a
//! number, `x` and `0`. Where two of them are one name the guest does not compile, or passes a
//! wrong value. So wit-bindgen gets to see every parameter and every field under a name with a
//! mark, which stands in no name of WIT:
//!
//! | in the WIT | what wit-bindgen writes | what becomes of it |
//! | --- | --- | --- |
//! | a parameter `x0` | `fn f(x0_ø: u32) { g(x0_ø) }` | `fn f(x0: u32) { let (x0_wit,) = (x0,); g(x0_wit) }` |
//! | a field `type` | `R { type_ø: type_ø3 } = r;` | `R { type_: type_wit_3 } = r;` |
//!
//! Signatures and types keep the names of the WIT, and so does the component.

use crate::model::naming;
use proc_macro2::{Delimiter, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::quote;
use wit_parser::{Function, Resolve, TypeDefKind, WorldItem};

/// Behind a name, this marks it. It is a letter, so that wit-bindgen keeps it, and none that WIT
/// has.
const MARK: &str = "-ø";
/// What wit-bindgen makes of it.
const RUST_MARK: &str = "_ø";

/// Puts stand-ins in the place of all parameters and fields.
pub(super) fn put(resolve: &mut Resolve) {
    for_each(resolve, |name| name.push_str(MARK));
}

/// Puts the names back: of whatever the parser has copied since, too.
pub(super) fn take_back(resolve: &mut Resolve) {
    for_each(resolve, |name| {
        if name.ends_with(MARK) {
            name.truncate(name.len() - MARK.len());
        }
    });
}

fn for_each(resolve: &mut Resolve, change: impl Fn(&mut String)) {
    let params = |function: &mut Function| {
        for param in &mut function.params {
            change(&mut param.name);
        }
    };
    for (_, interface) in resolve.interfaces.iter_mut() {
        interface.functions.values_mut().for_each(params);
    }
    for (_, world) in resolve.worlds.iter_mut() {
        for item in world.imports.values_mut().chain(world.exports.values_mut()) {
            if let WorldItem::Function(function) = item {
                params(function);
            }
        }
    }
    for (_, def) in resolve.types.iter_mut() {
        if let TypeDefKind::Record(record) = &mut def.kind {
            for field in &mut record.fields {
                change(&mut field.name);
            }
        }
    }
}

/// What becomes of a name in the code, if it is a stand-in or begins with one. `before` and `after`
/// are what stands around it in its group.
pub(super) fn name(ident: &Ident, before: &[TokenTree], after: &[TokenTree]) -> Option<TokenTree> {
    let text = ident.to_string();
    let (wit, number) = text.split_once(RUST_MARK)?;
    let name = match number {
        "" if is_declared(after) || is_field(before) => naming::value(wit),
        "" => inside(wit),
        // A local for a field.
        number => format!("{}_{number}", inside(wit)),
    };
    Some(Ident::new(&name, ident.span()).into())
}

/// A parameter's name in the body of its function.
fn inside(wit: &str) -> String {
    format!("{wit}_wit")
}

/// Whether what follows a name says of which type it is, or what is in the field of that name.
fn is_declared(after: &[TokenTree]) -> bool {
    // Not the first half of `::`, which what follows may well begin with.
    matches!(after.first(), Some(TokenTree::Punct(punct))
        if punct.as_char() == ':' && punct.spacing() == Spacing::Alone)
}

fn is_field(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '.')
}

/// What the body of a function has to begin with, `before` being what stands before the body: its
/// parameters get the names by which the body knows them. All at once, because one of these may be
/// the name of another.
pub(super) fn beginning(before: &[TokenTree]) -> Option<TokenStream> {
    let start = before.iter().rposition(|token| is_word(token, "fn"))?;
    // Behind a function that has its body already stands something else.
    if before[start..].iter().any(is_end) {
        return None;
    }
    let mut groups = before[start..].iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    });
    let params = groups.next()?;
    let params = params.into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            let wit = name.strip_suffix(RUST_MARK)?;
            let idents = [inside(wit), naming::value(wit)];
            Some(idents.map(|name| Ident::new(&name, ident.span())))
        }
        _ => None,
    });
    let (inner, outer): (Vec<_>, Vec<_>) = params.map(|[inner, outer]| (inner, outer)).unzip();
    (!inner.is_empty()).then(|| quote!(let (#(#inner,)*) = (#(#outer,)*);))
}

/// Whether an item ends here, with its body or without one.
fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// A field's name as text, which is how `Debug` has it: the first argument of a call.
pub(super) fn text(literal: &Literal, before: &[TokenTree]) -> Option<Literal> {
    let text = literal.to_string();
    let name = text.strip_prefix('"')?.strip_suffix('"')?;
    let name = name.strip_suffix(MARK)?;
    before.is_empty().then(|| Literal::string(name))
}

#[cfg(test)]
mod tests {
    use super::{MARK, put, take_back};
    use wit_parser::Resolve;

    #[test]
    fn all_parameters_and_fields_get_stand_ins_and_lose_them_again() {
        let wit = "
            package t:t;
            interface i {
                record r { a: u8, TYPE: string }
                resource s { constructor(a: u8); m: func(a: u8, LOOP: r); k: static func(a: u8); }
                f: func(a: r, %in: u8) -> r;
            }
            world w {
                import i;
                export i;
                import g: func(a: u8);
                export h: func(a: u8);
                export inner: interface { f: func(a: u8); }
            }
        ";
        let mut resolve = Resolve::default();
        resolve.push_source("t.wit", wit).unwrap();
        let names = |resolve: &mut Resolve| {
            let all = std::cell::RefCell::new(Vec::new());
            super::for_each(resolve, |name| all.borrow_mut().push(name.clone()));
            all.into_inner()
        };
        let before = names(&mut resolve);
        put(&mut resolve);
        let marked = names(&mut resolve);
        // Also the receiver of the method.
        assert_eq!(marked.len(), 12, "{marked:?}");
        assert!(marked.iter().all(|name| name.ends_with(MARK)), "{marked:?}");
        take_back(&mut resolve);
        assert_eq!(names(&mut resolve), before);
    }
}
