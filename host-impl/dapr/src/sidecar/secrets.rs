//! Secrets.

use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::{GetBulkSecretRequest, GetSecretRequest};

use super::{Named, error, map};
use crate::blocks::{Metadata, Secret, SecretStore};
use crate::failure::{Error, Result};

#[async_trait]
impl SecretStore for Named {
    async fn get(&self, key: &str, metadata: &Metadata) -> Result<Secret> {
        let request = self.sidecar.request(GetSecretRequest {
            store_name: self.name.clone(),
            key: key.to_owned(),
            metadata: map(metadata.clone()),
        });
        let secret = self.sidecar.client().get_secret(request).await;
        let secret = secret.map_err(|status| error::of_secret(&status, &self.name, key))?;
        let secret = secret.into_inner().data;
        match secret.is_empty() {
            true => Err(Error::NotFound(key.to_owned())),
            false => Ok(sorted(secret)),
        }
    }

    async fn get_bulk(&self, metadata: &Metadata) -> Result<Vec<(String, Secret)>> {
        let request = self.sidecar.request(GetBulkSecretRequest {
            store_name: self.name.clone(),
            metadata: map(metadata.clone()),
        });
        let all = self.sidecar.client().get_bulk_secret(request).await;
        let all = all.map_err(|status| error::of(&status, &self.name))?;
        let all = all.into_inner().data.into_iter();
        Ok(sorted(
            all.map(|(name, secret)| (name, sorted(secret.secrets))),
        ))
    }
}

/// In the order of names, so that it is the same each time.
fn sorted<T>(all: impl IntoIterator<Item = (String, T)>) -> Vec<(String, T)> {
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}
