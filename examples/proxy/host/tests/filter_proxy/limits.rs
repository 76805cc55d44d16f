//! What filters may hold back, how much and for how long.

use std::time::Duration;

use bytes::Bytes;

use crate::frames::{Frames, Step};
use crate::guests::by_hand;
use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, proxy, run, to};

/// A proxy whose filters may hold back little, and not for long.
fn strict(name: &str, upstream: &Upstream, filters: &str) -> Proxy {
    let limits = "[limits]\nrequest_bytes = 65_536\nresponse_bytes = 65_536\nidle_ms = 500\n";
    let config = format!("workers = 1\n{limits}{}{filters}", to(upstream));
    Proxy::start(&folder(name), &config, &[]).unwrap()
}

fn of_size(size: usize) -> Frames {
    let part = Bytes::from(vec![b'a'; 8192]);
    Frames::of((0..size / 8192).map(|_| Step::Data(part.clone())))
}

#[test]
fn a_request_of_which_too_much_is_held_back_is_too_large() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let proxy = strict(&format!("413-{name}"), &upstream, &filter("f", file, ""));
            let answer = proxy
                .client()
                .await
                .post("/a", of_size(65_536))
                .await
                .unwrap();
            assert_eq!(answer.status, 200);
            assert_eq!(answer.echoed().trim_end_matches('!').len(), 65_536);
            let answer = proxy
                .client()
                .await
                .post("/a", of_size(1 << 20))
                .await
                .unwrap();
            assert_eq!(
                (answer.status, answer.header("x-proxy-cause")),
                (413, "request-too-large")
            );
        }
        // What passes is not bounded.
        let proxy = strict("413-none", &upstream, "");
        let answer = proxy
            .client()
            .await
            .post("/a", of_size(1 << 20))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.echoed().len()), (200, 1 << 20));
    });
}

#[test]
fn a_response_of_which_too_much_is_held_back_is_a_bad_one() {
    run(async {
        let upstream = Upstream::start().await;
        let holds = [("response_body", 3, "local.get 2 i32.eqz")];
        let file = by_hand("holds-responses", &holds);
        let proxy = strict("502", &upstream, &filter("f", &file, ""));
        let mut client = proxy.client().await;
        let answer = client.get("/bytes/32768").await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 32_768));
        let answer = client.get("/bytes/1048576").await.unwrap();
        let cause = answer.header("x-proxy-cause");
        assert_eq!((answer.status, cause), (502, "response-too-large"));
    });
}

#[test]
fn what_is_held_back_for_too_long_is_given_up() {
    run(async {
        let upstream = Upstream::start().await;
        let file = by_hand("pauses", &[("request_headers", 3, "i32.const 1")]);
        let proxy = strict("504", &upstream, &filter("f", &file, ""));
        let mut client = proxy.client().await;
        let answer = client.get("/a").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (504, "filter-stuck")
        );
        assert_eq!(answer.body, "filter-stuck: the filter `f` takes too long\n");
        assert_eq!(upstream.requests(), 0);
    });
}

#[test]
fn a_filter_may_see_the_body_before_the_headers_go_on() {
    let callbacks = [
        ("request_headers", 3, "local.get 2 i32.eqz"),
        ("request_body", 3, "local.get 2 i32.eqz"),
    ];
    run(async {
        let upstream = Upstream::start().await;
        let file = by_hand("waits-for-body", &callbacks);
        let proxy = strict(
            "body-first",
            &upstream,
            &filter("f", &file, "body_before_headers = true"),
        );
        let body = || Frames::parts(&["a", "b", "c"]);
        let answer = proxy.client().await.post("/a", body()).await.unwrap();
        assert_eq!((answer.status, answer.echoed()), (200, "abc"));
        // Otherwise the one waits for the other.
        let proxy = strict("body-last", &upstream, &filter("f", &file, ""));
        let answer = proxy.client().await.post("/a", body()).await.unwrap();
        assert_eq!(answer.header("x-proxy-cause"), "filter-stuck");
    });
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = strict("408", &upstream, "");
        let body = [Step::Data("a".into()), Step::Wait(Duration::from_secs(20))];
        let answer = proxy
            .client()
            .await
            .post("/a", Frames::of(body))
            .await
            .unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (408, "client-slow")
        );
    });
}

#[test]
fn bodies_stream() {
    run(async {
        let upstream = Upstream::start().await;
        let file = by_hand(
            "lets-go",
            &[
                ("request_body", 3, "i32.const 0"),
                ("response_body", 3, "i32.const 0"),
            ],
        );
        let proxy = proxy("streams", &upstream, &filter("f", &file, ""));
        let mut client = proxy.client().await;
        // Far more than may be held back, in both directions.
        let answer = client.post("/a", of_size(8 << 20)).await.unwrap();
        assert_eq!((answer.status, answer.echoed().len()), (200, 8 << 20));
        let answer = client.get("/bytes/16777216").await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 16 << 20));
    });
}
