//! Subscribers that are killed in the middle of their events, as processes: what they had and had not
//! handled comes to the next one, and nothing is lost.
//!
//! The process is this program, as the test `subscriber`, which does nothing when it is a test.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_dapr::app::{Event, Verdict};
use abide_dapr_host::blocks::{Delivery, Payload, PubSub, Publication, Receiver, Subscribe};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_dapr_tests::Random;
use async_trait::async_trait;

use crate::started::{DEADLINE, Started, block_on, on_current_nats, on_old_nats, on_redis};

const CHILD: &str = "ABIDE_DAPR_SUBSCRIBER";
const TOPIC: &str = "orders";
/// How many events there are.
const EVENTS: usize = 400;
/// How often a subscriber is killed.
const KILLED: usize = 6;
/// How long it may take until the last one has all that is left.
const RECOVERY: Duration = Duration::from_secs(60);

/// A broker at an address, as those of the parent are.
fn broker(kind: &str, address: &str) -> Arc<dyn PubSub> {
    match kind {
        "redis" => {
            let redis = Redis::new(RedisOptions::new(address).deadline(DEADLINE));
            let broker = redis.broker().patience(DEADLINE);
            Arc::new(broker.redelivery(Duration::from_millis(100)))
        }
        _ => {
            let nats = Nats::new(NatsOptions::new(address).deadline(DEADLINE));
            Arc::new(nats.broker().patience(DEADLINE))
        }
    }
}

/// Takes a while for each event, and says when it is done, which is before the broker is told.
struct Saying;

#[async_trait]
impl Receiver for Saying {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        let Payload::Bytes(bytes) = delivery.payload else {
            return Verdict::Drop;
        };
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut out = std::io::stdout().lock();
        let id = String::from_utf8_lossy(&bytes);
        match writeln!(out, "done {id}").and_then(|()| out.flush()) {
            Ok(()) => Verdict::Success,
            Err(_) => Verdict::Retry,
        }
    }
}

fn subscribe() -> Subscribe {
    Subscribe {
        topic: TOPIC.to_owned(),
        group: "app".to_owned(),
        raw: true,
        concurrency: 8,
        metadata: Vec::new(),
    }
}

/// Handles events without an end.
#[test]
fn subscriber() {
    let Ok(place) = std::env::var(CHILD) else {
        return;
    };
    let (kind, address) = place.split_once(' ').unwrap();
    block_on(async {
        let broker = broker(kind, address);
        let subscribed = broker.subscribe(subscribe(), Arc::new(Saying));
        let _running = subscribed.await.unwrap();
        std::future::pending::<()>().await;
    });
}

/// A process that handles events, and what it says it has handled. It is killed after so many.
fn killed_after(place: &str, count: usize, random: &mut Random) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::subscriber", "--nocapture"])
        .env(CHILD, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut done = lines
        .map_while(Result::ok)
        .filter_map(|line| Some(line.split_once("done ")?.1.to_owned()));
    let mut all: Vec<_> = done.by_ref().take(count).collect();
    assert_eq!(all.len(), count, "the subscriber ended by itself");
    std::thread::sleep(Duration::from_micros(random.below(20_000) as u64));
    child.kill().unwrap();
    child.wait().unwrap();
    // It may have said more.
    all.extend(done);
    all
}

fn publication(id: &str) -> Publication {
    Publication {
        event: Event {
            id: id.to_owned(),
            source: "test".to_owned(),
            kind: "test".to_owned(),
            spec_version: "1.0".to_owned(),
            topic: TOPIC.to_owned(),
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

/// The last subscriber, in this process.
#[derive(Default)]
struct Rest(parking_lot::Mutex<BTreeSet<String>>);

#[async_trait]
impl Receiver for Rest {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        if let Payload::Bytes(bytes) = delivery.payload {
            let id = String::from_utf8_lossy(&bytes).into_owned();
            self.0.lock().insert(id);
        }
        Verdict::Success
    }
}

fn nothing_is_lost(kind: &str, started: Option<Started>) {
    let Some(started) = started else {
        return;
    };
    let place = format!("{kind} {}", started.server.address());
    let mut random = Random::new();
    block_on(async {
        // The group is there from now on.
        let first = started
            .broker
            .subscribe(subscribe(), Arc::new(Rest::default()));
        drop(first.await.unwrap());
        for number in 0..EVENTS {
            let published = started
                .broker
                .publish(TOPIC, publication(&number.to_string()));
            published.await.unwrap();
        }
    });
    let mut done = BTreeSet::new();
    for _ in 0..KILLED {
        let count = 1 + random.below(30);
        done.extend(killed_after(&place, count, &mut random));
    }
    assert!(
        done.len() < EVENTS,
        "none were left to be handled after a kill"
    );
    block_on(async {
        let rest = Arc::new(Rest::default());
        // Connections end with the runtime that they are of.
        let broker = broker(kind, &started.server.address());
        let subscribed = broker.subscribe(subscribe(), rest.clone());
        let running = subscribed.await.unwrap();
        let wanted: BTreeSet<_> = (0..EVENTS).map(|number| number.to_string()).collect();
        let since = Instant::now();
        loop {
            let all: BTreeSet<_> = done.union(&rest.0.lock()).cloned().collect();
            if all == wanted {
                break;
            }
            let lost: Vec<_> = wanted.difference(&all).collect();
            assert!(since.elapsed() < RECOVERY, "lost: {lost:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        running.stop(Duration::from_secs(5)).await;
    });
}

#[test]
fn subscribers_of_redis() {
    nothing_is_lost("redis", on_redis());
}

#[test]
fn subscribers_of_an_old_nats() {
    nothing_is_lost("nats", on_old_nats());
}

#[test]
fn subscribers_of_a_current_nats() {
    nothing_is_lost("nats", on_current_nats());
}
