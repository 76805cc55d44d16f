//! State in memory.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use super::versions::{self, End};
use crate::blocks::{Delete, Found, Metadata, Read, Set, StateStore, Step};
use crate::failure::Result;

/// After so many writes, what is over is looked for.
const SWEEP: u32 = 4_096;

/// State in memory. Clones are the same store; it ends with the last of them.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Values>>);

#[derive(Default)]
struct Values {
    kept: HashMap<String, Kept>,
    /// The version that was given last.
    version: u64,
    writes: u32,
}

struct Kept {
    value: Vec<u8>,
    version: u64,
    end: End,
}

/// What was there before a step of a transaction.
type Before = (String, Option<Kept>);

impl Memory {
    /// A store without a value.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Values {
    fn get(&self, key: &str) -> Option<&Kept> {
        let kept = self.kept.get(key);
        kept.filter(|kept| !versions::is_over(kept.end))
    }

    fn version(&self, key: &str) -> Option<u64> {
        self.get(key).map(|kept| kept.version)
    }

    fn set(&mut self, set: Set) -> Result<Before> {
        versions::check(&set.condition, &set.key, self.version(&set.key))?;
        self.sweep();
        self.version += 1;
        let kept = Kept {
            value: set.value,
            version: self.version,
            end: versions::end(set.ttl),
        };
        let before = self.kept.insert(set.key.clone(), kept);
        Ok((set.key, before))
    }

    fn delete(&mut self, delete: Delete) -> Result<Before> {
        versions::check(&delete.condition, &delete.key, self.version(&delete.key))?;
        let before = self.kept.remove(&delete.key);
        Ok((delete.key, before))
    }

    fn step(&mut self, step: Step) -> Result<Before> {
        match step {
            Step::Set(set) => self.set(set),
            Step::Delete(delete) => self.delete(delete),
        }
    }

    fn put_back(&mut self, (key, before): Before) {
        match before {
            Some(kept) => self.kept.insert(key, kept),
            None => self.kept.remove(&key),
        };
    }

    fn sweep(&mut self) {
        self.writes += 1;
        if self.writes >= SWEEP {
            self.writes = 0;
            self.kept.retain(|_, kept| !versions::is_over(kept.end));
        }
    }
}

#[async_trait]
impl StateStore for Memory {
    fn features(&self) -> &'static [&'static str] {
        &["ETAG", "TRANSACTIONAL", "TTL"]
    }

    async fn get(&self, key: &str, _: &Read) -> Result<Option<Found>> {
        let values = self.0.lock();
        Ok(values.get(key).map(|kept| Found {
            value: kept.value.clone(),
            etag: kept.version.to_string(),
            metadata: versions::metadata(kept.end),
        }))
    }

    async fn set(&self, set: Set) -> Result<()> {
        self.0.lock().set(set).map(drop)
    }

    async fn delete(&self, delete: Delete) -> Result<()> {
        self.0.lock().delete(delete).map(drop)
    }

    async fn transact(&self, steps: Vec<Step>, _: &Metadata) -> Result<()> {
        let mut values = self.0.lock();
        let mut done = Vec::with_capacity(steps.len());
        for step in steps {
            match values.step(step) {
                Ok(before) => done.push(before),
                Err(error) => {
                    for before in done.into_iter().rev() {
                        values.put_back(before);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}
