//! All limits of what guests may send: up to them it goes through, one more is `invalid`, and the
//! backend hears nothing of it. And the deadline, for each call out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use abide_dapr::app::Subscription;
use abide_dapr::bindings::Answer;
use abide_dapr::configuration::Item as Setting;
use abide_dapr::host_async::{Configuration as _, Lock as _, Pubsub as _, State as _};
use abide_dapr::invocation::{Request, Response, Verb};
use abide_dapr::lock::Unlocked;
use abide_dapr::pubsub::Message;
use abide_dapr::state::{Consistency, Item, Operation, Removal};
use abide_dapr_host::blocks::{
    Binding, ConfigurationStore, Delete, Follower, Found, Invoked, Invoker, Listener, LockStore,
    PubSub, Publication, Read, Receiver, Secret, SecretStore, Set, StateStore, Step, Subscribe,
};
use abide_dapr_host::{App, Component, Dapr, Error, Host, Limits, Result, Running};
use abide_dapr_tests::{Recorder, block_on};
use async_trait::async_trait;

type Metadata = Vec<(String, String)>;

/// All kinds of backends in one, which counts what it hears and does not understand it.
#[derive(Debug, Clone, Default)]
struct Counting {
    heard: Arc<AtomicUsize>,
    /// It never answers.
    is_stuck: bool,
}

impl Counting {
    async fn hear(&self) {
        self.heard.fetch_add(1, Ordering::Relaxed);
        if self.is_stuck {
            std::future::pending::<()>().await;
        }
    }

    fn count(&self) -> usize {
        self.heard.load(Ordering::Relaxed)
    }

    fn host(&self, limits: Limits) -> Dapr {
        let dapr = Dapr::builder()
            .limits(limits)
            .component(Component::state("s", self.clone()))
            .component(Component::pubsub("p", self.clone()))
            .component(Component::secrets("x", self.clone()))
            .component(Component::binding("b", self.clone()))
            .component(Component::lock("l", self.clone()))
            .component(Component::configuration("c", self.clone()))
            .invoker(Arc::new(self.clone()));
        dapr.build().unwrap()
    }
}

#[async_trait]
impl StateStore for Counting {
    fn features(&self) -> &'static [&'static str] {
        &[]
    }

    async fn get(&self, _: &str, _: &Read) -> Result<Option<Found>> {
        self.hear().await;
        Ok(None)
    }

    async fn set(&self, _: Set) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn delete(&self, _: Delete) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn transact(&self, _: Vec<Step>, _: &Metadata) -> Result<()> {
        self.hear().await;
        Ok(())
    }
}

#[async_trait]
impl PubSub for Counting {
    async fn publish(&self, _: &str, _: Publication) -> Result<()> {
        self.hear().await;
        Ok(())
    }

    async fn subscribe(&self, _: Subscribe, _: Arc<dyn Receiver>) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl SecretStore for Counting {
    async fn get(&self, _: &str, _: &Metadata) -> Result<Secret> {
        self.hear().await;
        Ok(Vec::new())
    }

    async fn get_bulk(&self, _: &Metadata) -> Result<Vec<(String, Secret)>> {
        self.hear().await;
        Ok(Vec::new())
    }
}

#[async_trait]
impl Binding for Counting {
    fn can(&self, _: &str) -> bool {
        true
    }

    async fn invoke(&self, _: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        self.hear().await;
        Ok(Answer { data, metadata })
    }

    async fn listen(&self, _: Arc<dyn Listener>) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl LockStore for Counting {
    async fn try_lock(&self, _: &str, _: &str, _: Duration) -> Result<bool> {
        self.hear().await;
        Ok(true)
    }

    async fn unlock(&self, _: &str, _: &str) -> Result<Unlocked> {
        self.hear().await;
        Ok(Unlocked::Success)
    }
}

#[async_trait]
impl ConfigurationStore for Counting {
    async fn get(&self, _: &[String], _: &Metadata) -> Result<Vec<(String, Setting)>> {
        self.hear().await;
        Ok(Vec::new())
    }

    async fn subscribe(
        &self,
        _: Vec<String>,
        _: Metadata,
        _: Arc<dyn Follower>,
    ) -> Result<Running> {
        self.hear().await;
        Ok(Running::spawn(|_| async {}))
    }
}

#[async_trait]
impl Invoker for Counting {
    async fn invoke(&self, _: &str, request: Request) -> Result<Response> {
        self.hear().await;
        Ok(Response {
            status: 200,
            content_type: String::new(),
            data: request.data,
            metadata: Vec::new(),
        })
    }

    async fn serve(&self, _: &str, _: Arc<dyn Invoked>) -> Result<Option<Running>> {
        Ok(None)
    }
}

/// A call, and what is large about it.
#[derive(Debug, Clone, Copy)]
enum Call {
    Get,
    GetBulk,
    Save,
    Delete,
    DeleteBulk,
    Transact,
    Publish,
    PublishBulk,
    Invoke,
    Secret,
    Secrets,
    Bind,
    Lock,
    Unlock,
    Configuration,
    Follow,
}

/// How large the parts of a call are.
#[derive(Debug, Clone, Copy)]
struct Size {
    key: usize,
    value: usize,
    items: usize,
    metadata: usize,
}

impl Size {
    const SMALL: Self = Self {
        key: 1,
        value: 1,
        items: 1,
        metadata: 1,
    };
}

async fn call(host: &mut Host, call: Call, size: Size) -> Result<()> {
    let key = "k".repeat(size.key);
    let value = vec![0; size.value];
    // A name of one byte, and the rest is its value.
    let metadata = match size.metadata {
        0 => Vec::new(),
        bytes => vec![("m".to_owned(), "x".repeat(bytes - 1))],
    };
    let many = |what: &dyn Fn(usize) -> String| (0..size.items).map(what).collect::<Vec<_>>();
    let keys = many(&|n| if n == 0 { key.clone() } else { "k".to_owned() });
    // What all items have together is the value.
    let part = |n: usize| if n == 0 { value.clone() } else { Vec::new() };
    let item = |n: usize| Item {
        key: keys[n].clone(),
        value: part(n),
        etag: None,
        options: None,
        metadata: metadata.clone(),
    };
    let removal = |n: usize| Removal {
        key: keys[n].clone(),
        etag: None,
        options: None,
        metadata: metadata.clone(),
    };
    let any = Consistency::Unspecified;
    match call {
        Call::Get => host.get_state(&key, any, metadata).await,
        Call::GetBulk => host.get_bulk_state(keys, metadata).await,
        Call::Save => host.save("s", (0..size.items).map(item).collect()).await,
        Call::Delete => host.delete("s", removal(0)).await,
        Call::DeleteBulk => {
            let removals = (0..size.items).map(removal).collect();
            host.delete_bulk("s", removals).await
        }
        Call::Transact => {
            let steps = (0..size.items).map(|n| Operation::Upsert(item(n)));
            host.transact("s", steps.collect(), metadata.clone()).await
        }
        Call::Publish => host.publish("p", &key, &value, "", metadata).await,
        Call::PublishBulk => {
            let message = |n| Message {
                id: String::new(),
                content_type: String::new(),
                data: part(n),
                metadata: Vec::new(),
            };
            let messages = (0..size.items).map(message).collect();
            let done = host.publish_bulk("p", &key, messages, metadata).await;
            done.map(drop)
        }
        Call::Invoke => {
            let request = Request {
                verb: Verb::Post,
                method: key.clone(),
                query: Vec::new(),
                content_type: String::new(),
                data: value,
                metadata,
            };
            host.invoke_app(request).await
        }
        Call::Secret => host.get_secret(&key, metadata).await,
        Call::Secrets => host.get_secrets(metadata).await,
        Call::Bind => host.bind(&key, &value, metadata).await,
        Call::Lock => host.try_lock("l", &key, "me", 1).await.map(drop),
        Call::Unlock => host.unlock("l", "r", &key).await.map(drop),
        Call::Configuration => host.get_settings(keys, metadata).await,
        Call::Follow => host.follow_settings(keys, metadata).await,
    }
}

/// Functions that are called the same in several traits.
trait Named {
    async fn get_state(&mut self, key: &str, how: Consistency, more: Metadata) -> Result<()>;
    async fn get_bulk_state(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
    async fn invoke_app(&mut self, request: Request) -> Result<()>;
    async fn get_secret(&mut self, key: &str, more: Metadata) -> Result<()>;
    async fn get_secrets(&mut self, more: Metadata) -> Result<()>;
    async fn bind(&mut self, operation: &str, data: &[u8], more: Metadata) -> Result<()>;
    async fn get_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
    async fn follow_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()>;
}

impl Named for Host {
    async fn get_state(&mut self, key: &str, how: Consistency, more: Metadata) -> Result<()> {
        abide_dapr::host_async::State::get(self, "s", key, how, more)
            .await
            .map(drop)
    }

    async fn get_bulk_state(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::State::get_bulk(self, "s", keys, 0, more)
            .await
            .map(drop)
    }

    async fn invoke_app(&mut self, request: Request) -> Result<()> {
        abide_dapr::host_async::Invocation::invoke(self, "elsewhere", request)
            .await
            .map(drop)
    }

    async fn get_secret(&mut self, key: &str, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Secrets::get(self, "x", key, more)
            .await
            .map(drop)
    }

    async fn get_secrets(&mut self, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Secrets::get_bulk(self, "x", more)
            .await
            .map(drop)
    }

    async fn bind(&mut self, operation: &str, data: &[u8], more: Metadata) -> Result<()> {
        abide_dapr::host_async::Bindings::invoke(self, "b", operation, data, more)
            .await
            .map(drop)
    }

    async fn get_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Configuration::get(self, "c", keys, more)
            .await
            .map(drop)
    }

    async fn follow_settings(&mut self, keys: Vec<String>, more: Metadata) -> Result<()> {
        abide_dapr::host_async::Configuration::subscribe(self, "c", keys, more)
            .await
            .map(drop)
    }
}

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
    let backend = Counting {
        is_stuck: true,
        ..Counting::default()
    };
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
