//! The same calls without Abide, as a good engineer writes them with
//! `wasmtime::component::bindgen!`.
//!
//! Nothing here knows Abide or what is measured. There are three ways to set wasmtime up, in
//! [`setup`]; this file holds what is linked and how an instance is made.

#[cfg(feature = "async")]
pub(crate) mod awaited;
mod bindings;
pub(crate) mod filters;
pub(crate) mod flows;
pub(crate) mod modules;
mod setup;
mod system;

use anyhow::{Context as _, Result};
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Engine, Store, StoreLimits};

pub(crate) use bindings::Bench;
use bindings::BenchPre;
use bindings::abide::bench::sink;
pub(crate) use setup::{FUEL, Setup};
pub(crate) use system::{Nothing, System, Wasi};

/// The host: counts what it is given, which keeps the compiler from leaving anything out.
#[derive(Debug, Default)]
struct App {
    seen: u64,
}

impl sink::Host for App {
    // `bindgen!` hands over a `Vec`; nothing is copied besides.
    fn take(&mut self, bytes: Vec<u8>) {
        self.seen = self.seen.wrapping_add(crate::cases::glance(&bytes));
    }
}

/// The data of a store.
#[derive(Debug)]
pub(crate) struct State<S> {
    host: App,
    limits: StoreLimits,
    system: S,
}

/// The guest, compiled, linked and ready to be instantiated: all that can be done once.
pub(crate) struct Loaded<S: System> {
    setup: Setup,
    engine: Engine,
    pre: BenchPre<State<S>>,
}

impl<S: System> std::fmt::Debug for Loaded<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded")
            .field("setup", &self.setup)
            .finish_non_exhaustive()
    }
}

impl<S: System> Clone for Loaded<S> {
    fn clone(&self) -> Self {
        Self {
            setup: self.setup,
            engine: self.engine.clone(),
            pre: self.pre.clone(),
        }
    }
}

impl<S: System> Loaded<S> {
    pub(crate) fn new(guest: &[u8], setup: Setup) -> Result<Self> {
        let engine = setup
            .engine()
            .map_err(lost)
            .with_context(|| format!("cannot create an engine for {setup:?}"))?;
        let pre = Component::from_binary(&engine, guest)
            .and_then(|component| link(&engine, &component))
            .map_err(lost)
            .context("cannot load the guest by hand")?;
        setup.start_clock(&engine)?;
        Ok(Self { setup, engine, pre })
    }

    /// Whether the engine supports concurrent calls, which makes every call dearer.
    pub(crate) fn is_concurrent(&self) -> bool {
        self.engine.get_concurrency_support()
    }

    /// A new instance in a store of its own, with the limits of the setup. Its deadline runs from
    /// here.
    pub(crate) fn instance(&self) -> Result<Instance<S>> {
        let state = State {
            host: App::default(),
            limits: self.setup.store_limits(),
            system: S::grant(),
        };
        let mut store = Store::new(&self.engine, state);
        self.setup.limit(&mut store).map_err(lost)?;
        let guest = self.pre.instantiate(&mut store).map_err(lost)?;
        Ok(Instance {
            store,
            guest,
            deadline: self.setup.deadline(),
            fuel: self.setup.fuel(),
        })
    }
}

/// Loads the guest again and again, tuned, on one engine.
pub(crate) struct Loader {
    engine: Engine,
    /// The compiled code.
    artefact: Vec<u8>,
}

impl Loader {
    pub(crate) fn new(guest: &[u8]) -> Result<Self> {
        let engine = Setup::Tuned.engine().map_err(lost)?;
        Setup::Tuned.start_clock(&engine)?;
        let artefact = engine.precompile_component(guest).map_err(lost)?;
        Ok(Self { engine, artefact })
    }

    pub(crate) fn compile(&self, guest: &[u8]) -> Result<Loaded<Nothing>> {
        self.link(Component::from_binary(&self.engine, guest))
    }

    pub(crate) fn deserialize(&self) -> Result<Loaded<Nothing>> {
        // SAFETY: the bytes were made by this very engine, in `new`, and nobody else has had them
        // since.
        self.link(unsafe { Component::deserialize(&self.engine, &self.artefact) })
    }

    fn link(&self, component: wasmtime::Result<Component>) -> Result<Loaded<Nothing>> {
        Ok(Loaded {
            setup: Setup::Tuned,
            engine: self.engine.clone(),
            pre: component
                .and_then(|component| link(&self.engine, &component))
                .map_err(lost)?,
        })
    }
}

fn link<S: System>(engine: &Engine, component: &Component) -> wasmtime::Result<BenchPre<State<S>>> {
    let mut linker = Linker::new(engine);
    Bench::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State<S>| &mut state.host)?;
    // Guests made with Abide say why they panic. This one does not panic; the import has to be
    // there.
    linker
        .instance("abide:guest/panic@0.1.0")?
        .func_wrap("panicked", |_, (_message,): (String,)| Ok(()))?;
    S::link(&mut linker)?;
    BenchPre::new(linker.instantiate_pre(component)?)
}

/// Loads guests of any world that import nothing, on one engine, tuned.
pub(crate) struct Bare {
    engine: Engine,
    linker: Linker<()>,
}

impl Bare {
    pub(crate) fn new() -> Result<Self> {
        let engine = Setup::Tuned.engine().map_err(lost)?;
        let mut linker = Linker::new(&engine);
        // For the guest in Rust, none of which is called.
        linker.allow_shadowing(true);
        Ok(Self { engine, linker })
    }

    pub(crate) fn load(&self, guest: &[u8]) -> Result<InstancePre<()>> {
        let load = || {
            let component = Component::from_binary(&self.engine, guest)?;
            let mut linker = self.linker.clone();
            linker.define_unknown_imports_as_traps(&component)?;
            linker.instantiate_pre(&component)
        };
        load().map_err(lost)
    }
}

/// One instance and its store.
pub(crate) struct Instance<S: System> {
    store: Store<State<S>>,
    guest: Bench,
    deadline: Option<u64>,
    fuel: Option<u64>,
}

impl<S: System> std::fmt::Debug for Instance<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl<S: System> Instance<S> {
    /// Gives the next call the whole deadline and all the fuel, where the setup has them: what an
    /// instance that is kept needs before every call, and a new one does not.
    pub(crate) fn rearm(&mut self) -> Result<()> {
        if let Some(ticks) = self.deadline {
            self.store.set_epoch_deadline(ticks);
        }
        match self.fuel {
            Some(fuel) => self.store.set_fuel(fuel).map_err(lost),
            None => Ok(()),
        }
    }

    /// The exports, and the store to call them on.
    pub(crate) fn parts(&mut self) -> (&Bench, &mut Store<State<S>>) {
        (&self.guest, &mut self.store)
    }
}

/// Wasmtime's error as one of this program's; they are different types.
pub(crate) fn lost(error: wasmtime::Error) -> anyhow::Error {
    anyhow::Error::from_boxed(error.into())
}
