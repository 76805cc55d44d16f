//! Packs things into records and takes them out.

abide::abi!("test.wit");

use guest::parcels::{self as host, Labelled, Look, Pair, Shipment, Thing};

struct Plugin;

impl guest::ResourceInRecords for Plugin {
    fn run() {
        let parcel = host::pack(Thing::new("vase"), "zerbrechlich");
        assert_eq!((parcel.weight, parcel.label.as_str()), (4, "zerbrechlich"));
        assert_eq!(parcel.thing.name(), "vase");
        let vase = host::unpack(Labelled {
            weight: 255,
            ..parcel
        });
        assert_eq!(vase.name(), "vase");
        let pair = host::swapped(Pair {
            left: vase,
            right: Thing::new("right"),
        });
        assert_eq!(
            (pair.left.name(), pair.right.name()),
            ("right".to_owned(), "vase".to_owned())
        );
        assert_eq!(
            host::read(&Look {
                of: &pair.right,
                note: "é".to_owned()
            }),
            "é: vase"
        );

        let first = Labelled {
            weight: 1,
            thing: Thing::new("first"),
            label: "\0".to_owned(),
        };
        let shipment = host::ship(Shipment {
            number: u64::MAX,
            first,
            both: pair,
            urgent: true,
        });
        assert_eq!((shipment.number, shipment.urgent), (u64::MAX - 1, false));
        assert_eq!(
            (shipment.first.weight, shipment.first.label.as_str()),
            (2, "\0")
        );
        let names = [
            &shipment.first.thing,
            &shipment.both.left,
            &shipment.both.right,
        ]
        .map(Thing::name);
        assert_eq!(names, ["vase", "right", "first"]);
    }
}

export!(Plugin);
