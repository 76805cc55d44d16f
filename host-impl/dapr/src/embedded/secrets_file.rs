//! Secrets from a file of JSON, as Dapr's local file has them.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde_json::Value;

use crate::blocks::{Metadata, Secret, SecretStore};
use crate::failure::{Error, Result};

/// How deep objects in there may nest.
const DEPTH: usize = 64;

/// Secrets from a file of JSON, read once.
#[derive(Clone)]
pub struct SecretsFile {
    secrets: BTreeMap<String, Secret>,
}

/// Why a file has no secrets.
#[derive(Debug, thiserror::Error)]
pub enum SecretsFileError {
    /// It cannot be read.
    #[error("the secrets in `{}` cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// It is no object of JSON. What it has is not told.
    #[error("`{}` is no object of JSON with secrets", .0.display())]
    Json(PathBuf),
}

impl SecretsFile {
    /// Reads a file. Names of what is nested have `separator` between their parts. With
    /// `multi_valued`, what stands at the top is a secret with several values.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is no object of JSON.
    pub fn read(
        path: impl AsRef<Path>,
        separator: &str,
        multi_valued: bool,
    ) -> Result<Self, SecretsFileError> {
        let path = path.as_ref();
        let bytes = fs::read(path);
        let bytes = bytes.map_err(|error| SecretsFileError::Read(path.to_owned(), error))?;
        let value = serde_json::from_slice(&bytes).ok();
        let secrets = value.and_then(|value| secrets(value, separator, multi_valued));
        let secrets = secrets.ok_or_else(|| SecretsFileError::Json(path.to_owned()))?;
        Ok(Self { secrets })
    }
}

fn secrets(value: Value, separator: &str, multi_valued: bool) -> Option<BTreeMap<String, Secret>> {
    let Value::Object(top) = value else {
        return None;
    };
    let mut secrets = BTreeMap::new();
    for (name, value) in top {
        let mut flat = Vec::new();
        if multi_valued {
            match value {
                Value::Object(inside) => {
                    for (key, value) in inside {
                        flatten(key, value, separator, DEPTH, &mut flat)?;
                    }
                }
                value => flatten(name.clone(), value, separator, DEPTH, &mut flat)?,
            }
            secrets.insert(name, flat);
        } else {
            flatten(name, value, separator, DEPTH, &mut flat)?;
            let each = flat.into_iter();
            secrets.extend(each.map(|(key, value)| (key.clone(), vec![(key, value)])));
        }
    }
    Some(secrets)
}

/// None is that it is too deep.
fn flatten(
    name: String,
    value: Value,
    separator: &str,
    depth: usize,
    into: &mut Secret,
) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let mut below = |key: &dyn Display, value| {
        let name = format!("{name}{separator}{key}");
        flatten(name, value, separator, depth, into)
    };
    match value {
        Value::Object(inside) => {
            for (key, value) in inside {
                below(&key, value)?;
            }
        }
        Value::Array(inside) => {
            for (key, value) in inside.into_iter().enumerate() {
                below(&key, value)?;
            }
        }
        Value::String(text) => into.push((name, text)),
        Value::Null => into.push((name, String::new())),
        other => into.push((name, other.to_string())),
    }
    Some(())
}

#[async_trait]
impl SecretStore for SecretsFile {
    async fn get(&self, key: &str, _: &Metadata) -> Result<Secret> {
        let secret = self.secrets.get(key).cloned();
        secret.ok_or_else(|| Error::NotFound(key.to_owned()))
    }

    async fn get_bulk(&self, _: &Metadata) -> Result<Vec<(String, Secret)>> {
        Ok(self.secrets.clone().into_iter().collect())
    }
}

/// No secret is told.
impl fmt::Debug for SecretsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsFile")
            .field("names", &self.secrets.keys())
            .finish_non_exhaustive()
    }
}
