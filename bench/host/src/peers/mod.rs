//! Other ways of having code that is not part of the program: less safe ones, slower ones, and another
//! framework. Each file is one of them.
//!
//! None of it knows Abide, or what is compared.

pub(crate) mod child;
pub(crate) mod core_module;
pub(crate) mod extism;
#[cfg(unix)]
pub(crate) mod library;
pub(crate) mod proxy_wasm_host;
mod told;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// The folder with what is compiled for the benchmarks, and belongs to no workspace.
fn folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-peers");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    Ok(folder)
}

/// Compiles one file of `bench/native`, optimised, into what `kind` says.
fn compiled(source: &str, kind: &str) -> Result<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("native")
        .join(source);
    let made = folder()?.join(format!(
        "{}.{kind}",
        source.file_stem().unwrap_or_default().display()
    ));
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let status = Command::new(rustc)
        .args(["--edition=2024", "-Copt-level=3", "--crate-type", kind])
        .arg("-o")
        .arg(&made)
        .arg(&source)
        .status()
        .context("cannot start rustc")?;
    ensure!(status.success(), "cannot compile `{}`", source.display());
    Ok(made)
}
