//! Where the guest comes from, and how it is loaded.

use std::path::{Path, PathBuf};

use abide_build::Target;
use anyhow::{Context, Result};
use notes_abi::host::Notes;

use crate::app::App;
use crate::terminal::Terminal;

/// The guest of this repository; it is built if it is not there yet, which is said on standard
/// error.
///
/// # Errors
///
/// It has to be built and cannot be: there is no toolchain for it, for example.
pub fn default_guest(root: &Path, terminal: &Terminal) -> Result<PathBuf> {
    let guests = root.join("target").join("guests");
    let target = Target::Wasip2;
    let wasm = guests
        .join(target.triple())
        .join("release")
        .join("notes_guest.wasm");
    if wasm.is_file() {
        return Ok(wasm);
    }
    let folder = root.join("examples/notes/guest");
    terminal.suspend(|| {
        eprintln!(
            "there is no `{}` yet: building the guest in `{}`",
            wasm.display(),
            folder.display()
        );
    });
    abide_build::guest(&folder)
        .target(target)
        .target_dir(guests)
        .show_output(true)
        .build()
        .with_context(|| format!("cannot build the guest in `{}`", folder.display()))
}

/// Loads a guest that renders notes, with the default limits and granted nothing but [`App`].
///
/// # Errors
///
/// The file is no component, or one that does not fit the ABI.
pub fn load(wasm: &Path) -> Result<Notes> {
    Ok(Notes::load(wasm, App)?)
}
