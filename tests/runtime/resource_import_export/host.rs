//! An interface with a resource on both sides of a guest: two resources, each with its own Rust
//! type.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_import_export/test.wit", module: "resource_import_export" });

use self::files::{Entry, Error};

#[derive(Clone, Default)]
struct App(Alive);

struct File(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl host_async::Files for App {
    type File = File;

    async fn file_new(&mut self, name: &str) -> File {
        File(name.to_owned(), self.0.one(name))
    }

    async fn file_open(&mut self, name: &str) -> Result<File, Error> {
        match name {
            "missing" => Err(Error::Missing(name.to_owned())),
            "denied" => Err(Error::Denied),
            name => Ok(self.file_new(name).await),
        }
    }

    async fn stat(&mut self, of: File) -> Entry<File> {
        Entry {
            size: of.0.len() as u64,
            file: of,
        }
    }

    async fn total(&mut self, of: Vec<&File>) -> u64 {
        of.iter().map(|file| file.0.len() as u64).sum()
    }

    async fn first(&mut self, of: Vec<Entry<File>>) -> Option<File> {
        of.into_iter().next().map(|entry| entry.file)
    }
}

impl host_async::files::File for File {
    async fn name(&mut self) -> String {
        self.0.clone()
    }

    async fn read(&mut self, at: u32) -> Result<Vec<u8>, Error> {
        let bytes = self.0.as_bytes().get(at as usize..);
        bytes.map(<[u8]>::to_vec).ok_or(Error::Denied)
    }

    async fn same(&self, as_what: &Self) -> bool {
        std::ptr::eq(self, as_what)
    }
}

#[awaited::test]
async fn a_guest_serves_what_it_is_served() {
    let app = App::default();
    let session = load!(host_async::ResourceImportExport, app.clone())
        .session()
        .await
        .unwrap();
    let files = session.files();
    let a = files.file_new("ä").await.unwrap();
    assert_eq!(a.name().await.unwrap(), "<via ä>");
    assert_eq!(a.read(3).await.unwrap(), "ä".as_bytes());
    assert_eq!(a.read(100).await.unwrap_err().guest(), Some(&Error::Denied));
    let b: host_async::exports::files::File = files.file_open("b").await.unwrap();
    let missing = files.file_open("missing").await.unwrap_err();
    assert_eq!(missing.guest(), Some(&Error::Missing("missing".to_owned())));
    assert_eq!(
        files.file_open("denied").await.unwrap_err().guest(),
        Some(&Error::Denied)
    );
    assert!(a.same(&a).await.unwrap() && !a.same(&b).await.unwrap());
    assert_eq!(files.total(vec![&a, &b, &a]).await.unwrap(), 13);
    assert_eq!((session.alive().await.unwrap(), app.0.count()), (2, 2));

    let entry: Entry<host_async::exports::files::File> = files.stat(a).await.unwrap();
    assert_eq!(entry.size, 7);
    assert_eq!(entry.file.name().await.unwrap(), "<via ä>");
    assert_eq!((session.alive().await.unwrap(), app.0.count()), (2, 2));
    let entries = vec![entry, Entry { file: b, size: 0 }];
    let first = files.first(entries).await.unwrap().unwrap();
    assert_eq!(first.name().await.unwrap(), "<via ä>");
    assert!(files.first(Vec::new()).await.unwrap().is_none());
    assert_eq!((session.alive().await.unwrap(), app.0.count()), (1, 1));
    drop(first);
    assert_eq!((session.alive().await.unwrap(), app.0.count()), (0, 0));
}
