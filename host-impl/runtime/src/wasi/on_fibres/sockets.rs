//! Sockets: what makes a socket of the sort that is awaited.

use wasmtime::StoreContextMut;
use wasmtime::component::Linker;
use wasmtime_wasi::p2::bindings::sockets::network::IpAddressFamily;
use wasmtime_wasi::p2::bindings::sockets::udp_create_socket::Host as _;
use wasmtime_wasi::sockets::WasiSocketsView as _;

use super::super::granted::Grants;
use super::super::sockets::{CREATE_UDP, counted, link_at_once, ticket};

type Cx<'a, T> = StoreContextMut<'a, T>;

/// Adds the functions that make a socket, and the ends of sockets.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    link_at_once(linker)?;
    linker.instance(CREATE_UDP)?.func_wrap_async(
        "create-udp-socket",
        |mut cx: Cx<'_, T>, (family,): (IpAddressFamily,)| {
            Box::new(async move {
                let state = cx.data_mut();
                let made = match ticket(state) {
                    Ok(ticket) => {
                        let made = state.sockets().create_udp_socket(family).await;
                        made.map(|socket| (socket, ticket))
                    }
                    Err(error) => Err(error),
                };
                counted(state, made)
            })
        },
    )
}
