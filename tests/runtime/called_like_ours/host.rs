//! Interfaces called like modules of ours have the names that their WIT gives them, where ours are
//! not there.

abide::abi!({ wit: "called_like_ours/test.wit", module: "called_like_ours" });

use self::exports::Pair;
use self::provides::Side;

#[derive(Clone)]
struct App;

/// The host's counter.
struct Counter(u32);

impl host::imports::Counter for Counter {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

impl host::Imports for App {
    type Counter = Counter;

    fn counter_new(&mut self, start: u32) -> Counter {
        Counter(start)
    }

    fn swap(&mut self, of: imports::Pair) -> imports::Pair {
        imports::Pair {
            left: of.left + 1,
            right: format!("<{}>", of.right),
        }
    }
}

impl host::Exports for App {
    fn swap(&mut self, of: Pair) -> Pair {
        Pair {
            left: format!("[{}]", of.left),
            right: of.right * 2,
        }
    }
}

impl host::Provides for App {
    fn other(&mut self, of: Side) -> Side {
        match of {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

impl host::BImports for App {
    fn double(&mut self, of: u32) -> u32 {
        of * 2
    }
}

#[test]
fn values_go_through_all_of_them() {
    let guest = load!(host::B, App);
    let pair = Pair {
        left: "é".to_owned(),
        right: 20,
    };
    let swapped = guest.exports().swap(&pair).unwrap();
    assert_eq!(swapped.left, "[<é>]");
    assert_eq!(swapped.right, 42);
    assert_eq!(guest.provides().other(Side::Left).unwrap(), Side::Right);
    assert_eq!(guest.provides().other(Side::Right).unwrap(), Side::Left);
    assert_eq!(guest.run(41).unwrap(), (42, 86));
}
