//! What the store of an instance carries, and what guests reach through it: the host's functions
//! and resources, and the memory that arguments are borrowed from.
//!
//! No world is named here, and the host has a type only where it is called.

#[cfg(feature = "async")]
pub(crate) mod awaited;
pub(crate) mod borrowed;
pub(crate) mod charter;
mod decoded;
pub(crate) mod import;
pub(crate) mod module;
pub(crate) mod sole;
pub(crate) mod state;
pub(crate) mod table;
