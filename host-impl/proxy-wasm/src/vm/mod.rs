//! One plugin at work, of whichever form: what a proxy calls.
//!
//! It knows no connections and no threads.

mod component;
mod failure;
mod module;

use abide_proxy::plugin::Phases;
use abide_proxy::types::{Action, Field, Peer, Side};

use crate::host::{Answer, Connection, Exchange, Host};

pub(crate) use component::ComponentVm;
pub use failure::Failure;
pub(crate) use module::ModuleVm;

/// A stream of one VM: an exchange or a connection. No number is used twice in one VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub(crate) u32);

impl StreamId {
    /// A stream of a VM of one's own, which numbers them.
    pub fn new(number: u32) -> Self {
        Self(number)
    }
}

/// A plugin that was started and configured, in an instance of its own.
///
/// It is for one worker: each call stands still for as long as the plugin works. What a plugin asks for
/// during a call, such as an answer or a request of its own, the [`Host`]'s values note, and whoever
/// called does it when the call has returned: nothing calls a VM from inside of one of its calls.
///
/// After a [`Failure::Guest`] that [ended](FilterVm::is_alive) it, a VM is of no use, and all its streams
/// with it. [`Keeper`](crate::Keeper) puts another in its place.
pub trait FilterVm<H: Host>: Send {
    /// What the plugin wants to be told of. What it does not want can be called, and costs nothing.
    fn phases(&self) -> Phases;

    /// A request has begun.
    ///
    /// # Errors
    /// The plugin failed, as in all that follows.
    fn open(&mut self, exchange: Exchange<H>) -> Result<StreamId, Failure>;

    /// A connection was made.
    fn connect(&mut self, connection: Connection<H>) -> Result<StreamId, Failure>;

    /// The request's headers are here. `last` is whether nothing follows them.
    fn request_headers(&mut self, id: StreamId, fields: u32, last: bool)
    -> Result<Action, Failure>;

    /// There is more of the request's body: in all so many bytes are here now.
    fn request_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure>;

    /// The request's trailers are here.
    fn request_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure>;

    /// The response's headers are here.
    fn response_headers(
        &mut self,
        id: StreamId,
        fields: u32,
        last: bool,
    ) -> Result<Action, Failure>;

    /// There is more of the response's body.
    fn response_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure>;

    /// The response's trailers are here.
    fn response_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure>;

    /// A connection is there.
    fn opened(&mut self, id: StreamId) -> Result<Action, Failure>;

    /// There is more from one end of a connection: in all so many bytes are here now.
    fn data(&mut self, id: StreamId, from: Side, size: u32, last: bool) -> Result<Action, Failure>;

    /// One end of a connection was closed.
    fn closed(&mut self, id: StreamId, of: Side, by: Peer) -> Result<(), Failure>;

    /// The answer to a request of the plugin's own: of a stream that made it while it was called, or of
    /// the plugin itself. It is lent to the plugin, and dropped then.
    fn answered(
        &mut self,
        who: Option<StreamId>,
        call: u32,
        answer: Answer<H>,
    ) -> Result<(), Failure>;

    /// The headers or the trailers of a call of gRPC.
    fn grpc_metadata(
        &mut self,
        call: u32,
        fields: Vec<Field>,
        trailing: bool,
    ) -> Result<(), Failure>;

    /// A message of a call of gRPC.
    fn grpc_message(&mut self, call: u32, message: Vec<u8>) -> Result<(), Failure>;

    /// A call of gRPC is over.
    fn grpc_closed(&mut self, call: u32, status: u32, message: String) -> Result<(), Failure>;

    /// The period has passed that the plugin set.
    fn tick(&mut self) -> Result<(), Failure>;

    /// There is something in a queue that the plugin opened.
    fn queue_ready(&mut self, queue: u32) -> Result<(), Failure>;

    /// Calls a function of the plugin's own.
    fn called(&mut self, function: u32, arguments: Vec<u8>) -> Result<(), Failure>;

    /// Gives the plugin another configuration.
    ///
    /// # Errors
    /// [`Failure::Refused`] if it does not take it.
    fn configure(&mut self, configuration: Vec<u8>) -> Result<(), Failure>;

    /// A stream is through, both ways, and is logged. Where several plugins have it, all of them log it
    /// before any of them is done with it, as in Envoy.
    fn log(&mut self, id: StreamId) -> Result<(), Failure>;

    /// A stream is through and gone, logged before if it was not yet. What the host lent for it is
    /// dropped.
    fn close(&mut self, id: StreamId) -> Result<(), Failure>;

    /// Asks the plugin to end. Whether it has; if not it says so to the host later, and is then asked
    /// nothing more.
    fn finish(&mut self) -> Result<bool, Failure>;

    /// Whether it can still be called.
    fn is_alive(&self) -> bool;

    /// How many bytes of memory the plugin has.
    fn memory(&self) -> Result<usize, Failure>;
}
