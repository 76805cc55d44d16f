//! A resource of one package that functions and resources of another make, lend and hold.

use std::sync::{Arc, Mutex};

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_used_elsewhere/test.wit", module: "resource_used_elsewhere" });

use self::streams::Ends;

#[derive(Clone, Default)]
struct App(Alive);

type Bytes = Arc<Mutex<Vec<u8>>>;

struct Output(Bytes, #[expect(dead_code, reason = "counts the value")] One);

struct File {
    bytes: Bytes,
    alive: Alive,
    _one: One,
}

impl host_async::Streams for App {
    type Output = Output;
}

impl host_async::streams::Output for Output {
    async fn write(&mut self, bytes: &[u8]) -> u64 {
        let mut all = self.0.lock().unwrap();
        all.extend_from_slice(bytes);
        all.len() as u64
    }
}

impl host_async::Files for App {
    type File = File;
    type Output = Output;

    async fn file_new(&mut self, name: &str) -> File {
        File {
            bytes: Bytes::default(),
            alive: self.0.clone(),
            _one: self.0.one(name),
        }
    }

    async fn null(&mut self) -> Ends<Output> {
        Ends {
            output: Output(Bytes::default(), self.0.one("null")),
            name: "null".to_owned(),
        }
    }

    async fn copy(&mut self, from: &mut File, to: &mut Output) -> u64 {
        let from = from.bytes.lock().unwrap().clone();
        host_async::streams::Output::write(to, &from).await
    }
}

impl host_async::files::File for File {
    type Output = Output;

    async fn append(&mut self) -> Output {
        Output(Arc::clone(&self.bytes), self.alive.one("append"))
    }

    async fn size(&mut self) -> u64 {
        self.bytes.lock().unwrap().len() as u64
    }
}

#[awaited::test]
async fn one_package_hands_out_what_another_defines() {
    let app = App::default();
    load!(host_async::ResourceUsedElsewhere, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!(app.0.count(), 0);
    assert_eq!(app.0.gone(), ["ä.txt", "null", "append"]);
}
