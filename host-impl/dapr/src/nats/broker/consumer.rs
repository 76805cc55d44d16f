//! The events of a topic to a subscriber, asked for as there is room for them.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::Verdict;
use async_nats::jetstream::consumer::pull::{self, Batch};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer};
use async_nats::jetstream::stream::ConsumerErrorKind;
use async_nats::jetstream::{AckKind, Message};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use tokio::pin;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep, timeout};
use tracing::warn;

use super::NatsBroker;
use crate::backoff;
use crate::blocks::{Delivery, Metadata, Payload, Receiver, Subscribe};
use crate::failure::{Error, Result, failed, within};
use crate::nats::error::asking;
use crate::nats::names;
use crate::running::Stopping;

/// How long the server waits for events before it is asked anew.
const BATCH: Duration = Duration::from_secs(2);

/// How much longer than that nothing is heard before the server is taken for lost.
const SILENCE: Duration = Duration::from_secs(2);

/// How often it is said that an event is done with.
const WORDS: u32 = 5;

/// A subscriber.
pub(super) struct Consumer {
    pub(super) broker: NatsBroker,
    pub(super) to: Subscribe,
    pub(super) receiver: Arc<dyn Receiver>,
}

impl Consumer {
    /// The group's consumer at the server, which is made if there is none.
    pub(super) async fn join(&self) -> Result<PullConsumer> {
        let context = self.broker.connection.jetstream().await?;
        let stream = self.broker.stream_of(&context, &self.to.topic).await?;
        let group = names::name(&self.to.group);
        let name = format!("{group}-{}", names::name(&self.to.topic));
        let config = pull::Config {
            durable_name: Some(name),
            filter_subject: self.to.topic.clone(),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: self.broker.patience,
            // Whoever handles events gives up in time.
            max_deliver: -1,
            max_ack_pending: -1,
            ..pull::Config::default()
        };
        let made = context.create_consumer_on_stream(config, stream).await;
        made.map_err(|error| match error.kind() {
            ConsumerErrorKind::JetStream(said) => asking(&error, Some(&said)),
            ConsumerErrorKind::TimedOut => Error::Timeout,
            _ => asking(&error, None),
        })
    }

    /// Has the receiver take it, and says that it is at work for as long as it is.
    async fn receive(&self, message: &Message) -> Verdict {
        let attempt = message.info().map_or(1, |info| info.delivered);
        let delivery = Delivery {
            payload: Payload::Bytes(message.payload.to_vec()),
            attempt: u32::try_from(attempt.max(1)).unwrap_or(u32::MAX),
            metadata: Metadata::new(),
        };
        let every = self.broker.patience / 3;
        let mut often = interval_at(Instant::now() + every, every);
        let received = self.receiver.receive(delivery);
        pin!(received);
        loop {
            let tick = often.tick();
            pin!(tick);
            match select(received.as_mut(), tick).await {
                Either::Left((verdict, _)) => return verdict,
                // Where it is not heard, the event comes again.
                Either::Right(_) => drop(message.ack_with(AckKind::Progress).await),
            }
        }
    }

    /// Says that it is done with. If that is not heard, it comes again.
    async fn acknowledge(&self, message: &Message) {
        let deadline = self.broker.connection.options.deadline;
        for word in 1..=WORDS {
            match timeout(deadline, message.double_ack()).await {
                Ok(Ok(())) => return,
                _ => sleep(backoff::pause(word)).await,
            }
        }
        let topic = &self.to.topic;
        warn!(
            topic,
            "a handled event is not acknowledged, and comes again"
        );
    }
}

/// Delivers events until this is to stop, and waits for those that are being handled.
pub(super) async fn deliver(consumer: Arc<Consumer>, joined: PullConsumer, mut stopping: Stopping) {
    let mut working = JoinSet::new();
    let (mut joined, mut failures) = (Some(joined), 0);
    while !stopping.is_set() {
        while working.try_join_next().is_some() {}
        let free = consumer.to.concurrency.saturating_sub(working.len());
        if free == 0 {
            let _ = stopping.or(working.join_next()).await;
            continue;
        }
        match turn(&consumer, &mut joined, free, &mut working, &mut stopping).await {
            Ok(()) => failures = 0,
            Err(error) => {
                (joined, failures) = (None, failures + 1);
                let topic = &consumer.to.topic;
                warn!(topic, "no events come for now: {error}");
                let _ = stopping.or(sleep(backoff::pause(failures))).await;
            }
        }
    }
    while working.join_next().await.is_some() {}
}

/// Asks for as many events as there is room for, and has them handled as they come.
async fn turn(
    consumer: &Arc<Consumer>,
    joined: &mut Option<PullConsumer>,
    free: usize,
    working: &mut JoinSet<()>,
    stopping: &mut Stopping,
) -> Result<()> {
    let deadline = consumer.broker.connection.options.deadline;
    consumer.broker.connection.client().await?;
    let joined = match joined {
        Some(joined) => joined,
        None => joined.insert(within(deadline, consumer.join()).await?),
    };
    let asked = joined.batch().max_messages(free).expires(BATCH).messages();
    let asked = timeout(deadline, asked).await.map_err(|_| Error::Timeout)?;
    let mut batch = asked.map_err(|error| asking(&error, None))?;
    loop {
        let message = stopping
            .or(timeout(BATCH + SILENCE, next(&mut batch)))
            .await;
        match message {
            // Its end is told, so it is the line that is cut.
            Some(Err(_)) => return Err(Error::Timeout),
            Some(Ok(Some(message))) => {
                let (consumer, stopping) = (Arc::clone(consumer), stopping.clone());
                working.spawn(handle(consumer, message?, stopping));
            }
            Some(Ok(None)) | None => return Ok(()),
        }
    }
}

async fn next(batch: &mut Batch) -> Option<Result<Message>> {
    let message = batch.next().await?;
    Some(message.map_err(|error| failed("NATS", error)))
}

/// Has an event handled.
async fn handle(consumer: Arc<Consumer>, message: Message, stopping: Stopping) {
    let verdict = match stopping.is_set() {
        true => Verdict::Retry,
        false => consumer.receive(&message).await,
    };
    match verdict {
        Verdict::Success | Verdict::Drop => consumer.acknowledge(&message).await,
        Verdict::Retry => {
            let attempt = message.info().map_or(1, |info| info.delivered);
            let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
            let pause = match stopping.is_set() {
                true => None,
                false => Some(backoff::pause(attempt.saturating_add(2))),
            };
            // Where it is not heard, it comes later.
            let _ = message.ack_with(AckKind::Nak(pause)).await;
        }
    }
}
