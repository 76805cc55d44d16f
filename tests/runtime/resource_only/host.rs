//! Interfaces of resources only, and resources without methods and without constructors.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_only/test.wit", module: "resource_only" });

use host_async::exports::own_tools::{Rack, Saw};

#[derive(Clone, Default)]
struct App(Alive);

struct Mark(u32, #[expect(dead_code, reason = "counts the value")] One);

struct Hammer(u32, Alive);

struct Nail;

impl host_async::Marks for App {
    type Mark = Mark;
}

impl host_async::Tools for App {
    type Hammer = Hammer;
    type Nail = Nail;
    type Mark = Mark;

    async fn hammer_new(&mut self, weight: u32) -> Hammer {
        Hammer(weight, self.0.clone())
    }

    async fn nail_new(&mut self) -> Nail {
        Nail
    }
}

impl host_async::tools::Hammer for Hammer {
    type Mark = Mark;

    async fn mark(&mut self) -> Mark {
        Mark(self.0, self.1.one(&self.0.to_string()))
    }

    async fn marked(&mut self, with_what: Mark) -> u32 {
        with_what.0
    }
}

impl host_async::tools::Nail for Nail {
    type Hammer = Hammer;

    async fn hit(&mut self, by: &mut Hammer) -> bool {
        by.0 > 1000
    }
}

#[awaited::test]
async fn the_guest_uses_what_has_next_to_nothing() {
    let app = App::default();
    load!(host_async::ResourceOnly, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (2, 0));
    assert_eq!(app.0.gone(), ["4294967295", "3"]);
}

#[awaited::test]
async fn the_host_uses_what_has_next_to_nothing() {
    let session = load!(host_async::ResourceOnly, App::default())
        .session()
        .await
        .unwrap();
    let tools = session.own_tools();
    let rack: Rack = tools.rack_new().await.unwrap();
    for expected in 1..=3 {
        let saw: Saw = tools.rack_make().await.unwrap();
        assert_eq!(rack.hang(saw).await.unwrap(), expected);
    }
    // One is dropped by the host, three go with the rack.
    drop(tools.rack_make().await.unwrap());
    drop(rack);
    assert_eq!(
        tools
            .rack_new()
            .await
            .unwrap()
            .hang(tools.rack_make().await.unwrap())
            .await
            .unwrap(),
        1
    );
}
