//! A library with `test = false` is not compiled once more for tests that it does not have. Should it
//! get one, it would never run: this says so.

use std::fs;
use std::path::{Path, PathBuf};

/// What begins a unit test, or a macro that makes some.
const TESTS: [&str; 3] = ["#[test]", "::test]", "proptest!"];

#[test]
fn no_library_that_is_not_tested_has_unit_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    let mut untested = 0;
    for manifest in manifests(&root) {
        let text = fs::read_to_string(&manifest).unwrap();
        let lib = text.split("\n[").find(|table| table.starts_with("lib]"));
        if !lib.is_some_and(|lib| lib.contains("\ntest = false")) {
            continue;
        }
        untested += 1;
        for source in sources(&manifest.with_file_name("src")) {
            let text = fs::read_to_string(&source).unwrap();
            let found = TESTS.into_iter().find(|test| text.contains(test));
            assert_eq!(
                found,
                None,
                "{} has a unit test, and {} says `test = false`",
                source.display(),
                manifest.display()
            );
        }
    }
    assert!(untested > 10, "{untested} are no longer tested");
}

fn manifests(root: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = text.split_once("members = [").unwrap().1;
    let members = members.split_once(']').unwrap().0.lines();
    let members = members.map(|line| line.trim().trim_matches([',', '"']));
    let members = members.filter(|member| !member.is_empty());
    members
        .map(|member| root.join(member).join("Cargo.toml"))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => found.extend(sources(&path)),
            Some(extension) if extension == "rs" => found.push(path),
            _ => {}
        }
    }
    found
}
