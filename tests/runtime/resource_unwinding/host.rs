//! Resources that are dropped while a panic unwinds, and resources whose drop panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide::Error;

abide::abi!({ wit: "resource_unwinding/test.wit", module: "resource_unwinding" });

#[derive(Clone, Default)]
struct App(Arc<AtomicU32>);

struct Bomb(bool, Arc<AtomicU32>);

impl host_async::Touchy for App {
    type Bomb = Bomb;

    async fn bomb_new(&mut self, live: bool) -> Bomb {
        Bomb(live, Arc::clone(&self.0))
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
        assert!(!self.0, "the bomb was live");
    }
}

/// Drops something while a panic unwinds.
fn unwind_with<T>(held: T) {
    let caught = catch_unwind(AssertUnwindSafe(move || {
        let _held = held;
        panic!("on purpose");
    }));
    assert!(caught.is_err());
}

#[awaited::test]
async fn handles_are_released_while_a_panic_unwinds() {
    let session = load!(host_async::ResourceUnwinding, App::default())
        .session()
        .await
        .unwrap();
    let things = session.things();
    let kept = things.thing_new(1).await.unwrap();
    let more = [
        things.thing_new(2).await.unwrap(),
        things.thing_new(3).await.unwrap(),
    ];
    assert_eq!(things.alive().await.unwrap(), 3);
    unwind_with(more);
    assert!(session.is_alive());
    assert_eq!(things.alive().await.unwrap(), 1);
    assert_eq!(kept.number().await.unwrap(), 1);
}

#[awaited::test]
async fn a_destructor_of_the_guest_that_panics_ends_the_session_only() {
    let session = load!(host_async::ResourceUnwinding, App::default())
        .session()
        .await
        .unwrap();
    let things = session.things();
    let (armed, other) = (
        things.thing_new(1).await.unwrap(),
        things.thing_new(2).await.unwrap(),
    );
    armed.arm().await.unwrap();
    drop(armed);
    #[cfg(sync)]
    assert!(!session.is_alive());
    let error = other.number().await.unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
    assert!(!session.is_alive());
    drop(other);
}

#[cfg(not(sync))]
#[awaited::test]
async fn whoever_waits_for_a_destructor_is_told_that_it_panicked() {
    let session = load!(host_async::ResourceUnwinding, App::default())
        .session()
        .await
        .unwrap();
    let armed = session.things().thing_new(1).await.unwrap();
    armed.arm().await.unwrap();
    let error = abide::release(armed).await.unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(error.to_string().contains("thing 1 was armed"), "{error}");
    assert!(!session.is_alive());
}

#[awaited::test]
async fn a_destructor_of_the_guest_that_panics_while_a_panic_unwinds() {
    let session = load!(host_async::ResourceUnwinding, App::default())
        .session()
        .await
        .unwrap();
    let armed = session.things().thing_new(1).await.unwrap();
    armed.arm().await.unwrap();
    unwind_with(armed);
    #[cfg(sync)]
    assert!(!session.is_alive());
    let error = session.things().alive().await.unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
    assert!(!session.is_alive());
}

#[awaited::test]
async fn a_value_of_the_host_that_panics_when_the_guest_drops_it() {
    let app = App::default();
    let guest = load!(host_async::ResourceUnwinding, app.clone());
    assert_eq!(guest.explode(false).await.unwrap(), 7);
    let error = guest.explode(true).await.unwrap_err();
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

#[awaited::test]
async fn values_of_the_host_that_panic_when_their_instance_goes() {
    let app = App::default();
    let session = load!(host_async::ResourceUnwinding, app.clone())
        .session()
        .await
        .unwrap();
    session.forget(10).await.unwrap();
    assert_eq!(app.0.load(Ordering::Relaxed), 0);
    drop(session);
    assert_eq!(app.0.load(Ordering::Relaxed), 10);
}
