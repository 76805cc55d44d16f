//! Has counters of its own, and counts how many of them are alive.

abide::abi!("test.wit");

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::counters::{Counter, CounterBorrow, GuestCounter};

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(Cell<i32>);

impl Own {
    fn of(value: i32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(Cell::new(value))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestCounter for Own {
    fn new(start: i32) -> Self {
        Self::of(start)
    }

    fn parse(text: String) -> Result<Counter, String> {
        let value = text
            .parse()
            .map_err(|_| format!("»{text}« ist keine Zahl"))?;
        Ok(Counter::new(Self::of(value)))
    }

    fn count() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }

    fn add(&self, by: i32) -> i32 {
        self.0.set(self.0.get().wrapping_add(by));
        self.0.get()
    }

    fn absorb(&self, other: Counter) -> i32 {
        // Out of the handle: the value itself, without its destructor having run.
        let other: Own = other.into_inner();
        self.add(other.0.get())
    }

    fn difference(&self, to: CounterBorrow<'_>) -> i32 {
        to.get::<Own>().0.get() - self.0.get()
    }

    fn fork(&self) -> Counter {
        Counter::new(Self::of(self.0.get()))
    }
}

impl guest::Counters for Plugin {
    type Counter = Own;

    fn into_number(of: Counter) -> i32 {
        of.get::<Own>().0.get()
    }

    fn larger(a: CounterBorrow<'_>, b: CounterBorrow<'_>) -> i32 {
        a.get::<Own>().0.get().max(b.get::<Own>().0.get())
    }
}

export!(Plugin);
