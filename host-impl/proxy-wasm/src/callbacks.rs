//! What modules of proxy-wasm export for their host to call.

use abide::module::{Bad, Returned, Ty};
use abide_proxy::types::Action;

/// What a callback has decided. Any other number than 0 and 1 ends the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided(pub Action);

impl Returned for Decided {
    type Core = u32;

    const TY: Option<Ty> = Some(Ty::I32);

    fn returned(core: u32) -> Result<Self, Bad> {
        match core {
            0 => Ok(Self(Action::Proceed)),
            1 => Ok(Self(Action::Pause)),
            _ => Err(Bad::UnknownCode),
        }
    }
}

/// A module of proxy-wasm, as it was loaded. Its methods are the callbacks of 0.2.1; what calls them
/// in the right order is [`ProxyWasm`](crate::ProxyWasm).
#[abide::module_exports(
    allocate = ["proxy_on_memory_allocate", "malloc"],
    start = [],
)]
pub trait Callbacks {
    /// Starts a module that is a library.
    fn _initialize();
    /// What a library of C or C++ runs afterwards.
    fn main(count: u32, arguments: u32) -> u32;
    /// Starts a module that is a program, which has to return.
    fn _start();

    /// There is a context: the root if it has no parent.
    fn proxy_on_context_create(id: u32, parent: u32);
    /// The VM starts, with a configuration of so many bytes.
    fn proxy_on_vm_start(id: u32, size: u32) -> bool;
    /// The plugin gets its configuration of so many bytes.
    fn proxy_on_configure(id: u32, size: u32) -> bool;
    /// Time has passed.
    fn proxy_on_tick(id: u32);
    /// There is something in a queue.
    fn proxy_on_queue_ready(id: u32, queue: u32);
    /// A function of the plugin's own is called, with arguments of so many bytes.
    fn proxy_on_foreign_function(id: u32, function: u32, size: u32);
    /// A context is to end. Whether it is done.
    fn proxy_on_done(id: u32) -> bool;
    /// A context has ended and can be logged.
    fn proxy_on_log(id: u32);
    /// A context is gone.
    fn proxy_on_delete(id: u32);

    /// The request's headers.
    fn proxy_on_request_headers(id: u32, fields: u32, last: bool) -> Decided;
    /// More of the request's body.
    fn proxy_on_request_body(id: u32, size: u32, last: bool) -> Decided;
    /// The request's trailers.
    fn proxy_on_request_trailers(id: u32, fields: u32) -> Decided;
    /// The response's headers.
    fn proxy_on_response_headers(id: u32, fields: u32, last: bool) -> Decided;
    /// More of the response's body.
    fn proxy_on_response_body(id: u32, size: u32, last: bool) -> Decided;
    /// The response's trailers.
    fn proxy_on_response_trailers(id: u32, fields: u32) -> Decided;

    /// The answer to a request of the plugin's own.
    fn proxy_on_http_call_response(id: u32, call: u32, fields: u32, body: u32, trailers: u32);
    /// The headers of a call of gRPC.
    fn proxy_on_grpc_receive_initial_metadata(id: u32, call: u32, fields: u32);
    /// A message of a call of gRPC.
    fn proxy_on_grpc_receive(id: u32, call: u32, size: u32);
    /// The trailers of a call of gRPC.
    fn proxy_on_grpc_receive_trailing_metadata(id: u32, call: u32, fields: u32);
    /// A call of gRPC is over.
    fn proxy_on_grpc_close(id: u32, call: u32, status: u32);

    /// A connection was made.
    fn proxy_on_new_connection(id: u32) -> Decided;
    /// More from the client.
    fn proxy_on_downstream_data(id: u32, size: u32, last: bool) -> Decided;
    /// More from the upstream.
    fn proxy_on_upstream_data(id: u32, size: u32, last: bool) -> Decided;
    /// The client's end was closed.
    fn proxy_on_downstream_connection_close(id: u32, by: u32);
    /// The upstream's end was closed.
    fn proxy_on_upstream_connection_close(id: u32, by: u32);
}
