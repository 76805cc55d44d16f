//! Interfaces called like modules of ours have the names that their WIT gives them, where ours are
//! not there.

abide::abi!({ wit: "called_like_ours/test.wit", module: "called_like_ours" });

use self::exports::Pair;
use self::provides::Side;

#[derive(Clone)]
struct App;

/// The host's counter.
struct Counter(u32);

impl host_async::imports::Counter for Counter {
    async fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

impl host_async::Imports for App {
    type Counter = Counter;

    async fn counter_new(&mut self, start: u32) -> Counter {
        Counter(start)
    }

    async fn swap(&mut self, of: imports::Pair) -> imports::Pair {
        imports::Pair {
            left: of.left + 1,
            right: format!("<{}>", of.right),
        }
    }
}

impl host_async::Exports for App {
    async fn swap(&mut self, of: Pair) -> Pair {
        Pair {
            left: format!("[{}]", of.left),
            right: of.right * 2,
        }
    }
}

impl host_async::Provides for App {
    async fn other(&mut self, of: Side) -> Side {
        match of {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

impl host_async::BImports for App {
    async fn double(&mut self, of: u32) -> u32 {
        of * 2
    }
}

#[awaited::test]
async fn values_go_through_all_of_them() {
    let guest = load!(host_async::B, App);
    let pair = Pair {
        left: "é".to_owned(),
        right: 20,
    };
    let swapped = guest.exports().swap(&pair).await.unwrap();
    assert_eq!(swapped.left, "[<é>]");
    assert_eq!(swapped.right, 42);
    assert_eq!(
        guest.provides().other(Side::Left).await.unwrap(),
        Side::Right
    );
    assert_eq!(
        guest.provides().other(Side::Right).await.unwrap(),
        Side::Left
    );
    assert_eq!(guest.run(41).await.unwrap(), (42, 86));
}
