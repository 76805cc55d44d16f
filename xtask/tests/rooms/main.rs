//! The order of the house: within a crate, arrows between rooms run down only, and no files import
//! one another in a circle.
//!
//! The plans below are the one list of the rooms. `source` finds out who imports whom, `check`
//! holds it against the plan.

mod check;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use check::{Plan, complaints};
use source::House;

// The one list of the rooms, from top to bottom. Rooms on one floor do not know one another. A room
// is a folder, or the file of that name; what is named nowhere stands above all of them.

/// The host runtime: a reader meets the rooms in the order in which a load or a call does.
const HOST: Plan = Plan {
    folder: "host-impl/runtime/src",
    floors: &[
        &["handle"],
        &["load"],
        &["keep"],
        &["call"],
        &["store"],
        &["engine", "wasi"],
        &["guard"],
        &["code"],
        &["values"],
        &["error"],
    ],
};

/// What the macros make of WIT: from tokens back to what the user wrote.
const CODEGEN: Plan = Plan {
    folder: "macros/codegen/src",
    floors: &[
        &["debug", "prelude", "host_derive", "type_derive", "module"],
        &["emit", "bindgen"],
        &["model"],
        &["wit"],
        &["args"],
        &["error"],
        &["docs", "rust_macros", "written"],
    ],
};

fn hold(plan: &Plan) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let house = House::read(&root.join(plan.folder)).unwrap();
    let wrong = complaints(plan, &house);
    assert!(
        wrong.is_empty(),
        "{} arrows are drawn the wrong way:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // A house that is not found has no wrong arrows either.
    for room in plan.floors.iter().copied().flatten() {
        let within = |file: &String| file.split(['/', '.']).next() == Some(room);
        assert!(
            house.files.keys().any(within),
            "{} has no room `{room}`",
            plan.folder
        );
    }
}

#[test]
fn arrows_run_down_in_the_host_runtime() {
    hold(&HOST);
}

#[test]
fn arrows_run_down_in_codegen() {
    hold(&CODEGEN);
}

/// A house of files that a test writes.
fn built(name: &str, files: &[(&str, &str)]) -> House {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    House::read(&folder).unwrap()
}

const TWO_FLOORS: Plan = Plan {
    folder: "two-floors",
    floors: &[&["hall"], &["cellar", "garden"]],
};

#[test]
fn an_arrow_downwards_is_in_order() {
    let house = built(
        "down",
        &[
            ("lib.rs", "mod cellar; mod hall; pub use hall::Hall;"),
            (
                "hall.rs",
                "use crate::cellar::wine::Wine; pub struct Hall(Wine);",
            ),
            ("cellar/mod.rs", "pub(crate) mod wine;"),
            ("cellar/wine.rs", "pub(crate) struct Wine;"),
        ],
    );
    assert_eq!(complaints(&TWO_FLOORS, &house), Vec::<String>::new());
}

#[test]
fn an_arrow_upwards_is_found_wherever_a_path_can_stand() {
    for arrow in [
        "use crate::hall::Hall;",
        "use crate::{hall::Hall, cellar::other};",
        "pub(crate) use super::super::hall as above;",
        "fn f() -> crate::hall::Hall { todo!() }",
        "fn f() { println!(\"{:?}\", crate::hall::HALL) }",
    ] {
        let house = built(
            "up",
            &[
                ("lib.rs", "mod cellar; mod hall;"),
                ("hall.rs", ""),
                ("cellar/mod.rs", "mod wine;"),
                ("cellar/wine.rs", arrow),
            ],
        );
        assert_eq!(
            complaints(&TWO_FLOORS, &house),
            ["two-floors/cellar/wine.rs imports hall.rs, which stands in a room above"],
            "{arrow}"
        );
    }
}

#[test]
fn rooms_of_one_floor_do_not_know_one_another() {
    let house = built(
        "beside",
        &[
            ("lib.rs", "mod cellar; mod garden;"),
            ("cellar.rs", "use crate::garden::Rose;"),
            ("garden.rs", "pub(crate) struct Rose;"),
        ],
    );
    assert_eq!(
        complaints(&TWO_FLOORS, &house),
        ["two-floors/cellar.rs imports garden.rs, which stands in a room beside"]
    );
}

#[test]
fn circles_of_files_are_found() {
    let house = built(
        "circle",
        &[
            ("lib.rs", "mod cellar;"),
            (
                "cellar/mod.rs",
                "mod beer; mod wine; pub(crate) use wine::Wine; struct Shelf;",
            ),
            ("cellar/beer.rs", "use super::wine::Wine;"),
            ("cellar/wine.rs", "use super::{beer, Shelf};"),
        ],
    );
    assert_eq!(
        complaints(&TWO_FLOORS, &house),
        [
            "two-floors: in a circle import one another: cellar/beer.rs, cellar/mod.rs, cellar/wine.rs"
        ]
    );
}

#[test]
fn what_only_tests_import_and_what_users_crates_will_does_not_count() {
    let house = built(
        "tests",
        &[
            ("lib.rs", "mod cellar; mod hall;"),
            ("hall.rs", ""),
            (
                "cellar/mod.rs",
                "macro_rules! m { () => { $crate::hall::Hall } } #[cfg(test)] mod tests; \
                 fn f() { quote!(super::hall::Hall); quote_spanned! { s=> crate::hall::HALL } } \
                 #[cfg(test)] mod more { use crate::hall; }",
            ),
            ("cellar/tests.rs", "use crate::hall::Hall;"),
        ],
    );
    assert_eq!(complaints(&TWO_FLOORS, &house), Vec::<String>::new());
}
