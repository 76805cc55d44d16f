//! Resources that are used and dropped while their instance is at work.

use std::sync::{Arc, Mutex};

use abide::Error;

abide::abi!({ wit: "resource_reentrant/test.wit", module: "resource_reentrant" });

use host::exports::items::Item;

/// What the host does when it is poked: shared with the test.
type Deed = Box<dyn FnMut() + Send>;

#[derive(Clone, Default)]
struct App(Arc<Mutex<Option<Deed>>>);

struct Probe(App);

impl App {
    fn does(&self, deed: impl FnMut() + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::new(deed));
    }

    fn go(&self) {
        // Taken out, so that the deed may be the end of the session that holds this.
        let deed = self.0.lock().unwrap().take();
        if let Some(mut deed) = deed {
            deed();
        }
    }
}

impl host::Probes for App {
    type Probe = Probe;

    fn probe_new(&mut self, _name: &str) -> Probe {
        Probe(self.clone())
    }

    fn poke(&mut self) {
        self.go();
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.go();
    }
}

fn session() -> (abide::Session<host::ResourceReentrant>, App) {
    let app = App::default();
    let guest = load!(host::ResourceReentrant, app.clone());
    (guest.session().unwrap(), app)
}

#[test]
fn a_method_from_inside_of_an_import_is_refused() {
    let (session, app) = session();
    let item = Arc::new(session.items().item_new(7).unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (inner, errors) = (Arc::clone(&item), Arc::clone(&seen));
    app.does(move || errors.lock().unwrap().push(inner.number().unwrap_err()));
    assert_eq!(session.poke().unwrap(), 1);
    let (inner, errors) = (Arc::clone(&item), Arc::clone(&seen));
    app.does(move || errors.lock().unwrap().push(inner.number().unwrap_err()));
    assert_eq!(item.poke().unwrap(), 7);
    for error in &*seen.lock().unwrap() {
        assert!(matches!(error, Error::Reentrant { .. }), "{error}");
    }
    assert_eq!(seen.lock().unwrap().len(), 2);
    assert_eq!(item.number().unwrap(), 7, "the session lives on");
}

#[test]
fn what_is_dropped_inside_of_an_import_goes_afterwards() {
    let (session, app) = session();
    let items: Vec<Item> = (0..3)
        .map(|number| session.items().item_new(number).unwrap())
        .collect();
    let mut items = Some(items);
    app.does(move || drop(items.take()));
    assert_eq!(session.poke().unwrap(), 3);
    assert_eq!(session.items().alive().unwrap(), 0);
    // Also if it is the very one whose method runs.
    let first = session.items().item_new(1).unwrap();
    let second = session.items().item_new(2).unwrap();
    let mut both = Some((second, session.items().item_new(3).unwrap()));
    app.does(move || drop(both.take()));
    assert_eq!(first.poke().unwrap(), 1);
    assert_eq!(session.items().alive().unwrap(), 1);
}

#[test]
fn a_value_that_calls_back_when_it_is_dropped_is_refused() {
    let (session, app) = session();
    let handle = (*session).clone();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let errors = Arc::clone(&seen);
    app.does(move || {
        let error = handle.items().alive().unwrap_err();
        errors.lock().unwrap().push(error);
    });
    session.make_and_drop("probe").unwrap();
    let seen = seen.lock().unwrap();
    assert!(matches!(seen[0], Error::Reentrant { .. }), "{seen:?}");
    assert!(session.is_alive());
}

#[test]
fn other_sessions_may_be_called() {
    let (session, app) = session();
    let (other, _) = self::session();
    let item = other.items().item_new(40).unwrap();
    let seen = Arc::new(Mutex::new(0));
    let number = Arc::clone(&seen);
    app.does(move || *number.lock().unwrap() = item.number().unwrap() + 2);
    session.make_and_drop("probe").unwrap();
    assert_eq!(*seen.lock().unwrap(), 42);
    // The closure had the item: it went with it.
    assert_eq!(other.items().alive().unwrap(), 0);
}
