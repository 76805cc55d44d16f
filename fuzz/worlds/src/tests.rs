//! The generator against wit-parser: it makes WIT that can be read, and knows what follows from it.

use wit_parser::{Resolve, WorldItem, WorldKey};

use crate::generate;
use crate::model::{Interface, World};
use crate::wit;

const WORLDS: u64 = 300;

/// Where a world's WIT stands in the messages of a failure.
fn parsed(world: &World) -> (Resolve, wit_parser::WorldId) {
    let text = wit::inline(world);
    let mut resolve = Resolve::default();
    let package = resolve.push_source("inline", &text);
    let package = package.unwrap_or_else(|error| {
        panic!(
            "world {}: {}\n\n{text}",
            world.number,
            resolve.render_error(&error)
        )
    });
    let own = resolve.packages[package].worlds[&world.name];
    (resolve, own)
}

#[test]
fn worlds_can_be_read() {
    for number in 0..WORLDS {
        let world = generate::world(1, number);
        let (resolve, own) = parsed(&world);
        let there = |items: &wit_parser::IndexMap<WorldKey, WorldItem>| {
            let interfaces = items.values().filter_map(|item| match item {
                WorldItem::Interface { id, .. } => Some(&resolve.interfaces[*id]),
                _ => None,
            });
            let mut names: Vec<(String, usize)> = interfaces
                .map(|interface| {
                    (
                        interface.name.clone().unwrap_or_default(),
                        interface.functions.len(),
                    )
                })
                .collect();
            names.sort();
            names
        };
        let expected = |on: fn(&Interface) -> bool| {
            let interfaces = world.interfaces.iter().filter(|interface| on(interface));
            let mut names: Vec<(String, usize)> = interfaces
                .map(|interface| {
                    // wit-parser has the names of inline interfaces elsewhere.
                    let name = interface.package.map(|_| interface.name.clone());
                    (name.unwrap_or_default(), interface.functions.len())
                })
                .collect();
            names.sort();
            names
        };
        let parsed = &resolve.worlds[own];
        let text = || format!("world {number}:\n{}", wit::inline(&world));
        assert_eq!(
            there(&parsed.imports),
            expected(|of| of.sides.import),
            "imports of {}",
            text()
        );
        assert_eq!(
            there(&parsed.exports),
            expected(|of| of.sides.export),
            "exports of {}",
            text()
        );
    }
}

#[test]
fn a_seed_decides_everything() {
    let text = |seed| wit::inline(&generate::world(seed, 3));
    assert_eq!(text(5), text(5));
    assert_ne!(text(5), text(6));
}

#[test]
fn everything_that_is_wanted_is_made() {
    let texts: String = (0..WORLDS)
        .map(|number| wit::inline(&generate::world(2, number)))
        .collect();
    for part in [
        "record ",
        "variant ",
        "enum ",
        "flags ",
        "type ",
        "use ",
        " as ",
        "list<list<",
        "list<u8>",
        "option<option<",
        "result<_, ",
        "-> result;",
        "tuple<",
        "list<string>",
        "result<result",
        ": interface {",
        "import ",
        "export ",
        "world another-one",
        "@1.1.0",
        "/// ",
        "%type",
        " TYPE",
        " CONST",
        " LOOP",
        "ptr1",
        "len0",
        "x12",
        "ret-area:",
        "t0-0:",
        "self",
        "char",
        "list<f64>",
    ] {
        assert!(texts.contains(part), "{WORLDS} worlds have no `{part}`");
    }
}
