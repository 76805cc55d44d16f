//! WASI's own WIT beside that of a world which imports it, put together by a build script.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::find;

/// The crate whose WIT has all packages of WASI 0.2, and where.
const WASI: (&str, &str) = ("wasmtime-wasi-http", "wit/deps");

/// For build scripts: makes the folder `wit` in `OUT_DIR`, of the files in `own` and, in `deps`,
/// every package of WASI.
///
/// # Errors
///
/// A folder that cannot be read or written, and a crate that cannot be downloaded.
pub fn with_wasi(own: &str) -> Result<()> {
    println!("cargo::rerun-if-changed={own}");
    let (name, folder) = WASI;
    let sources = find()?;
    let source = sources.get(name);
    let source = source.with_context(|| format!("tests/corpus/sources does not need `{name}`"))?;
    let out = env::var_os("OUT_DIR").context("cargo sets OUT_DIR for build scripts")?;
    let wit = PathBuf::from(out).join("wit");
    copy(Path::new(own), &wit)?;
    copy(&source.folder.join(folder), &wit.join("deps"))
}

/// Makes the folder `to` one with copies of the files in `from`, and no others.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy `{}` to `{}`", from.display(), to.display());
    if to.exists() {
        fs::remove_dir_all(to).with_context(failed)?;
    }
    fs::create_dir_all(to).with_context(failed)?;
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        // Not `fs::copy`: files of the registry may be read-only.
        let text = fs::read(entry.path()).with_context(failed)?;
        fs::write(to.join(entry.file_name()), text).with_context(failed)?;
    }
    Ok(())
}
