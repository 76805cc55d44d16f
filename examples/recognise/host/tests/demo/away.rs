//! What is between the services goes away under load and comes again, and services are killed in
//! the middle.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use abide_test_servers::{Nats, nats, redis};
use example_client::{Bytes, Connection, Method};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::{Demo, Over, demo, fetched, not_tested, run, send, told};

/// A call may take so long here, so that whoever waits for a server that is away is told soon.
const PATIENT: &str = "[guest]\ndeadline_ms = 60_000\ncall_ms = 20_000\nwait_ms = 60_000\n";

/// What clients were told: how often which status with which word.
type Tally = BTreeMap<(u16, String), u64>;

/// Clients that send a picture again and again, until they are stopped.
struct Clients {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Tally>>,
}

impl Clients {
    fn start(demo: &Demo, picture: &[u8]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let picture = Bytes::copy_from_slice(picture);
        let client = |_| {
            let (stop, picture, address) = (Arc::clone(&stop), picture.clone(), demo.address());
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await.unwrap();
                let mut tally = Tally::new();
                while !stop.load(Ordering::Relaxed) {
                    let path = "/api/recognise?name=x";
                    // The page's own service is never away: each picture is answered.
                    let answer = connection
                        .ask(Method::POST, path, picture.clone())
                        .await
                        .unwrap();
                    let (status, said) = told(&answer);
                    let word = said["error"].as_str().unwrap_or_default();
                    *tally.entry((status, word.to_owned())).or_default() += 1;
                }
                tally
            })
        };
        let clients = (0..3).map(client).collect();
        Self { stop, clients }
    }

    async fn stop(self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Tally::new();
        for client in self.clients {
            for (what, count) in client.await.unwrap() {
                *all.entry(what).or_default() += count;
            }
        }
        all
    }
}

/// Waits until a picture is answered so.
async fn until(demo: &Demo, picture: &[u8], what: &str, is_so: impl Fn(u16, &Value) -> bool) {
    let start = Instant::now();
    loop {
        let (status, said) = told(&send(demo, "x", picture).await);
        if is_so(status, &said) {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "not so after 120 s: {what}; it is {status}, {said}"
        );
    }
}

fn is_seen(status: u16, said: &Value) -> bool {
    status == 200 && said["note"].is_null()
}

fn smallest(photos: &[super::Photo]) -> &[u8] {
    &photos
        .iter()
        .min_by_key(|photo| photo.bytes.len())
        .unwrap()
        .bytes
}

#[test]
fn a_service_that_is_killed_under_load_is_said_to_be_away_until_it_is_back() {
    let Some(photos) = fetched() else { return };
    run(async {
        let mut demo = demo("killed", Over::Http, PATIENT);
        let picture = smallest(&photos);
        until(&demo, picture, "it works", is_seen).await;
        for service in ["classify", "grey"] {
            let clients = Clients::start(&demo, picture);
            tokio::time::sleep(Duration::from_millis(500)).await;
            demo.kill(service).unwrap();
            let away = |status, said: &Value| status == 503 && said["error"] == "service-away";
            until(&demo, picture, "it is away", away).await;
            let (_, said) = told(&send(&demo, "x", picture).await);
            let message = said["message"].as_str().unwrap();
            assert!(
                message.contains(&format!("`{service}` cannot be reached")),
                "{message}"
            );
            demo.restart(service).unwrap();
            until(&demo, picture, "it is back", is_seen).await;
            let tally = clients.stop().await;
            for (status, word) in tally.keys() {
                let is_clear = [(200, ""), (503, "service-away")].contains(&(*status, word));
                assert!(is_clear, "{tally:?}");
            }
            assert!(tally.len() == 2, "both happened: {tally:?}");
        }
        let (_, figures) = told(
            &super::connect(&demo)
                .await
                .get("/api/figures")
                .await
                .unwrap(),
        );
        assert!(figures[0]["failed"].as_u64() > Some(0), "{figures}");
        demo.stop().unwrap();
    });
}

#[test]
fn a_request_that_a_killed_service_had_is_answered() {
    let Some(photos) = fetched() else { return };
    run(async {
        let mut demo = demo("middle", Over::Http, PATIENT);
        let picture = smallest(&photos).to_vec();
        until(&demo, &picture, "it works", is_seen).await;
        // Stopped, it takes a request and does not answer.
        demo.pause("classify").unwrap();
        let address = demo.address();
        let asked = tokio::spawn(async move {
            let mut connection = Connection::open(address).await.unwrap();
            connection
                .ask(Method::POST, "/api/recognise", picture)
                .await
        });
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(!asked.is_finished());
        let (_, figures) = told(
            &super::connect(&demo)
                .await
                .get("/api/figures")
                .await
                .unwrap(),
        );
        assert_eq!(figures[0]["in_flight"], 1, "{figures}");
        assert_eq!(figures[1]["away"], true, "{figures}");
        demo.kill("classify").unwrap();
        let answer = asked.await.unwrap().unwrap();
        assert_eq!(super::refused(&answer), (503, "service-away".to_owned()));
    });
}

#[test]
fn without_its_store_pictures_are_seen_and_not_kept() {
    let Some(photos) = fetched() else { return };
    let Some(mut server) = redis() else {
        return not_tested("the demo over Redis, which cannot be had here");
    };
    run(async {
        let demo = demo("redis", Over::Redis(server.address()), PATIENT);
        super::seen::all_are_seen(&demo, &photos).await;
        let picture = smallest(&photos);
        let clients = Clients::start(&demo, picture);
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.kill();
        let is_told = |status, said: &Value| {
            let note = said["note"].as_str().unwrap_or_default();
            status == 200 && note.starts_with("not kept in the history: ")
        };
        until(&demo, picture, "the store is away", is_told).await;
        let history = super::connect(&demo)
            .await
            .get("/api/history")
            .await
            .unwrap();
        assert_eq!(super::refused(&history), (503, "history-away".to_owned()));
        server.restart();
        until(&demo, picture, "the store is back", is_seen).await;
        let tally = clients.stop().await;
        assert_eq!(
            tally.keys().collect::<Vec<_>>(),
            [&(200, String::new())],
            "{tally:?}"
        );
        demo.stop().unwrap();
    });
}

#[test]
fn without_the_server_between_them_services_are_said_to_be_away() {
    let Some(photos) = fetched() else { return };
    let server = nats(Nats::Current).or_else(|| nats(Nats::Debian));
    let Some(mut server) = server else {
        return not_tested("the demo over NATS, which cannot be had here");
    };
    run(async {
        let demo = demo("nats", Over::Nats(server.address()), PATIENT);
        super::seen::all_are_seen(&demo, &photos).await;
        let picture = smallest(&photos);
        let clients = Clients::start(&demo, picture);
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.kill();
        let is_away = |status, said: &Value| {
            let word = said["error"].as_str().unwrap_or_default();
            (status, word) == (503, "service-away") || (status, word) == (504, "service-late")
        };
        until(&demo, picture, "it is away", is_away).await;
        server.restart();
        until(&demo, picture, "it is back", is_seen).await;
        let tally = clients.stop().await;
        for (status, word) in tally.keys() {
            let known = [(200, ""), (503, "service-away"), (504, "service-late")];
            assert!(known.contains(&(*status, word)), "{tally:?}");
        }
        demo.stop().unwrap();
    });
}

#[test]
fn a_picture_that_the_server_between_them_does_not_take_is_refused() {
    let Some(_) = fetched() else { return };
    let server = nats(Nats::Current).or_else(|| nats(Nats::Debian));
    let Some(server) = server else {
        return not_tested("the demo over NATS, which cannot be had here");
    };
    run(async {
        let demo = demo("nats-large", Over::Nats(server.address()), PATIENT);
        let (status, said) = told(&send(&demo, "x", &[0; 3 << 20]).await);
        assert_eq!(
            (status, said["error"].as_str()),
            (413, Some("too-large")),
            "{said}"
        );
        let message = said["message"].as_str().unwrap();
        assert!(message.contains("max_payload"), "{message}");
    });
}
