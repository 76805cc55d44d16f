//! The network: what a guest may do with it is what `Network` says, and nothing by default.
//!
//! The guest is `tests/fixtures/network/guest`. It has its sockets from WASI's interfaces: not
//! every toolchain's standard library for guests has a network. The peers are threads of this
//! process.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use abide::{CallError, Error, LimitKind, Limits, Network, Wasi};
use abide_build::Target;

use super::{Talking as Guest, wait};
use crate::{NoHost, support};

pub(super) const HERE: (u8, u8, u8, u8) = (127, 0, 0, 1);
const ANYWHERE: (u8, u8, u8, u8) = (0, 0, 0, 0);

/// The guest's words for what it may not do.
const DENIED: &str = "AccessDenied";

fn guest(wasi: Wasi) -> Guest {
    with(wasi, Duration::from_secs(60))
}

fn allowed(network: Network) -> Guest {
    guest(Wasi::new().network(network))
}

pub(super) fn with(wasi: Wasi, deadline: Duration) -> Guest {
    Guest::builder(NoHost)
        .wasi(wasi)
        .limits(Limits::new().deadline(deadline))
        .name("talking")
        .load(support::guest("network", Target::Unknown))
        .unwrap()
}

/// What the guest said went wrong.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, CallError<String>>) -> String {
    match result {
        Err(CallError::Guest(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Lets a peer have each connection there is, on a port of its own.
pub(super) fn serve(peer: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming() {
            peer(connection.unwrap());
        }
    });
    port
}

/// Says what it hears, louder.
pub(super) fn echo(mut connection: TcpStream) {
    let mut heard = [0; 64];
    let length = connection.read(&mut heard).unwrap();
    let answer = heard[..length].to_ascii_uppercase();
    connection.write_all(&answer).unwrap();
}

#[test]
fn there_is_no_network_by_default() {
    let port = serve(echo);
    let everything_else = Wasi::new()
        .clocks()
        .random()
        .env("A", "b")
        .arg("c")
        .preopen(".", "/")
        .stdin("d")
        .inherit_stdout();
    for wasi in [
        Wasi::new(),
        everything_else,
        Wasi::new().network(Network::new()),
    ] {
        let guest = guest(wasi);
        assert_eq!(
            refused(wait(guest.talk().tcp_ask(HERE, port, "hello"))),
            DENIED
        );
        assert_eq!(refused(wait(guest.talk().tcp_listen(HERE, 0))), DENIED);
        assert_eq!(
            refused(wait(guest.talk().udp_ask(HERE, port, "hello"))),
            DENIED
        );
        assert_eq!(refused(wait(guest.talk().udp_bind(ANYWHERE, 0))), DENIED);
        assert_eq!(
            refused(wait(guest.talk().look_up("localhost"))),
            "PermanentResolverFailure"
        );
    }
}

#[test]
fn a_guest_connects_to_what_it_may_and_nothing_else() {
    let (port, other) = (serve(echo), serve(echo));
    let one = allowed(Network::new().tcp_connect(format!("127.0.0.1:{port}")));
    assert_eq!(
        wait(one.talk().tcp_ask(HERE, port, "hello")).unwrap(),
        "HELLO"
    );
    assert_eq!(
        refused(wait(one.talk().tcp_ask(HERE, other, "hello"))),
        DENIED
    );
    assert_eq!(
        refused(wait(one.talk().tcp_ask((127, 0, 0, 2), port, "hello"))),
        DENIED
    );
    // To connect is all that it may.
    assert_eq!(refused(wait(one.talk().tcp_listen(HERE, 0))), DENIED);
    assert_eq!(refused(wait(one.talk().tcp_listen(ANYWHERE, 0))), DENIED);
    assert_eq!(
        refused(wait(one.talk().udp_ask(HERE, port, "hello"))),
        DENIED
    );
    // What is refused ends nothing.
    let session = wait(one.session()).unwrap();
    refused(wait(session.talk().tcp_ask(HERE, other, "hello")));
    assert_eq!(
        wait(session.talk().tcp_ask(HERE, port, "again")).unwrap(),
        "AGAIN"
    );

    let network = allowed(Network::new().tcp_connect("127.0.0.0/8:*"));
    assert_eq!(wait(network.talk().tcp_ask(HERE, port, "a")).unwrap(), "A");
    assert_eq!(wait(network.talk().tcp_ask(HERE, other, "b")).unwrap(), "B");
    assert_eq!(
        refused(wait(network.talk().tcp_ask((128, 0, 0, 1), port, "c"))),
        DENIED
    );
}

#[test]
fn a_guest_listens_where_it_may() {
    let guest = allowed(Network::new().tcp_listen("127.0.0.1:*"));
    let port = wait(guest.talk().tcp_listen(HERE, 0)).unwrap();
    assert_ne!(port, 0);
    assert_eq!(refused(wait(guest.talk().tcp_listen(ANYWHERE, 0))), DENIED);
    let port = serve(echo);
    assert_eq!(
        refused(wait(guest.talk().tcp_ask(HERE, port, "hello"))),
        DENIED
    );
}

#[test]
fn sockets_count_as_open_files() {
    let port = serve(echo);
    let network = Network::new().tcp_connect(format!("127.0.0.1:{port}"));
    let with = |files| {
        Guest::builder(NoHost)
            .wasi(Wasi::new().network(network.clone()))
            .limits(
                Limits::new()
                    .deadline(Duration::from_secs(60))
                    .open_files(files),
            )
            .name("talking")
            .load(support::guest("network", Target::Unknown))
            .unwrap()
    };
    // One at a time is enough for as many as there are one after the other.
    let session = wait(with(1).session()).unwrap();
    for _ in 0..5 {
        assert_eq!(
            wait(session.talk().tcp_ask(HERE, port, "hello")).unwrap(),
            "HELLO"
        );
    }
    let error = wait(with(0).talk().tcp_ask(HERE, port, "hello")).unwrap_err();
    assert!(
        matches!(
            error,
            CallError::Failed(Error::Limit {
                what: LimitKind::OpenFiles,
                limit: 0,
                ..
            })
        ),
        "{error}"
    );
}

#[test]
fn datagrams_go_where_they_may() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    thread::spawn(move || {
        let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut heard = [0; 64];
        loop {
            let (length, from) = socket.recv_from(&mut heard).unwrap();
            // Somebody else is first to answer; the guest is not told of it.
            stranger.send_to(b"a lie", from).unwrap();
            thread::sleep(Duration::from_millis(20));
            let answer = heard[..length].to_ascii_uppercase();
            socket.send_to(&answer, from).unwrap();
        }
    });
    let guest = allowed(Network::new().udp_send(format!("127.0.0.1:{port}")));
    assert_eq!(
        wait(guest.talk().udp_ask(HERE, port, "hello")).unwrap(),
        "HELLO"
    );
    let other = port.checked_add(1).unwrap_or(1);
    assert_eq!(
        refused(wait(guest.talk().udp_ask(HERE, other, "hello"))),
        DENIED
    );
    assert_eq!(refused(wait(guest.talk().udp_bind(HERE, 0))), DENIED);

    let guest = allowed(Network::new().udp_bind("127.0.0.1:*"));
    wait(guest.talk().udp_bind(HERE, 0)).unwrap();
    assert_eq!(refused(wait(guest.talk().udp_bind(ANYWHERE, 0))), DENIED);
}

#[test]
fn names_are_looked_up_on_request() {
    let guest = allowed(Network::new().name_lookup());
    assert!(wait(guest.talk().look_up("127.0.0.1")).unwrap());
    assert!(wait(guest.talk().look_up("localhost")).unwrap());
    assert_eq!(refused(wait(guest.talk().tcp_listen(HERE, 0))), DENIED);
}

#[test]
fn who_waits_for_a_peer_meets_the_deadline() {
    // It neither says anything nor listens.
    let port = serve(std::mem::forget);
    let wasi = Wasi::new().network(Network::new().tcp_connect("127.0.0.1:*"));
    let guest = with(wasi, Duration::from_millis(200));
    let start = Instant::now();
    let error = wait(guest.talk().tcp_wait(HERE, port)).unwrap_err();
    assert!(
        matches!(&error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
    // More than the buffers of the system take.
    let error = wait(guest.talk().tcp_flood(HERE, port, 1 << 30)).unwrap_err();
    assert!(
        matches!(&error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn who_waits_for_somebody_to_connect_meets_the_deadline() {
    let wasi = Wasi::new().network(Network::new().tcp_listen("127.0.0.1:*"));
    let guest = with(wasi, Duration::from_millis(200));
    let error = wait(guest.talk().tcp_accept(HERE, 0)).unwrap_err();
    assert!(
        matches!(&error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
}

#[test]
fn who_waits_for_a_peer_can_be_cancelled() {
    let port = serve(std::mem::forget);
    let wasi = Wasi::new().network(Network::new().tcp_connect("127.0.0.1:*"));
    let (guest, cancel) = with(wasi, Duration::from_secs(600)).cancellable();
    let start = Instant::now();
    let canceller = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        cancel.cancel();
    });
    let error = wait(guest.talk().tcp_wait(HERE, port)).unwrap_err();
    assert!(
        matches!(&error, CallError::Failed(Error::Cancelled { .. })),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(30));
    canceller.join().unwrap();
}

#[test]
fn what_is_no_address_is_told_when_the_guest_is_loaded() {
    let error = Guest::builder(NoHost)
        .wasi(Wasi::new().network(Network::new().udp_send("localhost:53")))
        .name("talking")
        .load(support::guest("network", Target::Unknown))
        .unwrap_err();
    assert!(matches!(error, Error::Wasi { .. }), "{error}");
    assert_eq!(
        format!("{error:?}"),
        "guest `talking` cannot be given what `Wasi` grants it: `localhost:53`, which `Network::udp_send` \
         was called with, is not an address and a port\n  \
         caused by: `localhost` is no IP address; one is `10.0.0.1` or `[fd00::1]`, a network \
         `10.0.0.0/8` or `[fd00::/8]`, and `*` is all; names are not looked up here"
    );
}
