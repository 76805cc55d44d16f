//! The events that wait for a group, and how they get to its subscribers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::Verdict;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::Journal;
use crate::blocks::{Delivery, Payload, Receiver, Subscribe};
use crate::running::Stopping;

/// How long an event stays away that its receiver gave back.
const PAUSE: Duration = Duration::from_millis(100);

/// An event that waits.
pub(super) struct Queued {
    seq: u64,
    bytes: Arc<[u8]>,
    /// How often it was delivered.
    deliveries: u32,
}

impl Queued {
    pub(super) fn new(seq: u64, bytes: Arc<[u8]>) -> Self {
        Self {
            seq,
            bytes,
            deliveries: 0,
        }
    }
}

/// The events that wait for a group, which all of its subscribers take from.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<Queued>>,
    more: Notify,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.lock().len()
    }

    pub(super) fn push(&self, queued: Queued) {
        self.waiting.lock().push_back(queued);
        self.more.notify_one();
    }

    fn give_back(&self, queued: Queued) {
        self.waiting.lock().push_front(queued);
        self.more.notify_one();
    }

    fn pop(&self) -> Option<Queued> {
        self.waiting.lock().pop_front()
    }
}

/// An event that a subscriber has. Dropped on the way, it waits again.
struct InHand {
    queue: Arc<Queue>,
    queued: Option<Queued>,
}

impl Drop for InHand {
    fn drop(&mut self) {
        if let Some(queued) = self.queued.take() {
            self.queue.give_back(queued);
        }
    }
}

/// Delivers events to a subscriber until it is told to stop, and waits for those that it has.
pub(super) async fn deliver(
    queue: Arc<Queue>,
    to: Subscribe,
    receiver: Arc<dyn Receiver>,
    journal: Option<Arc<dyn Journal>>,
    mut stopping: Stopping,
) {
    let to = Arc::new(to);
    let mut working = JoinSet::new();
    loop {
        while working.try_join_next().is_some() {}
        if working.len() >= to.concurrency {
            if stopping.or(working.join_next()).await.is_none() {
                break;
            }
            continue;
        }
        if stopping.is_set() {
            break;
        }
        let Some(mut queued) = queue.pop() else {
            if stopping.or(queue.more.notified()).await.is_none() {
                break;
            }
            continue;
        };
        queued.deliveries += 1;
        let hand = InHand {
            queue: Arc::clone(&queue),
            queued: Some(queued),
        };
        let (to, receiver, journal) = (Arc::clone(&to), Arc::clone(&receiver), journal.clone());
        working.spawn(one(hand, to, receiver, journal));
    }
    // Whatever this was told last is told to another subscriber of the group.
    queue.more.notify_one();
    while working.join_next().await.is_some() {}
}

async fn one(
    mut hand: InHand,
    to: Arc<Subscribe>,
    receiver: Arc<dyn Receiver>,
    journal: Option<Arc<dyn Journal>>,
) {
    let Some(queued) = &hand.queued else {
        return;
    };
    let (seq, delivery) = (
        queued.seq,
        Delivery {
            payload: Payload::Bytes(queued.bytes.to_vec()),
            attempt: queued.deliveries,
            metadata: Vec::new(),
        },
    );
    match receiver.receive(delivery).await {
        Verdict::Retry => tokio::time::sleep(PAUSE).await,
        Verdict::Success | Verdict::Drop => {
            hand.queued = None;
            if let Some(journal) = journal {
                journal.done(&to.topic, &to.group, seq).await;
            }
        }
    }
}
