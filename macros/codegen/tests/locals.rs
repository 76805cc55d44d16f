//! Names of the WIT against the locals of wit-bindgen's code. Which locals there are is read from
//! that code, so that a newer wit-bindgen with others is tested with those.

#![cfg(feature = "guest")]

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use std::collections::{BTreeSet, HashMap};
use syn::{Block, FnArg, ImplItem, Item, Pat, Signature, Stmt};

/// A function that has a body.
struct Body {
    name: String,
    /// The names of its parameters, as they are seen from outside.
    params: Vec<String>,
    /// Their names in the body; none where the body does not begin by giving them some.
    inner: Vec<String>,
    /// The tokens of what follows.
    rest: Vec<String>,
}

/// A world with values of every kind, both ways, in functions of every kind, with parameters and
/// fields of the names that `next` gives.
fn world(mut next: impl FnMut() -> String) -> String {
    let kinds = [
        "string",
        "list<u8>",
        "list<string>",
        "list<list<point>>",
        "point",
        "shape",
        "marks",
        "color",
        "option<string>",
        "option<point>",
        "result<list<u32>, string>",
        "tuple<u32, string>",
        "list<tuple<char, f32>>",
        "list<option<shape>>",
        "borrow<thing>",
        "list<borrow<thing>>",
        "thing",
        "list<thing>",
        "bool",
        "s64",
        "holder",
        "list<holder>",
    ];
    let mut params = |kinds: &[&str]| {
        let params = kinds.iter().map(|kind| format!("%{}: {kind}", next()));
        params.collect::<Vec<_>>().join(", ")
    };
    let fields = params(&["u32", "s8", "list<u8>"]);
    let holder = params(&["thing", "string", "u32"]);
    let mut functions = String::new();
    let mut members = params(&["string", "list<string>"]);
    members = format!("constructor({members});\n");
    for (number, kind) in kinds.into_iter().enumerate() {
        let result = if kind.contains("borrow") { "u32" } else { kind };
        let all = params(&[kind, "u32", "string", "list<point>", "u8"]);
        functions += &format!("f{number}: func({all}) -> {result};\n");
        let direct = params(&[kind, "u32"]);
        members += &format!("m{number}: func({direct}) -> {result};\n");
        members += &format!("k{number}: static func({direct}) -> {result};\n");
    }
    let long = params(&["string"; 20]);
    let lent = params(&["borrow<thing>", "list<borrow<thing>>", "point"]);
    format!(
        "package t:t;
         interface i {{
             record point {{ {fields} }}
             record holder {{ {holder} }}
             variant shape {{ dot, named(string), at(point) }}
             flags marks {{ a, b }}
             enum color {{ red, green }}
             resource thing {{ {members} }}
             {functions}
             long: func({long}) -> point;
         }}
         world w {{
             use i.{{thing, point}};
             export i;
             import g: func({long});
             export h: func({long});
             export lent: func({lent}) -> point;
         }}"
    )
}

fn bodies(wit: &str) -> Vec<Body> {
    let input = format!("(abide) {{ inline: {wit:?} }}").parse().unwrap();
    let tokens = abide_codegen::bindings(input);
    let file: syn::File = syn::parse2(tokens.clone()).unwrap();
    assert!(file.items.len() > 3, "{tokens}");
    let mut found = Vec::new();
    functions(&file.items, &mut found);
    found
}

fn functions(items: &[Item], found: &mut Vec<Body>) {
    for item in items {
        match item {
            Item::Fn(item) => found.push(body(&item.sig, &item.block)),
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    functions(items, found);
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                found.extend(item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(item) => Some(body(&item.sig, &item.block)),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
}

fn body(signature: &Signature, block: &Block) -> Body {
    let params = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(param) => Some(param.pat.to_token_stream().to_string()),
        FnArg::Receiver(_) => None,
    });
    let inner: Vec<String> = match block.stmts.first() {
        Some(Stmt::Local(first)) => match &first.pat {
            Pat::Tuple(names) => {
                let names = names.elems.iter();
                names
                    .map(|name| name.to_token_stream().to_string())
                    .collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let rest = block.stmts.iter().skip(usize::from(!inner.is_empty()));
    let mut tokens = Vec::new();
    for statement in rest {
        flatten(statement.to_token_stream(), &mut tokens);
    }
    Body {
        name: signature.ident.to_string(),
        params: params.collect(),
        inner,
        rest: tokens,
    }
}

fn flatten(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), out),
            token => out.push(token.to_string()),
        }
    }
}

/// Names that no local has: `q1a`, `q2a`, …
fn plain() -> impl FnMut() -> String {
    let mut number = 0;
    move || {
        number += 1;
        format!("q{number}a")
    }
}

/// Everything in the bodies that is a name, but for those that come from the WIT.
fn locals(bodies: &[Body]) -> BTreeSet<String> {
    let tokens = bodies.iter().flat_map(|body| body.rest.iter());
    let is_name = |name: &&String| {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(letters)
    };
    let of_wit = |name: &str| {
        let rest = name.strip_prefix('q').unwrap_or_default();
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with('a')
    };
    let names = tokens.filter(is_name).filter(|name| !of_wit(name));
    names.cloned().collect()
}

/// What wit-bindgen makes of a name for a parameter.
fn outer(wit: &str) -> String {
    let name = wit.replace('-', "_");
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => name + "_",
    }
}

#[test]
fn parameters_and_fields_are_no_locals() {
    let original = bodies(&world(plain()));
    let locals = locals(&original);
    for known in [
        "ptr0",
        "len3",
        "vec1",
        "layout3",
        "result2",
        "ret_area",
        "base",
        "e",
        "handle0",
        "l4",
        "bytes5",
        "flags0",
        "cleanup_list",
        "wit_import2",
        "arg0",
    ] {
        assert!(locals.contains(known), "no `{known}` in {locals:?}");
    }

    // All of them in turn, and also without their numbers: a local for a field is the field's name
    // and a number.
    let wit = |name: &String| name.trim_end_matches('_').replace('_', "-");
    let without = |name: &String| {
        let name = wit(name);
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        base.trim_end_matches('-').to_owned()
    };
    let names = locals.iter().flat_map(|name| [wit(name), without(name)]);
    let names: BTreeSet<String> = names.filter(|name| name != "self").collect();
    let names: Vec<String> = names.into_iter().collect();
    // A world has about 200 names: each comes to stand in several places.
    for start in (0..names.len()).step_by(149) {
        let mut given = Vec::new();
        let text = world(|| {
            let name = &names[(start + given.len()) % names.len()];
            given.push(name.clone());
            name.clone()
        });
        let found = bodies(&text);
        assert_eq!(original.len(), found.len());
        for (original, found) in original.iter().zip(&found) {
            compare(original, found, &given, &locals);
        }
    }
}

/// Compares a function with itself under other names, which stand in `given` where those of
/// [`plain`] have their numbers.
fn compare(original: &Body, found: &Body, given: &[String], locals: &BTreeSet<String>) {
    let name = &original.name;
    assert_eq!(original.rest.len(), found.rest.len(), "{name}");
    let number = |plain: &str| plain.trim_matches(['q', 'a']).parse::<usize>();
    for (plain, param) in original.params.iter().zip(&found.params) {
        if let Ok(number) = number(plain) {
            assert_eq!(*param, outer(&given[number - 1]), "a parameter of {name}");
        }
    }
    let of_wit = original.params.iter().filter(|plain| number(plain).is_ok());
    assert_eq!(
        of_wit.count(),
        found.inner.len(),
        "parameters of {name} that get a name in it"
    );
    for inner in &found.inner {
        assert!(!locals.contains(inner), "`{inner}` in {name} is a local");
    }
    // The same tokens, but for names from the WIT: of each always the same, and of no two the same.
    let mut names: HashMap<&str, &str> = HashMap::new();
    for (plain, token) in original.rest.iter().zip(&found.rest) {
        match plain.split_once("a_wit") {
            Some((_, local)) => {
                assert!(
                    token.ends_with(&format!("_wit{local}")),
                    "`{token}` in {name}"
                );
                assert!(!locals.contains(token), "`{token}` in {name} is a local");
                assert_eq!(*names.entry(plain).or_insert(token), token, "in {name}");
            }
            None if number(plain).is_ok() => {}
            None => assert_eq!(plain, token, "in {name}"),
        }
    }
    let different: BTreeSet<&&str> = names.values().collect();
    assert_eq!(different.len(), names.len(), "in {name}: {names:?}");
}
