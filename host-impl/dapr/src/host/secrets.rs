//! Secrets.

use std::sync::Arc;

use abide_dapr::host_async;

use super::{Host, other_kind};
use crate::blocks::{Metadata, Secret, SecretStore};
use crate::components::{Block, BlockKind};
use crate::failure::Result;

impl Host {
    fn secret_store(&self, name: &str) -> Result<Arc<dyn SecretStore>> {
        let component = self.find(BlockKind::Secrets, name)?;
        match &component.block {
            Block::Secrets(store) => Ok(Arc::clone(store)),
            _ => Err(other_kind(&component)),
        }
    }
}

impl host_async::Secrets for Host {
    async fn get(&mut self, store: &str, key: &str, metadata: Metadata) -> Result<Secret> {
        let store = self.secret_store(store)?;
        self.limits().check_name("a secret's name", key)?;
        let metadata = self.carried(metadata)?;
        self.call(store.get(key, &metadata)).await
    }

    async fn get_bulk(&mut self, store: &str, metadata: Metadata) -> Result<Vec<(String, Secret)>> {
        let store = self.secret_store(store)?;
        let metadata = self.carried(metadata)?;
        self.call(store.get_bulk(&metadata)).await
    }
}
