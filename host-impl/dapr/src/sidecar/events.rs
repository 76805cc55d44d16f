//! Events. Those of a topic come over a stream, which is opened again when it was lost; what had no
//! answer by then comes again.

use std::sync::Arc;

use abide_dapr::app::{Event, Verdict};
use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::subscribe_topic_events_request_alpha1::SubscribeTopicEventsRequestType as Told;
use dapr::dapr::proto::runtime::v1::subscribe_topic_events_response_alpha1::SubscribeTopicEventsResponseType as Came;
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishRequestEntry, PublishEventRequest,
    SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsRequestInitialAlpha1,
    SubscribeTopicEventsRequestProcessedAlpha1, SubscribeTopicEventsResponseAlpha1,
    TopicEventRequest, TopicEventResponse,
};
use futures_util::future::{Either, select};
use futures_util::stream::{self, FuturesUnordered, StreamExt as _};
use prost_types::value::Kind;
use tokio::sync::mpsc;
use tonic::Streaming;
use tracing::warn;

use super::{Named, error, map};
use crate::blocks::{Delivery, Metadata, Payload, PubSub, Publication, Receiver, Subscribe};
use crate::failure::{Result, failed};
use crate::running::{Running, Stopping};

/// The type of an event that goes as it is.
const CLOUD_EVENT: &str = "application/cloudevents+json";
const RAW: &str = "rawPayload";
/// What the host has put in the event already.
const OVERRIDE: &str = "cloudevent.";

/// An open stream.
struct Open {
    answers: mpsc::Sender<SubscribeTopicEventsRequestAlpha1>,
    events: Streaming<SubscribeTopicEventsResponseAlpha1>,
}

/// What a stream is opened with.
struct Wanted {
    first: SubscribeTopicEventsRequestInitialAlpha1,
    concurrency: usize,
    receiver: Arc<dyn Receiver>,
}

#[async_trait]
impl PubSub for Named {
    /// The sidecar takes care of ends of events, with its broker or without.
    fn features(&self) -> &'static [&'static str] {
        &["MESSAGE_TTL", "BULK_PUBSUB"]
    }

    async fn publish(&self, topic: &str, publication: Publication) -> Result<()> {
        let (data, data_content_type, metadata) = message(publication);
        let request = self.sidecar.request(PublishEventRequest {
            pubsub_name: self.name.clone(),
            topic: topic.to_owned(),
            data,
            data_content_type,
            metadata: map(metadata),
        });
        let published = self.sidecar.client().publish_event(request).await;
        published.map_err(|status| error::of(&status, &self.name))?;
        Ok(())
    }

    async fn publish_many(
        &self,
        topic: &str,
        publications: Vec<Publication>,
    ) -> Result<Vec<(u32, String)>> {
        // Whether there is an event around data is said of all of them.
        if publications.iter().any(|one| one.raw) {
            let mut failed = Vec::new();
            for (index, publication) in (0..).zip(publications) {
                if let Err(error) = self.publish(topic, publication).await {
                    failed.push((index, error.to_string()));
                }
            }
            return Ok(failed);
        }
        let entries = publications.into_iter().enumerate();
        let entries = entries.map(|(index, publication)| {
            let (event, content_type, metadata) = message(publication);
            BulkPublishRequestEntry {
                entry_id: index.to_string(),
                event,
                content_type,
                metadata: map(metadata),
            }
        });
        let request = self.sidecar.request(BulkPublishRequest {
            pubsub_name: self.name.clone(),
            topic: topic.to_owned(),
            entries: entries.collect(),
            metadata: map(Metadata::new()),
        });
        let failed = self.sidecar.client().bulk_publish_event(request).await;
        let failed = failed.map_err(|status| error::of(&status, &self.name))?;
        let failed = failed.into_inner().failed_entries.into_iter();
        Ok(failed
            .filter_map(|failed| Some((failed.entry_id.parse().ok()?, failed.error)))
            .collect())
    }

    async fn subscribe(&self, to: Subscribe, receiver: Arc<dyn Receiver>) -> Result<Running> {
        let mut metadata = map(to.metadata);
        if let Some(groups) = &self.sidecar.0.groups {
            metadata.insert(groups.clone(), to.group);
        }
        if to.raw {
            metadata.insert(RAW.to_owned(), "true".to_owned());
        }
        let wanted = Wanted {
            first: SubscribeTopicEventsRequestInitialAlpha1 {
                pubsub_name: self.name.clone(),
                topic: to.topic,
                metadata,
                // What cannot be handled is seen to here.
                dead_letter_topic: None,
            },
            concurrency: to.concurrency.max(1),
            receiver,
        };
        let open = self.open_stream(&wanted).await?;
        let named = self.clone();
        Ok(Running::spawn(|stopping| async move {
            named.deliver(wanted, open, stopping).await;
        }))
    }
}

impl Named {
    /// Opens a stream. It is one when the sidecar has said so.
    async fn open_stream(&self, wanted: &Wanted) -> Result<Open> {
        let refused = |status| error::of(&status, &self.name);
        let (answers, sent) = mpsc::channel(wanted.concurrency + 1);
        let first = told(Told::InitialRequest(wanted.first.clone()));
        // There is room for it.
        let _ = answers.try_send(first);
        let sent = stream::unfold(sent, |mut sent| async move {
            let next = sent.recv().await?;
            Some((next, sent))
        });
        let request = self.sidecar.request(sent);
        let mut client = self.sidecar.client();
        let events = client.subscribe_topic_events_alpha1(request).await;
        let mut events = events.map_err(refused)?.into_inner();
        match events.message().await.map_err(refused)? {
            Some(_) => Ok(Open { answers, events }),
            None => Err(failed("INTERNAL", "the sidecar ended a subscription")),
        }
    }

    async fn deliver(&self, wanted: Wanted, open: Open, mut stopping: Stopping) {
        let (mut open, mut lost) = (Some(open), 0);
        while !stopping.is_set() {
            if let Some(open) = open.take() {
                open.deliver(&wanted, &mut stopping).await;
                lost = 0;
                continue;
            }
            lost += 1;
            let pause = self.sidecar.0.retries.pause(lost);
            if stopping.or(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
            match self.open_stream(&wanted).await {
                Ok(again) => open = Some(again),
                Err(error) => warn!(
                    pubsub = self.name,
                    topic = wanted.first.topic,
                    "a subscription is lost: {error}"
                ),
            }
        }
    }
}

impl Open {
    /// Delivers events until the stream ends or all is to end. What has begun is finished.
    async fn deliver(mut self, wanted: &Wanted, stopping: &mut Stopping) {
        let mut begun = FuturesUnordered::new();
        let mut is_over = false;
        while !is_over || !begun.is_empty() {
            let has_room = !is_over && begun.len() < wanted.concurrency;
            let next = async {
                match has_room {
                    true => stopping.or(self.events.message()).await,
                    false => std::future::pending().await,
                }
            };
            let next = std::pin::pin!(next);
            let through = async {
                match begun.next().await {
                    Some(()) => {}
                    None => std::future::pending().await,
                }
            };
            match select(next, std::pin::pin!(through)).await {
                Either::Left((Some(Ok(Some(came))), _)) => {
                    if let Some(Came::EventMessage(message)) =
                        came.subscribe_topic_events_response_type
                    {
                        begun.push(handle(message, &wanted.receiver, &self.answers));
                    }
                }
                Either::Left(_) => is_over = true,
                Either::Right(_) => {}
            }
        }
    }
}

async fn handle(
    message: TopicEventRequest,
    receiver: &Arc<dyn Receiver>,
    answers: &mpsc::Sender<SubscribeTopicEventsRequestAlpha1>,
) {
    let id = message.id.clone();
    let delivery = Delivery {
        payload: Payload::Event(Box::new(event(message))),
        // A sidecar does not say.
        attempt: 1,
        metadata: Metadata::new(),
    };
    let status = match receiver.receive(delivery).await {
        Verdict::Success => TopicEventResponseStatus::Success,
        Verdict::Retry => TopicEventResponseStatus::Retry,
        Verdict::Drop => TopicEventResponseStatus::Drop,
    };
    let processed = SubscribeTopicEventsRequestProcessedAlpha1 {
        id,
        status: Some(TopicEventResponse {
            status: status.into(),
        }),
    };
    // Where the stream has ended, it comes again.
    let _ = answers.send(told(Told::EventProcessed(processed))).await;
}

fn told(what: Told) -> SubscribeTopicEventsRequestAlpha1 {
    SubscribeTopicEventsRequestAlpha1 {
        subscribe_topic_events_request_type: Some(what),
    }
}

/// Data, their type and metadata of a publication. An event goes as it is.
fn message(publication: Publication) -> (Vec<u8>, String, Metadata) {
    let mut metadata = publication.metadata.clone();
    metadata.retain(|(name, _)| !name.starts_with(OVERRIDE));
    let content_type = match publication.raw {
        true => publication.event.content_type.clone(),
        false => CLOUD_EVENT.to_owned(),
    };
    (publication.into_bytes(), content_type, metadata)
}

fn event(message: TopicEventRequest) -> Event {
    let extensions = message.extensions.unwrap_or_default().fields.into_iter();
    let extensions = extensions.filter_map(|(name, value)| Some((name, text(value.kind?)?)));
    Event {
        id: message.id,
        source: message.source,
        kind: message.r#type,
        spec_version: message.spec_version,
        topic: message.topic,
        pubsub: message.pubsub_name,
        path: message.path,
        content_type: message.data_content_type,
        data: message.data,
        extensions: extensions.collect(),
    }
}

/// A value of JSON as text. Those that have parts are left out: extensions have none.
fn text(kind: Kind) -> Option<String> {
    match kind {
        Kind::StringValue(text) => Some(text),
        Kind::NumberValue(number) => Some(number.to_string()),
        Kind::BoolValue(truth) => Some(truth.to_string()),
        Kind::NullValue(_) | Kind::StructValue(_) | Kind::ListValue(_) => None,
    }
}
