//! The configuration: what is in the file, what is there without one, and what makes no sense.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

const MIB: usize = 1 << 20;

/// How the proxy runs. Paths are relative to the folder of the file. What is marked as fixed is
/// taken when the program starts; everything else can be changed while it runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where clients connect. Fixed.
    pub listen: SocketAddr,
    /// Where health and metrics are told. Fixed.
    pub admin: SocketAddr,
    /// How many threads work. Each has a VM of every filter. Fixed.
    pub workers: usize,
    /// TLS for clients, who have none without. Fixed.
    pub tls: Option<Tls>,
    /// A folder for compiled filters, so that the next start need not compile. Fixed.
    pub artefacts: Option<PathBuf>,
    /// A line in the log for each request.
    pub access_log: bool,
    /// What is borne.
    pub limits: Limits,
    /// Who can be asked, by name.
    pub upstreams: BTreeMap<String, Upstream>,
    /// Which upstream a request goes to: that of the first route that fits.
    pub routes: Vec<Route>,
    /// The filters, in the order in which requests pass through them. Responses pass back.
    pub filters: Vec<Filter>,
}

/// The proxy's own certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A file of PEM: the certificate, and those that vouch for it.
    pub certificate: PathBuf,
    /// A file of PEM: its key.
    pub key: PathBuf,
}

/// What is borne, of clients and of filters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The most connections of clients at a time, for each worker. More wait to be taken. Fixed.
    pub connections: usize,
    /// How long a client may take to send the head of a request. Fixed.
    pub head_ms: u64,
    /// How long the next part of a body is waited for, from either side.
    pub idle_ms: u64,
    /// The most bytes of a request's body that a filter may hold back; beyond is 413.
    pub request_bytes: usize,
    /// The most bytes of a response's body that a filter may hold back; beyond is 502.
    pub response_bytes: usize,
    /// The most requests of its own that a filter may have under way, on each worker.
    pub callouts: usize,
    /// The most bytes of one, and of the answer to it.
    pub callout_bytes: usize,
    /// The most bytes of data that filters share, and of each queue. Fixed.
    pub shared_bytes: usize,
    /// How long streams may go on when the proxy ends, and those of filters that were replaced.
    pub drain_ms: u64,
}

/// Who can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// A name and a port.
    pub address: String,
    /// Whether it speaks TLS.
    #[serde(default)]
    pub tls: bool,
    /// Whether it speaks HTTP/2. With TLS it is asked for, and what the upstream says counts.
    #[serde(default)]
    pub http2: bool,
    /// The name in its certificate, if that is not the one of its address.
    #[serde(default)]
    pub server_name: Option<String>,
    /// A file of PEM with whom to trust, rather than whom browsers trust.
    #[serde(default)]
    pub authorities: Option<PathBuf>,
    /// How long it may take to connect.
    #[serde(default = "five_seconds")]
    pub connect_ms: u64,
    /// How long it may take to begin its answer.
    #[serde(default = "half_a_minute")]
    pub answer_ms: u64,
}

/// Which requests go where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// How the path has to begin.
    #[serde(default)]
    pub prefix: String,
    /// The host that has to be asked for, without a port; any without.
    #[serde(default)]
    pub host: Option<String>,
    /// The name of the upstream.
    pub upstream: String,
}

/// One filter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Its name in logs, metrics and errors.
    pub name: String,
    /// A component over `abide:proxy`, or a module of proxy-wasm or http-wasm.
    pub file: PathBuf,
    /// Which of them it is; what the file looks like, without.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// What it reads as its configuration.
    #[serde(default)]
    pub configuration: String,
    /// What it reads as the configuration of its VM.
    #[serde(default)]
    pub vm_configuration: String,
    /// What becomes of requests while it does not work.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// How long one call of it may take. Its worker stands still for it.
    #[serde(default = "fifty")]
    pub deadline_ms: u64,
    /// The memory of its VM, in MiB.
    #[serde(default = "thirty_two")]
    pub memory_mib: usize,
    /// Whether it is shown the body while it holds back the headers. One of http-wasm then gets
    /// each request when it is here as a whole.
    #[serde(default)]
    pub body_before_headers: bool,
    /// How many streams a VM serves before another takes its place; any number without.
    #[serde(default)]
    pub vm_streams: Option<u64>,
    /// With how much memory, in MiB, a VM gives way to another; with none without.
    #[serde(default)]
    pub vm_memory_mib: Option<usize>,
}

/// What a filter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A component over `abide:proxy`.
    Component,
    /// A module of proxy-wasm.
    ProxyWasm,
    /// A module of http-wasm.
    HttpWasm,
}

/// What becomes of requests while a filter does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// They are answered with 503.
    #[default]
    Closed,
    /// They go on without it.
    Open,
}

fn fifty() -> u64 {
    50
}

fn thirty_two() -> usize {
    32
}

fn five_seconds() -> u64 {
    5_000
}

fn half_a_minute() -> u64 {
    30_000
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            admin: SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)),
            workers: 2,
            tls: None,
            artefacts: None,
            access_log: true,
            limits: Limits::default(),
            upstreams: BTreeMap::new(),
            routes: Vec::new(),
            filters: Vec::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            head_ms: 10_000,
            idle_ms: 30_000,
            request_bytes: MIB,
            response_bytes: MIB,
            callouts: 256,
            callout_bytes: MIB,
            shared_bytes: 16 * MIB,
            drain_ms: 10_000,
        }
    }
}

impl Config {
    /// What a file says.
    ///
    /// # Errors
    ///
    /// It cannot be read, is not understood, or says what makes no sense.
    pub fn read(path: &Path) -> Result<Self> {
        let wrong = || format!("the configuration `{}`", path.display());
        let text = fs::read_to_string(path).with_context(wrong)?;
        let mut config = Self::parse(&text).with_context(wrong)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let inside = |path: &mut PathBuf| *path = folder.join(&*path);
        config.artefacts.as_mut().map(inside);
        for filter in &mut config.filters {
            inside(&mut filter.file);
        }
        for upstream in config.upstreams.values_mut() {
            upstream.authorities.as_mut().map(inside);
        }
        if let Some(tls) = &mut config.tls {
            inside(&mut tls.certificate);
            inside(&mut tls.key);
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text)?;
        ensure!(config.workers > 0, "`workers` is 0: nobody would work");
        ensure!(config.limits.connections > 0, "`limits.connections` is 0");
        for route in &config.routes {
            let name = &route.upstream;
            let is_known = config.upstreams.contains_key(name);
            ensure!(is_known, "a route leads to `{name}`, which is no upstream");
        }
        for (at, filter) in config.filters.iter().enumerate() {
            let name = &filter.name;
            ensure!(!name.is_empty(), "a filter has no name");
            let is_new = config.filters[..at]
                .iter()
                .all(|before| before.name != *name);
            ensure!(is_new, "two filters have the name `{name}`");
        }
        Ok(config)
    }
}

/// Times are in milliseconds everywhere in the file.
pub(crate) fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[cfg(test)]
mod tests {
    use super::{Config, OnFailure};

    #[test]
    fn what_is_not_said_has_a_default() {
        let config = "[[filters]]\nname = 'a'\nfile = 'a.wasm'\non_failure = 'open'\n";
        let config = Config::parse(config).unwrap();
        assert_eq!(config.listen.port(), 8080);
        assert_eq!(config.limits.request_bytes, 1 << 20);
        let filter = &config.filters[0];
        assert_eq!((filter.deadline_ms, filter.memory_mib), (50, 32));
        assert_eq!(filter.on_failure, OnFailure::Open);
        assert_eq!(filter.kind, None);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, expected) in [
            ("workers = 0", "`workers` is 0"),
            ("listens = 80", "unknown field `listens`"),
            ("[[routes]]\nupstream = 'b'", "`b`, which is no upstream"),
            ("[[filters]]\nname = 'a'", "missing field `file`"),
            (
                "filters = [{name = 'a', file = 'b'}, {name = 'a', file = 'c'}]",
                "two filters have the name `a`",
            ),
        ] {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }
}
