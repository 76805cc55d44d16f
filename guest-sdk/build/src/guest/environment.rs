//! The environment for a cargo that is started from inside another cargo. Cargo and its companions
//! set variables for build scripts, tests and programs, which another cargo must not see.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

/// Variables that steer a compilation and were meant for the host's.
const HOST_ONLY: &[&str] = &[
    // What the outer cargo was told about its compiler and its folders.
    "RUSTC",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "RUSTC_LINKER",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_ENCODED_RUSTDOCFLAGS",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_BUILD_DIR",
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTDOC",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_RUSTDOCFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    // clippy, coverage tools and editors put themselves before rustc this way and may compile
    // nothing at all. A wrapper from cargo's configuration (sccache, say) still applies.
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    // What the outer cargo says about the crate that is calling.
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_RUSTC_CURRENT_DIR",
    "OUT_DIR",
];

/// Beginnings of the names of variables that describe the calling crate.
const CALLER_PREFIXES: &[&str] = &[
    "CARGO_PKG_",
    "CARGO_CFG_",
    "CARGO_FEATURE_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_EXE_",
];

/// Takes out of `command`'s environment what an outer cargo put there for somebody else.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if is_foreign(&name) {
            command.env_remove(&name);
        }
    }
}

fn is_foreign(name: &OsStr) -> bool {
    // Cargo's own variables are all ASCII; a name that is not text cannot be one of them.
    name.to_str().is_some_and(|name| {
        HOST_ONLY.contains(&name)
            || CALLER_PREFIXES
                .iter()
                .any(|prefix| name.starts_with(prefix))
    })
}

#[cfg(test)]
mod tests {
    use super::is_foreign;

    #[test]
    fn the_callers_variables_go_and_the_users_stay() {
        for name in [
            "RUSTC",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
            "CARGO_TARGET_DIR",
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "CARGO_FEATURE_STD",
        ] {
            assert!(is_foreign(name.as_ref()), "{name} should be removed");
        }
        for name in [
            "PATH",
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_BUILD_JOBS",
            "RUSTUP_HOME",
        ] {
            assert!(!is_foreign(name.as_ref()), "{name} should be kept");
        }
    }
}
