//! Interfaces called like modules of ours that are there have an underscore behind their names.

abide::abi!({ wit: "called_like_ours_taken/test.wit", module: "called_like_ours_taken" });

use self::imports_::Pair;

#[derive(Clone)]
struct App;

/// Counts in steps of one.
struct One(u32);

/// Counts in steps of a hundred.
struct Hundred(u32);

impl host_async::exports_::Counter for One {
    async fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

impl host_async::provides_::Counter for Hundred {
    async fn next(&mut self) -> u32 {
        self.0 += 100;
        self.0
    }
}

impl host_async::Imports for App {
    async fn swap(&mut self, of: Pair) -> Pair {
        Pair {
            left: of.left + 1,
            right: format!("<{}>", of.right),
        }
    }
}

impl host_async::Exports for App {
    type Counter = One;

    async fn counter_new(&mut self, start: u32) -> One {
        One(start)
    }
}

impl host_async::Provides for App {
    type Counter = Hundred;

    async fn counter_new(&mut self, start: u32) -> Hundred {
        Hundred(start)
    }
}

impl host_async::TakenImports for App {
    async fn add(&mut self, left: u32, right: u32) -> u32 {
        left + right
    }
}

#[awaited::test]
async fn values_go_through_all_of_them() {
    let guest = load!(host_async::Taken, App);
    let pair = Pair {
        left: 1,
        right: "é".to_owned(),
    };
    let swapped = guest.imports().swap(&pair).await.unwrap();
    assert_eq!((swapped.left, &*swapped.right), (2, "<é>"));
    assert_eq!(guest.run(1).await.unwrap(), [2, 3, 101, 201]);
    let session = guest.session().await.unwrap();
    let counter = session.exports().counter_new(5).await.unwrap();
    assert_eq!(counter.next().await.unwrap(), 15);
    assert_eq!(counter.next().await.unwrap(), 25);
}
