//! From nothing to the first answer: pixels out of a file are made grey once, by a guest, natively,
//! and in JavaScript.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use abide::{Artefacts, Engine};
use anyhow::{Context as _, Result, ensure};
use recognise_abi::kernel::host::Kernel;

use super::{pixels, script, sum};

/// How many pixels: a square with sides of 512.
pub(super) const PIXELS: usize = 1 << 18;

/// How often all of them have their turn.
pub(super) const ROUNDS: usize = 25;

/// Milliseconds, of each round.
#[derive(Debug, Clone, Default)]
pub(super) struct Cold {
    pub(super) inside: Vec<f64>,
    /// Of that, until the component is loaded.
    pub(super) loaded: Vec<f64>,
    pub(super) process: Vec<f64>,
    pub(super) native: Vec<f64>,
    pub(super) node: Vec<f64>,
    /// Compiling the component, once.
    pub(super) compile: f64,
}

/// Answers once, with the code that is kept in a folder.
///
/// # Errors
///
/// A file cannot be read, or the guest cannot be loaded.
pub fn guest(kept: &Path, component: &Path, pixels: &Path) -> Result<()> {
    let rgb = fs::read(pixels)?;
    let kept = Artefacts::in_folder(kept)?;
    let guest = Kernel::builder(()).artefacts(&kept).load(component)?;
    println!("{}", sum(&guest.grey(&rgb, 1)?));
    Ok(())
}

/// Answers once.
///
/// # Errors
///
/// The file cannot be read.
pub fn native(pixels: &Path) -> Result<()> {
    println!("{}", sum(&recognise_kernel::grey(&fs::read(pixels)?)));
    Ok(())
}

pub(super) fn measure(component: &Path, folder: &Path) -> Result<Cold> {
    let rgb = pixels(PIXELS);
    let file = folder.join("pixels");
    fs::write(&file, &rgb)?;
    let expected = format!("{}\n", sum(&recognise_kernel::grey(&rgb)));
    let kept = folder.join("artefacts");
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    let this = std::env::current_exe()?;
    let command = |flag: &str, paths: &[&Path]| {
        let mut command = Command::new(&this);
        command.arg(flag).args(paths);
        command
    };
    let mut cold = Cold::default();
    // The first one compiles, and its code is kept for the others.
    let first = time(
        &expected,
        &mut command("--cold-guest", &[&kept, component, &file]),
    )?;
    let engine = Engine::builder().build()?;
    let artefacts = Artefacts::in_folder(&kept)?;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let read = fs::read(&file)?;
        let builder = Kernel::builder(()).engine(&engine).artefacts(&artefacts);
        let begun = Instant::now();
        let guest = builder.load(component)?;
        let loaded = begun.elapsed();
        let grey = guest.grey(&read, 1)?;
        cold.inside.push(start.elapsed().as_secs_f64() * 1e3);
        cold.loaded.push(loaded.as_secs_f64() * 1e3);
        ensure!(
            format!("{}\n", sum(&grey)) == expected,
            "the guest computes something else"
        );
        let process = &mut command("--cold-guest", &[&kept, component, &file]);
        cold.process.push(time(&expected, process)?);
        cold.native
            .push(time(&expected, &mut command("--cold-native", &[&file]))?);
        let mut node = Command::new("node");
        node.arg(script()).arg("once").arg(&file);
        cold.node.push(time(&expected, &mut node)?);
    }
    cold.compile = (first - super::median(&cold.process)).max(0.0);
    Ok(cold)
}

/// How long a program takes from its start to its end, in milliseconds.
fn time(expected: &str, command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success() && said == expected,
        "{command:?} says `{said}` and not `{expected}`: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(took)
}
