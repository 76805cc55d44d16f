//! Futures that are dropped before they are done.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use abide::{Error, Isolation, Result, Warm};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{Act, App};

use super::random::{Random, seed};
use super::{PUT, engine, lab, on, patient, policies, poll, several, single, within};

/// How many futures are dropped under a policy, in how many tasks.
const FUTURES: u64 = 10_000;
const TASKS: u64 = 5;

/// What became of the futures of a test.
#[derive(Default)]
struct Tally {
    done: AtomicU64,
    dropped: AtomicU64,
}

/// Drops a future at some point, unless it is done before, in one of the ways in which that happens
/// to futures.
async fn drop_somewhere(random: &mut Random, call: impl Future<Output = Result<()>>) -> bool {
    let ended = match random.below(3) {
        // By hand, after so many polls.
        0 => {
            let polls = random.below(9) as usize;
            let mut call = pin!(call);
            let mut cx = Context::from_waker(Waker::noop());
            let mut polls = (0..polls).map(|_| call.as_mut().poll(&mut cx));
            polls.find_map(|polled| match polled {
                Poll::Ready(ended) => Some(ended),
                Poll::Pending => None,
            })
        }
        // By a time.
        1 => tokio::time::timeout(random.micros(3000), call).await.ok(),
        // By another branch of a `select!`, written out.
        _ => {
            let (mut call, mut other) = (pin!(call), pin!(tokio::time::sleep(random.micros(300))));
            std::future::poll_fn(|cx| match call.as_mut().poll(cx) {
                Poll::Ready(ended) => Poll::Ready(Some(ended)),
                Poll::Pending => other.as_mut().poll(cx).map(|()| None),
            })
            .await
        }
    };
    match ended {
        None => false,
        Some(Ok(())) => true,
        Some(Err(error)) => panic!("{error}"),
    }
}

/// A call of some sort, with what it has to give. Each import is a point at which it waits.
async fn call(guest: &Lab, kind: u64) -> Result<()> {
    match kind {
        // Ends only if it is dropped, and takes a tick of a processor: there are few of these.
        0 => guest.spin().await?,
        1..10 => assert_eq!(guest.add(1, 2).await?, 3),
        10..20 => assert_eq!(guest.len("four").await?, 4),
        other => {
            let n = (other % 8) as u32 + 3;
            assert_eq!(guest.put_all(n).await?, n * PUT);
        }
    }
    Ok(())
}

/// One task of those that drop.
async fn drops(lab: Lab, in_session: bool, mut random: Random, tally: Arc<Tally>) {
    for _ in 0..FUTURES / TASKS {
        let kind = random.below(60);
        let future = async {
            match in_session {
                false => call(&lab, kind).await,
                true => call(&*lab.session().await?, kind).await,
            }
        };
        match drop_somewhere(&mut random, future).await {
            true => tally.done.fetch_add(1, Ordering::Relaxed),
            false => tally.dropped.fetch_add(1, Ordering::Relaxed),
        };
    }
}

#[test]
fn ten_thousand_are_dropped_at_random_points_and_nothing_is_lost() {
    let seed = seed();
    let ways = policies().map(|isolation| (isolation, false));
    for (isolation, in_session) in ways.into_iter().chain([(Isolation::Fresh, true)]) {
        // Fewer than there are tasks, so that some are dropped in the line.
        let few = engine(4);
        let app = App::new(Act::Yield);
        let lab = on(&few, &app, patient(), isolation);
        let tally = Arc::<Tally>::default();
        let runtime = several();
        runtime.block_on(async {
            let tasks = (0..TASKS).map(|task| {
                let random = Random::new(seed, task);
                tokio::spawn(drops(lab.clone(), in_session, random, Arc::clone(&tally)))
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
        });
        let done = tally.done.load(Ordering::Relaxed);
        let dropped = tally.dropped.load(Ordering::Relaxed);
        println!("{done} done, {dropped} dropped");
        assert_eq!(done + dropped, FUTURES);
        assert!(done > 100 && dropped > 1000);
        let stats = lab.stats();
        // What was never polled never began, and who opens a session makes no call yet.
        assert!(stats.dropped > 0 && stats.dropped <= dropped, "{stats:?}");
        assert!(stats.instances <= 4, "{stats:?}");
        // Whatever was lent to an import is given back.
        let called = app.called.load(Ordering::Relaxed);
        assert_eq!(app.dropped.load(Ordering::Relaxed), called);
        // All room can be had at once.
        single().block_on(async {
            let mut all = Vec::new();
            for _ in 0..4 {
                all.push(lab.session().await.unwrap());
            }
            assert_eq!(all[0].put_all(1).await.unwrap(), PUT);
        });
        assert!(lab.stats().instances <= 4);
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
    for isolation in policies() {
        let app = App::new(Act::Angry);
        let lab = lab(&app, within(50), isolation);
        single().block_on(async {
            // Its time is over, it is dropped by hand, and with its session.
            let error = lab.put_all(1).await.unwrap_err();
            assert!(matches!(error, Error::Timeout { .. }), "{error}");
            assert!(!poll(lab.put_all(1), 1));
            let session = lab.session().await.unwrap();
            assert!(!poll(session.put_all(1), 1));
            assert!(!session.is_alive());
            assert_eq!(lab.add(1, 2).await.unwrap(), 3);
        });
        assert_eq!(app.dropped.load(Ordering::Relaxed), 3);
    }
}

#[test]
fn a_panic_on_dropping_an_import_is_contained_while_another_unwinds() {
    let app = App::new(Act::Angry);
    let lab = lab(&app, patient(), Isolation::Fresh);
    let task = several().block_on(async {
        let lab = lab.clone();
        tokio::spawn(async move {
            let mut call = Box::pin(lab.put_all(1));
            assert!(!poll(call.as_mut(), 1));
            panic!("the task's own");
        })
        .await
    });
    let panic = task.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the task's own"));
    assert_eq!(app.dropped.load(Ordering::Relaxed), 1);
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
}

#[test]
fn a_runtime_is_shut_down_with_calls_in_flight() {
    for runtime in [several(), single()] {
        let few = engine(8);
        let app = App::new(Act::Sleep(Duration::from_secs(60)));
        let lab = on(&few, &app, patient(), Warm::new());
        // They wait for their host, one does not stop, and the rest wait for room.
        for number in 0..12 {
            let lab = lab.clone();
            runtime.spawn(async move {
                match number {
                    0 => lab.spin().await.map(|()| 0),
                    _ => lab.put_all(1).await,
                }
            });
        }
        runtime.block_on(async {
            while app.called.load(Ordering::Relaxed) < 7 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        drop(runtime);
        let called = app.called.load(Ordering::Relaxed);
        assert_eq!(app.dropped.load(Ordering::Relaxed), called);
        assert_eq!(lab.stats().instances, 0);
        assert!(lab.stats().dropped >= 7);
        assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
    }
}
