//! The events of a stream to a subscriber: new ones, and those that others have left behind.
//!
//! An entry stays pending at the server until it is acknowledged. Whoever is at work on one says so
//! now and then; of an entry of which nothing is said for long, another subscriber takes care.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::Verdict;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Script, Value};
use tokio::pin;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep, timeout};
use tracing::{debug, warn};

use super::entry::{self, Entry};
use crate::backoff;
use crate::blocks::Receiver;
use crate::failure::{Error, Result};
use crate::redis::error::{error, is_passing};
use crate::redis::link::Link;
use crate::running::Stopping;

/// How long the server waits for new events before it says that there are none.
const BLOCK: Duration = Duration::from_secs(5);

/// How long it may take to stop waiting.
const UNBLOCK: Duration = Duration::from_secs(1);

/// A subscriber.
pub(super) struct Consumer {
    pub(super) link: Arc<Link>,
    pub(super) claim: Arc<Script>,
    pub(super) stream: String,
    /// Also the name of the consumer: it is entries that have an owner here, by the time that
    /// nothing was said of them, so names that come and go would be of no use.
    pub(super) group: String,
    pub(super) concurrency: usize,
    pub(super) patience: Duration,
    pub(super) redelivery: Duration,
    pub(super) receiver: Arc<dyn Receiver>,
}

impl Consumer {
    /// Makes the group, unless there is one.
    pub(super) async fn join(&self) -> Result<()> {
        let mut create = redis::cmd("XGROUP");
        create.arg("CREATE").arg(&self.stream).arg(&self.group);
        create.arg("0").arg("MKSTREAM");
        match self.link.query::<()>(&create).await {
            Err(Error::Failed(failure)) if failure.code == "BUSYGROUP" => Ok(()),
            other => other,
        }
    }

    /// What others have said nothing of for long.
    async fn take_over(&self, count: usize) -> Result<Vec<Entry>> {
        let patience = self.patience.as_millis().to_string();
        let count = count.to_string();
        let arguments = [&self.group, &self.group, &patience, &count];
        let arguments = arguments.map(|argument| argument.as_bytes());
        let keys: [&str; 1] = [&self.stream];
        let answer = self.link.script(&self.claim, &keys, &arguments).await;
        entry::taken_over(answer?)
    }

    fn claim(&self, id: &str) -> Cmd {
        let mut claim = redis::cmd("XCLAIM");
        claim.arg(&self.stream).arg(&self.group).arg(&self.group);
        claim.arg(0).arg(id);
        claim
    }

    /// Says that somebody is at work on it.
    async fn touch(&self, id: &str) {
        let touched = self.link.query::<Value>(self.claim(id).arg("JUSTID")).await;
        if let Err(error) = touched {
            debug!(topic = self.stream, id, "nobody is told of work: {error}");
        }
    }

    /// Lets another subscriber have it at once.
    async fn release(&self, id: &str) {
        let mut claim = self.claim(id);
        let idle = u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX);
        claim.arg("IDLE").arg(idle).arg("JUSTID");
        // Otherwise it gets it later.
        let _ = self.link.query::<Value>(&claim).await;
    }

    /// Says that it is done with, until that is heard.
    async fn acknowledge(&self, id: &str) {
        let mut done = redis::cmd("XACK");
        done.arg(&self.stream).arg(&self.group).arg(id);
        let mut failures = 0;
        loop {
            match self.link.query::<u32>(&done).await {
                Ok(_) => return,
                Err(error) if is_passing(&error) => {
                    failures += 1;
                    sleep(backoff::pause(failures)).await;
                }
                Err(error) => {
                    warn!(topic = self.stream, id, "not acknowledged: {error}");
                    return;
                }
            }
        }
    }

    /// Gets it once more.
    async fn again(&self, id: &str, attempt: u32) -> Option<Entry> {
        let mut failures = 0;
        loop {
            let answer = self.link.query(&self.claim(id)).await;
            match answer.and_then(|answer| entry::claimed(answer, attempt)) {
                Ok(entry) => return entry,
                Err(error) if is_passing(&error) => {
                    failures += 1;
                    sleep(backoff::pause(failures)).await;
                }
                Err(error) => {
                    warn!(topic = self.stream, id, "not delivered again: {error}");
                    return None;
                }
            }
        }
    }

    /// Has the receiver take it, and says that it is at work for as long as it is.
    async fn receive(&self, entry: &Entry) -> Verdict {
        let every = self.patience / 3;
        let mut often = interval_at(Instant::now() + every, every);
        let received = self.receiver.receive(entry.delivery());
        pin!(received);
        loop {
            let tick = often.tick();
            pin!(tick);
            match futures_util::future::select(received.as_mut(), tick).await {
                futures_util::future::Either::Left((verdict, _)) => return verdict,
                futures_util::future::Either::Right(_) => self.touch(&entry.id).await,
            }
        }
    }
}

/// The connection on which new events are waited for, and its name at the server.
struct Reader {
    connection: MultiplexedConnection,
    id: u64,
}

impl Reader {
    async fn open(link: &Link) -> Result<Self> {
        let patience = BLOCK.saturating_add(link.options.deadline);
        let mut connection = link.own(patience).await?;
        let id = redis::cmd("CLIENT")
            .arg("ID")
            .query_async(&mut connection)
            .await;
        let id = id.map_err(error)?;
        Ok(Self { connection, id })
    }

    /// New events, at most so many.
    async fn read(
        &mut self,
        consumer: &Consumer,
        count: usize,
        patience: Duration,
    ) -> Result<Vec<Entry>> {
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(&consumer.group).arg(&consumer.group);
        read.arg("COUNT").arg(count);
        // No time at all would be for ever.
        let patience = u64::try_from(patience.as_millis()).unwrap_or(1).max(1);
        read.arg("BLOCK").arg(patience);
        read.arg("STREAMS").arg(&consumer.stream).arg(">");
        let answer = read.query_async(&mut self.connection).await;
        entry::new_entries(answer.map_err(error)?)
    }
}

/// Delivers events until this is to stop, and waits for those that are being handled.
pub(super) async fn deliver(consumer: Arc<Consumer>, mut stopping: Stopping) {
    let mut working = JoinSet::new();
    let (mut reader, mut failures) = (None, 0);
    let mut take_over_at = Instant::now();
    while !stopping.is_set() {
        while working.try_join_next().is_some() {}
        let free = consumer.concurrency.saturating_sub(working.len());
        if free == 0 {
            let _ = stopping.or(working.join_next()).await;
            continue;
        }
        let entries = if Instant::now() >= take_over_at {
            let taken = consumer.take_over(free).await;
            // Where there are more than can be handled now, they are next.
            if taken.as_ref().is_ok_and(|taken| taken.len() < free) {
                take_over_at = Instant::now() + consumer.redelivery;
            }
            taken
        } else {
            let until = take_over_at.saturating_duration_since(Instant::now());
            next(
                &consumer,
                &mut reader,
                free,
                until.min(BLOCK),
                &mut stopping,
            )
            .await
        };
        match entries {
            Ok(entries) => {
                failures = 0;
                for entry in entries {
                    let (consumer, stopping) = (Arc::clone(&consumer), stopping.clone());
                    working.spawn(handle(consumer, entry, stopping));
                }
            }
            Err(error) => {
                (reader, failures) = (None, failures + 1);
                recover(&consumer, &error).await;
                let _ = stopping.or(sleep(backoff::pause(failures))).await;
            }
        }
    }
    while working.join_next().await.is_some() {}
}

/// New events, or none when it is time to do something else.
async fn next(
    consumer: &Consumer,
    reader: &mut Option<Reader>,
    count: usize,
    patience: Duration,
    stopping: &mut Stopping,
) -> Result<Vec<Entry>> {
    let reader = match reader {
        Some(reader) => reader,
        None => reader.insert(Reader::open(&consumer.link).await?),
    };
    let id = reader.id;
    let read = reader.read(consumer, count, patience);
    pin!(read);
    match stopping.or(read.as_mut()).await {
        Some(entries) => entries,
        None => {
            // The server may be giving an event away at this moment, so the answer has to be seen.
            let mut unblock = redis::cmd("CLIENT");
            unblock.arg("UNBLOCK").arg(id);
            let unblocked = async {
                let _ = consumer.link.query::<Value>(&unblock).await;
                read.await
            };
            let entries = timeout(UNBLOCK, unblocked).await;
            entries.unwrap_or_else(|_| Ok(Vec::new()))
        }
    }
}

/// Says what is wrong, and makes the group anew where the server has lost it.
async fn recover(consumer: &Consumer, error: &Error) {
    let topic = &consumer.stream;
    warn!(topic, "no events come for now: {error}");
    if let Error::Failed(failure) = error
        && failure.code == "NOGROUP"
        && let Err(error) = consumer.join().await
    {
        warn!(topic, "the group cannot be made anew: {error}");
    }
}

/// Has an event handled, however often that takes.
async fn handle(consumer: Arc<Consumer>, mut entry: Entry, mut stopping: Stopping) {
    let mut given_back = 0;
    loop {
        if stopping.is_set() {
            return consumer.release(&entry.id).await;
        }
        match consumer.receive(&entry).await {
            Verdict::Success | Verdict::Drop => return consumer.acknowledge(&entry.id).await,
            Verdict::Retry => given_back += 1,
        }
        // Another may take it over meanwhile, if the pause is that long.
        let pause = backoff::pause(given_back + 2).min(consumer.patience / 3);
        if stopping.or(sleep(pause)).await.is_none() {
            return consumer.release(&entry.id).await;
        }
        match consumer.again(&entry.id, entry.attempt + 1).await {
            Some(again) => entry = again,
            None => return,
        }
    }
}
