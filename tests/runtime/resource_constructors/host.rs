//! Constructors, constructors that can fail, and functions that belong to a resource and not to a
//! value.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_constructors/test.wit", module: "resource_constructors" });

use self::files::Error;

#[derive(Clone, Default)]
struct App(Alive);

struct File(String, #[expect(dead_code, reason = "counts the file")] One);

struct Lock(u32);

impl App {
    fn file(&self, text: String) -> File {
        let mark = self.0.one(&text);
        File(text, mark)
    }
}

impl host_async::Files for App {
    type File = File;
    type Lock = Lock;
    type Token = One;

    async fn file_new(&mut self, name: &str, size: Option<u64>) -> File {
        self.file(format!("new {name} {size:?}"))
    }

    async fn file_open(&mut self, name: &str) -> Result<File, Error> {
        match name {
            "gone" => Err(Error::Missing(name.to_owned())),
            name => Ok(self.file(format!("open {name}"))),
        }
    }

    async fn file_default(&mut self) -> File {
        self.file("default".to_owned())
    }

    async fn file_count(&mut self) -> u32 {
        self.0.made() as u32
    }

    async fn file_both(&mut self, a: &str, b: &str) -> (File, File) {
        (
            self.file(format!("both {a}")),
            self.file(format!("both {b}")),
        )
    }

    async fn lock_new(&mut self, number: u32) -> Result<Lock, Error> {
        (number != 13)
            .then_some(Lock(number))
            .ok_or(Error::Locked(number))
    }

    async fn new_token(&mut self) -> One {
        self.0.one("token")
    }
}

impl host_async::files::File for File {
    async fn describe(&mut self) -> String {
        self.0.clone()
    }
}

impl host_async::files::Lock for Lock {
    async fn number(&mut self) -> u32 {
        self.0
    }
}

#[awaited::test]
async fn every_way_makes_what_it_says() {
    let app = App::default();
    load!(host_async::ResourceConstructors, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (7, 0));
}
