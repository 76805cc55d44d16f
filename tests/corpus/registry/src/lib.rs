//! Where cargo has unpacked the crates that ship WIT: for the corpus, which reads all of it, and
//! for the build scripts of tests whose worlds import WASI. Knows cargo and files, and nothing of
//! what is in them.
//!
//! Nobody copies a part of WASI's WIT by hand: a guest's standard library may bring the same
//! package along, whole, and then the two do not fit together.

mod wasi;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

pub use wasi::with_wasi;

/// One crate of the registry, unpacked.
#[derive(Debug)]
pub struct Source {
    /// Its name and version, `wit-component 0.258.3`.
    pub shown: String,
    /// Where it was unpacked.
    pub folder: PathBuf,
}

/// The packages that `tests/corpus/sources` names or needs, by name.
///
/// Of two versions of a package it does not matter which one is returned: those that are named are
/// there once.
///
/// # Errors
///
/// Crates that cannot be downloaded, with what cargo says.
pub fn find() -> Result<BTreeMap<String, Source>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("sources/Cargo.toml");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version=1", "--locked"]);
    // Nothing is compiled: the platform with the fewest dependencies means the fewest downloads.
    command.args(["--filter-platform", "wasm32-unknown-unknown"]);
    command.arg("--manifest-path").arg(&manifest);
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "cargo cannot find the crates that `{}` names; it says:\n{}",
        manifest.display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let answer: Value =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` answered with no JSON")?;
    let packages = answer["packages"].as_array().map(Vec::as_slice);
    let sources = packages.unwrap_or_default().iter().filter_map(|package| {
        let name = package["name"].as_str()?;
        // Without what stands behind `+`: the crate `wasi` says there which WASI it is for.
        let version = package["version"].as_str()?.split('+').next()?;
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
        let source = Source {
            shown: format!("{name} {version}"),
            folder: folder.to_owned(),
        };
        Some((name.to_owned(), source))
    });
    Ok(sources.collect())
}
