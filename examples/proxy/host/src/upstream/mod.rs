//! Upstreams: who is asked, over connections that are kept. It knows no filters.

mod connect;
mod sender;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_proxy::types::Field;
use hyper::Response;
use hyper::body::Incoming;
use metrics::counter;
use tokio::task::spawn_local;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use tracing::debug;

use crate::config::{self, Config, ms};
use crate::fields;
use crate::refusal::Refusal;
use crate::stream::Body;
use sender::{NotSent, Sender};

/// How long a connection is kept that is not used, at most. It is short, so that an upstream rarely
/// closes one at the moment at which it is used.
const KEPT: Duration = Duration::from_secs(5);

/// How many connections are kept that are not used.
const MOST: usize = 64;

/// Who has the fields of a request, and lends them without waiting.
pub(crate) trait Lends {
    /// Does something with them.
    fn lend<R>(&self, work: impl FnOnce(&[Field]) -> R) -> R;
}

impl Lends for Vec<Field> {
    fn lend<R>(&self, work: impl FnOnce(&[Field]) -> R) -> R {
        work(self)
    }
}

/// The upstreams of one worker, by name.
pub(crate) struct Upstreams {
    all: BTreeMap<String, Rc<Upstream>>,
    /// The most bytes of an answer that a filter asked for.
    pub(crate) answer_bytes: usize,
}

impl Upstreams {
    /// Those of a configuration; how those with TLS speak that is in `tls`.
    pub(crate) fn new(config: &Config, tls: BTreeMap<String, Arc<ClientConfig>>) -> Self {
        let upstreams = config.upstreams.iter().map(|(name, settings)| {
            let upstream = Upstream {
                name: Arc::from(name.as_str()),
                settings: settings.clone(),
                tls: tls.get(name).cloned(),
                idle: RefCell::default(),
            };
            (name.clone(), Rc::new(upstream))
        });
        Self {
            all: upstreams.collect(),
            answer_bytes: config.limits.callout_bytes,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Rc<Upstream>> {
        self.all.get(name).cloned()
    }
}

/// One upstream.
pub(crate) struct Upstream {
    pub(crate) name: Arc<str>,
    settings: config::Upstream,
    tls: Option<Arc<ClientConfig>>,
    /// Connections that can take a request, with the time since which they can.
    idle: RefCell<Vec<(Sender, Instant)>>,
}

impl Upstream {
    /// Makes a request of these fields, and has the head of the answer.
    /// `fields` lends them, once for each connection that is tried.
    pub(crate) async fn send(
        self: &Rc<Self>,
        fields: &impl Lends,
        body: Body,
    ) -> Result<Response<Incoming>, Refusal> {
        let asked = timeout(ms(self.settings.answer_ms), self.ask(fields, body));
        let answer = asked.await.unwrap_or(Err(Refusal::Late));
        if let Err(refusal) = &answer {
            let name = self.name.to_string();
            let cause = refusal.cause();
            counter!("proxy_upstream_failures_total", "upstream" => name, "cause" => cause)
                .increment(1);
        }
        answer
    }

    async fn ask(
        self: &Rc<Self>,
        fields: &impl Lends,
        mut body: Body,
    ) -> Result<Response<Incoming>, Refusal> {
        loop {
            let (mut sender, is_new) = match self.idle() {
                Some(sender) => (sender, false),
                None => (self.connect().await?, true),
            };
            let is_http2 = sender.is_http2();
            let is_tls = self.tls.is_some();
            let request = fields.lend(|fields| fields::request(fields, body, is_tls, is_http2));
            let mut request = request.map_err(|_| Refusal::NoMessage)?;
            fields::tell_of_no_body(&mut request);
            match sender.send(request).await {
                Ok(response) => {
                    self.keep(sender);
                    return Ok(response);
                }
                // The connection was closed before it was used: another may be better.
                Err(NotSent::AsItWas(request)) if !is_new => body = request.into_body(),
                Err(NotSent::AsItWas(_)) => return Err(Refusal::Broken),
                Err(NotSent::Broken(error)) => {
                    debug!(upstream = &*self.name, "broke off: {error}");
                    return Err(Refusal::Broken);
                }
            }
        }
    }

    async fn connect(&self) -> Result<Sender, Refusal> {
        let connected = connect::connect(&self.settings, self.tls.as_ref());
        let connected = timeout(ms(self.settings.connect_ms), connected).await;
        let why = match connected {
            Ok(Ok(sender)) => return Ok(sender),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it takes too long".to_owned(),
        };
        debug!(upstream = &*self.name, "cannot be reached: {why}");
        Err(Refusal::Unreachable)
    }

    /// A connection that can take a request.
    fn idle(&self) -> Option<Sender> {
        let mut idle = self.idle.borrow_mut();
        idle.retain(|(sender, since)| since.elapsed() < KEPT && sender.is_open());
        match idle.last()?.0.shared() {
            Some(sender) => Some(sender),
            None => idle.pop().map(|(sender, _)| sender),
        }
    }

    /// Keeps a connection for when its answer is through.
    fn keep(self: &Rc<Self>, mut sender: Sender) {
        let this = Rc::downgrade(self);
        spawn_local(async move {
            if !sender.is_ready().await {
                return;
            }
            let Some(this) = this.upgrade() else { return };
            let mut idle = this.idle.borrow_mut();
            // One connection of HTTP/2 takes all.
            idle.retain(|(kept, _)| !(kept.is_http2() && sender.is_http2()));
            if idle.len() < MOST {
                idle.push((sender, Instant::now()));
            }
        });
    }
}
