//! Resources that are used and dropped while their instance is at work.

use std::sync::{Arc, Mutex};

use abide::Error;

abide::abi!({ wit: "resource_reentrant/test.wit", module: "resource_reentrant" });

use host_async::exports::items::Item;

/// What the host does when it is poked.
enum Deed {
    /// Calls a method.
    Number(Arc<Item>),
    /// Calls a function.
    Alive(host_async::ResourceReentrant),
    Drop(Vec<Item>),
}

/// What came of it.
type Results = Vec<abide::Result<u32>>;

/// What to do next, and what came of what was done: shared with the test.
#[derive(Clone, Default)]
struct App(Arc<Mutex<(Option<Deed>, Results)>>);

struct Probe(App);

impl App {
    fn does(&self, deed: Deed) {
        self.0.lock().unwrap().0 = Some(deed);
    }

    /// Whether there was something to do.
    async fn go(&self) -> bool {
        // Taken out, so that the deed may be the end of the session that holds this.
        let deed = self.0.lock().unwrap().0.take();
        let result = match deed {
            None => return false,
            Some(Deed::Number(item)) => item.number().await,
            Some(Deed::Alive(guest)) => guest.items().alive().await,
            Some(Deed::Drop(items)) => {
                drop(items);
                return true;
            }
        };
        self.0.lock().unwrap().1.push(result);
        true
    }

    fn seen(&self) -> Results {
        std::mem::take(&mut self.0.lock().unwrap().1)
    }
}

impl host_async::Probes for App {
    type Probe = Probe;

    async fn probe_new(&mut self, _name: &str) -> Probe {
        Probe(self.clone())
    }

    async fn poke(&mut self) {
        self.go().await;
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        super::at_once(self.0.go());
    }
}

async fn session() -> (abide::Session<host_async::ResourceReentrant>, App) {
    let app = App::default();
    let guest = load!(host_async::ResourceReentrant, app.clone());
    (guest.session().await.unwrap(), app)
}

#[awaited::test]
async fn a_method_from_inside_of_an_import_is_refused() {
    let (session, app) = session().await;
    let item = Arc::new(session.items().item_new(7).await.unwrap());
    app.does(Deed::Number(Arc::clone(&item)));
    assert_eq!(session.poke().await.unwrap(), 1);
    app.does(Deed::Number(Arc::clone(&item)));
    assert_eq!(item.poke().await.unwrap(), 7);
    let seen = app.seen();
    let is_reentrant = |result| matches!(result, &Err(Error::Reentrant { .. }));
    assert!(seen.len() == 2 && seen.iter().all(is_reentrant), "{seen:?}");
    assert_eq!(item.number().await.unwrap(), 7, "the session lives on");
}

#[awaited::test]
async fn what_is_dropped_inside_of_an_import_goes_afterwards() {
    let (session, app) = session().await;
    let mut items: Vec<Item> = Vec::new();
    for number in 0..3 {
        items.push(session.items().item_new(number).await.unwrap());
    }
    app.does(Deed::Drop(items));
    assert_eq!(session.poke().await.unwrap(), 3);
    assert_eq!(session.items().alive().await.unwrap(), 0);
    // Also if it is the very one whose method runs.
    let first = session.items().item_new(1).await.unwrap();
    let second = session.items().item_new(2).await.unwrap();
    let third = session.items().item_new(3).await.unwrap();
    app.does(Deed::Drop(vec![second, third]));
    assert_eq!(first.poke().await.unwrap(), 1);
    assert_eq!(session.items().alive().await.unwrap(), 1);
}

#[awaited::test]
async fn a_value_that_calls_back_when_it_is_dropped_is_refused() {
    let (session, app) = session().await;
    app.does(Deed::Alive((*session).clone()));
    session.make_and_drop("probe").await.unwrap();
    let seen = app.seen();
    assert!(
        matches!(seen[..], [Err(Error::Reentrant { .. })]),
        "{seen:?}"
    );
    assert!(session.is_alive());
}

#[awaited::test]
async fn other_sessions_may_be_called() {
    let (session, app) = session().await;
    let (other, _) = self::session().await;
    let item = Arc::new(other.items().item_new(42).await.unwrap());
    app.does(Deed::Number(item));
    session.make_and_drop("probe").await.unwrap();
    let seen = app.seen();
    assert!(matches!(seen[..], [Ok(42)]), "{seen:?}");
    // The host had the item: it went when it had been asked.
    assert_eq!(other.items().alive().await.unwrap(), 0);
}
