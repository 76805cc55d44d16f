//! A plugin that was loaded, of whichever form.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use abide::Builder;
use abide_proxy::host;

use crate::callbacks::Callbacks;
use crate::env::Env;
use crate::host::Host;
use crate::vm::{ComponentVm, Failure, FilterVm, ModuleVm};

/// A module of proxy-wasm that was loaded, for a host `H`.
pub struct ProxyWasm<H: Host> {
    callbacks: Callbacks,
    host: PhantomData<fn() -> H>,
}

impl<H: Host> ProxyWasm<H> {
    /// Loads a module from its file, with everything at its default. `host` is cloned for every VM.
    ///
    /// # Errors
    /// The file cannot be read or is no module, or the module does not fit proxy-wasm.
    pub fn load_module(path: impl AsRef<Path>, host: H) -> abide::Result<Self> {
        Self::builder(Env::new(host)).load(path).map(Self::of)
    }

    /// Sets limits before loading a module: what it loads goes to [`of`](Self::of).
    pub fn builder(env: Env<H>) -> Builder<Callbacks> {
        Callbacks::builder(env)
    }

    /// Takes over what was loaded for the host `H`. For another host, no VM starts.
    pub fn of(callbacks: Callbacks) -> Self {
        Self {
            callbacks,
            host: PhantomData,
        }
    }

    /// The handle: what can be reloaded, and has counts.
    pub fn callbacks(&self) -> &Callbacks {
        &self.callbacks
    }
}

/// A plugin that was loaded, of either form: what [VMs](FilterVm) are made of.
pub enum Plugin<H: Host> {
    /// A component over the WIT.
    Component(host::Filter),
    /// A module of proxy-wasm.
    Module(ProxyWasm<H>),
    /// Something else: what is kept and called in the same way.
    Other(Arc<dyn Other<H>>),
}

/// A plugin of another ABI, which a proxy has VMs of its own for.
pub trait Other<H: Host>: Send + Sync {
    /// The plugin at work, in an instance of its own.
    ///
    /// # Errors
    /// [`Failure::Refused`] if it does not take its configuration, or it failed.
    fn start(&self, with: &Configuration) -> Result<Box<dyn FilterVm<H>>, Failure>;

    /// What happened so far to its VMs.
    fn stats(&self) -> abide::Stats;
}

/// What a plugin is given when it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// For all plugins of one code.
    pub vm: Vec<u8>,
    /// For this one.
    pub plugin: Vec<u8>,
}

impl<H: Host> Plugin<H> {
    /// A plugin at work, in an instance of its own.
    ///
    /// # Errors
    /// [`Failure::Refused`] if it does not take its configuration, or it failed.
    pub fn start(&self, with: &Configuration) -> Result<Box<dyn FilterVm<H>>, Failure> {
        let Configuration { vm, plugin } = with;
        Ok(match self {
            Self::Component(filter) => Box::new(ComponentVm::<H>::start(filter, vm, plugin)?),
            Self::Module(module) => Box::new(ModuleVm::<H>::start(&module.callbacks, vm, plugin)?),
            Self::Other(other) => other.start(with)?,
        })
    }

    /// What happened so far to its VMs.
    pub fn stats(&self) -> abide::Stats {
        match self {
            Self::Component(filter) => filter.stats(),
            Self::Module(module) => module.callbacks.stats(),
            Self::Other(other) => other.stats(),
        }
    }
}

impl<H: Host> From<ProxyWasm<H>> for Plugin<H> {
    fn from(module: ProxyWasm<H>) -> Self {
        Self::Module(module)
    }
}

impl<H: Host> From<host::Filter> for Plugin<H> {
    fn from(filter: host::Filter) -> Self {
        Self::Component(filter)
    }
}

impl<H: Host> Clone for ProxyWasm<H> {
    fn clone(&self) -> Self {
        Self::of(self.callbacks.clone())
    }
}

impl<H: Host> Clone for Plugin<H> {
    fn clone(&self) -> Self {
        match self {
            Self::Component(filter) => Self::Component(filter.clone()),
            Self::Module(module) => Self::Module(module.clone()),
            Self::Other(other) => Self::Other(Arc::clone(other)),
        }
    }
}

impl<H: Host> fmt::Debug for ProxyWasm<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProxyWasm").field(&self.callbacks).finish()
    }
}

impl<H: Host> fmt::Debug for Plugin<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(filter) => f.debug_tuple("Component").field(filter).finish(),
            Self::Module(module) => f.debug_tuple("Module").field(module).finish(),
            Self::Other(_) => f.debug_tuple("Other").finish_non_exhaustive(),
        }
    }
}
