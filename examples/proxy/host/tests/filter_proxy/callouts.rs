//! Requests of filters' own.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, proxy, run, to, until};

#[test]
fn a_request_waits_for_the_answer_that_its_filter_asked_for() {
    run(async {
        let upstream = Upstream::start().await;
        let filters = filter("first", &COMPONENT, "") + &filter("second", &MODULE, "");
        let proxy = proxy("callout", &upstream, &filters);
        let mut client = proxy.client().await;
        let answer = client.get("/callout").await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?} {}", proxy.log());
        let tokens = answer.body.matches("x-token: token-7\n").count();
        assert_eq!(tokens, 2, "{answer:?}");
        assert!(
            answer.told("x-body").unwrap().ends_with(" of auth"),
            "{answer:?}"
        );
        let answered = ["upstream=\"auth\"", "outcome=\"answered\""];
        assert_eq!(proxy.metric("proxy_callouts_total", &answered).await, 2.0);
        // Many at a time, over one VM.
        let mut all = Vec::new();
        for _ in 0..20 {
            let mut client = proxy.client().await;
            all.push(tokio::spawn(async move {
                client.get("/callout").await.unwrap()
            }));
        }
        for answer in all {
            assert_eq!(answer.await.unwrap().told("x-token"), Some("token-7"));
        }
    });
}

#[test]
fn an_answer_that_does_not_come_is_the_proxys_own() {
    run(async {
        let upstream = Upstream::start().await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let silent = silent.local_addr().unwrap();
        let unreachable = "3 upstream connect error or disconnect/reset before headers. \
            reset reason: remote connection failure";
        let late = "3 upstream request timeout";
        for (name, address, limit, text) in [
            ("late", silent, Duration::from_millis(900), late),
            ("failed", nobody, Duration::ZERO, unreachable),
        ] {
            let auth = format!("[upstreams.auth]\naddress = '{}'", upstream.address);
            let config =
                to(&upstream).replace(&auth, &format!("[upstreams.auth]\naddress = '{address}'"));
            let config = format!("workers = 1\n{config}{}", filter("f", &MODULE, ""));
            let proxy = Proxy::start(&folder(&format!("callout-{name}")), &config, &[]).unwrap();
            let start = Instant::now();
            let answer = proxy.client().await.get("/callout").await.unwrap();
            assert!(start.elapsed() >= limit, "the filter waits a second");
            assert_eq!(
                (answer.status, answer.told("x-token"), answer.told("x-body")),
                (200, Some(""), Some(text))
            );
            let outcome = format!("outcome=\"{name}\"");
            assert_eq!(proxy.metric("proxy_callouts_total", &[&outcome]).await, 1.0);
        }
    });
}

#[test]
fn a_request_of_a_filter_goes_on_when_its_client_goes() {
    run(async {
        let upstream = Upstream::start().await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let auth = format!("[upstreams.auth]\naddress = '{}'", upstream.address);
        let address = silent.local_addr().unwrap();
        let config =
            to(&upstream).replace(&auth, &format!("[upstreams.auth]\naddress = '{address}'"));
        let config = format!("workers = 1\n{config}{}", filter("f", &MODULE, ""));
        let proxy = Proxy::start(&folder("callout-gone"), &config, &[]).unwrap();
        let mut client = proxy.client().await;
        let asked = tokio::time::timeout(Duration::from_millis(300), client.get("/callout"));
        assert!(asked.await.is_err());
        drop(client);
        crate::until("the stream is gone", async || {
            proxy.metric("proxy_streams", &[]).await == 0.0
        })
        .await;
        // Its VM is told in the end, and is still of use.
        crate::until("the answer is given up", async || {
            proxy
                .metric("proxy_callouts_total", &["outcome=\"late\""])
                .await
                == 1.0
        })
        .await;
        let failed = proxy.metric("proxy_filter_vms_failed_total", &[]).await;
        assert_eq!(failed, 0.0, "{}", proxy.log());
        assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 200);
    });
}

#[test]
fn calls_of_grpc_come_back_to_the_plugin() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let auth = format!("[upstreams.auth]\naddress = '{}'", upstream.address);
            let config = to(&upstream).replace(&auth, &format!("{auth}\nhttp2 = true"));
            let config = format!("workers = 1\n{config}{}", filter("f", file, ""));
            let folder = folder(&format!("grpc-{name}"));
            let proxy = Proxy::start(&folder, &config, &[]).unwrap();
            let mut client = proxy.client().await;
            let answer = client.get("/grpc").await.unwrap();
            assert_eq!((answer.status, answer.told("x-call")), (200, Some("5")));
            let is_answered = |number: u32| {
                let line = format!("grpc {number}: 0 hellohello");
                let proxy = &proxy;
                async move || proxy.log().contains(&line)
            };
            // The module's answer comes to its filter, which has nothing to say of it.
            if name == "component" {
                until("it is answered", is_answered(5)).await;
            }
            assert_eq!(client.get("/grpc").await.unwrap().told("x-call"), Some("9"));
            if name == "component" {
                until("it is answered", is_answered(9)).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            let failed = proxy.metric("proxy_filter_vms_failed_total", &[]).await;
            assert_eq!(failed, 0.0, "{}", proxy.log());
        }
        // By HTTP/1.1 there is no status at the end.
        let proxy = proxy("grpc-none", &upstream, &filter("f", &COMPONENT, ""));
        assert_eq!(proxy.client().await.get("/grpc").await.unwrap().status, 200);
        until("it is closed", async || proxy.log().contains("grpc 5: 13 ")).await;
    });
}
