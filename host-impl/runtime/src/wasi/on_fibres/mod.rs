//! WASI for guests on stacks of their own, whose calls must not block the thread that polls them.
//!
//! What guests may have, and how much, is decided beside this folder, for all guests. Here it is
//! done elsewhere: what blocks whoever does it is done on another thread, and awaited.

mod apart;
mod files;
mod listed;
mod outputs;
mod sockets;
mod streams;
mod writes;

use wasmtime::component::Linker;

use super::granted::Grants;

/// Adds the functions that would block, and those that count what they open.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    writes::link(linker)?;
    files::link(linker)?;
    sockets::link(linker)?;
    outputs::link(linker)
}
