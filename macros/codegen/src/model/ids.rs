//! By what the parts of the model refer to one another: indices into the lists of the
//! [`Abi`](super::Abi).

/// An index into [`Abi::scopes`](super::Abi::scopes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ScopeId(pub(crate) usize);

impl ScopeId {
    /// The world's own level, which comes before its interfaces.
    pub(crate) const WORLD: Self = Self(0);
}

/// An index into [`Abi::types`](super::Abi::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TypeId(pub(crate) usize);

/// An index into [`Abi::resources`](super::Abi::resources).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ResourceId(pub(crate) usize);
