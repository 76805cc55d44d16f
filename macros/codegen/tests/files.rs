//! Which files `abi!` reads: those of a folder and of its `deps`, and none whose name begins with a
//! dot.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder for one test, with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (file, text) in files {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

/// The expansion of `abi!` for this folder.
fn expanded(folder: &Path) -> String {
    let input = format!("(abide) {:?}", folder.display().to_string());
    abide_codegen::abi(input.parse().unwrap()).to_string()
}

const WORLD: &str =
    "package demo:app; world app { import demo:one/one; import demo:two/two; import three; }";

/// What no parser of WIT would take.
const NO_WIT: &str = "\u{0} <<<<<<< this is no WIT";

#[test]
fn packages_are_files_and_folders_in_deps() {
    let wit = folder(
        "whole",
        &[
            ("world.wit", WORLD),
            ("three.wit", "interface three { three: func(); }"),
            ("notes.txt", NO_WIT),
            (
                "deps/one.wit",
                "package demo:one; interface one { one: func(); }",
            ),
            ("deps/two/package.wit", "package demo:two;"),
            ("deps/two/two.wit", "interface two { two: func(); }"),
            ("deps/README.md", NO_WIT),
            // A folder below a package is not of it.
            ("deps/two/deps/other.wit", NO_WIT),
            ("more/other.wit", NO_WIT),
        ],
    );
    let text = expanded(&wit);
    assert!(!text.contains("compile_error"), "{text}");
    for name in ["one", "two", "three"] {
        assert!(text.contains(&format!("fn {name} (& mut self")), "{name}");
    }
    let read = text.matches("include_str !").count();
    assert_eq!(read, 5, "{text}");
}

#[test]
fn hidden_files_are_not_read() {
    let wit = folder(
        "hidden",
        &[
            (
                "world.wit",
                "package demo:app; world app { import demo:one/one; }",
            ),
            (".#world.wit", NO_WIT),
            ("._world.wit", NO_WIT),
            (".wit", NO_WIT),
            (
                "deps/one/one.wit",
                "package demo:one; interface one { one: func(); }",
            ),
            ("deps/one/.#one.wit", NO_WIT),
            ("deps/._two.wit", NO_WIT),
            ("deps/.git/three.wit", NO_WIT),
        ],
    );
    let text = expanded(&wit);
    assert!(!text.contains("compile_error"), "{text}");
    assert_eq!(text.matches("include_str !").count(), 2, "{text}");
}

#[cfg(unix)]
#[test]
fn the_lock_of_an_editor_is_a_link_to_nowhere() {
    let wit = folder(
        "lock",
        &[(
            "world.wit",
            "package demo:app; world app { import now: func(); }",
        )],
    );
    std::os::unix::fs::symlink("somebody@somewhere.1", wit.join(".#world.wit")).unwrap();
    let text = expanded(&wit);
    assert!(!text.contains("compile_error"), "{text}");
}
