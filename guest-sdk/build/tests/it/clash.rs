//! Two copies of one WIT package in a guest that do not agree: an abridged one of WASI's, and two
//! ABIs'.

use std::path::Path;

use abide_build::{Error, Std, Target, Toolchain};

use crate::common::{CDYLIB, folder, guests_target, library, write};

const WIT_BINDGEN: &str = "[dependencies]\nwit-bindgen = { version = \"0.61.1\", default-features = false, features = \
                           [\"macros\", \"realloc\", \"std\"] }\n";

fn build(dir: &Path, target: Target) -> Result<std::path::PathBuf, Error> {
    abide_build::guest(dir)
        .target(target)
        .target_dir(guests_target())
        .build()
}

#[test]
fn an_abridged_copy_of_a_package_of_wasi() {
    let dir = folder("abridged");
    library(
        &dir,
        "abide-build-abridged",
        &format!("{CDYLIB}\n{WIT_BINDGEN}"),
        "wit_bindgen::generate!({ path: \"wit\", generate_all });\n\nstruct Guest;\n\nimpl exports::test::abridged::run::Guest \
         for Guest {\n    fn run() {\n        println!(\"{:?}\", wasi::io::poll::poll(&[]));\n    }\n}\n\nexport!(Guest);\n",
    );
    write(
        dir.join("wit/world.wit"),
        "package test:abridged;\n\ninterface run { run: func(); }\n\nworld abridged {\n    import wasi:io/poll@0.2.0;\n    \
         import wasi:io/error@0.2.0;\n    export run;\n}\n",
    );
    write(
        dir.join("wit/deps/io.wit"),
        "package wasi:io@0.2.0;\n\ninterface error { resource error; }\n\ninterface poll {\n    resource pollable;\n    \
         poll: func(in: list<borrow<pollable>>) -> list<u32>;\n}\n",
    );

    // Without a standard library that brings WASI's own, there is one copy.
    build(&dir, Target::Unknown).unwrap_or_else(|error| panic!("{error}"));

    let toolchain = Toolchain::find(&dir, Target::Wasip2).unwrap();
    match (toolchain.std(), build(&dir, Target::Wasip2)) {
        (Std::Installed(_), Err(error)) => {
            let text = error.to_string();
            assert!(matches!(error, Error::PackageTwice { .. }), "{text}");
            let expected = "guest `abide-build-abridged` cannot be made a component for wasm32-wasip2: there are two \
                            copies of the WIT package `wasi:io@0.2.0` in it, and they differ (in interface `";
            assert!(text.starts_with(expected), "{text}");
            assert!(
                text.contains("Put the whole package into `deps/`"),
                "{text}"
            );
        }
        (Std::Installed(_), Ok(component)) => panic!("it links: {}", component.display()),
        (_, built) => drop(built.unwrap_or_else(|error| panic!("{error}"))),
    }
}

#[test]
fn two_abis_with_different_copies_of_a_package() {
    let dir = folder("copies");
    let abi = |name: &str, ty: &str, value: &str| {
        format!(
            "pub mod {name} {{\n    wit_bindgen::generate!({{ generate_all, inline: \"\n        package test:{name};\n        \
             world {name} {{ import test:log/log@1.0.0; }}\n        package test:log@1.0.0 {{ interface log {{ write: \
             func(what: {ty}); }} }}\n    \" }});\n    pub fn run() {{ test::log::log::write({value}); }}\n}}\n"
        )
    };
    let code = format!(
        "{}{}#[unsafe(no_mangle)]\npub extern \"C\" fn run() {{\n    one::run();\n    two::run();\n}}\n",
        abi("one", "string", "\"a\""),
        abi("two", "u32", "1")
    );
    library(
        &dir,
        "abide-build-copies",
        &format!("{CDYLIB}\n{WIT_BINDGEN}"),
        &code,
    );
    for target in Target::ALL {
        let text = build(&dir, target).unwrap_err().to_string();
        let expected = format!(
            "guest `abide-build-copies` cannot be made a component for {target}: there are two copies of the WIT \
             package `test:log@1.0.0` in it, and they differ (in interface `log`: mismatch in function `write`"
        );
        assert!(text.starts_with(&expected), "{text}");
    }
}
