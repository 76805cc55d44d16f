//! Serves interfaces called like modules of Abide's with those that the host has.

abide::abi!("test.wit");

use provides::Side;

use exports::Pair;

struct Plugin;

impl guest::Exports for Plugin {
    fn swap(of: Pair) -> Pair {
        let by_imports = guest::imports::swap(&imports::Pair {
            left: of.right,
            right: of.left,
        });
        guest::exports::swap(&Pair {
            left: by_imports.right,
            right: by_imports.left,
        })
    }
}

impl guest::Provides for Plugin {
    fn other(of: Side) -> Side {
        guest::provides::other(of)
    }
}

impl guest::B for Plugin {
    fn run(start: u32) -> (u32, u32) {
        let counter = guest::imports::Counter::new(start);
        (counter.next(), guest::b_imports::double(counter.next()))
    }
}

export!(Plugin);
