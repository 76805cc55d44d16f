//! Guests and hosts that fail while they run: each failure is a typed error, the process lives, the
//! next call is right, and nobody else notices.
//!
//! The guest is `tests/fixtures/faults/guest`. Here is what a single call can run into; `sessions`
//! is about who else is affected, `fuel` about counted instructions, `garbage` about guests that no
//! compiler would make.

mod fuel;
mod garbage;
mod kit;
mod sessions;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error as _;
use std::time::Duration;

use abide::{CallError, Error, LimitKind, Limits, TrapKind};
use abide_build::Target;

use kit::{Refused, TestHost, builder, failure, guest, limits, trap};

abide::abi!({
    wit: "tests/fixtures/faults/wit",
    trappable: ["app.aborts", "app.calls-back"],
});

const MIB: u64 = 1024 * 1024;

#[test]
fn unreachable_is_a_trap() {
    for target in Target::ALL {
        let error = failure(&guest(target), "test:faults/bad.stop", |guest| {
            guest.bad().stop()
        });
        let trap = trap(&error);
        assert_eq!(*trap.kind, TrapKind::Unreachable, "{target}");
        assert_eq!((trap.panic, trap.stderr), (None, ""), "{target}");
        assert_eq!(
            error.to_string(),
            "guest `faults` stopped in `test:faults/bad.stop`: it ran into `unreachable`"
        );
    }
}

#[test]
fn a_panic_brings_its_message() {
    let long = "long ".repeat(2_000);
    for target in Target::ALL {
        for message in [
            "the page is upside down",
            "two\nlines",
            "Grüße, 🦀",
            "",
            &long,
        ] {
            let error = failure(&guest(target), "test:faults/bad.panics", |guest| {
                guest.bad().panics(message)
            });
            let trap = trap(&error);
            assert_eq!(*trap.kind, TrapKind::Unreachable, "{target}");
            let panic = trap.panic.expect("the guest sent its message");
            // Where it happened, and what.
            let (place, text) = panic.split_once(": ").expect("a place and a text");
            assert!(place.starts_with("faults/guest/src/lib.rs:"), "{place}");
            match message == long {
                false => assert_eq!(text, message, "{target}"),
                true => {
                    let kept = text
                        .strip_suffix('…')
                        .expect("a message of 10,000 bytes is cut");
                    assert!(long.starts_with(kept), "{target}");
                    assert!(
                        panic.len() > 4_000 && panic.len() < 4_200,
                        "{}",
                        panic.len()
                    );
                }
            }
            assert_eq!(
                error.to_string(),
                format!("guest `faults` panicked in `test:faults/bad.panics`: {panic}")
            );
        }
    }
}

#[test]
fn a_panic_of_the_guests_own_language_brings_its_message() {
    for target in Target::ALL {
        let error = failure(&guest(target), "test:faults/bad.index", |guest| {
            guest.bad().index(7).map(drop)
        });
        let text = error.to_string();
        assert!(
            text.starts_with(
                "guest `faults` panicked in `test:faults/bad.index`: faults/guest/src/lib.rs:"
            ) && text.ends_with(": index out of bounds: the len is 3 but the index is 7"),
            "{text}"
        );
    }
}

#[test]
fn an_endless_loop_is_stopped_at_the_deadline() {
    for target in Target::ALL {
        let deadline = Duration::from_millis(150);
        let guest = builder(TestHost::default(), target, limits().deadline(deadline));
        let error = failure(&guest, "test:faults/bad.spin", |guest| guest.bad().spin());
        assert!(
            matches!(error, Error::Timeout { after, .. } if after == deadline),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "guest `faults` did not finish `test:faults/bad.spin` within 150ms and was stopped; give it \
             more time with `Limits::deadline`, or less to do"
        );
    }
}

#[test]
fn endless_recursion_is_a_trap() {
    for target in Target::ALL {
        let error = failure(&guest(target), "test:faults/bad.recurse", |guest| {
            guest.bad().recurse()
        });
        assert_eq!(*trap(&error).kind, TrapKind::StackOverflow, "{target}");
        assert_eq!(
            error.to_string(),
            "guest `faults` stopped in `test:faults/bad.recurse`: its call stack is exhausted"
        );
    }
}

#[test]
fn endless_recursion_with_data_on_the_stack_is_a_trap() {
    for target in Target::ALL {
        let function = "test:faults/bad.recurse-with-data";
        let error = failure(&guest(target), function, |guest| {
            guest.bad().recurse_with_data()
        });
        assert_eq!(*trap(&error).kind, TrapKind::MemoryOutOfBounds, "{target}");
        assert_eq!(
            error.to_string(),
            "guest `faults` stopped in `test:faults/bad.recurse-with-data`: it accessed memory out of \
             bounds, as a guest also does that has used up the stack in its memory"
        );
    }
}

#[test]
fn a_memory_bomb_ends_at_the_limit() {
    for (limits, limit) in [
        (limits(), 64 * MIB),
        (limits().memory(4 * 1024 * 1024), 4 * MIB),
    ] {
        for target in Target::ALL {
            let guest = builder(TestHost::default(), target, limits.clone());
            let error = failure(&guest, "test:faults/bad.hoard", |guest| guest.bad().hoard());
            let Error::Limit {
                what: LimitKind::Memory,
                limit: told,
                wanted: Some(wanted),
                ..
            } = error
            else {
                panic!("{target}: {error}")
            };
            assert_eq!(told, limit);
            assert!(wanted > limit, "{wanted}");
            assert_eq!(
                error.to_string(),
                format!(
                    "guest `faults` reached its limit of {limit} bytes of memory in \
                     `test:faults/bad.hoard` (it wanted {wanted}); raise it with `Limits::memory` if \
                     this is what the guest needs"
                )
            );
        }
    }
}

#[test]
fn a_guest_that_copes_with_the_limit_has_not_failed() {
    for target in Target::ALL {
        let guest = guest(target);
        let session = guest.session().unwrap();
        let had = session.modest().unwrap();
        assert!((48 * MIB..64 * MIB).contains(&had), "{target}: {had}");
        assert_eq!(session.add(1, 2).unwrap(), 3);
        // The refusal is forgotten: what comes later has reasons of its own.
        let error = session.bad().stop().unwrap_err();
        assert_eq!(*trap(&error).kind, TrapKind::Unreachable, "{target}");
    }
}

#[test]
fn a_result_too_large_for_the_host_is_refused() {
    let limits = limits().host_allocation(1024 * 1024);
    let guest = builder(TestHost::default(), Target::Wasip2, limits);
    let error = failure(&guest, "test:faults/bad.huge", |guest| {
        guest.bad().huge(2 * 1024 * 1024).map(drop)
    });
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::HostAllocation,
                limit: 1_048_576,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `faults` reached its limit of 1048576 bytes handed to the host in one call in \
         `test:faults/bad.huge`; raise it with `Limits::host_allocation` if this is what the guest needs"
    );
    assert_eq!(guest.bad().huge(1_000_000).unwrap().len(), 1_000_000);
}

#[test]
fn a_guest_that_cannot_start_within_its_memory_is_not_loaded() {
    let error = host::Faults::builder(TestHost::default())
        .limits(Limits::new().memory(64 * 1024))
        .name("faults")
        .load(support::guest("faults", Target::Wasip2))
        .unwrap_err();
    let Error::Limit {
        what: LimitKind::Memory,
        limit: 65_536,
        wanted: Some(wanted),
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(
        error.to_string(),
        format!(
            "guest `faults` reached its limit of 65536 bytes of memory in `start` (it wanted {wanted}); \
             raise it with `Limits::memory` if this is what the guest needs"
        )
    );
}

#[test]
fn a_guest_may_end_itself_and_nobody_else() {
    for (asked, code) in [(0, 0), (3, 1)] {
        let error = failure(&guest(Target::Wasip2), "test:faults/bad.exit", |guest| {
            guest.bad().exit(asked)
        });
        assert_eq!(*trap(&error).kind, TrapKind::Exit { code });
        assert_eq!(
            error.to_string(),
            format!(
                "guest `faults` stopped in `test:faults/bad.exit`: it ended its process with exit code \
                 {code}"
            )
        );
    }
}

#[test]
fn what_a_guest_wrote_to_stderr_before_it_stopped_is_in_the_error() {
    let error = failure(
        &guest(Target::Wasip2),
        "test:faults/bad.complain",
        |guest| guest.bad().complain("out of ink"),
    );
    assert_eq!(trap(&error).stderr, "out of ink\n");
    assert_eq!(
        error.to_string(),
        "guest `faults` stopped in `test:faults/bad.complain`: it ran into `unreachable`; the last it \
         wrote to stderr:\nout of ink"
    );
}

#[test]
fn a_panic_of_the_host_is_an_error_of_the_call() {
    for target in Target::ALL {
        let error = failure(&guest(target), "test:faults/bad.host-panics", |guest| {
            guest.bad().host_panics("the clock fell off the wall")
        });
        let Error::HostPanic {
            import,
            ref message,
            ..
        } = error
        else {
            panic!("{target}: {error}")
        };
        assert_eq!(import, "test:faults/app.panics");
        assert_eq!(&**message, "the clock fell off the wall");
        assert_eq!(
            error.to_string(),
            "the host panicked in `test:faults/app.panics` while guest `faults` ran \
             `test:faults/bad.host-panics`: the clock fell off the wall"
        );
    }
}

#[test]
fn a_host_may_abort_its_guest() {
    for target in Target::ALL {
        let error = failure(&guest(target), "test:faults/bad.host-aborts", |guest| {
            guest.bad().host_aborts("not on a Sunday").map(drop)
        });
        assert_eq!(
            error.to_string(),
            "the host aborted guest `faults` in `test:faults/app.aborts` while it ran \
             `test:faults/bad.host-aborts`"
        );
        let Error::Host { import, source, .. } = error else {
            panic!("{target}: {error}")
        };
        assert_eq!(import, "test:faults/app.aborts");
        // The host's own error comes back as what it was.
        assert_eq!(
            source.downcast_ref(),
            Some(&Refused("not on a Sunday".to_owned()))
        );
    }
}

#[test]
fn the_errors_of_a_guest_are_answers() {
    let guest = guest(Target::Wasip2);
    let session = guest.session().unwrap();
    assert_eq!(session.count().unwrap(), 1);
    assert_eq!(session.parse("17").unwrap(), 17);

    let error = session.parse("seven").unwrap_err();
    assert_eq!(
        error.guest().unwrap(),
        "`seven`: invalid digit found in string"
    );
    assert!(session.is_alive());
    assert_eq!(session.count().unwrap(), 2);

    let error = Error::from(error);
    assert_eq!(
        error.to_string(),
        "the guest answered with an error: `seven`: invalid digit found in string"
    );
    assert!(matches!(
        CallError::<String>::from(error),
        CallError::Failed(Error::Guest { .. })
    ));
}

#[test]
fn errors_print_their_causes_and_can_go_anywhere() {
    let error = guest(Target::Wasip2).bad().host_aborts("no").unwrap_err();
    assert_eq!(
        error.source().map(ToString::to_string).as_deref(),
        Some("refused: no")
    );
    assert_eq!(
        format!("{error:?}"),
        "the host aborted guest `faults` in `test:faults/app.aborts` while it ran \
         `test:faults/bad.host-aborts`\n  caused by: refused: no"
    );
    let anywhere: Box<dyn std::error::Error + Send + Sync + 'static> = Box::new(error);
    assert!(anywhere.downcast_ref::<Error>().is_some());
}
