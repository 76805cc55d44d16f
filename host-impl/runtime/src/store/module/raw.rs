//! The raw values of one call, from left to right, and what of the host's memory it takes.

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

/// The raw values that a guest passed to one import, taken from left to right.
///
/// What a [`Param`](super::Param) takes are as many as it has types. To take more is a mistake of the
/// ABI's, and panics.
#[derive(Debug)]
pub struct Raw<'a> {
    values: &'a [u64],
    budget: &'a mut Budget,
}

impl<'a> Raw<'a> {
    pub(super) fn new(values: &'a [u64], budget: &'a mut Budget) -> Self {
        Self { values, budget }
    }

    fn next(&mut self) -> u64 {
        let Some((first, rest)) = self.values.split_first() else {
            panic!("an argument of an import takes more raw values than its `TYPES` say");
        };
        self.values = rest;
        *first
    }

    /// The next value: 32 bits.
    #[inline]
    pub fn u32(&mut self) -> u32 {
        self.next() as u32
    }

    /// The next value: 64 bits.
    #[inline]
    pub fn u64(&mut self) -> u64 {
        self.next()
    }

    /// The next value: a float of 32 bits.
    #[inline]
    pub fn f32(&mut self) -> f32 {
        f32::from_bits(self.u32())
    }

    /// The next value: a float of 64 bits.
    #[inline]
    pub fn f64(&mut self) -> f64 {
        f64::from_bits(self.next())
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
