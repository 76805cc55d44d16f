//! One interface on both sides of a guest: what it exports it has imported.

abide::abi!({ wit: "import_export/test.wit", module: "import_export" });

use self::store::{Change, Item};

/// The store itself, in an instance of its own for every session.
#[derive(Clone, Default)]
struct App {
    items: Vec<Item>,
}

impl host_async::Store for App {
    async fn get(&mut self, id: u64) -> Option<Item> {
        self.items.iter().find(|item| item.id == id).cloned()
    }

    async fn put(&mut self, item: Item) -> Change {
        if let Some(at) = self.items.iter().position(|known| known.id == item.id) {
            return Change::Removed(self.items.remove(at).id);
        }
        self.items.push(item.clone());
        Change::Added(item)
    }

    async fn all(&mut self) -> Vec<Item> {
        self.items.clone()
    }
}

fn item(id: u64, name: &str) -> Item {
    Item {
        id,
        name: name.to_owned(),
        tags: vec![format!("№ {id}"), String::new()],
    }
}

#[awaited::test]
async fn what_is_exported_was_imported() {
    let session = load!(host_async::ImportExport, App::default())
        .session()
        .await
        .unwrap();
    let store = session.store();
    assert_eq!(store.all().await.unwrap(), []);
    for (id, name) in [(u64::MAX, "é"), (2, "b"), (3, "z")] {
        let item = item(id, name);
        assert_eq!(store.put(&item).await.unwrap(), Change::Added(item));
    }
    assert_eq!(store.put(&item(3, "")).await.unwrap(), Change::None);
    // The guest asks for the next one.
    assert_eq!(store.get(2).await.unwrap(), Some(item(3, "z")));
    assert_eq!(
        store.get(u64::MAX - 1).await.unwrap(),
        Some(item(u64::MAX, "é"))
    );
    assert_eq!(store.get(0).await.unwrap(), None);
    let all = store.all().await.unwrap();
    assert_eq!(all, [item(u64::MAX, "é"), item(3, "z"), item(2, "b")]);
    assert_eq!(store.put(&all[2]).await.unwrap(), Change::Removed(2));
    assert_eq!(store.all().await.unwrap().len(), 2);
}
