//! The interfaces of WASI that guests are linked to.
//!
//! What is behind each is elsewhere.

use wasmtime::component::Linker;

use super::granted::Grants;
#[cfg(feature = "async")]
use super::on_fibres;
use super::{files, names, sockets, waiting};

/// The packages of WASI 0.2 whose interfaces the runtime links. The macro has the same list, in the
/// model's `wasi.rs`: it asks no host to implement these. A test compares the two.
pub const PACKAGES: &[&str] = &[
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// Adds the interfaces of WASI 0.2 to a linker.
pub(crate) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    // What waits is replaced by what waits no longer than a call may take, and what takes something
    // of the process by what counts it.
    linker.allow_shadowing(true);
    waiting::link(linker)?;
    files::link(linker)?;
    sockets::link(linker)?;
    names::link(linker)?;
    linker.allow_shadowing(false);
    #[cfg(feature = "http")]
    wasmtime_wasi_http::p2::add_only_http_to_linker_sync(linker)?;
    Ok(())
}

/// Adds the interfaces of WASI 0.2 to a linker of a guest on fibres: what waits there waits without
/// a thread, and is ended by the call's own clock.
#[cfg(feature = "async")]
pub(crate) fn link_async<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    // What would block the thread it is called on is replaced by what waits for another, and what
    // takes something of the process by what counts it.
    linker.allow_shadowing(true);
    on_fibres::link(linker)?;
    names::link(linker)?;
    linker.allow_shadowing(false);
    #[cfg(feature = "http")]
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    Ok(())
}

/// Whether an import is one that [`link`] offers. The engine has the last word.
pub(crate) fn offers(import: &str) -> bool {
    let any = |list: &[&str]| list.iter().any(|start| import.starts_with(start));
    let offered = any(PACKAGES) || cfg!(feature = "http") && any(HTTP);
    offered && import.contains("@0.2.")
}

/// The interfaces of `wasi:http` that are linked with the feature `http`.
const HTTP: &[&str] = &["wasi:http/outgoing-handler@", "wasi:http/types@"];

/// What to do about an import that is not offered, where that is known.
pub(crate) fn advice(import: &str) -> Option<&'static str> {
    let without = !cfg!(feature = "http");
    let http = HTTP.iter().any(|interface| import.starts_with(interface));
    (without && http).then_some(
        "the host runtime has this with the feature `http` of the crate `abide`, and `Wasi::http` says \
         whom a guest may ask",
    )
}
