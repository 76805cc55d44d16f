//! A guest that is compiled for the machine it is compiled on: one sentence, and nothing else was
//! compiled before.

use std::path::Path;

use abide_build::Target;

use crate::common::{
    CDYLIB, cargo, compiled, folder, library, lock, workspace, workspace_target, write,
};

/// The one sentence, and that only what the guest's build script is made of was compiled.
fn refused(dir: &Path, package: &str) {
    // With everything to compile.
    let target = folder(&format!("{package}-target"));
    let (well, said) = cargo(dir, &target, &["build"]);
    assert!(!well, "{said}");
    let sentences: Vec<_> = said
        .lines()
        .filter(|line| line.contains("a guest is WebAssembly"))
        .collect();
    let [sentence] = sentences[..] else {
        panic!("{said}");
    };
    assert!(
        sentence.starts_with(&format!("error: {package}@")),
        "{sentence}"
    );
    assert!(
        sentence.contains("add `--target wasm32-wasip2` to the command"),
        "{sentence}"
    );
    assert!(!said.contains("error["), "{said}");
    let mut compiled = compiled(&said);
    compiled.sort_unstable();
    let mut expected = ["abide-build", package];
    expected.sort_unstable();
    assert_eq!(compiled, expected, "{said}");
}

#[test]
fn a_guest_is_refused_natively_before_anything_is_compiled() {
    let dir = folder("native");
    let manifest = format!(
        "{CDYLIB}\n[target.'cfg(target_family = \"wasm\")'.dependencies]\nabide = {{ path = {:?} }}\n\n\
         [build-dependencies]\nabide-build = {{ path = {:?}, default-features = false }}\n",
        workspace(),
        env!("CARGO_MANIFEST_DIR")
    );
    library(&dir, "abide-build-native", &manifest, "use abide as _;\n");
    write(
        dir.join("build.rs"),
        "fn main() {\n    abide_build::only_wasm();\n}\n",
    );
    lock(&dir);
    refused(&dir, "abide-build-native");

    // For wasm, it is a guest like others.
    abide_build::guest(&dir)
        .target(Target::Unknown)
        .target_dir(workspace_target().join("guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn so_is_the_guest_of_the_example() {
    let example = workspace().join("examples/notes/guest");
    refused(&example, "notes-guest");
}
