//! The guest of the cases about lists and resources, and the values that go through it. Knows
//! neither of the ways of calling it.

use anyhow::{Context as _, Result};

use crate::guests::encoded;

/// How many records a list has.
const RECORDS: u32 = 1000;

/// How many floats: 1 MiB of them.
const NUMBERS: u32 = 128 * 1024;

/// What goes in and out.
#[derive(Debug)]
pub(crate) struct Values {
    pub(crate) samples: Vec<Sample>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) numbers: Vec<f64>,
}

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) at: u64,
    pub(crate) value: f64,
    pub(crate) sensor: u32,
    pub(crate) quality: u16,
    pub(crate) valid: bool,
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) size: u64,
}

impl Values {
    pub(crate) fn new() -> Self {
        let sample = |number: u32| Sample {
            at: u64::from(number) << 32,
            value: f64::from(number) / 3.0,
            sensor: number % 17,
            quality: (number % 1000) as u16,
            valid: !number.is_multiple_of(5),
        };
        let entry = |number: u32| Entry {
            name: format!("entries/{number:04}.txt"),
            note: format!("Of the size that a note has: number {number}."),
            size: u64::from(number),
        };
        Self {
            samples: (0..RECORDS).map(sample).collect(),
            entries: (0..RECORDS).map(entry).collect(),
            numbers: (0..NUMBERS).map(f64::from).collect(),
        }
    }

    /// None of any.
    pub(crate) fn empty() -> Self {
        Self {
            samples: Vec::new(),
            entries: Vec::new(),
            numbers: Vec::new(),
        }
    }
}

/// The guest, as the bytes of a component.
pub(crate) fn guest() -> Result<Vec<u8>> {
    let text = include_str!("../../flows/flows.wat");
    let wit = include_str!("../../flows/flows.wit");
    encoded(text, wit, "flows").context("cannot make a component of `flows/flows.wat`")
}
