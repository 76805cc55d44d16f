//! What a guest's manifest says, as cargo understands it: the package, its library, its workspace.
//! Reads `cargo metadata`; builds nothing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::cargo::{Cargo, said};
use crate::Error;

/// The part of a guest's metadata that a build needs.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// The package's name.
    pub(crate) package: String,
    /// The library's or the program's name, which is also the name of its file.
    pub(crate) name: String,
    /// Whether it is a program.
    pub(crate) is_program: bool,
    /// Where the guest's workspace begins; the guest's own folder if it is in none.
    pub(crate) workspace_root: PathBuf,
    /// The target folder that a plain `cargo build` would use.
    pub(crate) target_directory: PathBuf,
}

/// Reads the manifest of a guest and checks that the package is one: it has a `cdylib`, or, if it
/// may be one, is a program.
pub(crate) fn read(
    cargo: &Cargo,
    manifest: &Path,
    may_be_program: bool,
) -> Result<Metadata, Error> {
    let answer = ask(cargo, manifest)?;
    let package = answer["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| is_at(&package["manifest_path"], manifest))
        .ok_or_else(|| Error::NoPackage {
            manifest: manifest.to_owned(),
        })?;
    let name = text(package, "name")?;

    let targets = package["targets"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let of_kind = |kind: &str| {
        let mut targets = targets.iter();
        targets.find(|target| kinds(target).any(|other| other == kind))
    };
    let library = of_kind("cdylib");
    let program = of_kind("bin").filter(|_| may_be_program && library.is_none());
    let Some(built) = library.or(program) else {
        let mut found: Vec<&str> = targets.iter().flat_map(kinds).collect();
        found.sort_unstable();
        found.dedup();
        let found = if found.is_empty() {
            "nothing".to_owned()
        } else {
            found.join(", ")
        };
        return Err(Error::NoCdylib {
            package: name,
            manifest: manifest.to_owned(),
            found,
        });
    };

    Ok(Metadata {
        package: name,
        name: text(built, "name")?,
        is_program: program.is_some(),
        workspace_root: text(&answer, "workspace_root")?.into(),
        target_directory: text(&answer, "target_directory")?.into(),
    })
}

/// The target folder of the workspace that `manifest` belongs to, whatever kind of crate it is.
pub(crate) fn target_directory(cargo: &Cargo, manifest: &Path) -> Result<PathBuf, Error> {
    text(&ask(cargo, manifest)?, "target_directory").map(PathBuf::from)
}

/// Whether a path that cargo reported is the file `expected`, however the two are spelled.
pub(crate) fn is_at(reported: &Value, expected: &Path) -> bool {
    let Some(reported) = reported.as_str() else {
        return false;
    };
    match (fs::canonicalize(reported), fs::canonicalize(expected)) {
        (Ok(reported), Ok(expected)) => reported == expected,
        _ => Path::new(reported) == expected,
    }
}

/// The kinds (`lib`, `cdylib`, `bin`, …) of one of cargo's targets.
pub(crate) fn kinds(target: &Value) -> impl Iterator<Item = &str> {
    target["kind"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn ask(cargo: &Cargo, manifest: &Path) -> Result<Value, Error> {
    let mut command = cargo.command();
    command
        .args([
            "metadata",
            "--no-deps",
            "--format-version=1",
            "--manifest-path",
        ])
        .arg(manifest);
    let output = command
        .output()
        .map_err(|source| cargo.start_error(source))?;
    if !output.status.success() {
        let manifest = manifest.to_owned();
        return Err(Error::Manifest {
            manifest,
            stderr: said(&output.stderr),
        });
    }
    serde_json::from_slice(&output.stdout).map_err(|error| answer_error(error.to_string()))
}

fn text(value: &Value, field: &str) -> Result<String, Error> {
    value[field]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| answer_error(format!("the field `{field}` is missing")))
}

fn answer_error(reason: String) -> Error {
    Error::Answer {
        command: "cargo metadata".to_owned(),
        reason,
    }
}
