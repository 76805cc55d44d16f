//! Small crates on disk for the tests to build.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test run for crates; emptied of an earlier run's.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("abide-build")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The target folder that all guests of this repository share: the standard library, which may have
/// to be compiled, is compiled there once.
pub(crate) fn guests_target() -> PathBuf {
    workspace_target().join("guests")
}

/// The target folder of the workspace that runs the tests.
pub(crate) fn workspace_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The root of the workspace that runs the tests.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes a crate with a library: its manifest ends in `manifest`, its code is `code`.
pub(crate) fn library(dir: &Path, name: &str, manifest: &str, code: &str) {
    let package = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n"
    );
    write(dir.join("Cargo.toml"), &(package + manifest));
    write(dir.join("src/lib.rs"), code);
}

/// The manifest's part that makes a library a guest.
pub(crate) const CDYLIB: &str = "[lib]\ncrate-type = [\"cdylib\"]\n";

/// Writes a complete guest: it imports one function, exports one, and allocates.
pub(crate) fn greeter(dir: &Path, name: &str) {
    let manifest = format!(
        "{CDYLIB}\n[dependencies]\nwit-bindgen = {{ version = \"0.61.1\", default-features = false, \
         features = [\"macros\", \"realloc\", \"std\"] }}\n"
    );
    library(
        dir,
        name,
        &manifest,
        r#"wit_bindgen::generate!({ path: "wit", world: "greeter" });

struct Greeter;

impl Guest for Greeter {
    fn greet(name: String) -> String {
        format!("{}, {name}!", greeting())
    }
}

export!(Greeter);
"#,
    );
    write(
        dir.join("wit/greeter.wit"),
        "package test:greeter;\n\nworld greeter {\n    import greeting: func() -> string;\n    \
         export greet: func(name: string) -> string;\n}\n",
    );
}

/// Has a crate use the versions that this workspace has downloaded already.
pub(crate) fn lock(dir: &Path) {
    fs::copy(workspace().join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
}

/// Runs cargo for a crate with all that it compiles in `target`; returns whether it ended well, and
/// what it said.
pub(crate) fn cargo(dir: &Path, target: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .args(["--offline", "--color=never", "--manifest-path"])
        .arg(dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), text)
}

/// The packages that cargo says it compiled, or checked.
pub(crate) fn compiled(said: &str) -> Vec<&str> {
    let name = |line| {
        let (verb, rest) = str::trim_start(line).split_once(' ')?;
        let of_a_package = matches!(verb, "Compiling" | "Checking");
        of_a_package.then(|| rest.split(' ').next().unwrap_or_default())
    };
    said.lines().filter_map(name).collect()
}
