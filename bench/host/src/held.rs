//! How much memory a loaded component takes, and how long it takes to load: by the thousand, each in a
//! process of its own that does nothing else.
//!
//! No two components have the same bytes, so that none shares its code with another.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::guests::{Guests, encoded};
use crate::{by_hand, through_abide};

/// The option that makes this program the process in which components are loaded.
pub(crate) const OPTION: &str = "--hold";

/// The most that a small loaded component is to take, in bytes.
pub(crate) const MOST: f64 = 200.0 * 1024.0;

/// What was found.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) who: Who,
    pub(crate) what: What,
    pub(crate) count: u32,
    /// What one more component takes of the process's resident memory, in bytes.
    pub(crate) bytes: f64,
    /// How long one more takes to load, compiled included.
    pub(crate) nanos: f64,
}

/// Who loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Abide,
    ByHand,
}

/// What is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A single function, written as text.
    Small,
    /// The guest of the other cases, in Rust.
    Rust,
}

impl Who {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Abide => "Abide",
            Self::ByHand => "bindgen!, tuned",
        }
    }
}

impl What {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Rust => "rust",
        }
    }
}

/// Measures all of it, thoroughly or not.
pub(crate) fn all(quick: bool) -> Result<Vec<Held>> {
    let shorter = if quick { 10 } else { 1 };
    let rows = [
        (What::Small, 1_000),
        (What::Small, 10_000),
        (What::Rust, 1_000),
    ];
    let mut all = Vec::new();
    for (what, count) in rows {
        for who in [Who::Abide, Who::ByHand] {
            all.push(elsewhere(who, what, count / shorter)?);
        }
    }
    Ok(all)
}

fn elsewhere(who: Who, what: What, count: u32) -> Result<Held> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let output = Command::new(program)
        .args([OPTION, who.name(), what.name(), &count.to_string()])
        .output()
        .context("cannot start this program once more")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let figures = said.lines().last().and_then(|line| {
        let (bytes, nanos) = line.split_once(' ')?;
        Some((bytes.parse().ok()?, nanos.parse().ok()?))
    });
    let Some((bytes, nanos)) = figures else {
        bail!(
            "loading {count} components failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    Ok(Held {
        who,
        what,
        count,
        bytes,
        nanos,
    })
}

/// Loads components here, and prints what one more of them takes.
pub(crate) fn here(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let who = [Who::Abide, Who::ByHand];
    let who = arguments
        .next()
        .and_then(|name| who.into_iter().find(|who| who.name() == name));
    let what = [What::Small, What::Rust];
    let what = arguments
        .next()
        .and_then(|name| what.into_iter().find(|what| what.name() == name));
    let count = arguments.next().and_then(|count| count.parse().ok());
    let (Some(who), Some(what), Some(count)) = (who, what, count) else {
        bail!("`{OPTION}` is for this program itself");
    };
    let bytes = match what {
        What::Small => small()?,
        What::Rust => Guests::build()?.plain,
    };
    match (who, what) {
        (Who::Abide, What::Small) => load(&bytes, count, through_abide::held::load),
        (Who::Abide, What::Rust) => load(&bytes, count, through_abide::load),
        (Who::ByHand, _) => {
            let loader = by_hand::Bare::new()?;
            load(&bytes, count, |bytes| loader.load(bytes))
        }
    }
}

/// The component of a single function.
fn small() -> Result<Vec<u8>> {
    let text = include_str!("../../held/held.wat");
    let wit = include_str!("../../held/held.wit");
    encoded(text, wit, "held").context("cannot make a component of `held/held.wat`")
}

fn load<T>(bytes: &[u8], count: u32, load: impl Fn(&[u8]) -> Result<T>) -> Result<()> {
    let numbered = |number: u32| {
        let mut bytes = bytes.to_vec();
        // A custom section of which the name is a letter and the content the number.
        bytes.extend([0, 6, 1, b'n']);
        bytes.extend(number.to_le_bytes());
        bytes
    };
    // What is made once is there after the first few.
    let mut held = Vec::with_capacity(count as usize + 16);
    for number in 0..16 {
        held.push(load(&numbered(number))?);
    }
    let before = resident()?;
    let start = Instant::now();
    for number in 16..count + 16 {
        held.push(load(&numbered(number))?);
    }
    let took = start.elapsed();
    let after = resident()?;
    black_box(&held);
    let each = |all: f64| all / f64::from(count);
    let bytes = each(after as f64 - before as f64);
    println!("{bytes} {}", each(took.as_nanos() as f64));
    Ok(())
}

/// The resident memory of this process, in bytes.
fn resident() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup")
        .context("the memory of a process can be measured on Linux only")?;
    let kib = text.lines().find_map(|line| {
        let number = line.strip_prefix("Rss:")?.trim().strip_suffix("kB")?;
        number.trim().parse::<u64>().ok()
    });
    Ok(kib.context("Linux does not tell the resident memory")? * 1024)
}
