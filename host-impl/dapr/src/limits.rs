//! What guests may send at once, and how long calls out may take.

use std::time::Duration;

use crate::failure::{Error, Result};

/// What guests may send at once, and how long calls out may take. Everything has a default.
#[derive(Debug, Clone)]
pub struct Limits {
    pub(crate) deadline: Duration,
    pub(crate) value: usize,
    pub(crate) key: usize,
    pub(crate) items: usize,
    pub(crate) metadata: usize,
    pub(crate) subscriptions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            value: 16 << 20,
            key: 1 << 10,
            items: 1 << 10,
            metadata: 16 << 10,
            subscriptions: 1 << 10,
        }
    }
}

impl Limits {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one call out may take: 10 seconds.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The bytes of a value, of an event or of a request, and of those of one call together: 16
    /// MiB.
    #[must_use]
    pub fn value(mut self, bytes: usize) -> Self {
        self.value = bytes;
        self
    }

    /// The bytes of a key, a topic, a method or another name: 1 KiB.
    #[must_use]
    pub fn key(mut self, bytes: usize) -> Self {
        self.key = bytes;
        self
    }

    /// The keys, values, events or steps of one call: 1,024.
    #[must_use]
    pub fn items(mut self, count: usize) -> Self {
        self.items = count;
        self
    }

    /// The bytes of metadata of one item: 16 KiB.
    #[must_use]
    pub fn metadata(mut self, bytes: usize) -> Self {
        self.metadata = bytes;
        self
    }

    /// The topics and the subscriptions of configuration that an application may have: 1,024 each.
    #[must_use]
    pub fn subscriptions(mut self, count: usize) -> Self {
        self.subscriptions = count;
        self
    }

    pub(crate) fn check_name(&self, what: &str, name: &str) -> Result<()> {
        if name.is_empty() {
            return Err(Error::Invalid(format!("{what} is empty")));
        }
        at_most(what, name.len(), self.key, "bytes")
    }

    pub(crate) fn check_value(&self, bytes: usize) -> Result<()> {
        at_most("what is sent", bytes, self.value, "bytes")
    }

    pub(crate) fn check_items(&self, count: usize) -> Result<()> {
        at_most("a call", count, self.items, "items")
    }

    pub(crate) fn check_metadata(&self, metadata: &[(String, String)]) -> Result<()> {
        let bytes = metadata
            .iter()
            .map(|(name, value)| name.len() + value.len());
        at_most("metadata", bytes.sum(), self.metadata, "bytes")
    }

    pub(crate) fn check_subscriptions(&self, count: usize) -> Result<()> {
        at_most("an application", count, self.subscriptions, "subscriptions")
    }
}

fn at_most(what: &str, is: usize, most: usize, unit: &str) -> Result<()> {
    if is > most {
        let text = format!("{what} has {is} {unit}, and {most} are the most");
        return Err(Error::Invalid(text));
    }
    Ok(())
}
