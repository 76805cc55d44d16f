//! Configuration.

use std::sync::Arc;

use abide_dapr::host_async::Configuration as _;
use abide_dapr_host::Error;

use crate::recorder::Recorder;
use crate::{Backend, Random, until};

const STORE: &str = "configuration";

/// Items are read, and changes of them are told until nobody wants to know.
pub async fn changes_are_told(backend: Backend) {
    let mut random = Random::new();
    let (id, key, other) = (random.name("app"), random.name("key"), random.name("other"));
    let Some(configure) = backend.can.configure.clone() else {
        let refused = backend
            .dapr
            .host(&id)
            .get(STORE, vec![key], Vec::new())
            .await;
        let is_clear = matches!(refused, Err(Error::Unsupported(_) | Error::NoComponent(_)));
        assert!(is_clear, "{refused:?}");
        return;
    };
    let mut host = backend.dapr.host(&id);
    let keys = vec![key.clone()];
    assert_eq!(
        host.get(STORE, keys.clone(), Vec::new()).await,
        Ok(Vec::new())
    );
    configure(key.clone(), "1".to_owned()).await;
    let items = host.get(STORE, keys.clone(), Vec::new()).await.unwrap();
    assert_eq!((&*items[0].0, &*items[0].1.value), (&*key, "1"));

    let refused = host.subscribe(STORE, keys.clone(), Vec::new()).await;
    assert!(
        matches!(refused, Err(Error::Unsupported(_))),
        "nobody is called: {refused:?}"
    );
    let app = Recorder::of(Vec::new());
    let service = backend.dapr.run(&id, Arc::clone(&app) as _).await.unwrap();
    let subscription = host.subscribe(STORE, keys, Vec::new()).await.unwrap();
    configure(other, "x".to_owned()).await;
    configure(key.clone(), "2".to_owned()).await;
    let has = |value: &str| {
        let mut changes = app.changes().into_iter();
        changes.any(|(of, item)| of == key && item.value == value)
    };
    until("the change was told", || has("2")).await;
    assert!(app.changes().iter().all(|(of, _)| *of == key));
    host.unsubscribe(STORE, &subscription).await.unwrap();
    let gone = host.unsubscribe(STORE, &subscription).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    configure(key.clone(), "3".to_owned()).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!has("3"));
    drop(service);
}
