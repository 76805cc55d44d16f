//! HTTP requests that a guest makes: whom it may ask, and for how long it waits for an answer.
//!
//! It knows `wasi:http` and the client of wasmtime-wasi-http, with the feature `http` only.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
    default_hooks,
};

use crate::error::BoxedError;
use crate::state::State;

/// Whom a guest may make HTTP requests to, for [`Wasi::http`](crate::Wasi::http). With the feature `http`
/// only.
///
/// [`Http::new`] allows nobody. Each call of [`allow`](Self::allow) adds to that. A request to anybody else
/// is refused with the guest's own error, `HTTP-request-denied`. Redirections are answers like any other:
/// whether to follow one is up to the guest, and whether it may to this list.
///
/// A guest waits for an answer no longer than its call may take, which is
/// [`Limits::deadline`](crate::Limits::deadline).
///
/// ```
/// use abide_host::{Http, Wasi};
///
/// let http = Http::new()
///     .allow("api.example.com")
///     .allow("*.example.org")
///     .allow("127.0.0.1:8080");
/// let wasi = Wasi::new().http(http);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Http {
    allowed: Vec<Peer>,
    wrong: Vec<(Box<str>, PeerError)>,
}

/// Somebody whom a guest may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Peer {
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
enum PeerError {
    #[error(
        "`{0}` is no host; one is `example.com`, `127.0.0.1`, `[::1]`, `*.example.com` for all below \
         that name, or `*` for all there are, without a scheme and without a path"
    )]
    Host(Box<str>),
    #[error("`{0}` is no port; a port is 1 to 65535")]
    Port(Box<str>),
}

impl Http {
    /// Allows nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the guest make requests to a host: `example.com`, `127.0.0.1:8080`, `*.example.com`.
    ///
    /// | text | means |
    /// | --- | --- |
    /// | `example.com` | this host, at port 443 over HTTPS and 80 over HTTP |
    /// | `example.com:8443` | this host, at this port only |
    /// | `*.example.com` | every host whose name ends so, and not `example.com` itself |
    /// | `127.0.0.1`, `[::1]` | a host by its address |
    /// | `*` | everybody, those in the host's own network included |
    ///
    /// Text that is none of these is told of when a guest is loaded. A name stands for whatever addresses
    /// it has when the request is made; who decides over them decides where the request goes.
    ///
    /// ```
    /// let http = abide_host::Http::new().allow("api.example.com").allow("127.0.0.1:8080");
    /// ```
    pub fn allow(mut self, host: impl AsRef<str>) -> Self {
        let host = host.as_ref();
        match host.parse() {
            Ok(peer) => self.allowed.push(peer),
            Err(error) => self.wrong.push((host.into(), error)),
        }
        self
    }

    /// The error of what was allowed and cannot be.
    pub(super) fn check(&self) -> Result<(), (String, BoxedError)> {
        match self.wrong.first() {
            None => Ok(()),
            Some((text, error)) => Err((
                format!("`{text}`, which `Http::allow` was called with, is not a host"),
                Box::new(error.clone()),
            )),
        }
    }

    fn allows(&self, uri: &Uri) -> bool {
        let Some(authority) = uri.authority() else {
            return false;
        };
        let usual = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => 80,
            Some(scheme) if *scheme == Scheme::HTTPS => 443,
            _ => return false,
        };
        let Some((host, port)) = host_and_port(authority) else {
            return false;
        };
        let port = port.unwrap_or(usual);
        self.allowed.iter().any(|peer| {
            peer.port.unwrap_or(usual) == port
                && match &peer.host {
                    HostName::Any => true,
                    HostName::Is(name) => **name == *host,
                    HostName::Below(end) => host.len() > end.len() && host.ends_with(&**end),
                }
        })
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

/// What one instance holds of HTTP.
pub(super) struct Client {
    ctx: WasiHttpCtx,
    hooks: Hooks,
}

impl Client {
    pub(super) fn new(http: Option<Arc<Http>>, longest: Duration) -> Self {
        Self {
            ctx: WasiHttpCtx::new(),
            hooks: Hooks { http, longest },
        }
    }

    pub(super) fn view<'a>(&'a mut self, table: &'a mut ResourceTable) -> WasiHttpCtxView<'a> {
        WasiHttpCtxView {
            hooks: &mut self.hooks,
            table,
            ctx: &mut self.ctx,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

struct Hooks {
    http: Option<Arc<Http>>,
    /// How long an answer may take.
    longest: Duration,
}

/// What becomes of a request: the answer, and what drives its connection on.
type Sent = Result<(Response<WasiBody>, Running), Error>;
type Running = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        done: Running,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let allowed = self
            .http
            .as_ref()
            .is_some_and(|http| http.allows(request.uri()));
        if !allowed {
            return Box::new(std::future::ready(Err(Error::HttpRequestDenied)));
        }
        let longest = self.longest;
        let wanted = options.unwrap_or_default();
        let within = |time: Option<Duration>| Some(time.map_or(longest, |time| time.min(longest)));
        let options = RequestOptions {
            connect_timeout: within(wanted.connect_timeout),
            first_byte_timeout: within(wanted.first_byte_timeout),
            between_bytes_timeout: within(wanted.between_bytes_timeout),
        };
        let sent = default_hooks().send_request(request, Some(options), done);
        // Not every step has a time of its own: agreeing on keys has none.
        Box::new(async move {
            match tokio::time::timeout(longest, Box::into_pin(sent)).await {
                Ok(sent) => sent,
                Err(_) => Err(Error::ConnectionTimeout),
            }
        })
    }
}

/// Adds the interfaces for requests that a guest makes.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi_http::p2::add_only_http_to_linker_sync(linker)
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.granted().http()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn allows(peer: &str, uri: &str) -> bool {
        let http = Http::new().allow(peer);
        assert!(http.check().is_ok(), "{peer}");
        http.allows(&uri.parse().expect("the test's URI is one"))
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
        assert!(!Http::new().allows(&"https://example.com/".parse().expect("it is one")));
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
        assert!(Http::new().allow("a b").check().is_err());
    }
}
