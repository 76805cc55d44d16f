//! The loop that makes pixels grey: as a guest, natively, and in JavaScript, in turns.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use abide::Limits;
use anyhow::{Context as _, Result, ensure};
use recognise_abi::kernel::host::Kernel;

use super::{median, node, pixels, sum};

/// How many pixels are made grey: a square with sides of 1,024.
pub(super) const PIXELS: usize = 1 << 20;

/// How often all three have their turn.
pub(super) const ROUNDS: usize = 15;

/// How often the loop runs in a turn.
const TIMES: u32 = 60;

/// Milliseconds for one run, of each round.
#[derive(Debug, Clone, Default)]
pub(super) struct Loops {
    guest: Vec<f64>,
    native: Vec<f64>,
    node: Vec<f64>,
    /// Of node.
    pub(super) version: String,
}

impl Loops {
    pub(super) fn guest_ms(&self) -> f64 {
        median(&self.guest)
    }

    pub(super) fn native_ms(&self) -> f64 {
        median(&self.native)
    }

    pub(super) fn node_ms(&self) -> f64 {
        median(&self.node)
    }

    pub(super) fn over_native(&self) -> f64 {
        ratio(&self.guest, &self.native)
    }

    pub(super) fn over_node(&self) -> f64 {
        ratio(&self.node, &self.guest)
    }
}

/// The median of the ratios of each round.
fn ratio(a: &[f64], b: &[f64]) -> f64 {
    let ratios: Vec<f64> = a.iter().zip(b).map(|(a, b)| a / b).collect();
    median(&ratios)
}

pub(super) fn measure(component: &Path) -> Result<Loops> {
    let limits = Limits::new()
        .deadline(Duration::from_secs(60))
        .memory(64 << 20);
    let guest = Kernel::builder(()).limits(limits).load(component)?;
    let rgb = pixels(PIXELS);
    let expected = sum(&recognise_kernel::grey(&rgb));
    let mut loops = Loops::default();
    for _ in 0..ROUNDS {
        // What goes in and comes out is in both, so the difference is the loop alone.
        let once = time(|| guest.grey(&rgb, 1))?;
        let often = time(|| guest.grey(&rgb, TIMES + 1))?;
        ensure!(
            sum(&often.1) == expected,
            "the guest computes something else"
        );
        loops.guest.push((often.0 - once.0) / f64::from(TIMES));
        let start = Instant::now();
        for _ in 0..TIMES {
            black_box(recognise_kernel::grey(black_box(&rgb)));
        }
        loops.native.push(ms(start.elapsed()) / f64::from(TIMES));
        let told = node(&["loop", &PIXELS.to_string(), &TIMES.to_string()])?;
        let words: Vec<&str> = told.split_whitespace().collect();
        let [time, came_out, version] = &*words else {
            anyhow::bail!("node says `{told}`");
        };
        ensure!(
            *came_out == expected.to_string(),
            "node computes something else: {told}"
        );
        loops.node.push(time.parse().context("a time")?);
        loops.version = (*version).to_owned();
    }
    Ok(loops)
}

fn time<T>(what: impl FnOnce() -> abide::Result<T>) -> Result<(f64, T)> {
    let start = Instant::now();
    let done = what()?;
    Ok((ms(start.elapsed()), done))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
