//! Handles in records, and in records in records.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_in_records/test.wit", module: "resource_in_records" });

use self::parcels::{Labelled, Look, Pair, Shipment};

#[derive(Clone, Default)]
struct App(Alive);

struct Thing(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl host_async::Parcels for App {
    type Thing = Thing;

    async fn thing_new(&mut self, name: &str) -> Thing {
        super::pause().await;
        Thing(name.to_owned(), self.0.one(name))
    }

    async fn pack(&mut self, thing: Thing, label: &str) -> Labelled<Thing> {
        super::pause().await;
        Labelled {
            weight: thing.0.len() as u8,
            label: label.to_owned(),
            thing,
        }
    }

    async fn unpack(&mut self, of: Labelled<Thing>) -> Thing {
        assert_eq!((of.weight, &*of.label), (255, "zerbrechlich"));
        of.thing
    }

    async fn swapped(&mut self, of: Pair<Thing>) -> Pair<Thing> {
        Pair {
            left: of.right,
            right: of.left,
        }
    }

    async fn ship(&mut self, of: Shipment<Thing>) -> Shipment<Thing> {
        Shipment {
            number: of.number - 1,
            urgent: !of.urgent,
            first: Labelled {
                weight: of.first.weight + 1,
                thing: of.both.right,
                label: of.first.label,
            },
            both: Pair {
                left: of.both.left,
                right: of.first.thing,
            },
        }
    }

    async fn read(&mut self, of: Look<&mut Thing>) -> String {
        format!("{}: {}", of.note, of.of.0)
    }
}

impl host_async::parcels::Thing for Thing {
    async fn name(&mut self) -> String {
        self.0.clone()
    }
}

#[awaited::test]
async fn things_keep_their_places() {
    let app = App::default();
    load!(host_async::ResourceInRecords, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (3, 0));
}
