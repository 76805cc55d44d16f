//! Resources that are dropped while a panic unwinds, and resources whose drop panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide::Error;

abide::abi!({ wit: "resource_unwinding/test.wit", module: "resource_unwinding" });

#[derive(Clone, Default)]
struct App(Arc<AtomicU32>);

struct Bomb(bool, Arc<AtomicU32>);

impl host::Touchy for App {
    type Bomb = Bomb;

    fn bomb_new(&mut self, live: bool) -> Bomb {
        Bomb(live, Arc::clone(&self.0))
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
        assert!(!self.0, "the bomb was live");
    }
}

#[test]
fn handles_are_released_while_a_panic_unwinds() {
    let session = load!(host::ResourceUnwinding, App::default())
        .session()
        .unwrap();
    let things = session.things();
    let kept = things.thing_new(1).unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _first = things.thing_new(2).unwrap();
        let _second = things.thing_new(3).unwrap();
        assert_eq!(things.alive().unwrap(), 3);
        panic!("on purpose");
    }));
    assert!(caught.is_err());
    assert!(session.is_alive());
    assert_eq!(things.alive().unwrap(), 1);
    assert_eq!(kept.number().unwrap(), 1);
}

#[test]
fn a_destructor_of_the_guest_that_panics_ends_the_session_only() {
    let session = load!(host::ResourceUnwinding, App::default())
        .session()
        .unwrap();
    let things = session.things();
    let (armed, other) = (things.thing_new(1).unwrap(), things.thing_new(2).unwrap());
    armed.arm().unwrap();
    drop(armed);
    assert!(!session.is_alive());
    let error = other.number().unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
    drop(other);
}

#[test]
fn a_destructor_of_the_guest_that_panics_while_a_panic_unwinds() {
    let session = load!(host::ResourceUnwinding, App::default())
        .session()
        .unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let armed = session.things().thing_new(1).unwrap();
        armed.arm().unwrap();
        panic!("on purpose");
    }));
    assert!(caught.is_err());
    assert!(!session.is_alive());
}

#[test]
fn a_value_of_the_host_that_panics_when_the_guest_drops_it() {
    let app = App::default();
    let guest = load!(host::ResourceUnwinding, app.clone());
    assert_eq!(guest.explode(false).unwrap(), 7);
    let error = guest.explode(true).unwrap_err();
    let Error::HostPanic {
        import, message, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(*import, "test:resource-unwinding/touchy.bomb");
    assert_eq!(&**message, "the bomb was live");
    assert_eq!(app.0.load(Ordering::Relaxed), 2);
}

#[test]
fn values_of_the_host_that_panic_when_their_instance_goes() {
    let app = App::default();
    let session = load!(host::ResourceUnwinding, app.clone())
        .session()
        .unwrap();
    session.forget(10).unwrap();
    assert_eq!(app.0.load(Ordering::Relaxed), 0);
    drop(session);
    assert_eq!(app.0.load(Ordering::Relaxed), 10);
}
