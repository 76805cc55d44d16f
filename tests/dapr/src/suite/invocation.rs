//! Calls of other applications.

use std::sync::Arc;

use abide_dapr::host_async::Invocation as _;
use abide_dapr::invocation::{Request, Verb};
use abide_dapr_host::Error;

use crate::recorder::Recorder;
use crate::{Backend, Random};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn request(method: &str) -> Request {
    Request {
        verb: Verb::Post,
        method: method.to_owned(),
        query: vec![("a".to_owned(), "b c".to_owned())],
        content_type: "text/plain".to_owned(),
        data: b"hello".to_vec(),
        metadata: vec![
            ("traceparent".to_owned(), TRACE.to_owned()),
            ("dapr-caller-app-id".to_owned(), "somebody else".to_owned()),
        ],
    }
}

/// Applications call one another by their ids, and learn who calls.
pub async fn applications_call_one_another(backend: Backend) {
    let mut random = Random::new();
    let (caller, callee) = (random.name("caller"), random.name("callee"));
    let app = Recorder::of(Vec::new());
    let service = backend
        .dapr
        .run(&callee, Arc::clone(&app) as _)
        .await
        .unwrap();
    let mut host = backend.dapr.host(&caller);
    let response = host.invoke(&callee, request("/orders/7")).await.unwrap();
    assert_eq!((response.status, &*response.data), (200, &b"hello"[..]));
    let asked = app.requests().remove(0);
    assert_eq!((asked.verb, &*asked.method), (Verb::Post, "orders/7"));
    assert_eq!(asked.query, request("").query);
    let value = |wanted: &str| {
        let found = asked.metadata.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    assert_eq!(value("dapr-caller-app-id"), Some(caller));
    assert_eq!(value("traceparent").as_deref(), Some(TRACE));
    service.stop(std::time::Duration::from_secs(5)).await;
    let error = host.invoke(&callee, request("x")).await;
    assert!(matches!(error, Err(Error::NotFound(_))), "{error:?}");
}
