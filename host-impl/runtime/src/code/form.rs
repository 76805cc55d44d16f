//! The two forms that a guest can have, and its code in either.
//!
//! It knows that there are two, and nothing of what is done with them.

use wasmtime::Module;
use wasmtime::component::Component;

/// What a guest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// A component of a WIT world.
    Component,
    /// A plain module of an older ABI.
    Module,
}

/// The code of a guest.
#[derive(Clone)]
pub(crate) enum Compiled {
    Component(Component),
    Module(Module),
}

impl Compiled {
    /// The code as bytes, for the same engine in another process.
    pub(crate) fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        match self {
            Self::Component(component) => component.serialize(),
            Self::Module(module) => module.serialize(),
        }
    }
}
