//! Derives for all types, beside those that they have anyway.

abide::abi!({ wit: "derives/test.wit", module: "derives", derives: [PartialOrd, Ord] });

use self::ranks::{Card, Hand, Marks, Measured, Suit};

#[derive(Clone)]
struct App;

impl host_async::Ranks for App {
    async fn best(&mut self, of: Vec<Card>) -> Option<Card> {
        of.into_iter().max()
    }

    async fn sorted(&mut self, mut of: Vec<Hand>) -> Vec<Hand> {
        of.sort();
        of.dedup();
        of
    }

    async fn heaviest(&mut self, of: Vec<Measured>) -> Measured {
        let mut of = of;
        of.swap_remove(0)
    }
}

#[awaited::test]
async fn both_sides_have_one_order() {
    let guest = load!(host_async::Derives, App);
    let card = |suit, value| Card { suit, value };
    let cards = [
        card(Suit::Hearts, 3),
        card(Suit::Hearts, 200),
        card(Suit::Clubs, 255),
    ];
    assert_eq!(guest.ranks().best(&cards).await.unwrap(), Some(cards[1]));
    assert_eq!(guest.ranks().best(&[]).await.unwrap(), None);
    let hands = [
        Hand::Many(vec![cards[0]]),
        Hand::One(cards[2]),
        Hand::Empty,
        Hand::Many(Vec::new()),
        Hand::One(cards[2]),
    ];
    let sorted = guest.ranks().sorted(&hands).await.unwrap();
    assert_eq!(
        sorted,
        [
            Hand::Empty,
            Hand::One(cards[2]),
            Hand::Many(Vec::new()),
            Hand::Many(vec![cards[0]]),
        ]
    );
    let measured = [Some(1.5), None, Some(-1.0)].map(|weight| Measured {
        hand: Hand::Empty,
        weight,
    });
    assert_eq!(
        guest.ranks().heaviest(&measured).await.unwrap(),
        measured[0]
    );
    assert!(Marks::BENT < Marks::MARKED && measured[1] < measured[2]);
}
