//! A broker in this process: a queue for each group of each topic.

mod journal;
mod queue;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;

pub(super) use self::journal::Journal;
#[cfg(feature = "redb")]
pub(super) use self::journal::Pending;
use self::queue::{Queue, Queued};
use crate::blocks::{PubSub, Publication, Receiver, Subscribe};
use crate::failure::{Error, Result, failed};
use crate::running::Running;

/// How many events wait in a queue at most where nobody says.
const CAPACITY: usize = 1 << 16;

/// A broker in this process. Clones are the same broker.
///
/// A group that has subscribed keeps its queue, also while no subscriber of it is there. A topic
/// without a group forgets its events. A queue that is full refuses them.
#[derive(Clone)]
pub struct Broker(Arc<Shared>);

type Groups = BTreeMap<String, Arc<Queue>>;

struct Shared {
    topics: Mutex<BTreeMap<String, Groups>>,
    capacity: usize,
    next: AtomicU64,
    /// Where events are until they are handled, if they are to outlive this process.
    journal: Option<Arc<dyn Journal>>,
}

impl Default for Broker {
    fn default() -> Self {
        Self::new()
    }
}

impl Broker {
    /// A broker in memory: events end with the process.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// One whose queues hold so many events.
    pub fn with_capacity(events: usize) -> Self {
        Self(Arc::new(Shared {
            topics: Mutex::default(),
            capacity: events,
            next: AtomicU64::new(1),
            journal: None,
        }))
    }

    /// One that goes on where a journal ends.
    #[cfg(feature = "redb")]
    pub(super) fn from_journal(journal: Arc<dyn Journal>, pending: Vec<Pending>) -> Self {
        let mut topics = BTreeMap::<String, Groups>::new();
        let mut next = 1;
        for Pending {
            topic,
            group,
            events,
        } in pending
        {
            let queue = Arc::new(Queue::new());
            for (seq, bytes) in events {
                next = next.max(seq + 1);
                queue.push(Queued::new(seq, bytes.into()));
            }
            topics.entry(topic).or_default().insert(group, queue);
        }
        Self(Arc::new(Shared {
            topics: Mutex::new(topics),
            capacity: CAPACITY,
            next: AtomicU64::new(next),
            journal: Some(journal),
        }))
    }

    /// How many events wait for a group of a topic.
    pub fn waiting(&self, topic: &str, group: &str) -> usize {
        let topics = self.0.topics.lock();
        let queue = topics.get(topic).and_then(|groups| groups.get(group));
        queue.map_or(0, |queue| queue.len())
    }
}

impl Shared {
    fn groups(&self, topic: &str) -> Groups {
        self.topics.lock().get(topic).cloned().unwrap_or_default()
    }

    async fn publish(&self, topic: &str, bytes: Vec<u8>) -> Result<()> {
        let groups = self.groups(topic);
        if groups.is_empty() {
            return Ok(());
        }
        for (group, queue) in &groups {
            if queue.len() >= self.capacity {
                let text = format!("the queue of `{group}` for `{topic}` is full");
                return Err(Error::Unavailable(text));
            }
        }
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        let bytes: Arc<[u8]> = bytes.into();
        if let Some(journal) = &self.journal {
            let names = groups.keys().cloned().collect();
            journal.keep(topic, names, seq, Arc::clone(&bytes)).await?;
        }
        for queue in groups.values() {
            queue.push(Queued::new(seq, Arc::clone(&bytes)));
        }
        Ok(())
    }
}

#[async_trait]
impl PubSub for Broker {
    async fn publish(&self, topic: &str, publication: Publication) -> Result<()> {
        let (shared, bytes) = (Arc::clone(&self.0), publication.into_bytes());
        if shared.journal.is_none() {
            return shared.publish(topic, bytes).await;
        }
        // What is in the journal has to get to the queues, whoever gives up meanwhile.
        let topic = topic.to_owned();
        let published = tokio::spawn(async move { shared.publish(&topic, bytes).await });
        published
            .await
            .unwrap_or_else(|error| Err(failed("INTERNAL", error)))
    }

    async fn subscribe(&self, to: Subscribe, receiver: Arc<dyn Receiver>) -> Result<Running> {
        let shared = &self.0;
        if let Some(journal) = &shared.journal {
            journal.add_group(&to.topic, &to.group).await?;
        }
        let queue = {
            let mut topics = shared.topics.lock();
            let groups = topics.entry(to.topic.clone()).or_default();
            Arc::clone(groups.entry(to.group.clone()).or_default())
        };
        let done = shared.journal.clone();
        Ok(Running::spawn(|stopping| {
            queue::deliver(queue, to, receiver, done, stopping)
        }))
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_kept = self.0.journal.is_some();
        f.debug_struct("Broker")
            .field("is_kept", &is_kept)
            .finish_non_exhaustive()
    }
}
