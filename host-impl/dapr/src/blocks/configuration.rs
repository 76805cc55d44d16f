//! What a configuration store is.

use std::fmt::Debug;
use std::sync::Arc;

use abide_dapr::configuration::Item;
use async_trait::async_trait;

use super::Metadata;
use crate::failure::{Error, Result};
use crate::running::Running;

/// Who is told of changes.
#[async_trait]
pub trait Follower: Send + Sync {
    /// Items are others now. One that was removed has an empty value and an empty version.
    async fn changed(&self, items: Vec<(String, Item)>);
}

/// A configuration store.
#[async_trait]
pub trait ConfigurationStore: Debug + Send + Sync {
    /// The items of these keys, or all if there is no key. Those that are not there are left out.
    async fn get(&self, keys: &[String], metadata: &Metadata) -> Result<Vec<(String, Item)>>;

    /// Tells of changes of these keys, or of all if there is no key, from when this returns.
    async fn subscribe(
        &self,
        keys: Vec<String>,
        metadata: Metadata,
        follower: Arc<dyn Follower>,
    ) -> Result<Running> {
        let _ = (keys, metadata, follower);
        Err(Error::Unsupported("telling of changes".to_owned()))
    }
}
