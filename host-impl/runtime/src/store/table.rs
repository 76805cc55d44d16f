//! The host's values that a guest has handles on: one table per WIT resource and instance.
//!
//! This is the one place where a reference is kept without its lifetime.

use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use wasmtime::component::Resource;

use crate::error::fault::{Fault, Step};
use crate::error::kinds::LimitKind;
use crate::error::panic;
use crate::values::erased::Erased;

/// The tables of all resources that a world's host provides, generated for each world.
pub trait Tables: Default + Send + 'static {
    /// The table of a number.
    fn table(&mut self, index: usize) -> Option<&mut dyn AnyTable>;
}

/// A world without such resources.
impl Tables for () {
    fn table(&mut self, _index: usize) -> Option<&mut dyn AnyTable> {
        None
    }
}

/// A table whose type is not known.
pub trait AnyTable: Erased {
    /// Empties an entry: ends the lending of a value, or drops one that never got to the guest.
    fn take_back(&mut self, handle: u32);

    /// The Rust type of the table's values.
    fn value_type(&self) -> &'static str;
}

/// The values of one resource. `Tag` is the type that tells this resource from others.
pub struct Table<Tag, T> {
    entries: Vec<Entry<T>>,
    /// The first entry of the list of free ones.
    free: Option<u32>,
    tag: PhantomData<fn() -> Tag>,
}

enum Entry<T> {
    /// Nothing, and the next entry like that.
    Free(Option<u32>),
    /// A value that a handle owns.
    Owned(T),
    /// A value of the caller of an export, for the time of the call.
    Lent(Loan<T>),
}

/// A value of the caller of an export, in a table for as long as the call lasts.
pub(crate) struct Loan<T>(NonNull<T>);

// SAFETY: a `Loan` is an exclusive reference, and those are `Send` if what they refer to is.
unsafe impl<T: Send> Send for Loan<T> {}

// SAFETY: a shared `Loan` gives out shared references only, and those are `Send` if what they refer
// to is `Sync`.
unsafe impl<T: Sync> Sync for Loan<T> {}

impl<T> Loan<T> {
    /// # Safety
    /// It must be dropped, in a table or [out of it](AnyTable::take_back), before the borrow of
    /// `value` ends. Until then nobody else may use `value`.
    pub(crate) unsafe fn new(value: &mut T) -> Self {
        Self(NonNull::from(value))
    }

    fn get(&self) -> &T {
        // SAFETY: made from an exclusive reference that outlives this and that nobody uses until
        // then, says who made it. A table gives out only what is borrowed from the table itself.
        unsafe { self.0.as_ref() }
    }

    fn get_mut(&mut self) -> &mut T {
        // SAFETY: as in `get`; and `&mut self` makes it the only reference made through this.
        unsafe { self.0.as_mut() }
    }
}

impl<Tag: 'static, T> Table<Tag, T> {
    /// Puts a value in, and returns the handle that owns it.
    ///
    /// # Errors
    /// [`Fault::Limit`] if there are as many values as handles can tell apart. A guest's limit of
    /// handles is met long before.
    pub fn insert(&mut self, value: T) -> Step<Resource<Tag>> {
        self.put(Entry::Owned(value)).map(Resource::new_own)
    }

    /// Lends a value to the guest, until [`AnyTable::take_back`].
    pub(crate) fn lend(&mut self, value: Loan<T>) -> Step<Resource<Tag>> {
        self.put(Entry::Lent(value)).map(Resource::new_borrow)
    }

    fn put(&mut self, entry: Entry<T>) -> Step<u32> {
        match self.free {
            Some(index) => {
                let place = self.entries.get_mut(index as usize);
                let place = place.ok_or_else(|| unknown(index))?;
                if let Entry::Free(next) = place {
                    self.free = *next;
                }
                *place = entry;
                Ok(index)
            }
            None => {
                let index = u32::try_from(self.entries.len());
                let index = index.map_err(|_| full())?;
                self.entries.push(entry);
                Ok(index)
            }
        }
    }

    /// Takes the value of a handle that the guest gave away.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the handle stands for no value, which the engine rules out.
    pub fn take(&mut self, handle: &Resource<Tag>) -> Step<T> {
        self.remove(handle.rep())
    }

    fn remove(&mut self, index: u32) -> Step<T> {
        match self.entries.get_mut(index as usize) {
            Some(entry @ Entry::Owned(_)) => match std::mem::replace(entry, Entry::Free(self.free))
            {
                Entry::Owned(value) => {
                    self.free = Some(index);
                    Ok(value)
                }
                Entry::Free(_) | Entry::Lent(_) => Err(unknown(index)),
            },
            _ => Err(unknown(index)),
        }
    }

    /// Drops the value of a handle that the guest dropped.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the handle stands for no value, which the engine rules out.
    pub fn drop_value(&mut self, handle: u32) -> Step {
        self.remove(handle).map(drop)
    }

    /// The value of a handle that the guest lends.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the handle stands for no value, which the engine rules out.
    pub fn get(&self, handle: &Resource<Tag>) -> Step<&T> {
        match self.entries.get(handle.rep() as usize) {
            Some(Entry::Owned(value)) => Ok(value),
            Some(Entry::Lent(loan)) => Ok(loan.get()),
            Some(Entry::Free(_)) | None => Err(unknown(handle.rep())),
        }
    }

    fn get_mut(&mut self, handle: &Resource<Tag>) -> Step<&mut T> {
        match self.entries.get_mut(handle.rep() as usize) {
            Some(Entry::Owned(value)) => Ok(value),
            Some(Entry::Lent(loan)) => Ok(loan.get_mut()),
            Some(Entry::Free(_)) | None => Err(unknown(handle.rep())),
        }
    }
}

/// The value of the one handle on a resource that the guest lends in a call.
///
/// # Errors
/// `Fault::Internal` if the handle stands for no value, or if this is asked for a second time,
/// which the engine and `abi!` rule out.
pub fn exclusive<'t, Tag: 'static, T>(
    table: &mut Option<&'t mut Table<Tag, T>>,
    handle: &Resource<Tag>,
) -> Step<&'t mut T> {
    let table = table.take().ok_or_else(|| unknown(handle.rep()))?;
    table.get_mut(handle)
}

impl<Tag: 'static, T: Send + 'static> AnyTable for Table<Tag, T> {
    fn take_back(&mut self, handle: u32) {
        if let Some(entry @ (Entry::Lent(_) | Entry::Owned(_))) =
            self.entries.get_mut(handle as usize)
        {
            let entry = std::mem::replace(entry, Entry::Free(self.free));
            self.free = Some(handle);
            dropped("a resource", AssertUnwindSafe(|| drop(entry)));
        }
    }

    fn value_type(&self) -> &'static str {
        std::any::type_name::<T>()
    }
}

impl<Tag, T> Default for Table<Tag, T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            free: None,
            tag: PhantomData,
        }
    }
}

impl<Tag, T> Drop for Table<Tag, T> {
    fn drop(&mut self) {
        // A value that panics when it is dropped must not keep the others from being dropped.
        for entry in self.entries.drain(..) {
            dropped("a resource", AssertUnwindSafe(|| drop(entry)));
        }
    }
}

/// Runs what drops something of the host's, and logs the panic that it may end in: there is no call
/// whose error it could become.
pub(crate) fn dropped(what: &str, drop: impl FnOnce() + std::panic::UnwindSafe) {
    if let Err(panic) = catch_unwind(drop) {
        let message = panic::shown(&*panic);
        tracing::error!(target: "abide::host", "dropping {what} of the host panicked: {message}");
    }
}

impl<Tag, T> fmt::Debug for Table<Tag, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

/// What the engine rules out: handles cannot be forged.
#[cold]
fn unknown(handle: u32) -> Box<Fault> {
    let reason = format!("the handle {handle} stands for no value").into();
    Box::new(Fault::Internal { reason })
}

/// What ends a guest that has handles on more values than can be told apart.
#[cold]
fn full() -> Box<Fault> {
    Box::new(Fault::Limit {
        what: LimitKind::Handles,
        limit: u32::MAX.into(),
        wanted: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    enum Tag {}

    #[test]
    fn entries_are_used_again_and_values_leave_once() {
        let mut table = Table::<Tag, String>::default();
        let a = table.insert("a".to_owned()).unwrap();
        let b = table.insert("b".to_owned()).unwrap();
        assert_eq!(table.get(&a).unwrap(), "a");
        assert_eq!(table.take(&a).unwrap(), "a");
        assert!(table.take(&a).is_err());
        assert!(table.drop_value(a.rep()).is_err());
        let c = table.insert("c".to_owned()).unwrap();
        assert_eq!(c.rep(), a.rep());
        assert_eq!(table.get(&b).unwrap(), "b");
        assert_eq!(table.get(&c).unwrap(), "c");
        assert!(table.get(&Resource::new_own(9)).is_err());
    }

    #[test]
    fn one_call_gets_one_exclusive_reference() {
        let mut table = Table::<Tag, u32>::default();
        let a = table.insert(1).unwrap();
        let mut once = Some(&mut table);
        *exclusive(&mut once, &a).unwrap() += 1;
        assert!(exclusive(&mut once, &a).is_err());
        assert_eq!(*table.get(&a).unwrap(), 2);
    }

    #[test]
    fn a_value_that_panics_when_dropped_does_not_keep_the_others() {
        use std::sync::Arc;
        struct Angry {
            _counted: Arc<()>,
        }
        impl Drop for Angry {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        let count = Arc::new(());
        let mut table = Table::<Tag, Angry>::default();
        for _ in 0..3 {
            let _counted = Arc::clone(&count);
            table.insert(Angry { _counted }).unwrap();
        }
        drop(table);
        assert_eq!(Arc::strong_count(&count), 1);
    }
}
