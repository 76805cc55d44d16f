//! Builds a real guest for every target, with the toolchain that this machine has, and looks at the
//! components.

use std::fs;
use std::path::{Path, PathBuf};

use abide_build::{Std, Target, Toolchain};
use wasmparser::{Operator, Parser, Payload};
use wit_component::DecodedWasm;

use crate::common::{CDYLIB, folder, greeter, guests_target, library};

/// The names of what a component imports and exports.
fn interface(component: &Path) -> (Vec<String>, Vec<String>) {
    let decoded = wit_component::decode(&fs::read(component).unwrap()).unwrap();
    let DecodedWasm::Component(resolve, world) = decoded else {
        panic!("{} is a WIT package and no component", component.display());
    };
    let world = &resolve.worlds[world];
    let names = |items: Vec<_>| {
        items
            .into_iter()
            .map(|key| resolve.name_world_key(key))
            .collect()
    };
    (
        names(world.imports.keys().collect()),
        names(world.exports.keys().collect()),
    )
}

#[test]
fn a_guest_becomes_a_component_for_every_target() {
    let dir = folder("greeter");
    greeter(&dir, "abide-build-greeter");
    let build = |target| -> PathBuf {
        abide_build::guest(&dir)
            .target(target)
            .target_dir(guests_target())
            .build()
            .unwrap_or_else(|error| panic!("{error}"))
    };

    let unknown = build(Target::Unknown);
    assert!(unknown.is_absolute());
    assert!(unknown.ends_with("wasm32-unknown-unknown/release/abide_build_greeter.component.wasm"));
    let (imports, exports) = interface(&unknown);
    assert_eq!(imports, ["greeting"], "nothing of WASI may be imported");
    assert_eq!(exports, ["greet"]);

    let wasip2 = build(Target::Wasip2);
    assert!(wasip2.ends_with("wasm32-wasip2/release/abide_build_greeter.wasm"));
    let (imports, exports) = interface(&wasip2);
    assert!(imports.contains(&"greeting".to_owned()), "{imports:?}");
    assert!(
        imports.iter().any(|name| name.starts_with("wasi:")),
        "{imports:?}"
    );
    assert_eq!(exports, ["greet"]);

    // A second build changes nothing.
    let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    let before = (time(&unknown), time(&wasip2));
    assert_eq!(build(Target::Unknown), unknown);
    assert_eq!(build(Target::Wasip2), wasip2);
    assert_eq!((time(&unknown), time(&wasip2)), before);
}

/// Where the stack of a core module begins, from which it grows down to 0.
fn stack(module: &Path) -> u32 {
    let bytes = fs::read(module).unwrap();
    for payload in Parser::new(0).parse_all(&bytes) {
        let Payload::GlobalSection(globals) = payload.unwrap() else {
            continue;
        };
        // LLVM's linker makes the stack pointer the first of all.
        let pointer = globals.into_iter().next().unwrap().unwrap();
        match pointer.init_expr.get_operators_reader().read().unwrap() {
            Operator::I32Const { value } => return value.try_into().unwrap(),
            other => panic!("a stack pointer that is {other:?}"),
        }
    }
    panic!("{} has no stack pointer", module.display());
}

#[test]
fn the_stack_is_small_unless_more_is_asked_for() {
    let dir = folder("stack");
    // Without an array that has an address, there would be no stack pointer.
    let code = "#[unsafe(no_mangle)]\npub extern \"C\" fn run(n: usize) -> u8 {\n    \
                std::hint::black_box([n as u8; 64])[n % 64]\n}\n";
    library(&dir, "abide-build-stack", CDYLIB, code);
    let guest = abide_build::guest(&dir)
        .target(Target::Unknown)
        .target_dir(guests_target());
    for (guest, profile, expected) in [
        (guest.clone(), "release", 128 * 1024),
        (guest.clone().stack(1_000_001), "release", 1_000_016),
        (guest.clone().profile("dev"), "debug", 1024 * 1024),
        (guest.clone().profile("dev").stack(4096), "debug", 4096),
    ] {
        // The component beside it has been made of it.
        let module = guest
            .build()
            .unwrap()
            .with_file_name("abide_build_stack.wasm");
        assert!(module.parent().unwrap().ends_with(profile));
        assert_eq!(stack(&module), expected, "{guest:?}");
    }
}

#[test]
fn a_guest_that_does_not_compile_is_reported_with_the_compilers_words() {
    let dir = folder("broken");
    library(
        &dir,
        "abide-build-broken",
        CDYLIB,
        "pub fn broken() -> u32 { \"no number\" }\n",
    );
    let error = abide_build::guest(&dir)
        .target(Target::Unknown)
        .target_dir(guests_target())
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(
            "guest `abide-build-broken` does not compile for wasm32-unknown-unknown ("
        ),
        "{error}"
    );
    assert!(error.contains("error[E0308]: mismatched types"), "{error}");
    assert!(error.contains("src/lib.rs:1:"), "{error}");
}

#[test]
fn features_and_profile_reach_the_guest() {
    let dir = folder("features");
    let manifest = format!("{CDYLIB}\n[features]\ndefault = [\"off\"]\noff = []\non = []\n");
    library(
        &dir,
        "abide-build-features",
        &manifest,
        "#[cfg(any(feature = \"off\", not(feature = \"on\"), not(debug_assertions)))]\n\
         compile_error!(\"wrong features or profile\");\n",
    );
    let guest = abide_build::guest(&dir)
        .target(Target::Unknown)
        .target_dir(guests_target());
    let error = guest.clone().build().unwrap_err().to_string();
    assert!(error.contains("wrong features or profile"), "{error}");
    let component = guest
        .no_default_features()
        .features(["on"])
        .profile("dev")
        .build()
        .unwrap();
    assert!(component.ends_with("debug/abide_build_features.component.wasm"));
    // A crate without an ABI becomes a component that asks for nothing and offers nothing.
    assert_eq!(interface(&component), (vec![], vec![]));
}

#[test]
fn the_toolchain_found_says_what_it_is() {
    for target in Target::ALL {
        let toolchain = Toolchain::find(Path::new("."), target).unwrap();
        assert_eq!(toolchain.target(), target);
        let text = toolchain.to_string();
        match toolchain.std() {
            Std::Installed(folder) => {
                assert!(folder.is_dir());
                assert!(
                    text.ends_with("with the installed standard library"),
                    "{text}"
                );
            }
            Std::Source(folder) => {
                assert!(folder.join("std").is_dir());
                assert!(text.contains("compiled from"), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}
