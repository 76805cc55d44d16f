//! WASI preview 1, for guests that are plain modules: the functions that they import, over what an
//! instance holds of the system.
//!
//! wasmtime-wasi has these, too, but sleeps in them past a call's deadline, reads folders as a
//! whole, and has a table of its own where nothing is counted. Here they are written over the same
//! parts that serve components, so that a guest has the same of either and within the same limits.
//! They wait in `waiting`, open files in `files`, write in `stdio`.

pub(super) mod descriptors;
mod errno;
mod folders;
mod functions;
mod held;
mod memory;
mod opened;
mod paths;
mod poll;
mod reading;
mod streams;
mod system;

pub(crate) use self::functions::link;
