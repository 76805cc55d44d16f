//! Functions at every level of a world, types that travel between interfaces, several ABIs in one
//! crate.

use std::sync::{Arc, Mutex};

use abide_build::Target;

use crate::{seconds, support};

/// The first version of the ABI.
mod v1 {
    abide::abi!({ wit: "tests/fixtures/worlds/wit/v1", module: "worlds::v1", derives: [PartialOrd, Ord] });
}

/// Modules in modules.
mod later {
    pub(crate) mod v2 {
        abide::abi!({ wit: "tests/fixtures/worlds/wit/v2", module: "worlds::later::v2" });
    }
}

use later::v2;
use later::v2::host::Worlds as Next;
use v1::host::Worlds;
use v1::types::Item;

/// One host for both versions.
#[derive(Clone, Default)]
struct App {
    log: Arc<Mutex<Vec<String>>>,
}

impl v1::host::WorldsImports for App {
    fn now(&mut self) -> u64 {
        1_000
    }
}

impl v1::host::Log for App {
    fn write(&mut self, level: v1::log::Level, text: &str) {
        self.log.lock().unwrap().push(format!("{level:?}: {text}"));
    }
}

impl v1::host::Store for App {
    fn get(&mut self, id: u32) -> Item {
        item(id)
    }

    fn put(&mut self, what: Item) -> u32 {
        what.id + 1
    }

    fn shelf_of(&mut self, what: Item) -> v1::store::Shelf {
        v1::store::Shelf {
            label: what.name.clone(),
            items: vec![what.clone(), what],
        }
    }
}

impl v2::host::WorldsImports for App {
    fn now(&mut self) -> u64 {
        2_000
    }
}

impl v2::host::Log for App {
    fn write(&mut self, level: v2::log::Level, text: &str) {
        self.log
            .lock()
            .unwrap()
            .push(format!("v2 {level:?}: {text}"));
    }
}

impl v2::host::Store for App {
    fn get(&mut self, id: u32) -> v2::types::Item {
        v2::types::Item {
            id,
            name: "v2".to_owned(),
        }
    }

    fn put(&mut self, what: v2::types::Item) -> u32 {
        what.id
    }

    fn shelf_of(&mut self, what: v2::types::Item) -> v2::store::Shelf {
        v2::store::Shelf {
            label: what.name,
            items: Vec::new(),
        }
    }
}

fn item(id: u32) -> Item {
    Item {
        id,
        name: format!("item {id}"),
    }
}

fn guests() -> (Worlds, Next, App) {
    let app = App::default();
    let wasm = support::guest("worlds", Target::Wasip2);
    let v1 = Worlds::builder(app.clone())
        .limits(seconds(60))
        .load(&wasm)
        .unwrap();
    let v2 = Next::builder(app.clone())
        .limits(seconds(60))
        .load(&wasm)
        .unwrap();
    (v1, v2, app)
}

#[test]
fn functions_at_every_level() {
    let (guest, _, app) = guests();
    let stamp = guest.stamped(&item(1)).unwrap();
    assert_eq!(
        stamp,
        v1::Stamp {
            at: 1_000,
            what: item(1)
        }
    );
    guest.extra().touch().unwrap();
    assert_eq!(*app.log.lock().unwrap(), ["Low: touched"]);
    let envelope = guest.echo().wrap(&item(2)).unwrap();
    assert_eq!(envelope, v1::echo::Envelope { inside: item(2) });
}

#[test]
fn an_interface_on_both_sides_has_one_type() {
    let (guest, _, _) = guests();
    // What the host's import gives, the guest's export returns as it is.
    let got: Item = guest.store().get(7).unwrap();
    assert_eq!(got, item(7));
    assert_eq!(guest.store().put(&got).unwrap(), 8);
    let shelf: v1::store::Shelf = guest.store().shelf_of(&got).unwrap();
    assert_eq!(shelf.items, [item(7), item(7)]);
    // The same type under the names of the interfaces that use it.
    let entry: v1::view::Entry = got;
    assert_eq!(guest.view().show_shelf(&shelf).unwrap(), "item 7: 2");
    assert_eq!(guest.view().show(&entry).unwrap(), "8 item 7 true");
}

#[test]
fn derives_hold_for_all_types() {
    assert!(item(1) < item(2));
    assert!(v1::log::Level::Low < v1::log::Level::High);
    let stamp = |at| v1::Stamp { at, what: item(9) };
    assert_eq!(stamp(1).max(stamp(2)), stamp(2));
}

#[test]
fn two_versions_of_an_abi_in_one_crate() {
    let (first, second, _) = guests();
    assert_eq!(second.greet("Ann").unwrap(), "Ann at 2000");
    assert_eq!(
        second
            .view()
            .show(&v2::view::Item { id: u64::MAX })
            .unwrap(),
        format!("item {}", u64::MAX)
    );
    assert_eq!(first.stamped(&item(1)).unwrap().at, 1_000);
    let old = v2::types::Item {
        id: 5,
        name: String::new(),
    };
    assert_eq!(
        second.view().upgrade(&old).unwrap(),
        v2::view::Item { id: 5 }
    );
}

#[test]
fn an_abi_knows_its_text() {
    assert_eq!(v1::ABI.to_string(), "test:worlds/worlds@1.2.3");
    assert_eq!(v2::ABI.to_string(), "test:worlds/worlds@2.0.0");
    assert_ne!(v1::ABI.fingerprint, v2::ABI.fingerprint);
    let mut files: Vec<_> = v1::ABI.wit.iter().map(|file| file.path).collect();
    files.sort_unstable();
    assert_eq!(
        files,
        [
            "tests/fixtures/worlds/wit/v1/types.wit",
            "tests/fixtures/worlds/wit/v1/worlds.wit"
        ]
    );
    let text = v1::ABI
        .wit
        .iter()
        .find(|file| file.path.ends_with("worlds.wit"))
        .unwrap()
        .text;
    assert!(
        text.contains("/// Text with `code`, \"quotes\" and a \\ backslash."),
        "{text}"
    );
    assert!(
        text.contains("export stamped: func(what: item) -> stamp;"),
        "{text}"
    );
}
