//! Panics when its things are dropped, if it was told to.

abide::abi!("test.wit");

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::things::GuestThing;
use guest::touchy::Bomb;

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(u32, Cell<bool>);

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        assert!(!self.1.get(), "thing {} was armed", self.0);
    }
}

impl GuestThing for Own {
    fn new(number: u32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(number, Cell::new(false))
    }

    fn arm(&self) {
        self.1.set(true);
    }

    fn number(&self) -> u32 {
        self.0
    }
}

impl guest::Things for Plugin {
    type Thing = Own;

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

impl guest::ResourceUnwinding for Plugin {
    fn explode(live: bool) -> u32 {
        drop(Bomb::new(live));
        7
    }

    fn forget(count: u32) {
        for number in 0..count {
            std::mem::forget(Bomb::new(number % 2 == 1));
        }
    }
}

export!(Plugin);
