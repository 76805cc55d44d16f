//! What a service is called for, as a table.

use std::fmt;

use super::{Event, Metadata, Request, Response, Verdict};
use crate::app::{Rule, Subscription};
use crate::configuration::Item;

type OnEvent = Box<dyn Fn(Event) -> Verdict>;
type OnMethod = Box<dyn Fn(Request) -> Response>;
type OnBinding = Box<dyn Fn(Vec<u8>, Metadata) -> Result<Vec<u8>, String>>;
type OnConfiguration = Box<dyn Fn(&str, Vec<(String, Item)>)>;

/// What a service is called for. Who comes first is served first: of two handlers for one method,
/// the second is never called.
#[derive(Default)]
pub struct Routes {
    events: Vec<(Subscription, OnEvent)>,
    methods: Vec<(String, OnMethod)>,
    bindings: Vec<(String, OnBinding)>,
    configurations: Vec<OnConfiguration>,
}

/// A topic with what its subscription has beside the name.
#[derive(Debug, Clone)]
pub struct Topic(Subscription);

impl Topic {
    /// A topic of a broker.
    pub fn new(pubsub: &str, topic: &str) -> Self {
        Self(Subscription {
            pubsub: pubsub.to_owned(),
            topic: topic.to_owned(),
            path: topic.to_owned(),
            rules: Vec::new(),
            dead_letter: None,
            metadata: Vec::new(),
        })
    }

    /// The topic for events that could not be handled.
    #[must_use]
    pub fn dead_letter(mut self, topic: &str) -> Self {
        self.0.dead_letter = Some(topic.to_owned());
        self
    }

    /// Events are bytes and no CloudEvents.
    #[must_use]
    pub fn raw(mut self) -> Self {
        self.0
            .metadata
            .push(("rawPayload".to_owned(), "true".to_owned()));
        self
    }

    /// Events of which this is true have that path.
    #[must_use]
    pub fn rule(mut self, matching: &str, path: &str) -> Self {
        self.0.rules.push(Rule {
            matching: matching.to_owned(),
            path: path.to_owned(),
        });
        self
    }
}

impl Routes {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Events of a topic.
    #[must_use]
    pub fn topic(
        self,
        pubsub: &str,
        topic: &str,
        handler: impl Fn(Event) -> Verdict + 'static,
    ) -> Self {
        self.subscribe(Topic::new(pubsub, topic), handler)
    }

    /// Events of a topic, with more to say about it.
    #[must_use]
    pub fn subscribe(mut self, topic: Topic, handler: impl Fn(Event) -> Verdict + 'static) -> Self {
        self.events.push((topic.0, Box::new(handler)));
        self
    }

    /// Calls of a method, by its name without a slash before it. The name `*` stands for all that
    /// have no handler before it.
    #[must_use]
    pub fn method(mut self, name: &str, handler: impl Fn(Request) -> Response + 'static) -> Self {
        self.methods.push((name.to_owned(), Box::new(handler)));
        self
    }

    /// Events of an input binding.
    #[must_use]
    pub fn binding(
        mut self,
        name: &str,
        handler: impl Fn(Vec<u8>, Metadata) -> Result<Vec<u8>, String> + 'static,
    ) -> Self {
        self.bindings.push((name.to_owned(), Box::new(handler)));
        self
    }

    /// Changes of items that this service subscribed to: the store's name, and the items.
    #[must_use]
    pub fn changed(mut self, handler: impl Fn(&str, Vec<(String, Item)>) + 'static) -> Self {
        self.configurations.push(Box::new(handler));
        self
    }

    #[doc(hidden)]
    pub fn subscriptions(&self) -> Vec<Subscription> {
        let subscriptions = self.events.iter();
        subscriptions
            .map(|(subscription, _)| subscription.clone())
            .collect()
    }

    #[doc(hidden)]
    pub fn handle_event(&self, event: Event) -> Verdict {
        let wants = |of: &Subscription| of.pubsub == event.pubsub && of.topic == event.topic;
        match self.events.iter().find(|(of, _)| wants(of)) {
            Some((_, handler)) => handler(event),
            None => Verdict::Drop,
        }
    }

    #[doc(hidden)]
    pub fn handle_call(&self, request: Request) -> Response {
        let wants = |name: &str| name == request.method || name == "*";
        match self.methods.iter().find(|(name, _)| wants(name)) {
            Some((_, handler)) => handler(request),
            None => Response::text(404, format!("there is no method `{}`", request.method)),
        }
    }

    #[doc(hidden)]
    pub fn input_bindings(&self) -> Vec<String> {
        self.bindings.iter().map(|(name, _)| name.clone()).collect()
    }

    #[doc(hidden)]
    pub fn handle_binding(
        &self,
        name: &str,
        data: Vec<u8>,
        metadata: Metadata,
    ) -> Result<Vec<u8>, String> {
        match self.bindings.iter().find(|(of, _)| of == name) {
            Some((_, handler)) => handler(data, metadata),
            None => Err(format!("nobody here handles the binding `{name}`")),
        }
    }

    #[doc(hidden)]
    pub fn handle_changes(&self, store: &str, _id: &str, items: Vec<(String, Item)>) {
        for handler in &self.configurations {
            handler(store, items.clone());
        }
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes").finish_non_exhaustive()
    }
}
