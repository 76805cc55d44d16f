//! Guests, and where they are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use abide::Limits;
use abide::module::Imports;
use abide_build::Target;
use abide_wasmedge::Bindgen;

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

/// Loads a guest that may take a while, where others work, too.
pub(crate) fn load(path: impl AsRef<Path>, host: impl Imports) -> Bindgen {
    let limits = Limits::new().deadline(Duration::from_secs(60));
    Bindgen::load_with(host, |builder| builder.limits(limits).load(path))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A module of a test's own.
pub(crate) fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
