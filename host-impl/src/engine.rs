//! The engine that guests run on: its configuration, its clock and how many instances it may hold.
//!
//! It knows nothing of worlds, hosts or calls.

use std::fmt;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use wasmtime::{Config, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy};

use crate::error::{Error, Result};

/// How many instances one engine holds at the same time. A call that finds all of them in use waits.
pub(crate) const INSTANCES: u32 = 256;

/// How often the engine's clock advances, and so how exact a deadline is.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// One component is made of several core instances: the guest, adapters, shims.
const CORE_INSTANCES: u32 = 16 * INSTANCES;
const MEMORIES: u32 = 2 * INSTANCES;
const TABLES: u32 = 4 * INSTANCES;

/// The most memories and tables that a single core module may have. How many an instance may have is
/// up to `Limits`.
const PER_MODULE: u32 = 16;

/// The most elements of a single table. Tables are kept ready for all instances, so this is memory.
const TABLE_ELEMENTS: usize = 64 * 1024;

/// The address space kept for a linear memory. How much of it a guest may use is `Limits::memory`.
const MEMORY_SPACE: usize = 4 * 1024 * 1024 * 1024;

/// How much of a memory's or table's storage is wiped by hand and kept when its instance is dropped,
/// and not given back to the operating system. More makes guests that use little slower.
const KEEP_RESIDENT: usize = 128 * 1024;

/// The stack of a guest, in bytes.
const WASM_STACK: usize = 512 * 1024;

/// What guests are compiled by and run on.
///
/// Handles that are loaded without naming an engine use the [shared](Engine::shared) one. An engine of
/// one's own keeps guests from competing with others for instances: it holds up to 256 at a time.
///
/// Guests run on the stack of the thread that calls them and need up to 512 KiB of it. Threads made by
/// Rust have 2 MiB; on one with less than 1 MiB, a guest that recurses deeply takes the process down.
///
/// A clone is the same engine. Its clock is a thread, which ends with the last clone and the last guest
/// loaded on it.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    engine: wasmtime::Engine,
    counts_fuel: bool,
    permits: Arc<Permits>,
    // Only held: dropping it ends the thread.
    _ticker: Ticker,
}

/// An engine of the process, alive for as long as anything uses it.
type ProcessWide = Mutex<Weak<Shared>>;

static PLAIN: ProcessWide = Mutex::new(Weak::new());
static COUNTS_FUEL: ProcessWide = Mutex::new(Weak::new());

impl Engine {
    /// The engine that everything in this process shares, created on first use.
    ///
    /// # Errors
    /// [`Error::Engine`] if it has to be created and cannot be.
    pub fn shared() -> Result<Self> {
        Self::process_wide(&PLAIN, false)
    }

    /// The engine that everything in this process shares whose limits have fuel.
    pub(crate) fn shared_with_fuel() -> Result<Self> {
        Self::process_wide(&COUNTS_FUEL, true)
    }

    fn process_wide(place: &ProcessWide, counts_fuel: bool) -> Result<Self> {
        let mut place = place.lock();
        if let Some(shared) = place.upgrade() {
            return Ok(Self { shared });
        }
        let engine = Self::create(counts_fuel)?;
        *place = Arc::downgrade(&engine.shared);
        Ok(engine)
    }

    /// A new engine, with instances and a clock of its own.
    ///
    /// # Errors
    /// [`Error::Engine`] if the operating system refuses the address space for the instances (about
    /// 2 TiB, reserved and not used) or the thread for the clock.
    pub fn new() -> Result<Self> {
        Self::create(false)
    }

    /// A new engine that counts the instructions of guests, for [`Limits::fuel`](crate::Limits::fuel).
    ///
    /// Guests run slower on it. Handles whose limits have fuel use one that is shared in this process,
    /// unless they are given an engine of their own, which then has to be made by this.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_fuel() -> Result<Self> {
        Self::create(true)
    }

    fn create(counts_fuel: bool) -> Result<Self> {
        let engine = wasmtime::Engine::new(&config(counts_fuel)).map_err(|error| Error::Engine {
            reason: Box::from(
                "it could not be created; it reserves about 2 TiB of address space without using it, \
                 so check the limits on virtual memory of this process (`ulimit -v`)",
            ),
            source: error.into(),
        })?;
        let ticker = Ticker::start(engine.clone())?;
        Ok(Self {
            shared: Arc::new(Shared {
                engine,
                counts_fuel,
                permits: Arc::new(Permits::new(INSTANCES)),
                _ticker: ticker,
            }),
        })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.shared.engine
    }

    pub(crate) fn counts_fuel(&self) -> bool {
        self.shared.counts_fuel
    }

    /// The right to one instance, as soon as there is one but not later than after `wait`.
    pub(crate) fn permit(&self, wait: Duration) -> Option<Permit> {
        Permits::acquire(&self.shared.permits, wait)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("free_instances", &*self.shared.permits.free.lock())
            .finish_non_exhaustive()
    }
}

fn config(counts_fuel: bool) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(CORE_INSTANCES)
        .total_memories(MEMORIES)
        .total_tables(TABLES)
        .max_memories_per_module(PER_MODULE)
        .max_tables_per_module(PER_MODULE)
        .table_elements(TABLE_ELEMENTS)
        .max_memory_size(MEMORY_SPACE)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT);

    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .wasm_component_model(true)
        // Makes a call several times cheaper. It excludes async ABIs, which need an engine of their own.
        .concurrency_support(false)
        // Deadlines. Fuel is exact, and costs more in every loop of every guest.
        .epoch_interruption(true)
        .consume_fuel(counts_fuel)
        .max_wasm_stack(WASM_STACK)
        // A trap is reported by its kind and the guest's own message, never by a stack of wasm frames.
        .wasm_backtrace_max_frames(None)
        .debug_info(false)
        // What components made by today's languages do without, and hosts need not defend against.
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(true)
        .shared_memory(false);
    config
}

/// The thread that advances an engine's epoch.
struct Ticker {
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Stop {
    requested: Mutex<bool>,
    changed: Condvar,
}

impl Ticker {
    fn start(engine: wasmtime::Engine) -> Result<Self> {
        let stop = Arc::new(Stop::default());
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("abide-ticker".to_owned())
            .spawn(move || {
                let mut schedule = Schedule::new(Instant::now());
                let mut requested = seen.requested.lock();
                while !*requested {
                    let next = schedule.next(Instant::now());
                    while !*requested && !seen.changed.wait_until(&mut requested, next).timed_out()
                    {
                    }
                    engine.increment_epoch();
                }
            })
            .map_err(|error| Error::Engine {
                reason: Box::from(
                    "the thread for its deadlines could not be started; \
                     check the limit on threads of this process (`ulimit -u`)",
                ),
                source: Box::new(error),
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        *self.stop.requested.lock() = true;
        self.stop.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // The thread runs no code that can panic, and a drop could not report it.
            let _ = thread.join();
        }
    }
}

/// When the clock's ticks are due.
///
/// Each is due a tick after the one before was due, and not after it happened, so that a long deadline is
/// as exact as a short one. If the process did not run for a while, the ticks it missed are dropped: they
/// would otherwise come all at once, and end calls that have only begun.
struct Schedule {
    due: Instant,
}

impl Schedule {
    const MOST_LATE: Duration = TICK.saturating_mul(10);

    fn new(now: Instant) -> Self {
        Self { due: now }
    }

    fn next(&mut self, now: Instant) -> Instant {
        self.due += TICK;
        if now.saturating_duration_since(self.due) > Self::MOST_LATE {
            self.due = now + TICK;
        }
        self.due
    }
}

/// Counts how many more instances an engine can hold.
struct Permits {
    free: Mutex<u32>,
    returned: Condvar,
}

impl Permits {
    fn new(count: u32) -> Self {
        Self {
            free: Mutex::new(count),
            returned: Condvar::new(),
        }
    }

    fn acquire(permits: &Arc<Self>, wait: Duration) -> Option<Permit> {
        let mut free = permits.free.lock();
        if *free == 0 {
            permits
                .returned
                .wait_while_for(&mut free, |free| *free == 0, wait);
        }
        *free = free.checked_sub(1)?;
        Some(Permit(Arc::clone(permits)))
    }
}

/// The right to hold one instance, given back when dropped.
pub(crate) struct Permit(Arc<Permits>);

impl Drop for Permit {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.returned.notify_one();
    }
}

/// A deadline in ticks of the engine's clock.
///
/// The first tick comes at any time between now and a whole tick from now, hence one more than the
/// deadline rounded up. The bound keeps the sum with the clock far from overflowing.
pub(crate) fn ticks(deadline: Duration) -> u64 {
    const LONGEST: u64 = 1 << 40;
    let ticks = deadline.as_nanos().div_ceil(TICK.as_nanos()) + 1;
    u64::try_from(ticks).unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_round_up_to_ticks() {
        assert_eq!(ticks(Duration::ZERO), 1);
        assert_eq!(ticks(Duration::from_nanos(1)), 2);
        assert_eq!(ticks(Duration::from_millis(10)), 2);
        assert_eq!(ticks(Duration::from_millis(11)), 3);
        assert_eq!(ticks(Duration::MAX), 1 << 40);
    }

    #[test]
    fn ticks_keep_their_rhythm_and_missed_ones_are_dropped() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start);
        assert_eq!(schedule.next(start), start + TICK);
        // A little late: the next is due when it would have been.
        assert_eq!(schedule.next(start + TICK * 3 / 2), start + TICK * 2);
        let long_after = start + TICK * 1000;
        assert_eq!(schedule.next(long_after), long_after + TICK);
    }

    #[test]
    fn permits_run_out_and_come_back() {
        let permits = Arc::new(Permits::new(1));
        let held = Permits::acquire(&permits, Duration::ZERO);
        assert!(held.is_some());
        assert!(Permits::acquire(&permits, Duration::from_millis(1)).is_none());
        drop(held);
        assert!(Permits::acquire(&permits, Duration::ZERO).is_some());
    }

    #[test]
    fn the_clock_ends_with_the_last_engine() -> Result<()> {
        let engine = Engine::new()?;
        let clock = Arc::downgrade(&engine.shared._ticker.stop);
        let clone = engine.clone();
        drop(engine);
        assert_eq!(clock.strong_count(), 2, "the engine and the thread");
        drop(clone);
        assert_eq!(clock.strong_count(), 0);
        Ok(())
    }

    #[test]
    fn the_shared_engine_lives_as_long_as_it_is_used() -> Result<()> {
        let first = Engine::shared()?;
        let second = Engine::shared()?;
        assert!(Arc::ptr_eq(&first.shared, &second.shared));
        Ok(())
    }
}
