//! Configuration. A subscription is over with its stream, or when somebody says so by its id.

use std::pin::pin;
use std::sync::Arc;

use abide_dapr::configuration::Item;
use abide_dapr::host_async::Configuration as _;
use abide_dapr_host::Error;
use abide_dapr_host::blocks::Follower;
use async_trait::async_trait;
use dapr::dapr::proto::common::v1::ConfigurationItem;
use dapr::dapr::proto::runtime::v1::{
    GetConfigurationRequest, GetConfigurationResponse, SubscribeConfigurationRequest,
    SubscribeConfigurationResponse, UnsubscribeConfigurationRequest,
    UnsubscribeConfigurationResponse,
};
use futures_util::future::{Either, select};
use futures_util::stream;
use tokio::sync::mpsc;
use tonic::{Request, Response, Status};

use super::{Answers, convert};
use crate::api::Api;
use crate::refusal::{Call, Refusal};

/// How many changes may wait to be written.
const WAITING: usize = 16;

/// Writes changes to a stream. It is dropped with the subscription, and then the stream ends.
struct Written {
    id: String,
    out: mpsc::Sender<SubscribeConfigurationResponse>,
}

#[async_trait]
impl Follower for Written {
    async fn changed(&self, items: Vec<(String, Item)>) {
        let changed = SubscribeConfigurationResponse {
            id: self.id.clone(),
            items: items.into_iter().map(message).collect(),
        };
        // Who has gone wants nothing more.
        let _ = self.out.send(changed).await;
    }
}

/// What ends with the stream.
struct Held {
    api: Arc<Api>,
    store: String,
    id: String,
    changes: mpsc::Receiver<SubscribeConfigurationResponse>,
}

impl Held {
    /// The next change. There is none when the subscription is over, or the sidecar ends.
    async fn next(&mut self) -> Option<SubscribeConfigurationResponse> {
        let stop = pin!(self.api.stop.clone().wait());
        match select(pin!(self.changes.recv()), stop).await {
            Either::Left((change, _)) => change,
            Either::Right(_) => None,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (mut host, store, id) = (self.api.host(), self.store.clone(), self.id.clone());
        // That it is over already is no error here.
        tokio::spawn(async move { host.unsubscribe(&store, &id).await });
    }
}

pub(super) async fn get(
    api: &Arc<Api>,
    request: GetConfigurationRequest,
) -> Result<GetConfigurationResponse, Refusal> {
    let (store, keys) = (&*request.store_name, &*request.keys);
    let metadata = convert::metadata(request.metadata);
    let items = api.host().get(store, keys.to_vec(), metadata).await;
    let call = Call::ConfigurationGet { store, keys };
    let items = items.map_err(|error| api.refusal(call, &error))?;
    Ok(GetConfigurationResponse {
        items: items.into_iter().map(message).collect(),
    })
}

pub(super) async fn subscribe(
    api: &Arc<Api>,
    request: Request<SubscribeConfigurationRequest>,
) -> Result<Response<Answers<SubscribeConfigurationResponse>>, Status> {
    let request = request.into_inner();
    let (store, keys) = (&*request.store_name, &*request.keys);
    let metadata = convert::metadata(request.metadata);
    let (out, changes) = mpsc::channel(WAITING);
    let follower = |id: &str| -> Arc<dyn Follower> {
        let first = SubscribeConfigurationResponse {
            id: id.to_owned(),
            ..SubscribeConfigurationResponse::default()
        };
        // There is room for it.
        let _ = out.try_send(first);
        let id = id.to_owned();
        Arc::new(Written { id, out })
    };
    let followed = api
        .host()
        .follow(store, keys.to_vec(), metadata, follower)
        .await;
    let call = Call::ConfigurationSubscribe { store, keys };
    let id = followed.map_err(|error| api.refusal(call, &error))?;
    let held = Held {
        api: Arc::clone(api),
        store: request.store_name,
        id,
        changes,
    };
    let answers = stream::unfold(held, |mut held| async move {
        let change = held.next().await?;
        Some((Ok(change), held))
    });
    Ok(Response::new(Box::pin(answers)))
}

pub(super) async fn unsubscribe(
    api: &Arc<Api>,
    request: UnsubscribeConfigurationRequest,
) -> Result<UnsubscribeConfigurationResponse, Refusal> {
    let (store, id) = (&*request.store_name, &*request.id);
    match api.host().unsubscribe(store, id).await {
        Ok(()) => Ok(UnsubscribeConfigurationResponse {
            ok: true,
            message: String::new(),
        }),
        Err(error) => {
            let refusal = api.refusal(Call::ConfigurationUnsubscribe { store, id }, &error);
            match error {
                Error::NoComponent(_) => Err(refusal),
                _ => Ok(UnsubscribeConfigurationResponse {
                    ok: false,
                    message: refusal.message,
                }),
            }
        }
    }
}

fn message((key, item): (String, Item)) -> (String, ConfigurationItem) {
    let item = ConfigurationItem {
        value: item.value,
        version: item.version,
        metadata: item.metadata.into_iter().collect(),
    };
    (key, item)
}
