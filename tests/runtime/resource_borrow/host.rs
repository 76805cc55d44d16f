//! Handles that are lent, to functions and methods of the host and to an export of the guest.

use super::Shared;
use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_borrow/test.wit", module: "resource_borrow" });

#[derive(Clone, Default)]
struct App(Alive);

struct Counter(
    Shared<i64>,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn counter(&self, start: i64) -> Counter {
        Counter(Shared::new(start), self.0.one(&start.to_string()))
    }
}

impl host_async::Counters for App {
    type Counter = Counter;

    async fn counter_new(&mut self, start: i64) -> Counter {
        self.counter(start)
    }

    async fn read(&mut self, of: &mut Counter) -> i64 {
        super::pause().await;
        of.0.get()
    }

    async fn larger(&mut self, a: &Counter, b: &Counter) -> i64 {
        super::pause().await;
        a.0.get().max(b.0.get())
    }

    async fn reset(&mut self, of: &mut Counter, to: i64) {
        *of.0.get_mut() = to;
    }
}

impl host_async::counters::Counter for Counter {
    async fn add(&mut self, by: i64) -> i64 {
        *self.0.get_mut() += by;
        self.0.get()
    }

    async fn add_all_of(&self, other: &Self) -> i64 {
        self.0.set(self.0.get() + other.0.get());
        self.0.get()
    }
}

#[awaited::test]
async fn the_guest_lends_and_keeps() {
    let app = App::default();
    load!(host_async::ResourceBorrow, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!(app.0.gone().len(), 2);
    assert_eq!(app.0.count(), 0);
}

#[awaited::test]
async fn the_host_lends_and_keeps() {
    let app = App::default();
    let guest = load!(host_async::ResourceBorrow, app.clone());
    let mut counter = app.counter(21);
    for expected in [42, 84, 168] {
        assert_eq!(guest.doubled(&mut counter).await.unwrap(), expected);
        assert_eq!(counter.0.get(), expected);
    }
    let session = guest.session().await.unwrap();
    assert_eq!(session.doubled(&mut counter).await.unwrap(), 336);
    assert_eq!(app.0.count(), 1);
    drop(counter);
    assert_eq!(app.0.count(), 0);
}
