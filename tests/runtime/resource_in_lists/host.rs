//! Handles in lists, in lists of lists, and in records and tuples in lists.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_in_lists/test.wit", module: "resource_in_lists" });

use self::stacks::Hand;

#[derive(Clone, Default)]
struct App(Alive);

struct Card(u32, #[expect(dead_code, reason = "counts the value")] One);

impl App {
    fn card(&self, number: u32) -> Card {
        Card(number, self.0.one(&number.to_string()))
    }
}

impl host_async::Stacks for App {
    type Card = Card;

    async fn card_new(&mut self, number: u32) -> Card {
        self.card(number)
    }

    async fn deal(&mut self, count: u32) -> Vec<Card> {
        (0..count).map(|number| self.card(number)).collect()
    }

    async fn odd(&mut self, of: Vec<Card>) -> Vec<Card> {
        let odd = of.into_iter().filter(|card| card.0 % 2 == 1);
        odd.rev().collect()
    }

    async fn sum(&mut self, of: Vec<&Card>) -> u64 {
        super::pause().await;
        of.iter().map(|card| u64::from(card.0)).sum()
    }

    async fn hands(&mut self, of: Vec<Vec<Card>>) -> Vec<Hand<Card>> {
        let hand = |(number, cards)| Hand {
            name: format!("Hand {number}"),
            cards,
        };
        of.into_iter().enumerate().map(hand).collect()
    }

    async fn collected(&mut self, of: Vec<Hand<Card>>) -> Vec<(Card, String)> {
        let named = |hand: Hand<Card>| {
            let name = hand.name;
            hand.cards.into_iter().map(move |card| (card, name.clone()))
        };
        of.into_iter().flat_map(named).collect()
    }
}

impl host_async::stacks::Card for Card {
    async fn number(&mut self) -> u32 {
        self.0
    }
}

#[awaited::test]
async fn lists_move_and_lend() {
    let app = App::default();
    load!(host_async::ResourceInLists, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (303, 0));
}
