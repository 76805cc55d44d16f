//! Extism, in its newest release. It needs a wasmtime and perhaps a Rust of its own, so it is a program
//! of its own, `bench/extism`, which takes its own time and is told what to do over a pipe.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::folder;
use super::told::Told;

/// The environment variable with the name of rustup's toolchain that Extism is compiled with.
const TOOLCHAIN: &str = "ABIDE_BENCH_EXTISM_TOOLCHAIN";

/// What was compiled.
#[derive(Debug)]
pub(crate) struct Built {
    program: PathBuf,
    plugin: PathBuf,
}

/// Compiles the program and its plug-in, which takes minutes the first time.
pub(crate) fn build() -> Result<Built> {
    let of = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("extism");
    let target = folder()?.join("extism");
    cargo(
        &of.join("host"),
        &target,
        &[],
        std::env::var(TOOLCHAIN).ok(),
    )
    .with_context(|| format!("if it wants another Rust, name rustup's toolchain in {TOOLCHAIN}"))?;
    let wasm = "wasm32-unknown-unknown";
    cargo(&of.join("guest"), &target, &["--target", wasm], None)?;
    Ok(Built {
        program: target.join("release/bench-extism"),
        plugin: target.join(wasm).join("release/bench_extism_guest.wasm"),
    })
}

fn cargo(package: &Path, target: &Path, more: &[&str], toolchain: Option<String>) -> Result<()> {
    let mut cargo = Command::new("cargo");
    if let Some(toolchain) = toolchain {
        // What the cargo that runs this says of itself is not true for the other one.
        cargo.env("RUSTUP_TOOLCHAIN", toolchain);
        for of_this in ["CARGO", "RUSTC", "RUSTDOC"] {
            cargo.env_remove(of_this);
        }
    }
    let status = cargo
        .args(["build", "--release", "--locked", "--quiet", "--target-dir"])
        .arg(target)
        .args(more)
        .current_dir(package)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "cannot compile `{}`", package.display());
    Ok(())
}

impl Built {
    /// Starts the program.
    pub(crate) fn start(&self) -> Result<Told> {
        Told::start(&self.program, &self.plugin)
    }
}
