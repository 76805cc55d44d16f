//! Models that guests brought, kept for those who bring them again. They are found by all of their
//! bytes: to compare these is quicker than any hash of them, and no guest can make up a model that is
//! taken for another's.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use abide_inference::model::{Error, Port, Tensor as OwnedTensor};
use parking_lot::Mutex;

use crate::engine::{Loading, Model, Tensor};

#[derive(Debug)]
pub(crate) struct Kept {
    most: usize,
    most_bytes: usize,
    /// The one that was used last is the last.
    entries: Mutex<Vec<Arc<Entry>>>,
    /// Of all models that are in use, kept or not.
    bytes: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Entry {
    bytes: Vec<u8>,
    loading: Loading,
    model: Arc<dyn Model>,
}

impl Kept {
    pub(crate) fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            most,
            most_bytes,
            entries: Mutex::default(),
            bytes: Arc::default(),
        }
    }

    pub(crate) fn find(&self, bytes: &[u8], loading: &Loading) -> Option<Arc<dyn Model>> {
        // Bytes are compared without the lock.
        let candidates: Vec<_> = {
            let entries = self.entries.lock();
            let like =
                |entry: &&Arc<Entry>| entry.bytes.len() == bytes.len() && entry.loading == *loading;
            entries.iter().rev().filter(like).cloned().collect()
        };
        let found = candidates.into_iter().find(|entry| entry.bytes == bytes)?;
        let mut entries = self.entries.lock();
        if let Some(at) = entries.iter().position(|entry| Arc::ptr_eq(entry, &found)) {
            entries[at..].rotate_left(1);
        }
        Some(Arc::clone(&found.model))
    }

    /// The one that is kept, or one that is made.
    pub(crate) fn get(
        &self,
        bytes: &[u8],
        loading: &Loading,
        make: impl FnOnce() -> Result<Arc<dyn Model>, Error>,
    ) -> Result<Arc<dyn Model>, Error> {
        // Somebody else may have brought it while this one stood in line.
        if let Some(model) = self.find(bytes, loading) {
            return Ok(model);
        }
        let share = self.share(bytes.len())?;
        let model = Arc::new(Counted {
            model: make()?,
            _share: share,
        });
        let entry = Arc::new(Entry {
            bytes: bytes.to_vec(),
            loading: loading.clone(),
            model: Arc::clone(&model) as Arc<dyn Model>,
        });
        let mut entries = self.entries.lock();
        entries.push(entry);
        let too_many = entries.len().saturating_sub(self.most);
        let gone: Vec<_> = entries.drain(..too_many).collect();
        drop(entries);
        // A model takes its time to go, and others would wait for it.
        drop(gone);
        Ok(model)
    }

    /// Room for one more, for which others that nobody uses may have to go.
    fn share(&self, bytes: usize) -> Result<Share, Error> {
        loop {
            let fits = |all: usize| all.checked_add(bytes).filter(|all| *all <= self.most_bytes);
            let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
            if self.bytes.fetch_update(set, fetch, fits).is_ok() {
                return Ok(Share {
                    bytes,
                    of: Arc::clone(&self.bytes),
                });
            }
            let mut entries = self.entries.lock();
            let unused = entries
                .iter()
                .position(|entry| Arc::strong_count(&entry.model) == 1);
            let gone = unused.map(|at| entries.remove(at));
            drop(entries);
            if gone.is_none() {
                return Err(Error::Busy);
            }
        }
    }
}

/// Bytes that are in use until this is dropped.
#[derive(Debug)]
struct Share {
    bytes: usize,
    of: Arc<AtomicUsize>,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of
            .fetch_sub(mem::take(&mut self.bytes), Ordering::Relaxed);
    }
}

/// A model that has its share.
#[derive(Debug)]
struct Counted {
    model: Arc<dyn Model>,
    _share: Share,
}

impl Model for Counted {
    fn inputs(&self) -> &[Port] {
        self.model.inputs()
    }

    fn outputs(&self) -> &[Port] {
        self.model.outputs()
    }

    fn labels(&self) -> &[String] {
        self.model.labels()
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        self.model.run(inputs)
    }
}
