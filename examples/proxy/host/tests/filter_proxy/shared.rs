//! What filters of all workers share: ticks, data, queues, figures and properties.

use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, proxy, run, to, until};

#[test]
fn ticks_come_and_data_are_shared() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let proxy = proxy(&format!("ticks-{name}"), &upstream, &filter("f", file, ""));
            // They came before there was a request.
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            let mut client = proxy.client().await;
            let answer = client.get("/shared").await.unwrap();
            let ticks = answer.told("x-ticks").unwrap_or_default();
            assert!(
                ticks.parse::<u32>().is_ok_and(|ticks| ticks >= 1),
                "{answer:?}"
            );
            until("it ticks", async || {
                let answer = client.get("/shared").await.unwrap();
                let ticks = answer.told("x-ticks").unwrap_or_default();
                ticks.parse::<u32>().is_ok_and(|ticks| ticks >= 3)
            })
            .await;
        }
    });
}

#[test]
fn who_opened_a_queue_is_told_of_what_comes_in() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let config = format!("workers = 2\n{}{}", to(&upstream), filter("f", file, ""));
            let proxy = Proxy::start(&folder(&format!("queue-{name}")), &config, &[]).unwrap();
            // Some of these connections are with the one worker, some with the other.
            for _ in 0..8 {
                assert_eq!(
                    proxy.client().await.get("/queue").await.unwrap().status,
                    200
                );
            }
            until("all is read", async || {
                let log = proxy.log();
                log.matches("queue: one").count() == 8 && log.matches("queue: two").count() == 8
            })
            .await;
        }
    });
}

#[test]
fn figures_of_all_workers_are_one() {
    run(async {
        let upstream = Upstream::start().await;
        let config = format!("workers = 2\n{}{}", to(&upstream), filter("f", &MODULE, ""));
        let proxy = Proxy::start(&folder("figures"), &config, &[]).unwrap();
        for _ in 0..20 {
            assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 200);
        }
        let answer = proxy.client().await.get("/metric").await.unwrap();
        assert_eq!(answer.told("x-requests"), Some("21"));
        assert_eq!(proxy.metric("filter_requests", &[]).await, 21.0);
        assert_eq!(
            proxy.metric("proxy_filter_vms_started_total", &[]).await,
            2.0
        );
    });
}

#[test]
fn properties_are_known_and_set() {
    run(async {
        let upstream = Upstream::start().await;
        for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
            let proxy = proxy(
                &format!("property-{name}"),
                &upstream,
                &filter("f", file, ""),
            );
            let answer = proxy.client().await.get("/property").await.unwrap();
            assert_eq!(answer.told("x-property"), Some("value f"));
        }
    });
}
