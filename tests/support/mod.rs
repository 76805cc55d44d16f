//! What the integration tests share: guests of `tests/fixtures`, built once per test process.
//!
//! Knows where fixtures are and how they are built; knows nothing of their worlds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use abide_build::Target;

/// The component of the guest `tests/fixtures/<feature>/guest`.
pub(crate) fn guest(feature: &str, target: Target) -> PathBuf {
    static BUILT: Mutex<Option<HashMap<(String, Target), PathBuf>>> = Mutex::new(None);
    // A test that failed here has said so; the others may still try.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built
        .get_or_insert_default()
        .entry((feature.to_owned(), target))
        .or_insert_with(|| build(feature, target))
        .clone()
}

fn build(feature: &str, target: Target) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    abide_build::guest(root.join("tests/fixtures").join(feature).join("guest"))
        .target(target)
        .target_dir(root.join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}
