//! Guests whose instructions are counted.

use abide::{Engine, Error};
use abide_build::Target;

use crate::host::Faults;
use crate::kit::{TestHost, builder, failure, limits};
use crate::support;

const FUEL: u64 = 20_000_000;

#[test]
fn an_endless_loop_is_stopped_when_its_fuel_is_used_up() {
    for target in Target::ALL {
        let guest = builder(TestHost::default(), target, limits().fuel(FUEL));
        let error = failure(&guest, "test:faults/bad.spin", |guest| guest.bad().spin());
        assert!(
            matches!(error, Error::OutOfFuel { fuel: FUEL, .. }),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "guest `faults` used up its 20000000 units of fuel in `test:faults/bad.spin` and was stopped; \
             give it more with `Limits::fuel`, or less to do"
        );
    }
}

#[test]
fn every_call_has_all_of_its_fuel() {
    let guest = builder(TestHost::default(), Target::Unknown, limits().fuel(FUEL));
    let session = guest.session().unwrap();
    // A text of a megabyte takes some millions of instructions; ten of them are more than there is.
    for _ in 0..10 {
        assert_eq!(session.bad().huge(1 << 20).unwrap().len(), 1 << 20);
    }
    let short = builder(TestHost::default(), Target::Unknown, limits().fuel(1_000));
    let error = short.bad().huge(1 << 20).unwrap_err();
    assert!(
        matches!(error, Error::OutOfFuel { fuel: 1_000, .. }),
        "{error}"
    );
}

#[test]
fn an_engine_that_does_not_count_is_refused() {
    let load = |engine: Engine| {
        Faults::builder(TestHost::default())
            .engine(&engine)
            .limits(limits().fuel(FUEL))
            .load(support::guest("faults", Target::Unknown))
    };
    let error = load(Engine::new().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Limits::fuel` is set, and the engine that was given does not count \
         fuel; make it with `Engine::with_fuel`, or give none"
    );
    assert_eq!(
        load(Engine::with_fuel().unwrap())
            .unwrap()
            .add(1, 2)
            .unwrap(),
        3
    );
}

#[test]
fn an_engine_that_counts_serves_guests_without_a_limit() {
    let guest = Faults::builder(TestHost::default())
        .engine(&Engine::with_fuel().unwrap())
        .limits(limits())
        .load(support::guest("faults", Target::Unknown))
        .unwrap();
    assert_eq!(guest.bad().huge(1 << 24).unwrap().len(), 1 << 24);
}
