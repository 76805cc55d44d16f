//! What is implemented: what a filter and what all filters of an instance do.

use super::{Action, Answer, Connection, Exchange, Field, Peer, Phases, Side};

/// The filter of one request and its response. It is dropped when both are through.
pub trait Filter: Sized + 'static {
    /// What all filters of an instance share: the plugin as it is configured. `()` is a plugin
    /// without a configuration, `Vec<u8>` one that has nothing but that.
    type Root: Root;

    /// What it wants to be told of. The methods for other phases are never called.
    const PHASES: Phases;

    /// A request has begun.
    fn new(exchange: Exchange, root: &Self::Root) -> Self;

    /// The request's headers are here. `last` is whether nothing follows them.
    fn request_headers(&mut self, fields: u32, last: bool) -> Action {
        let _ = (fields, last);
        Action::Proceed
    }

    /// There is more of the request's body: in all so many bytes are here now.
    fn request_body(&mut self, size: u64, last: bool) -> Action {
        let _ = (size, last);
        Action::Proceed
    }

    /// The request's trailers are here.
    fn request_trailers(&mut self, fields: u32) -> Action {
        let _ = fields;
        Action::Proceed
    }

    /// The response's headers are here.
    fn response_headers(&mut self, fields: u32, last: bool) -> Action {
        let _ = (fields, last);
        Action::Proceed
    }

    /// There is more of the response's body.
    fn response_body(&mut self, size: u64, last: bool) -> Action {
        let _ = (size, last);
        Action::Proceed
    }

    /// The response's trailers are here.
    fn response_trailers(&mut self, fields: u32) -> Action {
        let _ = fields;
        Action::Proceed
    }

    /// The answer to a request that this filter made.
    fn answered(&mut self, call: u32, answer: &Answer) {
        let _ = (call, answer);
    }

    /// The last call: both ways are through.
    fn log(&mut self) {}
}

/// The filter of one connection. It is dropped when the connection is gone.
pub trait TcpFilter: Sized + 'static {
    /// What all filters of an instance share.
    type Root: Root;

    /// What it wants to be told of.
    const PHASES: Phases = Phases::TCP;

    /// A connection was made.
    fn new(connection: Connection, root: &Self::Root) -> Self;

    /// The connection is there.
    fn opened(&mut self) -> Action {
        Action::Proceed
    }

    /// There is more from one end: in all so many bytes are here now.
    fn data(&mut self, from: Side, size: u64, last: bool) -> Action {
        let _ = (from, size, last);
        Action::Proceed
    }

    /// One end was closed.
    fn closed(&mut self, of: Side, by: Peer) {
        let _ = (of, by);
    }

    /// The last call.
    fn log(&mut self) {}
}

/// What lives as long as the instance: a configured plugin. Its methods have `&self`, because its
/// filters may look at it.
pub trait Root: Sized + 'static {
    /// What it wants to be told of beside what its filters want.
    const PHASES: Phases = Phases::empty();

    /// Starts the plugin.
    ///
    /// # Errors
    /// What is wrong with its configuration.
    fn start(vm_configuration: Vec<u8>, configuration: Vec<u8>) -> Result<Self, String>;

    /// A new configuration for the plugin that runs.
    ///
    /// # Errors
    /// What is wrong with it.
    fn configure(&self, configuration: Vec<u8>) -> Result<(), String> {
        let _ = configuration;
        Ok(())
    }

    /// The period that was set has passed.
    fn tick(&self) {}

    /// There is something in a queue that the plugin opened.
    fn queue_ready(&self, queue: u32) {
        let _ = queue;
    }

    /// The host calls a function of the plugin's own.
    fn called(&self, function: u32, arguments: Vec<u8>) {
        let _ = (function, arguments);
    }

    /// The answer to a request that the root made.
    fn answered(&self, call: u32, answer: &Answer) {
        let _ = (call, answer);
    }

    /// The headers or the trailers of a call of gRPC.
    fn grpc_metadata(&self, call: u32, fields: Vec<Field>, trailing: bool) {
        let _ = (call, fields, trailing);
    }

    /// A message of a call of gRPC.
    fn grpc_message(&self, call: u32, message: Vec<u8>) {
        let _ = (call, message);
    }

    /// A call of gRPC is over.
    fn grpc_closed(&self, call: u32, status: u32, message: String) {
        let _ = (call, status, message);
    }

    /// The plugin is to end. Whether it is done.
    fn done(&self) -> bool {
        true
    }
}

/// A plugin without a configuration.
impl Root for () {
    fn start(_: Vec<u8>, _: Vec<u8>) -> Result<(), String> {
        Ok(())
    }
}

/// A plugin that has nothing but its configuration, as it was when it started.
impl Root for Vec<u8> {
    fn start(_: Vec<u8>, configuration: Vec<u8>) -> Result<Self, String> {
        Ok(configuration)
    }
}
