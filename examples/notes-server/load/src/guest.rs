//! The guests that servers are given here: the one of the example, as it is and with its faults.

use std::path::{Path, PathBuf};

use abide_build::Target;
use anyhow::{Context as _, Result};

/// Builds the guest with its faults, or without, and says where it is.
///
/// # Errors
///
/// It cannot be built: there is no toolchain for it, for example.
pub fn guests(with_faults: bool) -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.with_file_name("guest");
    let shared = package.join("../../../target/guests");
    let guest = abide_build::guest(&folder).target(Target::Wasip2);
    // Both have the same name, so each has a folder of its own.
    let guest = if with_faults {
        guest.features(["faults"]).target_dir(shared.join("faults"))
    } else {
        guest.target_dir(shared)
    };
    let built = guest.show_output(true).build();
    built.with_context(|| format!("cannot build the guest in `{}`", folder.display()))
}
