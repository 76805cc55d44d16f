//! Guests that hoard handles meet a limit, and the host gets its values back.

use abide::{Error, LimitKind};

use crate::alive::{Alive, One};
use crate::guests::limits;

abide::abi!({ wit: "resource_limit/test.wit", module: "resource_limit" });

use host_async::exports::own_things::OwnThing;

#[derive(Clone, Default)]
struct App(Alive);

impl host_async::Things for App {
    type Thing = One;

    async fn thing_new(&mut self, number: u32) -> One {
        self.0.one(&number.to_string())
    }

    async fn many(&mut self, count: u32) -> Vec<One> {
        let mut things = Vec::new();
        for number in 0..count {
            things.push(self.thing_new(number).await);
        }
        things
    }
}

fn guest() -> (host_async::ResourceLimit, App) {
    let app = App::default();
    let limits = limits().handles(100);
    (load!(host_async::ResourceLimit, app.clone(), limits), app)
}

fn assert_limit(error: &Error, function: &str) {
    let Error::Limit {
        what: LimitKind::Handles,
        limit: 100,
        function: found,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(&**found, function);
    let text = error.to_string();
    assert!(text.contains("100 resource handles"), "{text}");
    assert!(text.contains("`Limits::handles`"), "{text}");
}

#[awaited::test]
async fn hoarding_one_by_one() {
    let (guest, app) = guest();
    assert_eq!(guest.hoard(90).await.unwrap(), 90);
    assert_limit(&guest.hoard(101).await.unwrap_err(), "hoard");
    assert_limit(&guest.hoard(100_000).await.unwrap_err(), "hoard");
    assert_eq!(app.0.count(), 0);
}

#[awaited::test]
async fn getting_too_many_at_once() {
    let (guest, app) = guest();
    assert_eq!(guest.pile(90).await.unwrap(), 90);
    assert_limit(&guest.pile(101).await.unwrap_err(), "pile");
    assert_eq!((app.0.made(), app.0.count()), (191, 0));
}

#[awaited::test]
async fn hoarding_from_call_to_call() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    assert_eq!(session.keep(60).await.unwrap(), 60);
    assert_eq!(session.keep(30).await.unwrap(), 90);
    assert_limit(&session.keep(30).await.unwrap_err(), "keep");
    assert!(!session.is_alive());
    assert_eq!(app.0.count(), 0);
    assert_eq!(guest.session().await.unwrap().keep(90).await.unwrap(), 90);
    assert_eq!(app.0.count(), 0);
}

#[awaited::test]
async fn what_is_let_go_does_not_count() {
    let (guest, app) = guest();
    let session = guest.session().await.unwrap();
    for _ in 0..5 {
        assert_eq!(session.churn(1_000).await.unwrap(), 1_000);
    }
    assert_eq!((app.0.made(), app.0.count()), (5_000, 0));
}

#[awaited::test]
async fn a_host_that_hoards_meets_it_too() {
    let (guest, _) = guest();
    let session = guest.session().await.unwrap();
    let things = session.own_things();
    let mut made: Vec<OwnThing> = Vec::new();
    let error = loop {
        match things.own_thing_new(made.len() as u32).await {
            Ok(thing) => made.push(thing),
            Err(error) => break error,
        }
        assert!(made.len() <= 100, "there is no limit");
    };
    assert_limit(
        &error,
        "test:resource-limit/own-things.own-thing.constructor",
    );
    assert!(made.len() > 50, "{}", made.len());
    assert!(!session.is_alive());
    let error = made[0].number().await.unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}
