//! What a guest is granted of the system it runs on, and how an instance gets it.
//!
//! It knows WASI and nothing of worlds. What is not granted here, a guest does not have.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::clocks::{WasiClocksCtxView, WasiClocksView as _};
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::{
    Deterministic, FsPerms, HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder,
    WasiCtxView, WasiView,
};

use crate::clock::surely_after;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::state::State;
use crate::stdio::{Output, Stream};

/// What a guest is granted of the system.
///
/// [`Wasi::new`] grants nothing: no files, no environment, no arguments, no network, an empty standard
/// input, clocks that stand still at zero and random numbers that are the same every time. A guest that
/// writes to its standard output or error is heard through [`tracing`], a line at a time, under the
/// target `abide::guest`. What else a guest shall have is granted here. There is no grant for the
/// network.
///
/// A guest that uses WASI may block the thread it is called on. It can be called from a task on a tokio
/// runtime with several threads, whose other tasks move elsewhere for the time. On a runtime with one
/// thread, call it with `tokio::task::spawn_blocking`.
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
    inherit_stdout: bool,
    inherit_stderr: bool,
}

#[derive(Debug, Clone)]
struct Preopen {
    host: PathBuf,
    guest: String,
    writable: bool,
}

impl Wasi {
    /// Grants nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Grants the time of day and a clock that runs.
    ///
    /// Without it both clocks stand still: it is always the start of 1970.
    pub fn clocks(mut self) -> Self {
        self.clocks = true;
        self
    }

    /// Grants random numbers that nobody can predict.
    ///
    /// Without it every instance gets the same ones, which makes what it does repeatable and its keys
    /// and identifiers worthless.
    pub fn random(mut self) -> Self {
        self.random = true;
        self
    }

    /// Sets a variable in the guest's environment. The host's own environment is never passed on.
    pub fn env(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Adds a command-line argument. By convention the first is the name of the program.
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Lets the guest read what is in the folder `host_dir`, which it sees as `guest_dir`.
    ///
    /// Loading fails if the folder cannot be opened.
    pub fn preopen_read(self, host_dir: impl Into<PathBuf>, guest_dir: impl Into<String>) -> Self {
        self.preopen_with(host_dir.into(), guest_dir.into(), false)
    }

    /// Lets the guest read and change what is in the folder `host_dir`, which it sees as `guest_dir`.
    ///
    /// Loading fails if the folder cannot be opened.
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

    /// Sends the guest's standard output to the host's own instead of to [`tracing`].
    pub fn inherit_stdout(mut self) -> Self {
        self.inherit_stdout = true;
        self
    }

    /// Sends the guest's standard error to the host's own instead of to [`tracing`].
    pub fn inherit_stderr(mut self) -> Self {
        self.inherit_stderr = true;
        self
    }

    /// What one instance holds of this.
    pub(crate) fn instance(&self, guest: &Arc<str>, limits: &Limits) -> Result<Granted> {
        let (mut builder, stderr) = self.without_folders(guest, limits);
        for preopen in &self.preopens {
            let permissions = match preopen.writable {
                true => FsPerms::ReadWrite,
                false => FsPerms::ReadOnly,
            };
            builder
                .preopened_dir(&preopen.host, &preopen.guest, permissions)
                .map_err(|error| refused(guest, preopen, error))?;
        }
        Ok(Granted::new(builder, stderr, limits))
    }

    /// Everything but the folders, which are what may fail.
    fn without_folders(&self, guest: &Arc<str>, limits: &Limits) -> (WasiCtxBuilder, Output) {
        let stdout = Output::new(guest, Stream::Stdout, self.inherit_stdout);
        let stderr = Output::new(guest, Stream::Stderr, self.inherit_stderr);

        let mut builder = WasiCtx::builder();
        // Calls block their thread as it is, so files need no threads of their own.
        builder
            .allow_blocking_current_thread(true)
            .stdout(stdout)
            .stderr(stderr.clone())
            .max_random_size(limits.random)
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .envs(&self.env)
            .args(&self.args);
        if !self.clocks {
            builder
                .wall_clock(StoppedClock)
                .monotonic_clock(StoppedClock);
        }
        if !self.random {
            builder
                .secure_random(Deterministic::new(NOT_RANDOM.to_vec()))
                .insecure_random(Deterministic::new(NOT_RANDOM.to_vec()))
                .insecure_random_seed(0);
        }
        (builder, stderr)
    }
}

fn refused(guest: &Arc<str>, preopen: &Preopen, error: wasmtime::Error) -> Error {
    let Preopen {
        host,
        guest: seen_as,
        ..
    } = preopen;
    Error::Wasi {
        guest: Arc::clone(guest),
        reason: format!(
            "the folder `{}`, to be seen as `{seen_as}`, cannot be opened; \
             create it, or grant one that exists and that this process may read",
            absolute(host).display()
        )
        .into(),
        source: error.into(),
    }
}

/// The path in full where that can be found out: a relative one says little in an error.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// What one instance holds of the system.
pub(crate) struct Granted {
    ctx: WasiCtx,
    table: ResourceTable,
    pub(crate) stderr: Output,
    longest_sleep: Duration,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

impl Granted {
    fn new(mut builder: WasiCtxBuilder, stderr: Output, limits: &Limits) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.resource_table);
        Self {
            ctx: builder.build(),
            table,
            stderr,
            longest_sleep: surely_after(limits.deadline),
        }
    }

    fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.ctx,
            table: &mut self.table,
        }
    }
}

/// Adds the interfaces of WASI 0.2 to a linker.
pub(crate) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    linker.allow_shadowing(true);
    monotonic_clock::add_to_linker::<State, BoundedSleep>(linker, |state| {
        let longest = state
            .wasi
            .as_ref()
            .map_or(Duration::ZERO, |wasi| wasi.longest_sleep);
        BoundedClocks {
            longest: u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX),
            clocks: state.clocks(),
        }
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Whether an import is one that [`link`] offers. The engine has the last word.
pub(crate) fn offers(import: &str) -> bool {
    const PACKAGES: [&str; 6] = [
        "wasi:cli/",
        "wasi:clocks/",
        "wasi:filesystem/",
        "wasi:io/",
        "wasi:random/",
        "wasi:sockets/",
    ];
    PACKAGES.iter().any(|package| import.starts_with(package)) && import.contains("@0.2.")
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let Self {
            wasi,
            guest,
            limits,
            ..
        } = self;
        // Instances of guests that import WASI are made with it. Should one ever not be, it has nothing.
        wasi.get_or_insert_with(|| {
            let (builder, stderr) = Wasi::new().without_folders(guest, limits);
            Box::new(Granted::new(builder, stderr, limits))
        })
        .view()
    }
}

/// A clock that always says zero.
struct StoppedClock;

impl HostWallClock for StoppedClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for StoppedClock {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        0
    }
}

/// The clock that guests sleep by, with a bound on how long they sleep at once.
///
/// A sleeping guest is inside of the host, where the engine's deadline cannot interrupt it. Nobody needs
/// to sleep for longer than until the deadline has passed, though: the guest is interrupted when it wakes.
struct BoundedSleep;

impl HasData for BoundedSleep {
    type Data<'a> = BoundedClocks<'a>;
}

struct BoundedClocks<'a> {
    /// In nanoseconds.
    longest: u64,
    clocks: WasiClocksCtxView<'a>,
}

impl monotonic_clock::Host for BoundedClocks<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        monotonic_clock::Host::now(&mut self.clocks)
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        monotonic_clock::Host::resolution(&mut self.clocks)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let now = monotonic_clock::Host::now(&mut self.clocks)?;
        self.subscribe_duration(when.saturating_sub(now))
    }

    fn subscribe_duration(&mut self, duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.clocks.subscribe_duration(duration.min(self.longest))
    }
}

/// The bytes that stand for random ones where those are not granted, over and over again.
const NOT_RANDOM: [u8; 256] = {
    let mut bytes = [0; 256];
    // A linear congruential generator; any sequence without an obvious pattern would do.
    let mut state: u32 = 0x2545_f491;
    let mut position = 0;
    while position < bytes.len() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes[position] = (state >> 24) as u8;
        position += 1;
    }
    bytes
};
