//! Events of a topic to an application: tried, tried again, and dead letters in the end.

use std::sync::Arc;

use abide_dapr::app::{Event, Subscription, Verdict};
use async_trait::async_trait;
use tracing::{debug, error, warn};

use super::Turns;
use super::rules::Rules;
use crate::app::App;
use crate::blocks::{Delivery, Payload, PubSub, Publication, Receiver, Subscribe};
use crate::cloud_event;
use crate::components::{Block, BlockKind};
use crate::dapr::Dapr;
use crate::failure::{Error, Result, within};
use crate::metadata;
use crate::retries::Retries;
use crate::running::Running;
use crate::trace::Trace;

/// Delivers the events of a topic to an application.
pub(crate) async fn subscribe(
    dapr: &Dapr,
    id: &str,
    subscription: Subscription,
    app: Arc<dyn App>,
    turns: &Turns,
) -> Result<Running> {
    let shared = dapr.shared();
    let name = &subscription.pubsub;
    let component = shared.components.find(BlockKind::PubSub, id, name)?;
    let Block::PubSub(broker) = &component.block else {
        return Err(Error::NoComponent(name.clone()));
    };
    shared.limits.check_name("a topic", &subscription.topic)?;
    let raw = metadata::is_raw(&subscription.metadata)?;
    let wanted = Subscribe {
        topic: subscription.topic.clone(),
        group: id.to_owned(),
        raw,
        concurrency: shared.concurrency,
        metadata: subscription.metadata.clone(),
    };
    let receiver = Subscriber {
        id: id.to_owned(),
        rules: Rules::new(&subscription)?,
        subscription,
        raw,
        app,
        broker: Arc::clone(broker),
        retries: shared.retries.clone(),
        deadline: shared.limits.deadline,
        turns: turns.clone(),
    };
    let subscribed = broker.subscribe(wanted, Arc::new(receiver));
    within(shared.limits.deadline, subscribed).await
}

struct Subscriber {
    id: String,
    subscription: Subscription,
    rules: Rules,
    raw: bool,
    app: Arc<dyn App>,
    broker: Arc<dyn PubSub>,
    retries: Retries,
    deadline: std::time::Duration,
    turns: Turns,
}

#[async_trait]
impl Receiver for Subscriber {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        let mut event = match self.event(delivery.payload) {
            Ok(event) => event,
            Err((bytes, error)) => {
                self.log(&error.to_string());
                return match cloud_event::around(bytes, &self.subscription.pubsub, self.topic()) {
                    Ok(event) => self.dead_letter(event, true).await,
                    Err(_) => Verdict::Retry,
                };
            }
        };
        if cloud_event::has_expired(&event) {
            debug!(
                app = self.id,
                topic = self.topic(),
                id = event.id,
                "an event has expired"
            );
            return Verdict::Success;
        }
        match self.rules.path(&event) {
            Some(path) => path.clone_into(&mut event.path),
            None => {
                debug!(
                    app = self.id,
                    topic = self.topic(),
                    id = event.id,
                    "no rule matches"
                );
                return Verdict::Success;
            }
        }
        self.attempts(event, delivery.attempt).await
    }
}

impl Subscriber {
    fn topic(&self) -> &str {
        &self.subscription.topic
    }

    fn event(&self, payload: Payload) -> Result<Event, (Vec<u8>, Error)> {
        let (pubsub, topic) = (&*self.subscription.pubsub, self.topic());
        match payload {
            Payload::Event(event) => Ok(*event),
            Payload::Bytes(bytes) if self.raw => {
                cloud_event::around(bytes, pubsub, topic).map_err(|error| (Vec::new(), error))
            }
            Payload::Bytes(bytes) => {
                cloud_event::decode(&bytes, pubsub, topic).map_err(|error| (bytes, error))
            }
        }
    }

    /// Has the application handle it, until it has or has had its tries. Those before a process
    /// ended or a broker was lost count, too: what kills processes must not come for ever.
    async fn attempts(&self, event: Event, deliveries: u32) -> Verdict {
        let trace = Trace::of(&event.extensions);
        for attempt in deliveries.max(1)..=self.retries.attempts {
            let handled = trace.clone().scope(self.app.on_event(&event));
            match self.turns.take(handled).await {
                Ok(Verdict::Success) => return Verdict::Success,
                Ok(Verdict::Drop) => return self.dead_letter(event, self.raw).await,
                Ok(Verdict::Retry) => {}
                Err(error) => self.log(&error.to_string()),
            }
            let is_last = attempt == self.retries.attempts;
            if !is_last && !self.turns.pause(self.retries.pause(attempt)).await {
                return Verdict::Retry;
            }
        }
        self.dead_letter(event, self.raw).await
    }

    /// Puts it where those are that could not be handled. It stays where it is if that fails.
    async fn dead_letter(&self, mut event: Event, raw: bool) -> Verdict {
        let Some(topic) = &self.subscription.dead_letter else {
            let id = &event.id;
            error!(
                app = self.id,
                topic = self.topic(),
                id,
                "an event is dropped"
            );
            return Verdict::Drop;
        };
        warn!(
            app = self.id,
            topic = self.topic(),
            id = event.id,
            "an event is a dead letter"
        );
        topic.clone_into(&mut event.topic);
        event.path.clear();
        let publication = Publication {
            event,
            raw,
            ttl: None,
            metadata: Vec::new(),
        };
        for attempt in 1..=self.retries.attempts {
            let published = self.broker.publish(topic, publication.clone());
            match within(self.deadline, published).await {
                Ok(()) => return Verdict::Success,
                Err(error) => self.log(&error.to_string()),
            }
            if !self.turns.pause(self.retries.pause(attempt)).await {
                break;
            }
        }
        Verdict::Retry
    }

    fn log(&self, error: &str) {
        warn!(
            app = self.id,
            topic = self.topic(),
            "an event was not handled: {error}"
        );
    }
}
