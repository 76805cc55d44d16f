//! Deadlines, and that others run meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use abide::{Blame, Error, Isolation};
use abide_async_tests::{Act, App};

use super::{lab, patient, policies, single, within};

/// What a runtime with one thread does beside its guests, every so often.
#[derive(Default)]
struct Heart {
    beats: AtomicU32,
    /// The longest time between two beats, in microseconds.
    pause: AtomicU64,
}

const BEAT: Duration = Duration::from_millis(10);

impl Heart {
    async fn beat(self: Arc<Self>) {
        let mut last = Instant::now();
        loop {
            tokio::time::sleep(BEAT).await;
            let pause = last.elapsed();
            last = Instant::now();
            self.beats.fetch_add(1, Ordering::Relaxed);
            self.pause
                .fetch_max(pause.as_micros() as u64, Ordering::Relaxed);
        }
    }
}

#[test]
fn others_run_while_guests_do_not_stop() {
    const LOOP: Duration = Duration::from_secs(1);
    for (isolation, guests) in policies()
        .into_iter()
        .flat_map(|policy| [(policy.clone(), 1), (policy, 4)])
    {
        let lab = lab(&App::default(), patient().deadline(LOOP), isolation);
        let heart = Arc::<Heart>::default();
        single().block_on(async {
            let beats = tokio::spawn(Arc::clone(&heart).beat());
            let calls = (0..guests).map(|_| {
                let lab = lab.clone();
                tokio::spawn(async move { lab.spin().await.unwrap_err() })
            });
            for call in calls.collect::<Vec<_>>() {
                let error = call.await.unwrap();
                let is_guests = matches!(error, Error::Timeout { import: None, .. });
                assert!(is_guests, "{error}");
            }
            beats.abort();
        });
        let beats = heart.beats.load(Ordering::Relaxed);
        let pause = Duration::from_micros(heart.pause.load(Ordering::Relaxed));
        println!("{guests} at once: {beats} beats, the longest pause {pause:?}");
        // Of one guest, some 60 on an idle machine and no pause longer than 50 ms; and three beats
        // where the runtime does not look at its timers.
        assert!(beats >= 8 / guests, "{beats} beats in a second");
        assert!(pause < LOOP, "a pause of {pause:?}");
    }
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
