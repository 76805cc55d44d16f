//! Where events are until they are handled, as brokers need it.

use std::sync::Arc;

use async_trait::async_trait;

use crate::failure::Result;

/// What waits for a group, by sequence numbers that grow.
#[cfg(feature = "redb")]
pub(in crate::embedded) struct Pending {
    pub(in crate::embedded) topic: String,
    pub(in crate::embedded) group: String,
    pub(in crate::embedded) events: Vec<(u64, Vec<u8>)>,
}

/// Where events are until they are handled.
#[async_trait]
pub(in crate::embedded) trait Journal: Send + Sync {
    /// Remembers that there is a group.
    async fn add_group(&self, topic: &str, group: &str) -> Result<()>;

    /// Keeps an event for groups.
    async fn keep(
        &self,
        topic: &str,
        groups: Vec<String>,
        seq: u64,
        bytes: Arc<[u8]>,
    ) -> Result<()>;

    /// A group is done with an event. If that is lost, it comes again.
    async fn done(&self, topic: &str, group: &str, seq: u64);
}
