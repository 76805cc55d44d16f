//! Passes on what it is asked, with the same types on both sides.

abide::abi!("test.wit");

use store::{Change, Item};

use guest::store as host;

struct Plugin;

impl guest::Store for Plugin {
    fn get(id: u64) -> Option<Item> {
        host::get(id + 1)
    }

    fn put(item: Item) -> Change {
        if item.name.is_empty() {
            return Change::None;
        }
        host::put(&item)
    }

    fn all() -> Vec<Item> {
        let mut all = host::all();
        all.sort_by(|a, b| b.name.cmp(&a.name));
        all
    }
}

export!(Plugin);
