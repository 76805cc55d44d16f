//! A broker on streams of JetStream. A topic is a subject; each application has a durable consumer.

mod consumer;

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::context::{
    Context, CreateStreamErrorKind, GetStreamByNameErrorKind, PublishErrorKind,
};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, RetentionPolicy, StorageType};
use async_trait::async_trait;
use bytes::Bytes;

use super::client::Connection;
use super::error::{asking, publishing};
use super::names;
use crate::blocks::{PubSub, Publication, Receiver, Subscribe};
use crate::failure::{Error, Result, within};
use crate::running::Running;
use consumer::Consumer;

/// A broker on streams: `pubsub.jetstream`.
///
/// Where no stream has a topic, one is made that keeps events until all groups have handled them: a
/// topic without a group forgets its events.
#[derive(Debug, Clone)]
pub struct NatsBroker {
    connection: Arc<Connection>,
    stream: Option<String>,
    patience: Duration,
}

impl NatsBroker {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self {
            connection,
            stream: None,
            patience: Duration::from_secs(30),
        }
    }

    /// The stream that has the topics, which somebody else has made: `streamName`.
    #[must_use]
    pub fn stream(mut self, name: impl Into<String>) -> Self {
        self.stream = Some(name.into());
        self
    }

    /// For how long nothing may be said of an event before another subscriber gets it: `ackWait`,
    /// 30 seconds. It is no limit to handlers: they say that they are at work.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience.max(Duration::from_millis(10));
        self
    }

    /// The name of the stream that has a topic. It is made if there is none.
    async fn stream_of(&self, context: &Context, topic: &str) -> Result<String> {
        if let Some(stream) = &self.stream {
            return Ok(stream.clone());
        }
        let error = match context.stream_by_subject(topic).await {
            Ok(stream) => return Ok(stream),
            Err(error) => error,
        };
        match error.kind() {
            GetStreamByNameErrorKind::NotFound => {}
            GetStreamByNameErrorKind::JetStream(said) => return Err(asking(&error, Some(&said))),
            GetStreamByNameErrorKind::Request => return Err(asking(&error, None)),
            GetStreamByNameErrorKind::InvalidSubject => {
                return Err(Error::Invalid(format!("`{topic}` is no subject of NATS")));
            }
        }
        let config = Config {
            name: format!("ABIDE_{}", names::name(topic)),
            subjects: vec![topic.to_owned()],
            retention: RetentionPolicy::Interest,
            storage: StorageType::File,
            num_replicas: self.connection.options.replicas,
            ..Config::default()
        };
        let name = config.name.clone();
        match context.create_stream(config).await {
            Ok(_) => Ok(name),
            Err(error) => Err(match error.kind() {
                CreateStreamErrorKind::JetStream(said) => asking(&error, Some(&said)),
                CreateStreamErrorKind::TimedOut => Error::Timeout,
                _ => asking(&error, None),
            }),
        }
    }

    /// Publishes, and waits for the word that it is kept.
    async fn put(&self, context: &Context, topic: &str, bytes: Bytes) -> Result<()> {
        let message = || PublishMessage::build().payload(bytes.clone());
        let acknowledged = match context.send_publish(topic.to_owned(), message()).await {
            Ok(acknowledged) => acknowledged.await,
            Err(error) => Err(error),
        };
        match acknowledged {
            Ok(_) => Ok(()),
            // Nobody keeps that topic: nobody has ever published to it or subscribed.
            Err(error) if error.kind() == PublishErrorKind::StreamNotFound => {
                self.stream_of(context, topic).await?;
                let sent = context.send_publish(topic.to_owned(), message()).await;
                let sent = sent.map_err(|error| publishing(error, topic))?;
                sent.await
                    .map(drop)
                    .map_err(|error| publishing(error, topic))
            }
            Err(error) => Err(publishing(error, topic)),
        }
    }
}

#[async_trait]
impl PubSub for NatsBroker {
    fn features(&self) -> &'static [&'static str] {
        &["BULK_PUBSUB"]
    }

    async fn publish(&self, topic: &str, publication: Publication) -> Result<()> {
        names::check_topic(topic)?;
        within(self.connection.options.deadline, async {
            let context = self.connection.jetstream().await?;
            let bytes = Bytes::from(publication.into_bytes());
            self.put(&context, topic, bytes).await
        })
        .await
    }

    async fn publish_many(
        &self,
        topic: &str,
        publications: Vec<Publication>,
    ) -> Result<Vec<(u32, String)>> {
        names::check_topic(topic)?;
        let context = within(self.connection.options.deadline, async {
            let context = self.connection.jetstream().await?;
            self.stream_of(&context, topic).await?;
            Ok(context)
        });
        let context = context.await?;
        // All are sent before the first is waited for.
        let mut sent = Vec::with_capacity(publications.len());
        for publication in publications {
            let message = PublishMessage::build().payload(publication.into_bytes().into());
            sent.push(context.send_publish(topic.to_owned(), message).await);
        }
        let mut failed = Vec::new();
        for (index, sent) in (0..).zip(sent) {
            let kept = match sent {
                Ok(acknowledged) => acknowledged.await,
                Err(error) => Err(error),
            };
            if let Err(error) = kept {
                failed.push((index, publishing(error, topic).to_string()));
            }
        }
        Ok(failed)
    }

    async fn subscribe(&self, to: Subscribe, receiver: Arc<dyn Receiver>) -> Result<Running> {
        names::check_topic(&to.topic)?;
        let consumer = Consumer {
            broker: self.clone(),
            to,
            receiver,
        };
        let deadline = self.connection.options.deadline;
        let joined = within(deadline, consumer.join()).await?;
        Ok(Running::spawn(|stopping| {
            consumer::deliver(Arc::new(consumer), joined, stopping)
        }))
    }
}
