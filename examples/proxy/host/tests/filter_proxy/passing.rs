//! What passes through filters of both kinds, as the upstream and the client see it.

use crate::frames::Frames;
use crate::guests::by_hand;
use crate::{COMPONENT, MODULE, Upstream, filter, proxy, run};

/// Both kinds, one behind the other.
fn both() -> String {
    filter("first", &COMPONENT, "") + &filter("second", &MODULE, "")
}

#[test]
fn without_filters_all_is_as_it_was() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("none", &upstream, "");
        let mut client = proxy.client().await;
        let fields = [
            ("x-mine", "1"),
            ("connection", "keep-alive, x-hop"),
            ("x-hop", "1"),
        ];
        let answer = client
            .ask("PUT", "/a?b=c", &fields, Frames::text("body"))
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body.lines().next(), Some("PUT /a HTTP/1.1"));
        assert_eq!(answer.told("asked"), Some("example.org"));
        assert_eq!(
            (answer.told("x-mine"), answer.told("x-hop")),
            (Some("1"), None)
        );
        assert_eq!(answer.echoed(), "body");
        assert_eq!(answer.header("server"), "apache");
        // The same connection again, without a body.
        let answer = client.get("/b").await.unwrap();
        assert_eq!((answer.status, answer.echoed()), (200, ""));
        assert_eq!(answer.told("content-length"), None);
        let answer = client.get("/bytes/1048576").await.unwrap();
        assert_eq!(answer.body.len(), 1 << 20);
    });
}

#[test]
fn requests_pass_filters_in_their_order_and_responses_backwards() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("both", &upstream, &both());
        let mut client = proxy.client().await;
        let answer = client
            .post("/a", Frames::parts(&["small ", "body"]))
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{answer:?} {}", proxy.log());
        let filters: Vec<&str> = answer
            .body
            .lines()
            .filter(|line| line.starts_with("x-filter"))
            .collect();
        assert_eq!(filters, ["x-filter: first", "x-filter: second"]);
        // Held back until it was whole, and changed then.
        assert!(answer.echoed().starts_with("SMALL BODY"), "{answer:?}");
        assert_eq!(answer.told("transfer-encoding"), Some("chunked"));
        // Both have appended to the response.
        assert!(answer.body.ends_with("!!"), "{answer:?}");
        assert_eq!(answer.header("server"), "filtered");
        assert_eq!(answer.header("x-powered-by"), "");
        // In the log of the proxy, after the last call.
        crate::until("they are logged", async || {
            proxy.log().matches("done: /a").count() == 2
        })
        .await;
        let log = proxy.log();
        assert!(
            log.contains("method=\"POST\" path=\"/a\" status=200 by=\"upstream\" upstream=\"up\""),
            "{log}"
        );
    });
}

#[test]
fn a_length_is_gone_when_a_body_was_changed() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("length", &upstream, &both());
        let mut client = proxy.client().await;
        let fields = [("content-length", "4")];
        let answer = client
            .ask("POST", "/a", &fields, Frames::text("body"))
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.told("content-length"), None);
        assert_eq!(answer.header("content-length"), "");
        assert!(answer.echoed().starts_with("BODY"), "{answer:?}");
        // A head without a body says how long it would be.
        let answer = client
            .ask("HEAD", "/a", &[], Frames::default())
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    });
}

#[test]
fn a_length_stays_where_no_filter_looks_at_bodies() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("length-stays", &upstream, "");
        let mut client = proxy.client().await;
        let fields = [("content-length", "4")];
        let answer = client
            .ask("POST", "/a", &fields, Frames::text("body"))
            .await
            .unwrap();
        assert_eq!(answer.told("content-length"), Some("4"));
    });
}

#[test]
fn a_filter_answers_in_the_upstreams_place() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let proxy = proxy(&format!("deny-{name}"), &upstream, &filter("f", file, ""));
            let mut client = proxy.client().await;
            let before = upstream.requests();
            let answer = client.get("/deny").await.unwrap();
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (403, "denied!"),
                "{name}"
            );
            assert_eq!(answer.header("x-why"), "no");
            // It passed the filter as any response does.
            assert_eq!(answer.header("server"), "filtered");
            assert_eq!(upstream.requests(), before);
            assert_eq!(
                proxy
                    .metric("proxy_requests_total", &["by=\"filter\"", "403"])
                    .await,
                1.0
            );
            // The connection is as good as before, a body of the request or not.
            let answer = client.post("/deny", Frames::text("body")).await.unwrap();
            assert_eq!(answer.status, 403);
        }
    });
}

#[test]
fn trailers_pass_both_ways() {
    run(async {
        let upstream = Upstream::start().await;
        let config = crate::to(&upstream).replace("answer_ms", "http2 = true\nanswer_ms");
        let config = format!("workers = 1\n{config}{}", both());
        let proxy = crate::Proxy::start(&crate::folder("trailers"), &config, &[]).unwrap();
        let mut client = crate::Client::open_http2(proxy.address).await.unwrap();
        let body = Frames::text("body").with_trailer("x-mine", "1");
        let answer = client.post("/a", body).await.unwrap();
        assert_eq!(
            answer.body.lines().next(),
            Some("POST /a HTTP/2.0"),
            "{answer:?}"
        );
        // One came, and each filter has added one.
        assert_eq!(answer.told("trailer x-mine"), Some("1"));
        assert!(
            answer.body.contains("trailer x-trailers: 1\n"),
            "{answer:?}"
        );
        assert!(
            answer.body.contains("trailer x-trailers: 2\n"),
            "{answer:?}"
        );
        let answer = client.get("/trailers").await.unwrap();
        assert_eq!(answer.trailers["x-checksum"], "7", "{answer:?}");
        assert_eq!(answer.trailers["x-trailers"], "2");
    });
}

#[test]
fn what_filters_made_no_message_of_is_refused() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("no-message", &upstream, &filter("f", &COMPONENT, ""));
        let mut client = proxy.client().await;
        let answer = client.get("/fields").await.unwrap();
        assert_eq!(answer.status, 502);
        assert_eq!(answer.header("x-proxy-cause"), "no-message");
    });
}

#[test]
fn a_length_stays_where_filters_let_the_body_be() {
    run(async {
        let upstream = Upstream::start().await;
        let callbacks = [
            ("request_body", 3, "i32.const 0"),
            ("response_body", 3, "i32.const 0"),
        ];
        let file = by_hand("lets-be", &callbacks);
        let proxy = proxy("lets-be", &upstream, &filter("f", &file, ""));
        let mut client = proxy.client().await;
        let fields = [("content-length", "4")];
        let answer = client.ask("POST", "/a", &fields, Frames::text("body"));
        let answer = answer.await.unwrap();
        assert_eq!(answer.told("content-length"), Some("4"), "{answer:?}");
        assert_eq!(answer.echoed(), "body");
        let answer = client.get("/bytes/1024").await.unwrap();
        assert_eq!(answer.header("content-length"), "1024");
        let answer = client.get("/bytes/1048576").await.unwrap();
        assert_eq!(answer.header("content-length"), "");
        assert_eq!(answer.body.len(), 1 << 20);
        // Not where the head goes out before it is known.
        let body = Frames::parts(&["bo", "dy"]);
        let answer = client.ask("POST", "/a", &fields, body).await.unwrap();
        assert_eq!(answer.told("content-length"), None, "{answer:?}");
        assert_eq!(answer.echoed(), "body");
    });
}
