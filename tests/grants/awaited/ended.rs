//! Guests that are ended while they wait for the system: nothing of theirs is left.

use std::future::Future;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use abide::{CallError, Engine, Error, Limits, Network, Wasi};
use abide_build::Target;

use super::network::HERE;
use super::{Grants, LONG, SHORT, Talking, single};
use crate::{NoHost, support};

/// A guest on an engine whose guests may have one socket together.
fn talking(deadline: Duration) -> Talking {
    let engine = Engine::builder().open_files(1).build().unwrap();
    let network = Network::new()
        .tcp_connect("127.0.0.1:*")
        .tcp_listen("127.0.0.1:*");
    Talking::builder(NoHost)
        .engine(&engine)
        .wasi(Wasi::new().network(network))
        .limits(Limits::new().deadline(deadline))
        .load(support::guest("network", Target::Unknown))
        .unwrap()
}

/// A place to connect to, and how many bytes came from the first who did, until it was gone.
fn listener() -> (u16, thread::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        connection.set_read_timeout(Some(LONG)).unwrap();
        connection.read(&mut [0; 16]).unwrap()
    });
    (port, heard)
}

/// Drops a call once it has run for a while.
async fn dropped<F: Future>(call: F) -> bool {
    tokio::time::timeout(SHORT, call).await.is_err()
}

#[test]
fn whose_call_is_dropped_is_hung_up_on() {
    let guest = talking(LONG);
    single().block_on(async {
        let (port, heard) = listener();
        assert!(dropped(guest.talk().tcp_wait(HERE, port)).await);
        assert_eq!(heard.join().unwrap(), 0, "the connection is closed");
        // It was the only socket that there may be.
        assert!(dropped(guest.talk().tcp_accept(HERE, 0)).await);
        let port = guest.talk().tcp_listen(HERE, 0).await.unwrap();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    });
    let stats = guest.stats();
    assert_eq!((stats.dropped, stats.instances), (2, 0), "{stats:?}");
}

#[test]
fn whose_time_is_over_is_hung_up_on() {
    let guest = talking(SHORT);
    single().block_on(async {
        let (port, heard) = listener();
        for error in [
            guest.talk().tcp_wait(HERE, port).await.map(drop),
            guest.talk().tcp_accept(HERE, 0).await,
        ] {
            assert!(
                matches!(error, Err(CallError::Failed(Error::Timeout { .. }))),
                "{error:?}"
            );
        }
        assert_eq!(heard.join().unwrap(), 0, "the connection is closed");
        guest.talk().tcp_listen(HERE, 0).await.unwrap();
    });
    assert_eq!(guest.stats().instances, 0);
}

#[test]
fn two_hundred_sleep_and_half_of_them_are_dropped() {
    let engine = Engine::builder().instances(64).build().unwrap();
    let guest: Grants = Grants::builder(NoHost)
        .engine(&engine)
        .limits(Limits::new().deadline(LONG).wait(LONG))
        .load(support::guest("grants", Target::Wasip2))
        .unwrap();
    single().block_on(async {
        let calls = (0..200).map(|n| {
            let guest = guest.clone();
            let call = async move {
                guest
                    .ask()
                    .sleep(if n % 2 == 0 { 5 } else { 600_000 })
                    .await
            };
            (n, tokio::spawn(call))
        });
        for (n, call) in calls.collect::<Vec<_>>() {
            if n % 2 == 0 {
                call.await.unwrap().unwrap();
            } else {
                call.abort();
                assert!(call.await.is_err_and(|error| error.is_cancelled()));
            }
        }
        guest.ask().sleep(1).await.unwrap();
    });
}
