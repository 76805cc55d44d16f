//! Serves a world that is made of others.

abide::abi!({ wit: "test.wit", world: "everything" });

use shapes::Size;

use guest::{log as logger, shapes as host};

struct Plugin;

impl guest::Shapes for Plugin {
    fn area(of: Size) -> u64 {
        host::area(of) * 2
    }
}

impl guest::Everything for Plugin {
    fn begin(name: String) -> String {
        format!("{name}: {} at {}", logger::write(&name), guest::clock())
    }

    fn moment() -> String {
        format!("now {}", guest::clock())
    }

    fn finish() -> u8 {
        if guest::other() { 255 } else { 1 }
    }
}

export!(Plugin);
