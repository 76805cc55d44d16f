//! The crate `proxy-wasm-host`, another host of proxy-wasm on wasmtime. It is a program of its own,
//! `bench/proxy-wasm-host`, which takes its own time and is told what to do over a pipe.
//!
//! Its manifest wants a newer Rust and a newer wasmtime than this repository, and builds with these:
//! the two lines are lowered in a copy of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::folder;
use super::told::Told;

/// The crate, in the version whose manifest is known.
const NAME: &str = "proxy-wasm-host";
const VERSION: &str = "0.2.0";

/// What is lowered: a line before, and after.
const LOWERED: [(&str, &str); 2] = [
    ("rust-version = \"1.96\"", "rust-version = \"1.95\""),
    (
        "[dependencies.wasmtime]\nversion = \"49\"",
        "[dependencies.wasmtime]\nversion = \"48\"",
    ),
];

/// The program, compiled.
#[derive(Debug)]
pub(crate) struct Built(PathBuf);

/// Compiles the program, which takes minutes the first time.
pub(crate) fn build() -> Result<Built> {
    lower().context("cannot lower what its manifest wants")?;
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(NAME);
    let target = folder()?.join("proxy-wasm-host-target");
    let status = Command::new("cargo")
        .args(["build", "--release", "--locked", "--quiet", "--target-dir"])
        .arg(&target)
        .current_dir(&package)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "cannot compile `{}`", package.display());
    Ok(Built(target.join("release/bench-proxy-wasm-host")))
}

/// Makes the copy of the crate, if it is not there.
fn lower() -> Result<()> {
    let to = folder()?.join(NAME);
    let manifest = to.join("Cargo.toml");
    if manifest.is_file() {
        return Ok(());
    }
    let from = downloaded()?;
    copy(&from.join("src"), &to.join("src"))?;
    let mut text = fs::read_to_string(from.join("Cargo.toml"))?;
    for (before, after) in LOWERED {
        ensure!(text.contains(before), "there is no line `{before}`");
        text = text.replace(before, after);
    }
    // Last, because it says that all is there.
    fs::write(&manifest, text).with_context(|| format!("cannot write `{}`", manifest.display()))
}

/// Where cargo keeps the sources of the crate, after it was asked about it.
fn downloaded() -> Result<PathBuf> {
    let asked = Command::new("cargo")
        .args(["info", "--quiet", &format!("{NAME}@{VERSION}")])
        .stdout(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(asked.success(), "cargo does not find it");
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = home
        .context("there is no home folder")?
        .join("registry/src");
    let registries = sources.read_dir().context("cargo keeps no sources")?;
    let mut found = registries
        .flatten()
        .map(|registry| registry.path().join(format!("{NAME}-{VERSION}")));
    found
        .find(|found| found.join("Cargo.toml").is_file())
        .with_context(|| format!("it is not in `{}`", sources.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => drop(fs::copy(entry.path(), to)?),
        }
    }
    Ok(())
}

impl Built {
    /// Starts the program with a module.
    pub(crate) fn start(&self, module: &Path) -> Result<Told> {
        Told::start(&self.0, module)
    }
}
