//! The world of the cases about lists and resources through Abide: the public API, with the limits
//! that it sets by default.

abide::abi!({
    wit: "../flows",
    borrowed: ["intake.take-entries"],
    module: "through_abide::flows",
});

use std::hint::black_box;

use abide::Session;
use anyhow::{Context as _, Result};

use crate::flows::Values;
use data::EntryView;
pub(crate) use host::Flows;

/// The host: counts what it is given, which keeps the compiler from leaving anything out.
#[derive(Debug, Clone, Default)]
struct App {
    seen: u64,
}

impl App {
    fn see(&mut self, number: u64) {
        self.seen = self.seen.wrapping_add(black_box(number));
    }
}

impl host::Intake for App {
    fn take_samples(&mut self, samples: Vec<Sample>) {
        self.see(black_box(&samples).last().map_or(0, |sample| sample.at));
    }

    fn take_entries(&mut self, entries: Vec<EntryView<'_>>) {
        let last = black_box(&entries).last();
        self.see(last.map_or(0, |entry| entry.size + entry.name.len() as u64));
    }

    fn take_owned(&mut self, entries: Vec<Entry>) {
        let last = black_box(&entries).last();
        self.see(last.map_or(0, |entry| entry.size + entry.name.len() as u64));
    }

    fn take_numbers(&mut self, numbers: &[f64]) {
        self.see(
            black_box(numbers)
                .last()
                .map_or(0, |number| number.to_bits()),
        );
    }
}

/// A counter is its sum.
#[derive(Debug)]
struct Counter(u64);

impl host::Counters for App {
    type Counter = Counter;

    fn counter_new(&mut self, start: u64) -> Counter {
        Counter(start)
    }
}

impl host::counters::Counter for Counter {
    fn add(&mut self, by: u64) -> u64 {
        self.0 = self.0.wrapping_add(by);
        self.0
    }
}

/// The samples as this world has them.
pub(crate) fn samples(values: &Values) -> Vec<Sample> {
    let each = values.samples.iter();
    each.map(|of| Sample {
        at: of.at,
        value: of.value,
        sensor: of.sensor,
        quality: of.quality,
        valid: of.valid,
    })
    .collect()
}

/// The entries as this world has them.
pub(crate) fn entries(values: &Values) -> Vec<Entry> {
    let each = values.entries.iter();
    each.map(|of| Entry {
        name: of.name.clone(),
        note: of.note.clone(),
        size: of.size,
    })
    .collect()
}

/// Loads the guest.
pub(crate) fn load(guest: &[u8]) -> Result<Flows> {
    Flows::builder(App::default())
        .name("flows")
        .load_bytes(guest)
        .context("Abide cannot load the guest of the flows")
}

/// An instance that keeps the values.
pub(crate) fn session(flows: &Flows, values: &Values) -> abide::Result<Session<Flows>> {
    let session = flows.session()?;
    session.keep_samples(&samples(values))?;
    session.keep_entries(&entries(values))?;
    session.keep_numbers(&values.numbers)?;
    Ok(session)
}
