//! The same through guests.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::host_async::Pubsub as _;
use abide_dapr::invocation::{Request, Response, Verb};
use abide_dapr_host::{Error, Result, Service};

use crate::{Backend, Random, guest};

async fn start(backend: &Backend, id: &str) -> Service {
    let guest = guest(backend.dapr.host(id)).await;
    backend.dapr.run(id, Arc::new(guest)).await.unwrap()
}

async fn call(backend: &Backend, id: &str, method: &str, data: &str) -> Result<Response> {
    let (method, query) = method.split_once('?').unwrap_or((method, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let request = Request {
        verb: Verb::Post,
        method: method.to_owned(),
        query: query
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        content_type: "text/plain".to_owned(),
        data: data.as_bytes().to_vec(),
        metadata: Vec::new(),
    };
    backend.dapr.invoke(id, request).await
}

/// What a guest answers, which has to be fine.
async fn ask(backend: &Backend, id: &str, method: &str, data: &str) -> String {
    let response = call(backend, id, method, data).await.unwrap();
    let text = String::from_utf8(response.data).unwrap();
    assert_eq!(response.status, 200, "{method}: {text}");
    text
}

/// Waits for a number that a guest counts.
async fn count(backend: &Backend, id: &str, key: &str, expected: &str) {
    for _ in 0..1_000 {
        if ask(backend, id, "get", key).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{key} was never {expected}");
}

/// A guest's own loop of etags loses nothing, with several instances at once.
pub async fn a_guest_increments(backend: Backend) {
    let id = Random::new().name("guest");
    let service = start(&backend, &id).await;
    let backend = Arc::new(backend);
    let tasks = (0..8).map(|_| {
        let (backend, id) = (Arc::clone(&backend), id.clone());
        tokio::spawn(async move {
            for _ in 0..25 {
                ask(&backend, &id, "increment", "n").await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(ask(&backend, &id, "get", "n").await, "200");
    drop(service);
}

/// Events come to a guest, which publishes them as well.
pub async fn a_guest_handles_events(backend: Backend) {
    let mut random = Random::new();
    let id = random.name("guest");
    let service = start(&backend, &id).await;
    let name = random.name("event");
    ask(&backend, &id, "publish?topic=orders", &name).await;
    count(&backend, &id, &format!("handled/{name}"), "1").await;
    ask(&backend, &id, "publish?topic=twice", &name).await;
    count(&backend, &id, &format!("twice/{name}"), "2").await;
    ask(&backend, &id, "publish?topic=dropped", &name).await;
    count(&backend, &id, &format!("dead/{name}"), "1").await;
    count(&backend, &id, &format!("tried/{name}"), "1").await;
    let mut host = backend.dapr.host("publisher");
    let special = vec![("cloudevent.type".to_owned(), "special".to_owned())];
    let published = host.publish("pubsub", "ruled", name.as_bytes(), "text/plain", special);
    published.await.unwrap();
    count(&backend, &id, &format!("special/{name}"), "1").await;
    service.stop(Duration::from_secs(10)).await;
}

/// A guest that traps while it handles an event gets it again, and then it is a dead letter.
pub async fn a_guest_that_traps(backend: Backend) {
    let mut random = Random::new();
    let id = random.name("guest");
    let service = start(&backend, &id).await;
    let error = call(&backend, &id, "trap", "").await.unwrap_err();
    assert!(matches!(error, Error::Failed(_)), "{error}");
    let name = random.name("poison");
    ask(&backend, &id, "publish?topic=poison", &name).await;
    count(&backend, &id, &format!("dead/{name}"), "1").await;
    count(&backend, &id, &format!("tried/{name}"), "3").await;
    service.stop(Duration::from_secs(10)).await;
}

/// A guest calls another, and uses locks and configuration.
pub async fn a_guest_calls_and_locks(backend: Backend) {
    let mut random = Random::new();
    let (one, other) = (random.name("one"), random.name("other"));
    let services = (start(&backend, &one).await, start(&backend, &other).await);
    let said = ask(
        &backend,
        &one,
        &format!("call?app={other}&method=echo"),
        "hello",
    )
    .await;
    assert!(
        said.contains(&format!(r#"["dapr-caller-app-id","{one}"]"#)),
        "{said}"
    );
    assert!(said.contains(r#""data":"hello""#), "{said}");
    let missing = call(&backend, &one, "call?app=nobody-at-all&method=echo", "")
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&missing.data).into_owned();
    assert!(text.starts_with("NotFound"), "{text}");
    if backend.can.locks {
        assert_eq!(ask(&backend, &one, "lock", "r").await, "true");
        assert_eq!(ask(&backend, &one, "lock", "r").await, "false");
        assert_eq!(ask(&backend, &one, "unlock", "r").await, "true");
    }
    if let Some(configure) = &backend.can.configure {
        let key = random.name("key");
        configure(key.clone(), "1".to_owned()).await;
        assert_eq!(ask(&backend, &one, "configured", &key).await, r#"["1"]"#);
        ask(&backend, &one, "follow", &key).await;
        configure(key.clone(), "2".to_owned()).await;
        count(&backend, &one, &format!("changed/{key}"), r#""2""#).await;
    }
    drop(services);
}

/// A guest is told by the clock.
pub async fn a_guest_has_the_time(backend: Backend) {
    let id = Random::new().name("guest");
    let service = start(&backend, &id).await;
    for _ in 0..1_000 {
        let ticks = ask(&backend, &id, "get", "ticks").await;
        if ticks.parse().is_ok_and(|ticks: u32| ticks >= 2) {
            service.stop(Duration::from_secs(10)).await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("time does not go on");
}
