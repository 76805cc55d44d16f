//! The world of the cases about lists and resources without Abide, on the engine and with the
//! limits of the setup that is tuned and limited.

use std::hint::black_box;

use anyhow::{Context as _, Result};
use wasmtime::component::{Component, HasSelf, Linker, Resource, ResourceAny, ResourceTable};
use wasmtime::{Engine, Store};

use super::{Setup, lost};
use crate::flows::Values;

/// What `bindgen!` generates. A counter is this crate's type, in place of an empty one that it
/// would make.
mod bindings {
    #![allow(
        missing_docs,
        missing_debug_implementations,
        unreachable_pub,
        clippy::all
    )]

    wasmtime::component::bindgen!({
        path: "../flows",
        world: "flows",
        with: { "abide:flows/counters.counter": super::Counter },
        // What a table refuses can be passed on.
        imports: { default: trappable },
    });
}

pub(crate) use bindings::Flows;
use bindings::FlowsPre;
pub(crate) use bindings::abide::flows::data::{Entry, Sample};
use bindings::abide::flows::{counters, data, intake};

/// The data of a store.
type State = super::State<Host>;

/// The host: counts what it is given, which keeps the compiler from leaving anything out.
#[derive(Debug, Default)]
pub(crate) struct Host {
    seen: u64,
    table: ResourceTable,
}

impl Host {
    fn see(&mut self, number: u64) {
        self.seen = self.seen.wrapping_add(black_box(number));
    }
}

impl data::Host for Host {}

impl intake::Host for Host {
    fn take_samples(&mut self, samples: Vec<Sample>) -> wasmtime::Result<()> {
        self.see(black_box(&samples).last().map_or(0, |sample| sample.at));
        Ok(())
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> wasmtime::Result<()> {
        let last = black_box(&entries).last();
        self.see(last.map_or(0, |entry| entry.size + entry.name.len() as u64));
        Ok(())
    }

    fn take_owned(&mut self, entries: Vec<Entry>) -> wasmtime::Result<()> {
        self.take_entries(entries)
    }

    fn take_numbers(&mut self, numbers: Vec<f64>) -> wasmtime::Result<()> {
        self.see(
            black_box(&numbers)
                .last()
                .map_or(0, |number| number.to_bits()),
        );
        Ok(())
    }
}

/// A counter is its sum.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "`bindgen!` re-exports it")]
pub struct Counter(u64);

impl counters::Host for Host {}

impl counters::HostCounter for Host {
    fn new(&mut self, start: u64) -> wasmtime::Result<Resource<Counter>> {
        Ok(self.table.push(Counter(start))?)
    }

    fn add(&mut self, counter: Resource<Counter>, by: u64) -> wasmtime::Result<u64> {
        let Counter(sum) = self.table.get_mut(&counter)?;
        *sum = sum.wrapping_add(by);
        Ok(*sum)
    }

    fn drop(&mut self, counter: Resource<Counter>) -> wasmtime::Result<()> {
        self.table.delete(counter)?;
        Ok(())
    }
}

/// The guest, compiled, linked and ready to be instantiated.
pub(crate) struct LoadedFlows {
    setup: Setup,
    engine: Engine,
    pre: FlowsPre<State>,
}

impl std::fmt::Debug for LoadedFlows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedFlows").finish_non_exhaustive()
    }
}

impl LoadedFlows {
    pub(crate) fn new(guest: &[u8]) -> Result<Self> {
        let setup = Setup::Tuned;
        let engine = setup.engine().map_err(lost)?;
        let pre = link(&engine, guest)
            .map_err(lost)
            .context("cannot load the guest of the flows by hand")?;
        setup.start_clock(&engine)?;
        Ok(Self { setup, engine, pre })
    }

    /// An instance that keeps the values.
    pub(crate) fn instance(&self, values: &Values) -> Result<Instance> {
        let state = State {
            host: super::App::default(),
            limits: self.setup.store_limits(),
            system: Host::default(),
        };
        let mut store = Store::new(&self.engine, state);
        self.setup.limit(&mut store).map_err(lost)?;
        let guest = self.pre.instantiate(&mut store).map_err(lost)?;
        let mut instance = Instance {
            store,
            guest,
            deadline: self.setup.deadline(),
        };
        instance.keep(values).map_err(lost)?;
        Ok(instance)
    }
}

fn link(engine: &Engine, guest: &[u8]) -> wasmtime::Result<FlowsPre<State>> {
    let component = Component::from_binary(engine, guest)?;
    let mut linker = Linker::new(engine);
    Flows::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State| &mut state.system)?;
    FlowsPre::new(linker.instantiate_pre(&component)?)
}

/// One instance and its store.
pub(crate) struct Instance {
    store: Store<State>,
    guest: Flows,
    deadline: Option<u64>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl Instance {
    fn keep(&mut self, values: &Values) -> wasmtime::Result<()> {
        let (guest, store) = (&self.guest, &mut self.store);
        guest.call_keep_samples(&mut *store, &samples(values))?;
        guest.call_keep_entries(&mut *store, &entries(values))?;
        guest.call_keep_numbers(&mut *store, &values.numbers)
    }

    /// The exports, and the store to call them on, with the whole deadline.
    pub(crate) fn armed(&mut self) -> (&Flows, &mut Store<State>) {
        if let Some(ticks) = self.deadline {
            self.store.set_epoch_deadline(ticks);
        }
        (&self.guest, &mut self.store)
    }

    /// A resource of the guest.
    pub(crate) fn tally(&mut self) -> wasmtime::Result<ResourceAny> {
        let (guest, store) = self.armed();
        guest
            .abide_flows_tallies()
            .tally()
            .call_constructor(store, 0)
    }
}

/// The samples as this world has them.
pub(crate) fn samples(values: &Values) -> Vec<Sample> {
    let each = values.samples.iter();
    each.map(|of| Sample {
        at: of.at,
        value: of.value,
        sensor: of.sensor,
        quality: of.quality,
        valid: of.valid,
    })
    .collect()
}

/// The entries as this world has them.
pub(crate) fn entries(values: &Values) -> Vec<Entry> {
    let each = values.entries.iter();
    each.map(|of| Entry {
        name: of.name.clone(),
        note: of.note.clone(),
        size: of.size,
    })
    .collect()
}
