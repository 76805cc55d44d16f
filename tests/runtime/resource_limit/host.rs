//! Guests that hoard handles meet a limit, and the host gets its values back.

use abide::{Error, LimitKind};

use crate::alive::{Alive, One};
use crate::guests::limits;

abide::abi!({ wit: "resource_limit/test.wit", module: "resource_limit" });

use host::exports::own_things::OwnThing;

#[derive(Clone, Default)]
struct App(Alive);

impl host::Things for App {
    type Thing = One;

    fn thing_new(&mut self, number: u32) -> One {
        self.0.one(&number.to_string())
    }

    fn many(&mut self, count: u32) -> Vec<One> {
        (0..count).map(|number| self.thing_new(number)).collect()
    }
}

fn guest() -> (host::ResourceLimit, App) {
    let app = App::default();
    let limits = limits().handles(100);
    (load!(host::ResourceLimit, app.clone(), limits), app)
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

#[test]
fn hoarding_one_by_one() {
    let (guest, app) = guest();
    assert_eq!(guest.hoard(90).unwrap(), 90);
    assert_limit(&guest.hoard(101).unwrap_err(), "hoard");
    assert_limit(&guest.hoard(100_000).unwrap_err(), "hoard");
    assert_eq!(app.0.count(), 0);
}

#[test]
fn getting_too_many_at_once() {
    let (guest, app) = guest();
    assert_eq!(guest.pile(90).unwrap(), 90);
    assert_limit(&guest.pile(101).unwrap_err(), "pile");
    assert_eq!((app.0.made(), app.0.count()), (191, 0));
}

#[test]
fn hoarding_from_call_to_call() {
    let (guest, app) = guest();
    let session = guest.session().unwrap();
    assert_eq!(session.keep(60).unwrap(), 60);
    assert_eq!(session.keep(30).unwrap(), 90);
    assert_limit(&session.keep(30).unwrap_err(), "keep");
    assert!(!session.is_alive());
    assert_eq!(app.0.count(), 0);
    assert_eq!(guest.session().unwrap().keep(90).unwrap(), 90);
    assert_eq!(app.0.count(), 0);
}

#[test]
fn what_is_let_go_does_not_count() {
    let (guest, app) = guest();
    let session = guest.session().unwrap();
    for _ in 0..5 {
        assert_eq!(session.churn(1_000).unwrap(), 1_000);
    }
    assert_eq!((app.0.made(), app.0.count()), (5_000, 0));
}

#[test]
fn a_host_that_hoards_meets_it_too() {
    let (guest, _) = guest();
    let session = guest.session().unwrap();
    let things = session.own_things();
    let mut made: Vec<OwnThing> = Vec::new();
    let error = loop {
        match things.own_thing_new(made.len() as u32) {
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
    let error = made[0].number().unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}
