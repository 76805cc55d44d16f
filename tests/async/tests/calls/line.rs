//! Tasks that wait in line for room.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use abide::{Error, Isolation, Result};
use abide_async_tests::{Act, App};

use super::{PUT, done, engine, on, patient, poll, several};

#[test]
fn what_waits_for_room_is_served_in_turn_and_gives_up_in_time() {
    let few = engine(4);
    let app = App::new(Act::Sleep(Duration::from_millis(2)));
    let lab = on(&few, &app, patient(), Isolation::Fresh);
    let never = App::new(Act::Never);
    let limits = patient().wait(Duration::from_millis(50));
    let full = on(&few, &never, limits, Isolation::Fresh);
    several().block_on(async {
        let calls = (0..40).map(|_| {
            let lab = lab.clone();
            tokio::spawn(async move { lab.put_all(1).await })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await.unwrap().unwrap(), PUT);
        }
        let held: Vec<_> = (0..4)
            .map(|_| {
                let full = full.clone();
                tokio::spawn(async move { full.put_all(1).await })
            })
            .collect();
        while never.called.load(Ordering::Relaxed) < 4 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let error = full.put_all(1).await.unwrap_err();
        assert!(
            matches!(error, Error::Busy { session: false, .. }),
            "{error}"
        );
        held.iter().for_each(|call| call.abort());
        for call in held {
            assert!(call.await.is_err_and(|error| error.is_cancelled()));
        }
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
    });
    assert_eq!(full.stats().dropped, 4);
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
    assert_eq!(done(|| again.as_mut().poll(&mut cx)).unwrap(), 3);
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A call in the line, and how often it was woken.
struct Waiting<'a> {
    call: Pin<Box<dyn Future<Output = Result<u32>> + 'a>>,
    woken: Arc<Woken>,
}

impl Waiting<'_> {
    fn poll(&mut self) -> Poll<Result<u32>> {
        let waker = Waker::from(Arc::clone(&self.woken));
        self.call.as_mut().poll(&mut Context::from_waker(&waker))
    }

    fn woken(&self) -> u32 {
        self.woken.0.load(Ordering::Relaxed)
    }
}

#[test]
fn who_waits_sleeps_until_it_is_first_or_served() {
    const TICKS: Duration = Duration::from_millis(100);
    let one = engine(1);
    let lab = on(&one, &App::new(Act::Never), patient(), Isolation::Fresh);
    let mut holder = Box::pin(lab.put_all(1));
    assert!(!poll(holder.as_mut(), 1));
    let mut all: Vec<_> = (0..200)
        .map(|_| Waiting {
            call: Box::pin(lab.add(1, 2)),
            woken: Arc::default(),
        })
        .collect();
    for waiting in &mut all {
        assert!(waiting.poll().is_pending());
    }
    std::thread::sleep(TICKS);
    // The first looks for room at each tick, for all of them.
    assert!(all[0].woken() >= 1);
    assert!(all[1..].iter().all(|waiting| waiting.woken() == 0));
    // It gives up, and the next one is the first.
    drop(all.remove(0));
    assert!(all[0].woken() >= 1);
    assert!(all[0].poll().is_pending());
    let before = all[0].woken();
    std::thread::sleep(TICKS);
    assert!(all[0].woken() > before, "it looks");
    assert!(all[1..].iter().all(|waiting| waiting.woken() == 0));
    // There is room for one after the other.
    drop(holder);
    for mut waiting in all {
        assert!(waiting.woken() >= 1);
        assert_eq!(done(|| waiting.poll()).unwrap(), 3);
    }
}
