//! Any text as WIT for `abi!`. Knows the macro's library as a macro does: tokens in, tokens out.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use syn::{File, Item};

use crate::in_time;

/// The words of WIT, and names that Rust or a guest has already.
pub(crate) const WORDS: &[&str] = &[
    "package ",
    "interface ",
    "world ",
    "import ",
    "export ",
    "include ",
    "use ",
    "with ",
    "as ",
    "from ",
    "record ",
    "variant ",
    "enum ",
    "flags ",
    "resource ",
    "type ",
    "func(",
    "static ",
    "constructor(",
    "async ",
    "list<",
    "option<",
    "result<",
    "result<_, ",
    "tuple<",
    "borrow<",
    "own<",
    "future<",
    "stream<",
    "map<",
    "u8",
    "u16",
    "u32",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "f32",
    "f64",
    "bool",
    "char",
    "string",
    "error-context",
    "->",
    "{",
    "}",
    "(",
    ")",
    ">",
    ";",
    ":",
    ",",
    ".",
    "=",
    "@",
    "%",
    "_",
    "/",
    "*",
    "@since(version = 0.1.0)",
    "@unstable(feature = x)",
    "@deprecated(version = 0.1.0)",
    "@0.1.0-rc.1+a",
    "wasi:io/streams@0.2.0",
    "a:b/c@1.2.3",
    "list<u8, 4>",
    "/// text",
    "/*",
    "*/",
    "// x\n",
    "\n",
    "self",
    "crate",
    "type",
    "guest",
    "host",
    "handle",
    "result",
    "option",
    "string",
    "vec",
    "abi",
    "x-1y",
    "new",
    "drop",
    "clone",
    "main",
    "malloc",
    "memory",
    "SELF",
    "TYPE",
    "CONST",
    "IN",
    "LOOP",
    "GUEST",
    "ptr0",
    "len1",
    "vec0",
    "result2",
    "x1",
    "ret-area",
    "cleanup-list",
    "borrow<r>",
    "list<borrow<r>>",
    "r",
    "t",
    "ä",
    "\u{202e}",
    "\0",
    "\"",
    "\\",
    "#",
    "'",
];

/// Expands `abi!` with any text as its WIT, for both sides. The first byte says which options it is
/// given.
///
/// # Panics
/// If the expansion panics or takes too long, if what comes of it is not Rust, or if an error does
/// not say where it is.
pub fn wit(input: &[u8]) {
    let (options, text) = input.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(text);
    in_time("the WIT", || {
        if let Some(world) = expand(*options, &text, None) {
            expand(*options, &text, Some(&world));
        }
    });
}

/// Expands the text for both sides; if there are several worlds, returns the one that the error
/// suggests.
fn expand(options: u8, text: &str, world: Option<&str>) -> Option<String> {
    let input = input(options, text, world);
    let errors = errors(abide_codegen::abi(input.clone()));
    let suggestion = errors.iter().find_map(|error| suggested(error));
    for error in &errors {
        assert!(
            has_place(error) || is_about_the_world(error),
            "no place in: {error}"
        );
    }
    assert!(
        world.is_none() || suggestion.is_none(),
        "the world that was suggested is not taken: {errors:?}"
    );
    // The guest's half is asked for by what the first expansion expands to: not where it is an
    // error.
    #[cfg(feature = "guest")]
    if errors.is_empty() {
        for error in self::errors(abide_codegen::bindings(input)) {
            assert!(!error.trim().is_empty(), "an error without a text");
        }
    }
    suggestion
}

/// What `abi!` hands to its library.
fn input(options: u8, text: &str, world: Option<&str>) -> TokenStream {
    let text = Literal::string(text);
    let on = |bit: u8| options & (1 << bit) != 0;
    let borrowed = on(0).then(|| quote!(borrowed: true,));
    let trappable = on(1).then(|| quote!(trappable: true,));
    let features = on(2).then(|| quote!(features: all,));
    let derives = on(3).then(|| quote!(derives: [PartialOrd, serde::Serialize],));
    let module = on(4).then(|| quote!(module: "a::b",));
    let world = world.map(|name| quote!(world: #name,));
    quote!((::abide) inline: #text, #borrowed #trappable #features #derives #module #world)
}

/// The messages of the errors that an expansion is made of.
///
/// # Panics
/// If the expansion is not a file of Rust.
fn errors(expansion: TokenStream) -> Vec<String> {
    let file: File = match syn::parse2(expansion.clone()) {
        Ok(file) => file,
        Err(error) => panic!("the expansion is not Rust: {error}\n{expansion}"),
    };
    let errors = file.items.into_iter().filter_map(|item| match item {
        Item::Macro(item) if item.mac.path.segments.last()?.ident == "compile_error" => {
            Some(message(item.mac.tokens))
        }
        _ => None,
    });
    errors.collect()
}

/// The text that a `compile_error!` is called with.
fn message(tokens: TokenStream) -> String {
    let mut tokens = tokens.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(text)), None) => {
            let text = syn::parse2::<syn::LitStr>(TokenTree::Literal(text).into());
            text.map_or_else(|error| panic!("{error}"), |text| text.value())
        }
        other => panic!("an error that is no text: {other:?}"),
    }
}

/// Whether a message has a place in the text, such as `inline:3:5`.
fn has_place(message: &str) -> bool {
    message.match_indices("inline:").any(|(at, found)| {
        let rest = &message[at + found.len()..];
        let number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = rest.splitn(3, ':');
        let line = parts.next().is_some_and(number);
        let digits = parts.next().unwrap_or_default();
        line && digits.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// Whether a message is about the source or the package as a whole.
fn is_about_the_world(message: &str) -> bool {
    let whole = message.ends_with("\n --> inline");
    let choice = message.starts_with("package `")
        && (message.contains("has no world") || message.contains("has several worlds"));
    whole || choice
}

/// The world that a message suggests to name.
fn suggested(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("has several worlds")?;
    let (_, rest) = rest.split_once("world: \"")?;
    let (name, _) = rest.split_once('"')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_from_other_numbers() {
        assert!(has_place("the WIT is not valid\n --> inline:3:5\n"));
        for text in [
            "inline:",
            "inline:3",
            "inline:x:5",
            "inline:3:x",
            "line:3:5",
        ] {
            assert!(!has_place(text), "{text}");
        }
    }

    #[test]
    fn the_suggested_world_is_found() {
        let text = "package t:t; world one {} world two {}";
        assert_eq!(expand(0, text, None).as_deref(), Some("one"));
        assert_eq!(expand(0, text, Some("one")), None);
    }

    #[test]
    #[should_panic(expected = "not Rust")]
    fn what_is_not_rust_is_found() {
        errors(quote!(struct struct));
    }
}
