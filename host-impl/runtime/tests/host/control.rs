//! What a host does with calls besides making them: cancelling, reloading, breaking off, counting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use abide_host::{Blame, Breaker, Engine, Error, Limits, Warm};

use crate::kit::{App, Fail, KIT, Kit, component, kit, limits};

/// Limits under which nothing but being cancelled ends a call.
fn patient() -> Limits {
    let long = Duration::from_secs(600);
    limits().deadline(long).wait(long)
}

/// Cancels after a while and says what became of `call`, which must not take long then.
fn cancelled(kit: &Kit, call: impl FnOnce(&Kit) -> Error) -> Error {
    let (kit, cancel) = kit.cancellable();
    let start = Instant::now();
    let canceller = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        cancel.cancel();
    });
    let error = call(&kit);
    assert!(start.elapsed() < Duration::from_secs(20));
    canceller.join().unwrap();
    error
}

#[test]
fn a_running_call_is_cancelled_and_others_are_not() {
    for warm in [false, true] {
        let builder = Kit::builder(App::default()).limits(patient());
        let builder = match warm {
            true => builder.isolation(Warm::new()),
            false => builder,
        };
        let kit = builder.load_bytes(component(KIT)).unwrap();
        let error = cancelled(&kit, |kit| kit.bad().fail(Fail::Loop).unwrap_err());
        assert!(matches!(error, Error::Cancelled { .. }), "{error}");
        assert_eq!(error.blame(), Blame::Caller);
        assert_eq!(
            error.to_string(),
            "the call of `test:kit/bad.fail` on guest `guest` was cancelled"
        );
        assert_eq!(kit.count().unwrap(), 1);
    }
}

#[test]
fn a_cancelled_handle_makes_no_more_calls() {
    let (kit, _app) = kit();
    let (handle, cancel) = kit.cancellable();
    assert_eq!(handle.count().unwrap(), 1);
    assert!(!cancel.is_cancelled());
    cancel.clone().cancel();
    assert!(cancel.is_cancelled());
    let error = handle.count().unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn a_call_that_can_be_cancelled_has_its_deadline() {
    let kit = Kit::builder(App::default())
        .limits(limits().deadline(Duration::from_millis(50)))
        .load_bytes(component(KIT))
        .unwrap();
    let (handle, _cancel) = kit.cancellable();
    let error = handle.bad().fail(Fail::Loop).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    // And one that cannot, on the instance of a session that was used so before.
    let session = kit.session().unwrap();
    let (handle, cancel) = session.cancellable();
    assert_eq!(handle.count().unwrap(), 1);
    cancel.cancel();
    assert_eq!(session.count().unwrap(), 2);
    let error = session.bad().fail(Fail::Loop).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}

#[test]
fn waiting_is_cancelled_too() {
    let engine = Engine::builder().instances(1).build().unwrap();
    let kit = Kit::builder(App::default())
        .limits(patient())
        .engine(&engine)
        .load_bytes(component(KIT))
        .unwrap();
    let session = Arc::new(kit.session().unwrap());
    // For the engine's only instance.
    let error = cancelled(&kit, |kit| kit.count().unwrap_err());
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
    // For a session that is in use.
    let (looping, stop) = session.cancellable();
    let begun = Arc::new(Barrier::new(2));
    let user = {
        let begun = Arc::clone(&begun);
        thread::spawn(move || {
            begun.wait();
            looping.bad().fail(Fail::Loop).unwrap_err()
        })
    };
    begun.wait();
    thread::sleep(Duration::from_millis(50));
    let error = cancelled(&session, |kit| kit.count().unwrap_err());
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
    stop.cancel();
    user.join().unwrap();
    drop(session);
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn reload_replaces_the_guest_for_calls_that_come_and_not_for_sessions() {
    let second = KIT.replace("i32.const 1 (; step ;)", "i32.const 10 (; step ;)");
    assert_ne!(second, KIT, "the kit has a step to change");
    for warm in [false, true] {
        let builder = Kit::builder(App::default());
        let builder = match warm {
            true => builder.isolation(Warm::new()),
            false => builder,
        };
        let kit = builder.load_bytes(component(KIT)).unwrap();
        let session = kit.session().unwrap();
        assert_eq!(kit.count().unwrap(), 1);
        assert_eq!(session.count().unwrap(), 1);
        kit.clone().reload_bytes(component(&second)).unwrap();
        assert_eq!(kit.count().unwrap(), 10);
        assert_eq!(session.count().unwrap(), 2, "it keeps its guest");
        assert_eq!(kit.session().unwrap().count().unwrap(), 10);
        // What cannot be loaded changes nothing.
        kit.reload_bytes(b"\0asm").unwrap_err();
        assert!(kit.reload("no/such/file.wasm").is_err());
        assert_eq!(kit.session().unwrap().count().unwrap(), 10);
        assert_eq!(kit.stats().reloads, 1);
    }
}

#[test]
fn no_call_is_lost_while_the_guest_is_reloaded() {
    let kit = Kit::builder(App::default())
        .isolation(Warm::new())
        .load_bytes(component(KIT))
        .unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let (kit, stop) = (kit.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                let mut calls = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(kit.add(20, 22).unwrap(), 42);
                    calls += 1;
                }
                calls
            })
        })
        .collect();
    let bytes = component(KIT);
    for _ in 0..10 {
        kit.reload_bytes(&bytes).unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    let calls: u64 = callers
        .into_iter()
        .map(|caller| caller.join().unwrap())
        .sum();
    let stats = kit.stats();
    assert_eq!((stats.calls, stats.reloads), (calls, 10));
}

#[test]
fn a_breaker_refuses_calls_of_a_guest_that_fails() {
    let kit = Kit::builder(App::default())
        .breaker(
            Breaker::new()
                .failures(3)
                .backoff(Duration::from_millis(300), Duration::from_millis(300)),
        )
        .load_bytes(component(KIT))
        .unwrap();
    kit.halve(7).unwrap_err();
    for _ in 0..3 {
        let error = kit.bad().fail(Fail::Unreachable).unwrap_err();
        assert!(matches!(error, Error::Trap { .. }), "{error}");
    }
    let before = kit.stats();
    let error = kit.clone().count().unwrap_err();
    assert!(matches!(error, Error::BreakerOpen { .. }), "{error}");
    assert!(error.is_transient());
    let text = error.to_string();
    assert!(
        text.starts_with("guest `guest` is not called for `count`, because its last calls failed"),
        "{text}"
    );
    assert_eq!(kit.stats().calls, before.calls, "the guest was not called");
    thread::sleep(Duration::from_millis(320));
    assert_eq!(kit.count().unwrap(), 1);
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn errors_tell_where_the_guest_was_and_who_is_to_blame() {
    let (kit, _app) = kit();
    let error = kit.bad().fail(Fail::Unreachable).unwrap_err();
    assert_eq!(error.blame(), Blame::Guest);
    let frames = error.backtrace().unwrap().frames();
    let functions: Vec<_> = frames
        .iter()
        .map(|frame| frame.function.as_deref())
        .collect();
    assert_eq!(functions, [Some("fail")]);
    assert!(format!("{error:?}").contains("the guest was in:\n  0: fail"));
    assert!(!error.to_string().contains("the guest was in"));

    let error = kit.bad().fail(Fail::HostPanic).unwrap_err();
    assert_eq!((error.blame(), error.backtrace()), (Blame::Host, None));
}

#[test]
fn a_cancelled_handle_opens_no_session() {
    let (kit, _app) = kit();
    let session = kit.session().unwrap();
    for (handle, cancel) in [kit.cancellable(), session.cancellable()] {
        handle.session().unwrap();
        cancel.cancel();
        let error = handle.session().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the call of `start` on guest `kit` was cancelled"
        );
    }
    kit.session().unwrap();
    assert_eq!(session.count().unwrap(), 1);
}

#[test]
fn sessions_ask_the_breaker_and_are_counted_by_it() {
    let pause = Duration::from_millis(300);
    let kit = Kit::builder(App::default())
        .name("kit")
        .breaker(Breaker::new().failures(2).backoff(pause, pause))
        .load_bytes(component(KIT))
        .unwrap();
    let broken = component(&KIT.replace("(; START ;)", "(unreachable)"));
    kit.reload_bytes(&broken).unwrap();
    for _ in 0..2 {
        let error = kit.session().unwrap_err();
        assert!(matches!(error, Error::Trap { .. }), "{error}");
    }
    let instances = kit.stats().started;
    let error = kit.session().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("guest `kit` is not called for `start`, because its last calls failed"),
        "{error}"
    );
    let error = kit.count().unwrap_err();
    assert!(matches!(error, Error::BreakerOpen { .. }), "{error}");
    assert_eq!(kit.stats().started, instances);
    // The session that is tried after a while closes it for all.
    kit.reload_bytes(component(KIT)).unwrap();
    thread::sleep(pause + Duration::from_millis(20));
    let session = kit.session().unwrap();
    assert_eq!((session.count().unwrap(), kit.count().unwrap()), (1, 1));
}
