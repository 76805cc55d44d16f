//! The bytes of a guest that shall be compiled: what they are, what they are known by, and the work
//! to be done on them.

use std::borrow::Cow;
use std::sync::OnceLock;

use blake3::Hash;
use wasmtime::Module;
use wasmtime::component::Component;

use super::components::Failure;
use super::depth;
use super::form::{Compiled, Form};
use super::preview1;
use super::survey::{Declared, survey};
use crate::error::engine_text::chain;
use crate::error::load::{Layer, LoadError};

/// What is to be made of the bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// A component of what is one.
    Component,
    /// A component of a core module.
    Adapt,
    /// A module of what is one.
    Module,
}

/// What a module is known by beside its bytes: the same bytes may be known as a component that was
/// made of them.
const MODULE: &[u8] = b"as a module";

/// The bytes of a guest.
pub(crate) struct Candidate<'a> {
    bytes: Cow<'a, [u8]>,
    work: Work,
    key: OnceLock<Hash>,
}

impl<'a> Candidate<'a> {
    /// What `bytes` are, as far as that can be told without compiling them. `form` is what is wanted.
    pub(crate) fn new(bytes: Cow<'a, [u8]>, form: Form) -> Result<Self, LoadError> {
        let work = match (LoadError::from_preamble(&bytes)?, form) {
            (Layer::Component, Form::Component) => Work::Component,
            (Layer::Component, Form::Module) => return Err(LoadError::NoModule),
            (Layer::CoreModule, Form::Module) => Work::Module,
            (Layer::CoreModule, Form::Component) if preview1::is_adaptable(&bytes) => Work::Adapt,
            (Layer::CoreModule, Form::Component) => {
                let preview1 = preview1::imported(&bytes);
                return Err(LoadError::CoreModule { preview1 });
            }
        };
        Ok(Self {
            bytes,
            work,
            key: OnceLock::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What the component is known by: the same for equal ones, and for no others.
    pub(crate) fn key(&self) -> Hash {
        *self.key.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.bytes);
            match self.work {
                Work::Component => {}
                Work::Adapt => {
                    hasher.update(preview1::ADAPTER.as_bytes());
                }
                Work::Module => {
                    hasher.update(MODULE);
                }
            }
            hasher.finalize()
        })
    }

    /// What it says of itself, where it is a component that can be read. Refuses what the compiler
    /// would not stand; of a module that is only done when it has been made a component.
    pub(crate) fn declared(&self) -> Result<Option<Declared<'_>>, Failure> {
        match self.work {
            Work::Component => declared(&self.bytes),
            Work::Adapt | Work::Module => Ok(None),
        }
    }

    /// Compiling it, whenever and wherever that is done.
    pub(crate) fn into_work(
        self,
        engine: &wasmtime::Engine,
    ) -> impl FnOnce() -> Result<Compiled, Failure> + Send + use<> {
        let (engine, work) = (engine.clone(), self.work);
        let bytes = self.bytes.into_owned();
        move || {
            let compiled = match work {
                Work::Component => Component::from_binary(&engine, &bytes).map(Compiled::Component),
                Work::Adapt => {
                    let bytes = preview1::adapt(&bytes)?;
                    declared(&bytes)?;
                    Component::from_binary(&engine, &bytes).map(Compiled::Component)
                }
                Work::Module => Module::from_binary(&engine, &bytes).map(Compiled::Module),
            };
            compiled.map_err(|error| Failure::Refused(chain(&error).into()))
        }
    }
}

/// What a component says of itself.
fn declared(component: &[u8]) -> Result<Option<Declared<'_>>, Failure> {
    depth::check(component)?;
    Ok(survey(component)?)
}
