//! Compiles the guest side of the corpus: writes a workspace of crates into the target folder, with
//! a guest that depends on all of them, and has it built.
//!
//! A library with these worlds in it could not be made a component, because nothing implements what
//! they export. As dependencies, of which nothing is linked, they are compiled and that is all.

use std::fs;
use std::path::Path;

use abide_build::Target;
use abide_corpus_survey::{Entry, Side, modules};

use super::repository;

/// How many crates the worlds are spread over, so that they are compiled at the same time.
const CRATES: usize = 4;

/// Builds them all; panics with the compiler's messages where one does not compile.
pub(super) fn build(corpus: &[Entry]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus-guest");
    let names: Vec<String> = (0..CRATES).map(|n| format!("corpus-worlds-{n}")).collect();

    write(&folder.join("Cargo.toml"), &workspace(&names));
    let uses: Vec<String> = names
        .iter()
        .map(|name| format!("use {} as _;\n", name.replace('-', "_")))
        .collect();
    let guest = format!("//! Nothing but what it depends on.\n\n{}", uses.concat());
    write(&folder.join("src/lib.rs"), &guest);
    for (number, name) in names.iter().enumerate() {
        let worlds: Vec<Entry> = corpus
            .iter()
            .skip(number)
            .step_by(CRATES)
            .cloned()
            .collect();
        let modules = modules(&worlds, Side::Guest);
        let library = format!("//! The guest side of worlds of the corpus.\n\n{modules}");
        write(&folder.join(name).join("src/lib.rs"), &library);
        write(&folder.join(name).join("Cargo.toml"), &manifest(name));
    }
    // The versions that the guests of the other tests are built with.
    let lock = repository().join("tests/fixtures/Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock"))
        .unwrap_or_else(|error| panic!("cannot copy {}: {error}", lock.display()));

    abide_build::guest(&folder)
        .target(Target::Unknown)
        .target_dir(repository().join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
}

/// The manifest of the guest, which is that of the workspace too.
fn workspace(worlds: &[String]) -> String {
    let lines = |line: fn(&String) -> String| -> String { worlds.iter().map(line).collect() };
    let members = lines(|name| format!("{name:?}, "));
    let dependencies = lines(|name| format!("{name} = {{ path = \"{name}\" }}\n"));
    // Nobody runs them: they only have to compile, soon.
    let profiles = lines(|name| format!("[profile.release.package.{name}]\nopt-level = 0\n"));
    format!(
        "[package]\nname = \"corpus-guest\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\
         [workspace]\nmembers = [{members}]\n\
         [dependencies]\n{dependencies}\
         [profile.release]\nopt-level = \"s\"\nstrip = true\n{profiles}"
    )
}

/// The manifest of one crate of worlds, with the lints that every ABI crate should pass.
fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nabide = {{ path = {:?} }}\n\
         [lints.rust]\nwarnings = \"deny\"\nmissing_docs = \"deny\"\n\
         missing_debug_implementations = \"deny\"\nunreachable_pub = \"deny\"\n",
        repository().display().to_string()
    )
}

/// Writes a file unless it is like that already: what has not changed is not compiled again.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|found| found == text) {
        return;
    }
    let result = file
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(file, text));
    result.unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
}
