//! Asks for more than it may have.

abide::abi!("test.wit");

use std::cell::RefCell;

use guest::exports::own_things::GuestOwnThing;
use guest::things::{self as host, Thing};

thread_local! {
    static KEPT: RefCell<Vec<Thing>> = const { RefCell::new(Vec::new()) };
}

struct Plugin;

struct Own(u32);

impl GuestOwnThing for Own {
    fn new(number: u32) -> Self {
        Self(number)
    }

    fn number(&self) -> u32 {
        self.0
    }
}

impl guest::OwnThings for Plugin {
    type OwnThing = Own;
}

impl guest::ResourceLimit for Plugin {
    fn hoard(count: u32) -> u32 {
        let things: Vec<Thing> = (0..count).map(Thing::new).collect();
        things.len() as u32
    }

    fn churn(count: u32) -> u32 {
        (0..count).map(|number| drop(Thing::new(number))).count() as u32
    }

    fn pile(count: u32) -> u32 {
        host::many(count).len() as u32
    }

    fn keep(count: u32) -> u32 {
        KEPT.with_borrow_mut(|kept| {
            kept.extend((0..count).map(Thing::new));
            kept.len() as u32
        })
    }
}

export!(Plugin);
