//! The calls without Abide that are awaited: `bindgen!` with everything async.
//!
//! A deadline costs nothing beside what it is made of: at each tick the guest lets others run, and
//! after the last one it is over. An import that waits for ever is not ended by that.

use anyhow::{Context as _, Result};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Store, StoreLimits, UpdateDeadline};

use super::{Setup, lost};
use crate::awaiting::once;

mod bindings {
    #![allow(
        missing_docs,
        missing_debug_implementations,
        unreachable_pub,
        clippy::all
    )]

    wasmtime::component::bindgen!({
        path: "../wit",
        world: "bench",
        imports: { default: async },
        exports: { default: async },
    });
}

pub(crate) use bindings::Bench;
use bindings::BenchPre;
use bindings::abide::bench::sink;

/// The host: counts what it is given, after it has waited once.
#[derive(Debug, Default)]
struct App {
    seen: u64,
}

impl sink::Host for App {
    async fn take(&mut self, bytes: Vec<u8>) {
        once().await;
        self.seen = self.seen.wrapping_add(crate::cases::glance(&bytes));
    }
}

/// The data of a store.
#[derive(Debug)]
pub(crate) struct State {
    host: App,
    limits: StoreLimits,
    /// How many ticks are left of the deadline.
    ticks: u64,
}

/// The guest, compiled, linked and ready to be instantiated.
pub(crate) struct LoadedAwaited {
    setup: Setup,
    engine: Engine,
    pre: BenchPre<State>,
}

impl std::fmt::Debug for LoadedAwaited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedAwaited").finish_non_exhaustive()
    }
}

impl LoadedAwaited {
    pub(crate) fn new(guest: &[u8], setup: Setup) -> Result<Self> {
        let engine = setup.engine().map_err(lost)?;
        let pre = link(&engine, guest)
            .map_err(lost)
            .context("cannot load the guest by hand, to be awaited")?;
        setup.start_clock(&engine)?;
        Ok(Self { setup, engine, pre })
    }

    /// A new instance in a store of its own, with the limits of the setup. Its deadline runs from
    /// here.
    pub(crate) async fn instance(&self) -> Result<Instance> {
        let state = State {
            host: App::default(),
            limits: self.setup.store_limits(),
            ticks: 0,
        };
        let mut store = Store::new(&self.engine, state);
        let deadline = self.setup.deadline();
        if let Some(ticks) = deadline {
            self.setup.meter(&mut store, |state| &mut state.limits);
            store.epoch_deadline_callback(|mut cx| {
                let left = &mut cx.data_mut().ticks;
                *left = left.saturating_sub(1);
                Ok(match left {
                    0 => UpdateDeadline::Interrupt,
                    _ => UpdateDeadline::Yield(1),
                })
            });
            arm(&mut store, ticks);
        }
        let guest = self.pre.instantiate_async(&mut store).await.map_err(lost)?;
        Ok(Instance {
            store,
            guest,
            deadline,
        })
    }
}

fn link(engine: &Engine, guest: &[u8]) -> wasmtime::Result<BenchPre<State>> {
    let component = Component::from_binary(engine, guest)?;
    let mut linker = Linker::new(engine);
    Bench::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State| &mut state.host)?;
    linker
        .instance("abide:guest/panic@0.1.0")?
        .func_wrap("panicked", |_, (_message,): (String,)| Ok(()))?;
    BenchPre::new(linker.instantiate_pre(&component)?)
}

fn arm(store: &mut Store<State>, ticks: u64) {
    store.set_epoch_deadline(1);
    store.data_mut().ticks = ticks;
}

/// One instance and its store.
pub(crate) struct Instance {
    store: Store<State>,
    guest: Bench,
    deadline: Option<u64>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl Instance {
    /// Gives the next call the whole deadline, where the setup has one.
    pub(crate) fn rearm(&mut self) {
        if let Some(ticks) = self.deadline {
            arm(&mut self.store, ticks);
        }
    }

    /// The exports, and the store to call them on.
    pub(crate) fn parts(&mut self) -> (&Bench, &mut Store<State>) {
        (&self.guest, &mut self.store)
    }
}
