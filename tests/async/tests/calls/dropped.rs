//! Futures that are dropped before they are done.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use abide::{Breaker, Error, Isolation, Warm};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{Act, App};

use super::{LAB, engine, lab, on, patient, policies, several, single, within};

/// Polls a future a few times, and drops it.
fn poll(future: impl Future, times: usize) -> bool {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    (0..times).any(|_| future.as_mut().poll(&mut cx).is_ready())
}

#[test]
fn ten_thousand_are_dropped_anywhere_and_nothing_is_lost() {
    let few = engine(4);
    for isolation in policies() {
        let waiting = App::new(Act::Yield);
        let lab = on(&few, &waiting, patient(), isolation);
        // Each import is a point at which it waits.
        let mut done = 0;
        for n in 0..5_000_usize {
            done += u32::from(poll(lab.put_all(5), n % 9));
        }
        assert!(done > 0 && done < 5_000, "{done}");
        let stats = lab.stats();
        // What was never polled never began.
        let begun = (0..5_000).filter(|n| n % 9 != 0).count() as u64;
        assert_eq!(stats.dropped + u64::from(done), begun);
        assert!(stats.instances <= 1, "{stats:?}");
        assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
    }
}

#[test]
fn what_is_dropped_while_the_guest_runs_is_unwound() {
    let app = App::new(Act::Never);
    let lab = lab(&app, patient(), Warm::new());
    single().block_on(async {
        for _ in 0..20 {
            let time = Duration::from_millis(15);
            assert!(tokio::time::timeout(time, lab.spin()).await.is_err());
            let time = Duration::from_millis(1);
            assert!(tokio::time::timeout(time, lab.put_all(1)).await.is_err());
        }
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
    });
    assert_eq!(app.dropped.load(Ordering::Relaxed), 20);
    assert_eq!(lab.stats().dropped, 40);
}

#[test]
fn a_panic_on_dropping_an_import_is_contained() {
    let app = App::new(Act::Angry);
    let lab = lab(&app, within(50), Isolation::Fresh);
    single().block_on(async {
        let error = lab.put_all(1).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        let time = Duration::from_millis(5);
        assert!(tokio::time::timeout(time, lab.put_all(1)).await.is_err());
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
    });
    assert_eq!(app.dropped.load(Ordering::Relaxed), 2);
}

#[test]
fn who_waits_for_room_leaves_the_line() {
    let one = engine(1);
    let lab = on(&one, &App::new(Act::Never), patient(), Isolation::Fresh);
    let mut cx = Context::from_waker(Waker::noop());
    {
        let mut holder = pin!(lab.put_all(1));
        assert!(holder.as_mut().poll(&mut cx).is_pending());
        for _ in 0..100 {
            assert!(!poll(lab.add(1, 2), 2));
        }
        let mut next = pin!(lab.add(1, 2));
        assert!(next.as_mut().poll(&mut cx).is_pending());
    }
    let mut again = pin!(lab.add(1, 2));
    assert!(matches!(again.as_mut().poll(&mut cx), Poll::Ready(Ok(3))));
}

#[test]
fn a_trial_of_the_breaker_that_is_dropped_is_made_again() {
    let breaker = Breaker::new()
        .failures(1)
        .backoff(Duration::from_millis(20), Duration::from_secs(60));
    let app = App::new(Act::Never);
    let builder = Lab::builder(app).engine(&engine(4)).breaker(breaker);
    let lab = builder.limits(within(20)).load_bytes(&*LAB).unwrap();
    single().block_on(async {
        assert!(matches!(lab.put_all(1).await, Err(Error::Timeout { .. })));
        let error = lab.add(1, 2).await.unwrap_err();
        assert!(matches!(error, Error::BreakerOpen { .. }), "{error}");
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert!(!poll(lab.put_all(1), 1), "the trial");
        assert_eq!(lab.add(1, 2).await.unwrap(), 3, "another");
    });
}

#[test]
fn a_runtime_is_shut_down_with_calls_in_flight() {
    let few = engine(8);
    let app = App::new(Act::Sleep(Duration::from_secs(60)));
    let lab = on(&few, &app, patient(), Warm::new());
    let runtime = several();
    for _ in 0..8 {
        let lab = lab.clone();
        runtime.spawn(async move { lab.put_all(1).await });
    }
    while app.called.load(Ordering::Relaxed) < 8 {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(runtime);
    assert_eq!(app.dropped.load(Ordering::Relaxed), 8);
    assert_eq!(lab.stats().instances, 0);
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
}
