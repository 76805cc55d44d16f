//! Clients and upstreams that do not do as they should.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::frames::{Frames, Step};
use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, proxy, run, to, until};

/// What the proxy answers to these bytes, until it closes.
async fn raw(proxy: &Proxy, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(proxy.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn clients_that_break_off_leave_nothing_behind() {
    run(async {
        let upstream = Upstream::start().await;
        let filters = filter("first", &COMPONENT, "") + &filter("second", &MODULE, "");
        let proxy = proxy("gone", &upstream, &filters);
        assert!(
            raw(&proxy, b"no HTTP at all\r\n\r\n")
                .await
                .starts_with("HTTP/1.1 400 ")
        );
        for bytes in [
            &b"GET /a HTT"[..],
            b"POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc",
            b"POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
            b"POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n",
            b"GET /wait/500 HTTP/1.1\r\nhost: a\r\n\r\n",
        ] {
            let mut stream = TcpStream::connect(proxy.address).await.unwrap();
            stream.write_all(bytes).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(stream);
        }
        until("nothing is left", async || {
            proxy.metric("proxy_streams", &[]).await == 0.0
                && proxy.metric("proxy_connections", &[]).await == 0.0
        })
        .await;
        assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 200);
        assert_eq!(
            proxy.metric("proxy_filter_vms_failed_total", &[]).await,
            0.0
        );
    });
}

#[test]
fn a_client_that_breaks_off_its_body_breaks_off_the_upstreams() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("half", &upstream, "");
        let body = [
            Step::Data("half".into()),
            Step::Wait(Duration::from_millis(100)),
            Step::Break,
        ];
        assert!(
            proxy
                .client()
                .await
                .post("/a", Frames::of(body))
                .await
                .is_err()
        );
        until("it is over", async || {
            proxy.metric("proxy_streams", &[]).await == 0.0
        })
        .await;
        assert_eq!(upstream.requests(), 1);
    });
}

#[test]
fn who_says_nothing_is_not_waited_for() {
    run(async {
        let upstream = Upstream::start().await;
        let config = format!("workers = 1\n[limits]\nhead_ms = 300\n{}", to(&upstream));
        let proxy = Proxy::start(&folder("silent"), &config, &[]).unwrap();
        for bytes in [&b""[..], b"GET /a HTTP/1.1\r\nhost:"] {
            let start = Instant::now();
            raw(&proxy, bytes).await;
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    });
}

#[test]
fn what_upstreams_do_wrong_is_said() {
    run(async {
        let upstream = Upstream::start().await;
        let nobody = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let config = format!(
            "workers = 1\n[upstreams.up]\naddress = '{}'\nanswer_ms = 500\n\
             [upstreams.nobody]\naddress = '{nobody}'\n\
             [[routes]]\nprefix = '/nobody'\nupstream = 'nobody'\n\
             [[routes]]\nhost = 'example.org'\nupstream = 'up'\n{}",
            upstream.address,
            filter("f", &MODULE, "")
        );
        let proxy = Proxy::start(&folder("wrong"), &config, &[]).unwrap();
        let mut client = proxy.client().await;
        let answer = client.get("/nobody").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (502, "upstream-unreachable")
        );
        let answer = client.get("/wait/5000").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (504, "upstream-late")
        );
        assert!(
            raw(
                &proxy,
                b"GET /a HTTP/1.1\r\nhost: elsewhere\r\nconnection: close\r\n\r\n"
            )
            .await
            .starts_with("HTTP/1.1 404 ")
        );
        // It breaks off when the head has gone out: so does the proxy.
        assert!(client.get("/break").await.is_err());
        assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 200);
    });
}

#[test]
fn an_upstream_that_closes_its_connections_costs_no_request() {
    run(async {
        // One answer for each connection, and it is closed a little later, without a word.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Upstream {
            address: listener.local_addr().unwrap(),
            requests: Default::default(),
        };
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let _ = stream
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                        .await;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                });
            }
        });
        let proxy = proxy("closes", &upstream, "");
        let mut client = proxy.client().await;
        for _ in 0..50 {
            let answer = client.get("/a").await.unwrap();
            assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    });
}
