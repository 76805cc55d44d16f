//! Remembers what it is told, for as long as its instance lives.

abide::abi!("test.wit");

use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    static REGISTERS: RefCell<BTreeMap<String, i64>> = const { RefCell::new(BTreeMap::new()) };
}

struct Plugin;

impl guest::Registers for Plugin {
    fn set(name: String, value: i64) -> Option<i64> {
        REGISTERS.with_borrow_mut(|registers| registers.insert(name, value))
    }

    fn all() -> Vec<(String, i64)> {
        REGISTERS.with_borrow(|registers| registers.clone().into_iter().collect())
    }

    fn clear() -> u32 {
        REGISTERS.take().len() as u32
    }
}

impl guest::Sessions for Plugin {
    fn tickets(count: u32) -> Vec<u32> {
        (0..count).map(|_| guest::ticket()).collect()
    }
}

export!(Plugin);
