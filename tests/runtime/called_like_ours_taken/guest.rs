//! Serves interfaces called like modules that are there.

abide::abi!("test.wit");

use std::cell::Cell;

use imports_::Pair;

use guest::exports::exports_::GuestCounter;

struct Plugin;

struct Counter(Cell<u32>);

impl guest::Imports for Plugin {
    fn swap(of: Pair) -> Pair {
        guest::imports_::swap(&of)
    }
}

impl guest::Exports for Plugin {
    type Counter = Counter;
}

impl GuestCounter for Counter {
    fn new(start: u32) -> Self {
        Self(Cell::new(start))
    }

    fn next(&self) -> u32 {
        self.0.set(guest::add(self.0.get(), 10));
        self.0.get()
    }
}

impl guest::Taken for Plugin {
    fn run(start: u32) -> Vec<u32> {
        let one = guest::exports_::Counter::new(start);
        let other = guest::provides_::Counter::new(start);
        vec![one.next(), one.next(), other.next(), other.next()]
    }
}

export!(Plugin);
