//! What an instance of a module has of its host: the application's value, and what proxy-wasm keeps
//! from one call to the next.
//!
//! It knows no guest.

use std::sync::Arc;
use std::time::Instant;

use abide_proxy::host::{self, callout::Answer as _};
use abide_proxy::types::{Field, Part};
use parking_lot::Mutex;

use crate::codes::Map;
use crate::contexts::{Context, Contexts, ROOT};
use crate::host::{Answer, Connection, Exchange, Host};
use crate::status::Status;

/// Callbacks in which some functions answer otherwise.
const CONFIGURE: &str = "proxy_on_configure";
const LOG: &str = "proxy_on_log";
const DONE: &str = "proxy_on_done";

/// Where the lines of a [trace](Env::traced) go.
pub(crate) type Trace = Arc<dyn Fn(&str) + Send + Sync>;

/// The host of modules of proxy-wasm: an application, as [`Callbacks::builder`](crate::Callbacks::builder)
/// takes it.
pub struct Env<H: Host> {
    pub(crate) host: H,
    pub(crate) trace: Option<Trace>,
    /// What the context ids stand for. Alone in a lock that is never taken: a host may be shared by
    /// threads, what it lends to filters need not.
    contexts: Mutex<Contexts<H>>,
    /// The context that functions work on.
    pub(crate) effective: u32,
    /// The callback that runs, or that ran last.
    pub(crate) callback: &'static str,
    pub(crate) vm_configuration: Vec<u8>,
    pub(crate) configuration: Vec<u8>,
    /// The answer whose callback runs.
    answer: Mutex<Option<Answer<H>>>,
    /// What came of a call of gRPC, while its callback runs.
    pub(crate) grpc: Received,
    /// The status of the last answer, and its text.
    pub(crate) status: (u32, String),
    /// The arguments of the function that is called.
    pub(crate) arguments: Option<Vec<u8>>,
    /// Whether the plugin asked for time before it ends.
    pub(crate) is_ending: bool,
    pub(crate) started: Instant,
}

/// What came of a call of gRPC.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) headers: Option<Vec<Field>>,
    pub(crate) trailers: Option<Vec<Field>>,
    pub(crate) message: Option<Vec<u8>>,
}

impl<H: Host> Env<H> {
    /// Serves guests with an application.
    pub fn new(host: H) -> Self {
        Self {
            host,
            trace: None,
            contexts: Mutex::default(),
            effective: ROOT,
            callback: "",
            vm_configuration: Vec::new(),
            configuration: Vec::new(),
            answer: Mutex::new(None),
            grpc: Received::default(),
            status: (0, String::new()),
            arguments: None,
            is_ending: false,
            started: Instant::now(),
        }
    }

    /// Writes every call between host and guest, both ways, in the format of Envoy's trace of `wasm`.
    pub fn traced(mut self, line: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.trace = Some(Arc::new(line));
        self
    }

    pub(crate) fn contexts(&mut self) -> &mut Contexts<H> {
        self.contexts.get_mut()
    }

    pub(crate) fn set_answer(&mut self, answer: Option<Answer<H>>) {
        *self.answer.get_mut() = answer;
    }

    pub(crate) fn answer(&mut self) -> Option<&mut Answer<H>> {
        self.answer.get_mut().as_mut()
    }

    /// The exchange that the effective context is, if it is one.
    pub(crate) fn exchange(&mut self) -> Option<&mut Exchange<H>> {
        match self.contexts.get_mut().get_mut(&self.effective) {
            Some(Context::Http(exchange)) => Some(exchange),
            _ => None,
        }
    }

    /// The connection that the effective context is, if it is one.
    pub(crate) fn connection(&mut self) -> Option<&mut Connection<H>> {
        match self.contexts.get_mut().get_mut(&self.effective) {
            Some(Context::Tcp(connection)) => Some(connection),
            _ => None,
        }
    }

    /// What can be read and written of a list of fields: a part of an exchange. Of a stream that is
    /// done, headers are gone.
    pub(crate) fn part(&mut self, map: Map) -> Result<(&mut Exchange<H>, Part), Status> {
        if self.callback == DONE && is_headers(map) {
            return Err(Status::BadArgument);
        }
        match map {
            Map::Of(part) => Ok((self.exchange().ok_or(Status::BadArgument)?, part)),
            _ => Err(Status::BadArgument),
        }
    }

    /// The fields of a list that is there to be read only; none if it is not there.
    pub(crate) fn received(&mut self, map: Map) -> Option<Vec<Field>> {
        match map {
            Map::Of(_) => None,
            Map::GrpcHeaders => self.grpc.headers.clone(),
            Map::GrpcTrailers => self.grpc.trailers.clone(),
            Map::AnswerHeaders => Some(self.answer()?.fields()),
            Map::AnswerTrailers => Some(self.answer()?.trailers()),
        }
    }

    /// The plugin's configuration, which guests get only while they are configured.
    pub(crate) fn configuring(&self) -> Option<&[u8]> {
        (self.callback == CONFIGURE).then_some(&self.configuration)
    }

    pub(crate) fn is_logging(&self) -> bool {
        self.callback == LOG
    }

    pub(crate) fn is_context(&mut self, id: u32) -> bool {
        id == ROOT || self.contexts().contains_key(&id)
    }
}

/// Whether a list of fields is the headers of an exchange.
pub(crate) fn is_headers(map: Map) -> bool {
    matches!(map, Map::Of(Part::RequestHeaders | Part::ResponseHeaders))
}

/// The parts of the host that serve the interfaces.
macro_rules! parts {
    ($($name:ident: $provides:ident;)*) => {
        impl<H: Host> Env<H> {$(
            #[inline]
            pub(crate) fn $name(&mut self) -> &mut <H as host::$provides>::Impl {
                <H as host::$provides>::provide(&mut self.host)
            }
        )*}
    };
}

parts! {
    log: ProvidesLog;
    timer: ProvidesTimer;
    callout: ProvidesCallout;
    calls: ProvidesGrpc;
    shared: ProvidesShared;
    queues: ProvidesQueues;
    metrics: ProvidesMetrics;
    properties: ProvidesProperties;
    foreign: ProvidesForeign;
    ending: ProvidesEnding;
}

/// Every instance begins with nothing but its application.
impl<H: Host> Clone for Env<H> {
    fn clone(&self) -> Self {
        Self {
            trace: self.trace.clone(),
            ..Self::new(self.host.clone())
        }
    }
}

impl<H: Host> std::fmt::Debug for Env<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("effective", &self.effective)
            .finish_non_exhaustive()
    }
}
