//! An application that records what it is called for, and does with events what a test wants.

use std::fmt;
use std::sync::Arc;

use abide_dapr::app::{Event, Rule, Subscription, Verdict};
use abide_dapr::configuration::Item;
use abide_dapr::invocation::{Request, Response};
use abide_dapr_host::{App, Result};
use async_trait::async_trait;
use parking_lot::Mutex;

/// What becomes of an event, by the event and how often it was seen before.
type Judge = dyn Fn(&Event, usize) -> Verdict + Send + Sync;

/// Records what it is called for.
pub struct Recorder {
    subscriptions: Vec<Subscription>,
    judge: Box<Judge>,
    events: Mutex<Vec<Event>>,
    changes: Mutex<Vec<(String, Item)>>,
    requests: Mutex<Vec<Request>>,
}

impl Recorder {
    /// One that takes events of topics.
    pub fn of(subscriptions: Vec<Subscription>) -> Arc<Self> {
        Self::judging(subscriptions, |_, _| Verdict::Success)
    }

    /// One that does with events what a function says.
    pub fn judging(
        subscriptions: Vec<Subscription>,
        judge: impl Fn(&Event, usize) -> Verdict + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            subscriptions,
            judge: Box::new(judge),
            events: Mutex::default(),
            changes: Mutex::default(),
            requests: Mutex::default(),
        })
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().clone()
    }

    /// The data of all events so far, each once, as text.
    pub fn texts(&self) -> Vec<String> {
        let events = self.events.lock();
        let texts = events
            .iter()
            .map(|event| String::from_utf8_lossy(&event.data).into_owned());
        let mut texts: Vec<String> = texts.collect();
        texts.sort();
        texts.dedup();
        texts
    }

    /// All changes so far.
    pub fn changes(&self) -> Vec<(String, Item)> {
        self.changes.lock().clone()
    }

    /// All calls so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().clone()
    }
}

/// A topic of `pubsub`.
pub(crate) fn topic(name: &str) -> Subscription {
    Subscription {
        pubsub: "pubsub".to_owned(),
        topic: name.to_owned(),
        path: "/events".to_owned(),
        rules: Vec::new(),
        dead_letter: None,
        metadata: Vec::new(),
    }
}

/// A rule.
pub(crate) fn rule(matching: &str, path: &str) -> Rule {
    Rule {
        matching: matching.to_owned(),
        path: path.to_owned(),
    }
}

#[async_trait]
impl App for Recorder {
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        Ok(self.subscriptions.clone())
    }

    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        let seen = {
            let mut events = self.events.lock();
            let same = |other: &&Event| other.id == event.id && other.topic == event.topic;
            let seen = events.iter().filter(same).count();
            events.push(event.clone());
            seen
        };
        Ok((self.judge)(event, seen))
    }

    async fn on_invoke(&self, request: &Request) -> Result<Response> {
        self.requests.lock().push(request.clone());
        Ok(Response {
            status: 200,
            content_type: request.content_type.clone(),
            data: request.data.clone(),
            metadata: Vec::new(),
        })
    }

    async fn on_configuration(&self, _: &str, _: &str, items: &[(String, Item)]) -> Result<()> {
        self.changes.lock().extend_from_slice(items);
        Ok(())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
