//! Has cards that belong to its instance.

abide::abi!("test.wit");

use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::cards::{Card, CardBorrow, GuestCard, Hand};

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(u32);

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestCard for Own {
    fn new(number: u32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }

    fn number(&self) -> u32 {
        self.0
    }

    fn beats(&self, other: CardBorrow<'_>) -> bool {
        self.0 > other.get::<Own>().0
    }

    fn joined(&self, other: Card) -> Card {
        Card::new(<Own as GuestCard>::new(self.0 + other.get::<Own>().0))
    }

    fn fail(&self) {
        panic!("card {}", self.0);
    }
}

impl guest::Cards for Plugin {
    type Card = Own;

    fn sum(of: Vec<CardBorrow<'_>>) -> u32 {
        of.iter().map(|card| card.get::<Own>().0).sum()
    }

    fn play(of: Hand) -> u32 {
        of.others.iter().fold(of.first.get::<Own>().0, |sum, card| {
            sum * 10 + card.get::<Own>().0
        })
    }

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

impl guest::ResourceSessions for Plugin {
    fn asked() -> u32 {
        guest::asks::ask()
    }
}

export!(Plugin);
