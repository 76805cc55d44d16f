//! HTTP requests of a guest: to whom it may make them, what it gets back, and for how long it
//! waits.
//!
//! The guest is `tests/fixtures/http/guest`. The tests in `both` are there for hosts whose calls
//! block and for those whose calls are awaited.

mod awaited;
mod plain;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use abide_build::Target;

/// The world has no imports, so the host needs nothing.
#[derive(Clone)]
struct NoHost;

fn component() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        abide_build::guest(root.join("tests/fixtures/http/guest"))
            .target(Target::Unknown)
            .target_dir(root.join("target/guests"))
            .build()
            .unwrap_or_else(|error| panic!("{error}"))
    })
}
