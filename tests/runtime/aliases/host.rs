//! Aliases of everything: of numbers, lists, options, results, records and other aliases.

abide::abi!({ wit: "aliases/test.wit", module: "aliases" });

use self::aliases::Mine;
use self::types::{Item, Key, Maybe, Names, Outcome, Thing};

#[derive(Clone)]
struct App;

impl host_async::Aliases for App {
    async fn get(&mut self, key: Key) -> Outcome {
        (key > 0).then_some(key * 2).ok_or("zero".to_owned())
    }

    async fn name(&mut self, of: Mine) -> String {
        of.name + "!"
    }

    async fn all(&mut self, of: Vec<Item>) -> Names {
        of.into_iter().map(|item| item.name).collect()
    }

    async fn made(&mut self, of: Maybe) -> Thing {
        Item {
            id: if of.is_none() { 99 } else { 1 },
            name: "ä".to_owned(),
            maybe: of,
        }
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::AliasesWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn an_alias_is_what_it_stands_for() {
    let guest = load!(host_async::AliasesWorld, App);
    let aliases = guest.aliases();
    assert_eq!(aliases.get(u64::MAX).await.unwrap(), u64::MAX - 1);
    assert_eq!(aliases.get(0).await.unwrap_err().guest().unwrap(), "null");
    let item = Item {
        id: 7,
        name: "ñ".to_owned(),
        maybe: None,
    };
    let mine: Mine = item.clone();
    assert_eq!(aliases.name(&mine).await.unwrap(), "ñ");
    let other = Thing {
        name: "second".to_owned(),
        ..item.clone()
    };
    assert_eq!(aliases.all(&[item, other]).await.unwrap(), ["second", "ñ"]);
    assert_eq!(aliases.made(None).await.unwrap().id, 0);
    let names = ["a".to_owned(), "b".to_owned()];
    let made = aliases.made(Some(&names)).await.unwrap();
    assert_eq!((made.id, made.maybe), (2, Some(names.to_vec())));
}
