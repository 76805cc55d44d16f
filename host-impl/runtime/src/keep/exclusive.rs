//! A value that one thread or task at a time uses, at the price of one atomic exchange for each use.
//!
//! It knows who uses the value and nothing of what the value is, nor how to wait for it. A mutex
//! costs two exchanges, one to lock and one to find out on unlocking whether somebody waits; at the
//! length of a call of a guest the second is felt. Here a use ends with a plain store.

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};

/// No user.
const NOBODY: usize = 0;

/// Who uses a value, by a mark that is not [`NOBODY`].
pub(crate) trait User {
    fn mark() -> usize;
}

/// A thread, until the end of what it does now: the use stays on it.
pub(crate) struct ByThread(PhantomData<*const ()>);

/// A task, which may go on on another thread.
#[cfg(feature = "async")]
pub(crate) struct ByTask;

impl User for ByThread {
    #[inline]
    fn mark() -> usize {
        this_thread()
    }
}

#[cfg(feature = "async")]
impl User for ByTask {
    /// One for all tasks, and no thread's: nothing lies at this address.
    #[inline]
    fn mark() -> usize {
        1
    }
}

/// A value and who is using it.
pub(crate) struct Exclusive<T> {
    /// The [mark](User::mark) of the user, or [`NOBODY`].
    user: AtomicUsize,
    value: UnsafeCell<T>,
}

// SAFETY: a shared `Exclusive` gives access to its value through a `Use` only, of which there is
// one at a time (see `try_use_by`), and which is to its value as a `&mut T` is: the value moves
// between threads and is never shared by this.
unsafe impl<T: Send> Sync for Exclusive<T> {}

impl<T> Exclusive<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self {
            user: AtomicUsize::new(NOBODY),
            value: UnsafeCell::new(value),
        }
    }

    /// The value, for this thread, unless somebody uses it.
    #[inline]
    pub(crate) fn try_use(&self) -> Option<Use<'_, T>> {
        self.try_use_by()
    }

    /// The value, unless somebody uses it.
    #[inline]
    pub(crate) fn try_use_by<U: User>(&self) -> Option<Use<'_, T, U>> {
        let taken = self.user.compare_exchange(
            NOBODY,
            U::mark(),
            // What the last user wrote to the value, it wrote before it stored `NOBODY`.
            Ordering::Acquire,
            Ordering::Relaxed,
        );
        taken.ok().map(|_| Use {
            cell: self,
            value: PhantomData,
            user: PhantomData,
        })
    }

    /// Whether this very thread is the one that uses the value.
    pub(crate) fn is_mine(&self) -> bool {
        // A thread sees its own mark here if and only if it is the user, whatever others write.
        self.user.load(Ordering::Relaxed) == this_thread()
    }

    /// Whether nobody uses the value: true may be wrong a moment later.
    pub(crate) fn looks_free(&self) -> bool {
        self.user.load(Ordering::Relaxed) == NOBODY
    }
}

impl<T> fmt::Debug for Exclusive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exclusive")
            .field("free", &self.looks_free())
            .finish_non_exhaustive()
    }
}

/// The use of a value by one thread or task, until dropped.
pub(crate) struct Use<'a, T, U = ByThread> {
    cell: &'a Exclusive<T>,
    /// It may go to another thread, or be shared between threads, if this may.
    value: PhantomData<&'a mut T>,
    /// The mark is that of the thread which made this, or one that any thread may take away.
    user: PhantomData<U>,
}

impl<T, U> Deref for Use<'_, T, U> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: `try_use_by` makes a `Use` only when it finds `NOBODY` and puts a mark in its place,
        // in one step, and the mark stays until the `Use` is dropped: there is no other `Use` of
        // this value.
        unsafe { &*self.cell.value.get() }
    }
}

impl<T, U> DerefMut for Use<'_, T, U> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and `&mut self` makes this the only reference made through the
        // `Use`.
        unsafe { &mut *self.cell.value.get() }
    }
}

impl<T, U> Drop for Use<'_, T, U> {
    #[inline]
    fn drop(&mut self) {
        self.cell.user.store(NOBODY, Ordering::Release);
    }
}

/// A number that no other living thread has, and that is not [`NOBODY`].
#[inline]
fn this_thread() -> usize {
    thread_local! {
        static MARK: u8 = const { 0 };
    }
    MARK.with(|mark| std::ptr::from_ref(mark).addr())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn one_at_a_time() {
        let cell = Exclusive::new(1);
        assert!(!cell.is_mine());
        let mut first = cell.try_use();
        assert!(first.is_some() && cell.is_mine());
        assert!(cell.try_use().is_none());
        if let Some(value) = first.as_deref_mut() {
            *value += 1;
        }
        drop(first);
        assert_eq!(cell.try_use().as_deref(), Some(&2));
    }

    #[cfg(feature = "async")]
    #[test]
    fn a_task_may_end_its_use_on_another_thread() {
        let cell = Arc::new(Exclusive::new(1));
        let mut used = cell.try_use_by::<ByTask>();
        assert!(used.is_some() && !cell.is_mine());
        assert!(cell.try_use().is_none() && cell.try_use_by::<ByTask>().is_none());
        thread::scope(|threads| {
            threads.spawn(|| {
                if let Some(mut value) = used.take() {
                    *value += 1;
                }
            });
        });
        assert_eq!(cell.try_use().as_deref(), Some(&2));
    }

    #[test]
    fn nothing_is_lost_between_threads() {
        const EACH: u32 = 10_000;
        let cell = Arc::new(Exclusive::new(0_u32));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let cell = Arc::clone(&cell);
                thread::spawn(move || {
                    let mut left = EACH;
                    while left > 0 {
                        match cell.try_use() {
                            Some(mut value) => {
                                *value += 1;
                                left -= 1;
                            }
                            None => thread::yield_now(),
                        }
                    }
                })
            })
            .collect();
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
        assert_eq!(cell.try_use().as_deref(), Some(&(4 * EACH)));
    }
}
