//! Configurations and filters that are replaced while the proxy runs.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, run, to, until};

fn config(upstream: &Upstream, filters: &str) -> String {
    format!(
        "workers = 2\n[limits]\ndrain_ms = 3_000\n{}{filters}",
        to(upstream)
    )
}

async fn reloads(proxy: &Proxy, count: usize) {
    let expected = format!("\"reloads\":{count}}}");
    until("it is loaded anew", async || {
        proxy.told("/healthz").await.contains(&expected)
    })
    .await;
    // Workers hear of it a moment later.
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[test]
fn new_streams_get_what_is_new_and_old_ones_keep_what_they_have() {
    run(async {
        let upstream = Upstream::start().await;
        let old = config(&upstream, &filter("old", &MODULE, ""));
        let proxy = Proxy::start(&folder("reload"), &old, &[]).unwrap();
        let mut client = proxy.client().await;
        assert_eq!(
            client.get("/a").await.unwrap().told("x-filter"),
            Some("old")
        );
        let mut begun = proxy.client().await;
        let begun = tokio::spawn(async move { begun.get("/wait/1500").await.unwrap() });
        until("it is on its way", async || {
            proxy.metric("proxy_streams", &[]).await == 1.0
        })
        .await;
        proxy.configure(&config(&upstream, &filter("new", &COMPONENT, "")));
        reloads(&proxy, 1).await;
        // The connection is the same.
        let answer = client.get("/a").await.unwrap();
        assert_eq!((answer.status, answer.told("x-filter")), (200, Some("new")));
        let answer = begun.await.unwrap();
        assert_eq!((answer.status, answer.told("x-filter")), (200, Some("old")));
        assert!(
            answer.body.ends_with('!'),
            "the old one has seen its response, too"
        );
        until("the old ones are gone", async || {
            proxy.metric("proxy_generations", &[]).await == 2.0
        })
        .await;
        // The plugin was asked to end.
        until("it has ended", async || proxy.log().contains("to end")).await;
    });
}

#[test]
fn what_cannot_be_loaded_changes_nothing() {
    run(async {
        let upstream = Upstream::start().await;
        let sound = config(&upstream, &filter("sound", &MODULE, ""));
        let proxy = Proxy::start(&folder("reload-fails"), &sound, &[]).unwrap();
        let mut client = proxy.client().await;
        let refused = filter("refused", &MODULE, "");
        let nowhere = filter("nowhere", "no.wasm".as_ref(), "");
        for (count, wrong) in ["no = toml", &refused, &nowhere].into_iter().enumerate() {
            proxy.configure(&config(&upstream, wrong));
            until("it has failed", async || {
                let failed = proxy.metric("proxy_reloads_total", &["failed"]).await;
                failed == (count + 1) as f64
            })
            .await;
            assert_eq!(
                client.get("/a").await.unwrap().told("x-filter"),
                Some("sound")
            );
        }
        let log = proxy.log();
        assert!(
            log.contains("all stays as it was: the filter `refused`"),
            "{log}"
        );
        // SIGHUP, too.
        proxy.configure(&sound);
        reloads(&proxy, 1).await;
        proxy.signal("HUP");
        reloads(&proxy, 2).await;
        assert_eq!(
            client.get("/a").await.unwrap().told("x-filter"),
            Some("sound")
        );
    });
}

#[test]
fn a_filter_whose_file_is_replaced_is_loaded_anew() {
    run(async {
        let upstream = Upstream::start().await;
        let place = folder("reload-file-filter");
        fs::create_dir_all(&place).unwrap();
        let file = place.join("filter.wasm");
        fs::copy(crate::guests::by_hand("nothing", &[]), &file).unwrap();
        let proxy = Proxy::start(
            &folder("reload-file"),
            &config(&upstream, &filter("f", &file, "")),
            &[],
        )
        .unwrap();
        let mut client = proxy.client().await;
        assert_eq!(client.get("/a").await.unwrap().told("x-filter"), None);
        // Another kind, at that.
        fs::copy(&*COMPONENT, place.join("next")).unwrap();
        fs::rename(place.join("next"), &file).unwrap();
        reloads(&proxy, 1).await;
        assert_eq!(client.get("/a").await.unwrap().told("x-filter"), Some("f"));
    });
}

#[test]
fn old_streams_have_so_much_time_and_no_more() {
    run(async {
        let upstream = Upstream::start().await;
        let text = |name| config(&upstream, &filter(name, &MODULE, "")).replace("3_000", "200");
        let proxy = Proxy::start(&folder("reload-bound"), &text("old"), &[]).unwrap();
        let mut begun = proxy.client().await;
        let begun = tokio::spawn(async move { begun.get("/wait/1900").await.unwrap() });
        until("it is on its way", async || {
            proxy.metric("proxy_streams", &[]).await == 1.0
        })
        .await;
        proxy.configure(&text("new"));
        let answer = begun.await.unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (503, "filter-failed")
        );
        until("the old ones are gone", async || {
            proxy.metric("proxy_generations", &[]).await == 2.0
        })
        .await;
    });
}

#[test]
fn reloads_under_load_lose_nothing() {
    run(async {
        let upstream = Upstream::start().await;
        // Nothing is given up on a machine that has much else to do.
        let text = |name: &str, file| {
            config(&upstream, &filter(name, file, "")).replace("3_000", "60_000")
        };
        let proxy = Proxy::start(&folder("reload-load"), &text("n0", &MODULE), &[]).unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let mut clients = Vec::new();
        for _ in 0..6 {
            let mut client = proxy.client().await;
            let is_over = Arc::clone(&is_over);
            clients.push(tokio::spawn(async move {
                let mut answers = 0_u32;
                while !is_over.load(Ordering::Relaxed) {
                    let body = crate::frames::Frames::text("body");
                    let answer = client.post("/a", body).await.unwrap();
                    assert_eq!(answer.status, 200, "{answer:?}");
                    assert!(
                        answer
                            .told("x-filter")
                            .is_some_and(|name| name.starts_with('n'))
                    );
                    assert!(answer.body.ends_with("BODY!"), "{answer:?}");
                    answers += 1;
                }
                answers
            }));
        }
        for number in 1..=6 {
            let file = if number % 2 == 0 { &MODULE } else { &COMPONENT };
            proxy.configure(&text(&format!("n{number}"), file));
            reloads(&proxy, number).await;
        }
        is_over.store(true, Ordering::Relaxed);
        for client in clients {
            assert!(client.await.unwrap() > 10);
        }
        let answer = proxy.client().await.get("/a").await.unwrap();
        assert_eq!(answer.told("x-filter"), Some("n6"));
    });
}
