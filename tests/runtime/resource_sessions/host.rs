//! A resource of a guest belongs to one session: mixing up sessions, and using a resource after its
//! session, are typed errors.

use std::sync::{Arc, Mutex};

use abide::Error;

abide::abi!({ wit: "resource_sessions/test.wit", module: "resource_sessions", trappable: true });

use self::cards::Hand;
use host_async::exports::cards::Card;

/// Two cards that are compared when the guest asks.
#[derive(Clone, Default)]
struct App(Arc<Mutex<Option<(Card, Card)>>>);

impl host_async::Asks for App {
    async fn ask(&mut self) -> abide::Result<u32> {
        let cards = self.0.lock().unwrap().take();
        match cards {
            Some((a, b)) => a.beats(&b).await.map(u32::from),
            None => Ok(0),
        }
    }
}

fn guest() -> host_async::ResourceSessions {
    load!(host_async::ResourceSessions, App::default())
}

#[awaited::test]
async fn without_a_session_there_are_no_resources() {
    let guest = guest();
    let error = guest.cards().card_new(1).await.unwrap_err();
    assert!(matches!(error, Error::NeedsSession { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("`session()`"), "{text}");
    let error = guest.cards().sum(Vec::new()).await.unwrap_err();
    assert!(matches!(error, Error::NeedsSession { .. }), "{error}");
    assert_eq!(guest.cards().alive().await.unwrap(), 0);
}

#[awaited::test]
async fn a_resource_of_another_session_is_refused() {
    let guest = guest();
    let (one, two) = (
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
    );
    let new = async |session: &host_async::ResourceSessions, number| {
        session.cards().card_new(number).await.unwrap()
    };
    let (a, b) = (new(&one, 5).await, new(&two, 6).await);
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
        a.beats(&b).await.unwrap_err(),
        "test:resource-sessions/cards.card.beats",
    );
    let sum = "test:resource-sessions/cards.sum";
    refused(one.cards().sum(vec![&a, &a, &b]).await.unwrap_err(), sum);
    refused(two.cards().sum(vec![&a]).await.unwrap_err(), sum);
    // Neither session is worse for it, and the resources are as they were.
    assert!(one.is_alive() && two.is_alive());
    assert_eq!(
        (a.number().await.unwrap(), b.number().await.unwrap()),
        (5, 6)
    );
    assert_eq!(one.cards().sum(vec![&a, &a]).await.unwrap(), 10);

    // What was to be moved is released where it is, whether it would have fit or not.
    refused(
        a.joined(b).await.unwrap_err(),
        "test:resource-sessions/cards.card.joined",
    );
    assert_eq!(two.cards().alive().await.unwrap(), 0);
    let hand = Hand {
        first: new(&one, 1).await,
        others: vec![new(&one, 2).await, new(&two, 3).await, new(&one, 4).await],
    };
    assert_eq!(
        (
            one.cards().alive().await.unwrap(),
            two.cards().alive().await.unwrap()
        ),
        (4, 1)
    );
    refused(
        one.cards().play(hand).await.unwrap_err(),
        "test:resource-sessions/cards.play",
    );
    assert_eq!(
        (
            one.cards().alive().await.unwrap(),
            two.cards().alive().await.unwrap()
        ),
        (1, 0)
    );
    let hand = Hand {
        first: a,
        others: vec![new(&one, 2).await, new(&one, 4).await],
    };
    assert_eq!(one.cards().play(hand).await.unwrap(), 524);
    assert_eq!(one.cards().alive().await.unwrap(), 0);
}

#[awaited::test]
async fn a_resource_keeps_its_instance() {
    let session = guest().session().await.unwrap();
    let card = session.cards().card_new(9).await.unwrap();
    let other = session.cards().card_new(8).await.unwrap();
    drop(session);
    assert_eq!(card.number().await.unwrap(), 9);
    assert!(card.beats(&other).await.unwrap());
    let joined = card.joined(other).await.unwrap();
    drop(card);
    assert_eq!(joined.number().await.unwrap(), 17);
}

#[awaited::test]
async fn a_resource_of_a_session_that_failed_is_gone() {
    let session = guest().session().await.unwrap();
    let mut cards: Vec<Card> = Vec::new();
    for number in 0..5 {
        cards.push(session.cards().card_new(number).await.unwrap());
    }
    let error = cards[3].fail().await.unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    for card in &cards {
        let error = card.number().await.unwrap_err();
        assert!(matches!(error, Error::Discarded { .. }), "{error}");
    }
    let error = session
        .cards()
        .sum(cards.iter().collect())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}

#[awaited::test]
async fn an_import_that_fails_for_such_a_reason_ends_its_session() {
    let app = App::default();
    let guest = load!(host_async::ResourceSessions, app.clone());
    let (one, two, three) = (
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
    );
    let a = two.cards().card_new(1).await.unwrap();
    let b = three.cards().card_new(2).await.unwrap();
    // The guest of the first session is stopped in the middle of a call, for whatever reason.
    *app.0.lock().unwrap() = Some((a, b));
    let error = one.asked().await.unwrap_err();
    assert!(matches!(error, Error::Host { .. }), "{error}");
    assert!(!one.is_alive());
    assert!(two.is_alive() && three.is_alive());
    let error = one.asked().await.unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
}
