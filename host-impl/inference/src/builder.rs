//! How the models of a host are put together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use abide_inference::model::{Encoding, Error};

use crate::check;
use crate::engine::{Engine, Loading};
use crate::limits::Limits;
use crate::models::Models;

/// Where the bytes of a model come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// They are here.
    Bytes(Vec<u8>),
    /// They are in a file, which is read when the models are built.
    File(PathBuf),
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Source {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::File(path.into())
    }
}

/// Why there are no models.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file cannot be read.
    #[error("cannot read the model `{name}` from `{}`: {source}", path.display())]
    File {
        /// The name that the model was to have.
        name: String,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The bytes are no model that the engine runs.
    #[error("cannot load the model `{name}`: {source}")]
    Model {
        /// The name that the model was to have.
        name: String,
        /// What is wrong.
        source: Error,
    },
    /// Two models were given the same name.
    #[error("there are two models of the name `{0}`; give each a name of its own")]
    Twice(String),
    /// This crate was built without its engine, and no other was given.
    #[error("no engine: give one, or turn the feature `tract` on")]
    NoEngine,
}

/// Builds [`Models`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ModelsBuilder {
    models: Vec<(String, Source)>,
    limits: Limits,
    engine: Option<Arc<dyn Engine>>,
}

impl ModelsBuilder {
    /// Offers a model by a name: bytes, or the path of a file. It is the host's own, so that of all
    /// limits only those of a run count.
    pub fn model(mut self, name: impl Into<String>, source: impl Into<Source>) -> Self {
        self.models.push((name.into(), source.into()));
        self
    }

    /// How much guests may have.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Another engine than that of this crate.
    pub fn engine(mut self, engine: impl Engine + 'static) -> Self {
        self.engine = Some(Arc::new(engine));
        self
    }

    /// Loads the models that have names.
    ///
    /// # Errors
    ///
    /// One of them cannot be loaded.
    pub fn build(self) -> Result<Models, BuildError> {
        let engine = self.engine.or_else(default_engine);
        let engine = engine.ok_or(BuildError::NoEngine)?;
        let mut named = BTreeMap::new();
        for (name, source) in self.models {
            let bytes = match source {
                Source::Bytes(bytes) => bytes,
                Source::File(path) => match fs::read(&path) {
                    Ok(bytes) => bytes,
                    Err(source) => return Err(BuildError::File { name, path, source }),
                },
            };
            let loaded = check::encoding(&bytes, Encoding::Detect).and_then(|encoding| {
                let loading = Loading {
                    encoding,
                    threads: self.limits.threads.max(1),
                    tensor_bytes: usize::MAX,
                    multiplications: u64::MAX,
                };
                // What the engine does not stand is no reason to bring the host down.
                let load = || engine.load(&bytes, &loading);
                abide_blocking::contain(load)
                    .unwrap_or_else(|undone| Err(Error::Failed(undone.to_string())))
            });
            match loaded {
                Ok(_) if named.contains_key(&name) => return Err(BuildError::Twice(name)),
                Ok(model) => named.insert(name, model),
                Err(source) => return Err(BuildError::Model { name, source }),
            };
        }
        Ok(Models::new(named, engine, self.limits))
    }
}

#[cfg(feature = "tract")]
fn default_engine() -> Option<Arc<dyn Engine>> {
    Some(Arc::new(crate::tract::Tract))
}

#[cfg(not(feature = "tract"))]
fn default_engine() -> Option<Arc<dyn Engine>> {
    None
}
