//! Loading a guest for a world: the choices, the checks, and in the end a handle.
//!
//! After this nothing may fail that could have been found here.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use wasmtime::component::{Component, InstancePre};

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::error_kind::LimitKind;
use crate::fit::{Check, import_problems};
use crate::handle::Handle;
use crate::import::Linker;
use crate::instance::Plan;
use crate::limits::Limits;
use crate::load_error::{LoadError, chain};
use crate::problem::{Problem, ProblemKind};
use crate::state::{HostState, Prototype, State};
use crate::table::Tables;
use crate::wasi::{self, Wasi};
use crate::world::World;

/// The size of a page of linear memory, in bytes.
const PAGE: u64 = 64 * 1024;

/// The name of a guest that was not given one and does not come from a file.
const UNNAMED: &str = "guest";

/// Loads guests of world `W`, with other limits, grants or names than the default.
///
/// Generated worlds make one with their function `builder`.
#[must_use = "a builder does nothing until `load` or `load_bytes`"]
pub struct Builder<W: World> {
    host: Box<dyn HostState>,
    link: fn(&mut Linker) -> Result<()>,
    limits: Limits,
    wasi: Wasi,
    engine: Option<Engine>,
    name: Option<String>,
    world: PhantomData<fn() -> W>,
}

impl<W: World> Builder<W> {
    /// For generated code: `link` must offer functions for hosts of type `H` with tables `T`.
    #[doc(hidden)]
    pub fn new<H, T>(host: H, link: fn(&mut Linker) -> Result<()>) -> Self
    where
        H: Clone + Send + Sync + 'static,
        T: Tables,
    {
        Self {
            host: Box::new(Prototype {
                state: host,
                tables: PhantomData::<fn() -> T>,
            }),
            link,
            limits: Limits::default(),
            wasi: Wasi::default(),
            engine: None,
            name: None,
            world: PhantomData,
        }
    }

    /// What each instance of the guest may use. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What the guest is granted of the system. Default: nothing.
    pub fn wasi(mut self, wasi: Wasi) -> Self {
        self.wasi = wasi;
        self
    }

    /// The engine to run on. Default: the one that is [shared](Engine::shared) in this process.
    pub fn engine(mut self, engine: &Engine) -> Self {
        self.engine = Some(engine.clone());
        self
    }

    /// The guest's name in errors and logs. Default: the name of its file without the extension, or
    /// `guest`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Loads a guest from a file.
    ///
    /// # Errors
    /// [`Error::Load`] if the file cannot be read or is not a component, [`Error::Link`] if it does not
    /// fit the world, [`Error::Limit`] if it could not even start within the limits, [`Error::Wasi`] if
    /// a folder that it is granted cannot be opened, [`Error::Engine`] if there is no engine.
    pub fn load(self, path: impl AsRef<Path>) -> Result<W> {
        let path = path.as_ref();
        let name = match &self.name {
            Some(name) => Arc::from(name.as_str()),
            None => path.file_stem().map_or_else(
                || Arc::from(UNNAMED),
                |stem| Arc::from(stem.to_string_lossy()),
            ),
        };
        match std::fs::read(path) {
            Ok(bytes) => self.build(name, &bytes, Some(path)),
            Err(error) => Err(Error::Load {
                guest: name,
                path: Some(path.into()),
                reason: Box::new(LoadError::Read(error)),
            }),
        }
    }

    /// Loads a guest from the bytes of its component.
    ///
    /// # Errors
    /// Those of [`load`](Self::load), without the one of reading the file.
    pub fn load_bytes(self, bytes: impl AsRef<[u8]>) -> Result<W> {
        let name = Arc::from(self.name.as_deref().unwrap_or(UNNAMED));
        self.build(name, bytes.as_ref(), None)
    }

    fn build(self, guest: Arc<str>, bytes: &[u8], path: Option<&Path>) -> Result<W> {
        let refuse = |reason| Error::Load {
            guest: Arc::clone(&guest),
            path: path.map(Into::into),
            reason: Box::new(reason),
        };
        if let Some(error) = LoadError::from_preamble(bytes) {
            return Err(refuse(error));
        }
        let engine = match self.engine {
            Some(engine) if self.limits.fuel.is_some() && !engine.counts_fuel() => {
                return Err(no_fuel());
            }
            Some(engine) => engine,
            None if self.limits.fuel.is_some() => Engine::shared_with_fuel()?,
            None => Engine::shared()?,
        };
        let component = Component::from_binary(engine.wasmtime(), bytes)
            .map_err(|error| refuse(LoadError::from_compiler(bytes, &error)))?;

        let uses_wasi = imports_wasi(&component);
        let mut linker = Linker::new(engine.wasmtime());
        if uses_wasi {
            wasi::link(linker.wasmtime()).map_err(|error| Error::Engine {
                reason: Box::from("it did not accept the interfaces of WASI"),
                source: error.into(),
            })?;
        }
        // A world may have its host implement interfaces of WASI.
        linker.wasmtime().allow_shadowing(true);
        (self.link)(&mut linker)?;
        linker.wasmtime().allow_shadowing(false);
        linker.offer_panic()?;
        let (pre, exports) = fit::<W>(&guest, &component, &mut linker)?;
        within_limits(&guest, &component, &self.limits)?;
        if uses_wasi {
            // Only to find out now whether it can be given.
            drop(self.wasi.instance(&guest, &self.limits)?);
        }

        let plan = Plan {
            guest,
            engine,
            pre,
            limits: Arc::new(self.limits),
            wasi: uses_wasi.then_some(self.wasi),
            host: self.host,
        };
        Ok(W::from_handle(Handle::new(plan, exports)))
    }
}

impl<W: World> fmt::Debug for Builder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("world", &W::NAME)
            .field("limits", &self.limits)
            .field("wasi", &self.wasi)
            .field("engine", &self.engine)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The error of limits that the engine they were given with cannot keep.
fn no_fuel() -> Error {
    Error::Engine {
        reason: Box::from(
            "`Limits::fuel` is set, and the engine that was given does not count fuel; make it with \
             `Engine::with_fuel`, or give none",
        ),
        source: Box::from("it was made by `Engine::new` or is `Engine::shared`"),
    }
}

/// Whether a component imports anything of WASI.
fn imports_wasi(component: &Component) -> bool {
    component
        .component_type()
        .imports(component.engine())
        .any(|(name, _)| name.starts_with("wasi:"))
}

/// Links a component and looks up its exports, or says everything in which it does not fit.
fn fit<W: World>(
    guest: &Arc<str>,
    component: &Component,
    linker: &mut Linker,
) -> Result<(InstancePre<State>, W::Exports)> {
    let linked = linker.wasmtime().instantiate_pre(component);
    let mut problems = match &linked {
        Ok(_) => Vec::new(),
        Err(error) => match import_problems(component, W::IMPORTS, W::RESOURCES) {
            problems if problems.is_empty() => {
                vec![Problem::new(ProblemKind::Other, "").note(chain(error))]
            }
            problems => problems,
        },
    };

    // The types of a component that was not linked are as good for comparing values' types.
    let unlinked = component.component_type();
    let types = match &linked {
        Ok(pre) => pre.instance_type(),
        Err(_) => unlinked.instance_type(),
    };
    let mut check = Check::new(component, types);
    let exports = W::exports(&mut check);
    let mut all = check.into_problems();
    all.append(&mut problems);

    match (linked, exports) {
        (Ok(pre), Some(exports)) if all.is_empty() => Ok((pre, exports)),
        _ => Err(Error::Link {
            guest: Arc::clone(guest),
            world: W::NAME,
            problems: all,
        }),
    }
}

/// Refuses a component that cannot start within the limits, as far as its own declarations tell.
fn within_limits(guest: &Arc<str>, component: &Component, limits: &Limits) -> Result<()> {
    let Some(needs) = component.resources_required() else {
        return Ok(());
    };
    let pages = needs.max_initial_memory_size.unwrap_or(0);
    let memory = pages.saturating_mul(PAGE);
    let elements = needs.max_initial_table_size.unwrap_or(0);
    let checks = [
        (LimitKind::Memory, limits.memory as u64, memory),
        (
            LimitKind::Memories,
            limits.memories as u64,
            u64::from(needs.num_memories),
        ),
        (
            LimitKind::TableElements,
            limits.table_elements as u64,
            elements,
        ),
        (
            LimitKind::Tables,
            limits.tables as u64,
            u64::from(needs.num_tables),
        ),
    ];
    for (what, limit, wanted) in checks {
        if wanted > limit {
            return Err(Error::Limit {
                guest: Arc::clone(guest),
                function: Box::from("start"),
                what,
                limit,
                wanted: Some(wanted),
            });
        }
    }
    Ok(())
}
