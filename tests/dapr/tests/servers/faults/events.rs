//! Events on a server in trouble, and to subscribers in trouble.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use abide_dapr::app::{Event, Verdict};
use abide_dapr_host::blocks::{Delivery, Payload, Publication, Receiver, Subscribe};
use async_trait::async_trait;
use parking_lot::Mutex;

use super::{GoesOn, RECOVERY, check, pause, trouble};
use crate::started::{DEADLINE, Started};

/// A subscriber that knows what it had, and how often.
#[derive(Default)]
struct Collected {
    seen: Mutex<BTreeMap<String, Vec<u32>>>,
    takes: Duration,
}

impl Collected {
    fn taking(takes: Duration) -> Arc<Self> {
        let seen = Mutex::default();
        Arc::new(Self { seen, takes })
    }

    fn ids(&self) -> BTreeSet<String> {
        self.seen.lock().keys().cloned().collect()
    }
}

#[async_trait]
impl Receiver for Collected {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        let Payload::Bytes(bytes) = delivery.payload else {
            return Verdict::Drop;
        };
        let id = String::from_utf8(bytes).unwrap();
        let first = {
            let mut seen = self.seen.lock();
            let attempts = seen.entry(id.clone()).or_default();
            attempts.push(delivery.attempt);
            attempts.len() == 1
        };
        tokio::time::sleep(self.takes).await;
        // Each tenth is given back once.
        match first && id.ends_with('7') {
            true => Verdict::Retry,
            false => Verdict::Success,
        }
    }
}

fn subscribe(topic: &str) -> Subscribe {
    Subscribe {
        topic: topic.to_owned(),
        group: "app".to_owned(),
        raw: true,
        concurrency: 8,
        metadata: Vec::new(),
    }
}

fn publication(topic: &str, id: &str) -> Publication {
    Publication {
        event: Event {
            id: id.to_owned(),
            source: "test".to_owned(),
            kind: "test".to_owned(),
            spec_version: "1.0".to_owned(),
            topic: topic.to_owned(),
            pubsub: "pubsub".to_owned(),
            path: String::new(),
            content_type: "text/plain".to_owned(),
            data: id.as_bytes().to_vec(),
            extensions: Vec::new(),
        },
        raw: true,
        ttl: None,
        metadata: Vec::new(),
    }
}

pub(super) async fn acknowledged_events_are_delivered(mut started: Started) {
    let collected = Collected::taking(Duration::from_millis(1));
    let running = started
        .broker
        .subscribe(subscribe("orders"), collected.clone());
    let running = running.await.unwrap();
    let goes_on = GoesOn::new();
    let count = Arc::new(AtomicUsize::new(0));
    let publishers = (0..3).map(|publisher| {
        let (broker, goes_on) = (started.broker.clone(), goes_on.clone());
        let count = Arc::clone(&count);
        tokio::spawn(async move {
            let (mut acknowledged, mut failures) = (Vec::new(), 0);
            for number in 0.. {
                if !goes_on.is() {
                    break;
                }
                let id = format!("{publisher}/{number}");
                let since = Instant::now();
                let published = broker.publish("orders", publication("orders", &id)).await;
                check(&published, since);
                match published {
                    Ok(()) => {
                        count.fetch_add(1, Ordering::Relaxed);
                        acknowledged.push(id);
                    }
                    Err(_) => failures += 1,
                }
                pause(5).await;
            }
            (acknowledged, failures)
        })
    });
    let publishers: Vec<_> = publishers.collect();
    trouble(&mut started).await;
    // Some are published after all the trouble, however long a line that was cut takes to be used again.
    let (before, since) = (count.load(Ordering::Relaxed), Instant::now());
    while count.load(Ordering::Relaxed) < before + 100 {
        assert!(since.elapsed() < RECOVERY, "it stays so");
        pause(50).await;
    }
    goes_on.end();
    let mut acknowledged = BTreeSet::new();
    for publisher in publishers {
        let (ids, failures) = publisher.await.unwrap();
        assert!(failures > 0, "there was no trouble");
        acknowledged.extend(ids);
    }
    let since = Instant::now();
    while !acknowledged.is_subset(&collected.ids()) {
        let lost: Vec<_> = acknowledged.difference(&collected.ids()).cloned().collect();
        assert!(since.elapsed() < RECOVERY, "lost: {lost:?}");
        pause(50).await;
    }
    assert!(!running.is_over());
    running.stop(Duration::from_secs(5)).await;
}

pub(super) async fn what_a_subscriber_leaves_behind_comes_again(started: Started) {
    // It never gets done with anything.
    let first = Collected::taking(Duration::from_secs(3_600));
    let running = started.broker.subscribe(subscribe("orders"), first.clone());
    let running = running.await.unwrap();
    for id in ["a", "b", "c"] {
        let published = started.broker.publish("orders", publication("orders", id));
        published.await.unwrap();
    }
    let since = Instant::now();
    while first.ids().len() < 3 {
        assert!(since.elapsed() < RECOVERY, "{:?}", first.ids());
        pause(10).await;
    }
    drop(running);
    let second = Collected::taking(Duration::ZERO);
    let running = started
        .broker
        .subscribe(subscribe("orders"), second.clone());
    let running = running.await.unwrap();
    let since = Instant::now();
    while second.ids().len() < 3 {
        assert!(since.elapsed() < RECOVERY, "{:?}", second.ids());
        pause(10).await;
    }
    let attempts = second.seen.lock().clone();
    let is_told = attempts.values().all(|attempts| attempts[0] >= 2);
    assert!(is_told, "{attempts:?}");
    running.stop(Duration::from_secs(5)).await;
}

pub(super) async fn work_that_takes_long_is_done_once(started: Started) {
    // Longer than others are patient.
    let collected = Collected::taking(3 * DEADLINE);
    let both = [(); 2].map(|()| {
        let subscribed = started
            .broker
            .subscribe(subscribe("orders"), collected.clone());
        async { subscribed.await.unwrap() }
    });
    let [one, other] = both;
    let (one, other) = (one.await, other.await);
    let published = started.broker.publish("orders", publication("orders", "x"));
    published.await.unwrap();
    pause(5_000).await;
    let seen = collected.seen.lock().clone();
    assert_eq!(seen["x"], [1], "{seen:?}");
    one.stop(Duration::from_secs(5)).await;
    other.stop(Duration::from_secs(5)).await;
}
