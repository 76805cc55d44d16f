//! Sockets as guests use them: wasmtime-wasi's, counted with the files.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, Host as _, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sockets::tcp_create_socket::Host as _;
use wasmtime_wasi::p2::bindings::sync::sockets::tcp::HostTcpSocket as _;
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket::Host as _;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, SocketResult, TcpSocket, UdpSocket};
use wasmtime_wasi::sockets::WasiSocketsView as _;

use crate::quota::Full;
use crate::state::State;

/// The interfaces under the names that wasmtime-wasi gives them.
const TCP: &str = "wasi:sockets/tcp@0.2.12";
const UDP: &str = "wasi:sockets/udp@0.2.12";
const CREATE_TCP: &str = "wasi:sockets/tcp-create-socket@0.2.12";
const CREATE_UDP: &str = "wasi:sockets/udp-create-socket@0.2.12";

type Cx<'a> = StoreContextMut<'a, State>;
type Accepted = (
    Resource<TcpSocket>,
    Resource<DynInputStream>,
    Resource<DynOutputStream>,
);

/// Adds the functions that make a socket, and the ends of sockets.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.instance(CREATE_TCP)?.func_wrap(
        "create-tcp-socket",
        |mut cx: Cx<'_>, (family,): (IpAddressFamily,)| {
            counted(
                cx.data_mut(),
                |state| state.sockets().create_tcp_socket(family),
                Resource::rep,
            )
        },
    )?;
    linker.instance(CREATE_UDP)?.func_wrap(
        "create-udp-socket",
        |mut cx: Cx<'_>, (family,): (IpAddressFamily,)| {
            counted(
                cx.data_mut(),
                |state| state.sockets().create_udp_socket(family),
                Resource::rep,
            )
        },
    )?;
    let mut tcp = linker.instance(TCP)?;
    tcp.func_wrap(
        "[method]tcp-socket.accept",
        |mut cx: Cx<'_>, (listener,): (Resource<TcpSocket>,)| {
            counted(
                cx.data_mut(),
                |state| state.sockets().accept(listener),
                |accepted: &Accepted| accepted.0.rep(),
            )
        },
    )?;
    tcp.resource(
        "tcp-socket",
        ResourceType::host::<TcpSocket>(),
        close::<TcpSocket>,
    )?;
    linker.instance(UDP)?.resource(
        "udp-socket",
        ResourceType::host::<UdpSocket>(),
        close::<UdpSocket>,
    )
}

/// Makes a socket if one more may be open. `rep` is the number of its resource.
fn counted<T>(
    state: &mut State,
    make: impl FnOnce(&mut State) -> SocketResult<T>,
    rep: impl FnOnce(&T) -> u32,
) -> wasmtime::Result<(Result<T, ErrorCode>,)> {
    let ticket = match state.granted().open() {
        Ok(ticket) => ticket,
        Err(Full::Engine) => return Ok((Err(ErrorCode::NewSocketLimit),)),
        Err(Full::Instance) => return Err(state.too_many_files()),
    };
    match make(state) {
        Ok(made) => {
            state.granted().opened(rep(&made), ticket);
            Ok((Ok(made),))
        }
        Err(error) => Ok((Err(state.sockets().convert_error_code(error)?),)),
    }
}

fn close<T: 'static>(mut cx: Cx<'_>, rep: u32) -> wasmtime::Result<()> {
    let granted = cx.data_mut().granted();
    granted.table.delete(Resource::<T>::new_own(rep))?;
    granted.closed(rep);
    Ok(())
}
