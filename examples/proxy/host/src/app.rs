//! What the proxy offers a filter: one value for each filter and worker, cloned for its VMs.
//!
//! Nothing here waits or calls a filter.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use abide_proxy::log::Level;
use abide_proxy::shared::Versioned;
use abide_proxy::types::{Field, Side, Unavailable};
use abide_proxy::{callout, grpc, host, metrics, queues};
use bytes::Bytes;
use tokio::sync::mpsc::{Sender, channel};
use tracing::{debug, error, info, trace, warn};

use crate::answer::Answer;
use crate::config::Config;
use crate::exchange::Exchange;
use crate::fields::first;
use crate::grpc::{Begin, framed};
use crate::notes::{Made, Notes};
use crate::shared::Shared;
use crate::trace::Trace;

/// The host of one filter on one worker.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) filter: Arc<str>,
    pub(crate) config: Arc<Config>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) notes: Arc<Notes>,
    pub(crate) trace: Option<Arc<Trace>>,
}

impl host::Log for App {
    fn log(&mut self, level: Level, message: &str) {
        let filter = &*self.filter;
        if let Some(trace) = &self.trace {
            trace.line(filter, &format!("wasm log {filter}: {message}"));
        }
        match self.notes.may_log(message.len()) {
            Ok(0) => {}
            Ok(dropped) => warn!(
                filter,
                "{dropped} messages were dropped: there were too many"
            ),
            Err(()) => return,
        }
        match level {
            Level::Trace => trace!(filter, "{message}"),
            Level::Debug => debug!(filter, "{message}"),
            Level::Info => info!(filter, "{message}"),
            Level::Warn => warn!(filter, "{message}"),
            Level::Error | Level::Critical => error!(filter, "{message}"),
        }
    }

    fn lowest(&mut self) -> Level {
        match tracing::enabled!(tracing::Level::DEBUG) {
            true => Level::Debug,
            false => Level::Info,
        }
    }
}

impl host::Timer for App {
    fn now(&mut self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
    }

    fn set_period(&mut self, ms: u32) {
        self.notes.set_period(ms);
    }
}

impl host::Http for App {
    type Exchange = Exchange;
}

impl host::Callout for App {
    type Answer = Answer;

    fn send(&mut self, request: callout::Request) -> Result<u32, callout::NotSent> {
        if !self.config.upstreams.contains_key(&request.upstream) {
            return Err(callout::NotSent::UnknownUpstream);
        }
        let has = |name| first(&request.fields, name).is_some();
        let is_whole = [":method", ":path", ":authority"].into_iter().all(has);
        if !is_whole || request.body.len() > self.config.limits.callout_bytes {
            return Err(callout::NotSent::BadRequest);
        }
        let made = Made::Request(request);
        self.notes.make(made, self.config.limits.callouts)
    }

    fn cancel(&mut self, call: u32) {
        self.notes.cancel(call);
    }
}

impl host::Shared for App {
    fn get(&mut self, key: &str) -> Option<Versioned> {
        self.shared.data.get(key)
    }

    fn set(&mut self, key: &str, value: Option<Vec<u8>>, expected: u32) -> Result<(), Versioned> {
        self.shared.data.set(key, value, expected)
    }
}

impl host::Queues for App {
    fn open(&mut self, name: &str) -> u32 {
        let reader = Arc::downgrade(&self.notes);
        self.shared.queues.open(&self.filter, name, reader)
    }

    /// A VM has the name of its filter.
    fn find(&mut self, vm: &str, name: &str) -> Option<u32> {
        let vm = if vm.is_empty() { &self.filter } else { vm };
        self.shared.queues.find(vm, name)
    }

    fn push(&mut self, queue: u32, value: &[u8]) -> Result<(), queues::Error> {
        self.shared.queues.push(queue, value)
    }

    fn pop(&mut self, queue: u32) -> Result<Option<Vec<u8>>, queues::Error> {
        self.shared.queues.pop(queue)
    }
}

impl host::Metrics for App {
    fn define(&mut self, kind: metrics::Kind, name: &str) -> Option<u32> {
        self.shared.figures.define(kind, name)
    }

    fn record_value(&mut self, metric: u32, value: u64) -> Result<(), metrics::Error> {
        self.shared.figures.record(metric, value)
    }

    fn increment(&mut self, metric: u32, by: i64) -> Result<(), metrics::Error> {
        self.shared.figures.increment(metric, by)
    }

    fn value(&mut self, metric: u32) -> Result<u64, metrics::Error> {
        self.shared.figures.value(metric)
    }
}

impl host::Properties for App {
    fn get(&mut self, path: Vec<String>) -> Option<Vec<u8>> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["plugin_name" | "plugin_root_id" | "plugin_vm_id"] => {
                Some(self.filter.as_bytes().to_vec())
            }
            _ => None,
        }
    }
}

/// There are no functions of this proxy's own.
impl host::Foreign for App {
    fn call(&mut self, _name: &str, _arguments: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// A plugin that asked for time has it for as long as its VM may drain: nobody waits for it to say
/// that it is done.
impl host::Ending for App {
    fn done(&mut self) {}
}

/// This proxy passes on HTTP only: there is no connection that a filter could be given.
#[derive(Debug, Clone)]
pub(crate) enum NoConnection {}

impl host::Tcp for App {
    type Connection = NoConnection;
}

impl host::tcp::Connection for NoConnection {
    fn data_size(&mut self, _from: Side) -> Result<u64, Unavailable> {
        match *self {}
    }

    fn data(&mut self, _from: Side, _start: u64, _size: u64) -> Result<Vec<u8>, Unavailable> {
        match *self {}
    }

    fn replace_data(
        &mut self,
        _from: Side,
        _start: u64,
        _size: u64,
        _bytes: &[u8],
    ) -> Result<(), Unavailable> {
        match *self {}
    }

    fn resume(&mut self, _of: Side) -> Result<(), Unavailable> {
        match *self {}
    }

    fn close(&mut self, _of: Side) -> Result<(), Unavailable> {
        match *self {}
    }

    fn property(&mut self, _path: Vec<String>) -> Option<Vec<u8>> {
        match *self {}
    }

    fn set_property(&mut self, _path: Vec<String>, _value: &[u8]) -> Result<(), Unavailable> {
        match *self {}
    }
}

/// How many messages of a stream of gRPC wait to be sent, at most.
const MESSAGES: usize = 64;

impl App {
    /// Something, if a filter may send as much.
    fn is_small(&self, message: &[u8]) -> Option<()> {
        (message.len() <= self.config.limits.callout_bytes).then_some(())
    }

    /// Begins a call of gRPC; where its messages go.
    fn begin(
        &self,
        upstream: &str,
        fields: Vec<Field>,
        limit: Option<Duration>,
    ) -> Result<(u32, Sender<Bytes>), callout::NotSent> {
        if !self.config.upstreams.contains_key(upstream) {
            return Err(callout::NotSent::UnknownUpstream);
        }
        let (sender, messages) = channel(MESSAGES);
        let begin = Begin {
            upstream: upstream.to_owned(),
            fields,
            messages,
            limit,
        };
        let made = Made::Grpc(begin);
        let call = self.notes.make(made, self.config.limits.callouts)?;
        Ok((call, sender))
    }
}

impl host::Grpc for App {
    fn call(
        &mut self,
        upstream: &str,
        service: &str,
        method: &str,
        metadata: Vec<Field>,
        message: &[u8],
        timeout_ms: u32,
    ) -> Result<u32, callout::NotSent> {
        self.is_small(message).ok_or(callout::NotSent::BadRequest)?;
        let fields = crate::grpc::request(upstream, service, method, metadata);
        let limit = Duration::from_millis(timeout_ms.into());
        let (call, messages) = self.begin(upstream, fields, Some(limit))?;
        // There is room for one, and nobody has taken it away.
        let _ = messages.try_send(framed(message));
        self.notes.stream(call, None);
        Ok(call)
    }

    fn open(
        &mut self,
        upstream: &str,
        service: &str,
        method: &str,
        metadata: Vec<Field>,
    ) -> Result<u32, callout::NotSent> {
        let fields = crate::grpc::request(upstream, service, method, metadata);
        let (call, messages) = self.begin(upstream, fields, None)?;
        self.notes.stream(call, Some(messages));
        Ok(call)
    }

    fn send(&mut self, call: u32, message: &[u8], last: bool) -> Result<(), grpc::Error> {
        self.is_small(message).ok_or(grpc::Error::NotOpen)?;
        self.notes.push(call, Some(framed(message)), last)
    }

    fn close(&mut self, call: u32) -> Result<(), grpc::Error> {
        self.notes.push(call, None, true)
    }

    fn cancel(&mut self, call: u32) -> Result<(), grpc::Error> {
        if !self.notes.has_stream(call) {
            return Err(grpc::Error::Unknown);
        }
        self.notes.cancel(call);
        Ok(())
    }
}
