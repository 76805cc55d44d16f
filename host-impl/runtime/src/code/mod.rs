//! From where a guest is to code that is compiled: read, looked at, compiled once, kept.
//!
//! Nothing here asks what a component is for: no worlds, limits or stores.

pub(crate) mod artefacts;
pub(crate) mod candidate;
pub(crate) mod compile;
pub(crate) mod components;
pub(crate) mod depth;
mod file;
pub(crate) mod form;
pub(crate) mod preview1;
pub(crate) mod source;
pub(crate) mod survey;
