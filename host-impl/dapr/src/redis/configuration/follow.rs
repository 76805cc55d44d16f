//! Changes of configuration, as they are told and, in case that something was not told, found.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::configuration::Item;
use futures_util::StreamExt as _;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::{debug, warn};

use super::{Items, items};
use crate::backoff;
use crate::blocks::{Follower, Metadata};
use crate::failure::{Error, Result};
use crate::redis::error::error;
use crate::redis::link::Link;
use crate::running::Stopping;

/// How often everything is looked at, whatever the server tells: it may be forbidden to tell, or
/// its line may be cut.
const LOOK: Duration = Duration::from_secs(30);

/// How long changes are collected before they are looked at.
const COLLECT: Duration = Duration::from_millis(5);

/// What has a server tell of changes of texts: sets, removals and ends.
const TELL: &str = "Kg$xe";

/// What is told, and what keeps the line open.
type Told = (PubSubSink, PubSubStream);

/// Items that somebody follows.
pub(super) struct Followed {
    link: Arc<Link>,
    /// Without one, all are followed.
    keys: Vec<String>,
    /// What the follower knows.
    seen: Items,
}

impl Followed {
    pub(super) fn new(link: Arc<Link>, keys: Vec<String>) -> Self {
        let seen = Items::new();
        Self { link, keys, seen }
    }

    /// Has the server tell of changes from now on.
    pub(super) async fn listen(&self) -> Result<Told> {
        let mut set = redis::cmd("CONFIG");
        set.arg("SET").arg("notify-keyspace-events").arg(TELL);
        // Where that is forbidden, whoever runs the server has to.
        if let Err(Error::Failed(failure)) = self.link.query::<()>(&set).await {
            debug!("Redis is not told to tell of changes: {}", failure.message);
        }
        let (mut sink, stream) = self.link.told().await?.split();
        let prefix = self.prefix();
        let subscribed = async {
            match &*self.keys {
                [] => sink.psubscribe(format!("{prefix}*")).await,
                keys => {
                    let channels = keys.iter().map(|key| format!("{prefix}{key}"));
                    sink.subscribe(channels.collect::<Vec<_>>()).await
                }
            }
        };
        let subscribed = timeout(self.link.options.deadline, subscribed).await;
        let subscribed = subscribed.map_err(|_| Error::Timeout)?;
        subscribed.map_err(error)?;
        Ok((sink, stream))
    }

    /// Takes what there is for known.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.seen = items(&self.link, &self.keys).await?;
        Ok(())
    }

    fn prefix(&self) -> String {
        format!("__keyspace@{}__:", self.link.options.database)
    }

    /// Tells a follower of changes, until this is to stop.
    pub(super) async fn run(
        mut self,
        told: Told,
        follower: Arc<dyn Follower>,
        mut stopping: Stopping,
    ) {
        let (mut told, mut failures) = (Some(told), 0);
        while !stopping.is_set() {
            let turn = stopping.or(self.turn(&mut told, &*follower)).await;
            match turn {
                None => return,
                Some(Ok(())) => failures = 0,
                Some(Err(error)) => {
                    warn!("changes of configuration are not told for now: {error}");
                    (told, failures) = (None, failures + 1);
                    let pause = tokio::time::sleep(backoff::pause(failures));
                    if stopping.or(pause).await.is_none() {
                        return;
                    }
                }
            }
        }
    }

    /// Waits for a change and tells of it; where nothing is told any more, sees to that first.
    async fn turn(&mut self, told: &mut Option<Told>, follower: &dyn Follower) -> Result<()> {
        let Some((_, stream)) = told else {
            *told = Some(self.listen().await?);
            return self.look(None, follower).await;
        };
        match self.changed(stream).await? {
            Some(keys) => self.look(Some(keys), follower).await,
            None => self.look(None, follower).await,
        }
    }

    /// The keys that have changed; none is that it is time to look at all.
    async fn changed(&self, stream: &mut PubSubStream) -> Result<Option<BTreeSet<String>>> {
        let prefix = self.prefix();
        let mut keys = BTreeSet::new();
        let mut until = Instant::now() + LOOK;
        loop {
            match timeout_at(until, stream.next()).await {
                Err(_) if keys.is_empty() => return Ok(None),
                Err(_) => return Ok(Some(keys)),
                Ok(None) => {
                    let text = "Redis: the line is cut";
                    return Err(Error::Unavailable(text.to_owned()));
                }
                Ok(Some(message)) => {
                    let key = message.get_channel_name().strip_prefix(&prefix);
                    if let Some(key) = key
                        && keys.insert(key.to_owned())
                        && keys.len() == 1
                    {
                        until = Instant::now() + COLLECT;
                    }
                }
            }
        }
    }

    /// Looks at these keys or at all, and tells of those that are not as they were.
    async fn look(
        &mut self,
        keys: Option<BTreeSet<String>>,
        follower: &dyn Follower,
    ) -> Result<()> {
        let now = match &keys {
            Some(keys) => {
                let keys: Vec<_> = keys.iter().cloned().collect();
                items(&self.link, &keys).await?
            }
            None => items(&self.link, &self.keys).await?,
        };
        let is_asked = |key: &String| keys.as_ref().is_none_or(|keys| keys.contains(key));
        let gone = self.seen.keys();
        let gone = gone.filter(|key| is_asked(key) && !now.contains_key(*key));
        let gone = gone.map(|key| (key.clone(), removed()));
        let other = now.iter();
        let other = other.filter(|(key, item)| self.seen.get(*key) != Some(*item));
        let other = other.map(|(key, item)| (key.clone(), item.clone()));
        let changes: Vec<_> = gone.chain(other).collect();
        if changes.is_empty() {
            return Ok(());
        }
        follower.changed(changes.clone()).await;
        for (key, item) in changes {
            match now.contains_key(&key) {
                true => self.seen.insert(key, item),
                false => self.seen.remove(&key),
            };
        }
        Ok(())
    }
}

fn removed() -> Item {
    Item {
        value: String::new(),
        version: String::new(),
        metadata: Metadata::new(),
    }
}
