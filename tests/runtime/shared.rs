//! What resources are made of of which several may be lent at once.

use std::sync::Mutex;

/// A value that several may look at and change. Hosts that wait may do so on any thread.
pub(crate) struct Shared<T>(Mutex<T>);

impl<T: Copy> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn get(&self) -> T {
        *self.0.lock().unwrap()
    }

    pub(crate) fn set(&self, value: T) {
        *self.0.lock().unwrap() = value;
    }

    /// Like with a `Cell`, the two may be one.
    pub(crate) fn swap(&self, other: &Self) {
        let (mine, others) = (self.get(), other.get());
        self.set(others);
        other.set(mine);
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap()
    }
}
