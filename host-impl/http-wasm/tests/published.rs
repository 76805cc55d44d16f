//! A guest on the published crate `http-wasm-guest`, unmodified, of which it uses everything: all
//! that a guest of http-wasm can import.
//!
//! It is `tests/fixtures/http-wasm/module`.
#![cfg(feature = "wasip1")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide::{Error, TrapKind};
use abide_http_wasm::{CtxNext, Features, Fields, HttpWasm};
use support::{Kept, Server};

static GUEST: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    abide_build::guest(root.join("tests/fixtures/http-wasm/module"))
        .module()
        .target_dir(root.join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
});

fn loaded() -> (HttpWasm<Server>, Server) {
    let server = Server::new();
    let middleware = HttpWasm::load_module(&*GUEST, server.clone()).unwrap();
    assert_eq!(server.logged(), ["Info: started, features 7"]);
    (middleware, server)
}

#[test]
fn a_request_is_looked_at_and_changed() {
    let (middleware, server) = loaded();
    assert_eq!(middleware.features(), Features::TRAILERS);
    let mut transaction = middleware.transaction(Kept::new("/hi?name=panda"));
    let said = transaction.handle_request().unwrap();
    assert_eq!(said, CtxNext { ctx: 1, next: true });
    assert_eq!(
        server.logged()[1..],
        [
            "Info: config mode=strict",
            "Info: levels [false, true, true, true, false]",
            "Info: GET /hi?name=panda HTTP/1.1 from 192.0.2.1:4711",
            "Info: names [\"accept\", \"user-agent\"]",
            "Info: accept [\"text/html\", \"*/*\"]",
        ]
    );
    let exchange = transaction.exchange();
    assert_eq!((&*exchange.method, &*exchange.uri), ("PUT", "/changed?yes"));
    assert_eq!(
        exchange.lines(Fields::Request),
        ["x-added: 1", "x-added: 2", "accept: everything"]
    );
    assert_eq!(exchange.enabled, Features::TRAILERS);
    transaction.handle_response(true).unwrap();
    let logged = server.logged();
    assert_eq!(logged[1], "Info: response 1 of /changed?yes, error true");
    // It is told once.
    transaction.handle_response(true).unwrap();
    assert_eq!(server.logged(), [""; 0]);
}

#[test]
fn a_guest_answers_itself() {
    let (middleware, server) = loaded();
    let mut transaction = middleware.transaction(Kept::new("/denied"));
    let said = transaction.handle_request().unwrap();
    assert!(!said.next);
    server.logged();
    transaction.handle_response(false).unwrap();
    assert_eq!(server.logged(), [""; 0], "there is no response to look at");
    let exchange = transaction.into_exchange();
    assert_eq!(exchange.status, 403);
    assert_eq!(exchange.response.bytes, b"not for you");
    assert_eq!(
        exchange.lines(Fields::Response),
        ["content-type: text/plain"]
    );
}

#[test]
fn bodies_are_read_and_replaced() {
    let (middleware, _) = loaded();
    let mut exchange = Kept::new("/body");
    // More than is read at once.
    exchange.request.bytes = b"abc".repeat(100_000);
    let mut transaction = middleware.transaction(exchange);
    assert!(transaction.handle_request().unwrap().next);
    let all = Features::BUFFER_REQUEST | Features::BUFFER_RESPONSE | Features::TRAILERS;
    assert_eq!(transaction.features(), all);
    assert_eq!(transaction.exchange().enabled, all);
    assert_eq!(transaction.exchange().request.bytes, b"ABC".repeat(100_000));
    transaction.exchange().response.bytes = b"hello".to_vec();
    transaction.exchange().status = 201;
    transaction.handle_response(false).unwrap();
    let exchange = transaction.into_exchange();
    assert_eq!(exchange.status, 202);
    assert_eq!(exchange.response.bytes, b"[hello]");
}

#[test]
fn a_session_keeps_its_instance() {
    let (middleware, _) = loaded();
    let session = middleware.session().unwrap();
    let mut transaction = session.transaction(Kept::new("/"));
    assert_eq!(transaction.handle_request().unwrap().ctx, 1);
    // Another that begins before this one ends.
    let mut other = session.transaction(Kept::new("/"));
    assert_eq!(other.handle_request().unwrap().ctx, 2);
    transaction.handle_response(false).unwrap();
    other.handle_response(false).unwrap();
    let mut fails = session.transaction(Kept::new("/panic"));
    let error = fails.handle_request().unwrap_err();
    let Error::Trap { kind, stderr, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*kind, TrapKind::Unreachable);
    assert!(stderr.contains("on purpose"), "{stderr}");
    assert_eq!(fails.into_exchange().uri, "/panic", "it comes back");
    assert!(!session.is_alive());
    let mut next = middleware.transaction(Kept::new("/"));
    assert!(next.handle_request().unwrap().next, "others are served");
}

#[test]
fn a_guest_is_replaced() {
    let (middleware, server) = loaded();
    middleware.reload(&*GUEST).unwrap();
    assert_eq!(server.logged(), ["Info: started, features 7"]);
    assert_eq!(middleware.features(), Features::TRAILERS);
    assert_eq!(middleware.guest().stats().calls, 0);
}

#[test]
fn what_a_host_cannot_is_not_enabled() {
    let mut server = Server::new();
    server.features = Features::BUFFER_REQUEST;
    let middleware = HttpWasm::load_module(&*GUEST, server.clone()).unwrap();
    assert_eq!(server.logged(), ["Info: started, features 1"]);
    assert_eq!(middleware.features(), Features::NONE);
    let mut transaction = middleware.transaction(Kept::new("/body"));
    assert!(transaction.handle_request().unwrap().next);
    let error = transaction.handle_response(false).unwrap_err();
    let Error::AbiViolation { import, reason, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*import, "http_handler.get_status_code");
    assert_eq!(
        &**reason,
        "the status was read after the request was passed on"
    );
}
