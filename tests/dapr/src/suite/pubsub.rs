//! Events.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::{Event, Verdict};
use abide_dapr::host_async::Pubsub as _;
use abide_dapr::pubsub::Message;
use abide_dapr_host::{App, Error, Host, Result};
use async_trait::async_trait;

use crate::recorder::{Recorder, rule, topic};
use crate::{Backend, Random, until};

const PATIENCE: Duration = Duration::from_secs(10);

async fn publish(host: &mut Host, topic: &str, text: &str) {
    let published = host.publish("pubsub", topic, text.as_bytes(), "text/plain", Vec::new());
    published.await.unwrap();
}

fn texts(count: usize) -> Vec<String> {
    let mut texts: Vec<_> = (0..count).map(|n| n.to_string()).collect();
    texts.sort();
    texts
}

/// What is published comes to every application that has subscribed, with all that was said of it.
pub async fn every_application_has_every_event(backend: Backend) {
    let mut random = Random::new();
    let name = random.name("all");
    let apps = [(); 2].map(|()| Recorder::of(vec![topic(&name)]));
    let mut services = Vec::new();
    for app in &apps {
        let app: Arc<dyn App> = Arc::clone(app) as _;
        services.push(backend.dapr.run(&random.name("app"), app).await.unwrap());
    }
    let mut host = backend.dapr.host("publisher");
    for n in 0..100 {
        publish(&mut host, &name, &n.to_string()).await;
    }
    let messages = (100..200).map(|n| Message {
        id: n.to_string(),
        content_type: "text/plain".to_owned(),
        data: n.to_string().into_bytes(),
        metadata: vec![("cloudevent.subject".to_owned(), "bulk".to_owned())],
    });
    let failed = host
        .publish_bulk("pubsub", &name, messages.collect(), Vec::new())
        .await;
    assert_eq!(failed, Ok(Vec::new()));
    for app in &apps {
        until("all events were there", || app.texts().len() == 200).await;
        assert_eq!(app.texts(), texts(200));
        let event = app.events().into_iter().find(|event| event.data == b"150");
        let event = event.unwrap();
        assert_eq!(
            (&*event.pubsub, &*event.topic, &*event.path),
            ("pubsub", &*name, "/events")
        );
        assert_eq!(
            (&*event.source, &*event.content_type),
            ("publisher", "text/plain")
        );
        assert!(
            event
                .extensions
                .contains(&("subject".to_owned(), "bulk".to_owned()))
        );
    }
    for service in services {
        service.stop(PATIENCE).await;
    }
    let error = host.publish("nowhere", &name, b"", "", Vec::new()).await;
    assert_eq!(error, Err(Error::NoComponent("nowhere".to_owned())));
}

/// What an application could not handle comes again.
pub async fn events_are_retried(backend: Backend) {
    let mut random = Random::new();
    let name = random.name("retried");
    let app = Recorder::judging(vec![topic(&name)], |_, seen| match seen {
        0 | 1 => Verdict::Retry,
        _ => Verdict::Success,
    });
    let service = backend
        .dapr
        .run(&random.name("app"), Arc::clone(&app) as _)
        .await
        .unwrap();
    let mut host = backend.dapr.host("publisher");
    for n in 0..20 {
        publish(&mut host, &name, &n.to_string()).await;
    }
    until("all events were there three times", || {
        app.events().len() >= 60
    })
    .await;
    service.stop(PATIENCE).await;
    assert_eq!(app.events().len(), 60);
    assert_eq!(app.texts(), texts(20));
}

/// What cannot be handled is a dead letter: after some tries, or at once if that is said.
pub async fn dead_letters(backend: Backend) {
    let mut random = Random::new();
    let (name, dead) = (random.name("bad"), random.name("dead"));
    let mut bad = topic(&name);
    bad.dead_letter = Some(dead.clone());
    let app = Recorder::judging(vec![bad, topic(&dead)], {
        let name = name.clone();
        move |event, _| match &*event.data {
            _ if event.topic != name => Verdict::Success,
            b"drop" => Verdict::Drop,
            b"retry" => Verdict::Retry,
            _ => Verdict::Success,
        }
    });
    let service = backend
        .dapr
        .run(&random.name("app"), Arc::clone(&app) as _)
        .await
        .unwrap();
    let mut host = backend.dapr.host("publisher");
    for text in ["drop", "retry", "fine"] {
        publish(&mut host, &name, text).await;
    }
    let of = |topic: &str, text: &str| {
        let events = app.events().into_iter();
        let wanted = |event: &Event| event.topic == topic && event.data == text.as_bytes();
        events.filter(wanted).count()
    };
    until("both were dead letters", || {
        of(&dead, "drop") == 1 && of(&dead, "retry") == 1
    })
    .await;
    service.stop(PATIENCE).await;
    assert_eq!(of(&name, "drop"), 1);
    assert_eq!(of(&name, "retry"), 3);
    assert_eq!((of(&name, "fine"), of(&dead, "fine")), (1, 0));
}

/// Never handles an event.
struct Stuck(Arc<Recorder>);

#[async_trait]
impl App for Stuck {
    async fn subscriptions(&self) -> Result<Vec<abide_dapr::app::Subscription>> {
        self.0.subscriptions().await
    }

    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        self.0.on_event(event).await?;
        std::future::pending().await
    }
}

/// A subscriber ends in the middle of its events, and another goes on with them.
pub async fn a_subscriber_that_goes_loses_nothing(backend: Backend) {
    let mut random = Random::new();
    let (name, id) = (random.name("killed"), random.name("app"));
    let seen = Recorder::of(vec![topic(&name)]);
    let stuck = Arc::new(Stuck(Arc::clone(&seen)));
    let service = backend.dapr.run(&id, stuck).await.unwrap();
    let mut host = backend.dapr.host("publisher");
    for n in 0..50 {
        publish(&mut host, &name, &n.to_string()).await;
    }
    until("some events were there", || !seen.texts().is_empty()).await;
    drop(service);
    for n in 50..60 {
        publish(&mut host, &name, &n.to_string()).await;
    }
    let app = Recorder::of(vec![topic(&name)]);
    let service = backend.dapr.run(&id, Arc::clone(&app) as _).await.unwrap();
    until("all events were there", || app.texts().len() == 60).await;
    assert_eq!(app.texts(), texts(60));
    service.stop(PATIENCE).await;
}

/// Bytes go through as they are, where both sides say so.
pub async fn data_without_an_event(backend: Backend) {
    let mut random = Random::new();
    let name = random.name("raw");
    let raw = vec![("rawPayload".to_owned(), "true".to_owned())];
    let mut subscription = topic(&name);
    subscription.metadata.clone_from(&raw);
    let app = Recorder::of(vec![subscription]);
    let service = backend
        .dapr
        .run(&random.name("app"), Arc::clone(&app) as _)
        .await
        .unwrap();
    let mut host = backend.dapr.host("publisher");
    let data: Vec<u8> = (0..=255).collect();
    host.publish("pubsub", &name, &data, "application/octet-stream", raw)
        .await
        .unwrap();
    until("it was there", || !app.events().is_empty()).await;
    assert_eq!(app.events()[0].data, data);
    service.stop(PATIENCE).await;
}

/// Rules choose a path, and events that nobody wants are not delivered.
pub async fn rules_choose(backend: Backend) {
    let mut random = Random::new();
    let name = random.name("rules");
    let mut subscription = topic(&name);
    subscription.path.clear();
    subscription.rules = vec![
        rule(r#"event.type == "order.paid""#, "/paid"),
        rule("event.data.total > 10", "/large"),
    ];
    let app = Recorder::of(vec![subscription.clone()]);
    let id = random.name("app");
    let service = backend.dapr.run(&id, Arc::clone(&app) as _).await.unwrap();
    let mut host = backend.dapr.host("publisher");
    for (kind, total) in [("order.new", 1), ("order.new", 11), ("order.paid", 1)] {
        let data = format!(r#"{{"total":{total}}}"#);
        let metadata = vec![("cloudevent.type".to_owned(), kind.to_owned())];
        let data = data.as_bytes();
        host.publish("pubsub", &name, data, "application/json", metadata)
            .await
            .unwrap();
    }
    until("two were there", || app.events().len() == 2).await;
    let mut paths: Vec<_> = app.events().into_iter().map(|event| event.path).collect();
    paths.sort();
    assert_eq!(paths, ["/large", "/paid"]);
    service.stop(PATIENCE).await;
    subscription.rules = vec![rule("event.type = 1", "/")];
    let app = Recorder::of(vec![subscription]);
    let error = backend.dapr.run(&id, app).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
}
