//! Component files as users of Dapr have them choose Redis and NATS.

use std::fs;

use abide_dapr::host_async::{Lock as _, State as _};
use abide_dapr::state::{Consistency, Item};
use abide_dapr_host::{BlockKind, Dapr, files};
use abide_test_servers::{Nats as Version, Server, nats, redis, redis_cli};

use crate::started::block_on;

const REDIS: &str = include_str!("redis.yaml");
const NATS: &str = include_str!("nats.yaml");

/// A host with the components of a file.
async fn host(server: &Server, text: &str) -> Dapr {
    let path = server.folder().join("components.yaml");
    fs::write(&path, text.replace("ADDRESS", &server.address())).unwrap();
    let components = files::read(&path).await;
    let components = components.unwrap_or_else(|problems| panic!("{problems}"));
    Dapr::builder().components(components).build().unwrap()
}

async fn save(dapr: &Dapr, value: &[u8]) {
    let item = Item {
        key: "left".to_owned(),
        value: value.to_vec(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    };
    dapr.host("shop").save("store", vec![item]).await.unwrap();
}

#[test]
fn redis_is_chosen() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let dapr = host(&server, REDIS).await;
        let kinds: Vec<_> = dapr.components().map(|one| one.block().kind()).collect();
        let wanted = [
            BlockKind::State,
            BlockKind::PubSub,
            BlockKind::Lock,
            BlockKind::Configuration,
        ];
        assert_eq!(kinds, wanted);
        save(&dapr, b"7").await;
        // In the database that the file says, and for as long.
        let value = ["-n", "2", "HGET", "shop||left", "data"];
        assert_eq!(redis_cli(&server, &value), "7");
        let left = redis_cli(&server, &["-n", "2", "TTL", "shop||left"]);
        assert!((1..=600).contains(&left.parse::<i32>().unwrap()), "{left}");
        let locked = dapr.host("shop").try_lock("locks", "r", "me", 60).await;
        assert_eq!(locked, Ok(true));
        assert_eq!(redis_cli(&server, &["GET", "lock||shop||r"]), "me");
    });
}

#[test]
fn nats_is_chosen() {
    let Some(server) = nats(Version::Current) else {
        return;
    };
    block_on(async {
        let dapr = host(&server, NATS).await;
        save(&dapr, b"7").await;
        let mut shop = dapr.host("shop");
        let got = shop.get("store", "left", Consistency::Strong, Vec::new());
        assert_eq!(got.await.unwrap().unwrap().value, b"7");
        let locked = dapr.host("shop").try_lock("locks", "r", "me", 60).await;
        assert_eq!(locked, Ok(true));
    });
}

#[test]
fn what_is_not_there_is_refused() {
    let Some(server) = redis() else {
        return;
    };
    block_on(async {
        let path = server.folder().join("bad.yaml");
        let bad = REDIS.replacen("value: \"2\"", "value: two", 1);
        let bad = bad.replacen("\"false\"", "\"perhaps\"", 1);
        fs::write(&path, bad.replacen("redisUsername", "redisCluster", 1)).unwrap();
        let problems = files::read(&path).await.unwrap_err().to_string();
        let problems = problems.replace(&format!("{}:", path.display()), "");
        let wanted = [
            "`enableTLS` is `perhaps` and not `true` or `false`",
            "`redisDB` is `two` and not the number of a database",
            "`state.redis` has no `redisCluster` here",
        ];
        for wanted in wanted {
            assert!(problems.contains(wanted), "{problems}");
        }
        assert_eq!(problems.lines().count(), wanted.len(), "{problems}");
    });
}
