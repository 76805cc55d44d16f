//! The bytes of a guest that shall be compiled: what they are, what they are known by, and the work
//! to be done on them.

use std::borrow::Cow;
use std::sync::OnceLock;

use blake3::Hash;
use wasmtime::component::Component;

use super::components::Failure;
use super::depth;
use super::preview1;
use super::survey::{Declared, survey};
use crate::error::engine_text::chain;
use crate::error::load::{Layer, LoadError};

/// The bytes of a component, or of a core module that can be made one.
pub(crate) struct Candidate<'a> {
    bytes: Cow<'a, [u8]>,
    layer: Layer,
    key: OnceLock<Hash>,
}

impl<'a> Candidate<'a> {
    /// What `bytes` are, as far as that can be told without compiling them.
    pub(crate) fn new(bytes: Cow<'a, [u8]>) -> Result<Self, LoadError> {
        let layer = LoadError::from_preamble(&bytes)?;
        if layer == Layer::CoreModule && !preview1::is_adaptable(&bytes) {
            let preview1 = preview1::imported(&bytes);
            return Err(LoadError::CoreModule { preview1 });
        }
        Ok(Self {
            bytes,
            layer,
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
            match self.layer {
                Layer::Component => {}
                Layer::CoreModule => {
                    hasher.update(preview1::ADAPTER.as_bytes());
                }
            }
            hasher.finalize()
        })
    }

    /// What it says of itself, where it is a component that can be read. Refuses what the compiler
    /// would not stand; of a module that is only done when it has been made a component.
    pub(crate) fn declared(&self) -> Result<Option<Declared<'_>>, Failure> {
        match self.layer {
            Layer::Component => declared(&self.bytes),
            Layer::CoreModule => Ok(None),
        }
    }

    /// Compiling it, whenever and wherever that is done.
    pub(crate) fn into_work(
        self,
        engine: &wasmtime::Engine,
    ) -> impl FnOnce() -> Result<Component, Failure> + Send + use<> {
        let (engine, layer) = (engine.clone(), self.layer);
        let bytes = self.bytes.into_owned();
        move || {
            let bytes = match layer {
                Layer::Component => bytes,
                Layer::CoreModule => preview1::adapt(&bytes)?,
            };
            if layer == Layer::CoreModule {
                declared(&bytes)?;
            }
            Component::from_binary(&engine, &bytes)
                .map_err(|error| Failure::Refused(chain(&error).into()))
        }
    }
}

/// What a component says of itself.
fn declared(component: &[u8]) -> Result<Option<Declared<'_>>, Failure> {
    depth::check(component)?;
    Ok(survey(component)?)
}
