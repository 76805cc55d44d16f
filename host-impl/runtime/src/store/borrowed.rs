//! Borrowed arguments of imports: read where they lie in the guest's memory, for the time of a
//! call.
//!
//! The engine lends one string or list at a time and looks the memory up for each. For a list of a
//! thousand records that costs more than reading them does. Here the memory is looked up once for
//! an argument.

use std::fmt;
use std::ptr;
use std::slice;
use std::str;

use wasmtime::component::__internal::wasmtime_environ::component::StringEncoding;
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext};
use wasmtime::component::{ComponentType, Lift, WasmList, WasmStr};
use wasmtime::{AsContext as _, StoreContext, ValRaw, bail};

use super::decoded::Decoded;
use super::state::State;
use crate::error::boxed;
use crate::error::fault::{Fault, Step};
use crate::values::flat::Flat as _;
use crate::values::floats::{Float, FloatList};
use crate::values::integers::Integer;

/// A string in a borrowed argument.
#[derive(Debug)]
pub struct Text(Repr);

#[derive(Debug)]
enum Repr {
    /// Bytes of the memory that the argument is in.
    Memory { start: u32, len: u32 },
    /// The guest's strings are not UTF-8: its text.
    Decoded(Box<str>),
}

// SAFETY: all of it is that of the engine's own string.
unsafe impl ComponentType for Text {
    type Lower = <WasmStr as ComponentType>::Lower;

    const ABI: CanonicalAbiInfo = <WasmStr as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <WasmStr as ComponentType>::typecheck(ty, types)
    }
}

// SAFETY: safe code reads two integers and checks where they point to, or else the engine's own
// string is lifted.
unsafe impl Lift for Text {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        match is_utf8(cx) {
            true => Self::new(cx, src[0].get_u32(), src[1].get_u32()),
            false => Self::decoded(cx, |cx| Box::linear_lift_from_flat(cx, ty, src)),
        }
    }

    #[inline]
    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        match is_utf8(cx) {
            true => Self::new(cx, u32::read(&bytes[..4])?, u32::read(&bytes[4..8])?),
            false => Self::decoded(cx, |cx| Box::linear_lift_from_memory(cx, ty, bytes)),
        }
    }
}

impl Text {
    /// A string that is not UTF-8, paid for before it is decoded as the engine does, and then with
    /// the place where it is [kept](Decoded).
    #[cold]
    #[inline(never)]
    fn decoded(
        cx: &mut LiftContext<'_>,
        lift: impl FnOnce(&mut LiftContext<'_>) -> wasmtime::Result<Box<str>>,
    ) -> wasmtime::Result<Self> {
        cx.consume_fuel(2 * size_of::<Box<str>>())?;
        Ok(Self(Repr::Decoded(lift(cx)?)))
    }

    /// A string of UTF-8, checked and paid for as the engine does.
    #[inline]
    fn new(cx: &mut LiftContext<'_>, start: u32, len: u32) -> wasmtime::Result<Self> {
        if u64::from(start) + u64::from(len) > cx.memory().len() as u64 {
            bail!("string pointer/length out of bounds of memory");
        }
        cx.consume_fuel(usize::try_from(len)?)?;
        Ok(Self(Repr::Memory { start, len }))
    }
}

#[inline]
fn is_utf8(cx: &LiftContext<'_>) -> bool {
    matches!(cx.options().string_encoding, StringEncoding::Utf8)
}

/// A borrowed argument, with what it takes to find the memory that it is in.
pub struct Borrowed<W> {
    value: W,
    /// The empty string at the start of the memory; `None` if the guest's strings are not UTF-8.
    start: Option<WasmStr>,
    /// Where the memory was when the argument was lifted, and how long.
    base: usize,
    len: usize,
}

impl<W> fmt::Debug for Borrowed<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Borrowed").finish_non_exhaustive()
    }
}

// SAFETY: all of it is that of `W`.
unsafe impl<W: ComponentType> ComponentType for Borrowed<W> {
    type Lower = W::Lower;

    const ABI: CanonicalAbiInfo = W::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        W::typecheck(ty, types)
    }
}

// SAFETY: both functions lift a `W`, through its own implementation.
unsafe impl<W: Lift> Lift for Borrowed<W> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        let value = W::linear_lift_from_flat(cx, ty, src)?;
        Self::new(cx, value)
    }

    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        let value = W::linear_lift_from_memory(cx, ty, bytes)?;
        Self::new(cx, value)
    }
}

impl<W> Borrowed<W> {
    fn new(cx: &mut LiftContext<'_>, value: W) -> wasmtime::Result<Self> {
        let start = match is_utf8(cx) {
            true => {
                let empty = [ValRaw::u32(0), ValRaw::u32(0)];
                let string = InterfaceType::String;
                Some(WasmStr::linear_lift_from_flat(cx, string, &empty)?)
            }
            false => None,
        };
        Ok(Self {
            value,
            start,
            base: cx.memory().as_ptr().expose_provenance(),
            len: cx.memory().len(),
        })
    }

    /// The argument, and the memory that it is in.
    pub(crate) fn open<'g>(
        self,
        store: &'g StoreContext<'g, State>,
        decoded: &'g Decoded,
        import: &'static str,
    ) -> Step<(W, Memory<'g>)> {
        let bytes = match &self.start {
            None => &[],
            Some(start) => {
                let start = start
                    .to_str(store.as_context())
                    .map_err(|error| violation(import, &error))?;
                if start.as_ptr().addr() != self.base {
                    return Err(violation(import, &"the guest's memory is not where it was"));
                }
                // SAFETY: when the argument was lifted, the engine's slice of the memory was these
                // `len` bytes at `base`. `start` is a string of the same memory, in the same store,
                // or the engine would have panicked, and it shows that the memory is at `base`
                // still; no memory shrinks. The store is borrowed for as long as the slice, so that
                // nothing writes to it.
                unsafe { slice::from_raw_parts(ptr::with_exposed_provenance(self.base), self.len) }
            }
        };
        let memory = Memory {
            bytes,
            store,
            decoded,
            import,
        };
        Ok((self.value, memory))
    }
}

/// The memory of a guest for the time of a call.
#[derive(Clone, Copy)]
pub struct Memory<'g> {
    bytes: &'g [u8],
    store: &'g StoreContext<'g, State>,
    decoded: &'g Decoded,
    import: &'static str,
}

impl fmt::Debug for Memory<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl<'g> Memory<'g> {
    /// A string.
    ///
    /// # Errors
    /// [`Fault::AbiViolation`] if it is not valid text.
    #[inline]
    pub fn text(self, text: Text) -> Step<&'g str> {
        let bytes = match text.0 {
            Repr::Memory { start, len } => {
                let start = start as usize;
                self.bytes.get(start..start + len as usize)
            }
            Repr::Decoded(text) => return Ok(self.decoded.keep(text)),
        };
        // It was in memory when it was lifted.
        match str::from_utf8(bytes.unwrap_or_default()) {
            Ok(text) => Ok(text),
            Err(error) => Err(violation(self.import, &error)),
        }
    }

    /// A list of integers.
    pub fn list<T: Integer>(self, list: WasmList<T>) -> &'g [T] {
        T::slice(&list, self.store.as_context())
    }

    /// A list of floats.
    pub fn floats<F: Float>(self, list: FloatList<F>) -> &'g [F] {
        list.slice(self.store.as_context())
    }
}

/// What ends a guest whose argument of an import is none.
#[cold]
fn violation(import: &'static str, reason: &dyn fmt::Display) -> Box<Fault> {
    Box::new(Fault::AbiViolation {
        import,
        reason: boxed(reason),
    })
}
