//! How wasmtime is configured, with the reason for each number that is not its default.

use std::num::NonZeroUsize;

use wasmtime::{Config, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy};

/// One component is made of several core instances: the guest, adapters, shims. They take no room.
const CORE_INSTANCES: u32 = 256;
/// For these there is address space. An instance with more of them takes the room of several.
pub(super) const MEMORIES: u32 = 2;
pub(super) const TABLES: u32 = 4;

/// The most memories and tables that a single core module may have. How many an instance may have
/// is up to `Limits`.
const PER_MODULE: u32 = 16;

/// The most elements of a single table. Tables are kept ready for all instances, so this is memory.
const TABLE_ELEMENTS: usize = 64 * 1024;

/// The address space kept for a linear memory. How much of it a guest may use is `Limits::memory`.
const MEMORY_SPACE: usize = 4 * 1024 * 1024 * 1024;

/// How much of a memory's or table's storage is wiped by hand and kept when its instance is
/// dropped, and not given back to the operating system, which takes several times longer. Enough
/// for the whole memory of a small guest with a stack of 128 KiB; more would make guests that use
/// little of a large memory slower.
const KEEP_RESIDENT: usize = 256 * 1024;

/// What a fibre's stack has beside what its guest may use, in bytes: for the functions of the host,
/// and for guests that these call without waiting. It is what `guard/nesting.rs` counts on: as much
/// as a thread made by Rust has.
const BESIDE_GUEST: usize = 1536 * 1024;

/// How many frames of a guest's stack an error tells of.
const FRAMES: Option<NonZeroUsize> = NonZeroUsize::new(32);

/// The configuration of an engine that counts instructions or not, for guests with so many bytes of
/// stack, and room for so many instances.
pub(super) fn config(fuel: bool, stack: usize, instances: u32) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(CORE_INSTANCES * instances)
        .total_memories(MEMORIES * instances)
        .total_tables(TABLES * instances)
        // An instance has one fibre at a time and keeps its stack for the next. Where no call has a
        // stack of its own there are none: wasmtime would map a thousand of them, of 2 MiB each,
        // for which an engine took 9 to 13 ms to be made.
        .total_stacks(if cfg!(feature = "async") {
            instances
        } else {
            0
        })
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
        // Makes a call several times cheaper. It excludes async ABIs, which need an engine of their
        // own.
        .concurrency_support(false)
        // Deadlines. Fuel is exact, and costs more in every loop of every guest.
        .epoch_interruption(true)
        .consume_fuel(fuel)
        .max_wasm_stack(stack)
        .async_stack_size(stack + BESIDE_GUEST)
        .wasm_backtrace_max_frames(FRAMES)
        .debug_info(false)
        // What components made by today's languages do without, and hosts need not defend against.
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(true)
        .shared_memory(false);
    config
}
