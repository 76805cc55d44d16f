//! What is chosen for a guest before it is loaded, and the two ways to load it.
//!
//! It knows what can be chosen; what is made of it is the job of `recipe`.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use super::handle::Handle;
use super::world_handle::WorldHandle;
use crate::call::body::ModuleAbi;
use crate::code::artefacts::Artefacts;
use crate::code::source::Source;
use crate::engine::Engine;
use crate::error::Result;
use crate::error::fault::Step;
use crate::guard::breaker::Breaker;
use crate::guard::limits::Limits;
use crate::keep::isolation::Isolation;
use crate::load::recipe::{Link, Recipe};
use crate::load::world::World;
use crate::store::import::Linker;
use crate::store::module::{Imports, Offers};
use crate::store::state::Prototype;
use crate::store::table::Tables;
use crate::wasi::Wasi;

/// Loads guests of world `W`, with other limits, grants or names than the default.
///
/// Generated worlds make one with their function `builder`.
#[must_use = "a builder does nothing until `load` or `load_bytes`"]
pub struct Builder<W: World> {
    recipe: Recipe,
    world: PhantomData<fn() -> W>,
}

impl<W: World> Builder<W> {
    /// For generated code: `link` must offer functions for hosts of type `H` with tables `T`.
    #[doc(hidden)]
    pub fn new<H, T>(host: H, link: fn(&mut Linker) -> Step) -> Self
    where
        H: Clone + Send + Sync + 'static,
        T: Tables,
    {
        Self {
            recipe: Recipe {
                world: W::DESCRIPTION,
                host: Arc::new(Prototype {
                    state: host,
                    tables: PhantomData::<fn() -> T>,
                }),
                link: Link::Component(link),
                limits: Arc::new(Limits::default()),
                wasi: Wasi::default(),
                engine: None,
                name: None,
                artefacts: None,
                isolation: Isolation::Fresh,
                breaker: None,
                on_fibres: false,
            },
            world: PhantomData,
        }
    }

    /// For generated code: guests are modules of the ABI `abi`, and `E` is their host.
    #[doc(hidden)]
    pub fn of_modules<E: Imports>(host: E, abi: &'static ModuleAbi) -> Self {
        let mut builder = Self::new::<E, ()>(host, |_| Ok(()));
        builder.recipe.link = Link::Module(abi, Offers::of::<E>);
        builder
    }

    /// For generated code: `link` offers functions that may wait.
    #[cfg(feature = "async")]
    #[doc(hidden)]
    pub fn on_fibres(mut self) -> Self {
        self.recipe.on_fibres = true;
        self
    }

    /// What each instance of the guest may use. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.recipe.limits = Arc::new(limits);
        self
    }

    /// What the guest is granted of the system. Default: nothing.
    pub fn wasi(mut self, wasi: Wasi) -> Self {
        self.recipe.wasi = wasi;
        self
    }

    /// The engine to run on. Default: the one that is [shared](Engine::shared) in this process.
    pub fn engine(mut self, engine: &Engine) -> Self {
        self.recipe.engine = Some(engine.clone());
        self
    }

    /// Which instance serves a call. Default: [`Isolation::Fresh`], a new one for each.
    ///
    /// [`Warm`](crate::Warm) can be given as it is.
    pub fn isolation(mut self, isolation: impl Into<Isolation>) -> Self {
        self.recipe.isolation = isolation.into();
        self
    }

    /// When calls are refused for a while because they fail. Default: never.
    pub fn breaker(mut self, breaker: Breaker) -> Self {
        self.recipe.breaker = Some(breaker);
        self
    }

    /// The guest's name in errors and logs. Default, and where this is empty: the name of its file
    /// without the extension, or `guest`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.recipe.name = Some(Arc::from(name.into()));
        self
    }

    /// Where compiled code is kept and looked for before anything is compiled. Default: nowhere.
    pub fn artefacts(mut self, artefacts: &Artefacts) -> Self {
        self.recipe.artefacts = Some(artefacts.clone());
        self
    }

    /// Compiles what is in a file into a folder of compiled code, unless that has it, and loads
    /// nothing.
    ///
    /// [`load`](Self::load) then finds it there, if the builder has the same folder, engine and
    /// limits, and needs no compiler. That is work for when a plugin is installed, or a program.
    ///
    /// # Errors
    /// Those of [`load`](Self::load) up to compiling, and
    /// [`Error::Artefacts`](crate::Error::Artefacts) if the folder cannot be written to. Whether
    /// the guest fits the world is not looked at.
    pub fn precompile(&self, path: impl AsRef<Path>, into: &Artefacts) -> Result<()> {
        self.recipe.precompile(Source::File(path.as_ref()), into)
    }

    /// Does what [`precompile`](Self::precompile) does with the bytes of a component.
    ///
    /// # Errors
    /// Those of [`precompile`](Self::precompile), without the one of reading the file.
    pub fn precompile_bytes(&self, bytes: impl AsRef<[u8]>, into: &Artefacts) -> Result<()> {
        self.recipe.precompile(Source::Bytes(bytes.as_ref()), into)
    }
}

impl<W: WorldHandle> Builder<W> {
    /// Loads a guest from a file, which has to be a regular one: devices and pipes are not waited
    /// for.
    ///
    /// # Errors
    /// [`Error::Load`](crate::Error::Load) if the file cannot be read or is not a component,
    /// [`Error::Link`](crate::Error::Link) if it does not fit the world,
    /// [`Error::Limit`](crate::Error::Limit) if it is larger or takes longer to compile than the
    /// limits allow, or could not even start within them, [`Error::Wasi`](crate::Error::Wasi) if a
    /// folder that it is granted cannot be opened, [`Error::Setting`](crate::Error::Setting) if a
    /// limit cannot be kept, or not on the engine that was given,
    /// [`Error::Engine`](crate::Error::Engine) if there is no engine.
    pub fn load(self, path: impl AsRef<Path>) -> Result<W> {
        self.load_from(Source::File(path.as_ref()))
    }

    /// Loads a guest from the bytes of its component.
    ///
    /// # Errors
    /// Those of [`load`](Self::load), without the one of reading the file.
    pub fn load_bytes(self, bytes: impl AsRef<[u8]>) -> Result<W> {
        self.load_from(Source::Bytes(bytes.as_ref()))
    }

    fn load_from(self, source: Source<'_>) -> Result<W> {
        Handle::load(self.recipe, source).map(W::from_handle)
    }
}

impl<W: World> fmt::Debug for Builder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.recipe).finish()
    }
}
