//! When and in which order the host's values are dropped.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_drop_order/test.wit", module: "resource_drop_order" });

#[derive(Clone, Default)]
struct App(Alive);

struct Thing(Alive, #[expect(dead_code, reason = "counts the value")] One);

impl host_async::Things for App {
    type Thing = Thing;

    async fn thing_new(&mut self, name: &str) -> Thing {
        Thing(self.0.clone(), self.0.one(name))
    }

    async fn note(&mut self, text: &str) {
        // A mark that is gone at once stands in the list between the things.
        drop(self.0.one(&format!("({text})")));
    }
}

impl host_async::things::Thing for Thing {
    async fn child(&mut self, name: &str) -> Self {
        Thing(self.0.clone(), self.0.one(name))
    }
}

#[awaited::test]
async fn a_value_goes_with_its_handle() {
    let app = App::default();
    load!(host_async::ResourceDropOrder, app.clone())
        .scopes()
        .await
        .unwrap();
    assert_eq!(
        app.0.gone(),
        [
            "(leaving)",
            "inner",
            "nobody's",
            "outer",
            "(moved is gone)",
            "child",
            "(end)",
            "kept"
        ]
    );
}

#[awaited::test]
async fn fields_go_in_the_order_of_their_declaration() {
    let app = App::default();
    load!(host_async::ResourceDropOrder, app.clone())
        .fields()
        .await
        .unwrap();
    assert_eq!(
        app.0.gone(),
        ["(made)", "second", "first", "list 0", "list 1"]
    );
}

#[awaited::test]
async fn what_a_guest_keeps_goes_with_its_session() {
    let app = App::default();
    let session = load!(host_async::ResourceDropOrder, app.clone())
        .session()
        .await
        .unwrap();
    let names = ["c", "a", "b"].map(str::to_owned);
    session.keep(&names).await.unwrap();
    assert_eq!((app.0.count(), app.0.gone().len()), (3, 0));
    assert!(session.forget("a").await.unwrap());
    assert!(!session.forget("a").await.unwrap());
    assert_eq!(app.0.gone(), ["a"]);
    drop(session);
    let mut gone = app.0.gone();
    gone.sort();
    assert_eq!(gone, ["a", "b", "c"]);
}
