//! What is not a guest is refused before anything is compiled, in words that say what to do.

use abide_build::{Error, Target};

use crate::common::{CDYLIB, folder, library, write};

#[test]
fn a_missing_folder() {
    let dir = folder("missing").join("nowhere");
    assert_eq!(
        abide_build::guest(&dir).build().unwrap_err().to_string(),
        format!(
            "no guest crate at `{}`: there is no such folder; give the folder that holds the \
             guest's Cargo.toml (a relative path starts at the current folder)",
            dir.display()
        )
    );
}

#[test]
fn a_folder_without_a_manifest() {
    let dir = folder("empty");
    assert_eq!(
        abide_build::guest(&dir).build().unwrap_err().to_string(),
        format!(
            "no guest crate at `{}`: the folder has no Cargo.toml; give the folder that holds the \
             guest's Cargo.toml (a relative path starts at the current folder)",
            dir.display()
        )
    );
}

#[test]
fn a_manifest_that_cargo_cannot_read() {
    let dir = folder("garbled");
    write(dir.join("Cargo.toml"), "[package\n");
    let error = abide_build::guest(&dir).build().unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::Manifest { .. }), "{text}");
    assert!(text.starts_with("cargo cannot read `"), "{text}");
    assert!(text.contains("Cargo.toml:1:"), "{text}");
}

#[test]
fn a_workspace_without_a_package() {
    let dir = folder("virtual");
    write(dir.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\n");
    let manifest = dir.join("Cargo.toml");
    assert_eq!(
        abide_build::guest(&dir).build().unwrap_err().to_string(),
        format!(
            "`{}` has no [package]: it is the root of a workspace; give the folder of the member \
             that is the guest",
            manifest.display()
        )
    );
}

#[test]
fn a_library_that_is_no_cdylib() {
    let dir = folder("plain-library");
    library(&dir, "abide-build-plain", "", "");
    let manifest = dir.join("Cargo.toml");
    assert_eq!(
        abide_build::guest(&dir).build().unwrap_err().to_string(),
        format!(
            "package `abide-build-plain` (`{}`) is not a guest: it builds lib, but no cdylib; add \
             to its Cargo.toml:\n\n[lib]\ncrate-type = [\"cdylib\"]\n",
            manifest.display()
        )
    );
}

#[test]
fn two_guests_of_one_name_in_one_target_folder() {
    let (one, two) = (folder("twins/one"), folder("twins/two"));
    let target_dir = folder("twins/target");
    // Neither compiles, so that the test need not wait for a standard library.
    for dir in [&one, &two] {
        library(
            dir,
            "abide-build-twin",
            CDYLIB,
            "compile_error!(\"never built\");\n",
        );
    }
    write(
        target_dir.join(".abide-guests/abide_build_twin"),
        one.join("Cargo.toml").to_str().unwrap(),
    );
    let error = abide_build::guest(&two)
        .target(Target::Unknown)
        .target_dir(&target_dir)
        .build()
        .unwrap_err();
    assert!(matches!(error, Error::NameTaken { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with("two guests are called `abide_build_twin`"),
        "{text}"
    );
    assert!(text.contains("rename one package"), "{text}");
}
