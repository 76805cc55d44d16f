//! Drops its handles in the orders that Rust prescribes.

abide::abi!("test.wit");

use std::cell::RefCell;
use std::collections::BTreeMap;

use guest::things::{Thing, note};

thread_local! {
    static KEPT: RefCell<BTreeMap<String, Thing>> = const { RefCell::new(BTreeMap::new()) };
}

struct Plugin;

#[expect(dead_code, reason = "they are only dropped")]
struct Fields {
    second: Thing,
    first: Thing,
    list: Vec<Thing>,
}

impl guest::ResourceDropOrder for Plugin {
    fn scopes() {
        let outer = Thing::new("outer");
        let _kept = Thing::new("kept");
        {
            let _inner = Thing::new("inner");
            note("leaving");
        }
        let moved = outer;
        _ = Thing::new("nobody's");
        let child = moved.child("child");
        drop(moved);
        note("moved is gone");
        drop(child);
        note("end");
    }

    fn fields() {
        let list = vec![Thing::new("list 0"), Thing::new("list 1")];
        let fields = Fields {
            second: Thing::new("second"),
            first: Thing::new("first"),
            list,
        };
        note("made");
        drop(fields);
    }

    fn keep(names: Vec<String>) {
        let things = names
            .into_iter()
            .map(|name| (name.clone(), Thing::new(&name)));
        KEPT.with_borrow_mut(|kept| kept.extend(things));
    }

    fn forget(name: String) -> bool {
        KEPT.with_borrow_mut(|kept| kept.remove(&name).is_some())
    }
}

export!(Plugin);
