//! Calls every import from the one export.

abide::abi!("test.wit");

use guest::exported_side::{Error, Item, Pair};

struct Plugin;

impl guest::ExportedSide for Plugin {
    fn swap(of: Pair) -> Result<Pair, Error> {
        let name = guest::test("äö");
        let item = guest::side::Item {
            name: name.clone(),
            size: of.left.id as u32,
        };
        let size = guest::side::put(&item).map_err(|guest::side::Error::Full| Error::Full)?;
        let sum =
            guest::test::length(&name) + guest::other::put(&[100, 200]) + guest::item::count();
        Ok(Pair {
            left: Item {
                id: of.right.id + u64::from(size),
            },
            right: Item {
                id: of.left.id + u64::from(sum),
            },
        })
    }
}

export!(Plugin);
