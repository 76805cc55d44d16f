//! What ends calls or changes what serves them, from outside, while they run, wait for their host
//! or for room.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use abide::{Breaker, Error, Isolation, Warm};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{Act, App};

use super::{LAB, PUT, engine, lab, on, patient, policies, poll, several, single, within};

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

#[test]
fn a_call_is_cancelled_in_line_for_room_and_for_a_session() {
    let one = engine(1);
    let app = App::new(Act::Never);
    let lab = on(&one, &app, patient(), Isolation::Fresh);
    single().block_on(async {
        let session = lab.session().await.unwrap();
        let mut holder = Box::pin(session.put_all(1));
        assert!(!poll(holder.as_mut(), 1));
        let (in_line, cancel) = lab.cancellable();
        let (in_session, cancel_session) = session.cancellable();
        let (mut one, mut other) = (pin!(in_line.add(1, 2)), pin!(in_session.add(1, 2)));
        assert!(!poll(one.as_mut(), 1) && !poll(other.as_mut(), 1));
        cancel.cancel();
        cancel_session.cancel();
        for error in [one.await.unwrap_err(), other.await.unwrap_err()] {
            assert!(matches!(error, Error::Cancelled { .. }), "{error}");
        }
        // Who has the session goes on.
        assert!(session.is_alive());
        drop(holder);
        drop(session);
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
    });
}

#[test]
fn a_guest_is_replaced_while_calls_wait() {
    let text = include_str!("../../wit/lab.wat");
    // Adds 40 to what it is given first.
    let other = wat::parse_str(text.replace(
        "(local.get 0) (local.get 1)))",
        "(local.get 0) (i32.const 40)))",
    ));
    let other = other.unwrap();
    for isolation in policies() {
        let one = engine(1);
        let app = App::new(Act::Sleep(Duration::from_millis(30)));
        let lab = on(&one, &app, patient(), isolation);
        single().block_on(async {
            let mut running = Box::pin(lab.put_all(1));
            assert!(!poll(running.as_mut(), 1));
            let mut waiting = Box::pin(lab.add(2, 3));
            assert!(!poll(waiting.as_mut(), 1));
            lab.reload_bytes(&other).await.unwrap();
            let mut later = Box::pin(lab.add(2, 3));
            assert!(!poll(later.as_mut(), 1));
            // Each is served by the guest that it began with.
            assert_eq!(running.await.unwrap(), PUT);
            assert_eq!(waiting.await.unwrap(), 5);
            assert_eq!(later.await.unwrap(), 42);
            assert_eq!(lab.add(2, 3).await.unwrap(), 42);
        });
        assert!(lab.stats().instances <= 1);
    }
}

#[test]
fn the_engine_is_let_go_of_while_calls_wait() {
    let app = App::new(Act::Never);
    let mut calls: Vec<_> = (0..3)
        .map(|_| {
            // The only handle, and so the only engine, is the call's own.
            let lab = on(&engine(1), &app, within(50), Isolation::Fresh);
            Box::pin(async move { lab.put_all(1).await })
        })
        .collect();
    for call in &mut calls {
        assert!(!poll(call.as_mut(), 1));
    }
    single().block_on(async {
        let error = calls.remove(0).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
    });
    drop(calls);
    assert_eq!(app.dropped.load(Ordering::Relaxed), 3);
    assert_eq!(Arc::strong_count(&app.called), 1, "nothing is left");
}

/// A guest with a breaker that opens at the first failure, and has.
fn broken(act: Act) -> Lab {
    let breaker = Breaker::new()
        .failures(1)
        .backoff(Duration::from_millis(20), Duration::from_secs(60));
    let builder = Lab::builder(App::new(act)).engine(&engine(4));
    let builder = builder.breaker(breaker).limits(within(20));
    let lab = builder.load_bytes(&*LAB).unwrap();
    single().block_on(async {
        assert!(matches!(lab.put_all(1).await, Err(Error::Timeout { .. })));
        let error = lab.add(1, 2).await.unwrap_err();
        assert!(matches!(error, Error::BreakerOpen { .. }), "{error}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    });
    lab
}

#[test]
fn a_trial_of_the_breaker_that_is_dropped_is_made_again() {
    let lab = broken(Act::Never);
    assert!(!poll(lab.put_all(1), 1), "the trial");
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3, "another");
}

#[test]
fn a_trial_of_the_breaker_that_waits_is_the_only_one() {
    let lab = broken(Act::Never);
    let mut trial = Box::pin(lab.put_all(1));
    assert!(!poll(trial.as_mut(), 1));
    let error = single().block_on(lab.add(1, 2)).unwrap_err();
    assert!(matches!(error, Error::BreakerOpen { .. }), "{error}");
    drop(trial);
    // The opening of a session is a trial too.
    drop(single().block_on(lab.session()).unwrap());
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
}

#[test]
fn a_lock_that_is_held_across_an_await_goes_with_the_call() {
    let lock = Arc::new(tokio::sync::Mutex::new(()));
    let mine = Arc::clone(&lock);
    let app = App::calling(move || {
        let mine = Arc::clone(&mine);
        async move {
            let _held = mine.lock().await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            0
        }
    });
    for isolation in [Isolation::Fresh, Warm::new().into()] {
        let lab = lab(&app, within(60), isolation);
        several().block_on(async {
            // The first has it until its time is over, and so has whoever is next after it.
            let calls = (0..4).map(|_| {
                let lab = lab.clone();
                tokio::spawn(async move { lab.put_all(1).await.unwrap_err() })
            });
            for call in calls.collect::<Vec<_>>() {
                let error = call.await.unwrap();
                assert!(matches!(error, Error::Timeout { .. }), "{error}");
            }
        });
        assert!(lock.try_lock().is_ok());
    }
}

/// In the process that is forked off there is no clock to end it.
#[cfg(unix)]
#[test]
fn a_call_that_is_begun_does_not_go_on_in_a_process_that_was_forked() {
    let lab = lab(&App::default(), patient(), Isolation::Fresh);
    let mut call = Box::pin(lab.spin());
    assert!(!poll(call.as_mut(), 1));
    // SAFETY: the new process has this thread only. It allocates, which the C library allows it,
    // uses an engine that no other thread uses, and ends without running anything that is meant for
    // the end of this one.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let is_refused = matches!(polled, Poll::Ready(Err(Error::Forked)));
        // SAFETY: it ends this process and touches nothing.
        unsafe { libc::_exit(i32::from(!is_refused)) };
    }
    let begun = Instant::now();
    let mut status = 0;
    // SAFETY: it is told a process of ours, and where to write an integer.
    while unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } != child {
        if begun.elapsed() > Duration::from_secs(20) {
            // SAFETY: it is told a process of ours that has not been waited for.
            unsafe { libc::kill(child, libc::SIGKILL) };
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(status, 0);
    // Here it is what it was.
    assert!(!poll(call.as_mut(), 1));
}
