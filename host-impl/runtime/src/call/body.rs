//! What an instance is made from and is, in either of the forms that a guest has.
//!
//! It knows how each is started, and nothing of who calls it.

use wasmtime::component;
use wasmtime::{Store, TypedFunc};

use super::callback::Found;
use super::export::Last;
use crate::error::fault::Fault;
use crate::store::module::memory::{Allocate, GuestMemory};
use crate::store::module::watch::Watch;
use crate::store::state::State;

/// What instances are made from.
pub(crate) enum Pre {
    Component(component::InstancePre<State>),
    Module(wasmtime::InstancePre<State>, &'static ModuleAbi, Watch),
}

/// An instance, without its store.
pub(super) enum Body {
    Component(component::Instance, Last),
    Module(wasmtime::Instance, Found),
}

/// What an ABI of modules says of its guests beside their imports and callbacks.
#[derive(Debug)]
pub struct ModuleAbi {
    /// The memory that arguments are in.
    pub memory: &'static str,
    /// What allocates in it, given a size, or a size and an alignment: the first of these that a guest exports.
    pub allocators: &'static [&'static str],
    /// What is called before anything else: the first of these that a guest exports.
    pub starts: &'static [&'static str],
    /// What is called after that: all of these that a guest exports.
    pub inits: &'static [&'static str],
}

impl Pre {
    /// A new instance. Its start functions run.
    pub(super) fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Body> {
        match self {
            Self::Component(pre) => {
                let instance = pre.instantiate(store)?;
                Ok(Body::Component(instance, Last::default()))
            }
            Self::Module(pre, abi, watch) => {
                let instance = pre.instantiate(&mut *store)?;
                for start in prepare(&instance, store, abi, *watch)? {
                    start.call(&mut *store, ())?;
                }
                Ok(Body::Module(instance, Found::new()))
            }
        }
    }

    /// What [`instantiate`](Self::instantiate) does, on a fibre.
    #[cfg(feature = "async")]
    pub(super) async fn instantiate_async(
        &self,
        store: &mut Store<State>,
    ) -> wasmtime::Result<Body> {
        match self {
            Self::Component(pre) => {
                let instance = pre.instantiate_async(store).await?;
                Ok(Body::Component(instance, Last::default()))
            }
            Self::Module(pre, abi, watch) => {
                let instance = pre.instantiate_async(&mut *store).await?;
                for start in prepare(&instance, store, abi, *watch)? {
                    start.call_async(&mut *store, ()).await?;
                }
                Ok(Body::Module(instance, Found::new()))
            }
        }
    }
}

/// Finds a module's memory and allocator, and the functions that it is to be started with.
fn prepare(
    instance: &wasmtime::Instance,
    store: &mut Store<State>,
    abi: &ModuleAbi,
    watch: Watch,
) -> wasmtime::Result<Vec<TypedFunc<(), ()>>> {
    let memory = instance.get_memory(&mut *store, abi.memory);
    let mut allocators = abi.allocators.iter();
    let found =
        allocators.find_map(|name| Some((*name, Allocate::find(instance, &mut *store, name)?)));
    let (allocator, allocate) = found.unzip();
    let most_taken = store.data().charter.limits.host_allocation;
    store.data_mut().module = Some(GuestMemory {
        most_taken,
        memory,
        allocate,
        allocator: allocator.unwrap_or_default(),
        is_allocating: false,
        watch,
    });
    let mut starts = abi.starts.iter();
    let start = starts.find_map(|name| Some((name, instance.get_func(&mut *store, name)?)));
    let mut found = Vec::from_iter(start);
    for name in abi.inits {
        found.extend(
            instance
                .get_func(&mut *store, name)
                .map(|init| (name, init)),
        );
    }
    let typed = found.into_iter().map(|(name, start)| {
        start.typed(&*store).map_err(|_| {
            let reason = format!("its `{name}` takes arguments or returns something").into();
            wasmtime::Error::from(Fault::AbiViolation { import: "", reason })
        })
    });
    typed.collect()
}
