//! A proxy's host, as far as the filters of the benchmarks need one: it counts what they log. For
//! everything else there is nobody to ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use abide_proxy::log::Level;
use abide_proxy::shared::Versioned;
use abide_proxy::types::{Field, Side, Unavailable};
use abide_proxy::{callout, grpc, host, metrics, queues};

use super::exchange::Exchange;

/// The host. All of its clones are one.
#[derive(Debug, Clone, Default)]
pub(super) struct App(Arc<AtomicU64>);

impl App {
    pub(super) fn logged(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl host::Log for App {
    fn log(&mut self, _: Level, _: &str) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn lowest(&mut self) -> Level {
        Level::Debug
    }
}

impl host::Timer for App {
    fn now(&mut self) -> u64 {
        0
    }

    fn set_period(&mut self, _: u32) {}
}

impl host::Http for App {
    type Exchange = Exchange;
}

impl host::Tcp for App {
    type Connection = Nothing;
}

/// In the place of what there is none of.
#[derive(Debug, Clone)]
pub(super) enum Nothing {}

impl host::tcp::Connection for Nothing {
    fn data_size(&mut self, _: Side) -> Result<u64, Unavailable> {
        match *self {}
    }

    fn data(&mut self, _: Side, _: u64, _: u64) -> Result<Vec<u8>, Unavailable> {
        match *self {}
    }

    fn replace_data(&mut self, _: Side, _: u64, _: u64, _: &[u8]) -> Result<(), Unavailable> {
        match *self {}
    }

    fn resume(&mut self, _: Side) -> Result<(), Unavailable> {
        match *self {}
    }

    fn close(&mut self, _: Side) -> Result<(), Unavailable> {
        match *self {}
    }

    fn property(&mut self, _: Vec<String>) -> Option<Vec<u8>> {
        match *self {}
    }

    fn set_property(&mut self, _: Vec<String>, _: &[u8]) -> Result<(), Unavailable> {
        match *self {}
    }
}

impl host::callout::Answer for Nothing {
    fn status(&mut self) -> (u32, String) {
        match *self {}
    }

    fn fields(&mut self) -> Vec<Field> {
        match *self {}
    }

    fn body_size(&mut self) -> u64 {
        match *self {}
    }

    fn body(&mut self, _: u64, _: u64) -> Vec<u8> {
        match *self {}
    }

    fn trailers(&mut self) -> Vec<Field> {
        match *self {}
    }
}

impl host::Callout for App {
    type Answer = Nothing;

    fn send(&mut self, _: callout::Request) -> Result<u32, callout::NotSent> {
        Err(callout::NotSent::UnknownUpstream)
    }

    fn cancel(&mut self, _: u32) {}
}

impl host::Grpc for App {
    fn call(
        &mut self,
        _: &str,
        _: &str,
        _: &str,
        _: Vec<Field>,
        _: &[u8],
        _: u32,
    ) -> Result<u32, callout::NotSent> {
        Err(callout::NotSent::UnknownUpstream)
    }

    fn open(&mut self, _: &str, _: &str, _: &str, _: Vec<Field>) -> Result<u32, callout::NotSent> {
        Err(callout::NotSent::UnknownUpstream)
    }

    fn send(&mut self, _: u32, _: &[u8], _: bool) -> Result<(), grpc::Error> {
        Err(grpc::Error::Unknown)
    }

    fn close(&mut self, _: u32) -> Result<(), grpc::Error> {
        Err(grpc::Error::Unknown)
    }

    fn cancel(&mut self, _: u32) -> Result<(), grpc::Error> {
        Err(grpc::Error::Unknown)
    }
}

impl host::Shared for App {
    fn get(&mut self, _: &str) -> Option<Versioned> {
        None
    }

    fn set(&mut self, _: &str, _: Option<Vec<u8>>, _: u32) -> Result<(), Versioned> {
        Ok(())
    }
}

impl host::Queues for App {
    fn open(&mut self, _: &str) -> u32 {
        1
    }

    fn find(&mut self, _: &str, _: &str) -> Option<u32> {
        None
    }

    fn push(&mut self, _: u32, _: &[u8]) -> Result<(), queues::Error> {
        Err(queues::Error::Unknown)
    }

    fn pop(&mut self, _: u32) -> Result<Option<Vec<u8>>, queues::Error> {
        Err(queues::Error::Unknown)
    }
}

impl host::Metrics for App {
    fn define(&mut self, _: metrics::Kind, _: &str) -> Option<u32> {
        None
    }

    fn record_value(&mut self, _: u32, _: u64) -> Result<(), metrics::Error> {
        Err(metrics::Error::Unknown)
    }

    fn increment(&mut self, _: u32, _: i64) -> Result<(), metrics::Error> {
        Err(metrics::Error::Unknown)
    }

    fn value(&mut self, _: u32) -> Result<u64, metrics::Error> {
        Err(metrics::Error::Unknown)
    }
}

impl host::Properties for App {
    fn get(&mut self, _: Vec<String>) -> Option<Vec<u8>> {
        None
    }
}

impl host::Foreign for App {
    fn call(&mut self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

impl host::Ending for App {
    fn done(&mut self) {}
}
