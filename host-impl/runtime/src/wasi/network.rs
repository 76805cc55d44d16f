//! Which addresses a guest may talk to, and listen on.
//!
//! How addresses are written is the job of `address`.

use std::net::SocketAddr;
use std::sync::Arc;

use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::sockets::SocketAddrUse;

use super::address::{AddressError, Addresses};
use crate::error::BoxedError;

/// What a guest may do with the network, for [`Wasi::network`](crate::Wasi::network).
///
/// [`Network::new`] allows nothing. Each function below adds to what is allowed. Anything else is
/// refused with the guest's own error, `access-denied`.
///
/// Addresses are written as an IP address or a network, a colon, and a port:
///
/// | text | means |
/// | --- | --- |
/// | `10.0.0.1:443` | one address and one port |
/// | `10.0.0.0/8:443` | a network: all addresses that begin with the same 8 bits |
/// | `[fd00::1]:443`, `[fd00::/8]:443` | the same of IPv6, in brackets |
/// | `*:443` | every address |
/// | `10.0.0.1:8000-8999` | a range of ports, both ends included |
/// | `10.0.0.1:*` | every port, also one that the system chooses |
///
/// Names are no addresses: a guest looks them up itself, if it may. Text that is no address makes
/// loading a guest fail.
///
/// How many sockets a guest may have at once is [`Limits::open_files`](crate::Limits::open_files),
/// how many names it may look up at the same time
/// [`Limits::name_lookups`](crate::Limits::name_lookups).
///
/// ```
/// use abide_host::{Network, Wasi};
///
/// let network = Network::new()
///     .tcp_connect("10.0.0.0/8:443")
///     .tcp_connect("[fd00::/8]:443")
///     .name_lookup();
/// let wasi = Wasi::new().network(network);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Network {
    tcp_connect: Vec<Addresses>,
    tcp_listen: Vec<Addresses>,
    udp_send: Vec<Addresses>,
    udp_bind: Vec<Addresses>,
    name_lookup: bool,
    wrong: Vec<Wrong>,
}

/// Text that is no address.
#[derive(Debug, Clone)]
struct Wrong {
    setter: &'static str,
    text: Box<str>,
    error: AddressError,
}

impl Network {
    /// Allows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the guest connect to these addresses over TCP.
    ///
    /// ```
    /// let network = abide_host::Network::new().tcp_connect("192.0.2.7:5432");
    /// ```
    pub fn tcp_connect(mut self, addresses: impl AsRef<str>) -> Self {
        let read = self.read("tcp_connect", addresses.as_ref());
        self.tcp_connect.extend(read);
        self
    }

    /// Lets the guest listen on these addresses of the host's machine, and accept whoever connects
    /// there over TCP.
    ///
    /// To let the system choose the port takes all of them: `127.0.0.1:*`.
    ///
    /// ```
    /// let network = abide_host::Network::new().tcp_listen("127.0.0.1:8080");
    /// ```
    pub fn tcp_listen(mut self, addresses: impl AsRef<str>) -> Self {
        let read = self.read("tcp_listen", addresses.as_ref());
        self.tcp_listen.extend(read);
        self
    }

    /// Lets the guest send datagrams to these addresses over UDP, and receive their answers.
    ///
    /// ```
    /// let network = abide_host::Network::new().udp_send("192.0.2.53:53");
    /// ```
    pub fn udp_send(mut self, addresses: impl AsRef<str>) -> Self {
        let read = self.read("udp_send", addresses.as_ref());
        self.udp_send.extend(read);
        self
    }

    /// Lets the guest receive datagrams on these addresses of the host's machine, from whoever
    /// sends them.
    ///
    /// It may answer only those to whom it [may send](Self::udp_send). To let the system choose the
    /// port takes all of them: `127.0.0.1:*`.
    ///
    /// ```
    /// let network = abide_host::Network::new().udp_bind("127.0.0.1:5353").udp_send("127.0.0.1:*");
    /// ```
    pub fn udp_bind(mut self, addresses: impl AsRef<str>) -> Self {
        let read = self.read("udp_bind", addresses.as_ref());
        self.udp_bind.extend(read);
        self
    }

    /// Lets the guest look up the addresses of any name.
    ///
    /// Whoever answers for a name sees that it is looked up: a guest that may do so can send out
    /// what it knows, in names.
    ///
    /// ```
    /// let network = abide_host::Network::new().tcp_connect("*:443").name_lookup();
    /// ```
    pub fn name_lookup(mut self) -> Self {
        self.name_lookup = true;
        self
    }

    fn read(&mut self, setter: &'static str, text: &str) -> Option<Addresses> {
        let read = text.parse();
        read.map_err(|error| {
            self.wrong.push(Wrong {
                setter,
                text: text.into(),
                error,
            });
        })
        .ok()
    }

    /// Whether a guest may use an address in some way.
    fn allows(&self, address: SocketAddr, used: SocketAddrUse) -> bool {
        let covered = |list: &[Addresses]| list.iter().any(|some| some.cover(address));
        // Before a guest connects or sends, its socket is bound to no address in particular, and
        // the system chooses the port. By itself this lets nobody in: a socket listens with
        // permission only, and receives only from those below.
        let any = address.ip().is_unspecified() && address.port() == 0;
        match used {
            SocketAddrUse::TcpConnect => covered(&self.tcp_connect),
            SocketAddrUse::TcpBind => {
                covered(&self.tcp_listen) || any && !self.tcp_connect.is_empty()
            }
            SocketAddrUse::TcpListen => covered(&self.tcp_listen),
            // Whoever found the way to an address that the guest may listen on.
            SocketAddrUse::TcpAccept => !self.tcp_listen.is_empty(),
            SocketAddrUse::UdpSend => covered(&self.udp_send),
            SocketAddrUse::UdpBind => covered(&self.udp_bind) || any && !self.udp_send.is_empty(),
            SocketAddrUse::UdpReceive => !self.udp_bind.is_empty() || covered(&self.udp_send),
        }
    }

    pub(super) fn may_look_up(&self) -> bool {
        self.name_lookup
    }

    /// The error of what was allowed and is no address.
    pub(super) fn check(&self) -> Result<(), (String, BoxedError)> {
        let Some(wrong) = self.wrong.first() else {
            return Ok(());
        };
        let Wrong {
            setter,
            text,
            error,
        } = wrong;
        let reason = format!(
            "`{text}`, which `Network::{setter}` was called with, is not an address and a port"
        );
        Err((reason, Box::new(error.clone())))
    }

    /// Grants all of this to the instance that is being built.
    pub(super) fn grant(self: &Arc<Self>, builder: &mut WasiCtxBuilder) {
        let network = Arc::clone(self);
        builder
            .allow_tcp(!self.tcp_connect.is_empty() || !self.tcp_listen.is_empty())
            .allow_udp(!self.udp_send.is_empty() || !self.udp_bind.is_empty())
            .allow_ip_name_lookup(self.name_lookup)
            .socket_addr_check(move |address, used| {
                let allowed = network.allows(address, used);
                Box::pin(std::future::ready(allowed))
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a network allows of the uses of one address, in the order of `SocketAddrUse`.
    fn allowed(network: &Network, address: &str) -> String {
        let address = address.parse().expect("the test's address is one");
        let uses = [
            ('b', SocketAddrUse::TcpBind),
            ('l', SocketAddrUse::TcpListen),
            ('a', SocketAddrUse::TcpAccept),
            ('c', SocketAddrUse::TcpConnect),
            ('B', SocketAddrUse::UdpBind),
            ('S', SocketAddrUse::UdpSend),
            ('R', SocketAddrUse::UdpReceive),
        ];
        let allowed = uses
            .into_iter()
            .filter(|(_, used)| network.allows(address, *used));
        allowed.map(|(letter, _)| letter).collect()
    }

    #[test]
    fn each_use_is_allowed_by_itself() {
        let here = "192.0.2.1:7";
        assert_eq!(allowed(&Network::new(), here), "");
        assert_eq!(allowed(&Network::new().name_lookup(), here), "");
        assert_eq!(allowed(&Network::new().tcp_connect(here), here), "c");
        assert_eq!(allowed(&Network::new().tcp_listen(here), here), "bla");
        assert_eq!(allowed(&Network::new().udp_send(here), here), "SR");
        assert_eq!(allowed(&Network::new().udp_bind(here), here), "BR");

        let there = "192.0.2.2:7";
        assert_eq!(allowed(&Network::new().tcp_connect(here), there), "");
        // From anywhere, once somebody may come at all.
        assert_eq!(allowed(&Network::new().tcp_listen(here), there), "a");
        assert_eq!(allowed(&Network::new().udp_send(here), there), "");
        assert_eq!(allowed(&Network::new().udp_bind(here), there), "R");
    }

    #[test]
    fn who_may_connect_may_be_bound_to_nothing_in_particular() {
        let here = "192.0.2.1:7";
        for any in ["0.0.0.0:0", "[::]:0"] {
            assert_eq!(allowed(&Network::new().tcp_connect(here), any), "b");
            assert_eq!(allowed(&Network::new().udp_send(here), any), "B");
            assert_eq!(allowed(&Network::new().tcp_listen(here), any), "a");
        }
        for particular in ["0.0.0.0:7", "127.0.0.1:0"] {
            assert_eq!(allowed(&Network::new().tcp_connect(here), particular), "");
            assert_eq!(allowed(&Network::new().udp_send(here), particular), "");
        }
    }
}
