//! State on a server in trouble.

use std::time::{Duration, Instant};

use abide_dapr::state::Consistency;
use abide_dapr_host::Error;
use abide_dapr_host::blocks::{Condition, Read, Set};

use super::{GoesOn, check, pause, trouble, until_well};
use crate::started::{DEADLINE, Started};

/// How many write at a time.
const WRITERS: usize = 4;

fn read() -> Read {
    Read {
        consistency: Consistency::Strong,
        metadata: Vec::new(),
    }
}

fn set(key: &str, value: u64) -> Set {
    Set {
        key: key.to_owned(),
        value: value.to_string().into_bytes(),
        condition: Condition::Any,
        consistency: Consistency::Unspecified,
        ttl: None,
        metadata: Vec::new(),
    }
}

pub(super) async fn one_that_is_down_is_unavailable(mut started: Started) {
    started.state.set(set("app||key", 1)).await.unwrap();
    started.server.kill();
    pause(200).await;
    for _ in 0..20 {
        let since = Instant::now();
        let got = started.state.get("app||key", &read()).await;
        assert!(matches!(got, Err(Error::Unavailable(_))), "{got:?}");
        assert!(since.elapsed() < DEADLINE, "{:?}", since.elapsed());
    }
    started.server.restart();
    let found = until_well(|| started.state.get("app||key", read_once())).await;
    assert_eq!(found.unwrap().value, b"1");
}

/// One to borrow from whoever asks again and again.
fn read_once() -> &'static Read {
    static READ: std::sync::OnceLock<Read> = std::sync::OnceLock::new();
    READ.get_or_init(read)
}

pub(super) async fn one_that_stands_still_is_a_timeout(started: Started) {
    started.state.set(set("app||key", 1)).await.unwrap();
    started.silence();
    let since = Instant::now();
    let got = started.state.get("app||key", &read()).await;
    assert_eq!(got, Err(Error::Timeout));
    check(&got, since);
    for _ in 0..5 {
        let since = Instant::now();
        let written = started.state.set(set("app||key", 2)).await;
        assert!(written.is_err());
        check(&written, since);
    }
    started.speak();
    until_well(|| started.state.set(set("app||key", 3))).await;
    let found = until_well(|| started.state.get("app||key", read_once())).await;
    // What was given up before may have been done, but not after what came later.
    assert_eq!(found.unwrap().value, b"3");
}

pub(super) async fn acknowledged_writes_are_kept(mut started: Started) {
    let goes_on = GoesOn::new();
    let writers = (0..WRITERS).map(|writer| {
        let (state, goes_on) = (started.state.clone(), goes_on.clone());
        tokio::spawn(async move {
            let key = format!("app||{writer}");
            let (mut acknowledged, mut failures) = (0, 0);
            for value in 1.. {
                if !goes_on.is() {
                    return (key, value - 1, acknowledged, failures);
                }
                let since = Instant::now();
                let written = state.set(set(&key, value)).await;
                check(&written, since);
                match written {
                    Ok(()) => acknowledged = value,
                    Err(_) => {
                        failures += 1;
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
            }
            unreachable!("there are enough numbers")
        })
    });
    let writers: Vec<_> = writers.collect();
    trouble(&mut started).await;
    // Some are done after all the trouble.
    until_well(|| started.state.set(set("app||last", 1))).await;
    pause(200).await;
    goes_on.end();
    for writer in writers {
        let (key, tried, acknowledged, failures) = writer.await.unwrap();
        assert!(failures > 0, "there was no trouble");
        let found = until_well(|| started.state.get(&key, read_once())).await;
        let found = String::from_utf8(found.unwrap().value).unwrap();
        let found: u64 = found.parse().unwrap();
        assert!(
            (acknowledged..=tried).contains(&found),
            "{key} is {found}, and {acknowledged} was acknowledged"
        );
    }
}
