//! The engine that guests run on: its configuration, and what all guests on it share.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use super::config::{MEMORIES, TABLES, config};
use super::permits::{Denied, Permit, Permits};
use super::reaper::Reaper;
use crate::code::components::Components;
use crate::error::{Error, Result};
#[cfg(feature = "async")]
use crate::guard::cancel::Cancel;
use crate::guard::clock::{Clock, Ticker};
use crate::guard::fork;
use crate::guard::limits::STACK;
use crate::guard::nesting;
use crate::guard::quota::{self, Quota};

/// How many instances an engine holds at the same time unless it is told otherwise. A call that
/// finds all of them in use waits.
const INSTANCES: u32 = 256;

/// The most instances of an engine: each has address space of its own, and a process has 128 TiB of
/// it.
const MOST_INSTANCES: u32 = 4096;

/// The smallest stack of guests, in bytes: less than a page or two serves no guest at all.
const SMALLEST_STACK: usize = 16 * 1024;

/// What guests are compiled by and run on.
///
/// Handles that are loaded without naming an engine use the [shared](Engine::shared) one. An engine
/// of one's own keeps guests from competing with others for instances: it holds up to 256 at a
/// time, or as many as its [builder](Engine::builder) says.
///
/// Guests run on the stack of the thread that calls them and need up to
/// [`Limits::stack`](crate::Limits::stack) of it, 512 KiB by default, and the functions of the host
/// that they call need some beside it. Threads made by Rust have 2 MiB. A call on a thread that has
/// less than the guest's stack and 256 KiB left is refused with [`Error::SmallStack`], where the
/// operating system tells how much is left: on Linux, Android and macOS. Elsewhere, a guest that
/// recurses deeply on a thread with less than 1 MiB takes the process down. Guests of `host_async`
/// run on stacks of their own, of which an engine has one for each instance where the feature
/// `async` is on; how much a thread has does not matter to them.
///
/// A process that is forked off one that has an engine can neither load nor call guests: the
/// threads that keep deadlines are not in it. It gets [`Error::Forked`]. Fork first, and make
/// engines in the processes that use them.
///
/// A clone is the same engine. Its clock is a thread, which ends with the last clone and the last
/// guest loaded on it.
#[derive(Clone)]
pub struct Engine {
    machinery: Arc<Machinery>,
}

/// What an engine is made of, which its clones share.
struct Machinery {
    engine: wasmtime::Engine,
    kind: EngineKind,
    permits: Arc<Permits>,
    quota: Arc<Quota>,
    components: Arc<Components>,
    reaper: Reaper,
    ticker: Ticker,
}

/// In what engines differ that guests can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EngineKind {
    /// Whether instructions are counted.
    pub(crate) fuel: bool,
    /// The stack of a guest, in bytes.
    pub(crate) stack: usize,
}

impl Default for EngineKind {
    fn default() -> Self {
        Self {
            fuel: false,
            stack: STACK,
        }
    }
}

/// The engines of the process, each alive for as long as anything uses it.
static PROCESS_WIDE: Mutex<Option<HashMap<EngineKind, Weak<Machinery>>>> = Mutex::new(None);

/// Makes an [`Engine`] of one's own.
///
/// ```
/// use abide_host::Engine;
///
/// let engine = Engine::builder().instances(16).open_files(64).build()?;
/// # Ok::<(), abide_host::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct EngineBuilder {
    kind: EngineKind,
    instances: u32,
    open_files: usize,
    name_lookups: usize,
}

impl EngineBuilder {
    /// How many instances the engine holds at the same time, parked ones and those of sessions
    /// included; a call that finds no room waits. From 1 to 4,096. Default: 256.
    ///
    /// Each takes 8 GiB of address space and a few pages of memory, and with the feature `async` as
    /// much address space for a stack as its guest may use and 1.5 MiB. An instance with more than
    /// two memories or four tables, which guests in Rust do not have, takes the room of several.
    pub fn instances(mut self, count: u32) -> Self {
        self.instances = count;
        self
    }

    /// Counts the instructions of guests, for [`Limits::fuel`](crate::Limits::fuel). They run
    /// slower then.
    pub fn fuel(mut self) -> Self {
        self.kind.fuel = true;
        self
    }

    /// How much of their thread's stack guests may use, in bytes, for
    /// [`Limits::stack`](crate::Limits::stack). From 16 KiB to 1.5 MiB. Default: 512 KiB.
    pub fn stack(mut self, bytes: usize) -> Self {
        self.kind.stack = bytes;
        self
    }

    /// How many files, folders and sockets the guests of the engine may have open together.
    /// Default: 512, half of what a process may on most systems (`ulimit -n`).
    ///
    /// A guest that asks for one more is told by WASI's own errors: `busy` for a file,
    /// `new-socket-limit` for a socket, `connection-limit-reached` for HTTP. For a single instance
    /// there is [`Limits::open_files`](crate::Limits::open_files).
    pub fn open_files(mut self, count: usize) -> Self {
        self.open_files = count;
        self
    }

    /// How many names the guests of the engine may look up at the same time, at least 1; more of
    /// them wait for their turn. Each takes a thread. Default: 16. For a single instance there is
    /// [`Limits::name_lookups`](crate::Limits::name_lookups).
    pub fn name_lookups(mut self, count: usize) -> Self {
        self.name_lookups = count;
        self
    }

    /// Makes the engine.
    ///
    /// # Errors
    /// [`Error::Setting`] if a number is out of its range, [`Error::Engine`] if the operating
    /// system refuses the address space for the instances (reserved and not used) or the thread for
    /// the clock, [`Error::Forked`] in a process that was forked off one that had an engine.
    pub fn build(self) -> Result<Engine> {
        let Self {
            kind,
            instances,
            open_files,
            name_lookups,
        } = self;
        fork::refuse()?;
        fork::watch(nesting::forbid_here);
        let most = MOST_INSTANCES as usize;
        in_range("EngineBuilder::instances", instances as usize, 1, most)?;
        stack_in_range("EngineBuilder::stack", kind.stack)?;
        nesting::prepare();
        let engine =
            wasmtime::Engine::new(&config(kind.fuel, kind.stack, instances)).map_err(|error| Error::Engine {
                reason: format!(
                    "it could not be created; it reserves about {} GiB of address space without using \
                     it, so check the limits on virtual memory of this process (`ulimit -v`), or ask for \
                     fewer instances",
                    u64::from(instances) * 8
                )
                .into(),
                source: error.into(),
            })?;
        let ticking = engine.clone();
        let ticker = Ticker::start(move || ticking.increment_epoch())?;
        Ok(Engine {
            machinery: Arc::new(Machinery {
                engine,
                kind,
                permits: Arc::new(Permits::new(instances)),
                quota: Arc::new(Quota::new(open_files, name_lookups)),
                components: Arc::default(),
                reaper: Reaper::default(),
                ticker,
            }),
        })
    }
}

fn stack_in_range(setting: &'static str, bytes: usize) -> Result<()> {
    in_range(setting, bytes, SMALLEST_STACK, nesting::MOST)
}

fn in_range(setting: &'static str, found: usize, least: usize, most: usize) -> Result<()> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(Error::Setting {
        setting,
        problem: format!("{found}; expected {least} to {most}").into(),
    })
}

impl Engine {
    /// The engine that everything in this process shares, created on first use.
    ///
    /// # Errors
    /// [`Error::Engine`] if it has to be created and cannot be.
    pub fn shared() -> Result<Self> {
        Self::process_wide(EngineKind::default())
    }

    /// The engine that everything in this process shares whose limits ask for one of this kind.
    pub(crate) fn process_wide(kind: EngineKind) -> Result<Self> {
        fork::refuse()?;
        stack_in_range("Limits::stack", kind.stack)?;
        let mut engines = PROCESS_WIDE.lock();
        let engines = engines.get_or_insert_default();
        engines.retain(|_, engine| engine.strong_count() > 0);
        if let Some(machinery) = engines.get(&kind).and_then(Weak::upgrade) {
            return Ok(Self { machinery });
        }
        let engine = EngineBuilder {
            kind,
            ..Self::builder()
        }
        .build()?;
        engines.insert(kind, Arc::downgrade(&engine.machinery));
        Ok(engine)
    }

    /// A new engine, with instances and a clock of its own.
    ///
    /// # Errors
    /// [`Error::Engine`] if the operating system refuses the address space for the instances (about
    /// 2 TiB, reserved and not used) or the thread for the clock.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// A new engine that counts the instructions of guests, for
    /// [`Limits::fuel`](crate::Limits::fuel).
    ///
    /// Guests run slower on it. Handles whose limits have fuel use one that is shared in this
    /// process, unless they are given an engine of their own, which then has to count fuel.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_fuel() -> Result<Self> {
        Self::builder().fuel().build()
    }

    /// Makes an engine with other numbers than the default.
    pub fn builder() -> EngineBuilder {
        EngineBuilder {
            kind: EngineKind::default(),
            instances: INSTANCES,
            open_files: quota::OPEN_FILES,
            name_lookups: quota::NAME_LOOKUPS,
        }
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.machinery.engine
    }

    /// The components that are compiled for this engine.
    pub(crate) fn components(&self) -> &Arc<Components> {
        &self.machinery.components
    }

    /// How much of [`permit`](Self::permit)'s room an instance takes with so many memories and
    /// tables; `None` if that is more than there is.
    pub(crate) fn room_for(&self, memories: u32, tables: u32) -> Option<u32> {
        let room = memories.div_ceil(MEMORIES).max(tables.div_ceil(TABLES));
        (room <= self.permits().all()).then_some(room.max(1))
    }

    pub(crate) fn kind(&self) -> EngineKind {
        self.machinery.kind
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        self.machinery.ticker.clock()
    }

    pub(crate) fn reaper(&self) -> &Reaper {
        &self.machinery.reaper
    }

    pub(crate) fn quota(&self) -> &Arc<Quota> {
        &self.machinery.quota
    }

    pub(crate) fn permits(&self) -> &Arc<Permits> {
        &self.machinery.permits
    }

    /// The right to one instance that takes so much `room`, as soon as there is enough but not
    /// later than after `wait`.
    pub(crate) fn permit(
        &self,
        room: u32,
        wait: Duration,
        cancelled: impl Fn() -> bool,
    ) -> Result<Permit, Denied> {
        let make_room = || self.machinery.reaper.make_room();
        Permits::acquire(&self.machinery.permits, room, wait, make_room, cancelled)
    }
}

#[cfg(feature = "async")]
impl Engine {
    /// What [`permit`](Self::permit) does, without holding up a thread.
    pub(crate) async fn permit_async(
        &self,
        room: u32,
        wait: Duration,
        cancel: Option<&Cancel>,
    ) -> Result<Permit, Denied> {
        let Machinery {
            permits, reaper, ..
        } = &*self.machinery;
        let make_room = || reaper.make_room();
        Permits::acquire_async(permits, room, wait, self.clock(), make_room, cancel).await
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("kind", &self.machinery.kind)
            .field("free_instances", &self.machinery.permits.free())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_ends_with_the_last_engine() -> Result<()> {
        let engine = Engine::new()?;
        let clock = Arc::downgrade(engine.clock());
        let clone = engine.clone();
        drop(engine);
        assert!(clock.strong_count() > 0);
        drop(clone);
        assert_eq!(clock.strong_count(), 0, "the thread has ended");
        Ok(())
    }

    #[test]
    fn the_shared_engine_lives_as_long_as_it_is_used() -> Result<()> {
        let first = Engine::shared()?;
        let second = Engine::shared()?;
        assert!(Arc::ptr_eq(&first.machinery, &second.machinery));
        let other = Engine::process_wide(EngineKind {
            stack: 64 * 1024,
            ..EngineKind::default()
        })?;
        assert!(!Arc::ptr_eq(&first.machinery, &other.machinery));
        Ok(())
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        for builder in [
            Engine::builder().instances(0),
            Engine::builder().instances(5000),
            Engine::builder().stack(1),
            Engine::builder().stack(2 * 1024 * 1024),
        ] {
            let text = format!("{:?}", builder.build().map(drop));
            assert!(text.contains("expected"), "{text}");
        }
    }
}
