//! Changes of configuration, to the application that asked for them.

use std::sync::Arc;

use abide_dapr::configuration::Item;
use async_trait::async_trait;
use tracing::warn;

use crate::app::App;
use crate::blocks::Follower;
use crate::retries::Retries;

/// Tells an application of changes, under that id.
pub(crate) fn follow(
    app: Arc<dyn App>,
    store: &str,
    id: &str,
    retries: Retries,
) -> Arc<dyn Follower> {
    Arc::new(Told {
        app,
        store: store.to_owned(),
        id: id.to_owned(),
        retries,
    })
}

struct Told {
    app: Arc<dyn App>,
    store: String,
    id: String,
    retries: Retries,
}

#[async_trait]
impl Follower for Told {
    async fn changed(&self, items: Vec<(String, Item)>) {
        for attempt in 1..=self.retries.attempts {
            match self
                .app
                .on_configuration(&self.store, &self.id, &items)
                .await
            {
                Ok(()) => return,
                Err(error) => warn!(store = self.store, "a change was not handled: {error}"),
            }
            tokio::time::sleep(self.retries.pause(attempt)).await;
        }
    }
}
