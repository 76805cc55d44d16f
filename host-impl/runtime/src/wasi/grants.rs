//! What can be granted of the system: the choices of a host.
//!
//! What an instance has of it is the job of `granted`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

use super::folder::Folder;
use super::granted::{Granted, Parts};
#[cfg(feature = "http")]
use super::http::Http;
use super::network::Network;
use super::stdio::{Outputs, Sink};
use super::{variables, withheld};
use crate::error::{BoxedError, Error, Result};
use crate::guard::limits::Limits;
use crate::guard::quota::Quota;

/// What a guest is granted of the system.
///
/// [`Wasi::new`] grants nothing: no files, no environment, no arguments, no network, an empty
/// standard input, clocks that stand still at zero and random numbers that are the same every time.
/// A guest that writes to its standard output or error is heard through [`tracing`], a line at a
/// time, under the target `abide::guest`; many short lines come several at a time, with `\n`
/// between them, and what would control a terminal is not passed on. What else a guest shall have
/// is granted here.
///
/// A guest that waits, for a moment to come or for a peer to answer, waits no longer than its call
/// may take, which is [`Limits::deadline`](crate::Limits::deadline). How much it may write to its
/// outputs is [`Limits::output`](crate::Limits::output), how much it may have open
/// [`Limits::open_files`](crate::Limits::open_files).
///
/// A guest that uses WASI may block the thread it is called on. It can be called from a task on a
/// tokio runtime with several threads, whose other tasks move elsewhere for the time. On a runtime
/// with one thread, and in a `LocalSet` of any, call it with `tokio::task::spawn_blocking`;
/// otherwise the call fails with [`Error::HostPanic`], which says so. A guest that has to wait
/// needs the runtime's timers and, for the network, its input and output: `enable_all`.
///
/// Calls that are awaited (`host_async`, with the feature `async`) block no thread, on any runtime:
/// what the guest waits for is awaited, and files are used on other threads, one for an instance
/// and 32 for an engine at a time. On an executor that is none of tokio's, this has a tokio runtime
/// of its own.
///
/// Guests that are plain modules have the same, in the form of WASI preview 1 and with the feature
/// `wasip1`, but for the network and HTTP: preview 1 has no way to ask for these.
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
    folders: Arc<Vec<Folder>>,
    stdin: Input,
    stdout: Sink,
    stderr: Sink,
    network: Option<Arc<Network>>,
    #[cfg(feature = "http")]
    http: Option<Arc<Http>>,
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
    /// Without it every instance gets the same ones, which makes what it does repeatable and its
    /// keys and identifiers worthless. How many it may ask for at once is
    /// [`Limits::random`](crate::Limits::random).
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
    ///
    /// A name has the last value that is set for it. Loading fails if a name is empty or has a `=`
    /// in it, or if either has a NUL: no environment can hold those.
    pub fn env(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let (key, value) = (key.into(), value.into());
        match self.env.iter_mut().find(|(other, _)| *other == key) {
            Some((_, old)) => *old = value,
            None => self.env.push((key, value)),
        }
        self
    }

    /// Adds a command-line argument. By convention the first is the name of the program. Loading
    /// fails if it has a NUL in it.
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
    /// It can read every file in it and below, list folders, and read times and sizes. Whatever
    /// would change something is refused with the guest's own error, `not-permitted`. Links that
    /// lead out of the folder are not followed. It should hold files and folders only: the deadline
    /// of a call does not interrupt a guest that opens a pipe or a device to which nobody comes.
    ///
    /// The folder is opened here, once, and that is the one all guests see that are loaded with
    /// this, however often: also if it is renamed or replaced, or if the process changes its own
    /// folder. Loading fails if it could not be opened, or if it is not apart from the folder of
    /// [`Artefacts`](crate::Artefacts).
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().preopen_read("assets", "/assets");
    /// ```
    pub fn preopen_read(self, host_dir: impl Into<PathBuf>, guest_dir: impl Into<String>) -> Self {
        self.folder(&host_dir.into(), guest_dir.into(), FsPerms::ReadOnly)
    }

    /// Lets the guest read and change what is in the folder `host_dir`, which it sees as
    /// `guest_dir`.
    ///
    /// It can create, change and remove whatever the host's own process can, and take all the room
    /// that there is. Links that lead out of the folder are not followed.
    ///
    /// The folder is opened here, as by [`preopen_read`](Self::preopen_read).
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().preopen("work", "/work");
    /// ```
    pub fn preopen(self, host_dir: impl Into<PathBuf>, guest_dir: impl Into<String>) -> Self {
        self.folder(&host_dir.into(), guest_dir.into(), FsPerms::ReadWrite)
    }

    fn folder(mut self, host: &Path, guest: String, rights: FsPerms) -> Self {
        Arc::make_mut(&mut self.folders).push(Folder::grant(host, guest, rights));
        self
    }

    /// Gives the guest something to read on its standard input.
    ///
    /// Every instance reads it from the start: by default that is every call. An instance that
    /// serves several calls, as in a session, reads on where it was.
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
    /// All instances read the same one, and what one of them reads the others do not: this is for a
    /// guest that is called once at a time.
    ///
    /// ```
    /// let wasi = abide_host::Wasi::new().inherit_stdin();
    /// ```
    pub fn inherit_stdin(mut self) -> Self {
        self.stdin = Input::Inherited;
        self
    }

    /// Sends the guest's standard output to the host's own instead of to [`tracing`], as it is.
    ///
    /// If nobody reads it, a guest waits no longer than its call may take, on Unix.
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
    /// The function is called with the bytes of each write, on the thread that called the guest (or
    /// polls its call), and by several threads at once if the guest is. It should not block: the
    /// deadline of the call does not interrupt it. If it panics, the call fails with
    /// [`Error::HostPanic`].
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

    /// Hands what the guest writes to its standard error to a function instead of to [`tracing`]:
    /// see [`stdout_to`](Self::stdout_to).
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
    /// The guest imports `wasi:http/outgoing-handler`. The world of its ABI leaves that out: what a
    /// world names of `wasi:http` its host implements.
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

    /// Refuses what cannot be given.
    pub(crate) fn check(&self, guest: &Arc<str>) -> Result<()> {
        let checked = variables::check(&self.env, &self.args)
            .and_then(|()| self.folders.iter().try_for_each(Folder::check))
            .and_then(|()| self.network.as_ref().map_or(Ok(()), |some| some.check()));
        #[cfg(feature = "http")]
        let checked = checked.and_then(|()| self.http.as_ref().map_or(Ok(()), |some| some.check()));
        checked.map_err(|(reason, source)| refused(guest, reason, source))
    }

    /// Refuses folders in which there is a folder that no guest may see, or that are in it.
    pub(crate) fn keeps_apart(&self, guest: &Arc<str>, hidden: &Path) -> Result<()> {
        let mut folders = self.folders.iter();
        folders
            .try_for_each(|folder| folder.keeps_apart(hidden))
            .map_err(|(reason, source)| refused(guest, reason, source))
    }

    /// What one instance holds of this, which was [checked](Self::check).
    pub(crate) fn instance(
        &self,
        guest: &Arc<str>,
        limits: &Limits,
        quota: &Arc<Quota>,
    ) -> Granted {
        let outputs = Outputs::new(guest, &self.stdout, &self.stderr, limits.output);
        let mut builder = self.context(&outputs, limits);
        if let Some(network) = &self.network {
            network.grant(&mut builder);
        }
        let parts = Parts {
            ctx: builder.build(),
            outputs,
            folders: Arc::clone(&self.folders),
            names: self.network.as_ref().is_some_and(|some| some.may_look_up()),
            #[cfg(feature = "http")]
            http: self.http.clone(),
        };
        Granted::new(parts, limits, quota)
    }

    /// Everything but the network, and the folders, which wasmtime-wasi does not give.
    fn context(&self, outputs: &Outputs, limits: &Limits) -> WasiCtxBuilder {
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
        builder
    }
}

/// The error of a grant that cannot be given.
fn refused(guest: &Arc<str>, reason: String, source: BoxedError) -> Error {
    Error::Wasi {
        guest: Arc::clone(guest),
        reason: reason.into(),
        source,
    }
}
