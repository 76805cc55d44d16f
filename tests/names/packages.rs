//! Several packages, several versions of one, packages of one file, included and inline interfaces.

use std::sync::{Arc, Mutex};

use abide_build::Target;

use crate::{patient, support};

abide::abi!({ wit: "tests/fixtures/packages/wit", module: "packages" });

#[derive(Clone, Default)]
struct App {
    lines: Arc<Mutex<Vec<String>>>,
    severe: bool,
}

impl host::Store1_0_0 for App {
    fn put(&mut self, item: store_1_0_0::Item) -> store_1_0_0::Item {
        types_1_0_0::Item { id: item.id + 1 }
    }
}

impl host::Store2_0_0Rc1 for App {
    fn put(&mut self, item: store_2_0_0_rc_1::Item) -> store_2_0_0_rc_1::Item {
        types_2_0_0_rc_1::Item {
            id: item.id + 2,
            label: item.label.map(|label| label + " rc"),
        }
    }
}

impl host::Store2_0_0 for App {
    fn put(&mut self, item: types_2_0_0::Item) -> types_2_0_0::Item {
        Item {
            id: item.id + 3,
            label: item.label + " 2",
        }
    }

    fn upgrade(&mut self, old: types_1_0_0::Item) -> types_2_0_0::Item {
        Item {
            id: u64::from(old.id) << 32,
            label: "new".to_owned(),
        }
    }
}

impl host::Extra for App {
    fn mark(&mut self, marks: extra::Marks, times: plain::Count) -> extra::Marks {
        match times {
            1 => marks.complement(),
            _ => marks,
        }
    }
}

impl host::Audit for App {
    fn note(&mut self, entry: audit::Entry) -> u32 {
        let line = format!("{} {}", entry.by, entry.what.id);
        self.lines.lock().unwrap().push(line);
        entry.what.id * 10
    }
}

impl host::LogLevel for App {
    fn enabled(&mut self, severity: log_level::Severity) -> bool {
        self.severe && severity == log_level::Severity::High
    }
}

impl host::AppImports for App {
    fn write_line(&mut self, line: &str) {
        self.lines.lock().unwrap().push(line.to_owned());
    }
}

fn guest(app: &App) -> host::App {
    host::App::builder(app.clone())
        .limits(patient())
        .load(support::guest("packages", Target::Wasip2))
        .unwrap()
}

#[test]
fn versions_side_by_side() {
    let app = App::default();
    let guest = guest(&app);
    let first = types_1_0_0::Item { id: 4 };
    assert_eq!(guest.store_1_0_0().put(&first).unwrap().id, 41);
    assert_eq!(*app.lines.lock().unwrap(), ["put 4"]);

    let candidate = |id, label: Option<&str>| types_2_0_0_rc_1::Item {
        id,
        label: label.map(str::to_owned),
    };
    let store = guest.store_2_0_0_rc_1();
    assert_eq!(store.put(&candidate(1, None)).unwrap(), candidate(3, None));
    let labelled = store.put(&candidate(1, Some("a"))).unwrap();
    assert_eq!(labelled, candidate(3, Some("a rc")));

    let second = Item {
        id: u64::from(u32::MAX),
        label: "b".to_owned(),
    };
    let put = guest.store_2_0_0().put(&second).unwrap();
    assert_eq!((put.id, &*put.label), (0x1_0000_0002, "b 2"));
    let new = guest.store_2_0_0().upgrade(&first).unwrap();
    assert_eq!((new.id, &*new.label), (0x4_0000_0000, "new"));
}

#[test]
fn types_of_two_versions_in_one_type() {
    let guest = guest(&App::default());
    let old = Old { id: 9 };
    let pair: Pair = guest.upgrade(&old).unwrap();
    assert_eq!(pair.old, old);
    assert_eq!(pair.new.id, 0x9_0000_0000);
}

#[test]
fn what_is_included_has_its_new_name() {
    let app = App::default();
    assert_eq!(guest(&app).sync().unwrap(), 0);
    assert!(app.lines.lock().unwrap().is_empty());
    let app = App {
        severe: true,
        ..app
    };
    assert_eq!(guest(&app).sync().unwrap(), 1);
    assert_eq!(*app.lines.lock().unwrap(), ["synced"]);
}

#[test]
fn packages_of_one_file_and_interfaces_without_one() {
    let guest = guest(&App::default());
    let marks = extra::Marks::RED;
    assert_eq!(guest.extra().mark(marks, 2).unwrap(), marks);
    let others = extra::Marks::GREEN | extra::Marks::BLUE;
    assert_eq!(guest.extra().mark(marks, 1).unwrap(), others);
    let item = Item {
        id: 5,
        label: "größer".to_owned(),
    };
    let shown = guest.report().show(&item, report::Style::Long).unwrap();
    assert_eq!(shown, ("5 größer".to_owned(), 8));
    let shown = guest.report().show(&item, report::Style::Short).unwrap();
    assert_eq!(shown, ("5".to_owned(), 1));
}
