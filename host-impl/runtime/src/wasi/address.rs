//! Addresses that a guest may talk to: one or many, on one port or many, read from text.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::str::FromStr;

use ipnet::IpNet;

/// A set of addresses and ports: `10.0.0.0/8:443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// None is all of them.
    net: Option<IpNet>,
    ports: Ports,
}

/// A set of ports: `443`, `8000-8999` or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ports(RangeInclusive<u16>);

/// What is wrong with the text of an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("it has no port; write one after a colon, or `:*` for all")]
    NoPort,
    #[error("`{0}` is no port; a port is 1 to 65535, a range of them `8000-8999`, and `*` is all")]
    Port(Box<str>),
    #[error(
        "`{0}` is no IP address; one is `10.0.0.1` or `[fd00::1]`, a network `10.0.0.0/8` or \
         `[fd00::/8]`, and `*` is all; names are not looked up here"
    )]
    Ip(Box<str>),
}

impl Addresses {
    pub(crate) fn cover(&self, address: SocketAddr) -> bool {
        self.cover_ip(address.ip()) && self.ports.0.contains(&address.port())
    }

    fn cover_ip(&self, ip: IpAddr) -> bool {
        // A guest could write an IPv4 address as one of IPv6, `::ffff:10.0.0.1`.
        let ip = ip.to_canonical();
        self.net.is_none_or(|net| net.contains(&ip))
    }
}

impl FromStr for Addresses {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        // An address of IPv6 has colons of its own and stands in brackets.
        let (ip, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (ip, rest) = rest.split_once(']').ok_or_else(|| no_ip(text))?;
                (net::<Ipv6Addr>(ip)?, rest.strip_prefix(':'))
            }
            None => match text.rsplit_once(':') {
                // All that stands before the last colon: the error is then about brackets that are
                // missing.
                Some((ip, _)) if ip.contains(':') => return Err(no_ip(text)),
                Some(("*", port)) => (None, Some(port)),
                Some((ip, port)) => (net::<std::net::Ipv4Addr>(ip)?, Some(port)),
                None => return Err(AddressError::NoPort),
            },
        };
        let ports = port.ok_or(AddressError::NoPort)?.parse()?;
        Ok(Self { net: ip, ports })
    }
}

/// A network of one sort of address, or a single address of it.
fn net<A: FromStr + Into<IpAddr>>(text: &str) -> Result<Option<IpNet>, AddressError> {
    let net = match text.split_once('/') {
        None => text.parse::<A>().ok().map(|ip| IpNet::from(ip.into())),
        Some((ip, _)) if ip.parse::<A>().is_ok() => text.parse().ok(),
        Some(_) => None,
    };
    net.map(Some).ok_or_else(|| no_ip(text))
}

fn no_ip(text: &str) -> AddressError {
    AddressError::Ip(text.into())
}

impl FromStr for Ports {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text == "*" {
            // Port 0 stands for one that the system chooses.
            return Ok(Self(0..=u16::MAX));
        }
        let wrong = || AddressError::Port(text.into());
        let port = |text: &str| match text.parse() {
            Ok(0) | Err(_) => Err(wrong()),
            Ok(port) => Ok(port),
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (port(first)?, port(last)?) {
            (first, last) if first <= last => Ok(Self(first..=last)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn covers(addresses: &str, address: &str) -> bool {
        let addresses: Addresses = addresses.parse().expect("the test's addresses are some");
        addresses.cover(address.parse().expect("the test's address is one"))
    }

    #[test]
    fn addresses_cover_what_they_say() {
        for (addresses, inside, outside) in [
            ("10.1.2.3:443", "10.1.2.3:443", "10.1.2.3:80"),
            ("10.1.2.3:443", "10.1.2.3:443", "10.1.2.4:443"),
            ("10.0.0.0/8:443", "10.255.0.1:443", "11.0.0.1:443"),
            ("10.0.0.0/8:80-443", "10.0.0.1:80", "10.0.0.1:79"),
            ("10.0.0.0/8:80-443", "10.0.0.1:443", "10.0.0.1:444"),
            ("127.0.0.1:*", "127.0.0.1:0", "127.0.0.2:1"),
            ("127.0.0.1:*", "127.0.0.1:65535", "[::1]:65535"),
            ("[fd00::/8]:53", "[fd12::1]:53", "[fe80::1]:53"),
            ("[::1]:53", "[::1]:53", "127.0.0.1:53"),
            ("*:53", "[::1]:53", "[::1]:54"),
            ("*:53", "8.8.8.8:53", "8.8.8.8:54"),
            // However the guest writes it.
            ("10.0.0.0/8:1", "[::ffff:10.0.0.1]:1", "[::ffff:11.0.0.1]:1"),
            // The bits after the prefix say nothing.
            ("10.1.2.3/8:1", "10.9.9.9:1", "11.1.2.3:1"),
        ] {
            assert!(covers(addresses, inside), "{addresses} without {inside}");
            assert!(!covers(addresses, outside), "{addresses} with {outside}");
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        let ip = |text: &str| Err(no_ip(text));
        let port = |text: &str| Err(AddressError::Port(text.into()));
        for (text, error) in [
            ("", Err(AddressError::NoPort)),
            ("10.0.0.1", Err(AddressError::NoPort)),
            ("[::1]", Err(AddressError::NoPort)),
            ("[::1]80", Err(AddressError::NoPort)),
            ("localhost:80", ip("localhost")),
            ("10.0.0.0/33:80", ip("10.0.0.0/33")),
            ("10.0.0:80", ip("10.0.0")),
            (":80", ip("")),
            ("::1:80", ip("::1:80")),
            ("[::1:80", ip("[::1:80")),
            ("[10.0.0.1]:80", ip("10.0.0.1")),
            ("[*]:80", ip("*")),
            ("10.0.0.1:", port("")),
            ("10.0.0.1:0", port("0")),
            ("10.0.0.1:http", port("http")),
            ("10.0.0.1:65536", port("65536")),
            ("10.0.0.1:90-80", port("90-80")),
            ("10.0.0.1:0-80", port("0-80")),
            ("10.0.0.1:80-", port("80-")),
        ] {
            assert_eq!(text.parse::<Addresses>(), error, "{text}");
        }
    }
}
