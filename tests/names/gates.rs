//! `@since`, `@unstable` and `@deprecated`. What is called or named and deprecated warns here as
//! the `#[expect]`s say, and what is implemented does not.

#![deny(deprecated, unfulfilled_lint_expectations)]

use abide::CallError;
use abide_build::Target;

use crate::{patient, support};

abide::abi!({ wit: "tests/fixtures/gates/wit", features: ["fancy"], module: "gates" });

/// The same with nothing unstable.
mod stable {
    abide::abi!({ wit: "tests/fixtures/gates/wit", module: "gates::stable" });
}

/// The same with everything.
mod everything {
    abide::abi!({ wit: "tests/fixtures/gates/wit", world: "gates", features: all, module: "gates::everything" });
}

#[derive(Clone)]
struct App;

struct Timer(u64);

impl host::Clock for App {
    type Timer = Timer;

    fn timer_new(&mut self, at: u64) -> Timer {
        Timer(at)
    }

    fn now(&mut self) -> u64 {
        1 << 40
    }

    fn now_32(&mut self) -> u32 {
        7
    }

    fn length(&mut self, of: clock::Span) -> u64 {
        of.end - of.start
    }

    #[expect(deprecated, reason = "the names of the types")]
    fn stamp_of(
        &mut self,
        stamps: clock::Stamps,
        parts: clock::Parts,
    ) -> Result<clock::Stamp, clock::Problem> {
        match stamps.first() {
            Some(stamp) if parts == clock::Parts::HOURS => Ok(*stamp),
            Some(stamp) => Err(clock::Problem::Never(stamp.zone)),
            None => Err(clock::Problem::Other),
        }
    }
}

impl host::clock::Timer for Timer {
    fn passed(&mut self) -> u64 {
        self.0 + 1
    }

    fn passed_32(&mut self) -> u32 {
        32
    }
}

impl host::Legacy for App {
    fn greet(&mut self, name: &str) -> String {
        format!("good day, {name}")
    }
}

impl host::GatesImports for App {
    fn old_host_title(&mut self) -> String {
        "old".to_owned()
    }
}

fn guest() -> host::Gates {
    host::Gates::builder(App)
        .limits(patient())
        .load(support::guest("gates", Target::Wasip2))
        .unwrap()
}

#[test]
fn what_is_stable_or_asked_for_is_there() {
    let guest = guest();
    assert_eq!(guest.clock().now().unwrap(), 1 << 40);
    let span = clock::Span { start: 3, end: 10 };
    assert_eq!(guest.clock().length(&span).unwrap(), 7);
    let title = guest.fancy_title(3).unwrap();
    assert_eq!(title, "fancier by 3");
    let session = guest.session().unwrap();
    let timer = session.clock().timer_new(4).unwrap();
    assert_eq!(timer.passed().unwrap(), 5);
}

#[test]
#[expect(deprecated, reason = "to see that they are")]
fn what_is_deprecated_still_works() {
    let guest = guest();
    assert_eq!(guest.clock().now_32().unwrap(), 7);
    assert_eq!(guest.legacy().greet("Ada").unwrap(), "good day, Ada");
    assert_eq!(guest.plain().add(1, 2).unwrap(), 3);
    assert_eq!(guest.old_title().unwrap(), "old");
    let stamp = clock::Stamp {
        at: 5,
        zone: clock::Zone::Local,
    };
    let found = guest.clock().stamp_of(&[stamp], clock::Parts::HOURS);
    assert_eq!(found.unwrap(), stamp);
    let error = guest.clock().stamp_of(&[stamp], clock::Parts::all());
    let never = clock::Problem::Never(clock::Zone::Local);
    assert!(
        matches!(error, Err(CallError::Guest(found)) if found == never),
        "{error:?}"
    );
    let session = guest.session().unwrap();
    let timer = session.clock().timer_new(4).unwrap();
    assert_eq!(timer.passed_32().unwrap(), 32);
}

/// Each of these warns by itself.
mod each_warns {
    use super::{clock, host};

    #[expect(deprecated, reason = "a function of an interface")]
    fn function(guest: &host::Gates) -> abide::Result<u32> {
        guest.clock().now_32()
    }

    #[expect(deprecated, reason = "a function of the world")]
    fn function_of_the_world(guest: &host::Gates) -> abide::Result<String> {
        guest.old_title()
    }

    #[expect(deprecated, reason = "the way to an interface that is")]
    fn interface(guest: &host::Gates) {
        let _ = guest.legacy();
    }

    #[expect(deprecated, reason = "the way to an interface that is, for this world")]
    fn interface_here(guest: &host::Gates) {
        let _ = guest.plain();
    }

    #[expect(deprecated, reason = "a record")]
    fn record(_: clock::Stamp) {}

    #[expect(deprecated, reason = "an enum")]
    fn enumeration(_: clock::Zone) {}

    #[expect(deprecated, reason = "a variant")]
    fn variant(_: clock::Problem) {}

    #[expect(deprecated, reason = "flags")]
    fn flags(_: clock::Parts) {}

    #[expect(deprecated, reason = "another name of a type")]
    fn alias(_: clock::Stamps) {}

    #[test]
    fn they_are_what_they_are_said_to_be() {
        let _ = (function, function_of_the_world, interface, interface_here);
        let _ = (record, enumeration, variant, flags, alias);
    }
}

#[test]
fn what_is_left_out_is_no_part_of_the_abi() {
    assert_ne!(ABI.fingerprint, stable::ABI.fingerprint);
    assert_ne!(ABI.fingerprint, everything::ABI.fingerprint);
    // These are there with everything only.
    let _ = everything::clock::Never { never: 1 };
    let _ = everything::host::Gates::secret;
    #[expect(dead_code, reason = "it is enough that it compiles")]
    fn hidden<H: everything::host::GatesImports>(host: &mut H) -> u32 {
        host.hidden()
    }
}
