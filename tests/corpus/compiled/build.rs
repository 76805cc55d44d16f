//! Writes the modules that `src/main.rs` consists of.

use std::path::Path;
use std::{env, fs};

use abide_corpus_survey::{Side, modules, survey};
use anyhow::{Context, Result};

fn main() -> Result<()> {
    // The registry's files do not change, and what else counts is compiled into this script.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../sources/Cargo.lock");
    let folder = env::var_os("OUT_DIR").context("cargo sets OUT_DIR for build scripts")?;
    let file = Path::new(&folder).join("worlds.rs");
    let text = modules(&survey()?, Side::Host);
    fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
}
