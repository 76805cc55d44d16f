//! Extism, in its newest release. It needs a wasmtime and perhaps a Rust of its own, so it is a program
//! of its own, `bench/extism`, which takes its own time and is told what to do over a pipe.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::folder;

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

/// The program, running. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Extism {
    child: Child,
    orders: ChildStdin,
    times: BufReader<ChildStdout>,
}

impl Extism {
    pub(crate) fn start(built: &Built) -> Result<Self> {
        let mut child = Command::new(&built.program)
            .arg(&built.plugin)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the program with Extism")?;
        Ok(Self {
            orders: child.stdin.take().context("it has no standard input")?,
            times: BufReader::new(child.stdout.take().context("it has no standard output")?),
            child,
        })
    }

    /// How long so many calls take.
    pub(crate) fn calls(&mut self, way: &str, calls: u64) -> Result<Duration> {
        writeln!(self.orders, "{way} {calls}")?;
        let mut line = String::new();
        self.times.read_line(&mut line)?;
        let nanos = line
            .trim()
            .parse()
            .context("the program with Extism has failed")?;
        Ok(Duration::from_nanos(nanos))
    }
}

impl Drop for Extism {
    fn drop(&mut self) {
        // It has nothing to lose, and a drop could not report it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
