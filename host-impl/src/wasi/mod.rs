//! What a guest is granted of the system it runs on: the choices of a host, and an instance's share.
//!
//! It knows WASI and nothing of worlds. What is not granted here, a guest does not have. `granted` is what
//! an instance holds and how guests are linked to it, `network` and `http` who may be talked to, `waiting`
//! keeps guests from waiting for longer than a call may take, `withheld` stands in for what is not granted.

mod address;
mod granted;
#[cfg(feature = "http")]
mod http;
mod network;
mod waiting;
mod withheld;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

use crate::error::{BoxedError, Error, Result};
use crate::limits::Limits;
use crate::stdio::{Outputs, Sink};

pub use granted::PACKAGES;
pub(crate) use granted::{Granted, advice, link, offers};
#[cfg(feature = "http")]
pub use http::Http;
pub use network::Network;

/// What a guest is granted of the system.
///
/// [`Wasi::new`] grants nothing: no files, no environment, no arguments, no network, an empty standard
/// input, clocks that stand still at zero and random numbers that are the same every time. A guest that
/// writes to its standard output or error is heard through [`tracing`], a line at a time, under the
/// target `abide::guest`. What else a guest shall have is granted here.
///
/// A guest that waits, for a moment to come or for a peer to answer, waits no longer than its call may
/// take, which is [`Limits::deadline`]. How much it may write to its outputs is [`Limits::output`].
///
/// A guest that uses WASI may block the thread it is called on. It can be called from a task on a tokio
/// runtime with several threads, whose other tasks move elsewhere for the time. On a runtime with one
/// thread, call it with `tokio::task::spawn_blocking`. A guest that has to wait needs the runtime's timers
/// and, for the network, its input and output: `enable_all`.
///
/// ```
/// use abide_host::Wasi;
///
/// let wasi = Wasi::new()
///     .clocks()
///     .env("LANG", "C.UTF-8")
///     .preopen_read("examples", "/examples");
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Wasi {
    clocks: bool,
    random: bool,
    env: Vec<(String, String)>,
    args: Vec<String>,
    preopens: Vec<Preopen>,
    stdin: Input,
    stdout: Sink,
    stderr: Sink,
    network: Option<Arc<Network>>,
    #[cfg(feature = "http")]
    http: Option<Arc<Http>>,
}

#[derive(Debug, Clone)]
struct Preopen {
    host: PathBuf,
    guest: String,
    writable: bool,
}

/// Where a guest's standard input comes from.
#[derive(Clone, Default)]
enum Input {
    #[default]
    Empty,
    Given(Bytes),
    Inherited,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            // What it says may be nobody's business.
            Self::Given(bytes) => write!(f, "Given({} bytes)", bytes.len()),
            Self::Inherited => f.write_str("Inherited"),
        }
    }
}

impl Wasi {
    /// Grants nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Grants the time of day and a clock that runs.
    ///
    /// Without it both clocks stand still: it is always the start of 1970.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().clocks();
    /// ```
    pub fn clocks(mut self) -> Self {
        self.clocks = true;
        self
    }

    /// Grants random numbers that nobody can predict.
    ///
    /// Without it every instance gets the same ones, which makes what it does repeatable and its keys
    /// and identifiers worthless. How many it may ask for at once is [`Limits::random`].
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().random();
    /// ```
    pub fn random(mut self) -> Self {
        self.random = true;
        self
    }

    /// Sets a variable in the guest's environment. The host's own environment is never passed on.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().env("LANG", "C.UTF-8").env("COLOUR", "never");
    /// ```
    pub fn env(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Adds a command-line argument. By convention the first is the name of the program.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().arg("plugin").arg("--quiet");
    /// ```
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Lets the guest read what is in the folder `host_dir`, which it sees as `guest_dir`.
    ///
    /// It can read every file in it and below, list folders, and read times and sizes. Whatever would
    /// change something is refused with the guest's own error, `not-permitted`. Links that lead out of
    /// the folder are not followed. It should hold files and folders only: the deadline of a call does not
    /// interrupt a guest that opens a pipe or a device to which nobody comes.
    ///
    /// Loading fails if the folder cannot be opened.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().preopen_read("assets", "/assets");
    /// ```
    pub fn preopen_read(self, host_dir: impl Into<PathBuf>, guest_dir: impl Into<String>) -> Self {
        self.preopen_with(host_dir.into(), guest_dir.into(), false)
    }

    /// Lets the guest read and change what is in the folder `host_dir`, which it sees as `guest_dir`.
    ///
    /// It can create, change and remove whatever the host's own process can, and take all the room that
    /// there is. Links that lead out of the folder are not followed.
    ///
    /// Loading fails if the folder cannot be opened.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().preopen("work", "/work");
    /// ```
    pub fn preopen(self, host_dir: impl Into<PathBuf>, guest_dir: impl Into<String>) -> Self {
        self.preopen_with(host_dir.into(), guest_dir.into(), true)
    }

    fn preopen_with(mut self, host: PathBuf, guest: String, writable: bool) -> Self {
        self.preopens.push(Preopen {
            host,
            guest,
            writable,
        });
        self
    }

    /// Gives the guest something to read on its standard input.
    ///
    /// Every instance reads it from the start: by default that is every call. An instance that serves
    /// several calls, as in a session, reads on where it was.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().stdin("one\ntwo\n");
    /// ```
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Input::Given(Bytes::from(bytes.into()));
        self
    }

    /// Lets the guest read the host's own standard input.
    ///
    /// All instances read the same one, and what one of them reads the others do not: this is for a guest
    /// that is called once at a time.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().inherit_stdin();
    /// ```
    pub fn inherit_stdin(mut self) -> Self {
        self.stdin = Input::Inherited;
        self
    }

    /// Sends the guest's standard output to the host's own instead of to [`tracing`].
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().inherit_stdout().inherit_stderr();
    /// ```
    pub fn inherit_stdout(mut self) -> Self {
        self.stdout = Sink::Inherited;
        self
    }

    /// Sends the guest's standard error to the host's own instead of to [`tracing`].
    ///
    /// The end of it is still part of the error of a guest that stops.
    pub fn inherit_stderr(mut self) -> Self {
        self.stderr = Sink::Inherited;
        self
    }

    /// Hands what the guest writes to its standard output to a function instead of to [`tracing`].
    ///
    /// The function is called with the bytes of each write, on the thread that called the guest, and by
    /// several threads at once if the guest is. It should not block: the deadline of the call does not
    /// interrupt it. If it panics, the call fails with [`Error::HostPanic`].
    ///
    /// ```
    /// use std::sync::{Arc, Mutex, PoisonError};
    /// use abide_host::Wasi;
    ///
    /// let written = Arc::new(Mutex::new(Vec::new()));
    /// let buffer = Arc::clone(&written);
    /// let wasi = Wasi::new().stdout_to(move |bytes| {
    ///     let mut buffer = buffer.lock().unwrap_or_else(PoisonError::into_inner);
    ///     buffer.extend_from_slice(bytes);
    /// });
    /// ```
    pub fn stdout_to(mut self, write: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        self.stdout = Sink::Function(Arc::new(write));
        self
    }

    /// Hands what the guest writes to its standard error to a function instead of to [`tracing`]: see
    /// [`stdout_to`](Self::stdout_to).
    ///
    /// The end of it is still part of the error of a guest that stops.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().stderr_to(|bytes| eprintln!("{} bytes", bytes.len()));
    /// ```
    pub fn stderr_to(mut self, write: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        self.stderr = Sink::Function(Arc::new(write));
        self
    }

    /// Lets the guest use the network as far as `network` says.
    ///
    /// Loading fails if something in it is no address.
    ///
    /// ```
    /// use abide_host::{Network, Wasi};
    ///
    /// let wasi = Wasi::new().network(Network::new().tcp_connect("10.0.0.0/8:443"));
    /// ```
    pub fn network(mut self, network: Network) -> Self {
        self.network = Some(Arc::new(network));
        self
    }

    /// Lets the guest make HTTP requests to those that `http` names. With the feature `http` only.
    ///
    /// The guest imports `wasi:http/outgoing-handler`. The world of its ABI leaves that out: what a world
    /// names of `wasi:http` its host implements.
    ///
    /// Loading fails if something in it is no host.
    ///
    /// ```
    /// use abide_host::{Http, Wasi};
    ///
    /// let wasi = Wasi::new().http(Http::new().allow("api.example.com"));
    /// ```
    #[cfg(feature = "http")]
    pub fn http(mut self, http: Http) -> Self {
        self.http = Some(Arc::new(http));
        self
    }

    /// What one instance holds of this.
    pub(crate) fn instance(&self, guest: &Arc<str>, limits: &Limits) -> Result<Granted> {
        let (mut builder, outputs) = self.without_folders(guest, limits);
        for preopen in &self.preopens {
            let permissions = match preopen.writable {
                true => FsPerms::ReadWrite,
                false => FsPerms::ReadOnly,
            };
            builder
                .preopened_dir(&preopen.host, &preopen.guest, permissions)
                .map_err(|error| no_folder(guest, preopen, error))?;
        }
        if let Some(network) = &self.network {
            network
                .grant(&mut builder)
                .map_err(|(reason, source)| refused(guest, reason, source))?;
        }
        let granted = Granted::new(builder, outputs, limits);
        #[cfg(feature = "http")]
        let granted = match &self.http {
            Some(http) => {
                http.check()
                    .map_err(|(reason, source)| refused(guest, reason, source))?;
                granted.with_http(Arc::clone(http), limits)
            }
            None => granted,
        };
        Ok(granted)
    }

    /// Everything but the folders and the network, which are what may fail.
    fn without_folders(&self, guest: &Arc<str>, limits: &Limits) -> (WasiCtxBuilder, Outputs) {
        let outputs = Outputs::new(guest, &self.stdout, &self.stderr, limits.output);
        let mut builder = WasiCtx::builder();
        // Calls block their thread as it is, so files need no threads of their own.
        builder
            .allow_blocking_current_thread(true)
            .stdout(outputs.stdout.clone())
            .stderr(outputs.stderr.clone())
            .max_random_size(limits.random)
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .envs(&self.env)
            .args(&self.args);
        match &self.stdin {
            // What a context has by itself: closed from the start.
            Input::Empty => {}
            Input::Given(bytes) => {
                builder.stdin(MemoryInputPipe::new(bytes.clone()));
            }
            Input::Inherited => {
                builder.inherit_stdin();
            }
        }
        if !self.clocks {
            withheld::clocks(&mut builder);
        }
        if !self.random {
            withheld::random(&mut builder);
        }
        (builder, outputs)
    }
}

fn no_folder(guest: &Arc<str>, preopen: &Preopen, error: wasmtime::Error) -> Error {
    let Preopen {
        host,
        guest: seen_as,
        ..
    } = preopen;
    let reason = format!(
        "the folder `{}`, to be seen as `{seen_as}`, cannot be opened; \
         create it, or grant one that exists and that this process may read",
        absolute(host).display()
    );
    refused(guest, reason, error.into())
}

/// The error of a grant that cannot be given.
fn refused(guest: &Arc<str>, reason: String, source: BoxedError) -> Error {
    Error::Wasi {
        guest: Arc::clone(guest),
        reason: reason.into(),
        source,
    }
}

/// The path in full where that can be found out: a relative one says little in an error.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
