//! State as values of serde, kept as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::values::{from_json, to_json};
use super::{Error, Metadata};
use crate::guest::state;
use crate::state::{Concurrency, Consistency, Entry, Item, Operation, Options, Removal};

/// How often a value is read and changed where others write it, too.
const ATTEMPTS: usize = 1_000;

/// A state store, by its name.
#[derive(Debug, Clone, Copy)]
pub struct Store<'a> {
    name: &'a str,
}

/// A value with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// Its version, in the store's own words.
    pub etag: String,
}

impl<'a> Store<'a> {
    /// The store of that name.
    pub const fn new(name: &'a str) -> Self {
        Self { name }
    }

    /// Reads a value, if there is one.
    ///
    /// # Errors
    ///
    /// Those of the store, and `invalid` if it is not of this type.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<Stored<T>>, Error> {
        let entry = state::get(self.name, key, Consistency::Unspecified, &[])?;
        entry.map(stored).transpose()
    }

    /// Writes a value, whatever is there.
    ///
    /// # Errors
    ///
    /// Those of the store, and `invalid` if JSON cannot have it.
    pub fn set(&self, key: &str, value: &impl Serialize) -> Result<(), Error> {
        state::save(self.name, &[item(key, value)?])
    }

    /// Writes a value that is gone after so many seconds.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set).
    pub fn set_for(&self, key: &str, value: &impl Serialize, seconds: u32) -> Result<(), Error> {
        let mut item = item(key, value)?;
        item.metadata = ttl(seconds);
        state::save(self.name, &[item])
    }

    /// Writes a value if what is there is still that version.
    ///
    /// # Errors
    ///
    /// `conflict` if it is not, and those of [`set`](Self::set).
    pub fn replace(&self, key: &str, value: &impl Serialize, etag: &str) -> Result<(), Error> {
        let mut item = item(key, value)?;
        item.etag = Some(etag.to_owned());
        state::save(self.name, &[item])
    }

    /// Writes a value if there is none.
    ///
    /// # Errors
    ///
    /// `conflict` if there is one, and those of [`set`](Self::set).
    pub fn insert(&self, key: &str, value: &impl Serialize) -> Result<(), Error> {
        let mut item = item(key, value)?;
        item.options = Some(Options {
            concurrency: Concurrency::FirstWrite,
            consistency: Consistency::Unspecified,
        });
        state::save(self.name, &[item])
    }

    /// Changes a value: reads it, and writes what is made of it unless somebody has written
    /// meanwhile. Then it is read and changed once more.
    ///
    /// # Errors
    ///
    /// Those of the store; `conflict` if somebody always writes meanwhile.
    pub fn update<T, U>(&self, key: &str, change: impl Fn(Option<T>) -> U) -> Result<U, Error>
    where
        T: DeserializeOwned,
        U: Serialize,
    {
        let mut last = Error::Conflict(key.to_owned());
        for _ in 0..ATTEMPTS {
            let (value, etag) = match self.get(key)? {
                Some(stored) => (Some(stored.value), Some(stored.etag)),
                None => (None, None),
            };
            let changed = change(value);
            let written = match etag {
                Some(etag) => self.replace(key, &changed, &etag),
                None => self.insert(key, &changed),
            };
            match written {
                Ok(()) => return Ok(changed),
                Err(error @ Error::Conflict(_)) => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// Removes a value, whatever is there.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub fn delete(&self, key: &str) -> Result<(), Error> {
        state::delete(self.name, &removal(key))
    }

    /// Begins a transaction.
    pub fn transaction(&self) -> Transaction<'a> {
        Transaction {
            store: self.name,
            operations: Vec::new(),
        }
    }
}

/// Steps that are done all or not at all.
#[derive(Debug, Clone)]
#[must_use = "nothing is done before `commit`"]
pub struct Transaction<'a> {
    store: &'a str,
    operations: Vec<Operation>,
}

impl Transaction<'_> {
    /// Writes a value.
    ///
    /// # Errors
    ///
    /// `invalid` if JSON cannot have it.
    pub fn set(mut self, key: &str, value: &impl Serialize) -> Result<Self, Error> {
        self.operations.push(Operation::Upsert(item(key, value)?));
        Ok(self)
    }

    /// Removes a value.
    pub fn delete(mut self, key: &str) -> Self {
        self.operations.push(Operation::Delete(removal(key)));
        self
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// Those of the store. Nothing is done then, as far as that is known.
    pub fn commit(self) -> Result<(), Error> {
        state::transact(self.store, &self.operations, &[])
    }
}

fn stored<T: DeserializeOwned>(entry: Entry) -> Result<Stored<T>, Error> {
    Ok(Stored {
        value: from_json(&entry.value)?,
        etag: entry.etag,
    })
}

fn item(key: &str, value: &impl Serialize) -> Result<Item, Error> {
    Ok(Item {
        key: key.to_owned(),
        value: to_json(value)?,
        etag: None,
        options: None,
        metadata: Vec::new(),
    })
}

fn removal(key: &str) -> Removal {
    Removal {
        key: key.to_owned(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    }
}

fn ttl(seconds: u32) -> Metadata {
    vec![("ttlInSeconds".to_owned(), seconds.to_string())]
}
