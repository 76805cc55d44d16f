//! A world as data: what its guests import and export.
//!
//! It knows names and signatures, and nothing of components.

use std::ops::{RangeFrom, RangeTo};

use crate::values::signature::{Function, Signature};

/// A world as data.
#[derive(Debug)]
pub struct Description {
    /// Its name in WIT's form: `demo:notes/notes@0.1.0`.
    pub name: &'static str,
    /// The functions of both sides, each once: those that guests export come first, those that
    /// hosts offer to guests last, and what is both stands in the middle. A function's number is
    /// its place in here.
    pub functions: &'static [Signature],
    /// Which of the functions guests export.
    pub exports: RangeTo<usize>,
    /// Which of the functions hosts offer to guests.
    pub imports: RangeFrom<usize>,
    /// The resources that hosts offer to guests: interface, empty for the world itself, and name.
    pub resources: &'static [(&'static str, &'static str)],
}

impl Description {
    /// The export of a number.
    pub(crate) fn export(&self, number: usize) -> Option<&'static Signature> {
        self.functions.get(self.exports)?.get(number)
    }

    /// What the export of a number is called in errors.
    #[inline]
    pub(crate) fn function(&self, number: usize) -> Function {
        Function(&self.functions[number])
    }

    /// The functions that hosts offer to guests.
    pub(crate) fn imports(&self) -> &'static [Signature] {
        let imports = self.functions.get(self.imports.clone());
        imports.unwrap_or_default()
    }
}
