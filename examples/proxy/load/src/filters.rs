//! The filters: one that does some of everything, as a component and as a module of proxy-wasm.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide_build::Target;

/// The component.
pub static COMPONENT: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("proxy/guest"), Target::Unknown));

/// The module.
pub static MODULE: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("proxy/module"), Target::Unknown));

/// The module with an SDK that leaks every list of fields that it gets.
pub static LEAKY: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("proxy-leaky/module"), Target::Unknown));

/// The folder of the guests of tests.
#[must_use]
pub fn fixtures() -> PathBuf {
    root().join("tests/fixtures")
}

/// The repository's.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Builds a filter; one in a folder `module` is one.
///
/// # Panics
///
/// It cannot be built.
#[must_use]
pub fn built(folder: &Path, target: Target) -> PathBuf {
    let guest = abide_build::guest(folder).target_dir(root().join("target/guests"));
    let guest = match folder.ends_with("module") {
        true => guest.target(target).module(),
        false => guest.target(target),
    };
    guest.build().unwrap_or_else(|error| panic!("{error}"))
}
