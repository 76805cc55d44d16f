//! What both protocols answer from: the host that speaks for the program beside this, and what is
//! known of the sidecar itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use abide_dapr_host::{Dapr, Error, Host};
use parking_lot::RwLock;
use tokio::sync::Notify;

use crate::refusal::{Call, Refusal};
use crate::serve::Stop;
use crate::token::Token;

/// One subscription of the program beside this, for whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct Subscribed {
    pub(crate) pubsub: String,
    pub(crate) topic: String,
    pub(crate) dead_letter: Option<String>,
    /// Each a condition, which may be empty, and a path.
    pub(crate) rules: Vec<(String, String)>,
    /// It came over a stream.
    pub(crate) streaming: bool,
}

/// The program beside this, where it listens.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pub(crate) port: u16,
    pub(crate) protocol: &'static str,
}

/// What requests are answered from.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) dapr: Dapr,
    host: Host,
    pub(crate) beside: Option<Beside>,
    /// The bytes of a request.
    pub(crate) max_body: usize,
    /// What clients have to show.
    pub(crate) token: Option<Token>,
    ready: AtomicBool,
    extended: RwLock<BTreeMap<String, String>>,
    subscribed: RwLock<BTreeMap<u64, Subscribed>>,
    /// When the sidecar ends.
    pub(crate) stop: Stop,
    /// Somebody wants it to.
    pub(crate) shutdown: Notify,
}

/// Takes a subscription off the list when it is over.
#[derive(Debug)]
pub(crate) struct Listed {
    api: Arc<Api>,
    number: u64,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.api.subscribed.write().remove(&self.number);
    }
}

impl Api {
    pub(crate) fn new(
        dapr: Dapr,
        id: &str,
        beside: Option<Beside>,
        max_body: usize,
        token: Option<Token>,
        stop: Stop,
    ) -> Self {
        Self {
            host: dapr.host(id),
            dapr,
            beside,
            max_body,
            token,
            ready: AtomicBool::new(false),
            extended: RwLock::default(),
            subscribed: RwLock::default(),
            stop,
            shutdown: Notify::new(),
        }
    }

    /// What speaks for the program beside this.
    pub(crate) fn host(&self) -> Host {
        self.host.clone()
    }

    pub(crate) fn id(&self) -> &str {
        self.host.app()
    }

    /// Guests and the program beside this are there.
    pub(crate) fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// What a call failed with, as an answer.
    pub(crate) fn refusal(&self, call: Call<'_>, error: &Error) -> Refusal {
        let mut all = self.dapr.components();
        let any = all.any(|component| Some(component.block().kind()) == call.kind());
        Refusal::of(call, error, any)
    }

    pub(crate) fn extend(&self, name: String, value: String) {
        if !name.is_empty() {
            self.extended.write().insert(name, value);
        }
    }

    pub(crate) fn extended(&self) -> BTreeMap<String, String> {
        self.extended.read().clone()
    }

    /// Puts a subscription on the list, for as long as what is returned is kept.
    pub(crate) fn list(self: &Arc<Self>, subscribed: Subscribed) -> Listed {
        let mut all = self.subscribed.write();
        let number = all.last_key_value().map_or(0, |(last, _)| last + 1);
        all.insert(number, subscribed);
        let api = Arc::clone(self);
        Listed { api, number }
    }

    pub(crate) fn subscribed(&self) -> Vec<Subscribed> {
        self.subscribed.read().values().cloned().collect()
    }
}
