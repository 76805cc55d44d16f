//! Modules that do what no guest of http-wasm should: they are refused, or ended, and the exchange
//! comes back.

mod support;

use std::time::Duration;

use abide::{Error, Limits};
use abide_http_wasm::{Features, Fields, HttpWasm};
use support::{Hook, Kept, Server};

/// All that a module can import, under the names that tests use.
const IMPORTS: &str = r#"
    (import "http_handler" "enable_features" (func $enable (param i32) (result i32)))
    (import "http_handler" "get_config" (func $config (param i32 i32) (result i32)))
    (import "http_handler" "log" (func $log (param i32 i32 i32)))
    (import "http_handler" "get_method" (func $method (param i32 i32) (result i32)))
    (import "http_handler" "set_method" (func $set_method (param i32 i32)))
    (import "http_handler" "get_uri" (func $uri (param i32 i32) (result i32)))
    (import "http_handler" "set_uri" (func $set_uri (param i32 i32)))
    (import "http_handler" "get_header_names" (func $names (param i32 i32 i32) (result i64)))
    (import "http_handler" "get_header_values" (func $values (param i32 i32 i32 i32 i32) (result i64)))
    (import "http_handler" "set_header_value" (func $set (param i32 i32 i32 i32 i32)))
    (import "http_handler" "add_header_value" (func $add (param i32 i32 i32 i32 i32)))
    (import "http_handler" "remove_header" (func $remove (param i32 i32 i32)))
    (import "http_handler" "read_body" (func $read (param i32 i32 i32) (result i64)))
    (import "http_handler" "write_body" (func $write (param i32 i32 i32)))
    (import "http_handler" "get_status_code" (func $status (result i32)))
    (import "http_handler" "set_status_code" (func $set_status (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "PANICaccept\ff\fe")
"#;

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A module that does `request` with a request, and `response` with its response.
fn guest(request: &str, response: &str) -> Vec<u8> {
    module(&format!(
        r#"(module {IMPORTS}
            (func (export "handle_request") (result i64) {request})
            (func (export "handle_response") (param i32 i32) {response}))"#
    ))
}

fn load(server: Server, bytes: &[u8]) -> abide::Result<HttpWasm<Server>> {
    let limits = Limits::new()
        .deadline(Duration::from_millis(200))
        .host_allocation(100_000);
    HttpWasm::load_with(server, |builder| {
        builder.limits(limits).name("odd").load_bytes(bytes)
    })
}

/// What comes of a request.
fn handled(code: &str) -> (abide::Result<u32>, Kept) {
    let middleware = load(Server::new(), &guest(code, "")).unwrap();
    let mut exchange = Kept::new("");
    exchange.request.bytes = b"hello".to_vec();
    let mut transaction = middleware.transaction(exchange);
    let said = transaction.handle_request();
    (said.map(|said| said.ctx), transaction.into_exchange())
}

/// A number in the upper half, where a test finds it.
fn ctx(code: &str) -> String {
    format!("(i64.shl (i64.extend_i32_u {code}) (i64.const 32))")
}

#[test]
fn results_are_written_where_there_is_room_and_told_in_any_case() {
    let (said, _) = handled(&ctx("(call $config (i32.const 64) (i32.const 64))"));
    assert_eq!(said.unwrap(), 11);
    // Too little room, none, and none at all.
    for room in [
        "(i32.const 64) (i32.const 10)",
        "(i32.const 65536) (i32.const 0)",
        "(i32.const -1) (i32.const 0)",
    ] {
        let code = format!(
            "(i32.or (call $config {room}) (i32.shl (i32.load8_u (i32.const 64)) (i32.const 8)))"
        );
        assert_eq!(handled(&ctx(&code)).0.unwrap(), 11, "{room}");
    }
    // Room that ends outside, of which the part is there that is needed.
    let (said, _) = handled(&ctx("(call $config (i32.const 65500) (i32.const -1))"));
    assert_eq!(said.unwrap(), 11);
    let (said, _) = handled(&ctx("(call $uri (i32.const 64) (i32.const 64))"));
    assert_eq!(said.unwrap(), 1, "an empty one is told as `/`");
    // Two values, each with its zero.
    let values =
        "(call $values (i32.const 0) (i32.const 5) (i32.const 6) (i32.const 64) (i32.const 64))";
    let count = format!("(i64.and {values} (i64.const 0xffffffff00000000))");
    assert_eq!(handled(&count).0.unwrap(), 2);
    let len = format!("(i64.shl {values} (i64.const 32))");
    assert_eq!(handled(&len).0.unwrap(), 14);
    // No such field.
    let none =
        "(call $values (i32.const 1) (i32.const 5) (i32.const 6) (i32.const 64) (i32.const 64))";
    assert_eq!(handled(none).0.unwrap(), 0);
}

#[test]
fn bodies_are_read_as_far_as_there_is_room() {
    let read = "(call $read (i32.const 0) (i32.const 64) (i32.const 3))";
    let both = format!(
        "(local $first i64) (local.set $first {read})
         (i64.shl (i64.add (i64.mul (local.get $first) (i64.const 100)) (i64.add
            (i64.and {read} (i64.const 0xff)) (i64.const 0))) (i64.const 32))"
    );
    // Three bytes of five, then two.
    assert_eq!(handled(&both).0.unwrap(), 302);
    let last = "(call $read (i32.const 0) (i32.const 64) (i32.const 5))";
    assert_eq!(handled(last).0.unwrap(), 1, "that was all of it");
    for room in [
        "(i32.const 65533) (i32.const 5)",
        "(i32.const -1) (i32.const 5)",
        "(i32.const 64) (i32.const -1)",
        "(i32.const 64) (i32.const 0)",
    ] {
        let (said, exchange) = handled(&format!("(call $read (i32.const 0) {room})"));
        let error = said.unwrap_err();
        assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
        assert!(
            is_unread(&exchange),
            "{room}: what is refused has no effect"
        );
    }
}

/// Whether nothing of the request's body was read.
fn is_unread(exchange: &Kept) -> bool {
    let mut same = Kept::new("").request;
    same.bytes = b"hello".to_vec();
    exchange.request == same
}

#[test]
fn nonsense_ends_a_guest() {
    let field = "(i32.const 5) (i32.const 6)";
    for code in [
        "(drop (call $method (i32.const 65535) (i32.const 64)))".to_owned(),
        "(call $set_method (i32.const 0) (i32.const 0))".to_owned(),
        "(call $set_method (i32.const 11) (i32.const 2))".to_owned(),
        "(call $set_method (i32.const -1) (i32.const 5))".to_owned(),
        "(call $set_uri (i32.const 65530) (i32.const 100))".to_owned(),
        "(call $log (i32.const 0) (i32.const 0) (i32.const -1))".to_owned(),
        "(drop (call $names (i32.const 4) (i32.const 64) (i32.const 64)))".to_owned(),
        "(drop (call $names (i32.const -1) (i32.const 64) (i32.const 64)))".to_owned(),
        "(drop (call $names (i32.const 0) (i32.const 65535) (i32.const 64)))".to_owned(),
        "(drop (call $values (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 64)))".to_owned(),
        format!("(call $set (i32.const 9) {field} {field})"),
        format!("(call $set (i32.const 0) (i32.const 0) (i32.const 0) {field})"),
        format!("(call $add (i32.const 0) {field} (i32.const 65535) (i32.const 2))"),
        // Trailers are not enabled.
        format!("(call $add (i32.const 2) {field} {field})"),
        format!("(call $remove (i32.const 3) {field})"),
        "(drop (call $read (i32.const 2) (i32.const 64) (i32.const 64)))".to_owned(),
        "(call $write (i32.const 2) (i32.const 0) (i32.const 1))".to_owned(),
        "(call $write (i32.const 0) (i32.const 0) (i32.const 65537))".to_owned(),
        "(call $set_status (i32.const 99))".to_owned(),
        "(call $set_status (i32.const 65736))".to_owned(),
    ] {
        let (said, exchange) = handled(&format!("{code} (i64.const 1)"));
        let error = said.unwrap_err();
        assert!(matches!(error, Error::AbiViolation { .. }), "{code}: {error}");
        assert_eq!(exchange.lines(Fields::Request).len(), 3, "{code}");
        assert_eq!((&*exchange.method, exchange.status), ("GET", 200), "{code}");
    }
    // These are no more than ignored.
    for code in [
        "(call $log (i32.const 77) (i32.const 0) (i32.const 5))",
        "(call $log (i32.const -1) (i32.const 0) (i32.const 5))",
        "(drop (call $enable (i32.const -1)))",
        "(drop (call $names (i32.const 2) (i32.const 64) (i32.const 64)))",
    ] {
        let (said, _) = handled(&format!("{code} (i64.const 0x700000001)"));
        assert_eq!(said.unwrap(), 7, "{code}");
    }
}

#[test]
fn what_is_over_cannot_be_changed() {
    let field = "(i32.const 5) (i32.const 6)";
    let late = [
        "(call $set_method (i32.const 0) (i32.const 1))".to_owned(),
        format!("(call $set (i32.const 0) {field} {field})"),
        format!("(call $set (i32.const 1) {field} {field})"),
        "(drop (call $read (i32.const 0) (i32.const 64) (i32.const 64)))".to_owned(),
        "(drop (call $read (i32.const 1) (i32.const 64) (i32.const 64)))".to_owned(),
        "(call $write (i32.const 0) (i32.const 0) (i32.const 1))".to_owned(),
        "(call $write (i32.const 1) (i32.const 0) (i32.const 1))".to_owned(),
        "(drop (call $status))".to_owned(),
        "(call $set_status (i32.const 404))".to_owned(),
    ];
    for code in &late {
        let middleware = load(Server::new(), &guest("(i64.const 1)", code)).unwrap();
        let mut transaction = middleware.transaction(Kept::new("/"));
        assert!(transaction.handle_request().unwrap().next);
        let error = transaction.handle_response(false).unwrap_err();
        assert!(
            matches!(error, Error::AbiViolation { .. }),
            "{code}: {error}"
        );
    }
    // What is buffered can, but for the request itself.
    let enable = "(drop (call $enable (i32.const 3))) (i64.const 1)";
    for (number, code) in late.iter().enumerate() {
        let middleware = load(Server::new(), &guest(enable, code)).unwrap();
        let mut transaction = middleware.transaction(Kept::new("/"));
        assert!(transaction.handle_request().unwrap().next);
        let result = transaction.handle_response(false);
        assert_eq!(result.is_err(), [0, 1, 5].contains(&number), "{code}");
    }
}

#[test]
fn limits_and_panics_end_a_call_and_nothing_else() {
    let (said, exchange) = handled("(loop $again (br $again)) (i64.const 1)");
    let error = said.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(exchange.method, "GET");
    let (said, _) = handled("(call $set_method (i32.const 0) (i32.const 5)) (i64.const 1)");
    let error = said.unwrap_err();
    let Error::HostPanic { import, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*import, "http_handler.set_method");
    // Whatever stands in the lower half, only 1 passes a request on.
    let middleware = load(
        Server::new(),
        &guest("(i64.const 0x1000000010)", "(unreachable)"),
    )
    .unwrap();
    let mut transaction = middleware.transaction(Kept::new("/"));
    assert!(!transaction.handle_request().unwrap().next);
    transaction.handle_response(false).unwrap();
}

#[test]
fn a_long_message_is_cut() {
    let server = Server::new();
    let code = "(call $log (i32.const 0) (i32.const 0) (i32.const 65536)) (i64.const 1)";
    let middleware = load(server.clone(), &guest(code, "")).unwrap();
    middleware
        .transaction(Kept::new("/"))
        .handle_request()
        .unwrap();
    let logged = server.logged();
    assert!(
        (8192..8300).contains(&logged[0].len()),
        "{}",
        logged[0].len()
    );
}

#[test]
fn what_does_not_fit_is_refused_all_at_once() {
    let error = load(
        Server::new(),
        &module(
            r#"(module
                (import "http_handler" "get_path" (func (param i32 i32) (result i32)))
                (import "http_handler" "log" (func (param i32)))
                (func (export "handle_response") (param i32) (result i32) (i32.const 0)))"#,
        ),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `odd` does not fit world `Guest`:\n  \
         - export `handle_request` is missing\n      expected: () -> i64\n  \
         - export `handle_response` has another type\n      expected: (i32, i32)\n      found:    (i32) -> i32\n  \
         - import `http_handler.get_path` is not offered by the host\n      wanted:   (i32, i32) -> i32\n  \
         - import `http_handler.log` has another type\n      offered:  (i32, i32, i32)\n      wanted:   (i32)\n\
         rebuild the guest against this version of the ABI, or load it with a host that implements \
         the world it was built for"
    );
}

#[test]
fn a_guest_that_needs_a_request_as_it_starts_is_refused() {
    let start = |code: &str| {
        module(&format!(
            r#"(module {IMPORTS} (func (export "_start") {code})
                (func (export "handle_request") (result i64) (i64.const 1))
                (func (export "handle_response") (param i32 i32)))"#
        ))
    };
    let error = load(
        Server::new(),
        &start("(drop (call $method (i32.const 0) (i32.const 9)))"),
    );
    let error = error.unwrap_err();
    assert!(error.to_string().contains("no request"), "{error}");
    let error = load(Server::new(), &start("(unreachable)")).unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    let middleware = load(Server::new(), &start("(drop (call $enable (i32.const 2)))")).unwrap();
    assert_eq!(middleware.features(), Features::BUFFER_RESPONSE);
}

#[test]
fn middleware_may_be_called_while_another_runs() {
    // Its exchange has the other look at a request of its own, in the middle of a call.
    let add = |more: &str| {
        let field = "(i32.const 5) (i32.const 6) (i32.const 0) (i32.const 5)";
        guest(
            &format!("(call $add (i32.const 0) {field}) {more} (i64.const 0x500000001)"),
            "",
        )
    };
    let inner = load(Server::new(), &add("")).unwrap();
    let outer = add("(call $set_uri (i32.const 0) (i32.const 5))");
    let outer = load(Server::new(), &outer).unwrap();
    let mut exchange = Kept::new("/outer");
    exchange.hook = Hook(Some(Box::new(move || {
        let mut nested = inner.transaction(Kept::new("/inner"));
        assert_eq!(nested.handle_request().unwrap().ctx, 5);
        assert_eq!(nested.exchange().lines(Fields::Request).len(), 4);
    })));
    let mut transaction = outer.transaction(exchange);
    assert_eq!(transaction.handle_request().unwrap().ctx, 5);
    let exchange = transaction.into_exchange();
    assert_eq!(exchange.lines(Fields::Request).len(), 4);
    assert_eq!(exchange.uri, "PANIC");
}
