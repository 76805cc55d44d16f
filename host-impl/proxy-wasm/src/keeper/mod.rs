//! Keeps one plugin at work for one worker: a VM that fails, is old or was replaced gives way to
//! another, and streams stay with the VM that they began in.
//!
//! It knows no connections. What becomes of a stream whose VM has failed is whoever called's affair.

mod keep;
mod kept;
mod stats;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::host::{Answer, Connection, Exchange, Host};
use crate::plugin::{Configuration, Plugin};
use crate::vm::{Failure, FilterVm, StreamId};

pub use keep::{Keep, OnFailure};
use kept::{Kept, Leaves};
pub use stats::KeeperStats;

/// How many VMs that failed are remembered with the reason.
const REMEMBERED: usize = 16;

/// One plugin at work for one worker.
///
/// It is not shared: each worker has one, and calls it while it serves its connections. Something in
/// the worker calls [`tend`](Self::tend) now and then.
pub struct Keeper<H: Host> {
    plugin: Plugin<H>,
    configuration: Configuration,
    keep: Keep,
    /// The VM of new streams.
    current: Option<Kept<H>>,
    /// VMs that have streams left, and get no more.
    draining: Vec<Kept<H>>,
    /// The number of the next VM.
    next: u64,
    /// How many VMs in a row failed before a stream of theirs was through.
    failures: u32,
    /// No VM is started before.
    retry_at: Option<Instant>,
    /// Why VMs are no longer there, the last ones.
    gone: Vec<(u64, Arc<str>)>,
    stats: KeeperStats,
}

/// A stream, with the VM that it began in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stream {
    vm: u64,
    id: StreamId,
}

impl Stream {
    /// The number of its VM. What is asked of other servers for it is told by that and its own number.
    pub fn vm(self) -> u64 {
        self.vm
    }

    /// Its number in its VM.
    pub fn id(self) -> StreamId {
        self.id
    }
}

/// Why a stream goes on without its filter, or not at all.
#[derive(Debug, Clone)]
pub struct Broken {
    /// What happened.
    pub cause: Arc<str>,
    /// What was chosen for this case.
    pub on_failure: OnFailure,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Broken {}

impl<H: Host> Keeper<H> {
    /// Keeps a plugin at work. The first VM is started with the first stream, unless
    /// [`start`](Self::start) does.
    pub fn new(plugin: impl Into<Plugin<H>>, configuration: Configuration, keep: Keep) -> Self {
        Self {
            plugin: plugin.into(),
            configuration,
            keep,
            current: None,
            draining: Vec::new(),
            next: 0,
            failures: 0,
            retry_at: None,
            gone: Vec::new(),
            stats: KeeperStats::default(),
        }
    }

    /// Starts a VM, if there is none: ticks, and what else plugins do by themselves, begin with it.
    /// Its number.
    ///
    /// # Errors
    /// There is no VM, and none is started at this time.
    pub fn start(&mut self) -> Result<u64, Broken> {
        self.current()
    }

    /// A request has begun.
    ///
    /// # Errors
    /// There is no VM, and none is started at this time.
    pub fn open(&mut self, exchange: Exchange<H>) -> Result<Stream, Broken> {
        self.begin(|vm| vm.open(exchange))
    }

    /// A connection was made.
    ///
    /// # Errors
    /// There is no VM, and none is started at this time.
    pub fn connect(&mut self, connection: Connection<H>) -> Result<Stream, Broken> {
        self.begin(|vm| vm.connect(connection))
    }

    /// Calls a stream's filter.
    ///
    /// # Errors
    /// The filter failed, or its VM has before.
    pub fn call<R>(
        &mut self,
        stream: Stream,
        call: impl FnOnce(&mut dyn FilterVm<H>, StreamId) -> Result<R, Failure>,
    ) -> Result<R, Broken> {
        self.on(stream.vm, |kept| call(&mut *kept.vm, stream.id))
    }

    /// A stream is through, both ways.
    ///
    /// # Errors
    /// The filter failed, or its VM has before.
    pub fn close(&mut self, stream: Stream) -> Result<(), Broken> {
        let closed = self.on(stream.vm, |kept| {
            kept.closes();
            kept.vm.close(stream.id)
        });
        if closed.is_ok() {
            self.failures = 0;
        }
        self.tend();
        closed
    }

    /// The answer to a request of the plugin's own, which the VM of that number made while it was
    /// called for a stream, or for none. That of a VM that is gone is dropped.
    ///
    /// # Errors
    /// The filter failed.
    pub fn answered(
        &mut self,
        vm: u64,
        who: Option<StreamId>,
        call: u32,
        answer: Answer<H>,
    ) -> Result<(), Broken> {
        match self.is_there(vm) {
            true => self.on(vm, |kept| kept.vm.answered(who, call, answer)),
            false => Ok(()),
        }
    }

    /// Calls the root of each VM: for ticks, queues and calls of gRPC. A VM that fails is gone, as
    /// [`broken`](Self::broken) tells of its streams.
    pub fn each(&mut self, mut call: impl FnMut(u64, &mut dyn FilterVm<H>) -> Result<(), Failure>) {
        let current = self.current.iter();
        let all: Vec<u64> = current
            .chain(&self.draining)
            .map(|kept| kept.number)
            .collect();
        for number in all {
            // It is told by what becomes of its streams.
            let _ = self.on(number, |kept| call(number, &mut *kept.vm));
        }
    }

    /// Why a stream's VM is no longer there; none if it is. Streams that wait for something are to
    /// look, whenever a call of another one has failed.
    pub fn broken(&self, stream: Stream) -> Option<Broken> {
        (!self.is_there(stream.vm)).then(|| self.gone(stream.vm))
    }

    /// New streams get VMs of another plugin, or of another configuration. Those that there are keep
    /// theirs, within the [bound](Keep::drain).
    ///
    /// # Errors
    /// The new plugin does not start. Nothing is replaced then.
    pub fn replace(
        &mut self,
        plugin: impl Into<Plugin<H>>,
        configuration: Configuration,
    ) -> Result<(), Failure> {
        let plugin = plugin.into();
        let new = Kept::new(self.next, plugin.start(&configuration)?, Instant::now());
        self.plugin = plugin;
        self.configuration = configuration;
        self.failures = 0;
        self.retry_at = None;
        self.retire(Leaves::Replaced);
        self.put(new);
        Ok(())
    }

    /// Ends what is to be ended: VMs whose last stream is gone, and those that had their time.
    pub fn tend(&mut self) {
        let drain = self.keep.drain;
        let mut ended = Vec::new();
        let mut at = 0;
        while let Some(kept) = self.draining.get_mut(at) {
            if kept.is_over(drain) || kept.is_done() {
                ended.push(self.draining.swap_remove(at));
            } else {
                at += 1;
            }
        }
        for kept in ended {
            if kept.has_streams() {
                self.stats.cut += 1;
            }
            self.remember(kept.number, "its VM was replaced, and had its time");
        }
        self.stats.draining = self.draining.len() as u64;
    }

    /// What happened so far.
    pub fn stats(&self) -> KeeperStats {
        self.stats.clone()
    }

    /// Begins a stream on the VM of new streams.
    fn begin(
        &mut self,
        begin: impl FnOnce(&mut dyn FilterVm<H>) -> Result<StreamId, Failure>,
    ) -> Result<Stream, Broken> {
        let vm = self.current()?;
        let id = self.on(vm, |kept| {
            kept.opens();
            begin(&mut *kept.vm)
        })?;
        Ok(Stream { vm, id })
    }

    /// The number of a VM for a new stream.
    fn current(&mut self) -> Result<u64, Broken> {
        let now = Instant::now();
        let used_up = match &self.current {
            Some(kept) if !kept.is_used_up(&self.keep, now) => return Ok(kept.number),
            used_up => used_up.as_ref().map(|kept| kept.number),
        };
        if let Some(left) = self.left(now) {
            // An old VM is better than none.
            return used_up.ok_or_else(|| {
                let last = self.gone.last().map_or("", |(_, cause)| cause);
                let cause = format!("{last} (tried again in {} ms)", left.as_millis());
                self.broken_by(cause.into())
            });
        }
        match self.started(now) {
            Ok(new) => {
                self.retire(Leaves::UsedUp);
                Ok(self.put(new))
            }
            Err(failure) => {
                let cause = self.failed(self.next, &failure, false);
                self.next += 1;
                used_up.ok_or_else(|| self.broken_by(cause))
            }
        }
    }

    /// How long there is to wait before a VM may be started.
    fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.retry_at?.checked_duration_since(now)?;
        (!left.is_zero()).then_some(left)
    }

    fn started(&self, now: Instant) -> Result<Kept<H>, Failure> {
        let vm = self.plugin.start(&self.configuration)?;
        Ok(Kept::new(self.next, vm, now))
    }

    fn put(&mut self, kept: Kept<H>) -> u64 {
        let number = kept.number;
        self.next += 1;
        self.stats.started += 1;
        self.current = Some(kept);
        number
    }

    /// The VM of new streams gets no more.
    fn retire(&mut self, why: Leaves) {
        if let Some(mut kept) = self.current.take() {
            kept.leaves();
            if let Leaves::UsedUp = why {
                self.stats.recycled += 1;
            }
            self.draining.push(kept);
        }
        self.tend();
    }

    /// Works with a VM, and drops it if it failed.
    fn on<R>(
        &mut self,
        vm: u64,
        work: impl FnOnce(&mut Kept<H>) -> Result<R, Failure>,
    ) -> Result<R, Broken> {
        let is_it = |kept: &&mut Kept<H>| kept.number == vm;
        let kept = match self.current.as_mut().filter(is_it) {
            Some(kept) => Some(kept),
            None => self.draining.iter_mut().find(is_it),
        };
        let Some(kept) = kept else {
            return Err(self.gone(vm));
        };
        let failure = match work(kept) {
            Ok(result) => return Ok(result),
            Err(failure) => failure,
        };
        if kept.vm.is_alive() {
            return Err(self.broken_by(failure.to_string().into()));
        }
        let was_of_use = kept.was_of_use();
        if self.current.as_ref().is_some_and(|kept| kept.number == vm) {
            self.current = None;
        }
        self.draining.retain(|kept| kept.number != vm);
        let cause = self.failed(vm, &failure, was_of_use);
        Err(self.broken_by(cause))
    }

    /// Notes that a VM failed, or did not start, and when another may be started.
    fn failed(&mut self, vm: u64, failure: &Failure, was_of_use: bool) -> Arc<str> {
        let cause: Arc<str> = failure.to_string().into();
        tracing::warn!(target: "abide::proxy", "a VM ended: {cause}");
        self.stats.failed += 1;
        self.failures = match was_of_use {
            true => 0,
            false => self.failures.saturating_add(1),
        };
        self.retry_at = self
            .keep
            .pause(self.failures)
            .map(|pause| Instant::now() + pause);
        self.remember(vm, &cause);
        cause
    }

    fn remember(&mut self, vm: u64, cause: &str) {
        if self.gone.len() == REMEMBERED {
            self.gone.remove(0);
        }
        self.gone.push((vm, cause.into()));
    }

    fn is_there(&self, vm: u64) -> bool {
        let mut all = self.current.iter().chain(&self.draining);
        all.any(|kept| kept.number == vm)
    }

    /// What comes of a stream whose VM is gone.
    fn gone(&self, vm: u64) -> Broken {
        let mut gone = self.gone.iter();
        let cause = gone.find(|(number, _)| *number == vm);
        let cause = cause.map(|(_, cause)| Arc::clone(cause));
        self.broken_by(cause.unwrap_or_else(|| "its VM is gone".into()))
    }

    fn broken_by(&self, cause: Arc<str>) -> Broken {
        Broken {
            cause,
            on_failure: self.keep.on_failure,
        }
    }

    /// For how long there will be no VM, if the last one has just failed.
    pub fn pause(&self) -> Option<Duration> {
        self.left(Instant::now()).filter(|_| self.current.is_none())
    }
}

impl<H: Host> fmt::Debug for Keeper<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("plugin", &self.plugin)
            .field("keep", &self.keep)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}
