//! Calls that succeed, and what they may rely on.

use std::sync::atomic::Ordering;
use std::time::Duration;

use abide_host::CallError;

use crate::kit::{App, KIT, Kit, Perms, component, kit, limits};

#[test]
fn values_go_in_and_out() {
    let (kit, app) = kit();
    assert_eq!(kit.add(2, 40).unwrap(), 42);
    assert_eq!(kit.greet("Grüße, 🦀").unwrap(), "Grüße, 🦀");
    assert_eq!(kit.greet("").unwrap(), "");
    kit.log().unwrap();
    assert_eq!(*app.logged.lock(), ["hello"]);
}

#[test]
fn strings_and_lists_are_borrowed_from_the_guests_memory() {
    // The assertions are in the host: addresses can be compared only there.
    let (kit, _app) = kit();
    assert_eq!(kit.put().unwrap(), u64::MAX);
}

#[test]
fn flags_keep_known_bits_only() {
    let (kit, _app) = kit();
    assert_eq!(kit.swap(Perms::READ).unwrap(), Perms::WRITE);
    assert_eq!(kit.swap(Perms::all()).unwrap(), Perms::empty());
    let stray = Perms::from_bits_retain(128 | 1);
    assert_eq!(kit.swap(stray).unwrap(), Perms::WRITE);
}

#[test]
fn the_guests_own_error_is_an_answer() {
    let (kit, _app) = kit();
    assert_eq!(kit.halve(8).unwrap(), 4);
    let error = kit.halve(7).unwrap_err();
    assert_eq!(error.guest().map(String::as_str), Some("odd"));
    assert!(error.failed().is_none());
    assert_eq!(error.to_string(), "the guest answered with an error: odd");

    let passed_on = abide_host::Error::from(error);
    assert_eq!(
        passed_on.to_string(),
        "the guest answered with an error: odd"
    );
    assert!(matches!(
        CallError::<String>::from(passed_on),
        CallError::Failed(_)
    ));
}

#[test]
fn every_call_gets_an_instance_of_its_own() {
    let (kit, app) = kit();
    assert_eq!(kit.count().unwrap(), 1);
    assert_eq!(kit.count().unwrap(), 1);
    let before = app.instances.0.load(Ordering::Relaxed);
    kit.count().unwrap();
    assert_eq!(app.instances.0.load(Ordering::Relaxed), before + 1);
}

#[test]
fn one_handle_serves_many_threads() {
    // However busy the machine.
    let limits = limits().deadline(Duration::from_secs(600));
    let kit = Kit::builder(App::default()).limits(limits);
    let kit = kit.load_bytes(component(KIT)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let kit = kit.clone();
            scope.spawn(move || {
                for n in 0..50 {
                    assert_eq!(kit.add(thread, n).unwrap(), thread + n);
                }
            });
        }
    });
}
