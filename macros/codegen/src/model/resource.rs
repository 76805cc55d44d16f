//! Resources: what a guest or a host keeps and the other side has handles on.

/// An index into [`Abi::resources`](super::Abi::resources).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ResourceId(pub(crate) usize);

/// A resource, aliases followed: one per definition.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `bucket`.
    pub(crate) wit: String,
    /// The trait of its methods, and the handle on one that a guest exports.
    pub(crate) rust: String,
    /// `demo:store/kv.bucket`, for docs and messages.
    pub(crate) path: String,
    pub(crate) docs: Option<String>,
    /// Since when, where it is: see [`gates`](super::gates).
    pub(crate) deprecated: Option<String>,
    /// The interface that defines it, an index; `None` for the world itself.
    pub(crate) owner: Option<usize>,
    /// A name that no other resource has, for what is hidden: `kv__bucket`.
    pub(crate) field: String,
    /// Whether the host provides it.
    pub(crate) imported: bool,
    /// Whether the guest provides it.
    pub(crate) exported: bool,
    /// The other resources that its methods name: associated types of the trait of its methods.
    pub(crate) associated: Vec<Associated>,
}

/// A resource that a trait names, and the name it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Associated {
    pub(crate) resource: ResourceId,
    pub(crate) rust: String,
}

/// A sort of handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Leaf {
    pub(crate) resource: ResourceId,
    /// `own<…>`, not `borrow<…>`.
    pub(crate) own: bool,
}
