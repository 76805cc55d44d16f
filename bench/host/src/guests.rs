//! The guests that are measured, as components. Knows the folder of the one in Rust; how it is built is
//! for `abide_build` to know.

use std::fs;
use std::path::Path;

use abide_build::Target;
use anyhow::{Context as _, Result};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// One guest, three times, as bytes: every way of calling it is given the same.
#[derive(Debug)]
pub(crate) struct Guests {
    /// Without a single WASI import.
    pub(crate) plain: Vec<u8>,
    /// The same with `abide::Heap`.
    pub(crate) heap: Vec<u8>,
    /// With those that the standard library for `wasm32-wasip2` brings.
    pub(crate) wasi: Vec<u8>,
}

impl Guests {
    /// Builds them, which takes a minute the first time.
    pub(crate) fn build() -> Result<Self> {
        Ok(Self {
            plain: build(Target::Unknown, &[])?,
            heap: build(Target::Unknown, &["heap"])?,
            wasi: build(Target::Wasip2, &[])?,
        })
    }
}

fn build(target: Target, features: &[&str]) -> Result<Vec<u8>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.with_file_name("guest");
    // Where `cargo xtask guests` builds: all guests of the repository share their standard library.
    let shared = package.join("../../target/guests");
    let component = abide_build::guest(&folder)
        .target(target)
        .features(features.iter().copied())
        .target_dir(shared)
        .show_output(true)
        .build()
        .with_context(|| format!("cannot build the guest in `{}`", folder.display()))?;
    fs::read(&component).with_context(|| format!("cannot read `{}`", component.display()))
}

/// A guest that is written as text: the core module, and the world that it is of.
pub(crate) fn encoded(text: &str, wit: &str, world: &str) -> Result<Vec<u8>> {
    let mut module = wat::parse_str(text)?;
    let mut resolve = Resolve::default();
    let package = resolve.push_str(format!("{world}.wit"), wit)?;
    let world = resolve.select_world(&[package], Some(world))?;
    wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module)?.encode()
}
