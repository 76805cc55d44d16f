//! Resources of the guest and values of the host in one call, one record and one another.

use abide::Error;

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_mixed/test.wit", module: "resource_mixed" });

use self::folders::Filed;

#[derive(Clone, Default)]
struct App(Alive);

#[derive(Debug)]
struct Sheet(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn sheet(&self, text: &str) -> Sheet {
        Sheet(text.to_owned(), self.0.one(text))
    }
}

impl host::Paper for App {
    type Sheet = Sheet;

    fn sheet_new(&mut self, text: &str) -> Sheet {
        self.sheet(text)
    }
}

impl host::paper::Sheet for Sheet {
    fn text(&mut self) -> String {
        self.0.clone()
    }

    fn append(&mut self, text: &str) {
        self.0.push_str(text);
    }
}

#[test]
fn one_holds_the_other() {
    let app = App::default();
    let session = load!(host::ResourceMixed, app.clone()).session().unwrap();
    let folders = session.folders();
    let folder = folders.folder_new(app.sheet("ä")).unwrap();
    assert_eq!(folder.add(app.sheet("b")).unwrap(), 2);
    let mut mine = app.sheet("mine");
    assert_eq!(folder.write(&mut mine, &folder).unwrap(), "mine +2/2");
    assert_eq!(mine.0, "mine +2/2");
    let (folder, count) = folders
        .file(Filed {
            sheet: mine,
            folder,
        })
        .unwrap();
    assert_eq!((count, folders.alive().unwrap(), app.0.count()), (3, 1, 3));
    let b: Sheet = folder.take(1).unwrap().unwrap();
    assert_eq!(b.0, "b");
    assert!(folder.take::<Sheet>(2).unwrap().is_none());
    let Filed { sheet, folder } = folders.open::<Sheet>(folder).unwrap();
    assert_eq!(sheet.0, "ä");
    let all: Vec<Sheet> = folders.folder_all(folder).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0, "mine +2/2");
    assert_eq!((folders.alive().unwrap(), app.0.count()), (0, 3));
    drop((b, sheet, all));
    assert_eq!(app.0.count(), 0);
}

#[test]
fn what_a_folder_holds_goes_with_it() {
    let app = App::default();
    let session = load!(host::ResourceMixed, app.clone()).session().unwrap();
    let folder = session.folders().folder_new(app.sheet("a")).unwrap();
    folder.add(app.sheet("b")).unwrap();
    assert_eq!(app.0.count(), 2);
    drop(folder);
    assert_eq!(app.0.count(), 0);
    assert!(session.is_alive());
}

#[test]
fn a_call_that_is_refused_half_way_changes_nothing() {
    let app = App::default();
    let guest = load!(host::ResourceMixed, app.clone());
    let (one, two) = (guest.session().unwrap(), guest.session().unwrap());
    let folder = one.folders().folder_new(app.sheet("a")).unwrap();
    let foreign = two.folders().folder_new(app.sheet("b")).unwrap();
    // The sheet was lent already when the folder turned out to be of another session.
    let mut sheet = app.sheet("c");
    let error = folder.write(&mut sheet, &foreign).unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    assert_eq!((&*sheet.0, app.0.count()), ("c", 3));
    // And given already.
    let filed = Filed {
        sheet,
        folder: foreign,
    };
    let error = one.folders().file(filed).unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    assert_eq!(
        app.0.gone().len(),
        2,
        "the sheet, and the one in the folder"
    );
    assert_eq!(two.folders().alive().unwrap(), 0);
    assert_eq!(folder.take::<Sheet>(0).unwrap().unwrap().0, "a");
}
