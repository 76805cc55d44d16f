//! A broker on streams, as Dapr has it: an entry for each event, with its bytes in `data`; a
//! consumer group for each application, whose pending entries are delivered again.

mod consumer;
mod entry;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::{Cmd, Pipeline, Script};

use super::error::error;
use super::link::Link;
use crate::blocks::{PubSub, Publication, Receiver, Subscribe};
use crate::failure::{Error, Result, within};
use crate::running::Running;
use consumer::Consumer;

const CLAIM: &str = include_str!("claim.lua");

/// A broker on the streams of a server: `pubsub.redis`.
#[derive(Debug, Clone)]
pub struct RedisBroker {
    link: Arc<Link>,
    group: Option<String>,
    patience: Duration,
    redelivery: Duration,
    length: Option<u64>,
    age: Option<Duration>,
    claim: Arc<Script>,
}

impl RedisBroker {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            group: None,
            patience: Duration::from_secs(60),
            redelivery: Duration::from_secs(15),
            length: None,
            age: None,
            claim: Arc::new(Script::new(CLAIM)),
        }
    }

    /// The group that all applications of this broker are, rather than each its own: `consumerID`.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// For how long nothing may be said of an event before another subscriber gets it:
    /// `processingTimeout`, a minute. It is no limit to handlers: they say that they are at work.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience.max(Duration::from_millis(10));
        self
    }

    /// How often such events are looked for: `redeliverInterval`, every 15 seconds.
    #[must_use]
    pub fn redelivery(mut self, interval: Duration) -> Self {
        self.redelivery = interval.max(Duration::from_millis(10));
        self
    }

    /// About how many events a stream keeps, handled or not: `maxLenApprox`. Without it and without
    /// an age, it keeps all.
    #[must_use]
    pub fn length(mut self, events: u64) -> Self {
        self.length = Some(events);
        self
    }

    /// About for how long a stream keeps events, handled or not: `streamTTL`.
    #[must_use]
    pub fn age(mut self, age: Duration) -> Self {
        self.age = Some(age);
        self
    }

    fn add(&self, topic: &str, publication: Publication) -> Result<Cmd> {
        let mut add = redis::cmd("XADD");
        add.arg(topic);
        if let Some(length) = self.length {
            add.arg("MAXLEN").arg("~").arg(length);
        } else if let Some(age) = self.age {
            let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
            let oldest = now.saturating_sub(age).as_millis();
            add.arg("MINID").arg("~").arg(format!("{oldest}-0"));
        }
        add.arg("*");
        if !publication.metadata.is_empty() {
            // What was said first holds.
            let said = publication.metadata.iter().rev();
            let said: BTreeMap<_, _> = said.map(|(name, value)| (name, value)).collect();
            let text = serde_json::to_string(&said);
            let text = text.map_err(|error| Error::Invalid(error.to_string()))?;
            add.arg("metadata").arg(text);
        }
        add.arg("data").arg(publication.into_bytes());
        Ok(add)
    }
}

#[async_trait]
impl PubSub for RedisBroker {
    fn features(&self) -> &'static [&'static str] {
        &["BULK_PUBSUB"]
    }

    async fn publish(&self, topic: &str, publication: Publication) -> Result<()> {
        let add = self.add(topic, publication)?;
        let _: String = self.link.query(&add).await?;
        Ok(())
    }

    async fn publish_many(
        &self,
        topic: &str,
        publications: Vec<Publication>,
    ) -> Result<Vec<(u32, String)>> {
        if publications.is_empty() {
            return Ok(Vec::new());
        }
        let mut commands = Pipeline::with_capacity(publications.len());
        for publication in publications {
            commands.add_command(self.add(topic, publication)?);
        }
        let answers = self.link.pipeline(&commands).await?;
        let answers = (0..).zip(answers);
        let failed = answers.filter_map(|(index, answer)| {
            let failed = answer.extract_error().err()?;
            Some((index, error(failed).to_string()))
        });
        Ok(failed.collect())
    }

    async fn subscribe(&self, to: Subscribe, receiver: Arc<dyn Receiver>) -> Result<Running> {
        let consumer = Consumer {
            link: Arc::clone(&self.link),
            claim: Arc::clone(&self.claim),
            stream: to.topic,
            group: self.group.clone().unwrap_or(to.group),
            concurrency: to.concurrency,
            patience: self.patience,
            redelivery: self.redelivery,
            receiver,
        };
        within(self.link.options.deadline, consumer.join()).await?;
        Ok(Running::spawn(|stopping| {
            consumer::deliver(Arc::new(consumer), stopping)
        }))
    }
}
