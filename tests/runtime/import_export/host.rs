//! One interface on both sides of a guest: what it exports it has imported.

abide::abi!({ wit: "import_export/test.wit", module: "import_export" });

use self::store::{Change, Item};

/// The store itself, in an instance of its own for every session.
#[derive(Clone, Default)]
struct App {
    items: Vec<Item>,
}

impl host::Store for App {
    fn get(&mut self, id: u64) -> Option<Item> {
        self.items.iter().find(|item| item.id == id).cloned()
    }

    fn put(&mut self, item: Item) -> Change {
        if let Some(at) = self.items.iter().position(|known| known.id == item.id) {
            return Change::Removed(self.items.remove(at).id);
        }
        self.items.push(item.clone());
        Change::Added(item)
    }

    fn all(&mut self) -> Vec<Item> {
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

#[test]
fn what_is_exported_was_imported() {
    let session = load!(host::ImportExport, App::default()).session().unwrap();
    let store = session.store();
    assert_eq!(store.all().unwrap(), []);
    for (id, name) in [(u64::MAX, "é"), (2, "b"), (3, "z")] {
        let item = item(id, name);
        assert_eq!(store.put(&item).unwrap(), Change::Added(item));
    }
    assert_eq!(store.put(&item(3, "")).unwrap(), Change::None);
    // The guest asks for the next one.
    assert_eq!(store.get(2).unwrap(), Some(item(3, "z")));
    assert_eq!(store.get(u64::MAX - 1).unwrap(), Some(item(u64::MAX, "é")));
    assert_eq!(store.get(0).unwrap(), None);
    let all = store.all().unwrap();
    assert_eq!(all, [item(u64::MAX, "é"), item(3, "z"), item(2, "b")]);
    assert_eq!(store.put(&all[2]).unwrap(), Change::Removed(2));
    assert_eq!(store.all().unwrap().len(), 2);
}
