//! Where an export's borrowed handles are kept while it runs: any number of them, each lent as soon
//! as it is in.

use std::cell::{Cell, OnceCell};

/// A place for values that are lent for as long as the place is there.
///
/// A value is never moved, so that more can come while those before are lent: they stand in
/// buckets, of which each has twice the room of the one before.
#[derive(Debug)]
pub struct Borrows<T> {
    buckets: [OnceCell<Box<[OnceCell<T>]>>; usize::BITS as usize],
    count: Cell<usize>,
}

impl<T> Borrows<T> {
    /// A place with nothing in it.
    pub fn new() -> Self {
        Self {
            buckets: [const { OnceCell::new() }; usize::BITS as usize],
            count: Cell::new(0),
        }
    }

    /// Keeps a value and lends it.
    pub fn lend(&self, value: T) -> &T {
        // Counted from one, the number of a value is the room of the buckets before its own, and
        // its place.
        let number = self.count.get() + 1;
        self.count.set(number);
        let bucket = number.ilog2();
        let room = 1_usize << bucket;
        let slots = self.buckets[bucket as usize]
            .get_or_init(|| (0..room).map(|_| OnceCell::new()).collect());
        slots[number - room].get_or_init(|| value)
    }
}

impl<T> Default for Borrows<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Borrows;
    use std::cell::Cell;

    #[test]
    fn all_stay_where_they_are() {
        let borrows = Borrows::new();
        let all: Vec<&String> = (0..1000).map(|n| borrows.lend(n.to_string())).collect();
        for (n, value) in all.into_iter().enumerate() {
            assert_eq!(*value, n.to_string());
        }
    }

    #[test]
    fn each_is_dropped_once_and_with_its_place() {
        struct Counts<'a>(&'a Cell<usize>);
        impl Drop for Counts<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let dropped = Cell::new(0);
        let borrows = Borrows::new();
        for _ in 0..9 {
            borrows.lend(Counts(&dropped));
        }
        assert_eq!(dropped.get(), 0);
        drop(borrows);
        assert_eq!(dropped.get(), 9);
    }
}
