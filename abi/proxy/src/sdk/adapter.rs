//! What makes of a [`Filter`] what the WIT exports.

use std::cell::RefCell;
use std::marker::PhantomData;

use super::{
    Action, Answer, Connection, Exchange, Field, Filter, Peer, Phases, Root, Side, TcpFilter,
};
use crate::guest;
use crate::guest::exports::plugin;

/// The plugin that two kinds of filters are. One of them may be [`Unused`].
#[derive(Debug)]
pub struct Plugin<F, T>(PhantomData<(F, T)>);

/// In the place of a kind of filters that a plugin does not have.
#[derive(Debug)]
pub struct Unused<R>(PhantomData<R>);

impl<R: Root> Filter for Unused<R> {
    type Root = R;
    const PHASES: Phases = Phases::empty();

    fn new(_: Exchange, _: &R) -> Self {
        Self(PhantomData)
    }
}

impl<R: Root> TcpFilter for Unused<R> {
    type Root = R;
    const PHASES: Phases = Phases::empty();

    fn new(_: Connection, _: &R) -> Self {
        Self(PhantomData)
    }
}

impl<F: Filter, T: TcpFilter<Root = F::Root>> guest::Plugin for Plugin<F, T> {
    type Root = RootOf<F, T>;
    type HttpFilter = HttpOf<F>;
    type TcpFilter = TcpOf<T>;
}

/// The exported root of a plugin.
#[derive(Debug)]
pub struct RootOf<F: Filter, T> {
    root: F::Root,
    filters: PhantomData<(F, T)>,
}

impl<F: Filter, T: TcpFilter<Root = F::Root>> plugin::GuestRoot for RootOf<F, T> {
    fn start(vm_configuration: Vec<u8>, configuration: Vec<u8>) -> Result<plugin::Root, String> {
        let root = F::Root::start(vm_configuration, configuration)?;
        Ok(plugin::Root::new(Self {
            root,
            filters: PhantomData,
        }))
    }

    fn phases(&self) -> Phases {
        F::PHASES | T::PHASES | F::Root::PHASES
    }

    fn configure(&self, configuration: Vec<u8>) -> Result<(), String> {
        self.root.configure(configuration)
    }

    fn tick(&self) {
        self.root.tick();
    }

    fn queue_ready(&self, queue: u32) {
        self.root.queue_ready(queue);
    }

    fn called(&self, function: u32, arguments: Vec<u8>) {
        self.root.called(function, arguments);
    }

    fn answered(&self, call: u32, answer: &Answer) {
        self.root.answered(call, answer);
    }

    fn grpc_metadata(&self, call: u32, fields: Vec<Field>, trailing: bool) {
        self.root.grpc_metadata(call, fields, trailing);
    }

    fn grpc_message(&self, call: u32, message: Vec<u8>) {
        self.root.grpc_message(call, message);
    }

    fn grpc_closed(&self, call: u32, status: u32, message: String) {
        self.root.grpc_closed(call, status, message);
    }

    fn done(&self) -> bool {
        self.root.done()
    }

    fn filter(&self, exchange: Exchange) -> plugin::HttpFilter {
        plugin::HttpFilter::new(HttpOf(RefCell::new(F::new(exchange, &self.root))))
    }

    fn connected(&self, connection: Connection) -> plugin::TcpFilter {
        plugin::TcpFilter::new(TcpOf(RefCell::new(T::new(connection, &self.root))))
    }
}

/// The exported filter of an exchange. A host calls one method of it at a time.
#[derive(Debug)]
pub struct HttpOf<F>(RefCell<F>);

impl<F: Filter> plugin::GuestHttpFilter for HttpOf<F> {
    fn request_headers(&self, fields: u32, last: bool) -> Action {
        self.0.borrow_mut().request_headers(fields, last)
    }

    fn request_body(&self, size: u64, last: bool) -> Action {
        self.0.borrow_mut().request_body(size, last)
    }

    fn request_trailers(&self, fields: u32) -> Action {
        self.0.borrow_mut().request_trailers(fields)
    }

    fn response_headers(&self, fields: u32, last: bool) -> Action {
        self.0.borrow_mut().response_headers(fields, last)
    }

    fn response_body(&self, size: u64, last: bool) -> Action {
        self.0.borrow_mut().response_body(size, last)
    }

    fn response_trailers(&self, fields: u32) -> Action {
        self.0.borrow_mut().response_trailers(fields)
    }

    fn answered(&self, call: u32, answer: &Answer) {
        self.0.borrow_mut().answered(call, answer);
    }

    fn log(&self) {
        self.0.borrow_mut().log();
    }
}

/// The exported filter of a connection.
#[derive(Debug)]
pub struct TcpOf<T>(RefCell<T>);

impl<T: TcpFilter> plugin::GuestTcpFilter for TcpOf<T> {
    fn opened(&self) -> Action {
        self.0.borrow_mut().opened()
    }

    fn data(&self, from: Side, size: u64, last: bool) -> Action {
        self.0.borrow_mut().data(from, size, last)
    }

    fn closed(&self, of: Side, by: Peer) {
        self.0.borrow_mut().closed(of, by);
    }

    fn log(&self) {
        self.0.borrow_mut().log();
    }
}
