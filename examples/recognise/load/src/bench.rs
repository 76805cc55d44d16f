//! The loop that makes pixels grey, as a guest, natively and in JavaScript; and how long each takes
//! from nothing to its first answer.
//!
//! All compute the same sum over what came out, or the bench fails.

pub mod cold;
mod kernel;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use abide_soak::text;
use anyhow::{Context as _, Result, ensure};

use crate::guests;
use cold::Cold;
use kernel::Loops;

/// The most that the loop may take as a guest, over natively.
const MOST_OVER_NATIVE: f64 = 1.3;

/// The least that it has to be faster as a guest than in JavaScript.
const LEAST_OVER_NODE: f64 = 2.0;

/// All that was measured.
#[derive(Debug, Clone)]
pub struct Measured {
    loops: Loops,
    cold: Cold,
}

/// Measures all of it; `folder` is for what is needed on the way.
///
/// # Errors
///
/// A guest cannot be built, there is no node, or two of them compute different things.
pub fn run(folder: &Path) -> Result<Measured> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let component = guests::kernel()?;
    Ok(Measured {
        loops: kernel::measure(&component)?,
        cold: cold::measure(&component, folder)?,
    })
}

/// The program in JavaScript.
fn script() -> PathBuf {
    guests::examples().join("load/src/bench/grey.mjs")
}

/// What a run of node prints.
fn node(arguments: &[&str]) -> Result<String> {
    let output = Command::new("node")
        .arg(script())
        .args(arguments)
        .output()
        .context("cannot run `node`; install it to compare with JavaScript")?;
    ensure!(
        output.status.success(),
        "node fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// A number that says which bytes these are.
fn sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| sum.wrapping_mul(31).wrapping_add(u32::from(*byte));
    bytes.iter().fold(0, step)
}

/// So many pixels, the same each time.
fn pixels(count: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        // Only its lower bits have a short period.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..3 * count).map(|_| next()).collect()
}

/// The one in the middle.
fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

impl Measured {
    /// What is not as it has to be.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        let native = self.loops.over_native();
        if native > MOST_OVER_NATIVE {
            complaints.push(format!(
                "the loop takes {native:.2} times as long as natively, and {MOST_OVER_NATIVE} is the most"
            ));
        }
        let node = self.loops.over_node();
        if node < LEAST_OVER_NODE {
            complaints.push(format!(
                "the loop is {node:.2} times as fast as in node, and {LEAST_OVER_NODE} is the least"
            ));
        }
        complaints
    }

    /// Writes the page.
    #[must_use]
    pub fn page(&self) -> String {
        let complaints = self.complaints();
        let outcome = match complaints.is_empty() {
            true => String::new(),
            false => format!("**Not as it has to be:** {}.\n\n", complaints.join("; ")),
        };
        let Self { loops, cold } = self;
        format!(
            "\
# The recognition demo, measured

What [the demo](../examples/recognise/README.md) does in WebAssembly itself, beside the same natively and in
JavaScript. This page is written by `cargo xtask recognise --bench`; the three take turns in one run.

{outcome}## The loop that makes grey

| | time for {pixels} pixels | over the guest's |
| --- | --- | --- |
| guest, through Abide | {guest:.3} ms | 1 |
| native Rust, the same source | {native:.3} ms | {native_ratio:.2} |
| node {version}, the same loop | {node:.3} ms | {node_ratio:.2} |

The guest takes {over_native:.2} times as long as native Rust, and is {over_node:.1} times as fast as node: medians of the
ratios of {rounds} rounds. The compiler makes vectors of the loop, for SSE2 natively and for WebAssembly's own vectors in
the guest; node's does not. How the pixels get there is not counted; each answer is compared.

## From nothing to the first answer

{cold_pixels} pixels out of a file are made grey once, and the process ends. Medians of {cold_rounds} rounds.

| | time |
| --- | --- |
| in a host that runs: the component from its file, with kept code, and its first answer | {inside:.2} ms |
| of that: the component, until it can be called | {loaded:.2} ms |
| a process of its own: a host with an engine, that, and its end | {process:.1} ms |
| a native process that does the same | {alone:.1} ms |
| a process of node that does the same | {cold_node:.1} ms |
| compiling the component, which kept code saves | {compile:.0} ms |

## What that says of what was said

The system that this is made after said that functions in WebAssembly start in 90 % less time than containers do, and
run twice as fast as JavaScript. A container was not to be had here; it starts a process at least. In a host that runs, the
guest has answered after {share_native:.0} % of what a native process takes, and {share_node:.1} % of what one of node takes; what it takes
to be there at all, without the pixels' way in, through the loop and out, is {share_loaded:.0} % of the native process. In a process of
its own, a guest starts later than the native program, by what the engine takes. Twice as fast as JavaScript holds for this
loop, where there are vectors to be made; it is no law.

Taken on {machine}, with other programs on it.
",
            pixels = text::thousands(kernel::PIXELS as u64),
            guest = loops.guest_ms(),
            native = loops.native_ms(),
            native_ratio = loops.native_ms() / loops.guest_ms(),
            version = loops.version,
            node = loops.node_ms(),
            node_ratio = loops.node_ms() / loops.guest_ms(),
            over_native = loops.over_native(),
            over_node = loops.over_node(),
            rounds = kernel::ROUNDS,
            cold_pixels = text::thousands(cold::PIXELS as u64),
            cold_rounds = cold::ROUNDS,
            inside = median(&cold.inside),
            loaded = median(&cold.loaded),
            process = median(&cold.process),
            alone = median(&cold.native),
            cold_node = median(&cold.node),
            compile = cold.compile,
            share_native = 100.0 * median(&cold.inside) / median(&cold.native),
            share_loaded = 100.0 * median(&cold.loaded) / median(&cold.native),
            share_node = 100.0 * median(&cold.inside) / median(&cold.node),
            machine = text::machine(),
        )
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { loops, cold } = self;
        writeln!(
            f,
            "grey: guest {:.3} ms, native {:.3} ms, node {:.3} ms; {:.2} times native, {:.2} times as fast as node",
            loops.guest_ms(),
            loops.native_ms(),
            loops.node_ms(),
            loops.over_native(),
            loops.over_node()
        )?;
        write!(
            f,
            "first answer: in a host {:.2} ms (loaded after {:.2}), as a process {:.1} ms, native {:.1} ms, node {:.1} ms; compiling {:.0} ms",
            median(&cold.inside),
            median(&cold.loaded),
            median(&cold.process),
            median(&cold.native),
            median(&cold.node),
            cold.compile
        )
    }
}
