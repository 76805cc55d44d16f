//! Events to brokers.

use std::sync::Arc;

use abide_dapr::host_async::Pubsub as _;
use abide_dapr::pubsub::Message;
use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishResponse, BulkPublishResponseFailedEntry, PublishEventRequest,
};

use super::convert;
use crate::api::Api;
use crate::refusal::{Call, Refusal};

pub(super) async fn publish(api: &Arc<Api>, request: PublishEventRequest) -> Result<(), Refusal> {
    let (pubsub, topic) = (&*request.pubsub_name, &*request.topic);
    let metadata = convert::metadata(request.metadata);
    let mut host = api.host();
    let content_type = &request.data_content_type;
    let published = host.publish(pubsub, topic, &request.data, content_type, metadata);
    let published = published.await;
    published.map_err(|error| api.refusal(Call::Publish { pubsub, topic }, &error))
}

pub(super) async fn publish_bulk(
    api: &Arc<Api>,
    request: BulkPublishRequest,
) -> Result<BulkPublishResponse, Refusal> {
    let (pubsub, topic) = (&*request.pubsub_name, &*request.topic);
    let ids = request.entries.iter().map(|entry| entry.entry_id.clone());
    let ids = ids.collect::<Vec<_>>();
    let messages = request.entries.into_iter().map(|entry| Message {
        id: entry.entry_id,
        content_type: entry.content_type,
        data: entry.event,
        metadata: convert::metadata(entry.metadata),
    });
    let metadata = convert::metadata(request.metadata);
    let mut host = api.host();
    let failed = host.publish_bulk(pubsub, topic, messages.collect(), metadata);
    let failed = failed.await;
    let failed = failed.map_err(|error| api.refusal(Call::Publish { pubsub, topic }, &error))?;
    let failed = failed
        .into_iter()
        .map(|(index, error)| BulkPublishResponseFailedEntry {
            entry_id: ids.get(index as usize).cloned().unwrap_or_default(),
            error,
        });
    Ok(BulkPublishResponse {
        failed_entries: failed.collect(),
    })
}
