//! The guests of the services, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use abide_build::Target;
use anyhow::{Context as _, Result};

/// Builds the guest of each service, and says where they are.
///
/// # Errors
///
/// One cannot be built: there is no toolchain for it, for example.
pub fn guests() -> Result<PathBuf> {
    let to = target().join("recognise").join("guests");
    fs::create_dir_all(&to).with_context(|| format!("cannot make `{}`", to.display()))?;
    for service in ["web", "classify", "grey"] {
        let built = build(service)?;
        let file = to.join(format!("recognise_{service}.wasm"));
        // Whoever loads it meanwhile has the one or the other.
        let new = file.with_extension(format!("{}.new", std::process::id()));
        fs::copy(&built, &new)
            .and_then(|_| fs::rename(&new, &file))
            .with_context(|| format!("cannot copy `{}`", built.display()))?;
    }
    Ok(to)
}

/// Builds the guest that is the loop alone.
///
/// # Errors
///
/// Those of [`guests`].
pub(crate) fn kernel() -> Result<PathBuf> {
    build("kernel")
}

fn build(of: &str) -> Result<PathBuf> {
    let folder = examples().join(of).join("guest");
    let guest = abide_build::guest(&folder)
        .target(Target::Wasip2)
        .target_dir(target().join("guests"))
        .show_output(true);
    let built = guest.build();
    built.with_context(|| format!("cannot build the guest in `{}`", folder.display()))
}

/// The folder of the demo.
pub(crate) fn examples() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The folder of what is built and fetched.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target")
}
