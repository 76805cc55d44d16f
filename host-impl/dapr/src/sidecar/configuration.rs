//! Configuration. Changes come over a stream, which is opened again when it was lost.

use std::sync::Arc;

use abide_dapr::configuration::Item;
use async_trait::async_trait;
use dapr::dapr::proto::common::v1::ConfigurationItem;
use dapr::dapr::proto::runtime::v1::{
    GetConfigurationRequest, SubscribeConfigurationRequest, SubscribeConfigurationResponse,
};
use tonic::Streaming;
use tracing::warn;

use super::{Named, error, map};
use crate::blocks::{ConfigurationStore, Follower, Metadata};
use crate::failure::{Result, failed};
use crate::running::{Running, Stopping};

#[async_trait]
impl ConfigurationStore for Named {
    async fn get(&self, keys: &[String], metadata: &Metadata) -> Result<Vec<(String, Item)>> {
        let request = self.sidecar.request(GetConfigurationRequest {
            store_name: self.name.clone(),
            keys: keys.to_vec(),
            metadata: map(metadata.clone()),
        });
        let items = self.sidecar.client().get_configuration(request).await;
        let items = items.map_err(|status| error::of(&status, &self.name))?;
        let items = items.into_inner().items.into_iter();
        let mut items: Vec<_> = items.map(item).collect();
        items.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(items)
    }

    async fn subscribe(
        &self,
        keys: Vec<String>,
        metadata: Metadata,
        follower: Arc<dyn Follower>,
    ) -> Result<Running> {
        let wanted = SubscribeConfigurationRequest {
            store_name: self.name.clone(),
            keys,
            metadata: map(metadata),
        };
        let first = self.open(&wanted).await?;
        let named = self.clone();
        Ok(Running::spawn(|stopping| async move {
            named.follow(wanted, first, follower, stopping).await;
        }))
    }
}

impl Named {
    /// Opens a stream. It is one when its first message is there, which has no items.
    async fn open(
        &self,
        wanted: &SubscribeConfigurationRequest,
    ) -> Result<Streaming<SubscribeConfigurationResponse>> {
        let request = self.sidecar.request(wanted.clone());
        let refused = |status| error::of(&status, &self.name);
        let stream = self.sidecar.client().subscribe_configuration(request).await;
        let mut stream = stream.map_err(refused)?.into_inner();
        match stream.message().await.map_err(refused)? {
            Some(_) => Ok(stream),
            None => Err(failed("INTERNAL", "the sidecar ended a subscription")),
        }
    }

    async fn follow(
        &self,
        wanted: SubscribeConfigurationRequest,
        first: Streaming<SubscribeConfigurationResponse>,
        follower: Arc<dyn Follower>,
        mut stopping: Stopping,
    ) {
        let (mut stream, mut lost) = (Some(first), 0);
        while !stopping.is_set() {
            let Some(open) = &mut stream else {
                lost += 1;
                let pause = self.sidecar.0.retries.pause(lost);
                if stopping.or(tokio::time::sleep(pause)).await.is_none() {
                    return;
                }
                match self.open(&wanted).await {
                    Ok(open) => {
                        (stream, lost) = (Some(open), 0);
                        self.catch_up(&wanted, &*follower).await;
                    }
                    Err(error) => warn!(store = self.name, "configuration is lost: {error}"),
                }
                continue;
            };
            match stopping.or(open.message()).await {
                None => return,
                Some(Ok(Some(changed))) => {
                    let items = changed.items.into_iter().map(item);
                    follower.changed(items.collect()).await;
                }
                Some(Ok(None) | Err(_)) => stream = None,
            }
        }
    }

    /// Tells of what there is now, for it may have changed while nobody was told.
    async fn catch_up(&self, wanted: &SubscribeConfigurationRequest, follower: &dyn Follower) {
        let metadata = wanted.metadata.clone().into_iter().collect();
        match ConfigurationStore::get(self, &wanted.keys, &metadata).await {
            Ok(items) if items.is_empty() => {}
            Ok(items) => follower.changed(items).await,
            Err(error) => warn!(store = self.name, "changes may be lost: {error}"),
        }
    }
}

fn item((key, item): (String, ConfigurationItem)) -> (String, Item) {
    let item = Item {
        value: item.value,
        version: item.version,
        metadata: item.metadata.into_iter().collect(),
    };
    (key, item)
}
