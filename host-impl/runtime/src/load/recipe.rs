//! From a guest's file or bytes to what its instances are made from: its code got, checked, linked.
//!
//! It keeps what was chosen for the guest, so that another component can be prepared the same way
//! later.

use std::fmt;
use std::sync::Arc;

use wasmtime::component::{Component, InstancePre};
use wasmtime::{Module, ResourcesRequired};

use super::check::Check;
use super::description::Description;
use super::obtain::{LOAD, Order};
use super::{footprint, module};
use crate::call::body::{ModuleAbi, Pre};
use crate::call::instance::Plan;
use crate::code::artefacts::Artefacts;
use crate::code::components::Code;
use crate::code::form::{Compiled, Form};
use crate::code::source::Source;
use crate::code::survey::{Declared, Needs};
use crate::engine::{Engine, EngineKind};
use crate::error::engine_text::chain;
use crate::error::fault::{Fault, Step};
use crate::error::load::LoadError;
use crate::error::problem::{Problem, ProblemKind, Problems};
use crate::error::{Error, Result};
use crate::guard::allowance;
use crate::guard::breaker::Breaker;
use crate::guard::fork;
use crate::guard::limits::Limits;
use crate::keep::isolation::{Isolation, Warm};
use crate::store::charter::Charter;
use crate::store::import::Linker;
use crate::store::module::Offers;
use crate::store::state::{HostState, State};
use crate::wasi::{self, Wasi};

/// Everything that was chosen for guests of a world, and with it the way from a component to a
/// plan.
pub(crate) struct Recipe {
    pub(crate) world: &'static Description,
    pub(crate) host: Arc<dyn HostState>,
    pub(crate) link: Link,
    pub(crate) limits: Arc<Limits>,
    pub(crate) wasi: Wasi,
    /// `None` is the one that is shared in this process.
    pub(crate) engine: Option<Engine>,
    /// `None` is the name of the file.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) artefacts: Option<Artefacts>,
    pub(crate) isolation: Isolation,
    pub(crate) breaker: Option<Breaker>,
    /// Whether the guest runs on fibres, and so do the functions that are linked.
    pub(crate) on_fibres: bool,
}

/// How a host is linked to guests, of which form they are.
#[derive(Clone, Copy)]
pub(crate) enum Link {
    Component(fn(&mut Linker) -> Step),
    Module(&'static ModuleAbi, fn(&wasmtime::Engine) -> Offers),
}

impl Link {
    fn form(self) -> Form {
        match self {
            Self::Component(_) => Form::Component,
            Self::Module(..) => Form::Module,
        }
    }
}

/// How the exports of a world are looked up.
type Lookup<E> = fn(&mut Check<'_>) -> Option<E>;

impl Recipe {
    /// Reads, compiles, checks and links a component. Nothing of the recipe is used up: it can be
    /// asked again, for another component.
    pub(crate) fn prepare<E>(&self, source: Source<'_>, lookup: Lookup<E>) -> Result<(Plan, E)> {
        fork::refuse()?;
        let guest = self.name_of(source);
        if let Some(artefacts) = &self.artefacts {
            self.wasi.keeps_apart(&guest, artefacts.path())?;
        }
        let order = self.order(&guest, source);
        let candidate = order.read()?;
        let engine = self.engine()?;
        let misfit = |declared: &Declared<'_>| {
            // There are none to be had yet.
            self.misfit(&guest, declared, &|check| drop(lookup(check)))
        };
        let code = order.code(candidate, &engine, self.artefacts.as_ref(), &misfit)?;
        let (pre, exports, wasi) = match (&code.compiled, self.link) {
            (Compiled::Component(component), Link::Component(link)) => {
                let wasi = imports_wasi(component).then_some(&self.wasi);
                let linker = self.linker(&engine, wasi, link);
                let mut linker = linker.map_err(|fault| fault.during(&guest, &LOAD))?;
                let (pre, exports) = self.fit(&guest, component, &mut linker, lookup)?;
                (Pre::Component(pre), exports, wasi)
            }
            (Compiled::Module(module), Link::Module(abi, offers)) => {
                let mut offers = offers(engine.wasmtime());
                #[cfg(feature = "wasip1")]
                let wasi = offers.offer_preview1(module).then_some(&self.wasi);
                #[cfg(not(feature = "wasip1"))]
                let wasi = None;
                offers.offer_others(module);
                if let Some(fault) = offers.refused.take() {
                    return Err(fault.during(&guest, &LOAD));
                }
                let (pre, exports) = self.fit_module(&guest, module, &offers, lookup)?;
                (Pre::Module(pre, abi, offers.watch), exports, wasi)
            }
            _ => {
                let reason = Box::from("what was compiled is not what was asked for");
                return Err(Fault::Internal { reason }.during(&guest, &LOAD));
            }
        };
        Ok((self.plan(guest, engine, code, pre, wasi)?, exports))
    }

    /// Links a module and looks up its callbacks, or says everything in which it does not fit.
    fn fit_module<E>(
        &self,
        guest: &Arc<str>,
        module: &Module,
        offers: &Offers,
        lookup: Lookup<E>,
    ) -> Result<(wasmtime::InstancePre<State>, E)> {
        let mut check = Check::of_module(self.world, module);
        let exports = lookup(&mut check);
        let mut problems = check.into_problems();
        let linked = match module::link(offers, module) {
            Ok(linked) => Some(linked),
            Err(lacking) => {
                problems.append(lacking);
                None
            }
        };
        match (linked, exports) {
            (Some(pre), Some(exports)) if problems.is_empty() => Ok((pre, exports)),
            _ => Err(self.does_not_fit(guest, problems)),
        }
    }

    /// Compiles a component into a folder, unless it is there.
    pub(crate) fn precompile(&self, source: Source<'_>, into: &Artefacts) -> Result<()> {
        fork::refuse()?;
        let guest = self.name_of(source);
        self.wasi.keeps_apart(&guest, into.path())?;
        let order = self.order(&guest, source);
        let candidate = order.read()?;
        order.precompile(candidate, &self.engine()?, into)
    }

    fn order<'a>(&'a self, guest: &'a Arc<str>, source: Source<'a>) -> Order<'a> {
        Order {
            guest,
            source,
            limits: &self.limits,
            form: self.link.form(),
        }
    }

    /// How instances are kept, if they are.
    pub(crate) fn warm(&self) -> Option<&Warm> {
        match &self.isolation {
            Isolation::Fresh => None,
            Isolation::Warm(warm) => Some(warm),
        }
    }

    /// The name of a guest in errors and logs.
    fn name_of(&self, source: Source<'_>) -> Arc<str> {
        let name = self.name.clone().filter(|name| !name.is_empty());
        name.unwrap_or_else(|| source.name())
    }

    /// The engine that was chosen, or the shared one that keeps the limits that were chosen.
    fn engine(&self) -> Result<Engine> {
        let (fuel, stack) = (self.limits.fuel.is_some(), self.limits.stack);
        match &self.engine {
            Some(engine) if fuel && !engine.kind().fuel => Err(no_fuel()),
            Some(engine) if stack.is_chosen && engine.kind().stack != stack.bytes => {
                Err(other_stack(engine.kind().stack, stack.bytes))
            }
            Some(engine) => Ok(engine.clone()),
            None => Engine::process_wide(EngineKind {
                fuel,
                stack: stack.bytes,
            }),
        }
    }

    /// A linker with everything that a guest may import; `wasi` is what it is granted, if it imports
    /// WASI at all.
    fn linker(
        &self,
        engine: &Engine,
        wasi: Option<&Wasi>,
        link: fn(&mut Linker) -> Step,
    ) -> Step<Linker> {
        let mut linker = Linker::new(engine.wasmtime());
        if wasi.is_some() {
            let linked = match self.on_fibres {
                #[cfg(feature = "async")]
                true => wasi::link_async(linker.wasmtime()),
                _ => wasi::link(linker.wasmtime()),
            };
            linked.map_err(|error| {
                let error = chain(&error);
                let reason = format!("the engine did not accept the interfaces of WASI ({error})");
                Box::new(Fault::Internal {
                    reason: reason.into(),
                })
            })?;
        }
        // A world may have its host implement interfaces of WASI.
        linker.wasmtime().allow_shadowing(true);
        link(&mut linker)?;
        linker.wasmtime().allow_shadowing(false);
        linker.offer_panic()?;
        Ok(linker)
    }

    /// Links a component and looks up its exports, or says everything in which it does not fit.
    fn fit<E>(
        &self,
        guest: &Arc<str>,
        component: &Component,
        linker: &mut Linker,
        lookup: Lookup<E>,
    ) -> Result<(InstancePre<State>, E)> {
        let linked = linker.wasmtime().instantiate_pre(component);

        // The types of a component that was not linked are as good for comparing values' types.
        let unlinked = component.component_type();
        let types = match &linked {
            Ok(pre) => pre.instance_type(),
            Err(_) => unlinked.instance_type(),
        };
        let mut check = Check::new(self.world, component, types);
        let exports = lookup(&mut check);
        let mut problems = check.into_problems();
        if let Err(error) = &linked {
            let lacking = self.world.lacks(component);
            match lacking.is_empty() {
                true => problems.add(|| Problem::new(ProblemKind::Other, "").note(chain(error))),
                false => problems.append(lacking),
            }
        }

        match (linked, exports) {
            (Ok(pre), Some(exports)) if problems.is_empty() => Ok((pre, exports)),
            _ => Err(self.does_not_fit(guest, problems)),
        }
    }

    /// What can be told before a component is compiled: whether it wants whole interfaces that
    /// nobody offers, and then which exports it lacks beside.
    fn misfit(
        &self,
        guest: &Arc<str>,
        declared: &Declared<'_>,
        lookup: &dyn Fn(&mut Check<'_>),
    ) -> Option<Error> {
        let lacking = self.world.lacks_interfaces(declared)?;
        let mut check = Check::of_declared(self.world, declared);
        lookup(&mut check);
        let mut problems = check.into_problems();
        problems.append(lacking);
        Some(self.does_not_fit(guest, problems))
    }

    fn does_not_fit(&self, guest: &Arc<str>, problems: Problems) -> Error {
        Error::Link {
            guest: Arc::clone(guest),
            world: self.world.name,
            problems: problems.list,
            more: problems.more,
        }
    }

    /// What instances of a component that fits are made from. Refuses one that cannot start.
    fn plan(
        &self,
        guest: Arc<str>,
        engine: Engine,
        code: Arc<Code>,
        pre: Pre,
        wasi: Option<&Wasi>,
    ) -> Result<Plan> {
        let (needs, countable) = match &code.compiled {
            Compiled::Component(component) => (
                component.resources_required(),
                footprint::countable(self.limits.host_allocation, component),
            ),
            // What a module hands over is counted where it is read.
            Compiled::Module(module) => (Some(module.resources_required()), usize::MAX),
        };
        let room = room(&guest, needs, &self.limits, &engine)?;
        if let Some(wasi) = wasi {
            wasi.check(&guest)?;
        }
        Ok(Plan {
            charter: Arc::new(Charter {
                guest,
                limits: Arc::clone(&self.limits),
                clock: Arc::clone(engine.clock()),
                quota: Arc::clone(engine.quota()),
            }),
            engine,
            room,
            countable,
            pre,
            wasi: wasi.cloned(),
            host: Arc::clone(&self.host),
            on_fibres: self.on_fibres,
            _code: code,
        })
    }
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipe")
            .field("world", &self.world.name)
            .field("limits", &self.limits)
            .field("wasi", &self.wasi)
            .field("engine", &self.engine)
            .field("name", &self.name)
            .field("artefacts", &self.artefacts)
            .finish_non_exhaustive()
    }
}

/// The error of limits that the engine they were given with cannot keep.
fn no_fuel() -> Error {
    Error::Setting {
        setting: "Limits::fuel",
        problem: Box::from(
            "set, and the engine that was given does not count fuel; make it with `Engine::with_fuel`, or give none",
        ),
    }
}

/// The error of a stack that the engine it was given with does not have.
fn other_stack(found: usize, wanted: usize) -> Error {
    Error::Setting {
        setting: "Limits::stack",
        problem: format!(
            "{wanted} bytes, and the engine that was given has {found}, as all guests on one engine have stacks of \
             one size; make it with `Engine::builder().stack({wanted})`, or give none"
        )
        .into(),
    }
}

/// Whether a component imports anything of WASI.
fn imports_wasi(component: &Component) -> bool {
    component
        .component_type()
        .imports(component.engine())
        .any(|(name, _)| name.starts_with("wasi:"))
}

/// How much of its engine an instance of a guest takes. Refuses one that cannot start, within
/// the limits or on this engine at all, as far as its own declarations tell.
fn room(
    guest: &Arc<str>,
    needs: Option<ResourcesRequired>,
    limits: &Limits,
    engine: &Engine,
) -> Result<u32> {
    // Of components that import modules it is not known, and nothing here offers any.
    let Some(needs) = needs else {
        return Ok(1);
    };
    let needed = Needs {
        // Not told here; the instances of a module that was made a component are counted when they
        // are made.
        instances: 0,
        memories: needs.num_memories.into(),
        tables: needs.num_tables.into(),
        pages: needs.max_initial_memory_size.unwrap_or(0),
        elements: needs.max_initial_table_size.unwrap_or(0),
    };
    allowance::check(guest, "start", allowance::to_start(&needed, limits))?;
    let (memories, tables) = (needs.num_memories, needs.num_tables);
    engine.room_for(memories, tables).ok_or_else(|| Error::Load {
        guest: Arc::clone(guest),
        path: None,
        reason: Box::new(LoadError::TooLarge {
            detail: format!(
                "it has {memories} memories and {tables} tables, which is too much for an engine with room for \
                 {} instances",
                engine.permits().all()
            )
            .into(),
        }),
    })
}
