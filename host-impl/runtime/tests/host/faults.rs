//! Guests and hosts that fail: a typed error each, and the next call is right.

use std::error::Error as _;
use std::time::Duration;

use abide_host::{Error, LimitKind, TrapKind};

use crate::kit::{App, Fail, KIT, Kit, component, kit, limits};

/// The error of a guest that fails in some way, after which the handle still works.
fn error_of(how: Fail) -> Error {
    let (kit, _app) = kit();
    let error = kit.bad().fail(how).unwrap_err();
    assert_eq!(kit.add(1, 2).unwrap(), 3);
    error
}

#[test]
fn traps_are_told_apart() {
    for (how, expected) in [
        (Fail::Unreachable, TrapKind::Unreachable),
        (Fail::Recursion, TrapKind::StackOverflow),
        (Fail::DivideByZero, TrapKind::DivideByZero),
        (Fail::OutOfBounds, TrapKind::MemoryOutOfBounds),
    ] {
        match error_of(how) {
            Error::Trap {
                guest,
                function,
                kind,
                panic: None,
                stderr,
                backtrace,
            } => {
                assert_eq!(&*guest, "kit");
                assert_eq!(&*function, "test:kit/bad.fail");
                assert_eq!(kind, expected);
                assert_eq!(&*stderr, "");
                assert!(!backtrace.frames().is_empty(), "{how:?}");
            }
            other => panic!("{how:?} gave {other}"),
        }
    }
    assert_eq!(
        error_of(Fail::Unreachable).to_string(),
        "guest `kit` stopped in `test:kit/bad.fail`: it ran into `unreachable`"
    );
}

#[test]
fn the_message_of_a_guests_panic_arrives() {
    let error = error_of(Fail::Panic);
    assert!(
        matches!(&error, Error::Trap { panic: Some(text), .. } if &**text == "index out of range"),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `kit` panicked in `test:kit/bad.fail`: index out of range"
    );
}

#[test]
fn an_endless_loop_is_stopped() {
    let error = error_of(Fail::Loop);
    assert!(
        matches!(error, Error::Timeout { after, .. } if after == Duration::from_millis(100)),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `kit` did not finish `test:kit/bad.fail` within 100ms and was stopped; give it more time \
         with `Limits::deadline`, or less to do"
    );
}

#[test]
fn a_session_has_the_whole_deadline_for_each_call() {
    let (kit, _app) = kit();
    let session = kit.session().unwrap();
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(session.count().unwrap(), 1);
}

#[test]
fn a_memory_bomb_ends_at_the_limit() {
    let error = error_of(Fail::MemoryBomb);
    match &error {
        Error::Limit {
            what: LimitKind::Memory,
            limit,
            wanted: Some(wanted),
            ..
        } => {
            assert_eq!(*limit, 64 << 20);
            assert!(wanted > limit);
        }
        other => panic!("{other}"),
    }
    assert_eq!(
        error.to_string(),
        "guest `kit` reached its limit of 67108864 bytes of memory in `test:kit/bad.fail` (it wanted \
         68157440); raise it with `Limits::memory` if this is what the guest needs"
    );
}

#[test]
fn a_result_that_is_too_much_for_the_host_is_refused() {
    let kit = Kit::builder(App::default())
        .limits(limits().host_allocation(100_000))
        .load_bytes(component(KIT))
        .unwrap();
    let error = kit.huge_text().unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::HostAllocation,
                limit: 100_000,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_guest_that_cannot_start_within_its_memory_is_refused_when_loaded() {
    let error = Kit::builder(App::default())
        .limits(limits().memory(1 << 19))
        .load_bytes(component(KIT))
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Memory,
                wanted: Some(0x10_0000),
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn limits_on_core_instances_hold() {
    let error = Kit::builder(App::default())
        .limits(limits().instances(1))
        .load_bytes(component(KIT))
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Instances,
                limit: 1,
                wanted: Some(2),
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn failures_of_start_functions_are_failures_of_the_call() {
    let load = |body: &str| {
        Kit::builder(App::default())
            .name("starter")
            .limits(limits())
            .load_bytes(component(&KIT.replace("(; START ;)", body)))
            .unwrap()
    };

    let looping = load("(loop (br 0))");
    let error = looping.add(1, 2).unwrap_err();
    assert!(
        matches!(&error, Error::Timeout { function, .. } if &**function == "add"),
        "{error}"
    );
    let error = looping.session().unwrap_err();
    assert!(
        matches!(&error, Error::Timeout { function, .. } if &**function == "start"),
        "{error}"
    );

    let error = load("(unreachable)").add(1, 2).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Trap {
                kind: TrapKind::Unreachable,
                ..
            }
        ),
        "{error}"
    );

    let error = load("(call $boom)").session().unwrap_err();
    assert!(matches!(error, Error::HostPanic { .. }), "{error}");
    let error = load("(call $bomb)").add(1, 2).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
}

#[test]
fn a_panic_of_the_host_is_caught() {
    let error = error_of(Fail::HostPanic);
    match &error {
        Error::HostPanic {
            import, message, ..
        } => {
            assert_eq!(*import, "test:kit/host.boom");
            assert_eq!(&**message, "the clock fell off the wall");
        }
        other => panic!("{other}"),
    }
    assert_eq!(
        error.to_string(),
        "the host panicked in `test:kit/host.boom` while guest `kit` ran `test:kit/bad.fail`: the clock \
         fell off the wall"
    );
}

#[test]
fn a_host_may_abort_its_guest() {
    let error = error_of(Fail::HostRefuses);
    assert!(
        matches!(
            &error,
            Error::Host {
                import: "test:kit/host.refuse",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "the host aborted guest `kit` in `test:kit/host.refuse` while it ran `test:kit/bad.fail`"
    );
    assert_eq!(
        error.source().map(ToString::to_string).as_deref(),
        Some("not on a Sunday")
    );
    assert_eq!(
        format!("{error:?}"),
        "the host aborted guest `kit` in `test:kit/host.refuse` while it ran `test:kit/bad.fail`\n  \
         caused by: not on a Sunday"
    );
}

#[test]
fn broken_values_are_violations_of_the_abi() {
    let error = error_of(Fail::LogInvalidText);
    assert!(
        matches!(
            error,
            Error::AbiViolation {
                import: "test:kit/host.log",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `kit` broke its ABI in `test:kit/bad.fail`, in an argument of \
         `test:kit/host.log`: invalid utf-8 sequence of 1 bytes from index 0; this is a fault of the \
         guest or of the tool that built it"
    );

    let error = error_of(Fail::LogBadPointer);
    assert!(matches!(error, Error::AbiViolation { .. }), "{error}");

    let (kit, _app) = kit();
    for error in [
        kit.bad().text().unwrap_err(),
        kit.bad().option().unwrap_err(),
    ] {
        assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
    }
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() <= 96, "{}", size_of::<Error>());
}
