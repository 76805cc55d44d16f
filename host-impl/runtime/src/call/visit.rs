//! A call of a guest that is a module, as an ABI makes it that says at run time what it calls: several
//! functions by their names, and the guest's memory read and written in between.
//!
//! It knows one instance while that is called, and nothing of who keeps it.

use std::fmt;

use wasmtime::{ExternType, Func, FuncType, Store};

use super::body::{Body, Pre};
use super::callback::is_written;
use super::instance::{Instance, Plan, foreign};
use super::raw_type::{raw_text, raw_type};
use super::request::Request;
use super::run::run;
use crate::error::fault::Fault;
use crate::error::outcome::{Outcome, Unserved};
use crate::error::{Error, boxed};
use crate::store::module::{Bad, Ended, Stop, Ty, allocate, part, told, too_much, write};
use crate::store::state::State;

/// A guest while it is [visited](crate::module::visit): its functions by name, and its memory.
pub struct Visit<'a> {
    store: &'a mut Store<State>,
    instance: wasmtime::Instance,
    /// How many bytes of the host's memory it may still take.
    left: usize,
    is_over: bool,
    /// Whether the guest is as it was before.
    is_untouched: bool,
}

/// A raw value, with its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Val {
    /// 32 bits: numbers, addresses, lengths.
    I32(u32),
    /// 64 bits.
    I64(u64),
    /// A float of 32 bits.
    F32(f32),
    /// A float of 64 bits.
    F64(f64),
}

impl Val {
    /// Its type.
    pub fn ty(self) -> Ty {
        match self {
            Self::I32(_) => Ty::I32,
            Self::I64(_) => Ty::I64,
            Self::F32(_) => Ty::F32,
            Self::F64(_) => Ty::F64,
        }
    }

    fn engines(self) -> wasmtime::Val {
        match self {
            Self::I32(value) => value.cast_signed().into(),
            Self::I64(value) => value.cast_signed().into(),
            Self::F32(value) => value.into(),
            Self::F64(value) => value.into(),
        }
    }

    fn from_engines(value: &wasmtime::Val) -> Option<Self> {
        Some(match value {
            wasmtime::Val::I32(value) => Self::I32(value.cast_unsigned()),
            wasmtime::Val::I64(value) => Self::I64(value.cast_unsigned()),
            wasmtime::Val::F32(bits) => Self::F32(f32::from_bits(*bits)),
            wasmtime::Val::F64(bits) => Self::F64(f64::from_bits(*bits)),
            _ => return None,
        })
    }
}

/// A function that a guest exports. It is of that guest's instance, and good for one visit.
///
/// Shown, it is its type: `(i32, i64) -> i32`.
pub struct Exported {
    func: Func,
    ty: FuncType,
}

impl Exported {
    /// Whether it takes values of these types, and returns one of that type or nothing.
    pub fn is(&self, params: &[Ty], result: Option<Ty>) -> bool {
        is_written(self.ty.params(), params) && is_written(self.ty.results(), result.as_slice())
    }
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&raw_text(&self.ty))
    }
}

impl fmt::Debug for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exported({self})")
    }
}

impl<'a> Visit<'a> {
    pub(super) fn new(store: &'a mut Store<State>, instance: wasmtime::Instance) -> Self {
        let left = store.data().charter.limits.host_allocation;
        Self {
            store,
            instance,
            left,
            is_over: false,
            is_untouched: true,
        }
    }

    /// What comes of it: an error wherever the guest handed over too much, whatever was made of that.
    pub(super) fn end<R>(self, result: Result<R, Stop>) -> wasmtime::Result<R> {
        if self.is_over {
            return Err(too_much(self.store.data()));
        }
        result.map_err(|stop| match stop {
            Stop::Ended(Ended(error)) => error,
            Stop::Bad(bad) => {
                let reason = format!("what it returned is no good: {bad}").into();
                Fault::AbiViolation { import: "", reason }.into()
            }
        })
    }

    /// The function of a name, if the guest exports one.
    pub fn function(&mut self, name: &str) -> Option<Exported> {
        let func = self.instance.get_func(&mut *self.store, name)?;
        let ty = func.ty(&*self.store);
        Some(Exported { func, ty })
    }

    /// Ends a visit because the guest cannot be called as its host's program wants, with
    /// [`Misuse`](crate::Error::Misuse). An instance that was not touched yet stays as it was.
    pub fn misuse(problem: impl fmt::Display) -> Stop {
        let problem = boxed(&problem);
        Stop::Ended(Ended::by(Fault::Misuse { problem }))
    }

    /// Calls a function, within the time of the visit.
    ///
    /// # Errors
    /// What ended the guest. The visit is over then: whatever is called after it, the instance is gone.
    pub fn call(&mut self, function: &Exported, args: &[Val]) -> Result<Option<Val>, Stop> {
        let types: Vec<Ty> = args.iter().map(|arg| arg.ty()).collect();
        let count = function.ty.results().len();
        if !is_written(function.ty.params(), &types) || count > 1 {
            let given = raw_type(&types, None);
            let problem = format!("it is called with {given}, and its type is {function}");
            return Err(Self::misuse(problem));
        }
        self.is_untouched = false;
        let args: Vec<wasmtime::Val> = args.iter().map(|arg| arg.engines()).collect();
        let mut results = [const { wasmtime::Val::I32(0) }];
        let results = &mut results[..count];
        let called = function.func.call(&mut *self.store, &args, results);
        called.map_err(|error| Stop::Ended(Ended(error)))?;
        Ok(results.first().and_then(Val::from_engines))
    }

    /// A part of the guest's memory, as it is now.
    ///
    /// # Errors
    /// [`Bad::OutOfBounds`] if it is not all there.
    pub fn read(&self, at: u32, len: u32) -> Result<&[u8], Bad> {
        let known = self.store.data().module.as_ref();
        let memory = match known.and_then(|known| known.memory) {
            Some(memory) => memory.data(&*self.store),
            None => &[],
        };
        part(memory, at, len)
    }

    /// Writes to the guest's memory.
    ///
    /// # Errors
    /// [`Bad::OutOfBounds`] if there is no such place in it.
    pub fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Bad> {
        self.is_untouched = false;
        let known = self.store.data().module.as_ref();
        match known.and_then(|known| known.memory) {
            Some(memory) => write(memory.data_mut(&mut *self.store), at, bytes),
            None => write(&mut [], at, bytes),
        }
    }

    /// Has the guest make room, by its ABI's allocator. Where it is; 0 for no bytes.
    ///
    /// # Errors
    /// [`Bad::NoMemory`] if it has no allocator, or that has no room; what ended the guest.
    pub fn allocate(&mut self, len: usize) -> Result<u32, Stop> {
        self.is_untouched = false;
        allocate(&mut *self.store, len, false)
    }

    /// Says that so many bytes of the host's memory are about to be taken, for something that a guest
    /// can make as large as it likes.
    ///
    /// # Errors
    /// [`Bad::TooMuch`] if that is more than
    /// [`Limits::host_allocation`](crate::Limits::host_allocation) allows for one call. The guest is
    /// ended then, whatever the visit returns.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Bad> {
        let left = self.left.checked_sub(bytes);
        self.is_over |= left.is_none();
        self.left = left.ok_or(Bad::TooMuch)?;
        Ok(())
    }

    /// The host of the instance, if it is of that type.
    pub fn host<E: 'static>(&mut self) -> Option<&mut E> {
        let host = self.store.data_mut().host.get().as_mut()?;
        Some(&mut host.of::<E, ()>()?.state)
    }
}

impl fmt::Debug for Visit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// Whether the guest is a module that exports a function of a name.
    pub(crate) fn exports_function(&self, name: &str) -> bool {
        match &self.pre {
            Pre::Module(pre, ..) => {
                matches!(pre.module().get_export(name), Some(ExternType::Func(_)))
            }
            Pre::Component(_) => false,
        }
    }
}

impl Instance {
    /// Has a guest that is a module visited, and puts what comes of it into `out`.
    pub(crate) fn visit<R>(
        &mut self,
        request: Request<'_>,
        visit: impl FnOnce(&mut Visit<'_>) -> Result<R, Stop>,
        out: &mut Option<R>,
    ) -> Outcome {
        let store = &mut self.store;
        let Body::Module(instance, _) = &self.body else {
            return Err(foreign(request, store.data()));
        };
        let name = request.function.0.name;
        let mut is_untouched = false;
        let outcome = run(store, self.budget, request, |store| {
            told::begins(store.data_mut(), name, &[])?;
            let mut visited = Visit::new(store, *instance);
            let result = visit(&mut visited);
            is_untouched = visited.is_untouched;
            *out = Some(visited.end(result)?);
            Ok(told::ended(store.data_mut(), name, None)?)
        });
        self.count();
        outcome.map_err(|unserved| match *unserved {
            Unserved::Failed(error @ Error::Misuse { .. }) if is_untouched => {
                Unserved::refused(error)
            }
            other => Box::new(other),
        })
    }
}
