//! A backend of all kinds, which counts what it hears.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use abide_dapr::bindings::Answer;
use abide_dapr::configuration::Item as Setting;
use abide_dapr::invocation::{Request, Response};
use abide_dapr::lock::Unlocked;
use abide_dapr_host::blocks::{
    Binding, ConfigurationStore, Delete, Follower, Found, Invoked, Invoker, Listener, LockStore,
    Metadata, PubSub, Publication, Read, Receiver, Secret, SecretStore, Set, StateStore, Step,
    Subscribe,
};
use abide_dapr_host::{Component, Dapr, Limits, Result, Running};
use async_trait::async_trait;

/// All kinds of backends in one, which counts what it hears and does not understand it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counting {
    heard: Arc<AtomicUsize>,
    /// It never answers.
    is_stuck: bool,
}

impl Counting {
    pub(crate) fn stuck() -> Self {
        Self {
            is_stuck: true,
            ..Self::default()
        }
    }

    async fn hear(&self) {
        self.heard.fetch_add(1, Ordering::Relaxed);
        if self.is_stuck {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.heard.load(Ordering::Relaxed)
    }

    pub(crate) fn host(&self, limits: Limits) -> Dapr {
        let dapr = Dapr::builder()
            .limits(limits)
            .component(Component::state("s", self.clone()))
            .component(Component::pubsub("p", self.clone()))
            .component(Component::secrets("x", self.clone()))
            .component(Component::binding("b", self.clone()))
            .component(Component::lock("l", self.clone()))
            .component(Component::configuration("c", self.clone()))
            .invoker(Arc::new(self.clone()));
        dapr.build().unwrap()
    }
}

#[async_trait]
impl StateStore for Counting {
    fn features(&self) -> &'static [&'static str] {
        &[]
    }

    async fn get(&self, _: &str, _: &Read) -> Result<Option<Found>> {
        self.hear().await;
        Ok(None)
    }

    async fn set(&self, _: Set) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn delete(&self, _: Delete) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn transact(&self, _: Vec<Step>, _: &Metadata) -> Result<()> {
        self.hear().await;
        Ok(())
    }
}

#[async_trait]
impl PubSub for Counting {
    async fn publish(&self, _: &str, _: Publication) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn subscribe(&self, _: Subscribe, _: Arc<dyn Receiver>) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl SecretStore for Counting {
    async fn get(&self, _: &str, _: &Metadata) -> Result<Secret> {
        self.hear().await;
        Ok(Vec::new())
    }

    async fn get_bulk(&self, _: &Metadata) -> Result<Vec<(String, Secret)>> {
        self.hear().await;
        Ok(Vec::new())
    }
}

#[async_trait]
impl Binding for Counting {
    fn can(&self, _: &str) -> bool {
        true
    }

    async fn invoke(&self, _: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        self.hear().await;
        Ok(Answer { data, metadata })
    }

    async fn listen(&self, _: Arc<dyn Listener>) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl LockStore for Counting {
    async fn try_lock(&self, _: &str, _: &str, _: Duration) -> Result<bool> {
        self.hear().await;
        Ok(true)
    }

    async fn unlock(&self, _: &str, _: &str) -> Result<Unlocked> {
        self.hear().await;
        Ok(Unlocked::Success)
    }
}

#[async_trait]
impl ConfigurationStore for Counting {
    async fn get(&self, _: &[String], _: &Metadata) -> Result<Vec<(String, Setting)>> {
        self.hear().await;
        Ok(Vec::new())
    }

    async fn subscribe(
        &self,
        _: Vec<String>,
        _: Metadata,
        _: Arc<dyn Follower>,
    ) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl Invoker for Counting {
    async fn invoke(&self, _: &str, request: Request) -> Result<Response> {
        self.hear().await;
        Ok(Response {
            status: 200,
            content_type: String::new(),
            data: request.data,
            metadata: Vec::new(),
        })
    }

    async fn serve(&self, _: &str, _: Arc<dyn Invoked>) -> Result<Option<Running>> {
        Ok(None)
    }
}
