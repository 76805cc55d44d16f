//! For the build scripts of ABI crates: has cargo watch a folder of WIT. Reads nothing of it.

use std::path::Path;

/// For the build script of an ABI crate: has cargo compile the crate again when a file in the
/// folder `path`, or in any folder below it, was added, changed, renamed or removed.
///
/// `abi!` by itself can only name the files that it read, so cargo does not see a new one, in
/// `wit/` or in `wit/deps/`, before one of the others changes. This is the `main` of the script:
///
/// ```no_run
/// abide_build::wit("wit");
/// ```
///
/// It needs nothing of this crate but itself:
///
/// ```toml
/// [build-dependencies]
/// abide-build = { version = "0.1", default-features = false }
/// ```
///
/// A relative path starts at the folder of the crate's Cargo.toml, as it does in `abi!`. What a
/// build script makes itself it writes into `OUT_DIR`, which `abi!` reads as
/// `abi!("$OUT_DIR/wit")`.
pub fn wit(path: impl AsRef<Path>) {
    // Cargo looks at everything below a folder that it is given.
    println!("cargo::rerun-if-changed={}", path.as_ref().display());
}
