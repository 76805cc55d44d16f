//! The table's own tests: what it is there to find, done on purpose, is found.

use std::fs::File;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use abide::{Blame, Error};

use crate::fault::{Act, Fault};
use crate::harness;
use crate::neighbour::{Calls, Neighbour};
use crate::rogue::Session;
use crate::setup::{Colour, Policy, Setup, Way, component};
use crate::sort::FINE;

const FRESH: Way = Way::new(Colour::Sync, Policy::Fresh);

/// Runs a row that must not hold.
#[track_caller]
fn found(fault: Fault, way: Way, expected: &str) {
    let wrong = harness::run(&fault, way).wrong;
    assert!(
        wrong.iter().any(|text| text.contains(expected)),
        "not found: {expected}; but {wrong:?}"
    );
}

#[test]
fn another_error_is_found() {
    for way in Way::all() {
        let fault = Fault {
            ends: "Timeout",
            act: Act::Call(|guest, _| guest.stop()),
            ..Fault::USUAL
        };
        found(
            fault,
            way,
            "it ended in `Trap(Unreachable)` and not in `Timeout`",
        );
        let fault = Fault {
            ends: FINE,
            act: Act::Call(|guest, _| guest.stop()),
            ..Fault::USUAL
        };
        found(
            fault,
            way,
            "it ended in `Trap(Unreachable)` and not in `none`",
        );
    }
}

#[test]
fn the_wrong_one_to_blame_is_found() {
    let fault = Fault {
        ends: "HostPanic",
        blame: Blame::Guest,
        act: Act::Call(|guest, _| guest.panics()),
        ..Fault::USUAL
    };
    found(fault, FRESH, "the host is blamed for it");
}

#[test]
fn other_words_are_found() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let fault = Fault {
        ends: "Host",
        blame: Blame::Host,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[])?;
            match COUNT.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(guest.errs()),
                _ => Ok(Err(Error::Host {
                    guest: Arc::from("another"),
                    function: Box::from("errs"),
                    import: "errs",
                    source: Box::from("not on a Sunday"),
                })),
            }
        }),
        ..Fault::USUAL
    };
    found(fault, FRESH, ", and before in ");
}

#[test]
fn an_instance_that_is_kept_is_found() {
    let fault = Fault {
        ends: FINE,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[])?;
            std::mem::forget(guest.session().map_err(|error| error.to_string())?);
            Ok(Ok(()))
        }),
        times: 2,
        ..Fault::USUAL
    };
    found(fault, FRESH, "instances can be had: ");
}

#[test]
fn an_instance_that_outlives_its_calls_is_found() {
    static KEPT: Mutex<Vec<Session>> = Mutex::new(Vec::new());
    let fault = Fault {
        ends: "Trap(Unreachable)",
        act: Act::Call(|guest, _| {
            // One for good: with each call another one would be found by that there are no more.
            let mut kept = KEPT.lock().unwrap();
            if kept.is_empty() {
                kept.push(guest.session()?);
            }
            guest.stop()
        }),
        times: 2,
        ..Fault::USUAL
    };
    let wrong = harness::run(&fault, Way::new(Colour::Async, Policy::Warm)).wrong;
    KEPT.lock().unwrap().clear();
    assert!(!wrong.is_empty());
}

#[test]
fn memory_that_is_kept_is_found() {
    static KEPT: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    let fault = Fault {
        ends: "Trap(Unreachable)",
        act: Act::Call(|guest, _| {
            KEPT.lock().unwrap().push(vec![1; 1 << 20]);
            guest.stop()
        }),
        ..Fault::USUAL
    };
    let wrong = harness::run(&fault, FRESH).wrong;
    KEPT.lock().unwrap().clear();
    // Where the system tells.
    if cfg!(target_os = "linux") {
        assert!(
            wrong.iter().any(|text| text.contains("has grown by")),
            "{wrong:?}"
        );
    }
}

#[test]
fn files_that_are_kept_open_are_found() {
    static KEPT: Mutex<Vec<File>> = Mutex::new(Vec::new());
    let fault = Fault {
        ends: FINE,
        act: Act::Scene(|_| {
            let file = File::open(env!("CARGO_MANIFEST_DIR")).map_err(|error| error.to_string())?;
            KEPT.lock().unwrap().push(file);
            Ok(Ok(()))
        }),
        ..Fault::USUAL
    };
    let wrong = harness::run(&fault, FRESH).wrong;
    KEPT.lock().unwrap().clear();
    if cfg!(target_os = "linux") {
        assert!(
            wrong.iter().any(|text| text.contains("open files")),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_wrong_answer_of_the_neighbour_is_found() {
    let setup = Setup::new(FRESH).unwrap();
    let other = setup.builder(Setup::limits()).load_bytes(component(&[(
        "(i32.add (local.get 0) (local.get 1))",
        "(i32.sub (local.get 0) (local.get 1))",
    )]));
    let (other, calls) = (other.unwrap(), Calls::default());
    std::thread::scope(|scope| {
        let neighbour = Neighbour::start(scope, &setup, &other, &calls).unwrap();
        neighbour.keeps_calling().unwrap();
        let wrong = neighbour.stop().unwrap_err();
        assert!(wrong.contains("of the neighbour gave"), "{wrong}");
    });
}
