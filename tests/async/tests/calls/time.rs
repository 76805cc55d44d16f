//! Deadlines and cancelling, and that others run meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use abide::{Blame, Error, Isolation};
use abide_async_tests::{Act, App};

use super::{lab, patient, policies, several, single, within};

#[test]
fn others_run_while_a_guest_does_not_stop() {
    let lab = lab(&App::default(), within(500), Isolation::Fresh);
    let beats = Arc::new(AtomicU32::new(0));
    single().block_on(async {
        let heart = {
            let beats = Arc::clone(&beats);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    beats.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let error = tokio::spawn(async move { lab.spin().await.unwrap_err() });
        let error = error.await.unwrap();
        assert!(
            matches!(error, Error::Timeout { import: None, .. }),
            "{error}"
        );
        heart.abort();
    });
    // Some 30 of them on an idle machine, and three where the runtime does not look at its timers.
    let beats = beats.load(Ordering::Relaxed);
    assert!(beats >= 8, "{beats} beats in half a second");
}

#[test]
fn a_call_is_over_in_time_whatever_it_waits_for() {
    for isolation in policies() {
        let app = App::new(Act::Never);
        let lab = lab(&app, within(100), isolation);
        let error = single().block_on(lab.put_all(1)).unwrap_err();
        let Error::Timeout { import, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(*import, Some("demo:lab/store.put"));
        assert_eq!(error.blame(), Blame::Host);
        let text = error.to_string();
        assert!(
            text.contains("waited for the host's `demo:lab/store.put`"),
            "{text}"
        );
        assert_eq!(app.dropped.load(Ordering::Relaxed), 1, "its future is gone");
        assert_eq!(lab.stats().instances, 0);
        assert_eq!(lab.stats().failed_by_host, 1);
        assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
    }
}

#[test]
fn time_in_imports_counts_and_waiting_for_an_instance_does_not() {
    let app = App::new(Act::Sleep(Duration::from_millis(40)));
    let lab = lab(&app, within(150), Isolation::Fresh);
    let error = single().block_on(lab.put_all(100)).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(app.called.load(Ordering::Relaxed) < 10);
}

#[test]
fn a_call_is_cancelled_while_it_waits_and_while_it_runs() {
    let lab = lab(&App::new(Act::Never), patient(), Isolation::Fresh);
    several().block_on(async {
        for spins in [false, true] {
            let (cancellable, cancel) = lab.cancellable();
            let call = tokio::spawn(async move {
                match spins {
                    true => cancellable.spin().await,
                    false => cancellable.put_all(1).await.map(drop),
                }
            });
            tokio::time::sleep(Duration::from_millis(20)).await;
            let cancelled = Instant::now();
            cancel.cancel();
            let error = call.await.unwrap().unwrap_err();
            assert!(matches!(error, Error::Cancelled { .. }), "{error}");
            assert!(cancelled.elapsed() < Duration::from_secs(30));
        }
    });
}
