//! Passes on what is deep.

abide::abi!("test.wit");

use depths::{Mixed, R97};

use guest::depths as host;

struct Plugin;

impl guest::Depths for Plugin {
    fn innermost(of: R97) -> u64 {
        host::innermost(of) + 1
    }

    fn wrapped(value: u64) -> R97 {
        host::wrapped(value + 1)
    }

    fn turned(of: Mixed) -> Mixed {
        host::turned(&of)
    }
}

export!(Plugin);
