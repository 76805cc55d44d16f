//! The ways in which wasmtime is set up: as it comes, made faster, and made faster and safe. Knows
//! no guest.
//!
//! The limits are those that Abide sets by default, so that both pay for the same safety.

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store, StoreLimits,
    StoreLimitsBuilder,
};

use super::State;

const MIB: usize = 1024 * 1024;

/// How often the clock ticks that deadlines are counted by.
const TICK: Duration = Duration::from_millis(10);

/// One second, and a tick more because the first one may come at once.
const DEADLINE: u64 = 101;

/// How many instances the pool has room for.
const INSTANCES: u32 = 256;

/// How much of a memory or a table is wiped by hand and kept when an instance is dropped.
const KEEP_RESIDENT: usize = 256 * 1024;

/// A way to set wasmtime up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    /// `Config::default()`, and no limits.
    Default,
    /// Without support for concurrent calls, and no limits: the fastest call there is.
    Unlimited,
    /// Without support for concurrent calls, from a pool, and with limits on time, memory and the
    /// rest.
    Tuned,
    /// As `Tuned`, with instructions counted too.
    TunedFuel,
}

/// The instructions that a call may execute, where they are counted.
pub(crate) const FUEL: u64 = 1_000_000_000;

impl Setup {
    pub(super) fn engine(self) -> wasmtime::Result<Engine> {
        let mut config = Config::new();
        match self {
            Self::Default => {}
            Self::Unlimited => {
                config.concurrency_support(false);
            }
            Self::Tuned | Self::TunedFuel => {
                let mut pool = PoolingAllocationConfig::new();
                pool.total_component_instances(INSTANCES)
                    .total_core_instances(16 * INSTANCES)
                    .total_memories(2 * INSTANCES)
                    .total_tables(4 * INSTANCES)
                    .table_elements(64 * 1024)
                    .max_memory_size(4096 * MIB)
                    .linear_memory_keep_resident(KEEP_RESIDENT)
                    .table_keep_resident(KEEP_RESIDENT);
                config
                    .concurrency_support(false)
                    .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
                    .epoch_interruption(true)
                    .consume_fuel(self.fuel().is_some())
                    .max_wasm_stack(512 * 1024);
            }
        }
        Engine::new(&config)
    }

    /// Starts the clock that deadlines are counted by, where there are any. It stops with the
    /// engine.
    pub(super) fn start_clock(self, engine: &Engine) -> Result<()> {
        if self.deadline().is_none() {
            return Ok(());
        }
        let engine = engine.weak();
        thread::Builder::new()
            .name("by-hand-ticker".to_owned())
            .spawn(move || {
                while let Some(engine) = engine.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    thread::sleep(TICK);
                }
            })
            .context("cannot start the thread that counts deadlines")?;
        Ok(())
    }

    /// How many ticks a call may take.
    pub(super) fn deadline(self) -> Option<u64> {
        match self {
            Self::Default | Self::Unlimited => None,
            Self::Tuned | Self::TunedFuel => Some(DEADLINE),
        }
    }

    /// How many instructions a call may execute.
    pub(super) fn fuel(self) -> Option<u64> {
        (self == Self::TunedFuel).then_some(FUEL)
    }

    /// The limits on memory, tables and instances, to be kept in the store's data.
    pub(super) fn store_limits(self) -> StoreLimits {
        match self {
            Self::Default | Self::Unlimited => StoreLimits::default(),
            Self::Tuned | Self::TunedFuel => StoreLimitsBuilder::new()
                .memory_size(64 * MIB)
                .memories(16)
                .tables(16)
                .table_elements(64 * 1024)
                .instances(64)
                .build(),
        }
    }

    /// Puts a new store under the limits.
    pub(super) fn limit<S: Send + 'static>(
        self,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<()> {
        let Some(deadline) = self.deadline() else {
            return Ok(());
        };
        self.meter(store, |state| &mut state.limits);
        // Before instantiation: code of the guest may run there too.
        store.set_epoch_deadline(deadline);
        self.fuel().map_or(Ok(()), |fuel| store.set_fuel(fuel))
    }

    /// Limits what a store with a deadline may take, beside time.
    pub(super) fn meter<T: Send + 'static>(
        self,
        store: &mut Store<T>,
        limits: impl Fn(&mut T) -> &mut StoreLimits + Send + Sync + 'static,
    ) {
        store.limiter(move |state| limits(state));
        store.set_hostcall_fuel(64 * MIB);
        store.set_max_component_handles(4096);
    }
}
