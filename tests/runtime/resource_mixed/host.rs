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

impl host_async::Paper for App {
    type Sheet = Sheet;

    async fn sheet_new(&mut self, text: &str) -> Sheet {
        super::pause().await;
        self.sheet(text)
    }
}

impl host_async::paper::Sheet for Sheet {
    async fn text(&mut self) -> String {
        self.0.clone()
    }

    async fn append(&mut self, text: &str) {
        super::pause().await;
        self.0.push_str(text);
    }
}

#[awaited::test]
async fn one_holds_the_other() {
    let app = App::default();
    let session = load!(host_async::ResourceMixed, app.clone())
        .session()
        .await
        .unwrap();
    let folders = session.folders();
    let folder = folders.folder_new(app.sheet("ä")).await.unwrap();
    assert_eq!(folder.add(app.sheet("b")).await.unwrap(), 2);
    let mut mine = app.sheet("mine");
    assert_eq!(folder.write(&mut mine, &folder).await.unwrap(), "mine +2/2");
    assert_eq!(mine.0, "mine +2/2");
    let (folder, count) = folders
        .file(Filed {
            sheet: mine,
            folder,
        })
        .await
        .unwrap();
    assert_eq!(
        (count, folders.alive().await.unwrap(), app.0.count()),
        (3, 1, 3)
    );
    let b: Sheet = folder.take(1).await.unwrap().unwrap();
    assert_eq!(b.0, "b");
    assert!(folder.take::<Sheet>(2).await.unwrap().is_none());
    let Filed { sheet, folder } = folders.open::<Sheet>(folder).await.unwrap();
    assert_eq!(sheet.0, "ä");
    let all: Vec<Sheet> = folders.folder_all(folder).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0, "mine +2/2");
    assert_eq!((folders.alive().await.unwrap(), app.0.count()), (0, 3));
    drop((b, sheet, all));
    assert_eq!(app.0.count(), 0);
}

#[awaited::test]
async fn what_a_folder_holds_goes_with_it() {
    let app = App::default();
    let session = load!(host_async::ResourceMixed, app.clone())
        .session()
        .await
        .unwrap();
    let folder = session.folders().folder_new(app.sheet("a")).await.unwrap();
    folder.add(app.sheet("b")).await.unwrap();
    assert_eq!(app.0.count(), 2);
    super::release(folder).await;
    assert_eq!(app.0.count(), 0);
    assert!(session.is_alive());
}

#[awaited::test]
async fn a_call_that_is_refused_half_way_changes_nothing() {
    let app = App::default();
    let guest = load!(host_async::ResourceMixed, app.clone());
    let (one, two) = (
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
    );
    let folder = one.folders().folder_new(app.sheet("a")).await.unwrap();
    let foreign = two.folders().folder_new(app.sheet("b")).await.unwrap();
    // The sheet was lent already when the folder turned out to be of another session.
    let mut sheet = app.sheet("c");
    let error = folder.write(&mut sheet, &foreign).await.unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    assert_eq!((&*sheet.0, app.0.count()), ("c", 3));
    // And given already.
    let filed = Filed {
        sheet,
        folder: foreign,
    };
    let error = one.folders().file(filed).await.unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    assert_eq!(two.folders().alive().await.unwrap(), 0);
    assert_eq!(
        app.0.gone().len(),
        2,
        "the sheet, and the one in the folder"
    );
    assert_eq!(folder.take::<Sheet>(0).await.unwrap().unwrap().0, "a");
}
