//! Sockets as guests use them: wasmtime-wasi's, counted with the files.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, Host as _, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sockets::tcp_create_socket::Host as _;
use wasmtime_wasi::p2::bindings::sync::sockets::tcp::HostTcpSocket as _;
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket::Host as _;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, SocketResult, TcpSocket, UdpSocket};
use wasmtime_wasi::sockets::WasiSocketsView as _;

use super::granted::{Grants, close};
use crate::guard::quota::Full;

/// The interfaces under the names that wasmtime-wasi gives them.
const TCP: &str = "wasi:sockets/tcp@0.2.12";
const UDP: &str = "wasi:sockets/udp@0.2.12";
const CREATE_TCP: &str = "wasi:sockets/tcp-create-socket@0.2.12";
const CREATE_UDP: &str = "wasi:sockets/udp-create-socket@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;
type Accepted = (
    Resource<TcpSocket>,
    Resource<DynInputStream>,
    Resource<DynOutputStream>,
);

/// Adds the functions that make a socket, and the ends of sockets.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker.instance(CREATE_TCP)?.func_wrap(
        "create-tcp-socket",
        |mut cx: Cx<'_, T>, (family,): (IpAddressFamily,)| {
            counted(cx.data_mut(), |state| {
                state.sockets().create_tcp_socket(family)
            })
        },
    )?;
    linker.instance(CREATE_UDP)?.func_wrap(
        "create-udp-socket",
        |mut cx: Cx<'_, T>, (family,): (IpAddressFamily,)| {
            counted(cx.data_mut(), |state| {
                state.sockets().create_udp_socket(family)
            })
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

type Answer<T> = wasmtime::Result<(Result<T, ErrorCode>,)>;

/// Makes a socket if one more may be open.
fn counted<T: Grants, S: 'static>(
    state: &mut T,
    make: impl FnOnce(&mut T) -> SocketResult<Resource<S>>,
) -> Answer<Resource<S>> {
    let ticket = match state.granted().open() {
        Ok(ticket) => ticket,
        Err(Full::Engine) => return Ok((Err(ErrorCode::NewSocketLimit),)),
        Err(Full::Instance) => return Err(state.granted().too_many_files()),
    };
    let made = make(state);
    let made = answer(state, made)?;
    if let Ok(socket) = &made {
        state.granted().opened(socket.rep(), ticket);
    }
    Ok((made,))
}

/// Accepts a connection. Only then it is known that there is one: a guest that has as many sockets
/// as it may can still wait for the next.
fn accept(state: &mut impl Grants, listener: Resource<TcpSocket>) -> Answer<Accepted> {
    let ticket = state.granted().open();
    let accepted = state.sockets().accept(listener);
    let accepted = match answer(state, accepted)? {
        Ok(accepted) => accepted,
        Err(code) => return Ok((Err(code),)),
    };
    match ticket {
        Ok(ticket) => {
            state.granted().opened(accepted.0.rep(), ticket);
            Ok((Ok(accepted),))
        }
        Err(Full::Instance) => Err(state.granted().too_many_files()),
        Err(Full::Engine) => {
            let (socket, input, output) = accepted;
            let table = &mut state.granted().table;
            table.delete(input)?;
            table.delete(output)?;
            table.delete(socket)?;
            Ok((Err(ErrorCode::NewSocketLimit),))
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
