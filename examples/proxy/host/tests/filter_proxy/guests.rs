//! The filters: one that does some of everything, as a component and as a module of proxy-wasm, and
//! small ones made by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide_build::Target;

use crate::folder;

/// The component.
pub(crate) static COMPONENT: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("guest"), Target::Unknown));

/// The same, with WASI.
pub(crate) static WITH_WASI: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("guest"), Target::Wasip2));

/// The module.
pub(crate) static MODULE: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("module"), Target::Unknown));

fn fixtures() -> PathBuf {
    root().join("tests/fixtures/proxy")
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Builds a filter; one in a folder `module` is one.
pub(crate) fn built(folder: &Path, target: Target) -> PathBuf {
    let guest = abide_build::guest(folder).target_dir(root().join("target/guests"));
    let guest = match folder.ends_with("module") {
        true => guest.target(target).module(),
        false => guest.target(target),
    };
    guest.build().unwrap_or_else(|error| panic!("{error}"))
}

/// A module that does this in some callbacks: each a name, how many parameters it has, and code
/// that leaves the action.
pub(crate) fn by_hand(name: &str, callbacks: &[(&str, usize, &str)]) -> PathBuf {
    let mut text = String::from(
        "(module (memory (export \"memory\") 1) (func (export \"proxy_abi_version_0_2_1\"))\n\
         (func (export \"proxy_on_memory_allocate\") (param i32) (result i32) i32.const 0)\n",
    );
    for (name, parameters, code) in callbacks {
        let parameters = "i32 ".repeat(*parameters);
        text += &format!(
            "(func (export \"proxy_on_{name}\") (param {parameters}) (result i32) {code})\n"
        );
    }
    let folder = folder("by-hand");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.wasm"));
    fs::write(&path, wat::parse_str(text + ")").unwrap()).unwrap();
    path
}
