//! Finds the features: every folder beside this file is one, and has to hold `test.wit`, `guest.rs`
//! and `host.rs`. Writes the list of modules that `runtime.rs` includes.
//!
//! Knows the names of files and nothing of what is in them. With `ABIDE_RUNTIME=lists,res` in the
//! environment only features whose names begin with one of the words are compiled, which is quicker
//! while one of them is being written.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

/// What a feature is made of.
const FILES: [&str; 3] = ["test.wit", "guest.rs", "host.rs"];

fn main() -> ExitCode {
    let Err(problems) = run() else {
        return ExitCode::SUCCESS;
    };
    for problem in problems {
        println!("cargo::error={problem}");
    }
    ExitCode::FAILURE
}

fn run() -> Result<(), Vec<String>> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-env-changed=ABIDE_RUNTIME");
    println!("cargo::rustc-check-cfg=cfg(some_features)");

    let found = folders(&root).map_err(|error| {
        let root = root.display();
        vec![format!("cannot list the features in `{root}`: {error}")]
    })?;
    let problems: Vec<String> = found
        .iter()
        .flat_map(|feature| problems(&root, feature))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }

    let wanted = env::var("ABIDE_RUNTIME").unwrap_or_default();
    if !wanted.is_empty() {
        println!("cargo::rustc-cfg=some_features");
    }
    let chosen = |feature: &&String| {
        let mut words = wanted.split(',').map(str::trim);
        wanted.is_empty() || words.any(|word| !word.is_empty() && feature.starts_with(word))
    };
    let mut modules = String::new();
    for feature in found.iter().filter(chosen) {
        let host = root.join(feature).join("host.rs");
        let _ = writeln!(modules, "#[path = {host:?}]\nmod {feature};");
    }
    let out = Path::new(&variable("OUT_DIR")?).join("features.rs");
    let list = format!(
        "{modules}\n/// All features, in the order of their names.\npub(crate) const FEATURES: &[&str] = &{found:?};\n"
    );
    fs::write(&out, list)
        .map_err(|error| vec![format!("cannot write `{}`: {error}", out.display())])
}

fn variable(name: &str) -> Result<String, Vec<String>> {
    env::var(name).map_err(|error| vec![format!("cargo should have set `{name}`: {error}")])
}

fn folders(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// What keeps a folder from being a feature.
fn problems(root: &Path, feature: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !feature.chars().all(letters) || !feature.starts_with(|c: char| c.is_ascii_lowercase()) {
        problems.push(format!(
            "`tests/runtime/{feature}`: a feature's folder is the name of a Rust module, as in \
             `nested_lists`; rename it"
        ));
    }
    for file in FILES {
        if !root.join(feature).join(file).is_file() {
            problems.push(format!(
                "`tests/runtime/{feature}` has no `{file}`; a feature is a folder with `test.wit`, \
                 `guest.rs` and `host.rs`"
            ));
        }
    }
    problems
}
