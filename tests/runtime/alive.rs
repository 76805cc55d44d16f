//! Tells how many of a host's values are alive, and in which order they went.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the values that hold one of its [`One`]s.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alive(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    made: usize,
    gone: Vec<String>,
}

impl Alive {
    /// A mark for a value: what is dropped with it is counted.
    pub(crate) fn one(&self, name: &str) -> One {
        self.counts().made += 1;
        One {
            name: name.to_owned(),
            of: self.clone(),
        }
    }

    /// How many marks there are.
    pub(crate) fn count(&self) -> usize {
        let counts = self.counts();
        counts.made - counts.gone.len()
    }

    /// How many marks there have ever been.
    pub(crate) fn made(&self) -> usize {
        self.counts().made
    }

    /// The names of the marks that are gone, the first to go first. Asking forgets nothing.
    pub(crate) fn gone(&self) -> Vec<String> {
        self.counts().gone.clone()
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks a value that is alive.
#[derive(Debug)]
pub(crate) struct One {
    name: String,
    of: Alive,
}

impl Drop for One {
    fn drop(&mut self) {
        self.of.counts().gone.push(std::mem::take(&mut self.name));
    }
}
