//! What `abi!` makes of the notes example, checked in under `docs/expansions`: a change of generated
//! code is seen where it is reviewed. `cargo xtask expand` writes the files anew.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The halves of the expansion by the names of their files. The guest's own half is there with the
/// feature `guest` only.
fn expansions() -> Vec<(&'static str, String)> {
    let input = || -> TokenStream { r#"(::abide) "../../abi/notes/wit""#.parse().unwrap() };
    let mut all = vec![
        ("notes.rs", formatted(HEAD, abide_codegen::abi(input()))),
        (
            "notes-host_async.rs",
            formatted(
                ASYNC_HEAD,
                module(abide_codegen::abi_async(input()), "host_async"),
            ),
        ),
    ];
    #[cfg(feature = "guest")]
    all.push((
        "notes-bindings.rs",
        formatted(BINDINGS_HEAD, abide_codegen::bindings(input())),
    ));
    all.sort_unstable();
    all
}

const HEAD: &str = "\
// What `abide::abi!(\"wit\")` expands to in `abi/notes`, on both sides. `cargo xtask expand` writes this.
";

const ASYNC_HEAD: &str = "\
// What stands beside that in `notes.rs` with the feature `async`. `cargo xtask expand` writes this.
";

#[cfg(feature = "guest")]
const BINDINGS_HEAD: &str = "\
// What `bindings!` in `notes.rs` expands to where a guest is compiled: wit-bindgen's code under our names.
// `cargo xtask expand` writes this.
";

fn formatted(head: &str, tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).unwrap();
    let text = prettyplease::unparse(&file);
    // The example's folder is the one that its paths are relative to.
    let example = format!("{}/../../abi/notes/", package());
    let text = text.replace(&example, "").replace("../../abi/notes/", "");
    format!("{head}\n{text}")
}

/// A module of an expansion.
fn module(tokens: TokenStream, name: &str) -> TokenStream {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let is_it = |item: &syn::Item| matches!(item, syn::Item::Mod(module) if module.ident == name);
    let mut found = file.items.into_iter().filter(is_it);
    found.next().unwrap().into_token_stream()
}

/// The folder of this package where the test runs, as the macro sees it: checkouts that share their
/// compiled code may have compiled the test elsewhere.
fn package() -> String {
    env::var("CARGO_MANIFEST_DIR").unwrap()
}

fn path(name: &str) -> PathBuf {
    let root = Path::new(&package()).join("../..");
    root.join("docs/expansions").join(name)
}

#[test]
fn the_expansion_is_the_one_that_is_checked_in() {
    for (name, text) in expansions() {
        let checked_in = fs::read_to_string(path(name)).unwrap_or_default();
        let mut lines = checked_in.lines().zip(text.lines()).enumerate();
        let different = lines.find(|(_, (old, new))| old != new);
        if let Some((at, (old, new))) = different {
            panic!(
                "docs/expansions/{name}:{}: there is `{old}`, and it would be `{new}`. If that is meant, \
                 run `cargo xtask expand`, and read what has changed",
                at + 1
            );
        }
        assert_eq!(checked_in.lines().count(), text.lines().count(), "{name}");
    }
}

#[test]
#[ignore = "writes into the repository: `cargo xtask expand` runs it"]
fn write_the_expansions() {
    for (name, text) in expansions() {
        fs::write(path(name), text).unwrap();
    }
}
