//! What a write that has to be kept by most waits for: the replicas of a server.

use std::time::{Duration, Instant};

use abide_dapr::state::Consistency;
use abide_dapr_host::Error;
use abide_dapr_host::blocks::{Condition, Set, StateStore as _};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_test_servers::{Server, redis_cli, redis_with};

use crate::started::block_on;

fn set(value: &str, consistency: Consistency) -> Set {
    Set {
        key: "app||k".to_owned(),
        value: value.as_bytes().to_vec(),
        condition: Condition::Any,
        consistency,
        ttl: None,
        metadata: Vec::new(),
    }
}

/// A server that does not wait for more replicas when it gets one.
fn master() -> Option<Server> {
    redis_with(&["--repl-diskless-sync-delay", "0"])
}

/// A server that has all that another has.
fn replica(of: &Server) -> Option<Server> {
    let (host, port) = of
        .address()
        .split_once(':')
        .map(|(host, port)| (host.to_owned(), port.to_owned()))?;
    redis_with(&["--replicaof", &host, &port])
}

/// Waits until a server has so many replicas that keep up.
fn until_replicas(server: &Server, count: usize) {
    let since = Instant::now();
    let is_online = |line: &&str| line.starts_with("slave") && line.contains("state=online");
    loop {
        let told = redis_cli(server, &["INFO", "replication"]);
        if told.lines().filter(is_online).count() == count {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{told}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn value(server: &Server) -> String {
    redis_cli(server, &["HGET", "app||k", "data"])
}

#[test]
fn a_strong_write_is_at_most_of_the_machines() {
    let Some(master) = master() else {
        return;
    };
    let state = Redis::new(RedisOptions::new(master.address())).state();
    block_on(async {
        // Alone, it is most of the machines.
        state.set(set("0", Consistency::Strong)).await.unwrap();
        let Some(first) = replica(&master) else {
            return;
        };
        until_replicas(&master, 1);
        for n in 1..=50 {
            let n = n.to_string();
            state.set(set(&n, Consistency::Strong)).await.unwrap();
            assert_eq!(value(&first), n, "the replica did not have it");
        }
        // A replica that stands still does not have it, and is waited for no longer than a second.
        first.pause();
        let since = Instant::now();
        let refused = state.set(set("lost", Consistency::Strong)).await;
        assert_eq!(refused, Err(Error::Timeout));
        assert!(
            since.elapsed() < Duration::from_secs(4),
            "{:?}",
            since.elapsed()
        );
        // Others do not wait, neither then nor meanwhile.
        state.set(set("weak", Consistency::Eventual)).await.unwrap();
        assert_eq!(value(&master), "weak");
        // Of two replicas one is enough: with the master, it is most of three.
        let second = replica(&master).unwrap();
        until_replicas(&master, 2);
        state.set(set("most", Consistency::Strong)).await.unwrap();
        assert_eq!(value(&second), "most");
        first.resume();
        drop(second);
        until_replicas(&master, 1);
        state.set(set("last", Consistency::Strong)).await.unwrap();
        assert_eq!(value(&first), "last");
    });
}

/// What is read at a replica is what it has; writing there is refused, and not by its name.
#[test]
fn a_replica_takes_no_writes() {
    let Some(master) = master() else {
        return;
    };
    block_on(async {
        let at_master = Redis::new(RedisOptions::new(master.address())).state();
        let Some(replica) = replica(&master) else {
            return;
        };
        until_replicas(&master, 1);
        at_master.set(set("1", Consistency::Strong)).await.unwrap();
        let state = Redis::new(RedisOptions::new(replica.address())).state();
        let read = abide_dapr_host::blocks::Read {
            consistency: Consistency::Eventual,
            metadata: Vec::new(),
        };
        let found = state.get("app||k", &read).await.unwrap();
        assert_eq!(found.unwrap().value, b"1");
        let refused = state.set(set("2", Consistency::Unspecified)).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    });
}
