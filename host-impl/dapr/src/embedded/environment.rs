//! Secrets from the environment.

use std::env;

use async_trait::async_trait;

use crate::blocks::{Metadata, Secret, SecretStore};
use crate::failure::{Error, Result};

/// Variables of this process, as secrets. Only those whose names begin with a prefix are; the name
/// of the secret is what follows it.
#[derive(Debug, Clone)]
pub struct Environment {
    prefix: String,
}

impl Environment {
    /// Those that begin so. An empty prefix is all of them.
    pub fn with_prefix(prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        Self { prefix }
    }
}

#[async_trait]
impl SecretStore for Environment {
    async fn get(&self, key: &str, _: &Metadata) -> Result<Secret> {
        let name = format!("{}{key}", self.prefix);
        // The system's function panics at these.
        let value = match name.contains(['=', '\0']) {
            true => None,
            false => env::var(&name).ok(),
        };
        let value = value.ok_or_else(|| Error::NotFound(key.to_owned()))?;
        Ok(vec![(key.to_owned(), value)])
    }

    async fn get_bulk(&self, _: &Metadata) -> Result<Vec<(String, Secret)>> {
        let all = env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let key = name.strip_prefix(&self.prefix)?.to_owned();
            let value = value.into_string().ok()?;
            Some((key.clone(), vec![(key, value)]))
        });
        let mut all: Vec<_> = all.collect();
        all.sort();
        Ok(all)
    }
}
