//! The raw values of one call, from left to right, and what of the host's memory it takes.

use std::mem::MaybeUninit;

use wasmtime::{ValRaw, ValType};

use super::bad::Bad;

/// The type of a raw value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    /// 32 bits: numbers, addresses, lengths.
    I32,
    /// 64 bits.
    I64,
    /// A float of 32 bits.
    F32,
    /// A float of 64 bits.
    F64,
}

impl Ty {
    pub(crate) fn engines(self) -> ValType {
        match self {
            Self::I32 => ValType::I32,
            Self::I64 => ValType::I64,
            Self::F32 => ValType::F32,
            Self::F64 => ValType::F64,
        }
    }

    /// A value of this type that has these bits, the lower ones where they are too many.
    pub(super) fn value(self, bits: u64) -> ValRaw {
        match self {
            Self::I32 => ValRaw::u32(bits as u32),
            Self::I64 => ValRaw::u64(bits),
            Self::F32 => ValRaw::f32(bits as u32),
            Self::F64 => ValRaw::f64(bits),
        }
    }
}

/// How many bytes of the host's memory a call may still take.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    pub(super) is_over: bool,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            left: limit,
            is_over: false,
        }
    }
}

/// The raw values of one call as the engine passes them, with their types.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    slots: &'a [MaybeUninit<ValRaw>],
    types: &'a [Ty],
}

impl<'a> Values<'a> {
    /// # Safety
    ///
    /// There is a slot for each of the types at least, and it is initialised with a value of it.
    pub(super) unsafe fn new(slots: &'a [MaybeUninit<ValRaw>], types: &'a [Ty]) -> Self {
        Self { slots, types }
    }

    /// Those behind the first `count`.
    pub(super) fn behind(self, count: usize) -> Self {
        Self {
            slots: self.slots.get(count..).unwrap_or_default(),
            types: self.types.get(count..).unwrap_or_default(),
        }
    }

    /// The first of them, and the type of it.
    #[inline]
    fn take(&mut self) -> Option<(Ty, ValRaw)> {
        let (ty, types) = self.types.split_first()?;
        let (slot, slots) = self.slots.split_first()?;
        *self = Self { slots, types };
        // SAFETY: whoever made this says that it is initialised.
        Some((*ty, unsafe { slot.assume_init() }))
    }

    /// The bits of all of them.
    pub(super) fn bits(self) -> impl Iterator<Item = u64> {
        let mut left = self;
        std::iter::from_fn(move || {
            let (ty, value) = left.take()?;
            Some(match ty {
                Ty::I32 => value.get_u32().into(),
                Ty::I64 => value.get_u64(),
                Ty::F32 => value.get_f32().into(),
                Ty::F64 => value.get_f64(),
            })
        })
    }
}

/// The raw values that a guest passed to one import, taken from left to right.
///
/// What a [`Param`](super::Param) takes are as many as it has types, and of these types. To take others
/// is a mistake of the ABI's, and panics.
#[derive(Debug)]
pub struct Raw<'a> {
    values: Values<'a>,
    budget: &'a mut Budget,
}

impl<'a> Raw<'a> {
    pub(super) fn new(values: Values<'a>, budget: &'a mut Budget) -> Self {
        Self { values, budget }
    }

    #[inline]
    fn next(&mut self, ty: Ty) -> ValRaw {
        match self.values.take() {
            // Only what was written with a type is read as one: the rest of a slot may be anything.
            Some((of, value)) if of == ty => value,
            _ => other_than_said(),
        }
    }

    /// The next value: 32 bits.
    #[inline]
    pub fn u32(&mut self) -> u32 {
        self.next(Ty::I32).get_u32()
    }

    /// The next value: 64 bits.
    #[inline]
    pub fn u64(&mut self) -> u64 {
        self.next(Ty::I64).get_u64()
    }

    /// The next value: a float of 32 bits.
    #[inline]
    pub fn f32(&mut self) -> f32 {
        f32::from_bits(self.next(Ty::F32).get_f32())
    }

    /// The next value: a float of 64 bits.
    #[inline]
    pub fn f64(&mut self) -> f64 {
        f64::from_bits(self.next(Ty::F64).get_f64())
    }

    /// Says that so many bytes of the host's memory are about to be taken, for something that a guest
    /// can make as large as it likes.
    ///
    /// # Errors
    /// [`Bad::TooMuch`] if that is more than
    /// [`Limits::host_allocation`](crate::Limits::host_allocation) allows for one call. The guest is
    /// ended then, whatever the ABI answers.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Bad> {
        match self.budget.left.checked_sub(bytes) {
            Some(left) => {
                self.budget.left = left;
                Ok(())
            }
            None => {
                self.budget.is_over = true;
                Err(Bad::TooMuch)
            }
        }
    }
}

#[cold]
fn other_than_said() -> ! {
    panic!("an argument of an import takes other raw values than its `TYPES` say")
}
