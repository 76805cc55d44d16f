//! The filters: one that does some of everything with WASI, and small ones made by hand.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use abide_build::Target;
use proxy_load::filters::{built, fixtures};

use crate::folder;

/// The component, with WASI.
pub(crate) static WITH_WASI: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("proxy/guest"), Target::Wasip2));

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
