//! Finds the features: every folder beside this file is one, and has to hold `test.wit`, `guest.rs`
//! and `host.rs`. Writes the lists of modules that `runtime.rs` and `sync.rs` include, and for the
//! latter the sync form of each host.
//!
//! Knows the names of files and nothing of what is in them. With `ABIDE_RUNTIME=lists,res` in the
//! environment only features whose names begin with one of the words are compiled, which is quicker
//! while one of them is being written.

mod sync_form;

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
    // Nobody sets it: whatever is under it is for the form that is made here.
    println!("cargo::rustc-check-cfg=cfg(sync)");

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
    let out = PathBuf::from(variable("OUT_DIR")?);
    let folder = out.join("sync");
    fs::create_dir_all(&folder).map_err(of(&folder))?;
    let (mut modules, mut sync_modules) = (String::new(), String::new());
    for feature in found.iter().filter(chosen) {
        let host = root.join(feature).join("host.rs");
        let _ = writeln!(modules, "#[path = {host:?}]\nmod {feature};");
        let sync = folder.join(format!("{feature}.rs"));
        let _ = writeln!(sync_modules, "#[path = {sync:?}]\nmod {feature};");
        let source = fs::read_to_string(&host).map_err(of(&host))?;
        let form = sync_form::of(&source);
        let form = form.map_err(|problem| vec![format!("`{}`: {problem}", host.display())])?;
        write(&sync, &form)?;
    }
    write(&out.join("sync.rs"), &sync_modules)?;
    let list = format!(
        "{modules}\n/// All features, in the order of their names.\npub(crate) const FEATURES: &[&str] = &{found:?};\n"
    );
    write(&out.join("features.rs"), &list)
}

fn write(path: &Path, text: &str) -> Result<(), Vec<String>> {
    fs::write(path, text).map_err(of(path))
}

/// What is told of an error that a file was met with.
fn of(path: &Path) -> impl Fn(io::Error) -> Vec<String> {
    move |error| vec![format!("`{}`: {error}", path.display())]
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
