//! The end of the proxy.

use std::time::Duration;

use crate::{Client, MODULE, Proxy, Upstream, filter, folder, run, to, until};

#[test]
fn it_ends_when_what_was_begun_is_through() {
    run(async {
        let upstream = Upstream::start().await;
        let config = format!("workers = 2\n{}{}", to(&upstream), filter("f", &MODULE, ""));
        let mut proxy = Proxy::start(&folder("ends"), &config, &[]).unwrap();
        let mut idle = proxy.client().await;
        assert_eq!(idle.get("/a").await.unwrap().status, 200);
        let mut busy = proxy.client().await;
        let last = tokio::spawn(async move { busy.get("/wait/1500").await });
        until("it is on its way", async || {
            proxy.metric("proxy_streams", &[]).await == 1.0
        })
        .await;
        proxy.signal("TERM");
        tokio::time::sleep(Duration::from_millis(400)).await;
        // Nobody connects any more, and who is idle is let go.
        assert!(Client::open(proxy.address).await.is_err());
        assert!(idle.get("/a").await.is_err());
        let health = Client::open(proxy.admin)
            .await
            .unwrap()
            .get("/healthz")
            .await
            .unwrap();
        assert_eq!(
            (health.status, health.body.as_str()),
            (503, "{\"status\":\"ending\",\"reloads\":0}\n")
        );
        let answer = last.await.unwrap().unwrap();
        assert_eq!((answer.status, answer.told("x-filter")), (200, Some("f")));
        assert!(answer.body.ends_with('!'));
        assert!(proxy.wait(Duration::from_secs(10)).success());
        let log = proxy.log();
        assert!(log.contains("ended"), "{log}");
        assert!(!log.contains("given up"), "{log}");
    });
}

#[test]
fn it_gives_up_what_is_not_through_in_time() {
    run(async {
        let upstream = Upstream::start().await;
        let config = format!(
            "workers = 1\n[limits]\ndrain_ms = 300\n{}{}",
            to(&upstream),
            filter("f", &MODULE, "")
        );
        let mut proxy = Proxy::start(&folder("given-up"), &config, &[]).unwrap();
        let mut busy = proxy.client().await;
        let last = tokio::spawn(async move { busy.get("/wait/1900").await });
        until("it is on its way", async || {
            proxy.metric("proxy_streams", &[]).await == 1.0
        })
        .await;
        proxy.signal("INT");
        let answer = last.await.unwrap();
        assert!(answer.map_or(true, |answer| answer.status == 503));
        assert!(proxy.wait(Duration::from_secs(10)).success());
        assert!(proxy.log().contains("given up"));
    });
}
