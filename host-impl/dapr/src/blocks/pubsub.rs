//! What a broker is.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::{Event, Verdict};
use async_trait::async_trait;

use super::Metadata;
use crate::cloud_event;
use crate::failure::Result;
use crate::running::Running;

/// An event on its way to a broker.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The event. Its topic and its broker are set, its path is empty.
    pub event: Event,
    /// Only the data is to be there, without a CloudEvent around it.
    pub raw: bool,
    /// For how long it may wait for a subscriber.
    pub ttl: Option<Duration>,
    /// As the guest gave it.
    pub metadata: Metadata,
}

impl Publication {
    /// What a broker keeps that keeps bytes: a CloudEvent in JSON, or the data alone. It is
    /// delivered as [`Payload::Bytes`].
    pub fn into_bytes(self) -> Vec<u8> {
        match self.raw {
            true => self.event.data,
            false => cloud_event::encode(&self.event),
        }
    }
}

/// What a broker has of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// Bytes as they were kept: a CloudEvent in JSON, or the data alone.
    Bytes(Vec<u8>),
    /// The event, where the broker keeps it as such.
    Event(Box<Event>),
}

/// An event on its way from a broker.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What the broker has of it.
    pub payload: Payload,
    /// How often it was delivered to this group, this time included: at least 1.
    pub attempt: u32,
    /// What else the broker says.
    pub metadata: Metadata,
}

/// What is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// The topic.
    pub topic: String,
    /// Who subscribes: each event goes to one subscriber of a group. It is the id of the
    /// application.
    pub group: String,
    /// Events are data alone.
    pub raw: bool,
    /// How many events are delivered at a time before one of them is through; at least one.
    pub concurrency: usize,
    /// As the guest gave it.
    pub metadata: Metadata,
}

/// Who events are delivered to.
#[async_trait]
pub trait Receiver: Send + Sync {
    /// Takes an event, and says what becomes of it. While this waits, which may be for longer than
    /// the broker is patient, the broker is to be told that the event is worked on.
    ///
    /// `Success` and `Drop` are that the event is done with. `Retry`, and to be dropped in the
    /// middle, are that the broker delivers it again.
    async fn receive(&self, delivery: Delivery) -> Verdict;
}

/// A broker.
#[async_trait]
pub trait PubSub: Debug + Send + Sync {
    /// What it can do, in Dapr's words: `MESSAGE_TTL`, `BULK_PUBSUB`.
    fn features(&self) -> &'static [&'static str] {
        &[]
    }

    /// Publishes an event. When this returns it will not be lost.
    async fn publish(&self, topic: &str, publication: Publication) -> Result<()>;

    /// Publishes many, in their order. What comes back are the indices of those that were not
    /// taken.
    async fn publish_many(
        &self,
        topic: &str,
        publications: Vec<Publication>,
    ) -> Result<Vec<(u32, String)>> {
        let mut failed = Vec::new();
        for (index, publication) in (0..).zip(publications) {
            if let Err(error) = self.publish(topic, publication).await {
                failed.push((index, error.to_string()));
            }
        }
        Ok(failed)
    }

    /// Subscribes. When this returns, what is published afterwards will be delivered, and so will
    /// what was published since the group subscribed for the first time. A broker that is lost
    /// meanwhile is found again.
    async fn subscribe(&self, to: Subscribe, receiver: Arc<dyn Receiver>) -> Result<Running>;
}
