//! All calls that a guest can make, of any size.

use abide_dapr::host_async::{Lock as _, Pubsub as _, State as _};
use abide_dapr::invocation::{Request, Verb};
use abide_dapr::pubsub::Message;
use abide_dapr::state::{Consistency, Item, Operation, Removal};
use abide_dapr_host::blocks::Metadata;
use abide_dapr_host::{Host, Result};

/// A call, and what is large about it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Call {
    Get,
    GetBulk,
    Save,
    Delete,
    DeleteBulk,
    Transact,
    Publish,
    PublishBulk,
    Invoke,
    Secret,
    Secrets,
    Bind,
    Lock,
    Unlock,
    Configuration,
    Follow,
}

/// How large the parts of a call are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) key: usize,
    pub(crate) value: usize,
    pub(crate) items: usize,
    pub(crate) metadata: usize,
}

impl Size {
    pub(crate) const SMALL: Self = Self {
        key: 1,
        value: 1,
        items: 1,
        metadata: 1,
    };
}

pub(crate) async fn call(host: &mut Host, call: Call, size: Size) -> Result<()> {
    let key = "k".repeat(size.key);
    let value = vec![0; size.value];
    // A name of one byte, and the rest is its value.
    let metadata = match size.metadata {
        0 => Vec::new(),
        bytes => vec![("m".to_owned(), "x".repeat(bytes - 1))],
    };
    let many = |what: &dyn Fn(usize) -> String| (0..size.items).map(what).collect::<Vec<_>>();
    let keys = many(&|n| if n == 0 { key.clone() } else { "k".to_owned() });
    // What all items have together is the value.
    let part = |n: usize| if n == 0 { value.clone() } else { Vec::new() };
    let item = |n: usize| Item {
        key: keys[n].clone(),
        value: part(n),
        etag: None,
        options: None,
        metadata: metadata.clone(),
    };
    let removal = |n: usize| Removal {
        key: keys[n].clone(),
        etag: None,
        options: None,
        metadata: metadata.clone(),
    };
    let any = Consistency::Unspecified;
    match call {
        Call::Get => host.get_state(&key, any, metadata).await,
        Call::GetBulk => host.get_bulk_state(keys, metadata).await,
        Call::Save => host.save("s", (0..size.items).map(item).collect()).await,
        Call::Delete => host.delete("s", removal(0)).await,
        Call::DeleteBulk => {
            let removals = (0..size.items).map(removal).collect();
            host.delete_bulk("s", removals).await
        }
        Call::Transact => {
            let steps = (0..size.items).map(|n| Operation::Upsert(item(n)));
            host.transact("s", steps.collect(), metadata.clone()).await
        }
        Call::Publish => host.publish("p", &key, &value, "", metadata).await,
        Call::PublishBulk => {
            let message = |n| Message {
                id: String::new(),
                content_type: String::new(),
                data: part(n),
                metadata: Vec::new(),
            };
            let messages = (0..size.items).map(message).collect();
            let done = host.publish_bulk("p", &key, messages, metadata).await;
            done.map(drop)
        }
        Call::Invoke => {
            let request = Request {
                verb: Verb::Post,
                method: key.clone(),
                query: Vec::new(),
                content_type: String::new(),
                data: value,
                metadata,
            };
            host.invoke_app(request).await
        }
        Call::Secret => host.get_secret(&key, metadata).await,
        Call::Secrets => host.get_secrets(metadata).await,
        Call::Bind => host.bind(&key, &value, metadata).await,
        Call::Lock => host.try_lock("l", &key, "me", 1).await.map(drop),
        Call::Unlock => host.unlock("l", "r", &key).await.map(drop),
        Call::Configuration => host.get_settings(keys, metadata).await,
        Call::Follow => host.follow_settings(keys, metadata).await,
    }
}

/// Functions that are called the same in several traits.
pub(crate) trait Named {
    async fn get_state(&mut self, key: &str, how: Consistency, more: Metadata) -> Result<()>;
    async fn get_bulk_state(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
    async fn invoke_app(&mut self, request: Request) -> Result<()>;
    async fn get_secret(&mut self, key: &str, more: Metadata) -> Result<()>;
    async fn get_secrets(&mut self, more: Metadata) -> Result<()>;
    async fn bind(&mut self, operation: &str, data: &[u8], more: Metadata) -> Result<()>;
    async fn get_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
    async fn follow_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
}

impl Named for Host {
    async fn get_state(&mut self, key: &str, how: Consistency, more: Metadata) -> Result<()> {
        abide_dapr::host_async::State::get(self, "s", key, how, more)
            .await
            .map(drop)
    }

    async fn get_bulk_state(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::State::get_bulk(self, "s", keys, 0, more)
            .await
            .map(drop)
    }

    async fn invoke_app(&mut self, request: Request) -> Result<()> {
        abide_dapr::host_async::Invocation::invoke(self, "elsewhere", request)
            .await
            .map(drop)
    }

    async fn get_secret(&mut self, key: &str, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Secrets::get(self, "x", key, more)
            .await
            .map(drop)
    }

    async fn get_secrets(&mut self, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Secrets::get_bulk(self, "x", more)
            .await
            .map(drop)
    }

    async fn bind(&mut self, operation: &str, data: &[u8], more: Metadata) -> Result<()> {
        abide_dapr::host_async::Bindings::invoke(self, "b", operation, data, more)
            .await
            .map(drop)
    }

    async fn get_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Configuration::get(self, "c", keys, more)
            .await
            .map(drop)
    }

    async fn follow_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Configuration::subscribe(self, "c", keys, more)
            .await
            .map(drop)
    }
}
