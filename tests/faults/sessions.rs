//! Who is affected by a failure, and who is not: other sessions, other threads, calls inside of
//! calls.

use std::error::Error as _;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use abide::{Engine, Error, Result, Session, TrapKind};
use abide_build::Target;

use crate::host::Faults;
use crate::kit::{TestHost, builder, gone, guest, limits, trap};
use crate::support;

/// A host that knows the session it serves.
fn session_that_calls_itself() -> (TestHost, Arc<Session<Faults>>) {
    let host = TestHost::default();
    let session = builder(host.clone(), Target::Wasip2, limits())
        .session()
        .unwrap();
    let session = Arc::new(session);
    *host.session.lock().unwrap() = Arc::downgrade(&session);
    (host, session)
}

const REENTRANT: &str = "guest `faults` cannot be called for `add` from inside one of its own imports; \
                         return from the import first, or use another session";

#[test]
fn a_session_refuses_calls_from_its_own_imports() {
    let (host, session) = session_that_calls_itself();
    // The host copes with the refusal: nothing is broken.
    assert_eq!(session.bad().host_calls_back(false).unwrap(), 0);
    assert_eq!(*host.heard.lock().unwrap(), [REENTRANT]);
    assert!(session.is_alive());
    assert_eq!(session.add(1, 2).unwrap(), 3);
}

#[test]
fn a_host_that_passes_the_refusal_on_aborts_its_guest() {
    let (_host, session) = session_that_calls_itself();
    let error = session.bad().host_calls_back(true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the host aborted guest `faults` in `test:faults/app.calls-back` while it ran \
         `test:faults/bad.host-calls-back`"
    );
    let source = error.source().unwrap().downcast_ref().unwrap();
    let Error::Reentrant { guest, function } = source else {
        panic!("{source}")
    };
    assert_eq!((&**guest, &**function), ("faults", "add"));
    assert_eq!(source.to_string(), REENTRANT);
    gone(&session);
}

#[test]
fn an_import_may_call_the_same_guest_in_another_instance() {
    let guest = guest(Target::Wasip2);
    assert_eq!(guest.around().unwrap(), 42);
    let session = guest.session().unwrap();
    assert_eq!(session.count().unwrap(), 1);
    assert_eq!(session.around().unwrap(), 42);
    assert_eq!(session.count().unwrap(), 2);
}

#[test]
fn calls_inside_of_calls_come_to_an_end() {
    let host = TestHost::default();
    let guest = builder(host.clone(), Target::Wasip2, limits());
    host.again.set(guest.clone()).unwrap();
    let refused = "guest `faults` cannot be called for `around`: 3 calls of guests like it are all \
                   that may run inside of one another on a thread; return from an import first, or call \
                   from another thread";
    // A thread with the stack that Rust gives to threads.
    let depth = thread::scope(|scope| scope.spawn(|| guest.around()).join().unwrap());
    assert_eq!(depth.unwrap(), 3);
    assert_eq!(*host.heard.lock().unwrap(), [refused]);

    // A session that was refused a call for that reason is as good as before.
    let session = guest.session().unwrap();
    assert_eq!(session.around().unwrap(), 3);
    assert_eq!(session.count().unwrap(), 1);
    assert_eq!(host.heard.lock().unwrap().len(), 2);
}

#[test]
fn a_session_that_another_thread_uses_is_busy() {
    let gate = Arc::new(Barrier::new(2));
    let host = TestHost {
        gate: Some(Arc::clone(&gate)),
        ..TestHost::default()
    };
    let wait = Duration::from_millis(50);
    let guest = builder(host, Target::Wasip2, limits().wait(wait));
    let session = guest.session().unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| session.hold());
        gate.wait();
        let error = session.add(1, 2).unwrap_err();
        gate.wait();

        let Error::Busy {
            session: true,
            waited,
            ref function,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!((waited, &**function), (wait, "add"));
        assert_eq!(
            error.to_string(),
            "guest `faults` could not be called for `add`: its session was still in use by another \
             thread after 50ms of waiting; call it less often at the same time, or wait longer with \
             `Limits::wait`"
        );
        waiting.join().unwrap().unwrap();
    });
    // It was only busy.
    assert!(session.is_alive());
    assert_eq!(session.count().unwrap(), 1);
}

#[test]
fn an_engine_that_is_full_is_busy() {
    let engine = Engine::new().unwrap();
    let wait = Duration::from_millis(20);
    let guest = Faults::builder(TestHost::default())
        .engine(&engine)
        .limits(limits().wait(wait))
        .name("faults")
        .load(support::guest("faults", Target::Unknown))
        .unwrap();
    let mut sessions = Vec::new();
    let error = loop {
        match guest.session() {
            Ok(session) => sessions.push(session),
            Err(error) => break error,
        }
        assert!(sessions.len() <= 1_000, "an engine has its bounds");
    };
    assert!(
        matches!(error, Error::Busy { session: false, waited, .. } if waited == wait),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `faults` could not be called for `start`: every instance of the engine was still in use \
         after 20ms of waiting; call it less often at the same time, or wait longer with `Limits::wait`"
    );
    assert!(matches!(guest.add(1, 2), Err(Error::Busy { .. })));

    // A session that fails makes room before it is dropped.
    sessions[0].bad().stop().unwrap_err();
    assert_eq!(guest.add(1, 2).unwrap(), 3);
    assert_eq!(sessions[1].count().unwrap(), 1);
}

/// A call that fails, and whether it failed as it should.
type Fault = (fn(&Faults) -> Result<()>, fn(&Error) -> bool);

const FAULTS: &[Fault] = &[
    (
        |guest| guest.bad().stop(),
        |error| {
            matches!(
                error,
                Error::Trap {
                    kind: TrapKind::Unreachable,
                    panic: None,
                    ..
                }
            )
        },
    ),
    (
        |guest| guest.bad().panics("over here"),
        |error| *trap(error).kind == TrapKind::Unreachable && trap(error).panic.is_some(),
    ),
    (
        |guest| guest.bad().recurse(),
        |error| {
            matches!(
                error,
                Error::Trap {
                    kind: TrapKind::StackOverflow,
                    ..
                }
            )
        },
    ),
    (
        |guest| guest.bad().hoard(),
        |error| matches!(error, Error::Limit { .. }),
    ),
    (
        |guest| guest.bad().host_panics("over there"),
        |error| matches!(error, Error::HostPanic { message, .. } if &**message == "over there"),
    ),
    (
        |guest| guest.bad().host_aborts("enough").map(drop),
        |error| matches!(error, Error::Host { .. }),
    ),
];

#[test]
fn threads_do_not_feel_each_others_failures() {
    const THREADS: u32 = 8;
    const ROUNDS: u32 = 12;
    let handle = builder(
        TestHost::default(),
        Target::Wasip2,
        limits().memory(4 * 1024 * 1024),
    );
    // Fails in a thread of its own for as long as the others are at work.
    let spinning = builder(
        TestHost::default(),
        Target::Wasip2,
        limits().deadline(Duration::from_millis(100)),
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..3 {
                let error = spinning.bad().spin().unwrap_err();
                assert!(matches!(error, Error::Timeout { .. }), "{error}");
            }
        });
        for number in 0..THREADS {
            let handle = handle.clone();
            scope.spawn(move || {
                let mine = handle.session().unwrap();
                for round in 0..ROUNDS {
                    let (call, right) = FAULTS[(number + round) as usize % FAULTS.len()];
                    let error = call(&handle).unwrap_err();
                    assert!(right(&error), "{error}");

                    let doomed = handle.session().unwrap();
                    assert_eq!(doomed.count().unwrap(), 1);
                    let error = call(&doomed).unwrap_err();
                    assert!(right(&error), "{error}");
                    gone(&doomed);

                    assert_eq!(handle.add(number, round).unwrap(), number + round);
                    assert_eq!(mine.count().unwrap(), round + 1);
                }
            });
        }
    });
}

#[test]
fn one_session_failing_in_one_thread_is_gone_in_all() {
    let session = guest(Target::Wasip2).session().unwrap();
    thread::scope(|scope| {
        let failing = scope.spawn(|| session.bad().panics("here").unwrap_err());
        assert!(matches!(failing.join().unwrap(), Error::Trap { .. }));
    });
    gone(&session);
}

#[test]
fn a_session_outlives_its_handle_and_a_handle_its_sessions() {
    let host = TestHost::default();
    let handle = builder(host.clone(), Target::Unknown, limits());
    let session = handle.session().unwrap();
    drop(handle);
    session.say("still here").unwrap();
    assert_eq!(*host.heard.lock().unwrap(), ["still here"]);

    let again = guest(Target::Unknown);
    drop(again.session().unwrap());
    assert_eq!(again.add(1, 2).unwrap(), 3);
}
