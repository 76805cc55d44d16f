//! Hosts that a guest may make HTTP requests to: one or many, at one port, read from text.

use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::{Authority, Scheme};

/// Somebody whom a guest may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Peer {
    host: HostName,
    /// None is that of the scheme.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostName {
    Any,
    /// A name or an address, in lower case.
    Is(Box<str>),
    /// Everything below a domain: `.example.com`.
    Below(Box<str>),
}

/// What is wrong with the text of somebody to ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PeerError {
    #[error(
        "`{0}` is no host; one is `example.com`, `127.0.0.1`, `[::1]`, `*.example.com` for all below \
         that name, or `*` for all there are, without a scheme and without a path"
    )]
    Host(Box<str>),
    #[error("`{0}` is no port; a port is 1 to 65535")]
    Port(Box<str>),
}

impl Peer {
    /// Whether a request to `uri` goes to this peer.
    pub(super) fn is_asked_by(&self, uri: &Uri) -> bool {
        let usual = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => 80,
            Some(scheme) if *scheme == Scheme::HTTPS => 443,
            _ => return false,
        };
        let Some((host, port)) = uri.authority().and_then(host_and_port) else {
            return false;
        };
        let named = match &self.host {
            HostName::Any => true,
            HostName::Is(name) => **name == *host,
            HostName::Below(end) => host.len() > end.len() && host.ends_with(&**end),
        };
        named && self.port.unwrap_or(usual) == port.unwrap_or(usual)
    }
}

impl FromStr for Peer {
    type Err = PeerError;

    fn from_str(text: &str) -> Result<Self, PeerError> {
        let no_host = || PeerError::Host(text.into());
        // The part of an authority that is the same with a star in it.
        let (star, rest) = match text.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (name, port) = match (rest.rfind(':'), rest.rfind(']')) {
            (Some(colon), bracket) if bracket.is_none_or(|bracket| bracket < colon) => {
                (&rest[..colon], Some(&rest[colon + 1..]))
            }
            _ => (rest, None),
        };
        let port = match port {
            None => None,
            Some(port) => match port.parse() {
                Ok(0) | Err(_) => return Err(PeerError::Port(port.into())),
                Ok(port) => Some(port),
            },
        };
        let host = match (star, name.strip_prefix('.')) {
            (true, None) if name.is_empty() => HostName::Any,
            (true, Some(domain)) if normal(domain).is_some() => {
                HostName::Below(name.to_ascii_lowercase().into())
            }
            (false, _) => HostName::Is(normal(name).ok_or_else(no_host)?),
            _ => return Err(no_host()),
        };
        Ok(Self { host, port })
    }
}

/// The host and the port of an authority that is nothing but these.
fn host_and_port(authority: &Authority) -> Option<(Box<str>, Option<u16>)> {
    let host = normal(authority.host())?;
    match authority.as_str().strip_prefix(authority.host())? {
        "" => Some((host, None)),
        // A name before a host, `user@host`, and ports that are none fail here.
        rest => Some((host, Some(rest.strip_prefix(':')?.parse().ok()?))),
    }
}

/// The one way to write a host, if it is one.
fn normal(host: &str) -> Option<Box<str>> {
    if let Some(ip) = host.strip_prefix('[') {
        let ip: IpAddr = ip.strip_suffix(']')?.parse().ok()?;
        return ip.is_ipv6().then(|| format!("[{ip}]").into());
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let name = !host.is_empty() && !host.starts_with('.') && host.bytes().all(fits);
    name.then(|| host.to_ascii_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn allows(peer: &str, uri: &str) -> bool {
        let peer: Peer = peer.parse().expect("the test's peer is one");
        peer.is_asked_by(&uri.parse().expect("the test's URI is one"))
    }

    #[test]
    fn hosts_are_allowed_as_they_are_written() {
        for (peer, inside, outside) in [
            (
                "example.com",
                "https://example.com/a",
                "https://example.org/",
            ),
            (
                "example.com",
                "http://example.com/",
                "http://example.com:81/",
            ),
            (
                "example.com",
                "https://example.com:443/",
                "https://example.com:80/",
            ),
            (
                "example.com",
                "https://EXAMPLE.com/",
                "https://www.example.com/",
            ),
            (
                "Example.COM",
                "https://example.com/",
                "https://badexample.com/",
            ),
            (
                "example.com",
                "http://example.com:80/",
                "http://example.com.evil.org/",
            ),
            (
                "example.com:8443",
                "https://example.com:8443/",
                "https://example.com/",
            ),
            (
                "example.com:8443",
                "http://example.com:8443/",
                "http://example.com/",
            ),
            (
                "*.example.com",
                "https://a.example.com/",
                "https://example.com/",
            ),
            (
                "*.example.com",
                "https://a.b.example.com/",
                "https://badexample.com/",
            ),
            (
                "*.example.com:81",
                "http://a.example.com:81/",
                "http://a.example.com/",
            ),
            ("*", "https://example.com/", "https://example.com:1/"),
            ("*:81", "https://example.com:81/", "https://example.com/"),
            ("127.0.0.1", "http://127.0.0.1/", "http://127.0.0.2/"),
            ("[::1]", "http://[0:0::1]/", "http://[::2]/"),
            ("[::1]:81", "http://[::1]:81/", "http://[::1]/"),
            // Nobody hides behind a name before the host.
            (
                "example.com",
                "https://example.com/",
                "https://example.com@evil.org/",
            ),
            (
                "example.com",
                "https://example.com/",
                "https://evil@example.com/",
            ),
            ("*", "https://example.com/", "ftp://example.com/"),
        ] {
            assert!(allows(peer, inside), "{peer} without {inside}");
            assert!(!allows(peer, outside), "{peer} with {outside}");
        }
    }

    #[test]
    fn what_is_no_host_is_told() {
        for text in [
            "",
            "https://example.com",
            "example.com/path",
            "user@example.com",
            "*example.com",
            "*.",
            "a.*.com",
            "[127.0.0.1]",
            "::1",
            "ex ample.com",
        ] {
            assert!(text.parse::<Peer>().is_err(), "{text}");
        }
        for (text, port) in [
            ("example.com:", ""),
            ("example.com:0", "0"),
            ("[::1]:a", "a"),
        ] {
            assert_eq!(text.parse::<Peer>(), Err(PeerError::Port(port.into())));
        }
    }
}
