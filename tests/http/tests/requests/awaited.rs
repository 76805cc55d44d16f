//! The tests of both sorts of hosts, for those whose calls are awaited, and what only those can do.

#[allow(clippy::duplicate_mod, reason = "one source, two sorts of hosts")]
#[path = "both.rs"]
mod both;

use std::future::Future;
use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::Duration;

use abide::{Http, Wasi};
use tokio::runtime::{Builder, Runtime};

pub(crate) use abide_http_tests::host_async::Fetching;

/// A runtime with one thread.
fn single() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// What a call comes to.
pub(crate) fn wait<F: Future>(called: F) -> F::Output {
    single().block_on(called)
}

#[test]
fn many_wait_at_once_on_one_thread() {
    let port = both::serve(|mut connection| {
        // Each has a server's thread of its own, so that all of them are slow together.
        std::thread::spawn(move || {
            assert_ne!(connection.read(&mut [0; 1024]).unwrap(), 0);
            std::thread::sleep(Duration::from_millis(100));
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nslow";
            connection.write_all(answer.as_bytes()).unwrap();
        });
    });
    let here = format!("127.0.0.1:{port}");
    let guest = both::allowed(Http::new().allow(&here));
    single().block_on(async {
        let calls = (0..20).map(|_| {
            let (guest, here) = (guest.clone(), here.clone());
            tokio::spawn(async move { guest.fetch().request(false, &here, "/", None).await })
        });
        let start = std::time::Instant::now();
        for call in calls.collect::<Vec<_>>() {
            let (status, text) = call.await.unwrap().unwrap();
            assert_eq!((status, &*text), (200, "slow"));
        }
        // One after the other they would take two seconds.
        let time = start.elapsed();
        assert!(time < Duration::from_millis(1500), "{time:?}");
    });
}

#[test]
fn a_request_whose_call_is_dropped_is_given_up() {
    let (told, gone) = mpsc::channel();
    let port = both::serve(move |mut connection| {
        assert_ne!(connection.read(&mut [0; 1024]).unwrap(), 0);
        told.send(connection.read(&mut [0; 1024])).unwrap();
    });
    let here = format!("127.0.0.1:{port}");
    let guest = both::guest(
        Wasi::new().http(Http::new().allow(&here)),
        Duration::from_secs(60),
    );
    single().block_on(async {
        let call = async { guest.fetch().request(false, &here, "/", None).await };
        let call = tokio::time::timeout(Duration::from_millis(300), call);
        assert!(call.await.is_err());
        // While the runtime goes on.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let read = gone.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    });
    assert_eq!(guest.stats().dropped, 1);
}
