//! Resources: what a guest or a host keeps and the other side has handles on.

use super::ids::{ResourceId, ScopeId};

/// A resource, aliases followed: one per definition.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `bucket`.
    pub(crate) wit: String,
    /// `demo:store/kv.bucket`, for docs and messages.
    pub(crate) path: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
    /// Where it is defined.
    pub(crate) scope: ScopeId,
}

/// A sort of handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Leaf {
    pub(crate) resource: ResourceId,
    /// `own<…>`, not `borrow<…>`.
    pub(crate) own: bool,
}
