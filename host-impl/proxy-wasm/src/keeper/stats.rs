//! What a keeper counts.

/// What happened so far to the VMs of one [`Keeper`](super::Keeper).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeeperStats {
    /// VMs that were started.
    pub started: u64,
    /// VMs that failed, or did not start.
    pub failed: u64,
    /// VMs that gave way to another because of their age, use or memory.
    pub recycled: u64,
    /// VMs that take no new streams and are there now.
    pub draining: u64,
    /// VMs that were ended while they had streams, because their time was over.
    pub cut: u64,
}
