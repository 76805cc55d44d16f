//! Servers that end, start again and stand still while they are used, and lines to them that are cut:
//! errors have a type, no call takes longer than its deadline, all is well again by itself, and
//! nothing that was acknowledged is lost.

mod events;
mod redis_only;
mod state;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use abide_dapr_host::{Error, Result};

use crate::started::{
    DEADLINE, Started, block_on, on_current_nats, on_far_nats, on_far_redis, on_old_nats, on_redis,
};

/// How much longer than its deadline a call may take on a machine that is busy.
const SLACK: Duration = Duration::from_secs(2);

/// How long it may take until all is well again.
const RECOVERY: Duration = Duration::from_secs(30);

macro_rules! on_all {
    // Where the line is cut, in place of all trouble that a server can have by itself.
    (far: $($part:ident: $($test:ident),+;)+) => {
        on_all! { @ far_redis, on_far_redis, $($part: $($test),+;)+ }
        on_all! { @ far_nats, on_far_nats, $($part: $($test),+;)+ }
    };
    ($($part:ident: $($test:ident),+;)+) => {
        on_all! { @ redis, on_redis, $($part: $($test),+;)+ }
        on_all! { @ old_nats, on_old_nats, $($part: $($test),+;)+ }
        on_all! { @ current_nats, on_current_nats, $($part: $($test),+;)+ }
    };
    (@ $name:ident, $start:ident, $($part:ident: $($test:ident),+;)+) => {
        mod $name {
            $($(#[test]
            fn $test() {
                if let Some(started) = super::$start() {
                    super::block_on(super::$part::$test(started));
                }
            })+)+
        }
    };
}

on_all! {
    state: one_that_is_down_is_unavailable, one_that_stands_still_is_a_timeout,
        acknowledged_writes_are_kept;
    events: acknowledged_events_are_delivered, what_a_subscriber_leaves_behind_comes_again,
        work_that_takes_long_is_done_once;
}

on_all! {
    far: state: one_that_stands_still_is_a_timeout, acknowledged_writes_are_kept;
    events: acknowledged_events_are_delivered;
}

/// That an error is one that passes, and came in time.
fn check<T>(result: &Result<T>, since: Instant) {
    let took = since.elapsed();
    assert!(took < DEADLINE + SLACK, "a call took {took:?}");
    if let Err(error) = result {
        let passes = matches!(error, Error::Unavailable(_) | Error::Timeout);
        assert!(passes, "{error}");
    }
}

/// Ends the server twice, has it stand still twice, and lets it be well in between. One that is in a
/// network of its own is cut off instead.
async fn trouble(started: &mut Started) {
    for _ in 0..2 {
        pause(300).await;
        if started.network.is_none() {
            started.server.kill();
            pause(500).await;
            started.server.restart();
            pause(700).await;
        }
        started.silence();
        pause(2_500).await;
        started.speak();
    }
    pause(300).await;
}

async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// Whether something goes on.
#[derive(Clone)]
struct GoesOn(Arc<AtomicBool>);

impl GoesOn {
    fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Waits until something succeeds.
async fn until_well<T, F>(mut attempt: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T>>,
{
    let since = Instant::now();
    loop {
        let began = Instant::now();
        let result = attempt().await;
        check(&result, began);
        match result {
            Ok(value) => return value,
            Err(error) => assert!(since.elapsed() < RECOVERY, "it stays so: {error}"),
        }
        pause(20).await;
    }
}
