//! Handles that own what they stand for: the value moves with them.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_own/test.wit", module: "resource_own" });

#[derive(Clone, Default)]
struct App(Alive);

struct Text(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn text(&self, text: String) -> Text {
        let mark = self.0.one(&text);
        Text(text, mark)
    }
}

impl host_async::Boxes for App {
    type CrateBox = Text;

    async fn crate_box_new(&mut self, text: &str) -> Text {
        super::pause().await;
        self.text(text.to_owned())
    }

    async fn give(&mut self, number: u32) -> Text {
        self.text(format!("gift {number}"))
    }

    async fn take(&mut self, of: Text) -> String {
        of.0
    }

    async fn exchange(&mut self, of: Text, keep: bool) -> Text {
        if keep {
            return of;
        }
        self.text(format!("for {}", of.0))
    }
}

impl host_async::boxes::CrateBox for Text {
    async fn text(&mut self) -> String {
        self.0.clone()
    }
}

#[awaited::test]
async fn what_moves_is_dropped_where_it_ends() {
    let app = App::default();
    load!(host_async::ResourceOwn, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!(app.0.count(), 0);
    assert_eq!(app.0.gone(), ["größe\0", "gift 2", "for gift 2", "gift 1"]);
}
