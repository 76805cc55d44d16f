//! Configuration.

use std::sync::Arc;

use abide_dapr::configuration::Item;
use abide_dapr::host_async;

use super::{Host, other_kind};
use crate::blocks::{ConfigurationStore, Follower, Metadata};
use crate::components::{Block, BlockKind};
use crate::delivery;
use crate::failure::{Error, Result};

impl Host {
    fn configuration_store(&self, name: &str) -> Result<Arc<dyn ConfigurationStore>> {
        let component = self.find(BlockKind::Configuration, name)?;
        match &component.block {
            Block::Configuration(store) => Ok(Arc::clone(store)),
            _ => Err(other_kind(&component)),
        }
    }

    fn check_keys(&self, keys: &[String]) -> Result<()> {
        self.limits().check_items(keys.len())?;
        for key in keys {
            self.limits().check_name("a key", key)?;
        }
        Ok(())
    }

    /// Has a follower of one's own be told of changes, rather than the application. The id is that
    /// which `unsubscribe` takes.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub async fn follow(
        &self,
        store: &str,
        keys: Vec<String>,
        metadata: Metadata,
        follower: impl FnOnce(&str) -> Arc<dyn Follower> + Send,
    ) -> Result<String> {
        let backend = self.configuration_store(store)?;
        self.check_keys(&keys)?;
        let metadata = self.carried(metadata)?;
        let id = self.dapr.next_id();
        let running = backend.subscribe(keys, metadata, follower(&id));
        let running = self.call(running).await?;
        self.dapr
            .follow(Arc::clone(&self.app), id.clone(), running)?;
        Ok(id)
    }
}

impl host_async::Configuration for Host {
    async fn get(
        &mut self,
        store: &str,
        keys: Vec<String>,
        metadata: Metadata,
    ) -> Result<Vec<(String, Item)>> {
        let store = self.configuration_store(store)?;
        self.check_keys(&keys)?;
        let metadata = self.carried(metadata)?;
        self.call(store.get(&keys, &metadata)).await
    }

    async fn subscribe(
        &mut self,
        store: &str,
        keys: Vec<String>,
        metadata: Metadata,
    ) -> Result<String> {
        let Some(app) = self.dapr.app(&self.app) else {
            let text = "this guest is not called, so nobody could tell it of changes";
            return Err(Error::Unsupported(text.to_owned()));
        };
        let retries = self.dapr.shared().retries.clone();
        let follower = |id: &str| delivery::follow(app, store, id, retries);
        self.follow(store, keys, metadata, follower).await
    }

    async fn unsubscribe(&mut self, store: &str, id: &str) -> Result<()> {
        self.configuration_store(store)?;
        match self.dapr.unfollow(&self.app, id) {
            true => Ok(()),
            false => Err(Error::NotFound(id.to_owned())),
        }
    }
}
