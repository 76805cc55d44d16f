//! Filters that fail, and what becomes of their streams and of others.

use std::time::{Duration, Instant};

use crate::frames::{Frames, Step};
use crate::guests::{WITH_WASI, by_hand};
use crate::{COMPONENT, MODULE, Upstream, filter, proxy, run, until};

#[test]
fn a_filter_that_fails_closes_its_stream_and_is_there_for_the_next() {
    run(async {
        let upstream = Upstream::start().await;
        let all = [
            ("component", &COMPONENT),
            ("with-wasi", &WITH_WASI),
            ("module", &MODULE),
        ];
        for (name, file) in all {
            let proxy = proxy(
                &format!("closed-{name}"),
                &upstream,
                &filter("f", file, "deadline_ms = 200"),
            );
            let mut client = proxy.client().await;
            for path in ["/panic", "/spin"] {
                assert_eq!(client.get("/a").await.unwrap().status, 200);
                let before = upstream.requests();
                let start = Instant::now();
                let answer = client.get(path).await.unwrap();
                assert!(start.elapsed() < Duration::from_secs(2));
                assert_eq!(answer.status, 503, "{name} {path}");
                assert_eq!(answer.header("x-proxy-cause"), "filter-failed");
                assert_eq!(answer.body, "filter-failed: the filter `f` does not work\n");
                assert_eq!(upstream.requests(), before);
                let answer = client.get("/a").await.unwrap();
                assert_eq!(answer.told("x-filter"), Some("f"), "{}", proxy.log());
            }
            let words = ["filter=\"f\""];
            assert_eq!(
                proxy.metric("proxy_filter_vms_failed_total", &words).await,
                2.0
            );
            assert_eq!(
                proxy.metric("proxy_filter_vms_started_total", &words).await,
                3.0
            );
            let refused = ["status=\"503\"", "by=\"filter-failed\""];
            assert_eq!(proxy.metric("proxy_requests_total", &refused).await, 2.0);
        }
    });
}

#[test]
fn streams_pass_without_a_filter_where_that_was_chosen() {
    run(async {
        let upstream = Upstream::start().await;
        let filters =
            filter("first", &MODULE, "on_failure = 'open'") + &filter("second", &COMPONENT, "");
        let proxy = proxy(
            "open",
            &upstream,
            &filters.replace("configuration = \"second\"", ""),
        );
        let mut client = proxy.client().await;
        assert_eq!(
            client.get("/a").await.unwrap().told("x-filter"),
            Some("first")
        );
        // The path is changed by nobody, so that the second one fails, too, and closes.
        let answer = client.get("/panic").await.unwrap();
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (503, "filter-failed: the filter `second` does not work\n")
        );
    });
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy(
            "open-one",
            &upstream,
            &filter("f", &MODULE, "on_failure = 'open'"),
        );
        let mut client = proxy.client().await;
        assert_eq!(client.get("/a").await.unwrap().told("x-filter"), Some("f"));
        let answer = client
            .post("/panic", Frames::parts(&["a", "b"]))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.echoed()), (200, "ab"));
        // It had added this before it failed.
        assert_eq!(answer.told("x-filter"), Some("f"));
        assert_eq!(answer.header("server"), "apache");
    });
}

#[test]
fn streams_of_a_vm_that_fails_are_told_and_others_go_on() {
    run(async {
        let upstream = Upstream::start().await;
        let config = filter("closed", &MODULE, "");
        let proxy = proxy("told", &upstream, &config);
        let mut waiting = proxy.client().await;
        let mut holding = proxy.client().await;
        assert_eq!(waiting.get("/a").await.unwrap().status, 200);
        // One waits for the upstream, of the other the filter holds back what came of its body.
        let waits = tokio::spawn(async move { waiting.get("/wait/1500").await.unwrap() });
        let body = [
            Step::Data("a".into()),
            Step::Wait(Duration::from_millis(1500)),
        ];
        let holds = tokio::spawn(async move { holding.post("/a", Frames::of(body)).await });
        until("both are on their way", async || {
            proxy.metric("proxy_streams", &[]).await == 2.0
        })
        .await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let start = Instant::now();
        let mut client = proxy.client().await;
        assert_eq!(client.get("/panic").await.unwrap().status, 503);
        assert_eq!(waits.await.unwrap().status, 503);
        assert_eq!(holds.await.unwrap().unwrap().status, 503);
        assert!(
            start.elapsed() < Duration::from_millis(1000),
            "they are told at once"
        );
        assert_eq!(client.get("/a").await.unwrap().status, 200);
        until("nothing is left", async || {
            proxy.metric("proxy_streams", &[]).await == 0.0
        })
        .await;
    });
}

#[test]
fn one_that_fails_always_is_given_time() {
    run(async {
        let upstream = Upstream::start().await;
        let file = by_hand("traps", &[("request_headers", 3, "unreachable")]);
        let proxy = proxy("backoff", &upstream, &filter("f", &file, ""));
        let mut client = proxy.client().await;
        for _ in 0..50 {
            assert_eq!(client.get("/a").await.unwrap().status, 503);
        }
        let started = proxy.metric("proxy_filter_vms_started_total", &[]).await;
        assert!((1.0..10.0).contains(&started), "{started}");
    });
}

#[test]
fn a_vm_that_has_served_its_time_is_replaced_without_a_failure() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy(
            "recycled",
            &upstream,
            &filter("f", &MODULE, "vm_streams = 10"),
        );
        let mut client = proxy.client().await;
        for _ in 0..35 {
            assert_eq!(client.get("/a").await.unwrap().status, 200);
        }
        assert_eq!(
            proxy.metric("proxy_filter_vms_started_total", &[]).await,
            4.0
        );
        assert_eq!(
            proxy.metric("proxy_filter_vms_recycled_total", &[]).await,
            3.0
        );
        assert_eq!(
            proxy.metric("proxy_filter_vms_failed_total", &[]).await,
            0.0
        );
    });
}
