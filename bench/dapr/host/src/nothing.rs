//! A store in which nothing happens: what it takes to call it is what the call takes.

use abide_dapr_host::Result;
use abide_dapr_host::blocks::{Delete, Found, Read, Set, StateStore};
use async_trait::async_trait;

/// Has one value, whatever the key, and keeps none.
#[derive(Debug, Clone)]
pub(crate) struct Nothing {
    pub(crate) value: Vec<u8>,
}

#[async_trait]
impl StateStore for Nothing {
    fn features(&self) -> &'static [&'static str] {
        &[]
    }

    async fn get(&self, _: &str, _: &Read) -> Result<Option<Found>> {
        Ok(Some(Found {
            value: self.value.clone(),
            etag: "1".to_owned(),
            metadata: Vec::new(),
        }))
    }

    async fn set(&self, _: Set) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, _: Delete) -> Result<()> {
        Ok(())
    }
}
