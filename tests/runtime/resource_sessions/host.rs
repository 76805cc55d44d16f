//! A resource of a guest belongs to one session: mixing up sessions, and using a resource after its
//! session, are typed errors.

use std::sync::{Arc, Mutex};

use abide::Error;

abide::abi!({ wit: "resource_sessions/test.wit", module: "resource_sessions", trappable: true });

use self::cards::Hand;
use host::exports::cards::Card;

type Answer = Box<dyn FnMut() -> abide::Result<u32> + Send>;

#[derive(Clone, Default)]
struct App(Arc<Mutex<Option<Answer>>>);

impl host::Asks for App {
    fn ask(&mut self) -> abide::Result<u32> {
        let answer = self.0.lock().unwrap().take();
        answer.map_or(Ok(0), |mut answer| answer())
    }
}

fn guest() -> host::ResourceSessions {
    load!(host::ResourceSessions, App::default())
}

#[test]
fn without_a_session_there_are_no_resources() {
    let guest = guest();
    let error = guest.cards().card_new(1).unwrap_err();
    assert!(matches!(error, Error::NeedsSession { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("`session()`"), "{text}");
    let error = guest.cards().sum(Vec::new()).unwrap_err();
    assert!(matches!(error, Error::NeedsSession { .. }), "{error}");
    assert_eq!(guest.cards().alive().unwrap(), 0);
}

#[test]
fn a_resource_of_another_session_is_refused() {
    let guest = guest();
    let (one, two) = (guest.session().unwrap(), guest.session().unwrap());
    let new = |session: &host::ResourceSessions, number| session.cards().card_new(number).unwrap();
    let (a, b) = (new(&one, 5), new(&two, 6));
    let refused = |error: Error, function: &str| {
        let Error::WrongSession {
            function: found,
            resource,
            ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!(&**found, function);
        assert_eq!(*resource, "test:resource-sessions/cards.card");
    };
    refused(
        a.beats(&b).unwrap_err(),
        "test:resource-sessions/cards.card.beats",
    );
    let sum = "test:resource-sessions/cards.sum";
    refused(one.cards().sum(vec![&a, &a, &b]).unwrap_err(), sum);
    refused(two.cards().sum(vec![&a]).unwrap_err(), sum);
    // Neither session is worse for it, and the resources are as they were.
    assert!(one.is_alive() && two.is_alive());
    assert_eq!((a.number().unwrap(), b.number().unwrap()), (5, 6));
    assert_eq!(one.cards().sum(vec![&a, &a]).unwrap(), 10);

    // What was to be moved is released where it is, whether it would have fit or not.
    refused(
        a.joined(b).unwrap_err(),
        "test:resource-sessions/cards.card.joined",
    );
    assert_eq!(two.cards().alive().unwrap(), 0);
    let hand = Hand {
        first: new(&one, 1),
        others: vec![new(&one, 2), new(&two, 3), new(&one, 4)],
    };
    assert_eq!(
        (one.cards().alive().unwrap(), two.cards().alive().unwrap()),
        (4, 1)
    );
    refused(
        one.cards().play(hand).unwrap_err(),
        "test:resource-sessions/cards.play",
    );
    assert_eq!(
        (one.cards().alive().unwrap(), two.cards().alive().unwrap()),
        (1, 0)
    );
    let hand = Hand {
        first: a,
        others: vec![new(&one, 2), new(&one, 4)],
    };
    assert_eq!(one.cards().play(hand).unwrap(), 524);
    assert_eq!(one.cards().alive().unwrap(), 0);
}

#[test]
fn a_resource_keeps_its_instance() {
    let session = guest().session().unwrap();
    let card = session.cards().card_new(9).unwrap();
    let other = session.cards().card_new(8).unwrap();
    drop(session);
    assert_eq!(card.number().unwrap(), 9);
    assert!(card.beats(&other).unwrap());
    let joined = card.joined(other).unwrap();
    drop(card);
    assert_eq!(joined.number().unwrap(), 17);
}

#[test]
fn a_resource_of_a_session_that_failed_is_gone() {
    let session = guest().session().unwrap();
    let cards: Vec<Card> = (0..5)
        .map(|number| session.cards().card_new(number).unwrap())
        .collect();
    let error = cards[3].fail().unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    for card in &cards {
        let error = card.number().unwrap_err();
        assert!(matches!(error, Error::Discarded { .. }), "{error}");
    }
    let error = session.cards().sum(cards.iter().collect()).unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}

#[test]
fn an_import_that_fails_for_such_a_reason_ends_its_session() {
    let app = App::default();
    let guest = load!(host::ResourceSessions, app.clone());
    let (one, two, three) = (
        guest.session().unwrap(),
        guest.session().unwrap(),
        guest.session().unwrap(),
    );
    let a = two.cards().card_new(1).unwrap();
    let b = three.cards().card_new(2).unwrap();
    // The guest of the first session is stopped in the middle of a call, for whatever reason.
    *app.0.lock().unwrap() = Some(Box::new(move || a.beats(&b).map(u32::from)));
    let error = one.asked().unwrap_err();
    assert!(matches!(error, Error::Host { .. }), "{error}");
    assert!(!one.is_alive());
    assert!(two.is_alive() && three.is_alive());
    let error = one.asked().unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}
