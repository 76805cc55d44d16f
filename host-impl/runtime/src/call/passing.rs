//! Handles on resources on their way into and out of a call of an export, and values that are lent
//! to the guest for the time of the call.
//!
//! It knows one call; nothing of how instances are kept. What it puts into the host's tables for
//! the call it takes out again, however the call ends: the table relies on that.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use wasmtime::Store;
use wasmtime::component::{Resource, ResourceAny};

use super::dropped::Dropped;
use crate::error::Error;
use crate::error::fault::{Fault, Step};
use crate::error::outcome::Unserved;
use crate::store::state::State;
use crate::store::table::{AnyTable, Loan, Table};
use crate::values::erased::restored_mut;
use crate::values::signature::Function;

/// A handle of the host's on a resource of a guest, as far as a call has to know it.
pub trait Owned {
    /// What tells the resources of its instance from those of others; `None` if it has none.
    fn dropped(&self) -> Option<&Dropped>;

    /// The engine's handle, unless it was given back.
    fn engine_handle(&self) -> Option<ResourceAny>;

    /// Ends the ownership without a destructor: the guest has its resource back.
    fn released(self);
}

/// Takes handles from the caller of an export to the guest, and from the guest to the caller.
///
/// Generated code asks it for the engine's form of each handle that is passed, and gives it the
/// engine's form of each that is returned. What is lent may live as long as `'x`, which is longer
/// than the call.
pub struct Passing<'s, 'x> {
    store: &'s mut Store<State>,
    /// Where resources of the instance wait, if the host can have some.
    dropped: Option<&'s Dropped>,
    /// What is to be undone. Most often nothing of the host's is passed, and this is empty.
    passed: Vec<Passed>,
    /// `'x` must be what the caller says, neither longer nor shorter.
    values: PhantomData<fn(&'x mut ()) -> &'x mut ()>,
}

/// Something that was passed, and is not the guest's for good yet.
enum Passed {
    /// It is in the host's table of this index for the time of the call.
    Lent { table: usize, handle: u32 },
    /// It stays in the host's table, if the call is made.
    Given { table: usize, handle: u32 },
    /// The guest has its own again, if the call is made.
    Returned(ResourceAny),
}

impl Passed {
    fn is_lent(&self) -> bool {
        matches!(self, Self::Lent { .. })
    }
}

impl<'s> Passing<'s, '_> {
    #[inline]
    pub(crate) fn new(store: &'s mut Store<State>, dropped: Option<&'s Dropped>) -> Self {
        Self {
            store,
            dropped,
            passed: Vec::new(),
            values: PhantomData,
        }
    }

    /// The call is about to be made, on this store: from here on the guest has what it was given,
    /// or its instance is dropped.
    #[inline]
    pub(crate) fn handed_over(&mut self) -> &mut Store<State> {
        if !self.passed.is_empty() {
            self.passed.retain(Passed::is_lent);
        }
        self.store
    }

    /// What comes of a call whose handles cannot be passed. The guest was not called, and nothing
    /// has changed.
    #[cold]
    pub(crate) fn refused(&self, fault: Fault, function: Function) -> Box<Unserved> {
        Unserved::refused(self.named(fault, function))
    }

    /// What comes of a call whose result cannot be passed on.
    #[cold]
    pub(crate) fn failed(&self, fault: Fault, function: Function) -> Box<Unserved> {
        Unserved::failed(self.named(fault, function))
    }
}

impl<'x> Passing<'_, 'x> {
    /// Gives the guest one of its resources back.
    ///
    /// # Errors
    /// [`Fault::WrongSession`] if the resource is of another instance.
    pub fn give(&mut self, resource: impl Owned, path: &'static str) -> Step<ResourceAny> {
        let handle = self.checked(&resource, path)?;
        resource.released();
        self.passed.push(Passed::Returned(handle));
        Ok(handle)
    }

    /// Lends the guest one of its resources.
    ///
    /// # Errors
    /// [`Fault::WrongSession`] if the resource is of another instance.
    pub fn lend(&mut self, resource: &impl Owned, path: &'static str) -> Step<ResourceAny> {
        self.checked(resource, path)
    }

    #[inline]
    fn checked(&self, resource: &impl Owned, path: &'static str) -> Step<ResourceAny> {
        let ours = match (self.dropped, resource.dropped()) {
            (Some(ours), Some(its)) => std::ptr::eq(ours, its),
            _ => false,
        };
        match resource.engine_handle() {
            Some(handle) if ours => Ok(handle),
            _ => Err(Box::new(Fault::WrongSession { resource: path })),
        }
    }

    /// Checks that the host's values of a resource are of the type that the caller has for them.
    ///
    /// # Errors
    /// [`Fault::HostType`] if they are not.
    pub fn expects<Tag: 'static, T: Send + 'static>(
        &mut self,
        index: usize,
        path: &'static str,
    ) -> Step {
        self.table::<Tag, T>(index, path).map(|_| ())
    }

    /// Gives the guest a value of the host's: it is dropped when the guest drops its handle.
    ///
    /// # Errors
    /// [`Fault::HostType`] if the host has another type for the resource.
    pub fn give_value<Tag: 'static, T: Send + 'static>(
        &mut self,
        index: usize,
        value: T,
        path: &'static str,
    ) -> Step<Resource<Tag>> {
        let handle = self.table::<Tag, T>(index, path)?.insert(value)?;
        self.passed.push(Passed::Given {
            table: index,
            handle: handle.rep(),
        });
        Ok(handle)
    }

    /// Lends the guest a value for the time of the call.
    ///
    /// # Errors
    /// [`Fault::HostType`] if the host has another type for the resource.
    pub fn lend_value<Tag: 'static, T: Send + 'static>(
        &mut self,
        index: usize,
        value: &'x mut T,
        path: &'static str,
    ) -> Step<Resource<Tag>> {
        // SAFETY: `value` is borrowed for `'x`, which outlives this `Passing`, and nobody has it
        // meanwhile. When this is dropped, also by a panic, it takes the loan out of the table,
        // which is the only place where it is.
        let loan = unsafe { Loan::new(value) };
        let handle = self.table::<Tag, T>(index, path)?.lend(loan)?;
        self.passed.push(Passed::Lent {
            table: index,
            handle: handle.rep(),
        });
        Ok(handle)
    }

    /// Takes a value of the host's that the guest returned.
    ///
    /// # Errors
    /// [`Fault::HostType`] if the host has another type for the resource.
    pub fn take_value<Tag: 'static, T: Send + 'static>(
        &mut self,
        index: usize,
        handle: Resource<Tag>,
        path: &'static str,
    ) -> Step<T> {
        self.table::<Tag, T>(index, path)?.take(&handle)
    }

    fn table<Tag: 'static, T: Send + 'static>(
        &mut self,
        index: usize,
        path: &'static str,
    ) -> Step<&mut Table<Tag, T>> {
        let state = self.store.data_mut();
        let table = state.host.get().as_mut().and_then(|host| host.table(index));
        let Some(table) = table else {
            return Err(Box::new(Fault::Internal {
                reason: Box::from("the host is in use"),
            }));
        };
        let expected = table.value_type();
        restored_mut(table).ok_or_else(|| {
            Box::new(Fault::HostType {
                resource: path,
                expected,
                found: type_name::<T>(),
            })
        })
    }
}

impl Drop for Passing<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        if !self.passed.is_empty() {
            self.undo();
        }
    }
}

impl Passing<'_, '_> {
    /// The error of a call in which this went wrong.
    fn named(&self, fault: Fault, function: Function) -> Error {
        fault.during(&self.store.data().charter.guest, &function)
    }

    /// Takes back what the guest was to have for the call only, or what it did not get. Always, and
    /// also while a panic unwinds: the references of what is lent are about to end.
    #[cold]
    fn undo(&mut self) {
        // First what is lent: dropping what is given may run code of the host.
        self.passed.sort_by_key(|passed| !passed.is_lent());
        for passed in &self.passed {
            match *passed {
                Passed::Lent { table, handle } | Passed::Given { table, handle } => {
                    let host = self.store.data_mut().host.get().as_mut();
                    if let Some(table) = host.and_then(|host| host.table(table)) {
                        AnyTable::take_back(table, handle);
                    }
                }
                Passed::Returned(resource) => {
                    if let Some(dropped) = self.dropped {
                        dropped.add(resource);
                    }
                }
            }
        }
    }
}

impl fmt::Debug for Passing<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passing")
            .field("passed", &self.passed.len())
            .finish_non_exhaustive()
    }
}
