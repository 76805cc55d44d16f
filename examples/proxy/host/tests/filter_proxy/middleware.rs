//! Filters that are modules of http-wasm, on the published crate for it, beside those of other
//! kinds.

use std::path::PathBuf;
use std::sync::LazyLock;

use abide_build::Target;
use bytes::Bytes;
use proxy_load::filters::{built, fixtures};
use tokio::net::TcpListener;

use crate::frames::{Frames, Step};
use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, proxy, run, to, until};

/// The module.
static MIDDLEWARE: LazyLock<PathBuf> =
    LazyLock::new(|| built(&fixtures().join("http-wasm/module"), Target::Wasip1));

/// Gets requests as a whole.
const WHOLE: &str = "body_before_headers = true";

#[test]
fn filters_of_all_kinds_are_in_one_chain() {
    run(async {
        let upstream = Upstream::start().await;
        let filters = filter("component", &COMPONENT, "")
            + &filter("middleware", &MIDDLEWARE, WHOLE)
            + &filter("module", &MODULE, "");
        let proxy = proxy("middleware-chain", &upstream, &filters);
        let mut client = proxy.client().await;
        let fields = [("accept", "text/html"), ("accept", "*/*")];
        let answer = client
            .ask("GET", "/hi", &fields, Frames::default())
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{answer:?} {}", proxy.log());
        assert!(
            answer.body.starts_with("PUT /changed HTTP/1.1\n"),
            "{answer:?}"
        );
        for line in [
            "x-filter: component\n",
            "x-filter: module\n",
            "x-added: 1\nx-added: 2\n",
            "accept: everything\n",
        ] {
            assert!(answer.body.contains(line), "{line} {answer:?}");
        }
        for line in [
            "config middleware",
            "GET /hi HTTP/1.1 from 127.0.0.1:",
            "\"host\"",
            "accept [\"text/html\", \"*/*\"]",
            "response 1 of /changed?yes, error false",
        ] {
            assert!(proxy.log().contains(line), "{line} {}", proxy.log());
        }
        // The component and the module change bodies, too, and on the way back in the other order.
        let answer = client
            .post("/body", Frames::parts(&["so", "me"]))
            .await
            .unwrap();
        assert_eq!(answer.status, 201, "{answer:?} {}", proxy.log());
        assert!(answer.body.starts_with("[POST /body"), "{answer:?}");
        assert!(answer.body.ends_with("SOME!]!"), "{answer:?}");
        let before = upstream.requests();
        let answer = client.get("/denied").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (403, "text/plain")
        );
        assert!(answer.body.starts_with("not for you"), "{answer:?}");
        assert_eq!(upstream.requests(), before);
    });
}

#[test]
fn one_that_fails_is_replaced() {
    run(async {
        let upstream = Upstream::start().await;
        let filters = filter("f", &MIDDLEWARE, "kind = 'http-wasm'");
        let proxy = proxy("middleware-fails", &upstream, &filters);
        let mut client = proxy.client().await;
        // Of the second it wants the body, which it is not given before it is here.
        for path in ["/panic", "/body"] {
            assert_eq!(client.get("/a").await.unwrap().status, 200);
            let answer = client.post(path, Frames::text("body")).await.unwrap();
            let cause = answer.header("x-proxy-cause");
            assert_eq!(
                (answer.status, cause),
                (503, "filter-failed"),
                "{}",
                proxy.log()
            );
        }
        assert_eq!(client.get("/a").await.unwrap().status, 200);
        assert!(
            proxy.log().contains("the request's body is not here yet"),
            "{}",
            proxy.log()
        );
        let failed = proxy.metric("proxy_filter_vms_failed_total", &[]).await;
        assert_eq!(failed, 2.0);
    });
}

#[test]
fn bodies_stream_past_one_that_wants_none() {
    run(async {
        let upstream = Upstream::start().await;
        let limits = "[limits]\nrequest_bytes = 65_536\nresponse_bytes = 65_536\n";
        let config = |more| {
            let filters = filter("f", &MIDDLEWARE, more);
            format!("workers = 1\n{limits}{}{filters}", to(&upstream))
        };
        let body = |parts| {
            let part = Bytes::from(vec![b'a'; 65_536]);
            Frames::of((0..parts).map(|_| Step::Data(part.clone())))
        };
        let proxy = Proxy::start(&folder("middleware-streams"), &config(""), &[]).unwrap();
        let answer = proxy.client().await.post("/a", body(64)).await.unwrap();
        assert_eq!((answer.status, answer.echoed().len()), (200, 4 << 20));
        let proxy = Proxy::start(&folder("middleware-whole"), &config(WHOLE), &[]).unwrap();
        let answer = proxy.client().await.post("/a", body(2)).await.unwrap();
        assert_eq!(answer.status, 413);
    });
}

#[test]
fn one_is_told_that_there_was_no_response() {
    run(async {
        let upstream = Upstream::start().await;
        let nobody = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let config = to(&upstream).replace(&upstream.address.to_string(), &nobody.to_string());
        let config = format!("workers = 1\n{config}{}", filter("f", &MIDDLEWARE, ""));
        let proxy = Proxy::start(&folder("middleware-nobody"), &config, &[]).unwrap();
        assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 502);
        until("it is told", async || {
            proxy.log().contains("of /changed?yes, error true")
        })
        .await;
        let failed = proxy.metric("proxy_filter_vms_failed_total", &[]).await;
        assert_eq!(failed, 0.0, "{}", proxy.log());
    });
}

#[test]
fn what_is_of_another_kind_is_refused() {
    run(async {
        let upstream = Upstream::start().await;
        for (file, kind) in [
            (&MIDDLEWARE, "proxy-wasm"),
            (&MODULE, "http-wasm"),
            (&COMPONENT, "http-wasm"),
        ] {
            let filters = filter("f", file, &format!("kind = '{kind}'"));
            let config = format!("{}{filters}", to(&upstream));
            let started = Proxy::start(&folder("middleware-kind"), &config, &[]);
            let error = format!("{:#}", started.unwrap_err());
            assert!(error.contains("the filter `f`"), "{error}");
        }
    });
}

/// A module that does this with a request: imports are under their own names.
fn by_hand(name: &str, does: &str) -> PathBuf {
    let text = format!(
        r#"(module
        (import "http_handler" "set_uri" (func $uri (param i32 i32)))
        (import "http_handler" "log" (func $log (param i32 i32 i32)))
        (import "http_handler" "add_header_value" (func $add (param i32 i32 i32 i32 i32)))
        (import "http_handler" "write_body" (func $write (param i32 i32 i32)))
        (memory (export "memory") 4)
        (data (i32.const 0) ":path/x")
        (func (export "handle_request") (result i64) {does} (i64.const 1))
        (func (export "handle_response") (param i32 i32)))"#
    );
    let place = folder("middleware-files");
    std::fs::create_dir_all(&place).unwrap();
    let path = place.join(format!("{name}.wasm"));
    std::fs::write(&path, wat::parse_str(text).unwrap()).unwrap();
    path
}

#[test]
fn one_that_means_no_good_ends_and_others_go_on() {
    let without_end = |call: &str| format!("(loop $l {call} (br $l))");
    let (long, parts) = (
        "(i32.const 0) (i32.const 90000)",
        "(i32.const 1) (i32.const 65536)",
    );
    run(async {
        let upstream = Upstream::start().await;
        for (name, does, status) in [
            ("loops", without_end(""), 503),
            ("traps", "unreachable".to_owned(), 503),
            (
                "path",
                "(call $add (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 5) (i32.const 2))"
                    .to_owned(),
                503,
            ),
            (
                "nowhere",
                "(call $uri (i32.const -1) (i32.const -1))".to_owned(),
                503,
            ),
            (
                "kind",
                format!("(call $add (i32.const 9) {long} {long})"),
                503,
            ),
            (
                "response",
                without_end(&format!("(call $write {parts} (i32.const 65536))")),
                503,
            ),
            (
                "fields",
                without_end(&format!(
                    "(call $add (i32.const 1) (i32.const 1) (i32.const 4) {long})"
                )),
                503,
            ),
            (
                "logs",
                without_end(&format!("(call $log (i32.const 0) {long})")),
                503,
            ),
            ("uri", format!("(call $uri {long})"), 502),
            (
                "no-uri",
                "(call $uri (i32.const 4) (i32.const 1))".to_owned(),
                502,
            ),
        ] {
            let filters = filter("f", &by_hand(name, &does), "deadline_ms = 300")
                + &filter("sound", &MODULE, "");
            let proxy = proxy(&format!("middleware-evil-{name}"), &upstream, &filters);
            let before = proxy.resident_kib();
            let mut client = proxy.client().await;
            for _ in 0..2 {
                let answer = client.get("/a").await.unwrap();
                assert_eq!(answer.status, status, "{name} {answer:?} {}", proxy.log());
            }
            let grown = proxy.resident_kib().saturating_sub(before);
            assert!(grown < 64 << 10, "{name} has the proxy grow by {grown} KiB");
            assert!(proxy.log().len() < 8 << 20, "{name} floods the log");
        }
    });
}
