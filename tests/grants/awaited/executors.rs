//! Executors that are not tokio's: what waits for the system has a runtime of its own there.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use abide::{CallError, Error, Network, Wasi};

use super::files::folder;
use super::guests::granted;
use super::network::{HERE, echo, serve, with};
use super::{LONG, SHORT};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor in ten lines.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn guests_sleep_and_read_on_any() {
    let folder = folder("any-executor");
    let guest = granted(Wasi::new().preopen(folder.join("shared"), "/data"));
    block_on(async {
        guest.ask().sleep(20).await.unwrap();
        guest
            .ask()
            .write_file("/data/new.txt", "new")
            .await
            .unwrap();
        let new = guest.ask().read_file("/data/new.txt").await;
        assert_eq!(new.unwrap(), "new");
        let names = guest.ask().list_folder("/data").await.unwrap();
        assert_eq!(names, ["inner", "new.txt", "note.txt"]);
    });
}

#[test]
fn guests_talk_on_any_and_end_in_time() {
    let (port, silent) = (serve(echo), serve(std::mem::forget));
    let wasi = Wasi::new().network(Network::new().tcp_connect("127.0.0.1:*").name_lookup());
    let guest = with(wasi.clone(), LONG);
    block_on(async {
        let answer = guest.talk().tcp_ask(HERE, port, "hello").await;
        assert_eq!(answer.unwrap(), "HELLO");
        assert!(guest.talk().look_up("localhost").await.unwrap());
    });
    let guest = with(wasi, SHORT);
    let error = block_on(guest.talk().tcp_wait(HERE, silent)).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
}
