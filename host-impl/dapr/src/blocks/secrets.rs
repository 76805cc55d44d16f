//! What a secret store is.

use std::fmt::Debug;

use async_trait::async_trait;

use super::Metadata;
use crate::failure::{Error, Result};

/// The values of a secret, by their keys.
pub type Secret = Vec<(String, String)>;

/// A secret store.
#[async_trait]
pub trait SecretStore: Debug + Send + Sync {
    /// A secret, or [`Error::NotFound`].
    async fn get(&self, key: &str, metadata: &Metadata) -> Result<Secret>;

    /// All of them.
    async fn get_bulk(&self, metadata: &Metadata) -> Result<Vec<(String, Secret)>> {
        let _ = metadata;
        Err(Error::Unsupported("all secrets at once".to_owned()))
    }
}
