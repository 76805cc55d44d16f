//! HTTP requests that a guest makes: whom it may ask, and for how long it waits for an answer.
//!
//! It is there with the feature `http` only. How hosts are written is the job of `peer`.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Uri};
use wasmtime::component::ResourceTable;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, default_hooks,
};

use super::peer::{Peer, PeerError};
use super::resolve;
use crate::error::BoxedError;
use crate::guard::quota::Share;

/// Whom a guest may make HTTP requests to, for [`Wasi::http`](crate::Wasi::http). With the feature
/// `http` only.
///
/// [`Http::new`] allows nobody. Each call of [`allow`](Self::allow) adds to that. A request to
/// anybody else is refused with the guest's own error, `HTTP-request-denied`. Redirections are
/// answers like any other: whether to follow one is up to the guest, and whether it may to this
/// list.
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
    /// Text that is none of these makes loading a guest fail. A name stands for whatever addresses
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
        self.allowed.iter().any(|peer| peer.is_asked_by(uri))
    }
}

/// What one instance holds of HTTP.
pub(super) struct Client {
    ctx: WasiHttpCtx,
    hooks: Hooks,
}

impl Client {
    pub(super) fn new(http: Option<Arc<Http>>, deadline: Duration, share: Share) -> Self {
        // The call's own deadline ends a wait. This one is for requests that nobody waits for, and
        // comes later, so that no guest ever sees it end.
        let longest = deadline.saturating_mul(2);
        Self {
            ctx: WasiHttpCtx::new(),
            hooks: Hooks {
                http,
                longest,
                share,
            },
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
    share: Share,
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
        let open = match self.share.open() {
            Ok(open) => open,
            // The guest's own limit does not end it here: this function has no way to.
            Err(_) => return Box::new(std::future::ready(Err(Error::ConnectionLimitReached))),
        };
        let (longest, share) = (self.longest, self.share.clone());
        let name = name_in(request.uri());
        let wanted = options.unwrap_or_default();
        let within = |time: Option<Duration>| Some(time.map_or(longest, |time| time.min(longest)));
        let options = RequestOptions {
            connect_timeout: within(wanted.connect_timeout),
            first_byte_timeout: within(wanted.first_byte_timeout),
            between_bytes_timeout: within(wanted.between_bytes_timeout),
        };
        let sent = default_hooks().send_request(request, Some(options), done);
        let sent = async move {
            // The client looks up names by itself, on as many threads as there are requests. So it
            // is left to those names that were found a moment ago, in line with all others.
            if let Some(name) = name {
                let found = resolve::look_up(name, &share, resolve::resolve).await;
                found.map_err(|_| Error::DnsError {
                    rcode: Some("address not available".to_owned()),
                    info_code: Some(0),
                })?;
            }
            let (response, running) = Box::into_pin(sent).await?;
            let running: Running = Box::new(async move {
                let ended = Box::into_pin(running).await;
                drop(open);
                ended
            });
            Ok((response, running))
        };
        // Not every step has a time of its own: agreeing on keys has none.
        Box::new(async move {
            match tokio::time::timeout(longest, sent).await {
                Ok(sent) => sent,
                Err(_) => Err(Error::ConnectionTimeout),
            }
        })
    }
}

/// The name that has to be looked up for a request, if it does not say an address.
fn name_in(uri: &Uri) -> Option<String> {
    let host = uri.host()?;
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_err().then(|| host.to_owned())
}
