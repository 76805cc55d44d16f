//! The compiled components of one engine: equal bytes are compiled once, and their code is shared
//! by all who load them, for as long as anybody uses it.
//!
//! A component is known by the hash of its bytes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Instant;

use blake3::Hash;
use parking_lot::Mutex;

use super::compile::{AllBusy, Compilers, Job, caught, spawn};
use super::depth::{MOST, TooDeep};
use super::form::Compiled;
use super::survey::{MOST_INSTANCES, TooMuch};

/// The code of a component, for all who loaded it.
pub(crate) struct Code {
    pub(crate) compiled: Compiled,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").finish_non_exhaustive()
    }
}

/// Why there is no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The compiler refused the component.
    Refused(Arc<str>),
    /// The compiler would not stand the component.
    TooComplex(Arc<str>),
    /// A core module could not be made a component.
    NotAdapted(Arc<str>),
    /// The compiler panicked.
    Panicked(Arc<str>),
    /// It was not done in time.
    TimedOut,
    /// It was not started: too many others are running.
    Busy { running: usize, given_up: usize },
    /// The threads to run it on could not be started.
    NoThreads(Arc<str>),
}

impl From<AllBusy> for Failure {
    fn from(AllBusy { running, given_up }: AllBusy) -> Self {
        Self::Busy { running, given_up }
    }
}

impl From<TooMuch> for Failure {
    fn from(too_much: TooMuch) -> Self {
        let text = match too_much {
            TooMuch::Instances => format!("it is made of more than {MOST_INSTANCES} instances"),
            TooMuch::Work => {
                "written out, its instances with their exports and arguments, or the types of its \
                              functions, are millions of parts"
                    .to_owned()
            }
            TooMuch::Deep => return TooDeep.into(),
        };
        Self::TooComplex(text.into())
    }
}

impl From<TooDeep> for Failure {
    fn from(_: TooDeep) -> Self {
        let text =
            format!("components or instances, or their types, are nested more than {MOST} deep");
        Self::TooComplex(text.into())
    }
}

type Outcome = Result<Arc<Code>, Failure>;

/// The components of an engine that are in use or being compiled.
#[derive(Debug, Default)]
pub(crate) struct Components {
    entries: Mutex<HashMap<Hash, Entry>>,
}

#[derive(Debug)]
enum Entry {
    Ready(Weak<Code>),
    Compiling(Arc<Job<Outcome>>),
}

/// What is there of a component.
enum Found {
    Ready(Arc<Code>),
    Compiling(Arc<Job<Outcome>>),
}

impl Components {
    /// The code of a component that is in use.
    pub(crate) fn in_use(&self, key: &Hash) -> Option<Arc<Code>> {
        match found(&self.entries.lock(), key) {
            Some(Found::Ready(code)) => Some(code),
            Some(Found::Compiling(_)) | None => None,
        }
    }

    /// Shares the code of a component that was not compiled here.
    pub(crate) fn adopt(&self, key: Hash, compiled: Compiled) -> Arc<Code> {
        let mut entries = self.entries.lock();
        if let Some(Found::Ready(code)) = found(&entries, &key) {
            return code;
        }
        let code = Arc::new(Code { compiled });
        enter(&mut entries, key, Entry::Ready(Arc::downgrade(&code)));
        code
    }

    /// The code of a component, compiled by `work` unless it is in use or being compiled already.
    /// Whoever finds it being compiled waits for that, each until a time of its own.
    pub(crate) fn compile(
        self: &Arc<Self>,
        compilers: &'static Compilers,
        key: Hash,
        until: Option<Instant>,
        work: impl FnOnce() -> Result<Compiled, Failure> + Send + 'static,
    ) -> Outcome {
        let job = match self.find(&key) {
            Some(Found::Ready(code)) => return Ok(code),
            Some(Found::Compiling(job)) => job,
            None => {
                // Waited for before the map is locked; so meanwhile another thread may have begun.
                let turn = compilers.turn(until)?;
                let mut entries = self.entries.lock();
                match found(&entries, &key) {
                    Some(Found::Ready(code)) => return Ok(code),
                    Some(Found::Compiling(job)) => job,
                    None => {
                        let job = Job::new(turn);
                        enter(&mut entries, key, Entry::Compiling(Arc::clone(&job)));
                        drop(entries);
                        self.start(key, &job, work);
                        job
                    }
                }
            }
        };
        job.wait(until).unwrap_or(Err(Failure::TimedOut))
    }

    fn find(&self, key: &Hash) -> Option<Found> {
        found(&self.entries.lock(), key)
    }

    fn start(
        self: &Arc<Self>,
        key: Hash,
        job: &Arc<Job<Outcome>>,
        work: impl FnOnce() -> Result<Compiled, Failure> + Send + 'static,
    ) {
        let (components, running) = (Arc::clone(self), Arc::clone(job));
        let started = spawn(move || {
            let outcome = caught(work).unwrap_or_else(|panic| Err(Failure::Panicked(panic)));
            let outcome = outcome.map(|compiled| Arc::new(Code { compiled }));
            components.finish(key, &running, outcome);
        });
        if let Err(error) = started {
            let outcome = Err(Failure::NoThreads(Arc::from(error.to_string())));
            self.finish(key, job, outcome);
        }
    }

    fn finish(&self, key: Hash, job: &Job<Outcome>, outcome: Outcome) {
        let mut entries = self.entries.lock();
        match &outcome {
            // A failure is not kept: with more time or more memory the next may succeed.
            Err(_) => {
                entries.remove(&key);
            }
            Ok(code) => {
                entries.insert(key, Entry::Ready(Arc::downgrade(code)));
            }
        }
        drop(entries);
        job.finish(outcome);
    }
}

fn found(entries: &HashMap<Hash, Entry>, key: &Hash) -> Option<Found> {
    match entries.get(key)? {
        Entry::Ready(code) => code.upgrade().map(Found::Ready),
        Entry::Compiling(job) => Some(Found::Compiling(Arc::clone(job))),
    }
}

/// Adds an entry, and forgets those of components that nobody uses any more.
fn enter(entries: &mut HashMap<Hash, Entry>, key: Hash, entry: Entry) {
    entries.retain(|_, entry| match entry {
        Entry::Ready(code) => code.strong_count() > 0,
        Entry::Compiling(_) => true,
    });
    entries.insert(key, entry);
}

#[cfg(test)]
mod tests;
