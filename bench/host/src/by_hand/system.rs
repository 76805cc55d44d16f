//! What a guest gets of the system: nothing, or WASI without grants.

use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::State;

/// The part of a store's data that the system's imports work on.
pub(crate) trait System: Sized + Send + 'static {
    /// Offers the imports.
    fn link(linker: &mut Linker<State<Self>>) -> wasmtime::Result<()>;

    /// What a new instance gets.
    fn grant() -> Self;
}

/// For guests that import nothing of the system.
#[derive(Debug)]
pub(crate) struct Nothing;

impl System for Nothing {
    fn link(_: &mut Linker<State<Self>>) -> wasmtime::Result<()> {
        Ok(())
    }

    fn grant() -> Self {
        Self
    }
}

/// WASI 0.2 as its builder makes it when nothing is asked for: no files, no environment, no
/// network, and output that goes nowhere.
pub(crate) struct Wasi {
    ctx: WasiCtx,
    table: ResourceTable,
}

impl std::fmt::Debug for Wasi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wasi").finish_non_exhaustive()
    }
}

impl System for Wasi {
    fn link(linker: &mut Linker<State<Self>>) -> wasmtime::Result<()> {
        wasmtime_wasi::p2::add_to_linker_sync(linker)
    }

    fn grant() -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(1024);
        Self {
            ctx: WasiCtx::builder().max_random_size(64 * 1024).build(),
            table,
        }
    }
}

impl WasiView for State<Wasi> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.system.ctx,
            table: &mut self.system.table,
        }
    }
}
