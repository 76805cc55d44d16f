//! For the build scripts of guest crates: refuses a build that is not for WebAssembly. Knows what
//! cargo tells build scripts.

use std::env;

use crate::Target;

/// For the build script of a guest crate: where it is compiled for anything but WebAssembly, ends
/// the build with one sentence that says what to do.
///
/// Without `--target`, cargo compiles for the machine it runs on. There an ABI is the host's half,
/// which brings wasmtime along. A guest that has its dependencies for WebAssembly only, and this
/// script, is refused before any of that is compiled:
///
/// ```no_run
/// abide_build::only_wasm();
/// ```
///
/// ```toml
/// [target.'cfg(target_family = "wasm")'.dependencies]
/// greeter-abi = { path = "../greeter-abi" }
///
/// [build-dependencies]
/// abide-build = { version = "0.1", default-features = false }
/// ```
pub fn only_wasm() {
    // Nothing else decides: cargo runs the script once for each target.
    println!("cargo::rerun-if-changed=build.rs");
    let families = env::var("CARGO_CFG_TARGET_FAMILY").unwrap_or_default();
    if !families.split(',').any(|family| family == "wasm") {
        let target = env::var("TARGET").unwrap_or_else(|_| "another target".to_owned());
        println!("cargo::error={}", refusal(&target));
    }
}

fn refusal(target: &str) -> String {
    format!(
        "a guest is WebAssembly, and this build is for {target}: add `--target {}` to the command, or write \
         `build.target = \"{0}\"` into the file `.cargo/config.toml` beside the guest's Cargo.toml",
        Target::default()
    )
}
