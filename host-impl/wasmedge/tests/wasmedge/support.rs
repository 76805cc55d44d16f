//! Guests, and where they are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide_build::Target;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Builds a guest of `tests/fixtures`.
pub(crate) fn build(fixture: &str, target: Target) -> PathBuf {
    abide_build::guest(root().join("tests/fixtures").join(fixture).join("module"))
        .module()
        .target(target)
        .target_dir(root().join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Functions of all types of `wasmedge-bindgen`.
pub(crate) static FUNCTIONS: LazyLock<PathBuf> =
    LazyLock::new(|| build("wasmedge-bindgen", Target::Unknown));

/// A module of a test's own.
pub(crate) fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
