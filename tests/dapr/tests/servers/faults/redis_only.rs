//! What only Redis has: configuration that is followed through trouble, and locks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_dapr::configuration::Item;
use abide_dapr_host::blocks::{ConfigurationStore as _, Follower, LockStore as _};
use abide_test_servers::{redis, redis_cli};
use async_trait::async_trait;
use parking_lot::Mutex;

use super::{RECOVERY, pause, until_well};
use crate::started::{block_on, redis_at};

#[derive(Default)]
struct Told(Mutex<Vec<(String, Item)>>);

#[async_trait]
impl Follower for Told {
    async fn changed(&self, items: Vec<(String, Item)>) {
        self.0.lock().extend(items);
    }
}

impl Told {
    async fn wait(&self, key: &str, value: &str) {
        let since = Instant::now();
        let is_it = |(told, item): &(String, Item)| told == key && item.value == value;
        while !self.0.lock().last().is_some_and(is_it) {
            assert!(since.elapsed() < RECOVERY, "{:?}", self.0.lock());
            pause(10).await;
        }
    }
}

#[test]
fn changes_are_told_of_also_after_trouble() {
    let Some(mut server) = redis() else {
        return;
    };
    block_on(async {
        let settings = redis_at(&server).settings();
        redis_cli(&server, &["SET", "colour", "red||1"]);
        let told = Arc::new(Told::default());
        let keys = vec!["colour".to_owned()];
        let running = settings.subscribe(keys, Vec::new(), told.clone());
        let running = running.await.unwrap();
        redis_cli(&server, &["SET", "other", "x"]);
        redis_cli(&server, &["SET", "colour", "green||2"]);
        told.wait("colour", "green").await;
        assert_eq!(told.0.lock()[0].1.version, "2");
        redis_cli(&server, &["DEL", "colour"]);
        told.wait("colour", "").await;
        assert_eq!(told.0.lock().len(), 2);
        server.restart();
        // Nobody may be listening yet: it is found when somebody does.
        redis_cli(&server, &["SET", "colour", "blue||3"]);
        told.wait("colour", "blue").await;
        redis_cli(&server, &["SET", "colour", "black"]);
        told.wait("colour", "black").await;
        running.stop(Duration::from_secs(5)).await;
    });
}

#[test]
fn locks_are_held_through_trouble() {
    let Some(mut server) = redis() else {
        return;
    };
    block_on(async {
        let locks = redis_at(&server).locks();
        let long = Duration::from_secs(60);
        assert_eq!(locks.try_lock("r", "me", long).await, Ok(true));
        server.restart();
        let taken = until_well(|| locks.try_lock("r", "other", long)).await;
        assert!(!taken);
    });
}
