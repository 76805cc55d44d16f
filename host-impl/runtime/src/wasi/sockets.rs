//! Sockets as guests use them: wasmtime-wasi's, counted with the files.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, Host as _, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sockets::tcp_create_socket::Host as _;
use wasmtime_wasi::p2::bindings::sync::sockets::tcp::HostTcpSocket as _;
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket::Host as _;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, SocketError, SocketResult, TcpSocket, UdpSocket,
};
use wasmtime_wasi::sockets::WasiSocketsView as _;

use super::granted::{Grants, close};
use crate::guard::quota::{Full, Ticket};

/// The interfaces under the names that wasmtime-wasi gives them.
const TCP: &str = "wasi:sockets/tcp@0.2.12";
const UDP: &str = "wasi:sockets/udp@0.2.12";
const CREATE_TCP: &str = "wasi:sockets/tcp-create-socket@0.2.12";
pub(super) const CREATE_UDP: &str = "wasi:sockets/udp-create-socket@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;
type Accepted = (
    Resource<TcpSocket>,
    Resource<DynInputStream>,
    Resource<DynOutputStream>,
);

/// Adds the functions that make a socket, and the ends of sockets.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    link_at_once(linker)?;
    linker.instance(CREATE_UDP)?.func_wrap(
        "create-udp-socket",
        |mut cx: Cx<'_, T>, (family,): (IpAddressFamily,)| {
            let state = cx.data_mut();
            let made = ticket(state)
                .and_then(|ticket| Ok((state.sockets().create_udp_socket(family)?, ticket)));
            counted(state, made)
        },
    )
}

/// Adds all of them but those that wasmtime-wasi has in two forms: what is done at once, also where
/// guests may not block.
pub(super) fn link_at_once<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker.instance(CREATE_TCP)?.func_wrap(
        "create-tcp-socket",
        |mut cx: Cx<'_, T>, (family,): (IpAddressFamily,)| {
            let state = cx.data_mut();
            let made = ticket(state)
                .and_then(|ticket| Ok((state.sockets().create_tcp_socket(family)?, ticket)));
            counted(state, made)
        },
    )?;
    let mut tcp = linker.instance(TCP)?;
    tcp.func_wrap(
        "[method]tcp-socket.accept",
        |mut cx: Cx<'_, T>, (listener,): (Resource<TcpSocket>,)| accept(cx.data_mut(), listener),
    )?;
    tcp.resource(
        "tcp-socket",
        ResourceType::host::<TcpSocket>(),
        close::<T, TcpSocket>,
    )?;
    linker.instance(UDP)?.resource(
        "udp-socket",
        ResourceType::host::<UdpSocket>(),
        close::<T, UdpSocket>,
    )
}

/// What a function of WASI returns to the guest, or why it ends.
pub(super) type Answer<T> = wasmtime::Result<(Result<T, ErrorCode>,)>;

/// The right to make a socket, or the guest's error.
pub(super) fn ticket(state: &mut impl Grants) -> SocketResult<Ticket> {
    let granted = state.granted();
    granted.open().map_err(|full| match full {
        Full::Engine => ErrorCode::NewSocketLimit.into(),
        Full::Instance => SocketError::trap(granted.too_many_files()),
    })
}

/// What a guest gets that had the right to make a socket: counts the socket for as long as it is
/// open.
pub(super) fn counted<S: 'static>(
    state: &mut impl Grants,
    made: SocketResult<(Resource<S>, Ticket)>,
) -> Answer<Resource<S>> {
    let made = made.map(|(socket, ticket)| {
        state.granted().opened(socket.rep(), ticket);
        socket
    });
    Ok((answer(state, made)?,))
}

/// Accepts a connection. Only then it is known that there is one: a guest that has as many sockets
/// as it may can still wait for the next.
fn accept(state: &mut impl Grants, listener: Resource<TcpSocket>) -> Answer<Accepted> {
    let ticket = ticket(state);
    let accepted = state.sockets().accept(listener);
    let accepted = match answer(state, accepted)? {
        Ok(accepted) => accepted,
        Err(code) => return Ok((Err(code),)),
    };
    match answer(state, ticket)? {
        Ok(ticket) => {
            state.granted().opened(accepted.0.rep(), ticket);
            Ok((Ok(accepted),))
        }
        Err(code) => {
            let (socket, input, output) = accepted;
            let table = &mut state.granted().table;
            table.delete(input)?;
            table.delete(output)?;
            table.delete(socket)?;
            Ok((Err(code),))
        }
    }
}

/// What wasmtime-wasi returned, with the error that the guest gets apart from one that ends it.
fn answer<T>(
    state: &mut impl Grants,
    result: SocketResult<T>,
) -> wasmtime::Result<Result<T, ErrorCode>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) => state.sockets().convert_error_code(error).map(Err),
    }
}
