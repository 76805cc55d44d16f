//! Inline interfaces that have one name, and types that do, on both sides of the world.

abide::abi!({ wit: "same_inline_names/test.wit", module: "same_inline_names" });

use self::exported_side::{Error, Item, Pair};

#[derive(Clone)]
struct App;

impl host_async::Test for App {
    async fn length(&mut self, of: &str) -> u32 {
        of.chars().count() as u32
    }
}

impl host_async::SameInlineNamesImports for App {
    async fn test(&mut self, of: &str) -> String {
        of.to_uppercase()
    }
}

impl host_async::Side for App {
    async fn put(&mut self, item: side::Item) -> Result<u32, side::Error> {
        assert_eq!(item.name, "ÄÖ");
        if item.size > 9 {
            return Err(side::Error::Full);
        }
        Ok(item.size + 1)
    }
}

impl host_async::Other for App {
    async fn put(&mut self, item: &[u8]) -> u32 {
        item.iter().map(|byte| u32::from(*byte)).sum()
    }
}

impl host_async::Item for App {
    async fn count(&mut self) -> u32 {
        1000
    }
}

#[awaited::test]
async fn each_interface_has_its_own_types() {
    let guest = load!(host_async::SameInlineNames, App);
    let pair = |left, right| Pair {
        left: Item { id: left },
        right: Item { id: right },
    };
    // The guest adds to each what imports answer: 6, and 2 + 300 + 1000.
    let swapped = guest.exported_side().swap(&pair(5, 1 << 40)).await.unwrap();
    assert_eq!(swapped, pair((1 << 40) + 6, 5 + 1302));
    let full = guest.exported_side().swap(&pair(10, 0)).await.unwrap_err();
    assert!(
        matches!(full, abide::CallError::Guest(Error::Full)),
        "{full}"
    );
}
