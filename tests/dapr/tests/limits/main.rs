//! All limits of what guests may send: up to them it goes through, one more is `invalid`, and the
//! backend hears nothing of it. And the deadline, for each call out.

mod backend;
mod calls;

use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_dapr::app::Subscription;
use abide_dapr::host_async::{Configuration as _, State as _};
use abide_dapr::invocation::{Request, Verb};
use abide_dapr::state::{Item, Operation};
use abide_dapr_host::{App, Error, Host, Limits, Result};
use abide_dapr_tests::{Recorder, block_on};
use async_trait::async_trait;

use backend::Counting;
use calls::{Call, Named as _, Size, call};

/// Calls with a key, a topic, a method or another name.
const NAMED: &[Call] = &[
    Call::Get,
    Call::GetBulk,
    Call::Save,
    Call::Delete,
    Call::DeleteBulk,
    Call::Transact,
    Call::Publish,
    Call::PublishBulk,
    Call::Invoke,
    Call::Secret,
    Call::Bind,
    Call::Lock,
    Call::Unlock,
    Call::Configuration,
    Call::Follow,
];
const VALUED: &[Call] = &[
    Call::Save,
    Call::Transact,
    Call::Publish,
    Call::PublishBulk,
    Call::Invoke,
    Call::Bind,
];
const MANY: &[Call] = &[
    Call::GetBulk,
    Call::Save,
    Call::DeleteBulk,
    Call::Transact,
    Call::PublishBulk,
    Call::Configuration,
    Call::Follow,
];
const WITH_METADATA: &[Call] = &[
    Call::Get,
    Call::GetBulk,
    Call::Save,
    Call::Delete,
    Call::DeleteBulk,
    Call::Transact,
    Call::Publish,
    Call::PublishBulk,
    Call::Invoke,
    Call::Secret,
    Call::Secrets,
    Call::Bind,
    Call::Configuration,
    Call::Follow,
];

const MOST: usize = 20;

/// That calls go through with as much as there may be, and not with one more.
fn bounded(limits: Limits, calls: &[Call], sized: fn(usize) -> Size) {
    let backend = Counting::default();
    let dapr = backend.host(limits);
    block_on(async {
        // Who follows configuration has to be called.
        let _service = dapr.run("app", Recorder::of(Vec::new())).await.unwrap();
        let mut host = dapr.host("app");
        for one in calls {
            let before = backend.count();
            let done = call(&mut host, *one, sized(MOST)).await;
            assert_eq!(done, Ok(()), "{one:?} with as much as there may be");
            assert!(backend.count() > before, "{one:?} was not heard");
            let before = backend.count();
            let refused = call(&mut host, *one, sized(MOST + 1)).await;
            match refused {
                Err(Error::Invalid(text)) => {
                    assert!(
                        text.contains("21") && text.contains("20"),
                        "{one:?}: {text}"
                    );
                }
                other => panic!("{one:?} with one more: {other:?}"),
            }
            assert_eq!(backend.count(), before, "{one:?} was heard");
        }
    });
}

#[test]
fn names_have_an_end() {
    bounded(Limits::new().key(MOST), NAMED, |key| Size {
        key,
        ..Size::SMALL
    });
}

#[test]
fn values_have_an_end() {
    bounded(Limits::new().value(MOST), VALUED, |value| Size {
        value,
        ..Size::SMALL
    });
}

#[test]
fn what_all_items_have_together_has_an_end() {
    let backend = Counting::default();
    let dapr = backend.host(Limits::new().value(MOST));
    block_on(async {
        let mut host = dapr.host("app");
        let item = |value: Vec<u8>| Item {
            key: "k".to_owned(),
            value,
            etag: None,
            options: None,
            metadata: Vec::new(),
        };
        let halves = |more| vec![item(vec![0; MOST / 2]), item(vec![0; MOST / 2 + more])];
        assert_eq!(host.save("s", halves(0)).await, Ok(()));
        let refused = host.save("s", halves(1)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let steps = |more| halves(more).into_iter().map(Operation::Upsert).collect();
        assert_eq!(host.transact("s", steps(0), Vec::new()).await, Ok(()));
        let refused = host.transact("s", steps(1), Vec::new()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    });
}

#[test]
fn items_have_an_end() {
    bounded(Limits::new().items(MOST), MANY, |items| Size {
        items,
        ..Size::SMALL
    });
}

#[test]
fn metadata_has_an_end() {
    bounded(Limits::new().metadata(MOST), WITH_METADATA, |metadata| {
        Size {
            metadata,
            ..Size::SMALL
        }
    });
}

#[test]
fn the_query_of_a_call_has_the_end_of_metadata() {
    let backend = Counting::default();
    let dapr = backend.host(Limits::new().metadata(MOST));
    block_on(async {
        let mut host = dapr.host("app");
        let request = |bytes: usize| Request {
            verb: Verb::Get,
            method: "m".to_owned(),
            query: vec![("q".to_owned(), "x".repeat(bytes - 1))],
            content_type: String::new(),
            data: Vec::new(),
            metadata: Vec::new(),
        };
        assert_eq!(host.invoke_app(request(MOST)).await, Ok(()));
        let refused = host.invoke_app(request(MOST + 1)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert_eq!(backend.count(), 1);
    });
}

/// Wants topics and bindings.
struct Wanting {
    topics: usize,
    bindings: usize,
}

#[async_trait]
impl App for Wanting {
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        let subscription = |n| Subscription {
            pubsub: "p".to_owned(),
            topic: format!("t{n}"),
            path: "/".to_owned(),
            rules: Vec::new(),
            dead_letter: None,
            metadata: Vec::new(),
        };
        Ok((0..self.topics).map(subscription).collect())
    }

    async fn bindings(&self) -> Result<Vec<String>> {
        Ok(vec!["b".to_owned(); self.bindings])
    }
}

#[test]
fn subscriptions_have_an_end() {
    let backend = Counting::default();
    let dapr = backend.host(Limits::new().subscriptions(3));
    block_on(async {
        for (topics, bindings, is_refused) in
            [(3, 0, false), (2, 1, false), (4, 0, true), (2, 2, true)]
        {
            let before = backend.count();
            let app = Arc::new(Wanting { topics, bindings });
            match dapr.run("wanting", app).await {
                Ok(_service) => assert!(!is_refused, "{topics} and {bindings}"),
                Err(error) => {
                    assert!(is_refused && matches!(error, Error::Invalid(_)), "{error}");
                    assert_eq!(
                        backend.count(),
                        before,
                        "{topics} and {bindings} were heard"
                    );
                }
            }
        }
        let _service = dapr.run("app", Recorder::of(Vec::new())).await.unwrap();
        let mut host = dapr.host("app");
        let follow =
            async |host: &mut Host| host.subscribe("c", vec!["k".to_owned()], Vec::new()).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(follow(&mut host).await.unwrap());
        }
        let refused = follow(&mut host).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        // One that has ended leaves room.
        host.unsubscribe("c", &ids[0]).await.unwrap();
        follow(&mut host).await.unwrap();
    });
}

#[test]
fn an_id_of_an_application_has_an_end() {
    let dapr = Counting::default().host(Limits::new().key(MOST));
    block_on(async {
        for (id, is_refused) in [
            ("a".repeat(MOST), false),
            ("a".repeat(MOST + 1), true),
            (String::new(), true),
        ] {
            let started = dapr.run(&id, Recorder::of(Vec::new())).await;
            match started {
                Ok(_service) => assert!(!is_refused, "{id}"),
                Err(error) => assert!(is_refused && matches!(error, Error::Invalid(_)), "{error}"),
            }
        }
    });
}

/// A backend that never answers is given up at the deadline, whatever it is asked.
#[test]
fn each_call_out_has_a_deadline() {
    let backend = Counting::stuck();
    let deadline = Duration::from_millis(100);
    let dapr = backend.host(Limits::new().deadline(deadline));
    block_on(async {
        let _service = dapr.run("app", Recorder::of(Vec::new())).await.unwrap();
        let mut host = dapr.host("app");
        for one in NAMED.iter().chain(&[Call::Secrets]) {
            let (before, since) = (backend.count(), Instant::now());
            let done = call(&mut host, *one, Size::SMALL).await;
            // Events one by one: of each it is said why it was not taken.
            if matches!(one, Call::PublishBulk) && done.is_ok() {
                panic!("{one:?} was taken");
            }
            assert_eq!(done, Err(Error::Timeout), "{one:?}");
            let took = since.elapsed();
            assert!(
                took >= deadline && took < Duration::from_secs(10),
                "{one:?}: {took:?}"
            );
            assert!(backend.count() > before, "{one:?} was not heard");
        }
        // So is one that does not let an application subscribe or listen.
        for (topics, bindings) in [(1, 0), (0, 1)] {
            let app = Arc::new(Wanting { topics, bindings });
            let started = dapr.run("wanting", app).await;
            assert_eq!(
                started.err(),
                Some(Error::Timeout),
                "{topics} and {bindings}"
            );
        }
    });
}
