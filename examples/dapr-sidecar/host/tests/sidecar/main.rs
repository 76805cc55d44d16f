//! Runs the program `dapr-sidecar` as its operators do: with clients of the tests' own, through the
//! backend of `abide-dapr-host`, and with the official SDKs.

mod api;
mod app;
mod backend;
mod client;
mod readme;
mod sdks;
mod sidecar;
mod table;
mod tokens;

use std::path::{Path, PathBuf};

use sidecar::Sidecar;

/// A folder of this test run.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("dapr-sidecar")
        .join(name)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}
