//! A proxy's host, as far as tests need one: it notes what filters ask for.

#![allow(dead_code, reason = "each of the tests uses a part of it")]

mod exchange;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use abide_proxy::host;
use abide_proxy::log::Level;
use abide_proxy::shared::Versioned;
use abide_proxy::types::Field;
use abide_proxy::{callout, grpc, metrics, queues};

pub(crate) use exchange::{Connection, Exchange};

/// The host. All of its clones are one.
#[derive(Debug, Clone, Default)]
pub(crate) struct App(Arc<Mutex<Noted>>);

/// What filters asked for.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) log: Vec<(Level, String)>,
    pub(crate) period: u32,
    pub(crate) calls: Vec<callout::Request>,
    pub(crate) grpc: Vec<String>,
    pub(crate) shared: HashMap<String, Versioned>,
    pub(crate) queues: Vec<(String, VecDeque<Vec<u8>>)>,
    pub(crate) metrics: Vec<(metrics::Kind, String, u64)>,
    pub(crate) is_done: bool,
}

impl App {
    pub(crate) fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was logged since this was last asked, without the levels.
    pub(crate) fn logged(&self) -> Vec<String> {
        let log = std::mem::take(&mut self.noted().log);
        log.into_iter().map(|(_, message)| message).collect()
    }
}

impl host::Log for App {
    fn log(&mut self, level: Level, message: &str) {
        self.noted().log.push((level, message.to_owned()));
    }

    fn lowest(&mut self) -> Level {
        Level::Debug
    }
}

impl host::Timer for App {
    fn now(&mut self) -> u64 {
        1_700_000_000_000_000_000
    }

    fn set_period(&mut self, ms: u32) {
        self.noted().period = ms;
    }
}

impl host::Http for App {
    type Exchange = Exchange;
}

impl host::Tcp for App {
    type Connection = Connection;
}

impl host::Callout for App {
    type Answer = Answer;

    fn send(&mut self, request: callout::Request) -> Result<u32, callout::NotSent> {
        if request.upstream != "auth" {
            return Err(callout::NotSent::UnknownUpstream);
        }
        let has = |name| request.fields.iter().any(|(found, _)| found == name);
        if ![":method", ":path", ":authority"].into_iter().all(has) {
            return Err(callout::NotSent::BadRequest);
        }
        let mut noted = self.noted();
        noted.calls.push(request);
        Ok(noted.calls.len() as u32)
    }

    fn cancel(&mut self, call: u32) {
        let _ = call;
    }
}

/// The answer to a request of a filter's own.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) fields: Vec<Field>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(fields: &[(&str, &str)], body: &str) -> Self {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Self {
            status: 200,
            fields: fields.iter().map(field).collect(),
            body: body.into(),
        }
    }
}

impl host::callout::Answer for Answer {
    fn status(&mut self) -> (u32, String) {
        (self.status.into(), String::new())
    }

    fn fields(&mut self) -> Vec<Field> {
        self.fields.clone()
    }

    fn body_size(&mut self) -> u64 {
        self.body.len() as u64
    }

    fn body(&mut self, start: u64, size: u64) -> Vec<u8> {
        exchange::part(&self.body, start, size)
    }

    fn trailers(&mut self) -> Vec<Field> {
        Vec::new()
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
        let message = String::from_utf8_lossy(message);
        let fields = metadata.len();
        self.called(
            upstream,
            format!("call {service}/{method} {message} {fields} {timeout_ms}"),
        )
    }

    fn open(
        &mut self,
        upstream: &str,
        service: &str,
        method: &str,
        _metadata: Vec<Field>,
    ) -> Result<u32, callout::NotSent> {
        self.called(upstream, format!("open {service}/{method}"))
    }

    fn send(&mut self, call: u32, message: &[u8], last: bool) -> Result<(), grpc::Error> {
        let message = String::from_utf8_lossy(message);
        self.done(call, format!("send {call} {message} {last}"))
    }

    fn close(&mut self, call: u32) -> Result<(), grpc::Error> {
        self.done(call, format!("close {call}"))
    }

    fn cancel(&mut self, call: u32) -> Result<(), grpc::Error> {
        self.done(call, format!("cancel {call}"))
    }
}

impl App {
    fn called(&self, upstream: &str, what: String) -> Result<u32, callout::NotSent> {
        if upstream != "auth" {
            return Err(callout::NotSent::UnknownUpstream);
        }
        let mut noted = self.noted();
        noted.grpc.push(what);
        Ok(noted.grpc.len() as u32)
    }

    fn done(&self, call: u32, what: String) -> Result<(), grpc::Error> {
        let mut noted = self.noted();
        if call == 0 || call as usize > noted.grpc.len() {
            return Err(grpc::Error::Unknown);
        }
        noted.grpc.push(what);
        Ok(())
    }
}

impl host::Shared for App {
    fn get(&mut self, key: &str) -> Option<Versioned> {
        self.noted().shared.get(key).cloned()
    }

    fn set(&mut self, key: &str, value: Option<Vec<u8>>, expected: u32) -> Result<(), Versioned> {
        let mut noted = self.noted();
        let found = noted.shared.get(key).cloned();
        let version = found.as_ref().map_or(0, |found| found.version);
        if let Some(found) = found
            && expected != 0
            && expected != version
        {
            return Err(found);
        }
        match value {
            None => drop(noted.shared.remove(key)),
            Some(value) => {
                let version = version + 1;
                noted
                    .shared
                    .insert(key.to_owned(), Versioned { value, version });
            }
        }
        Ok(())
    }
}

impl host::Queues for App {
    fn open(&mut self, name: &str) -> u32 {
        if let Some(queue) = self.find("", name) {
            return queue;
        }
        let mut noted = self.noted();
        noted.queues.push((name.to_owned(), VecDeque::new()));
        noted.queues.len() as u32
    }

    fn find(&mut self, vm: &str, name: &str) -> Option<u32> {
        let noted = self.noted();
        let mut names = noted.queues.iter().map(|(name, _)| name);
        let at = names.position(|found| found == name && ["", "vm"].contains(&vm))?;
        Some(at as u32 + 1)
    }

    fn push(&mut self, queue: u32, value: &[u8]) -> Result<(), queues::Error> {
        let mut noted = self.noted();
        let queue = noted.queues.get_mut((queue as usize).wrapping_sub(1));
        queue
            .ok_or(queues::Error::Unknown)?
            .1
            .push_back(value.to_vec());
        Ok(())
    }

    fn pop(&mut self, queue: u32) -> Result<Option<Vec<u8>>, queues::Error> {
        let mut noted = self.noted();
        let queue = noted.queues.get_mut((queue as usize).wrapping_sub(1));
        Ok(queue.ok_or(queues::Error::Unknown)?.1.pop_front())
    }
}

impl App {
    fn metric<R>(
        &self,
        metric: u32,
        work: impl FnOnce(&mut (metrics::Kind, String, u64)) -> R,
    ) -> Result<R, metrics::Error> {
        let mut noted = self.noted();
        let metric = noted.metrics.get_mut((metric as usize).wrapping_sub(1));
        Ok(work(metric.ok_or(metrics::Error::Unknown)?))
    }
}

impl host::Metrics for App {
    fn define(&mut self, kind: metrics::Kind, name: &str) -> Option<u32> {
        let mut noted = self.noted();
        noted.metrics.push((kind, name.to_owned(), 0));
        Some(noted.metrics.len() as u32)
    }

    fn record_value(&mut self, metric: u32, value: u64) -> Result<(), metrics::Error> {
        self.metric(metric, |metric| metric.2 = value)
    }

    fn increment(&mut self, metric: u32, by: i64) -> Result<(), metrics::Error> {
        self.metric(metric, |metric| metric.2 = metric.2.wrapping_add_signed(by))
    }

    fn value(&mut self, metric: u32) -> Result<u64, metrics::Error> {
        self.metric(metric, |metric| metric.2)
    }
}

impl host::Properties for App {
    fn get(&mut self, path: Vec<String>) -> Option<Vec<u8>> {
        (path == ["plugin_root_id"]).then(|| b"the-root".to_vec())
    }
}

impl host::Foreign for App {
    fn call(&mut self, name: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        (name == "reversed").then(|| arguments.iter().rev().copied().collect())
    }
}

impl host::Ending for App {
    fn done(&mut self) {
        self.noted().is_done = true;
    }
}
