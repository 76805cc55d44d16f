//! Sockets that several workers listen at: the system shares out the connections.

use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, Result};
use socket2::{Domain, Protocol, Socket, Type};

/// How many connections wait to be taken.
const BACKLOG: i32 = 1024;

/// So many sockets at one address. If its port is 0, they all have the same that is free.
///
/// # Errors
///
/// The address cannot be listened at.
pub(crate) fn sockets(address: SocketAddr, count: usize) -> Result<Vec<TcpListener>> {
    let wrong = || format!("cannot listen on {address}");
    let first = socket(address).with_context(wrong)?;
    let address = first.local_addr()?;
    let mut sockets = vec![first];
    while sockets.len() < count {
        sockets.push(socket(address).with_context(wrong)?);
    }
    Ok(sockets)
}

fn socket(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
