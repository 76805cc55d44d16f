//! What is in Redis is what Dapr's sidecar puts there and looks for: each way round, with
//! `redis-cli` in place of the sidecar.

use std::time::Duration;

use abide_dapr::app::{Event, Verdict};
use abide_dapr::lock::Unlocked;
use abide_dapr::state::Consistency;
use abide_dapr_host::Error;
use abide_dapr_host::blocks::{
    Condition, ConfigurationStore as _, Delivery, LockStore as _, Payload, PubSub as _,
    Publication, Read, Receiver, Set, StateStore as _, Subscribe,
};
use abide_test_servers::{Server, redis, redis_cli};
use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::started::{block_on, redis_at};

/// How Dapr writes a value: the script of its state store.
const DAPRS_SET: &str = r#"
    local etag = redis.pcall("HGET", KEYS[1], "version");
    if type(etag) == "table" then redis.call("DEL", KEYS[1]); end;
    local fwr = redis.pcall("HGET", KEYS[1], "first-write");
    if not etag or type(etag)=="table" or etag == "" or etag == ARGV[1]
        or (not fwr and ARGV[1] == "0") then
      redis.call("HSET", KEYS[1], "data", ARGV[2]);
      if ARGV[3] == "0" then redis.call("HSET", KEYS[1], "first-write", 0); end;
      return redis.call("HINCRBY", KEYS[1], "version", 1)
    else
      return "refused"
    end"#;

fn dapr_sets(server: &Server, etag: &str, value: &str) -> String {
    let set = ["EVAL", DAPRS_SET, "1", "app||key", etag, value, "1"];
    redis_cli(server, &set)
}

fn read() -> Read {
    Read {
        consistency: Consistency::Unspecified,
        metadata: Vec::new(),
    }
}

fn set(value: &str, condition: Condition, ttl: Option<Duration>) -> Set {
    Set {
        key: "app||key".to_owned(),
        value: value.as_bytes().to_vec(),
        condition,
        consistency: Consistency::Unspecified,
        ttl,
        metadata: Vec::new(),
    }
}

#[test]
fn state_is_daprs() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let state = redis_at(&server).state();
        // What Dapr writes is read, and has its version for an etag.
        assert_eq!(dapr_sets(&server, "0", "one"), "1");
        let found = state.get("app||key", &read()).await.unwrap().unwrap();
        assert_eq!((&*found.value, &*found.etag), (&b"one"[..], "1"));
        // What is written here is what Dapr reads.
        let is_one = Condition::Version("1".to_owned());
        state.set(set("two", is_one.clone(), None)).await.unwrap();
        let hash = redis_cli(&server, &["HMGET", "app||key", "data", "version"]);
        assert_eq!(hash, "two\n2");
        let stale = state.set(set("three", is_one, None)).await;
        assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
        assert_eq!(dapr_sets(&server, "1", "three"), "refused");
        assert_eq!(dapr_sets(&server, "2", "three"), "3");
        // Ends are Redis' own.
        let short = Some(Duration::from_secs(100));
        state.set(set("four", Condition::Any, short)).await.unwrap();
        let left: u32 = redis_cli(&server, &["TTL", "app||key"]).parse().unwrap();
        assert!((90..=100).contains(&left), "{left}");
        let found = state.get("app||key", &read()).await.unwrap().unwrap();
        assert_eq!(found.metadata[0].0, "ttlExpireTime");
        state.set(set("five", Condition::Any, None)).await.unwrap();
        assert_eq!(redis_cli(&server, &["TTL", "app||key"]), "-1");
        // The first write wins for Dapr, too.
        redis_cli(&server, &["DEL", "app||key"]);
        state
            .set(set("six", Condition::Absent, None))
            .await
            .unwrap();
        assert_eq!(dapr_sets(&server, "0", "seven"), "refused");
        let again = state.set(set("seven", Condition::Absent, None)).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        // Texts as old sidecars wrote them.
        redis_cli(&server, &["SET", "app||key", "old"]);
        let found = state.get("app||key", &read()).await.unwrap().unwrap();
        assert_eq!((&*found.value, &*found.etag), (&b"old"[..], "0"));
        state.set(set("new", Condition::Any, None)).await.unwrap();
        assert_eq!(redis_cli(&server, &["HGET", "app||key", "data"]), "new");
    });
}

#[test]
fn a_version_does_not_come_again() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let state = redis_at(&server).state();
        state.set(set("one", Condition::Any, None)).await.unwrap();
        let old = state.get("app||key", &read()).await.unwrap().unwrap();
        redis_cli(&server, &["DEL", "app||key"]);
        state.set(set("two", Condition::Any, None)).await.unwrap();
        let stale = set("three", Condition::Version(old.etag), None);
        let stale = state.set(stale).await;
        assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
    });
}

struct Sent(mpsc::UnboundedSender<Delivery>);

#[async_trait]
impl Receiver for Sent {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        let _ = self.0.send(delivery);
        Verdict::Success
    }
}

#[test]
fn events_are_daprs() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let broker = redis_at(&server).broker();
        // A sidecar has published before anybody subscribed.
        let published = ["XADD", "orders", "*", "data", r#"{"id":"1"}"#, "metadata"];
        redis_cli(&server, &[&published[..], &[r#"{"a":"b"}"#]].concat());
        let (sent, mut received) = mpsc::unbounded_channel();
        let to = Subscribe {
            topic: "orders".to_owned(),
            group: "app".to_owned(),
            raw: false,
            concurrency: 1,
            metadata: Vec::new(),
        };
        let running = broker.subscribe(to, std::sync::Arc::new(Sent(sent)));
        let running = running.await.unwrap();
        let delivery = received.recv().await.unwrap();
        assert_eq!(delivery.payload, Payload::Bytes(br#"{"id":"1"}"#.to_vec()));
        assert_eq!(delivery.metadata, [("a".to_owned(), "b".to_owned())]);
        assert_eq!(delivery.attempt, 1);
        let event = Event {
            id: "2".to_owned(),
            source: "app".to_owned(),
            kind: "com.dapr.event.sent".to_owned(),
            spec_version: "1.0".to_owned(),
            topic: "orders".to_owned(),
            pubsub: "pubsub".to_owned(),
            path: String::new(),
            content_type: "text/plain".to_owned(),
            data: b"raw".to_vec(),
            extensions: Vec::new(),
        };
        let publication = Publication {
            event,
            raw: true,
            ttl: None,
            metadata: vec![("rawPayload".to_owned(), "true".to_owned())],
        };
        broker.publish("orders", publication).await.unwrap();
        let delivery = received.recv().await.unwrap();
        assert_eq!(delivery.payload, Payload::Bytes(b"raw".to_vec()));
        let entry = redis_cli(&server, &["XREVRANGE", "orders", "+", "-", "COUNT", "1"]);
        let fields: Vec<_> = entry.lines().skip(1).collect();
        let wanted = ["metadata", r#"{"rawPayload":"true"}"#, "data", "raw"];
        assert_eq!(fields, wanted);
        running.stop(Duration::from_secs(5)).await;
        // The group is the application, and has nothing left.
        let pending = redis_cli(&server, &["XPENDING", "orders", "app"]);
        assert_eq!(pending.lines().next(), Some("0"));
    });
}

#[test]
fn locks_and_configuration_are_daprs() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let redis = redis_at(&server);
        let (locks, settings) = (redis.locks(), redis.settings());
        let minute = Duration::from_secs(60);
        assert_eq!(locks.try_lock("lock||app||r", "me", minute).await, Ok(true));
        assert_eq!(redis_cli(&server, &["GET", "lock||app||r"]), "me");
        let held = ["SET", "lock||app||s", "sidecar", "NX", "EX", "60"];
        redis_cli(&server, &held);
        assert_eq!(
            locks.try_lock("lock||app||s", "me", minute).await,
            Ok(false)
        );
        let unlocked = locks.unlock("lock||app||s", "me").await;
        assert_eq!(unlocked, Ok(Unlocked::OfAnother));
        redis_cli(&server, &["FLUSHALL"]);
        redis_cli(&server, &["SET", "colour", "red||v1"]);
        redis_cli(&server, &["HSET", "no-item", "a", "b"]);
        for keys in [vec![], vec!["colour".to_owned(), "no-item".to_owned()]] {
            let items = settings.get(&keys, &Vec::new()).await.unwrap();
            let (key, item) = &items[0];
            assert_eq!(items.len(), 1);
            assert_eq!(
                (&**key, &*item.value, &*item.version),
                ("colour", "red", "v1")
            );
        }
    });
}
