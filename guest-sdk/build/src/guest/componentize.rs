//! From the core module that rustc writes for `wasm32-unknown-unknown` to a component.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use wit_component::ComponentEncoder;

use crate::Error;

/// Encodes the core module at `module` as a component, in `<name>.component.wasm` beside it.
pub(crate) fn componentize(module: &Path) -> Result<PathBuf, Error> {
    let bytes = fs::read(module).map_err(|source| Error::Io {
        action: "read",
        path: module.to_owned(),
        source,
    })?;
    let component = encode(&bytes).map_err(|reason| Error::Componentize {
        module: module.to_owned(),
        reason,
    })?;
    let path = module.with_extension("component.wasm");
    // An unchanged file keeps its time, so that nobody who watches it has to work again.
    if fs::read(&path).is_ok_and(|old| old == component) {
        return Ok(path);
    }
    write_atomically(&path, &component)?;
    Ok(path)
}

/// The encoder's error, with its causes, is all that is kept of it: its type is not ours to show.
fn encode(module: &[u8]) -> Result<Vec<u8>, String> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(ComponentEncoder::encode)
        .map_err(|error| format!("{error:#}"))
}

/// Writes a file so that a reader finds the old one or the whole new one.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // Unique among the threads and processes that may write the same file at once.
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.{unique}.tmp", process::id()));
    let temporary = path.with_file_name(name);

    let failed = |action, path: &Path, source| Error::Io {
        action,
        path: path.to_owned(),
        source,
    };
    fs::write(&temporary, bytes)
        .map_err(|source| failed("write", &temporary, source))
        .and_then(|()| fs::rename(&temporary, path).map_err(|source| failed("write", path, source)))
        .inspect_err(|_| {
            // The first error is the one to tell; a left-over temporary file does no harm.
            let _ = fs::remove_file(&temporary);
        })
}
