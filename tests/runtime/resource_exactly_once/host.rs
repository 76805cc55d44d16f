//! However a value of the host ends: it is dropped once, and not later than its instance.

use abide::Error;

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_exactly_once/test.wit", module: "resource_exactly_once" });

#[derive(Clone, Default)]
struct App(Alive);

#[derive(Debug)]
struct Value(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn value(&self, name: &str) -> Value {
        Value(name.to_owned(), self.0.one(name))
    }

    /// Fails unless the values with these names, and no others, are gone.
    fn assert_gone(&self, expected: &[&str]) {
        let mut gone = self.0.gone();
        gone.sort();
        assert_eq!(gone, expected);
        assert_eq!(self.0.count(), 0);
    }
}

impl host_async::Values for App {
    type Value = Value;

    async fn value_new(&mut self, name: &str) -> Value {
        self.value(name)
    }

    async fn take(&mut self, of: Value) {
        drop(of);
    }

    async fn take_and_fail(&mut self, of: Value) -> Result<(), String> {
        Err(of.0)
    }

    async fn take_all(&mut self, of: Vec<Value>, stop: bool) {
        assert!(!stop, "with {} values", of.len());
    }

    async fn give(&mut self, count: u32) -> Vec<Value> {
        (0..count)
            .map(|number| self.value(&number.to_string()))
            .collect()
    }
}

impl host_async::values::Value for Value {
    async fn name(&mut self) -> String {
        self.0.clone()
    }
}

fn guest() -> (host_async::ResourceExactlyOnce, App) {
    let app = App::default();
    (load!(host_async::ResourceExactlyOnce, app.clone()), app)
}

#[awaited::test]
async fn the_guest_drops_it() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    session.dropped().await.unwrap();
    app.assert_gone(&["dropped"]);
    drop(session);
    app.assert_gone(&["dropped"]);
}

#[awaited::test]
async fn the_host_takes_it() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    session.taken().await.unwrap();
    app.assert_gone(&["0", "1", "2", "failed", "taken"]);
    drop(session);
    app.assert_gone(&["0", "1", "2", "failed", "taken"]);
}

#[awaited::test]
async fn the_instance_goes() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    session.forgotten().await.unwrap();
    assert_eq!(app.0.count(), 3);
    drop(session);
    app.assert_gone(&["0", "1", "forgotten"]);
}

#[awaited::test]
async fn the_guest_panics() {
    let (guest, app) = guest();
    let error = guest.panicked().await.unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    app.assert_gone(&["0", "held"]);
}

#[awaited::test]
async fn the_guest_is_stopped() {
    let app = App::default();
    let limits = crate::guests::limits().deadline(std::time::Duration::from_millis(50));
    let guest = load!(host_async::ResourceExactlyOnce, app.clone(), limits);
    let error = guest.endless().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    app.assert_gone(&["endless"]);
}

#[awaited::test]
async fn the_guest_has_no_stack_left() {
    let app = App::default();
    let limits = crate::guests::limits().handles(1_000_000);
    let guest = load!(host_async::ResourceExactlyOnce, app.clone(), limits);
    let error = guest.recursing(0).await.unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(app.0.made() > 100);
    assert_eq!(app.0.made(), app.0.gone().len());
}

#[awaited::test]
async fn the_host_panics() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    let error = session.stopped().await.unwrap_err();
    assert!(matches!(error, Error::HostPanic { .. }), "{error}");
    assert!(error.to_string().contains("with 2 values"), "{error}");
    app.assert_gone(&["a", "b", "mine"]);
}

#[awaited::test]
async fn it_is_given_and_comes_back() {
    let (guest, app) = guest();
    let back: Value = guest
        .given(app.value("there and back"), false)
        .await
        .unwrap();
    assert_eq!((&*back.0, app.0.count()), ("there and back", 1));
    let error = guest.given::<Value>(back, true).await.unwrap_err();
    assert!(
        error.to_string().contains("as asked with there and back"),
        "{error}"
    );
    app.assert_gone(&["there and back"]);
}

#[awaited::test]
async fn it_is_only_lent() {
    let (guest, app) = guest();
    let mut value = app.value("lent");
    let session = guest.session().await.unwrap();
    assert_eq!(session.lent(&mut value, false).await.unwrap(), "lent");
    session.lent(&mut value, true).await.unwrap_err();
    drop(session);
    assert_eq!(guest.lent(&mut value, false).await.unwrap(), "lent");
    assert_eq!((app.0.count(), app.0.gone().len()), (1, 0));
    drop(value);
    app.assert_gone(&["lent"]);
}
