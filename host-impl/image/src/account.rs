//! What one instance of a guest holds of the host's memory, and what all of them do. Knows numbers,
//! no pictures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::{Error, Limits};

/// What one instance holds.
#[derive(Debug)]
pub(crate) struct Account {
    held: Mutex<Holdings>,
    of_all: Arc<AtomicUsize>,
}

#[derive(Debug, Default)]
struct Holdings {
    pictures: usize,
    bytes: usize,
}

impl Account {
    pub(crate) fn new(of_all: Arc<AtomicUsize>) -> Arc<Self> {
        Arc::new(Self {
            held: Mutex::default(),
            of_all,
        })
    }

    /// The account of another instance.
    pub(crate) fn another(&self) -> Arc<Self> {
        Self::new(Arc::clone(&self.of_all))
    }

    /// Room for a picture, before it is made.
    pub(crate) fn hold(self: &Arc<Self>, bytes: usize, limits: &Limits) -> Result<Held, Error> {
        let mut held = self.held.lock();
        if held.pictures >= limits.pictures {
            let text = format!("a guest may have {} pictures at a time", limits.pictures);
            return Err(Error::Limit(text));
        }
        let sum = held.bytes.saturating_add(bytes);
        if sum > limits.memory {
            return Err(Error::Limit(format!(
                "a guest's pictures may have {} bytes of memory at a time, and this would make {sum}",
                limits.memory
            )));
        }
        let fits = |all: usize| {
            all.checked_add(bytes)
                .filter(|all| *all <= limits.memory_of_all)
        };
        let reserved = self
            .of_all
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        reserved.map_err(|_| Error::Busy)?;
        held.pictures += 1;
        held.bytes = sum;
        Ok(Held {
            account: Arc::clone(self),
            bytes,
        })
    }
}

/// Room that is taken, until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    account: Arc<Account>,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.account.held.lock();
        held.pictures -= 1;
        held.bytes -= self.bytes;
        self.account.of_all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
